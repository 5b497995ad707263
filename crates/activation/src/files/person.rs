//! What platforms may be told of a customer, as the sources have it.

use cartera_table::TableError;
use cartera_table::frame::{dates, text};
use polars::prelude::{DataFrame, Int32Chunked, StringChunked};

use super::audience::Identifier;
use super::error::FilesError;

/// The columns that the identifiers are made of; none where no identifier asks for it.
pub(super) struct People<'m> {
    customer_id: Option<&'m StringChunked>,
    email: Option<&'m StringChunked>,
    phone: Option<&'m StringChunked>,
    given_name: Option<&'m StringChunked>,
    family_name: Option<&'m StringChunked>,
    country: Option<&'m StringChunked>,
    region: Option<&'m StringChunked>,
    city: Option<&'m StringChunked>,
    postcode: Option<&'m StringChunked>,
    gender: Option<&'m StringChunked>,
    birth_date: Option<&'m Int32Chunked>,
    default_country: Option<&'static str>,
}

/// One customer; empty text is none.
pub(super) struct Person<'m> {
    pub(super) customer_id: Option<&'m str>,
    pub(super) email: Option<&'m str>,
    pub(super) phone: Option<&'m str>,
    pub(super) given_name: Option<&'m str>,
    pub(super) family_name: Option<&'m str>,
    pub(super) country: Option<&'m str>,
    /// Whose the number is if it has no calling code: the customer's country, else the default.
    pub(super) phone_country: Option<&'m str>,
    pub(super) region: Option<&'m str>,
    pub(super) city: Option<&'m str>,
    pub(super) postcode: Option<&'m str>,
    pub(super) gender: Option<&'m str>,
    /// Days since 1970-01-01.
    pub(super) birth_date: Option<i32>,
}

impl<'m> People<'m> {
    /// Finds the columns that the identifiers need.
    pub(super) fn new(
        members: &'m DataFrame,
        identifiers: &[Identifier],
        default_country: Option<&'static str>,
    ) -> Result<Self, FilesError> {
        let is_needed = |name: &str| {
            identifiers
                .iter()
                .any(|identifier| identifier.base_columns().contains(&name))
        };
        let column = |name: &'static str| -> Result<Option<&'m StringChunked>, TableError> {
            is_needed(name).then(|| text(members, name)).transpose()
        };
        Ok(Self {
            customer_id: column("customer_id")?,
            email: column("email")?,
            phone: column("phone")?,
            given_name: column("given_name")?,
            family_name: column("family_name")?,
            country: column("country")?,
            region: column("region")?,
            city: column("city")?,
            postcode: column("postcode")?,
            gender: column("gender")?,
            birth_date: is_needed("birth_date")
                .then(|| dates(members, "birth_date"))
                .transpose()?,
            default_country,
        })
    }

    /// The customer of a row.
    pub(super) fn person(&self, row: usize) -> Person<'m> {
        let cell = |column: Option<&'m StringChunked>| {
            column
                .and_then(|column| column.get(row))
                .filter(|text| !text.trim().is_empty())
        };
        let country = cell(self.country);
        Person {
            customer_id: cell(self.customer_id),
            email: cell(self.email),
            phone: cell(self.phone),
            given_name: cell(self.given_name),
            family_name: cell(self.family_name),
            country,
            phone_country: country.or(self.default_country),
            region: cell(self.region),
            city: cell(self.city),
            postcode: cell(self.postcode),
            gender: cell(self.gender),
            birth_date: self.birth_date.and_then(|column| column.get(row)),
        }
    }
}
