//! What the customer files tell of a customer, as far as that tells no person.

use cartera_table::contracts::Customers;
use cartera_table::frame::{date_column, dates, text};
use cartera_table::{AsOf, Table};
use polars::prelude::{Column, IdxCa, IdxSize, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray};

use crate::error::FeatureError;
use crate::features::CustomerBase;

/// The columns that are taken as they are.
const CARRIED: [&str; 13] = [
    "customer_type",
    "gender",
    "age_band",
    "region",
    "country",
    "language",
    "income_band",
    "household_size",
    "children",
    "marital_status",
    "home_ownership",
    "employee_count",
    "acquisition_channel",
];

/// Adds the columns of the customer files. Of several rows of a customer the first one counts.
///
/// # Errors
/// When the engine fails.
pub fn add_demographics(base: &mut CustomerBase, customers: &Table<Customers>) -> Result<(), FeatureError> {
    if customers.height() == 0 {
        return Ok(());
    }
    let places = base.places()?;
    let mut rows: Vec<Option<IdxSize>> = vec![None; base.frame().height()];
    for (row, customer_id) in text(customers.frame(), "customer_id")?.iter().enumerate() {
        let Some(place) = customer_id.and_then(|customer_id| places.row(customer_id)) else {
            continue;
        };
        if rows[place].is_none() {
            rows[place] = IdxSize::try_from(row).ok();
        }
    }
    let rows = IdxCa::from_iter_options("rows".into(), rows.into_iter());
    let known = customers
        .frame()
        .select(CARRIED.into_iter().chain(["birth_date", "joined_on"]))?;
    let known = known.take(&rows)?;
    let as_of = base.as_of();
    let mut columns: Vec<Column> = Vec::with_capacity(CARRIED.len() + 2);
    for name in CARRIED {
        columns.push(known.column(name)?.clone());
    }
    let ages = dates(&known, "birth_date")?
        .iter()
        .map(|birth| age_years(AsOf::from_epoch_days(birth?)?, as_of));
    columns.push(
        Int32Chunked::from_iter_options("age_years".into(), ages)
            .into_series()
            .into_column(),
    );
    let joined = dates(&known, "joined_on")?
        .iter()
        .map(|day| day.filter(|&day| day <= as_of.epoch_days()));
    columns.push(date_column(
        "joined_on",
        Int32Chunked::from_iter_options("joined_on".into(), joined),
    ));
    base.add(columns)
}

/// Birthdays between two days; none where the first lies behind the second. Who was born on 29 February has it on 1
/// March in other years.
fn age_years(birth: AsOf, as_of: AsOf) -> Option<i32> {
    let (birth, today) = (birth.0, as_of.0);
    let is_before_birthday = (today.month(), today.day()) < (birth.month(), birth.day());
    let years = i32::from(today.year()) - i32::from(birth.year()) - i32::from(is_before_birthday);
    (birth <= today).then_some(years)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_counts_birthdays() {
        let day = |text: &str| AsOf(text.parse().expect("a day"));
        let age = |birth: &str, today: &str| age_years(day(birth), day(today));
        assert_eq!(age("1980-05-10", "2024-05-09"), Some(43));
        assert_eq!(age("1980-05-10", "2024-05-10"), Some(44));
        assert_eq!(age("2000-02-29", "2023-02-28"), Some(22));
        assert_eq!(age("2000-02-29", "2023-03-01"), Some(23));
        assert_eq!(age("2024-05-10", "2024-05-10"), Some(0));
        assert_eq!(age("2024-05-11", "2024-05-10"), None);
    }
}
