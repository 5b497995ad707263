//! What went wrong for a customer, and what they say of the company.

use cartera_table::contracts::Cases;
use cartera_table::frame::{boolean, dates, decimal, text};
use cartera_table::{AsOf, Table};
use polars::prelude::Column;

use crate::error::FeatureError;
use crate::features::Places;
use crate::params::RelationsValidParams;

/// One on the scale of scores.
const ONE: i128 = 1_000_000;

/// Columns of the cases.
pub(super) fn columns(
    cases: &Table<Cases>,
    tells_closing: bool,
    places: &Places<'_>,
    height: usize,
    as_of: AsOf,
    params: &RelationsValidParams,
) -> Result<Vec<Column>, FeatureError> {
    let frame = cases.frame();
    let year_ago = as_of.months_before(12).epoch_days();
    let mut counts = vec![0i64; height];
    let mut open = vec![0i64; height];
    let mut scores = vec![Scores::default(); height];
    let facts = text(frame, "kind")?.iter().zip(dates(frame, "opened_on")?.iter());
    let facts = facts.zip(decimal(frame, "score")?.iter().zip(boolean(frame, "is_open")?.iter()));
    for (customer_id, ((kind, day), (score, is_open))) in text(frame, "customer_id")?.iter().zip(facts) {
        let Some(row) = customer_id.and_then(|customer_id| places.row(customer_id)) else {
            continue;
        };
        let is_of_year = day.is_some_and(|day| day > year_ago);
        if kind == Some("survey") {
            // Rows of a customer come in the order of their times: the last one is the last answer.
            if let Some(score) = score {
                scores[row].add(score, is_of_year);
            }
        } else {
            counts[row] += i64::from(is_of_year);
            open[row] += i64::from(is_open == Some(true));
        }
    }
    let open: Vec<Option<i64>> = open.into_iter().map(|count| tells_closing.then_some(count)).collect();
    let means: Vec<Option<f64>> = scores.iter().map(Scores::mean).collect();
    let classes: Vec<Option<&str>> = scores
        .iter()
        .map(|scores| nps_class(scores.last.filter(|_| params.has_nps)?))
        .collect();
    Ok(vec![
        Column::new("case_count_12m".into(), counts),
        Column::new("open_case_count".into(), open),
        Column::new("satisfaction_mean".into(), means),
        Column::new("nps_class".into(), classes),
    ])
}

/// The survey answers of one customer.
#[derive(Debug, Clone, Copy, Default)]
struct Scores {
    sum_of_year: i128,
    count_of_year: u32,
    last: Option<i128>,
}

impl Scores {
    fn add(&mut self, score: i128, is_of_year: bool) {
        if is_of_year {
            self.sum_of_year += score;
            self.count_of_year += 1;
        }
        self.last = Some(score);
    }

    /// The mean answer of the year; none without one.
    #[expect(clippy::cast_precision_loss, reason = "scores are small")]
    fn mean(&self) -> Option<f64> {
        let count = f64::from(self.count_of_year);
        (self.count_of_year > 0).then(|| self.sum_of_year as f64 / ONE as f64 / count)
    }
}

/// The class of an answer.
///
/// # Formula
/// Promoter from 9, passive from 7, detractor below; none outside 0 to 10.
///
/// # Source
/// F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
fn nps_class(score: i128) -> Option<&'static str> {
    if !(0..=10 * ONE).contains(&score) {
        return None;
    }
    Some(if score >= 9 * ONE {
        "promoter"
    } else if score >= 7 * ONE {
        "passive"
    } else {
        "detractor"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_their_borders() {
        let class = |tenths: i128| nps_class(tenths * ONE / 10);
        assert_eq!(class(100), Some("promoter"));
        assert_eq!(class(90), Some("promoter"));
        assert_eq!(class(89), Some("passive"));
        assert_eq!(class(70), Some("passive"));
        assert_eq!(class(69), Some("detractor"));
        assert_eq!(class(0), Some("detractor"));
        assert_eq!((class(-1), class(101)), (None, None));
    }
}
