//! Defects in the files beside the order lines.
//!
//! A planted row is one more row: nothing that is true is spoilt, so the truth holds for what is left
//! when the planted rows are set aside.

use crate::channel::{Channel, Key};
use crate::stream::{Purpose, below, stream};
use crate::table_text::TableText;
use crate::{SampleFile, SampleValidParams};

/// What a run must do with a planted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Went {
    /// Sets it aside.
    Quarantined,
    /// Finds that it says nothing new.
    Merged,
    /// Keeps it; at most a check of keys without partner notices.
    Kept,
}

impl Went {
    /// The name as in the ledger.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::Merged => "merged",
            Self::Kept => "kept",
        }
    }
}

/// A defect and where it stands, in any file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// The file.
    pub file: SampleFile,
    /// The line, the header being line 1.
    pub line: u64,
    /// What is wrong, as a stable name.
    pub defect: &'static str,
    /// What a run must do.
    pub went: Went,
    /// The reason that it gives; empty where it needs none.
    pub reason: &'static str,
}

/// A planted row of one text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlantedRow {
    /// Counted from 1 within the text.
    pub(crate) row: u64,
    pub(crate) of: &'static TableDefect,
}

/// How a planted row comes about.
#[derive(Debug)]
enum Change {
    /// An example row with other texts in some columns.
    Fields(&'static [(usize, &'static [u8])]),
    /// An example row without its last field.
    DropLast,
    /// The row before, once more.
    Repeat,
}

/// One kind of planted row.
#[derive(Debug)]
pub(crate) struct TableDefect {
    pub(crate) file: SampleFile,
    pub(crate) slug: &'static str,
    pub(crate) went: Went,
    pub(crate) reason: &'static str,
    change: Change,
}

const fn bad_field(
    file: SampleFile,
    slug: &'static str,
    reason: &'static str,
    fields: &'static [(usize, &'static [u8])],
) -> TableDefect {
    TableDefect {
        file,
        slug,
        went: Went::Quarantined,
        reason,
        change: Change::Fields(fields),
    }
}

const fn orphan(file: SampleFile, slug: &'static str, fields: &'static [(usize, &'static [u8])]) -> TableDefect {
    TableDefect {
        file,
        slug,
        went: Went::Kept,
        reason: "no_partner",
        change: Change::Fields(fields),
    }
}

const fn repeat(file: SampleFile) -> TableDefect {
    TableDefect {
        file,
        slug: "repeated_row",
        went: Went::Merged,
        reason: "repeated_row",
        change: Change::Repeat,
    }
}

/// The channel of planted consents and suppressions that do not tell whom they are about: they stop all lists of it,
/// and no list of `pipelines/retail.toml` uses it.
pub(crate) const UNUSED_CHANNEL: &[u8] = b"fax";

/// Every kind, by file. There are too few campaigns and owners to spoil one. Repeats come first, so that what they
/// repeat is sound.
pub(crate) static TABLE_DEFECTS: [TableDefect; 27] = [
    repeat(SampleFile::Customers),
    bad_field(
        SampleFile::Customers,
        "month_thirteen",
        "no_such_day",
        &[(7, b"1985-13-07")],
    ),
    bad_field(SampleFile::Customers, "missing_key", "missing", &[(0, b"")]),
    bad_field(
        SampleFile::Customers,
        "invalid_utf8",
        "invalid_utf8",
        &[(2, b"Begon\xF1a Prueba")],
    ),
    TableDefect {
        file: SampleFile::Customers,
        slug: "missing_column",
        went: Went::Quarantined,
        reason: "wrong_field_count",
        change: Change::DropLast,
    },
    bad_field(SampleFile::Products, "letter_in_cost", "not_a_number", &[(5, b"1.2O")]),
    bad_field(SampleFile::Products, "missing_key", "missing", &[(0, b"")]),
    bad_field(
        SampleFile::Interactions,
        "unknown_direction",
        "not_allowed_value",
        &[(4, b"sideways")],
    ),
    bad_field(SampleFile::Interactions, "missing_key", "missing", &[(0, b"")]),
    bad_field(
        SampleFile::Interactions,
        "thirty_first_of_february",
        "no_such_day",
        &[(2, b"2025-02-31 10:15:00")],
    ),
    orphan(SampleFile::Interactions, "unknown_campaign", &[(1, b"M999")]),
    bad_field(
        SampleFile::Cases,
        "unknown_kind",
        "not_allowed_value",
        &[(4, b"grumble")],
    ),
    bad_field(
        SampleFile::Cases,
        "month_thirteen",
        "no_such_day",
        &[(2, b"2025-13-07 10:15:00")],
    ),
    orphan(SampleFile::Cases, "unknown_customer", &[(1, b"X0000000")]),
    bad_field(SampleFile::Costs, "letter_in_amount", "not_a_number", &[(3, b"12.5O")]),
    bad_field(
        SampleFile::Costs,
        "unknown_currency",
        "unknown_currency",
        &[(4, b"EURO")],
    ),
    bad_field(
        SampleFile::Costs,
        "unknown_kind",
        "not_allowed_value",
        &[(1, b"sundries")],
    ),
    bad_field(
        SampleFile::Consents,
        "unknown_status",
        "not_allowed_value",
        &[(3, b"maybe")],
    ),
    bad_field(
        SampleFile::Consents,
        "missing_key",
        "missing",
        &[(0, b""), (1, UNUSED_CHANNEL)],
    ),
    repeat(SampleFile::Rates),
    bad_field(SampleFile::Rates, "letter_in_rate", "not_a_number", &[(2, b"1.l7")]),
    // New kinds stand at the end: whom the others are planted with does not depend on them.
    bad_field(
        SampleFile::Consents,
        "thirty_first_of_february",
        "no_such_day",
        &[(4, b"2025-02-31")],
    ),
    bad_field(SampleFile::Consents, "missing_channel", "missing", &[(1, b"")]),
    bad_field(
        SampleFile::Suppressions,
        "unknown_reason",
        "not_allowed_value",
        &[(5, b"grudge")],
    ),
    bad_field(
        SampleFile::Suppressions,
        "month_thirteen",
        "no_such_day",
        &[(0, b""), (1, b"Planted.Person@Example.org"), (6, b"2025-13-07")],
    ),
    bad_field(
        SampleFile::Suppressions,
        "names_nobody",
        "names_nobody",
        &[(0, b""), (3, UNUSED_CHANNEL)],
    ),
    bad_field(
        SampleFile::Suppressions,
        "not_an_email",
        "not_an_email",
        &[(0, b""), (1, b"n/a"), (3, UNUSED_CHANNEL)],
    ),
];

/// Which people's rows are followed by planted ones.
#[derive(Debug, Default)]
pub(crate) struct TablePlan {
    /// By person, then by place in [`TABLE_DEFECTS`].
    places: Vec<(u32, usize)>,
}

impl TablePlan {
    pub(crate) fn draw(params: &SampleValidParams) -> Self {
        let mut rng = stream(params.params().seed, Purpose::TableDefects, 0);
        // At most 9,999,999 customers.
        let customers = params.params().customers as u32;
        let kinds = (0..TABLE_DEFECTS.len())
            .flat_map(|kind| std::iter::repeat_n(kind, params.params().defects_per_kind as usize));
        let mut places: Vec<(u32, usize)> = kinds.map(|kind| (1 + below(&mut rng, customers), kind)).collect();
        places.sort_unstable();
        Self { places }
    }

    /// Appends the planted rows of one file that follow those of one person.
    pub(crate) fn plant(&self, params: &SampleValidParams, file: SampleFile, person: u32, table: &mut TableText) {
        let first = self.places.partition_point(|&(other, _)| other < person);
        let own = self.places[first..].iter().take_while(|&&(other, _)| other == person);
        for &(_, kind) in own.filter(|&&(_, kind)| TABLE_DEFECTS[kind].file == file) {
            plant_row(params, &TABLE_DEFECTS[kind], person, table);
        }
    }
}

/// Appends the planted rows of a file that is not about people.
pub(crate) fn plant_at_end(params: &SampleValidParams, file: SampleFile, table: &mut TableText) {
    for defect in TABLE_DEFECTS.iter().filter(|defect| defect.file == file) {
        for copy in 0..params.params().defects_per_kind {
            plant_row(params, defect, copy + 1, table);
        }
    }
}

fn plant_row(params: &SampleValidParams, defect: &'static TableDefect, number: u32, table: &mut TableText) {
    let mut fields = match defect.change {
        Change::Repeat => last_row(table),
        Change::Fields(_) | Change::DropLast => example(params, defect.file, number),
    };
    match defect.change {
        Change::Fields(others) => {
            for &(column, text) in others {
                fields[column] = text.to_vec();
            }
        }
        Change::DropLast => drop(fields.pop()),
        Change::Repeat => {}
    }
    table.raw_row(&fields);
    table.planted.push(PlantedRow {
        row: table.rows,
        of: defect,
    });
}

/// The last row as one field, which stays as it is.
fn last_row(table: &TableText) -> Vec<Vec<u8>> {
    let text = table.text.strip_suffix(b"\n").unwrap_or(&table.text);
    let start = text
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |place| place + 1);
    vec![text[start..].to_vec()]
}

/// A sound row about nobody in particular.
fn example(params: &SampleValidParams, file: SampleFile, number: u32) -> Vec<Vec<u8>> {
    let day = params.params().first_day;
    let key = Key {
        channel: Channel::Web,
        person: number,
    };
    let text = match file {
        SampleFile::Customers => format!("X{number:07},person,Ana Prueba,Ana,Prueba,,,,,Madrid,28001,ES,{day},,,"),
        SampleFile::Products => format!("X{number:04},Planted Pot,kitchen,Pot,Básico,1.2000,2.40,{day}"),
        SampleFile::Interactions => format!("{key},,{day} 10:15:00,phone,inbound,call,informed,4.50"),
        SampleFile::Cases => format!("X{number:09},{key},{day} 10:15:00,{day} 11:15:00,incident,,low,,true"),
        SampleFile::Costs => format!("X{number:07},cost_to_serve,{day},12.50,EUR,{key},,"),
        SampleFile::Consents => format!("{key},post,marketing,granted,{day}"),
        SampleFile::Suppressions => format!("{key},,,post,,do_not_contact,{day}"),
        SampleFile::Rates => format!("{day},JPY,0.006{number:03}"),
        SampleFile::OrderLines
        | SampleFile::OrderLinesNew
        | SampleFile::Campaigns
        | SampleFile::Owners
        | SampleFile::TruthCustomers
        | SampleFile::TruthIdentity
        | SampleFile::TruthCampaigns
        | SampleFile::TruthAssignments
        | SampleFile::TruthParameters
        | SampleFile::TruthDefects
        | SampleFile::Readme => String::new(),
    };
    text.split(',').map(|field| field.as_bytes().to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_has_the_columns_of_its_file() {
        let params = crate::SampleParams::new(10, 1).check().unwrap();
        for defect in &TABLE_DEFECTS {
            let columns = defect.file.header().split(',').count();
            let fields = example(&params, defect.file, 3);
            assert_eq!(fields.len(), columns, "{:?}", defect.file);
            if let Change::Fields(others) = defect.change {
                let in_row = others.iter().all(|(column, _)| *column < columns);
                assert!(in_row, "{} {}", defect.file.name(), defect.slug);
            }
        }
    }
}
