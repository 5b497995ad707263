//! What clusters are told apart by in words: a few measures of a customer with a word for much and one for little.
//!
//! Measures of one theme say nearly the same (who orders often buys many products), so that of each theme the
//! strongest one alone finds its way into a name.

use cartera_table::contracts::CustomerFeatures;
use cartera_table::{Contract, TableError, Unit};
use polars::prelude::DataFrame;

use super::feature_params::FeatureParams;
use super::scale::Transform;
use crate::columns;
use crate::values::FeatureValues;

/// A measure with its words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    /// A numeric column of `customer_features`, or a derived share.
    pub(crate) name: &'static str,
    /// Measures of one theme stand in for each other.
    pub(crate) theme: &'static str,
    /// The slug where it is far above the base; none where that is no news.
    pub(crate) high: Option<&'static str>,
    /// The slug where it is far below.
    pub(crate) low: Option<&'static str>,
    /// What it is in a sentence.
    pub(crate) noun: &'static str,
    /// How its numbers are written in a sentence.
    pub(crate) style: NumberStyle,
}

/// How a number is written in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberStyle {
    /// `21.3`, and how many times the base's.
    Plain,
    /// `42 %`.
    Percent,
}

impl Measure {
    /// Whether it is no column, but follows from two.
    pub(crate) fn is_derived(&self) -> bool {
        DERIVED.iter().any(|(name, ..)| *name == self.name)
    }
}

/// Shares that follow from two columns of money: the part, the whole without the part or with it.
const DERIVED: [(&str, &str, &str, Whole); 2] = [
    ("discount_share", "discount_amount", "gross_sales", Whole::WithoutPart),
    ("return_share", "returned_amount", "gross_sales", Whole::WithPart),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    WithPart,
    WithoutPart,
}

const fn measure(
    name: &'static str,
    theme: &'static str,
    high: &'static str,
    low: &'static str,
    noun: &'static str,
) -> Measure {
    Measure {
        name,
        theme,
        high: Some(high),
        low: Some(low),
        noun,
        style: NumberStyle::Plain,
    }
}

const fn percent(measure: Measure) -> Measure {
    Measure {
        style: NumberStyle::Percent,
        ..measure
    }
}

const fn without_low(measure: Measure) -> Measure {
    Measure { low: None, ..measure }
}

/// The measures; of equally strong ones the first is named.
#[rustfmt::skip]
pub(crate) const MEASURES: [Measure; 15] = [
    measure("order_count", "orders", "frequent", "infrequent", "orders"),
    measure("days_since_last_order", "recency", "long_unseen", "recent", "days since the last order"),
    measure("average_order_value", "basket", "big_baskets", "small_baskets", "average order"),
    measure("tenure_days", "tenure", "long_standing", "new", "days as a customer"),
    percent(measure("gross_margin_rate", "margin", "high_margin", "low_margin", "gross margin rate")),
    percent(measure("discount_share", "discount", "discount_driven", "discount_averse", "share of discounts")),
    percent(without_low(measure("return_share", "returns", "returns_a_lot", "", "share sent back"))),
    measure("category_count", "breadth", "broad", "narrow", "categories"),
    measure("product_count", "breadth", "broad", "narrow", "products"),
    without_low(measure("channel_count", "channels", "many_channels", "", "channels")),
    percent(measure("p_alive", "recency", "likely_active", "likely_gone", "probability to still buy")),
    measure("sales_trend", "trend", "growing", "shrinking", "change of sales"),
    percent(measure("response_rate", "response", "responsive", "unresponsive", "response rate")),
    measure("satisfaction_mean", "satisfaction", "satisfied", "dissatisfied", "satisfaction"),
    without_low(measure("case_count_12m", "cases", "many_cases", "", "cases in 12 months")),
];

/// What clusters are made of where nobody says: how recent, how often, how much at a time, since when, and how well
/// it pays. Sales are orders times their mean, and would count twice.
pub(super) fn default_features() -> Vec<FeatureParams> {
    [
        "days_since_last_order",
        "order_count",
        "average_order_value",
        "gross_margin_rate",
    ]
    .map(FeatureParams::from)
    .to_vec()
}

/// Whether everybody has one more of it each day, whatever they do.
pub(super) fn grows_with_the_calendar(name: &str) -> bool {
    name == "tenure_days"
}

/// Money, counts and days are skewed; rates, shares and scores are not.
pub(super) fn default_transform(name: &str) -> Transform {
    let unit = CustomerFeatures::INFO.column(name).map(|column| column.unit);
    match unit {
        Some(Unit::Money | Unit::Count | Unit::Days) => Transform::SignedLog,
        _ => Transform::None,
    }
}

/// Values of a column or of a derived share, one a row of the frame; none where no column has that name.
pub(crate) fn read_measure(frame: &DataFrame, name: &str) -> Result<Option<FeatureValues>, TableError> {
    if let Some((name, part, whole, kind)) = DERIVED.into_iter().find(|(derived, ..)| *derived == name) {
        let (part, whole) = (read_column(frame, part)?, read_column(frame, whole)?);
        return Ok(part
            .zip(whole)
            .map(|(part, whole)| share(name, &part, &whole, kind, frame.height())));
    }
    read_column(frame, name)
}

fn read_column(frame: &DataFrame, name: &str) -> Result<Option<FeatureValues>, TableError> {
    let column = columns::numeric().into_iter().find(|column| column.name == name);
    column.map(|column| columns::read(frame, column)).transpose()
}

/// Null where either is, or where the whole is not above zero.
fn share(name: &'static str, part: &FeatureValues, whole: &FeatureValues, kind: Whole, rows: usize) -> FeatureValues {
    let share = |row| {
        let part = part.real(row);
        let whole = whole.real(row) + if kind == Whole::WithoutPart { part } else { 0.0 };
        (whole > 0.0 && !part.is_nan()).then(|| part / whole)
    };
    let shares: Vec<Option<f64>> = (0..rows).map(share).collect();
    FeatureValues {
        name,
        present: Some(shares.iter().map(Option::is_some).collect()),
        numbers: crate::values::Numbers::Real(shares.into_iter().map(|share| share.unwrap_or(0.0)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Numbers;

    #[test]
    fn every_measure_can_be_read_and_words_are_slugs() {
        for measure in MEASURES {
            let is_column = columns::numeric_names().contains(&measure.name);
            assert_ne!(is_column, measure.is_derived(), "{}", measure.name);
            for word in measure.high.iter().chain(&measure.low) {
                assert!(
                    word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn money_counts_and_days_are_taken_as_logarithms() {
        for name in ["net_sales", "order_count", "tenure_days"] {
            assert_eq!(default_transform(name), Transform::SignedLog, "{name}");
        }
        for name in ["gross_margin_rate", "p_alive", "return_share", "bonding"] {
            assert_eq!(default_transform(name), Transform::None, "{name}");
        }
    }

    #[test]
    fn a_share_needs_both_and_a_whole_above_zero() {
        let money = |unscaled: Vec<i128>, present: Option<Vec<bool>>| FeatureValues {
            name: "money",
            numbers: Numbers::Exact { unscaled, scale: 0 },
            present,
        };
        let part = money(vec![1, 5, 1, 0], Some(vec![true, true, false, true]));
        let whole = money(vec![3, 0, 4, 0], None);
        let shares = share("return_share", &part, &whole, Whole::WithPart, 4);
        assert_eq!(shares.real(0), 1.0 / 3.0);
        assert_eq!(shares.present, Some(vec![true, false, false, false]));
        let shares = share("discount_share", &part, &whole, Whole::WithoutPart, 4);
        assert_eq!((shares.real(0), shares.real(1)), (0.25, 1.0));
        assert_eq!(shares.present, Some(vec![true, true, false, false]));
    }
}
