//! Files by which an advertising platform finds the customers of a list.

use std::borrow::Cow;
use std::io::Write;

use cartera_table::AsOf;
use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::csv::{CsvFile, SLICE_ROWS};
use super::error::FilesError;
use super::params::{CsvValidParams, FileValidParams};
use super::person::{People, Person};
use super::safe::without_formulas;
use crate::contact::{google, meta, sha256_hex};

/// Below this many people a platform shows nothing, or advises against it. Google: "About the size of your data segment",
/// 100 active users on each network. Meta: "How to format a customer list", no lists of fewer than 100.
const FEWEST_PEOPLE: usize = 100;

/// Slices that are hashed at once.
const SLICES_AT_ONCE: usize = 16;

/// What a platform may find a person by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    /// The e-mail address.
    Email,
    /// The telephone number.
    Phone,
    /// Given and family name, country and postcode; for Meta city and state too.
    Address,
    /// Year, month and day of birth; Meta alone.
    BirthDate,
    /// Female or male; Meta alone.
    Gender,
    /// The customer's id as it is, not hashed; Meta alone.
    CustomerId,
}

impl Identifier {
    /// Its word in a pipeline.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::BirthDate => "birth_date",
            Self::Gender => "gender",
            Self::CustomerId => "customer_id",
        }
    }

    /// Whether the platform takes it.
    pub(super) fn is_for(self, platform: Platform) -> bool {
        platform == Platform::Meta || matches!(self, Self::Email | Self::Phone | Self::Address)
    }

    /// Whether the platform can find a person by it alone.
    pub(super) fn finds(self, platform: Platform) -> bool {
        self.is_for(platform) && !matches!(self, Self::BirthDate | Self::Gender)
    }

    /// The columns of the base that it is made of.
    pub(super) fn base_columns(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["email"],
            Self::Phone => &["phone", "country"],
            Self::Address => &["given_name", "family_name", "country", "region", "city", "postcode"],
            Self::BirthDate => &["birth_date"],
            Self::Gender => &["gender"],
            Self::CustomerId => &["customer_id"],
        }
    }
}

/// An advertising platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Google,
    Meta,
}

impl Platform {
    /// Its word in a pipeline.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Meta => "meta",
        }
    }

    fn rules(self) -> &'static str {
        match self {
            Self::Google => google::RULES,
            Self::Meta => meta::RULES,
        }
    }

    /// The headers of an identifier in the platform's upload template.
    fn headers(self, identifier: Identifier) -> &'static [&'static str] {
        match (self, identifier) {
            (Self::Google, Identifier::Email) => &["Email"],
            (Self::Google, Identifier::Phone) => &["Phone"],
            (Self::Google, Identifier::Address) => &["First Name", "Last Name", "Country", "Zip"],
            (Self::Google, _) => &[],
            (Self::Meta, Identifier::Email) => &["email"],
            (Self::Meta, Identifier::Phone) => &["phone"],
            (Self::Meta, Identifier::Address) => &["fn", "ln", "ct", "st", "zip", "country"],
            (Self::Meta, Identifier::BirthDate) => &["doby", "dobm", "dobd"],
            (Self::Meta, Identifier::Gender) => &["gen"],
            (Self::Meta, Identifier::CustomerId) => &["extern_id"],
        }
    }
}

/// What stands in a platform's file: written beside it, as the platforms' templates have no place for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct AboutAudience {
    /// The rules by which the values were made.
    rules: &'static str,
    /// People in the file.
    pub(super) rows: usize,
    /// Customers of the list with nothing to find them by.
    pub(super) left_out: usize,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
    /// People with each identifier.
    identifiers: Vec<WithIdentifier>,
}

impl AboutAudience {
    /// As TOML.
    pub(super) fn text(&self) -> Result<String, FilesError> {
        Ok(toml::to_string(self)?)
    }
}

/// How many people have an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct WithIdentifier {
    identifier: &'static str,
    people: usize,
    /// Customers who have something there that cannot be read, or is not whole; it is left empty.
    unreadable: usize,
}

/// One identifier of a person: its cells, in the order of the headers, and whether something stood there.
struct Made {
    cells: Vec<Option<String>>,
    is_there: bool,
    stood_there: bool,
}

/// A slice of the file.
struct Slice {
    frame: DataFrame,
    with: Vec<(usize, usize)>,
    left_out: usize,
    /// Customer ids that a spreadsheet would take for a formula.
    formulas: usize,
}

/// Writes the file of a platform. `is_whole` says that the file is all of the list, not what came or went.
pub(super) fn write_audience(
    members: &DataFrame,
    platform: Platform,
    params: &FileValidParams,
    is_whole: bool,
    out: &mut dyn Write,
) -> Result<AboutAudience, FilesError> {
    let identifiers: Vec<Identifier> = params
        .identifiers
        .iter()
        .copied()
        .filter(|identifier| identifier.is_for(platform))
        .collect();
    let people = People::new(members, &identifiers, params.default_country)?;
    // Platforms split at commas. Nothing in the file can be a formula, as it holds hashes, codes, digits and letters, but the
    // customer's id: the platform knows it as it is, so that it stays and is warned of.
    let machine = CsvValidParams {
        delimiter: b',',
        bom: false,
        decimal_comma: false,
        excel_safe: false,
    };
    let empty = slice(&people, 0..0, platform, &identifiers)?;
    let mut file = CsvFile::begin(out, &empty.frame, &machine)?;
    let (mut with, mut left_out, mut formulas) = (empty.with, 0, 0);
    let begins: Vec<usize> = (0..members.height()).step_by(SLICE_ROWS).collect();
    for begins in begins.chunks(SLICES_AT_ONCE) {
        let slices: Vec<Slice> = begins
            .par_iter()
            .map(|&begin| {
                let end = members.height().min(begin + SLICE_ROWS);
                slice(&people, begin..end, platform, &identifiers)
            })
            .collect::<Result<_, _>>()?;
        for slice in slices {
            file.add(&slice.frame)?;
            left_out += slice.left_out;
            formulas += slice.formulas;
            for (sum, part) in with.iter_mut().zip(slice.with) {
                *sum = (sum.0 + part.0, sum.1 + part.1);
            }
        }
    }
    file.finish()?;
    let counts = identifiers.iter().zip(with);
    let rows = members.height() - left_out;
    Ok(AboutAudience {
        rules: platform.rules(),
        rows,
        left_out,
        warnings: warnings(platform, rows, left_out, formulas, is_whole),
        identifiers: counts
            .map(|(identifier, (people, unreadable))| WithIdentifier {
                identifier: identifier.name(),
                people,
                unreadable,
            })
            .collect(),
    })
}

fn warnings(platform: Platform, rows: usize, left_out: usize, formulas: usize, is_whole: bool) -> Vec<String> {
    let name = platform.name();
    let mut warnings = Vec::new();
    if is_whole && rows < FEWEST_PEOPLE {
        warnings.push(format!(
            "{name}: {rows} people are in the file, and the platform wants {FEWEST_PEOPLE} at least"
        ));
    }
    if left_out > 0 {
        warnings.push(format!(
            "{name}: {left_out} customers of the list are left out, nothing is known that the platform finds them by"
        ));
    }
    if formulas > 0 {
        warnings.push(format!(
            "{name}: {formulas} customer ids stand in the file as they are and begin like a formula: do not open it with a spreadsheet"
        ));
    }
    warnings
}

fn slice(
    people: &People<'_>,
    rows: std::ops::Range<usize>,
    platform: Platform,
    identifiers: &[Identifier],
) -> Result<Slice, FilesError> {
    let headers: Vec<&str> = identifiers
        .iter()
        .flat_map(|&identifier| platform.headers(identifier))
        .copied()
        .collect();
    let mut columns: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(rows.len()); headers.len()];
    let mut with = vec![(0, 0); identifiers.len()];
    let (mut left_out, mut height, mut formulas) = (0, 0, 0);
    let sends_ids = identifiers.contains(&Identifier::CustomerId);
    for row in rows {
        let person = people.person(row);
        let made: Vec<Made> = identifiers
            .iter()
            .map(|&identifier| made(identifier, platform, &person))
            .collect();
        let is_found = identifiers
            .iter()
            .zip(&made)
            .any(|(identifier, made)| made.is_there && identifier.finds(platform));
        for (count, made) in with.iter_mut().zip(&made) {
            count.0 += usize::from(made.is_there && is_found);
            count.1 += usize::from(!made.is_there && made.stood_there);
        }
        if !is_found {
            left_out += 1;
            continue;
        }
        height += 1;
        let begins_formula = |id: &str| matches!(without_formulas(id), Cow::Owned(_));
        formulas += usize::from(sends_ids && person.customer_id.is_some_and(begins_formula));
        for (column, cell) in columns.iter_mut().zip(made.into_iter().flat_map(|made| made.cells)) {
            column.push(cell);
        }
    }
    let columns = headers
        .iter()
        .zip(columns)
        .map(|(&header, cells)| Column::from(Series::new(header.into(), cells)));
    Ok(Slice {
        frame: DataFrame::new(height, columns.collect())?,
        with,
        left_out,
        formulas,
    })
}

fn hashed(value: Option<impl AsRef<str>>) -> Option<String> {
    value.map(|value| sha256_hex(value.as_ref()))
}

fn made(identifier: Identifier, platform: Platform, person: &Person<'_>) -> Made {
    let stood_there = match identifier {
        Identifier::Email => person.email.is_some(),
        Identifier::Phone => person.phone.is_some(),
        Identifier::Address => person.given_name.is_some() && person.family_name.is_some(),
        Identifier::BirthDate => person.birth_date.is_some(),
        Identifier::Gender => person.gender.is_some(),
        Identifier::CustomerId => person.customer_id.is_some(),
    };
    let cells = match platform {
        Platform::Google => google_cells(identifier, person),
        Platform::Meta => meta_cells(identifier, person),
    };
    let is_there = match (identifier, platform) {
        // Names alone are too common to find somebody by, but with a place they are not.
        (Identifier::Address, Platform::Meta) => {
            cells[..2].iter().all(Option::is_some) && cells[2..5].iter().any(Option::is_some)
        }
        _ => cells.iter().all(Option::is_some),
    };
    Made {
        cells,
        is_there,
        stood_there,
    }
}

fn google_cells(identifier: Identifier, person: &Person<'_>) -> Vec<Option<String>> {
    match identifier {
        Identifier::Email => vec![hashed(person.email.and_then(google::email))],
        Identifier::Phone => vec![hashed(
            person
                .phone
                .and_then(|phone| google::phone(phone, person.phone_country)),
        )],
        Identifier::Address => {
            let first = person.given_name.and_then(google::first_name);
            let last = person.family_name.and_then(google::last_name);
            let country = person.country.and_then(google::country);
            let zip = person.postcode.and_then(google::zip);
            // An address counts with all four; a part of one would only tell more than it has to.
            match (first, last, country, zip) {
                (Some(first), Some(last), Some(country), Some(zip)) => {
                    vec![
                        Some(sha256_hex(&first)),
                        Some(sha256_hex(&last)),
                        Some(country.to_owned()),
                        Some(zip),
                    ]
                }
                _ => vec![None; 4],
            }
        }
        Identifier::BirthDate | Identifier::Gender | Identifier::CustomerId => Vec::new(),
    }
}

fn meta_cells(identifier: Identifier, person: &Person<'_>) -> Vec<Option<String>> {
    match identifier {
        Identifier::Email => vec![hashed(person.email.and_then(meta::email))],
        Identifier::Phone => vec![hashed(
            person.phone.and_then(|phone| meta::phone(phone, person.phone_country)),
        )],
        Identifier::Address => vec![
            hashed(person.given_name.and_then(meta::name)),
            hashed(person.family_name.and_then(meta::name)),
            hashed(person.city.and_then(meta::city)),
            hashed(person.region.and_then(|region| meta::state(region, person.country))),
            hashed(person.postcode.and_then(|postcode| meta::zip(postcode, person.country))),
            hashed(person.country.and_then(meta::country)),
        ],
        Identifier::BirthDate => {
            let day = person.birth_date.and_then(AsOf::from_epoch_days);
            match day.and_then(|day| meta::birth(day.0.year(), day.0.month(), day.0.day())) {
                Some(parts) => parts.iter().map(|part| Some(sha256_hex(part))).collect(),
                None => vec![None; 3],
            }
        }
        Identifier::Gender => vec![hashed(person.gender.and_then(meta::gender))],
        Identifier::CustomerId => vec![person.customer_id.map(str::to_owned)],
    }
}
