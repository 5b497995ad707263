//! The signals of a stretch of customers, with the numbers behind them.

use cartera_table::TableError;
use polars::prelude::{PlSmallStr, StringChunked, StringChunkedBuilder};

use super::cells::Stretch;
use super::evaluate::taken;
use super::evidence::write_evidence;
use super::rule::{Bound, Condition, Direction, LooksAt, Measure, Place, Rule, Test};

/// Columns that grow by one with every day on which nothing happens.
const DAYS_THAT_PASS: [&str; 4] = [
    "days_since_last_order",
    "days_overdue",
    "tenure_days",
    "days_since_last_contact",
];

/// A signal of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hit {
    /// The customer.
    pub(crate) row: u32,
    /// Place of the rule.
    pub(crate) rule: u16,
    /// What the first of the conditions that hold and compare a number that is known looks at.
    pub(crate) measure: Option<Measure>,
    /// Its number and the tightest of its limits, or not numbers.
    pub(crate) measured: f64,
    pub(crate) threshold: f64,
    /// The measure of strength, or the strength itself once it is known.
    pub(crate) strength: f64,
    pub(crate) value_at_stake: Option<i128>,
    /// Whole days for which it holds, by conditions on days that pass.
    pub(crate) days: Option<i32>,
}

/// The signals of a stretch, by customer and rule.
#[derive(Debug)]
pub(crate) struct Hits {
    pub(crate) hits: Vec<Hit>,
    /// The evidence of each, as the column that it stays in.
    pub(crate) evidence: StringChunked,
}

impl Default for Hits {
    fn default() -> Self {
        Self {
            hits: Vec::new(),
            evidence: StringChunkedBuilder::new(PlSmallStr::from_static("evidence"), 0).finish(),
        }
    }
}

impl Hits {
    /// All rules over all customers of a stretch.
    pub(crate) fn of(rules: &[Rule], stretch: &Stretch<'_>) -> Result<Self, TableError> {
        let mut places: Vec<(u32, u16)> = Vec::new();
        for (rule, number) in rules.iter().zip(0..) {
            places.extend(taken(rule, stretch).into_iter().map(|row| (row, number)));
        }
        places.sort_unstable();
        let mut hits = Vec::with_capacity(places.len());
        let mut evidence = StringChunkedBuilder::new(PlSmallStr::from_static("evidence"), places.len());
        let mut text = String::new();
        for (row, number) in places {
            let rule = &rules[usize::from(number)];
            let row = row as usize;
            let leading = leading_test(rule, stretch, row);
            let (measure, measured, threshold) = leading.unwrap_or((None, f64::NAN, f64::NAN));
            hits.push(Hit {
                row: (stretch.start + row) as u32,
                rule: number,
                measure,
                measured,
                threshold,
                strength: rule.strength.measure.number(stretch, row),
                value_at_stake: value_at_stake(rule, stretch, row)?,
                days: days_it_holds(rule, stretch, row),
            });
            text.clear();
            // Writing to a String cannot fail.
            let _ = write_evidence(rule, stretch, row, &mut text);
            evidence.append_value(&text);
        }
        Ok(Self {
            hits,
            evidence: evidence.finish(),
        })
    }
}

/// What the first of the conditions that hold and compare a number that is known looks at, that number, and the
/// tightest of its limits. A condition that holds because nothing is known compares nothing.
fn leading_test(rule: &Rule, stretch: &Stretch<'_>, row: usize) -> Option<(Option<Measure>, f64, f64)> {
    let tests = || {
        let tests = rule.when.iter().flat_map(|condition| condition.met(stretch, row));
        tests.filter_map(|test| match &test.looks_at {
            LooksAt::Number { measure, bound, limit } if !measure.number(stretch, row).is_nan() => {
                Some((*measure, bound.is_lower(), limit))
            }
            _ => None,
        })
    };
    let (leading, is_lower, _) = tests().next()?;
    let same = tests().filter(|(measure, is_other_lower, _)| *measure == leading && *is_other_lower == is_lower);
    let tightest = if is_lower { f64::max } else { f64::min };
    let threshold = same
        .map(|(_, _, limit)| limit.number(stretch, row))
        .fold(f64::NAN, tightest);
    Some((Some(leading), leading.number(stretch, row), threshold))
}

fn value_at_stake(rule: &Rule, stretch: &Stretch<'_>, row: usize) -> Result<Option<i128>, TableError> {
    let Some(stake) = &rule.value_at_stake else {
        return Ok(None);
    };
    let now = stretch.money(stake.column, row);
    let value = match stake.change {
        None => now,
        Some(direction) => {
            let before = stretch.money_before(stake.column, row)?;
            now.zip(before).and_then(|(now, before)| match direction {
                Direction::Rise => now.checked_sub(before),
                Direction::Fall => before.checked_sub(now),
            })
        }
    };
    Ok(value.map(|value| value.max(0)))
}

/// The whole days since the last of the conditions on days that pass came to hold; none where there is none.
fn days_it_holds(rule: &Rule, stretch: &Stretch<'_>, row: usize) -> Option<i32> {
    let tests = rule.when.iter().filter_map(|condition| match condition {
        Condition::One(test) => Some(test),
        Condition::Any(_) => None,
    });
    tests.filter_map(|test| days_that_test_holds(test, stretch, row)).min()
}

fn days_that_test_holds(test: &Test, stretch: &Stretch<'_>, row: usize) -> Option<i32> {
    let LooksAt::Number { measure, bound, limit } = &test.looks_at else {
        return None;
    };
    let Measure::Value { column, per: None } = measure else {
        return None;
    };
    if !DAYS_THAT_PASS.contains(&column_name(stretch, *column)) {
        return None;
    }
    let beyond = measure.number(stretch, row) - limit.number(stretch, row);
    let days = match bound {
        // On the first whole day beyond the limit it has held for no day.
        Bound::Above => beyond.ceil() - 1.0,
        Bound::AtLeast => beyond.floor(),
        Bound::Below | Bound::AtMost => return None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "days of a calendar; not a number is no day"
    )]
    (days >= 0.0).then_some(days as i32)
}

fn column_name(stretch: &Stretch<'_>, column: Place) -> &'static str {
    stretch.layout.columns[column].column.name
}
