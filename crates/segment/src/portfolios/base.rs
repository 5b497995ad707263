//! The customers as plain vectors: who is eligible, what they are worth, what work they make, where they are.

use cartera_table::contracts::{CustomerFeatures, CustomerSegments};
use cartera_table::{Contract, Table, TableError, frame};
use polars::prelude::{DataFrame, StringChunked};
use rayon::slice::ParallelSliceMut;

use super::coverage::{Market, Named};
use super::params::{PortfolioValidParams, WhoParams, Workload};
use super::reason::Reason;
use crate::columns;
use crate::error::SegmentError;
use crate::values::{FeatureValues, Numbers};

/// Ranked by in place of a measure that nobody has.
const FALLBACK: &str = "net_sales";
/// The most work of a customer, so that that of all can be added: a hundred thousand million units.
const MOST_WORK: u128 = 1_000_000_000_000_000;

/// All customers of `customer_features`, by row.
#[derive(Debug)]
pub(crate) struct Base {
    /// The column that customers are ranked by.
    pub(crate) measure: &'static str,
    /// Rows of the eligible customers, the most valuable first.
    pub(crate) order: Vec<u32>,
    /// Zero where the customer has none.
    pub(crate) values: Vec<i128>,
    /// Who has a value; none where all have.
    pub(crate) present: Option<Vec<bool>>,
    /// In ten-thousandths.
    pub(crate) workloads: Vec<u64>,
    /// Codes of [`Named::code`].
    pub(crate) markets: Vec<u32>,
    /// Why customers are not eligible; of those who are it means nothing yet.
    pub(crate) reasons: Vec<Reason>,
}

impl Base {
    pub(crate) fn new(
        features: &Table<CustomerFeatures>,
        segments: &Table<CustomerSegments>,
        named: &Named,
        params: &PortfolioValidParams,
    ) -> Result<Self, SegmentError> {
        let (features, segments) = (features.frame(), Labelled::of(segments)?);
        let left_out = segments.left_out(&params.who);
        let eligible: Vec<u32> = (0..left_out.len() as u32)
            .filter(|&row| left_out[row as usize].is_none())
            .collect();
        let mut measure = params.value;
        let mut read = read(features, measure)?;
        if measure != FALLBACK && !eligible.iter().any(|&row| read.is_present(row as usize)) {
            measure = FALLBACK;
            read = self::read(features, measure)?;
        }
        let (values, present) = plain(read);
        Ok(Self {
            measure,
            order: ranked(eligible, &values, present.as_deref()),
            values,
            present,
            workloads: workloads(features, &params.workload)?,
            markets: segments.markets(frame::text(features, params.territory)?, named),
            reasons: left_out
                .into_iter()
                .map(|reason| reason.unwrap_or(Reason::New))
                .collect(),
        })
    }

    /// The customer's value; none where it is not known.
    pub(crate) fn value(&self, row: usize) -> Option<i128> {
        let is_present = self.present.as_ref().is_none_or(|present| present[row]);
        is_present.then(|| self.values[row])
    }
}

/// Rows by value, the highest first, without one last; equal ones by row, which is the order of ids.
fn ranked(mut rows: Vec<u32>, values: &[i128], present: Option<&[bool]>) -> Vec<u32> {
    let key = |row: u32| {
        let row = row as usize;
        (present.is_none_or(|present| present[row]), values[row])
    };
    rows.par_sort_unstable_by(|&left, &right| key(right).cmp(&key(left)).then(left.cmp(&right)));
    rows
}

fn read(features: &DataFrame, measure: &str) -> Result<FeatureValues, SegmentError> {
    let column = CustomerFeatures::INFO
        .column(measure)
        .ok_or_else(|| TableError::MissingColumn {
            table: CustomerFeatures::INFO.name.into(),
            column: measure.into(),
        })?;
    Ok(columns::read(features, column)?)
}

/// The values, with zero where there is none.
fn plain(read: FeatureValues) -> (Vec<i128>, Option<Vec<bool>>) {
    let mut values = match read.numbers {
        Numbers::Exact { unscaled, .. } => unscaled,
        // Only columns of exact money can be a measure.
        Numbers::Real(values) => vec![0; values.len()],
    };
    for (value, _) in values
        .iter_mut()
        .zip(read.present.iter().flatten())
        .filter(|(_, present)| !**present)
    {
        *value = 0;
    }
    (values, read.present)
}

/// The work of each customer, in ten-thousandths.
fn workloads(features: &DataFrame, workload: &Workload) -> Result<Vec<u64>, SegmentError> {
    let mut workloads = vec![workload.per_customer; features.height()];
    for &(column, weight) in &workload.per {
        let (counts, _) = plain(columns::read(features, column)?);
        for (workload, count) in workloads.iter_mut().zip(counts) {
            let count = u128::try_from(count).unwrap_or_default().min(MOST_WORK);
            let sum = u128::from(*workload) + count * u128::from(weight);
            *workload = u64::try_from(sum.min(MOST_WORK)).unwrap_or(u64::MAX);
        }
    }
    Ok(workloads)
}

/// The segments that decide who is eligible, and who takes whom.
struct Labelled<'s> {
    lifecycle_stages: &'s StringChunked,
    value_tiers: &'s StringChunked,
    rfm_segments: &'s StringChunked,
}

impl<'s> Labelled<'s> {
    fn of(segments: &'s Table<CustomerSegments>) -> Result<Self, TableError> {
        let rows = segments.frame();
        Ok(Self {
            lifecycle_stages: frame::text(rows, "lifecycle_stage")?,
            value_tiers: frame::text(rows, "value_tier")?,
            rfm_segments: frame::text(rows, "rfm_segment")?,
        })
    }

    /// What leaves a customer out; none of those who are eligible.
    fn left_out(&self, who: &WhoParams) -> Vec<Option<Reason>> {
        let is_in = |list: &[String], value: Option<&str>| {
            list.is_empty() || list.iter().any(|listed| Some(listed.as_str()) == value)
        };
        let segments = self.value_tiers.iter().zip(self.rfm_segments.iter());
        let rows = self.lifecycle_stages.iter().zip(segments);
        rows.map(|(stage, (tier, segment))| {
            if !is_in(&who.lifecycle_stages, stage) {
                Some(Reason::LifecycleStage)
            } else if !is_in(&who.value_tiers, tier) {
                Some(Reason::ValueTier)
            } else if !is_in(&who.rfm_segments, segment) {
                Some(Reason::RfmSegment)
            } else {
                None
            }
        })
        .collect()
    }

    fn markets(&self, territories: &StringChunked, named: &Named) -> Vec<u32> {
        let segments = self.value_tiers.iter().zip(self.rfm_segments.iter());
        let rows = territories.iter().zip(segments);
        rows.map(|(territory, (tier, segment))| {
            named.code(Market {
                territory: named.territories.code(territory),
                value_tier: named.value_tiers.code(tier),
                rfm_segment: named.rfm_segments.code(segment),
            })
        })
        .collect()
    }
}
