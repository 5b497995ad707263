//! Several arms, outcomes and segments, measured together.

use std::collections::BTreeMap;

use thiserror::Error;

use super::comparison::{Comparison, Interval, Investment};
use super::holm::holm;
use super::means::compare_means;
use super::rates::{compare_rates, has_few_events};
use super::sample_ratio::{SampleRatio, sample_ratio};
use super::sums::OutcomeSums;
use super::warning::Warning;

/// Groups below it are warned of.
const FEW_CUSTOMERS: u64 = 100;
/// Customers with another value than zero, in the smaller group, below which a mean is far from normal.
const FEW_NONZERO: u64 = 30;
/// Money of contacts is written in ten-thousandths.
const MONEY_ONE: f64 = 10_000.0;

/// What is measured of customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// How groups are compared.
    pub kind: OutcomeKind,
    /// How the value 1 is written; values are whole numbers.
    pub one: i64,
    /// The part of it that is margin, where it is money that pays for contacts.
    pub margin_share: Option<f64>,
}

/// How groups are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    /// By the share of customers who did it.
    Rate,
    /// By the mean over all customers.
    Mean,
}

impl OutcomeKind {
    /// A stable name, for machines.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Mean => "mean",
        }
    }
}

/// The customers of an arm and a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyCell {
    /// The segment; empty where nobody asks for segments.
    pub segment: String,
    /// The place of the arm.
    pub arm: usize,
    /// Customers assigned.
    pub customers: u64,
    /// One for each outcome.
    pub outcomes: Vec<OutcomeSums>,
}

/// An arm against the one that was held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contrast {
    /// The place of the treated arm.
    pub arm: usize,
    /// The place of the arm that it is compared with.
    pub against: usize,
}

/// What is measured, of whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// The names of the arms.
    pub arms: Vec<String>,
    /// What is measured.
    pub outcomes: Vec<Outcome>,
    /// The customers, in any order.
    pub cells: Vec<StudyCell>,
    /// Whether results by segment are asked for.
    pub by_segment: bool,
    /// Which arms are compared.
    pub contrasts: Vec<Contrast>,
    /// Arms with the shares that they were drawn to have among each other; empty where that is not known.
    pub designed_shares: Vec<(usize, f64)>,
    /// Cost of a contact in ten-thousandths, where it is known.
    pub cost_per_contact: Option<i64>,
    /// Confidence of intervals, such as 0.95.
    pub confidence: f64,
}

/// How many customers an arm has.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmSize {
    /// Its name.
    pub arm: String,
    /// Customers assigned.
    pub customers: u64,
}

/// One outcome of one arm against another, overall or in a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeResult {
    /// The place of the outcome.
    pub outcome: usize,
    /// Who is compared.
    pub contrast: Contrast,
    /// The segment; none overall.
    pub segment: Option<String>,
    /// What the treated did.
    pub treated: OutcomeSums,
    /// What those held out did.
    pub control: OutcomeSums,
    /// The comparison.
    pub comparison: Comparison,
    /// Holm's p-value among the segments of this outcome and arm; none overall.
    pub adjusted_p_value: Option<f64>,
    /// What the treated did more than they would have done: difference times treated customers.
    pub incremental: Option<f64>,
    /// Interval of it.
    pub incremental_interval: Option<Interval>,
    /// What contacts cost and brought, where the outcome is margin and a contact has a cost.
    pub investment: Option<Investment>,
    /// Whether so few did it that interval and test are rough.
    pub is_rough: bool,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// The arms with their sizes.
    pub arms: Vec<ArmSize>,
    /// The sizes against the designed shares, where these are known.
    pub sample_ratio: Option<SampleRatio>,
    /// All results: by outcome and contrast, first overall and then by segment in the order of their names.
    pub results: Vec<OutcomeResult>,
    /// Reasons for care.
    pub warnings: Vec<Warning>,
}

/// Why nothing was measured.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum MeasureError {
    /// The confidence is none.
    #[error("a confidence of {confidence} is none: write a number above 0 and below 1, such as 0.95")]
    Confidence {
        /// What was asked for.
        confidence: f64,
    },
    /// Sums do not fit.
    #[error("the values of {outcome} are too large to be added up exactly")]
    TooLarge {
        /// The outcome.
        outcome: String,
    },
}

/// Measures everything.
///
/// # Errors
/// When the confidence is no share, or sums do not fit.
pub fn measure(study: &Study) -> Result<Measurement, MeasureError> {
    let confidence = study.confidence;
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(MeasureError::Confidence { confidence });
    }
    let mut segments: BTreeMap<&str, Vec<OutcomeSums>> = BTreeMap::new();
    let width = study.outcomes.len();
    let nothing = || vec![OutcomeSums::default(); study.arms.len() * width];
    let mut overall = nothing();
    let mut customers = vec![0; study.arms.len()];
    for cell in &study.cells {
        customers[cell.arm] += cell.customers;
        let of_segment = segments.entry(&cell.segment).or_insert_with(nothing);
        for (place, sums) in cell.outcomes.iter().enumerate() {
            add(study, &mut overall, cell.arm, place, *sums)?;
            add(study, of_segment, cell.arm, place, *sums)?;
        }
    }
    let mut found = Measurement {
        arms: study
            .arms
            .iter()
            .zip(&customers)
            .map(|(arm, &customers)| ArmSize {
                arm: arm.clone(),
                customers,
            })
            .collect(),
        sample_ratio: None,
        results: Vec::new(),
        warnings: Vec::new(),
    };
    look_at_sizes(study, &customers, &mut found);
    for outcome in 0..width {
        look_at_missing(study, &overall, outcome, &mut found.warnings);
        for &contrast in &study.contrasts {
            let result = |sums: &[OutcomeSums], segment: Option<&str>| {
                let of = |arm: usize| sums[arm * width + outcome];
                compared(
                    study,
                    outcome,
                    contrast,
                    segment,
                    of(contrast.arm),
                    of(contrast.against),
                )
            };
            let all = result(&overall, None);
            let mut by_segment: Vec<OutcomeResult> = Vec::new();
            if study.by_segment {
                by_segment.extend(segments.iter().map(|(segment, sums)| result(sums, Some(segment))));
            }
            let p_values: Vec<Option<f64>> = by_segment.iter().map(|result| result.comparison.p_value).collect();
            for (result, adjusted) in by_segment.iter_mut().zip(holm(&p_values)) {
                result.adjusted_p_value = adjusted;
            }
            look_at_result(study, &all, &by_segment, &mut found.warnings);
            found.results.push(all);
            found.results.append(&mut by_segment);
        }
    }
    Ok(found)
}

fn add(
    study: &Study,
    into: &mut [OutcomeSums],
    arm: usize,
    outcome: usize,
    sums: OutcomeSums,
) -> Result<(), MeasureError> {
    let place = &mut into[arm * study.outcomes.len() + outcome];
    *place = place.and(sums).ok_or_else(|| MeasureError::TooLarge {
        outcome: study.outcomes[outcome].name.clone(),
    })?;
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of customers, and money that is not kept"
)]
fn compared(
    study: &Study,
    outcome: usize,
    contrast: Contrast,
    segment: Option<&str>,
    treated: OutcomeSums,
    control: OutcomeSums,
) -> OutcomeResult {
    let of = &study.outcomes[outcome];
    let comparison = match of.kind {
        OutcomeKind::Rate => compare_rates(&treated, &control, study.confidence),
        OutcomeKind::Mean => compare_means(&treated, &control, of.one, study.confidence),
    };
    let customers = treated.customers() as f64;
    let incremental = comparison.difference.map(|difference| difference * customers);
    let incremental_interval = comparison
        .difference_interval
        .map(|interval| interval.scaled(customers));
    let margin = of.margin_share.zip(incremental);
    let investment = study.cost_per_contact.zip(margin).and_then(|(cost, (share, more))| {
        let contacts = i128::from(treated.customers() + treated.missing());
        let cost = (i128::from(cost) * contacts) as f64 / MONEY_ONE;
        let interval = incremental_interval.map(|interval| interval.scaled(share));
        Investment::new(more * share, interval, cost)
    });
    let is_rough = match of.kind {
        OutcomeKind::Rate => has_few_events(&treated, &control),
        OutcomeKind::Mean => treated.nonzero().min(control.nonzero()) < FEW_NONZERO,
    };
    OutcomeResult {
        outcome,
        contrast,
        segment: segment.map(str::to_owned),
        treated,
        control,
        comparison,
        adjusted_p_value: None,
        incremental,
        incremental_interval,
        investment,
        is_rough: is_rough && comparison.p_value.is_some(),
    }
}

fn look_at_sizes(study: &Study, customers: &[u64], found: &mut Measurement) {
    let controls: Vec<usize> = study.contrasts.iter().map(|contrast| contrast.against).collect();
    for (place, &size) in customers.iter().enumerate() {
        let arm = study.arms[place].clone();
        match size {
            0 if controls.contains(&place) => found.warnings.push(Warning::NoControl { control: arm }),
            0 => found.warnings.push(Warning::EmptyArm { arm }),
            customers @ 1..FEW_CUSTOMERS => found.warnings.push(Warning::FewCustomers { arm, customers }),
            _ => {}
        }
    }
    let groups = study
        .designed_shares
        .iter()
        .map(|&(arm, share)| (customers[arm], share));
    found.sample_ratio = sample_ratio(&groups.collect::<Vec<_>>());
    if let Some(ratio) = found.sample_ratio.filter(SampleRatio::is_broken) {
        let total: f64 = study.designed_shares.iter().map(|(_, share)| share).sum();
        let size = |&(arm, share): &(usize, f64)| {
            let percent = share / total * 100.0;
            format!("{} {} for {percent:.1} %", study.arms[arm], customers[arm])
        };
        let sizes: Vec<String> = study.designed_shares.iter().map(size).collect();
        found.warnings.push(Warning::BrokenRandomization {
            p_value: ratio.p_value,
            sizes: sizes.join(", "),
        });
    }
}

/// Tells of rows without an outcome, and whether they are lost by chance.
fn look_at_missing(study: &Study, overall: &[OutcomeSums], outcome: usize, warnings: &mut Vec<Warning>) {
    let of = |arm: usize| &overall[arm * study.outcomes.len() + outcome];
    let arms = 0..study.arms.len();
    if arms.clone().all(|arm| of(arm).missing() == 0) {
        return;
    }
    let rows = |arm: usize| {
        let all = of(arm).customers() + of(arm).missing();
        format!("{}: {} of {all}", study.arms[arm], of(arm).missing())
    };
    let lost = |arm: usize| OutcomeSums::of_rate(of(arm).customers() + of(arm).missing(), of(arm).missing());
    let differs = study.contrasts.iter().any(|contrast| {
        let found = compare_rates(&lost(contrast.arm), &lost(contrast.against), study.confidence);
        found
            .p_value
            .is_some_and(|p_value| p_value < super::sample_ratio::BROKEN_BELOW)
    });
    warnings.push(Warning::MissingOutcomes {
        outcome: study.outcomes[outcome].name.clone(),
        rows: arms.map(rows).collect::<Vec<_>>().join(", "),
        differs,
    });
}

fn look_at_result(study: &Study, all: &OutcomeResult, by_segment: &[OutcomeResult], warnings: &mut Vec<Warning>) {
    let outcome = &study.outcomes[all.outcome];
    let of = format!(
        "{}, {} against {}",
        outcome.name, study.arms[all.contrast.arm], study.arms[all.contrast.against]
    );
    let both_there = all.treated.customers() > 0 && all.control.customers() > 0;
    let found = &all.comparison;
    if both_there && found.p_value.is_none() {
        warnings.push(Warning::NoVariance { of: of.clone() });
    }
    if all.is_rough {
        warnings.push(Warning::FewEvents {
            of: of.clone(),
            segments: 0,
        });
    }
    let rough = by_segment.iter().filter(|result| result.is_rough).count();
    if rough > 0 {
        warnings.push(Warning::FewEvents {
            of: of.clone(),
            segments: rough,
        });
    }
    let is_shown = found.p_value.is_some_and(|p_value| p_value < 1.0 - study.confidence);
    if let Some(detectable) = found.detectable_difference.filter(|_| !is_shown) {
        let detectable = match outcome.kind {
            OutcomeKind::Rate => format!("{:.2} points", detectable * 100.0),
            OutcomeKind::Mean => format!("{detectable:.4} a customer"),
        };
        warnings.push(Warning::TooSmallToTell { of, detectable });
    }
}
