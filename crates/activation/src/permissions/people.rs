//! Whom a row means that tells a key, an e-mail address or a telephone number.
//!
//! Here the error to avoid is to contact somebody who must not be: every row of a customer in the customer files
//! counts, and every address and number in its cells.

use std::collections::HashMap;

use cartera_table::TableError;
use polars::prelude::{DataFrame, StringChunked};
use rayon::prelude::*;

use super::mailboxes::mailboxes;
use super::numbers::PhoneBook;
use super::rows::{Ids, ROWS_OF_WORKER};

/// Who is named, as the source has it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named<'n> {
    pub(super) customer_id: Option<&'n str>,
    pub(super) email: Option<&'n str>,
    pub(super) phone: Option<&'n str>,
}

/// Rows of the customer files with the rows of the base that they are about.
#[derive(Debug)]
pub(super) struct People {
    /// Row of the base of each row of the files; `u32::MAX` where the customer is not in it.
    pub(super) rows: Vec<u32>,
    pub(super) emails: Option<StringChunked>,
    pub(super) phones: Option<StringChunked>,
    pub(super) countries: Option<StringChunked>,
}

impl People {
    pub(super) fn new(customers: &DataFrame, ids: &Ids) -> Result<Self, TableError> {
        let customer_ids = customers.column("customer_id")?.str()?;
        let mut cursor = ids.cursor();
        let rows = customer_ids
            .iter()
            .map(|id| id.and_then(|id| cursor.find(id)).unwrap_or(u32::MAX))
            .collect();
        Ok(Self {
            rows,
            emails: column(customers, "email")?,
            phones: column(customers, "phone")?,
            countries: column(customers, "country")?,
        })
    }

    /// Place in `named` and row of the base of everybody who is named, ascending, each once.
    pub(super) fn named(&self, named: &[Named<'_>], ids: &Ids, default_country: Option<&str>) -> Vec<(u32, u32)> {
        let mut found = Vec::new();
        let mut cursor = ids.cursor();
        for (place, one) in named.iter().enumerate() {
            if let Some(row) = one.customer_id.and_then(|id| cursor.find(id)) {
                found.push((place as u32, row));
            }
        }
        let emails = by_email(named);
        let numbers = named.iter().enumerate();
        let numbers = numbers.filter_map(|(place, one)| Some((place as u32, one.phone?, default_country)));
        let phones = PhoneBook::new(numbers);
        if !emails.is_empty() {
            found.extend(self.search(self.emails.as_ref(), |text, _, found| {
                for mailbox in mailboxes(text) {
                    found.extend(emails.get(&mailbox).into_iter().flatten());
                }
            }));
        }
        if !phones.is_empty() {
            found.extend(self.search(self.phones.as_ref(), |text, at, found| {
                let country = self.countries.as_ref().and_then(|countries| countries.get(at));
                phones.find(text, country.or(default_country), found);
            }));
        }
        found.par_sort_unstable();
        found.dedup();
        found
    }

    /// Looks at each text of a column that is about a customer of the base.
    fn search(
        &self,
        texts: Option<&StringChunked>,
        look: impl Fn(&str, usize, &mut Vec<u32>) + Sync,
    ) -> Vec<(u32, u32)> {
        let Some(texts) = texts else { return Vec::new() };
        let parts: Vec<usize> = (0..texts.len()).step_by(ROWS_OF_WORKER).collect();
        let found: Vec<Vec<(u32, u32)>> = parts
            .par_iter()
            .map(|&start| {
                let (mut found, mut places) = (Vec::new(), Vec::new());
                for at in start..(start + ROWS_OF_WORKER).min(texts.len()) {
                    let row = self.rows[at];
                    let Some(text) = texts.get(at).filter(|_| row != u32::MAX) else {
                        continue;
                    };
                    places.clear();
                    look(text, at, &mut places);
                    found.extend(places.iter().map(|&place| (place, row)));
                }
                found
            })
            .collect();
        found.into_iter().flatten().collect()
    }
}

/// A text column as one piece; none where the frame has none.
pub(super) fn column(frame: &DataFrame, name: &str) -> Result<Option<StringChunked>, TableError> {
    match frame.column(name) {
        Ok(column) => Ok(Some(column.str()?.rechunk().into_owned())),
        Err(_) => Ok(None),
    }
}

fn by_email(named: &[Named<'_>]) -> HashMap<String, Vec<u32>> {
    let mut by_email: HashMap<String, Vec<u32>> = HashMap::new();
    for (place, one) in named.iter().enumerate() {
        for mailbox in one.email.into_iter().flat_map(mailboxes) {
            by_email.entry(mailbox).or_default().push(place as u32);
        }
    }
    by_email
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    fn found(named: Named<'_>, default_country: Option<&str>) -> Vec<u32> {
        let customers = df!(
            "customer_id" => ["a", "b", "b", "c", "d", "x"],
            "email" => [Some("Ana@Example.org "), None, Some("b@example.org"), Some("n/a"), None, Some("x@example.org")],
            "phone" => [
                Some("+34 600 12 34 56"), Some("600123457"), None, Some("(800) 555-0100 ext. 12"), Some("4711"), None,
            ],
            "country" => [None, Some("ES"), None, Some("US"), None, None],
        )
        .expect("a frame");
        let ids = Ids::new(
            df!("customer_id" => ["a", "b", "c", "d"])
                .expect("a frame")
                .column("customer_id")
                .expect("there")
                .str()
                .expect("text"),
        );
        let people = People::new(&customers, &ids).expect("people");
        let found = people.named(&[named], &ids, default_country);
        found.into_iter().map(|(_, row)| row).collect()
    }

    fn by_phone(phone: &str, default_country: Option<&str>) -> Vec<u32> {
        let named = Named {
            phone: Some(phone),
            ..Named::default()
        };
        found(named, default_country)
    }

    #[test]
    fn keys_and_addresses_find_their_customers() {
        let by_id = Named {
            customer_id: Some("c"),
            ..Named::default()
        };
        assert_eq!(found(by_id, None), [2]);
        let by_email = |email| Named {
            email: Some(email),
            ..Named::default()
        };
        assert_eq!(found(by_email(" ana@example.ORG"), None), [0]);
        assert_eq!(found(by_email("B@example.org"), None), [1], "a further address");
        assert_eq!(found(by_email("N/A"), None), [2], "no address, and yet the same");
        assert!(found(by_email(" "), None).is_empty());
        assert!(found(by_email("x@example.org"), None).is_empty(), "not in the base");
    }

    #[test]
    fn numbers_find_their_customers_in_every_form() {
        for form in ["+34600123456", "0034 600-123-456", "600 123 456"] {
            assert_eq!(by_phone(form, Some("ES")), [0], "{form}");
            assert_eq!(
                by_phone(form, None),
                [0],
                "{form}: without a country the ends are compared"
            );
        }
        assert_eq!(by_phone("+34 600 123 457", None), [1]);
        assert_eq!(by_phone("+1 800 555 0100", None), [2], "the extension is no part of it");
        assert_eq!(by_phone("4711", None), [3]);
        assert!(by_phone("711", None).is_empty());
        assert!(
            by_phone("+49 600 123456", Some("ES")).is_empty(),
            "another country's number"
        );
        assert!(by_phone("-", None).is_empty());
    }
}
