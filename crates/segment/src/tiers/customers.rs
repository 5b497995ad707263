//! Customers in tiers of value.

use cartera_table::{Money, frame};
use polars::prelude::DataFrame;

use super::{NO_VALUE, TierLimits, ValueTierValidParams, hold};
use crate::columns;
use crate::error::SegmentError;
use crate::labels::{Labels, OUTSIDE};
use crate::migration::Prior;
use crate::pareto::ParetoRanking;
use crate::summary::{ValueTierSummary, ValueTiersSummary};

/// What says the value of a customer where the pipeline does not: the first of which anything is known.
pub(crate) const VALUE_MEASURES: [&str; 3] = ["vin", "net_profit", "net_sales"];

/// The column of the tiers.
const SEGMENTATION: &str = "value_tier";

/// Customers in tiers.
pub(crate) struct Tiers {
    pub(crate) labels: Labels,
    pub(crate) summary: ValueTiersSummary,
}

impl Tiers {
    /// Puts customers into tiers; `prior` holds those of the run before.
    pub(crate) fn of(
        customers: &DataFrame,
        prior: Option<&Prior<'_>>,
        params: &ValueTierValidParams,
    ) -> Result<Self, SegmentError> {
        let measure = match params.measure {
            Some(measure) => measure,
            None => known_measure(customers)?,
        };
        let values = columns::read_money(customers, measure)?;
        let ranking = ParetoRanking::new(&values).ok_or_else(|| SegmentError::Overflow { column: measure.into() })?;
        let limits = TierLimits::new(&params.limits, &ranking.concentration);
        let mut codes: Vec<u16> = values.iter().map(|&value| limits.tier(value)).collect();
        let mut names = params.names.clone();
        names.push(NO_VALUE.to_owned());
        let mut held_customer_count = 0;
        if let Some(prior) = prior.filter(|_| params.hold_millionths > 0) {
            let before = prior.segments_of(SEGMENTATION, &names)?;
            let tiers_before = before.codes.iter().zip(&values);
            for (code, (&before, &value)) in codes.iter_mut().zip(tiers_before) {
                // Tiers that are no longer there hold nobody, nor does OUTSIDE: they are past all floors.
                if before != OUTSIDE {
                    let held = hold(&limits, value, before, params.hold_millionths);
                    held_customer_count += usize::from(held != *code);
                    *code = held;
                }
            }
        }
        let summary = ValueTiersSummary {
            measure: measure.to_owned(),
            held_customer_count,
            tiers: summaries(&names, &codes, &values, ranking.concentration.total()),
        };
        Ok(Self {
            labels: Labels {
                segmentation: SEGMENTATION,
                names,
                codes,
            },
            summary,
        })
    }
}

fn known_measure(customers: &DataFrame) -> Result<&'static str, SegmentError> {
    for measure in VALUE_MEASURES {
        let column = frame::decimal(customers, measure)?;
        if column.null_count() < column.len() {
            return Ok(measure);
        }
    }
    Ok("net_sales")
}

fn summaries(names: &[String], codes: &[u16], values: &[i128], total: i128) -> Vec<ValueTierSummary> {
    let mut sums = vec![(0_usize, 0_i128); names.len()];
    for (&code, &value) in codes.iter().zip(values) {
        let (customers, sum) = &mut sums[usize::from(code)];
        *customers += 1;
        // Within the total of the positive values, which did not overflow.
        *sum += value.max(0);
    }
    let summary = |(name, (customer_count, value)): (&String, (usize, i128))| ValueTierSummary {
        tier: name.clone(),
        customer_count,
        value: Money(value),
        value_share: if total == 0 { 0.0 } else { value as f64 / total as f64 },
    };
    names.iter().zip(sums).map(summary).collect()
}
