//! Which customers a rule takes.

use super::cells::Stretch;
use super::rule::{Condition, Direction, Limit, LooksAt, Measure, Rule, Test, Times};

/// The customers of a stretch of whom all conditions of the rule hold, in their order.
pub(crate) fn taken(rule: &Rule, stretch: &Stretch<'_>) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..stretch.length as u32).collect();
    for condition in &rule.when {
        rows.retain(|&row| condition.holds(stretch, row as usize));
    }
    rows
}

impl Condition {
    fn holds(&self, stretch: &Stretch<'_>, row: usize) -> bool {
        match self {
            Self::One(test) => test.holds(stretch, row),
            Self::Any(tests) => tests.iter().any(|test| test.holds(stretch, row)),
        }
    }

    /// The tests of the condition that hold.
    pub(crate) fn met<'c>(&'c self, stretch: &'c Stretch<'_>, row: usize) -> impl Iterator<Item = &'c Test> {
        let tests = match self {
            Self::One(test) => std::slice::from_ref(test),
            Self::Any(tests) => tests,
        };
        tests.iter().filter(move |test| test.holds(stretch, row))
    }
}

impl Test {
    pub(crate) fn holds(&self, stretch: &Stretch<'_>, row: usize) -> bool {
        match &self.looks_at {
            LooksAt::Number { measure, bound, limit } => {
                let number = measure.number(stretch, row);
                if number.is_nan() {
                    self.or_null
                } else {
                    bound.holds(number, limit.number(stretch, row))
                }
            }
            LooksAt::Text { column, texts, is_one } => match stretch.text(*column, row) {
                None => self.or_null,
                Some(text) => texts.iter().any(|one| one == text) == *is_one,
            },
        }
    }
}

impl Measure {
    /// Not a number where it is not known.
    pub(crate) fn number(self, stretch: &Stretch<'_>, row: usize) -> f64 {
        match self {
            Self::Value { column, per } => {
                let per = per.map(|per| stretch.number(per, row));
                divided(stretch.number(column, row), per)
            }
            Self::Change { column, per, direction } => {
                let now = Self::Value { column, per }.number(stretch, row);
                let rise = now - before(stretch, row, column, per);
                match direction {
                    Direction::Rise => rise,
                    Direction::Fall => -rise,
                }
            }
            Self::GapToNext(gap) => {
                let segments = &stretch.base.gaps[gap];
                let label = stretch.text(stretch.layout.gaps[gap].segmentation, row);
                match label.zip(segments.ranked_by) {
                    Some((label, ranked_by)) => segments.gap(label, stretch.number(ranked_by, row)),
                    None => f64::NAN,
                }
            }
        }
    }

    /// The value in the run before; not a number where that is not asked for.
    pub(crate) fn before(self, stretch: &Stretch<'_>, row: usize) -> f64 {
        match self {
            Self::Change { column, per, .. } => before(stretch, row, column, per),
            _ => f64::NAN,
        }
    }
}

fn before(stretch: &Stretch<'_>, row: usize, column: usize, per: Option<usize>) -> f64 {
    let per = per.map(|per| stretch.number_before(per, row));
    divided(stretch.number_before(column, row), per)
}

fn divided(number: f64, per: Option<f64>) -> f64 {
    match per {
        None => number,
        Some(per) if per > 0.0 => number / per,
        Some(_) => f64::NAN,
    }
}

impl Limit {
    /// Not a number where its column is not known.
    pub(crate) fn number(self, stretch: &Stretch<'_>, row: usize) -> f64 {
        let number = match self.times {
            None => self.number,
            Some(Times::Now(place)) => self.number * stretch.number(place, row),
            Some(Times::Before(place)) => self.number * stretch.number_before(place, row),
            Some(Times::Median(place)) => self.number * stretch.base.medians[place],
        };
        match self.pace(stretch) {
            Some((days, within_days)) => number * days / within_days,
            None => number,
        }
    }

    /// The days since the run before and those for which the limit is meant, where they are more.
    pub(crate) fn pace(self, stretch: &Stretch<'_>) -> Option<(f64, f64)> {
        let days = stretch.prior?.days_ago;
        let within_days = self.within_days.filter(|within_days| days < *within_days)?;
        Some((days, within_days))
    }
}
