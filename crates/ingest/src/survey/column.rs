//! What the cells of a column are, gathered in one pass.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{Hash, Hasher};

use super::dates::DateSurvey;
use super::finding::{Place, Sighting, shortened};
use super::numbers::NumberSurvey;

/// Cells that say that there is no value, in whatever capitals.
const NULL_WORDS: [&str; 19] = [
    "null",
    "(null)",
    "n/a",
    "#n/a",
    "na",
    "n.a.",
    "nan",
    "none",
    "nil",
    "-",
    "--",
    "?",
    ".",
    "\\n",
    "s/d",
    "nd",
    "sin datos",
    "#ref!",
    "#value!",
];

/// Distinct values that are told apart; beyond them there are "at least so many".
const MOST_DISTINCT: usize = 1_000_000;
/// Values of a closed list.
const MOST_CATEGORIES: usize = 50;
/// A column is of a kind when all but this share of its values (one in so many) are.
const MISFIT_SHARE: u64 = 50;

/// What one cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    Empty,
    Number,
    Date,
    Text,
}

pub(super) fn cell_kind(cell: &str) -> CellKind {
    if cell.is_empty() || is_null_word(cell) {
        CellKind::Empty
    } else if DateSurvey::default().add(cell, Place::Line(1)) {
        CellKind::Date
    } else if NumberSurvey::default().add(cell, Place::Line(1)) {
        CellKind::Number
    } else {
        CellKind::Text
    }
}

fn is_null_word(cell: &str) -> bool {
    cell.len() <= 9 && NULL_WORDS.iter().any(|word| word.eq_ignore_ascii_case(cell))
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// No value was seen.
    Empty,
    /// Whole numbers.
    Integer,
    /// Numbers with decimals.
    Decimal,
    /// Days.
    Date,
    /// Days with a time.
    Timestamp,
    /// Two words or digits for yes and no.
    Boolean,
    /// Digits with leading zeros, which are an id and no number.
    Digits,
    /// Any other text.
    Text,
}

impl ColumnType {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Boolean => "boolean",
            Self::Digits => "digits with leading zeros",
            Self::Text => "text",
        }
    }

    /// Whether it is an integer or a decimal.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal)
    }

    /// Whether it is a date or a timestamp.
    #[must_use]
    pub fn is_date(self) -> bool {
        matches!(self, Self::Date | Self::Timestamp)
    }
}

/// One column of a file, as it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSurvey {
    /// Its name in the header; for JSON its path. None where there is no header, or an empty cell in it.
    pub name: Option<String>,
    /// Its position, from 1.
    pub position: usize,
    /// What it holds.
    pub column_type: ColumnType,
    /// Records seen.
    pub rows: u64,
    /// Empty cells among them.
    pub empty: u64,
    /// Words that say that there is no value, as they are written, and how often.
    pub null_words: Vec<(String, u64)>,
    /// Different values.
    pub distinct: u64,
    /// Whether there may be more of them than were counted.
    pub distinct_is_least: bool,
    /// The values and their counts where they are few, the most frequent ones first.
    pub categories: Option<Vec<(String, u64)>>,
    /// The first values.
    pub examples: Vec<String>,
    /// Values that are not of the type, and the first of them.
    pub misfits: Option<(u64, Sighting)>,
    /// A value of digits that starts with a zero.
    pub leading_zero: Option<Sighting>,
    /// Its numbers.
    pub numbers: NumberSurvey,
    /// Its dates.
    pub dates: DateSurvey,
}

impl ColumnSurvey {
    /// Cells with a value.
    #[must_use]
    pub fn filled(&self) -> u64 {
        self.rows - self.empty - self.null_words.iter().map(|(_, count)| count).sum::<u64>()
    }

    /// Whether no value comes twice.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.filled() > 0 && self.distinct == self.filled() && !self.distinct_is_least
    }

    /// What it is called in messages: its name or its position.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None => format!("column {}", self.position),
        }
    }
}

/// Gathers a column.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    rows: u64,
    empty: u64,
    null_words: BTreeMap<String, u64>,
    hashes: HashSet<u64>,
    categories: Option<BTreeMap<String, u64>>,
    examples: Vec<String>,
    leading_zero: Option<Sighting>,
    leading_zeros: u64,
    numbers: NumberSurvey,
    dates: DateSurvey,
    no_numbers: u64,
    no_dates: u64,
    first_no_number: Option<Sighting>,
    first_no_date: Option<Sighting>,
}

/// A column that has had many other values so far is not tried any more.
fn is_hopeless(fitting: u64, others: u64) -> bool {
    others > 1_000 && others > fitting
}

impl Gatherer {
    pub(super) fn new() -> Self {
        Self {
            categories: Some(BTreeMap::new()),
            ..Self::default()
        }
    }

    pub(super) fn add_empty(&mut self, count: u64) {
        self.rows += count;
        self.empty += count;
    }

    pub(super) fn add(&mut self, cell: &str, place: Place) {
        if cell.is_empty() {
            return self.add_empty(1);
        }
        self.rows += 1;
        if is_null_word(cell) {
            *self.null_words.entry(cell.to_owned()).or_default() += 1;
            return;
        }
        self.add_value(cell);
        if !is_hopeless(self.numbers.count, self.no_numbers) && !self.numbers.add(cell, place) {
            self.no_numbers += 1;
            self.first_no_number.get_or_insert_with(|| Sighting::new(place, cell));
        }
        if !is_hopeless(self.dates.count, self.no_dates) && !self.dates.add(cell, place) {
            self.no_dates += 1;
            self.first_no_date.get_or_insert_with(|| Sighting::new(place, cell));
        }
        if cell.len() > 1 && cell.starts_with('0') && cell.bytes().all(|byte| byte.is_ascii_digit()) {
            self.leading_zeros += 1;
            if self.leading_zero.is_none() {
                self.leading_zero = Some(Sighting::new(place, cell));
            }
        }
    }

    fn add_value(&mut self, cell: &str) {
        if self.hashes.len() < MOST_DISTINCT {
            // The hasher has fixed keys, so that two looks at a file find the same.
            let mut hasher = DefaultHasher::new();
            cell.hash(&mut hasher);
            if self.hashes.insert(hasher.finish()) && self.examples.len() < 5 {
                self.examples.push(shortened(cell));
            }
        }
        let Some(categories) = &mut self.categories else { return };
        if let Some(count) = categories.get_mut(cell) {
            *count += 1;
        } else if categories.len() < MOST_CATEGORIES {
            categories.insert(cell.to_owned(), 1);
        } else {
            self.categories = None;
        }
    }

    pub(super) fn finish(self, name: Option<String>, position: usize) -> ColumnSurvey {
        let filled = self.rows - self.empty - self.null_words.values().sum::<u64>();
        let is_mostly = |count: u64| filled > 0 && (filled - count) * MISFIT_SHARE <= filled;
        let categories = self.categories.map(|categories| {
            let mut list: Vec<(String, u64)> = categories.into_iter().collect();
            list.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            list
        });
        // Eight digits may be a number; all of them a day, hardly by chance.
        let is_date =
            is_mostly(self.dates.count) && (!self.dates.is_compact() || (filled >= 3 && self.dates.count == filled));
        let (column_type, of_the_type, first_misfit) = if filled == 0 {
            (ColumnType::Empty, 0, None)
        } else if is_date {
            let kind = if self.dates.has_time() {
                ColumnType::Timestamp
            } else {
                ColumnType::Date
            };
            (kind, self.dates.count, self.first_no_date)
        } else if categories.as_deref().is_some_and(is_yes_and_no) {
            (ColumnType::Boolean, filled, None)
        } else if is_mostly(self.numbers.count) && self.leading_zeros > 0 {
            (ColumnType::Digits, filled, None)
        } else if is_mostly(self.numbers.count) {
            let kind = if self.numbers.whole == self.numbers.count {
                ColumnType::Integer
            } else {
                ColumnType::Decimal
            };
            (kind, self.numbers.count, self.first_no_number)
        } else {
            (ColumnType::Text, filled, None)
        };
        ColumnSurvey {
            name,
            position,
            column_type,
            rows: self.rows,
            empty: self.empty,
            null_words: self.null_words.into_iter().collect(),
            distinct_is_least: self.hashes.len() == MOST_DISTINCT,
            distinct: self.hashes.len() as u64,
            categories,
            examples: self.examples,
            misfits: first_misfit.map(|first| (filled - of_the_type, first)),
            leading_zero: self.leading_zero,
            numbers: self.numbers,
            dates: self.dates,
        }
    }
}

/// Two words for yes and no. Ones and zeros are numbers.
fn is_yes_and_no(categories: &[(String, u64)]) -> bool {
    const PAIRS: [[&str; 2]; 7] = [
        ["true", "false"],
        ["yes", "no"],
        ["y", "n"],
        ["si", "no"],
        ["sí", "no"],
        ["s", "n"],
        ["t", "f"],
    ];
    let words: BTreeSet<String> = categories.iter().map(|(word, _)| word.to_lowercase()).collect();
    words.len() == 2 && PAIRS.iter().any(|pair| pair.iter().all(|word| words.contains(*word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str]) -> ColumnSurvey {
        let mut gatherer = Gatherer::new();
        for (cell, line) in cells.iter().zip(2..) {
            gatherer.add(cell, Place::Line(line));
        }
        gatherer.finish(Some("x".to_owned()), 1)
    }

    #[test]
    fn types_are_those_of_the_values() {
        for (cells, expected) in [
            (&["1", "-2", "", "N/A"][..], ColumnType::Integer),
            (&["1", "2.50"], ColumnType::Decimal),
            (&["1.0", "2.0"], ColumnType::Integer),
            (&["2025-01-02"], ColumnType::Date),
            (&["2025-01-02 10:00"], ColumnType::Timestamp),
            (&["19970101", "19970118", "19971212"], ColumnType::Date),
            (&["19970101"], ColumnType::Integer),
            (&["19970101", "19979999", "19971212"], ColumnType::Integer),
            (&["00004", "00021"], ColumnType::Digits),
            (&["Sí", "No"], ColumnType::Boolean),
            (&["a", "1"], ColumnType::Text),
            (&["", "NULL"], ColumnType::Empty),
        ] {
            assert_eq!(column(cells).column_type, expected, "{cells:?}");
        }
    }

    #[test]
    fn a_few_misfits_do_not_change_the_type_and_are_shown() {
        let mut cells = vec!["1"; 100];
        cells[40] = "x1";
        let found = column(&cells);
        assert_eq!(found.column_type, ColumnType::Integer);
        let (count, first) = found.misfits.expect("one misfit");
        assert_eq!((count, first.to_string().as_str()), (1, "x1 in line 42"));
    }

    #[test]
    fn words_for_nothing_are_counted_as_they_are_written() {
        let found = column(&["1", "NULL", "null", "-", "-", ""]);
        let words: Vec<_> = found
            .null_words
            .iter()
            .map(|(word, count)| (word.as_str(), *count))
            .collect();
        assert_eq!(words, [("-", 2), ("NULL", 1), ("null", 1)]);
        assert_eq!((found.empty, found.filled()), (1, 1));
    }

    #[test]
    fn unique_values_are_told_from_repeated_ones() {
        assert!(column(&["a", "b", ""]).is_unique());
        assert!(!column(&["a", "b", "a"]).is_unique());
    }
}
