//! What the customer files tell that rules look at: the day of birth, how to reach somebody, the household.

use std::hash::BuildHasher;

use cartera_table::frame::dates;
use cartera_table::{AsOf, TableError};
use foldhash::fast::FixedState;
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::people::column;
use super::reason::ContactDetail;
use super::rows::RowSet;
use crate::contact::email_key;

/// Not known.
const UNKNOWN_DAY: i32 = i32::MIN;
/// No household, or nobody else is in it.
const ALONE: u32 = u32::MAX;
/// Digits that a telephone number has at the least.
const FEWEST_DIGITS: usize = 6;
/// Any fixed number: it decides nothing.
const HASHER: FixedState = FixedState::with_seed(0x68_6f_6d_65);

/// What is known of each customer.
#[derive(Debug, Clone)]
pub(super) struct Traits {
    /// Day of birth; of several the latest.
    births: Vec<i32>,
    emails: RowSet,
    phones: RowSet,
    addresses: RowSet,
    households: Vec<u32>,
}

impl Traits {
    /// `rows` are the rows of the base of those of the customer files. Of several rows of a customer the first tells the
    /// contact details, as it does for the files that are made of a list.
    pub(super) fn new(customers: &DataFrame, rows: &[u32], height: usize) -> Result<Self, TableError> {
        let mut births = vec![UNKNOWN_DAY; height];
        if customers.column("birth_date").is_ok() {
            for (&row, day) in rows.iter().zip(dates(customers, "birth_date")?.iter()) {
                if let Some((known, day)) = births.get_mut(row as usize).zip(day) {
                    *known = day.max(*known);
                }
            }
        }
        let mut is_first = vec![false; rows.len()];
        let mut seen = RowSet::new(height);
        for (is_first, &row) in is_first.iter_mut().zip(rows) {
            *is_first = (row as usize) < height && !seen.contains(row);
            if *is_first {
                seen.insert(row);
            }
        }
        let firsts = Firsts {
            customers,
            rows,
            is_first: &is_first,
            height,
        };
        let reaches_phone = |text: &str| text.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS;
        let is_there = |text: &str| !text.trim().is_empty();
        let (streets, cities) = (firsts.with("street", is_there)?, firsts.with("city", is_there)?);
        let postcodes = firsts.with("postcode", is_there)?;
        let mut addresses = RowSet::new(height);
        for &row in rows {
            if streets.contains(row) && (cities.contains(row) || postcodes.contains(row)) {
                addresses.insert(row);
            }
        }
        Ok(Self {
            births,
            emails: firsts.with("email", |text| email_key(text).is_some())?,
            phones: firsts.with("phone", reaches_phone)?,
            addresses,
            households: households(customers, rows, height)?,
        })
    }

    /// Whether the customer is known to be younger than so many years.
    pub(super) fn is_younger(&self, row: u32, years: u32, as_of: AsOf) -> bool {
        let birth = self.births[row as usize];
        if birth == UNKNOWN_DAY || years == 0 {
            return false;
        }
        let months = u16::try_from(years * 12).unwrap_or(u16::MAX);
        birth > as_of.months_before(months).epoch_days()
    }

    pub(super) fn has(&self, row: u32, detail: ContactDetail) -> bool {
        match detail {
            ContactDetail::Email => self.emails.contains(row),
            ContactDetail::Phone => self.phones.contains(row),
            ContactDetail::Address => self.addresses.contains(row),
        }
    }

    pub(super) fn households(&self) -> &[u32] {
        &self.households
    }
}

/// The first row of each customer in the customer files.
struct Firsts<'f> {
    customers: &'f DataFrame,
    rows: &'f [u32],
    is_first: &'f [bool],
    height: usize,
}

impl Firsts<'_> {
    /// Customers whose first row has a text like this.
    fn with(&self, name: &str, is_such: impl Fn(&str) -> bool + Sync) -> Result<RowSet, TableError> {
        let mut set = RowSet::new(self.height);
        let Some(texts) = column(self.customers, name)? else {
            return Ok(set);
        };
        let is_such: Vec<bool> = (0..texts.len())
            .into_par_iter()
            .map(|at| self.is_first[at] && texts.get(at).is_some_and(&is_such))
            .collect();
        for (&row, is_such) in self.rows.iter().zip(is_such) {
            if is_such {
                set.insert(row);
            }
        }
        Ok(set)
    }
}

/// A code for each household of two or more customers. A customer in several households is in the first of them.
fn households(customers: &DataFrame, rows: &[u32], height: usize) -> Result<Vec<u32>, TableError> {
    let mut codes = vec![ALONE; height];
    let Some(keys) = column(customers, "household_key")? else {
        return Ok(codes);
    };
    let key = |at: u32| keys.get(at as usize).map(str::trim).unwrap_or_default();
    let mut seen = RowSet::new(height);
    let mut members: Vec<(u64, u32)> = Vec::new();
    for (at, &row) in rows.iter().enumerate() {
        let at = at as u32;
        if (row as usize) < height && !key(at).is_empty() && !seen.contains(row) {
            seen.insert(row);
            members.push((HASHER.hash_one(key(at)), at));
        }
    }
    members.par_sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| key(one.1).cmp(key(other.1))));
    let mut code = 0;
    for household in members.chunk_by(|one, other| one.0 == other.0 && key(one.1) == key(other.1)) {
        if household.len() > 1 {
            for &(_, at) in household {
                codes[rows[at as usize] as usize] = code;
            }
            code += 1;
        }
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use cartera_table::Date;
    use cartera_table::frame::date_column;
    use polars::prelude::{Int32Chunked, NewChunkedArray, df};

    use super::*;

    fn traits() -> Traits {
        let mut customers = df!(
            "customer_id" => ["a", "a", "b", "c", "x"],
            "email" => [Some("n/a"), Some("a@example.org"), Some("b@example.org"), None, None],
            "phone" => [Some("600 123 456"), None, Some("12"), None, None],
            "street" => [Some("Calle 1"), None, Some("Rua 2"), Some(" "), None],
            "city" => [None, None, None, Some("Faro"), None],
            "postcode" => [Some("28001"), None, None, None, None],
            "household_key" => [None, Some("h1"), Some("h1 "), Some("h2"), Some("h2")],
        )
        .expect("a frame");
        // 2007-03-01, 2007-02-28 and none.
        let births = [Some(13_573), None, Some(13_572), None, Some(0)];
        let births = Int32Chunked::from_iter_options("birth_date".into(), births.into_iter());
        customers
            .with_column(date_column("birth_date", births))
            .expect("one height");
        Traits::new(&customers, &[0, 0, 1, 2, u32::MAX], 3).expect("traits")
    }

    #[test]
    fn the_first_row_tells_how_to_reach_somebody() {
        let traits = traits();
        let having = |detail| (0..3).filter(|&row| traits.has(row, detail)).collect::<Vec<u32>>();
        assert_eq!(having(ContactDetail::Email), [1]);
        assert_eq!(having(ContactDetail::Phone), [0]);
        assert_eq!(having(ContactDetail::Address), [0]);
    }

    #[test]
    fn birthdays_count_from_their_day_on() {
        let traits = traits();
        let younger = |day: &str, years| {
            let as_of = AsOf(day.parse::<Date>().expect("a day"));
            [0, 1, 2].map(|row| traits.is_younger(row, years, as_of))
        };
        assert_eq!(younger("2025-02-27", 18), [true, true, false]);
        assert_eq!(younger("2025-02-28", 18), [true, false, false]);
        assert_eq!(younger("2025-03-01", 18), [false, false, false]);
        assert_eq!(younger("2007-01-01", 0), [false, false, false]);
    }

    #[test]
    fn a_household_has_two_members_at_least() {
        let traits = traits();
        let households = traits.households();
        assert_eq!(households[0], households[1]);
        assert_ne!(households[0], ALONE);
        assert_eq!(households[2], ALONE, "the other one is no customer of the run");
    }
}
