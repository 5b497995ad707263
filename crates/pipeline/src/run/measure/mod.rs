//! What a published list did: its customers as they were assigned, against what they bought since.

mod assigned;
mod bought;

use cartera_activation::measure::{
    Contrast, MeasureError, Outcome, OutcomeKind, OutcomeSums, Study, StudyCell, Warning, measure,
};
use cartera_normalize::Horizon;
use cartera_table::{AsOf, Date};
use rayon::ThreadPoolBuilder;

use super::scratch::Scratch;
use super::{RunContext, RunOptions};
use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::measure::{Against, ListMeasureRequest, ListOutcome, MeasureReport, MeasureRequestError, MeasureWindow};
use crate::store::Warehouse;
use assigned::{Arm, Assigned};
use bought::Bought;

/// Net sales of the window whose cost may be unknown without a word.
const UNKNOWN_MARGIN_SHARE: f64 = 0.01;

/// Compares the customers of a published list with those held out of it, by what the pipeline's sources tell of the
/// days since. Nothing is published and no run is touched.
///
/// # Errors
/// When no run assigned such a list before the window, or a source cannot be read.
pub fn measure_list(
    config: &PipelineConfig,
    options: &RunOptions,
    request: &ListMeasureRequest,
    context: RunContext<'_>,
) -> Result<MeasureReport, PipelineError> {
    let warehouse = Warehouse::open(options.warehouse.as_ref().unwrap_or(&config.warehouse))?;
    let assigned = Assigned::read(&warehouse, request)?;
    let as_of = assigned.run.as_of;
    let from = match request.from {
        Some(from) if AsOf(from) <= as_of => {
            let run = assigned.run;
            return Err(MeasureRequestError::BeforeAssignment { from, run }.into());
        }
        Some(from) => from,
        None => as_of.0.tomorrow().unwrap_or(Date::MAX),
    };
    let today = config.time_zone.to_datetime(context.clock.now()).date();
    let horizon = match request.to {
        Some(to) => Horizon::Through(AsOf(to)),
        None => Horizon::LatestUntil(today),
    };
    let scratch = Scratch::new(config, options, horizon, context)?;
    let work = scratch.work();
    let threads = options.threads;
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| PipelineError::Threads {
        threads,
        message: error.to_string(),
    })?;
    let bought = pool.install(|| Bought::read(&work, &assigned, from, request.to, today))?;
    let (to, last_day) = (bought.to, bought.last_day);
    if from > to || from > last_day {
        return Err(MeasureRequestError::EmptyWindow { from, to, last_day }.into());
    }
    let outcomes = outcomes(request, &assigned, &bought)?;
    let arms = arms(request, &assigned);
    let study = study(request, &assigned, &bought, &outcomes, &arms)?;
    let mut measurement = measure(&study).map_err(MeasureRequestError::from)?;
    warn(&mut measurement.warnings, &assigned, &bought, &outcomes);
    let with_orders = |arm: &Arm| {
        let customers = assigned.arms.iter().zip(&bought.customers);
        customers
            .filter(|(of, customer)| *of == arm && customer.orders > 0)
            .count() as u64
    };
    Ok(MeasureReport {
        subject: request.list.clone(),
        units: outcomes
            .iter()
            .map(|outcome| match outcome {
                ListOutcome::Sales | ListOutcome::Margin => Some(config.currency.to_string()),
                ListOutcome::Buyers | ListOutcome::Orders | ListOutcome::Response => None,
            })
            .collect(),
        window: Some(MeasureWindow {
            run: assigned.run,
            from,
            to,
            last_day,
            with_orders: arms.iter().map(with_orders).collect(),
        }),
        study,
        measurement,
        by: request.by.clone(),
    })
}

/// Those asked for, or those that there is data for.
fn outcomes(
    request: &ListMeasureRequest,
    assigned: &Assigned,
    bought: &Bought,
) -> Result<Vec<ListOutcome>, MeasureRequestError> {
    let missing = |outcome: ListOutcome| match outcome {
        ListOutcome::Margin if !bought.has_costs => Some("no source tells what goods cost"),
        ListOutcome::Response if assigned.campaign_id.is_none() => {
            Some("the list names no campaign_id that answers could belong to")
        }
        ListOutcome::Response if bought.has_no_interactions => Some("no source has interactions"),
        _ => None,
    };
    if request.outcomes.is_empty() {
        // Lists without a campaign of their own have no answers, which says nothing.
        let is_empty = |outcome: ListOutcome| {
            outcome == ListOutcome::Response && !bought.customers.iter().any(|customer| customer.has_answered)
        };
        let known = ListOutcome::ALL.into_iter();
        return Ok(known
            .filter(|outcome| missing(*outcome).is_none() && !is_empty(*outcome))
            .collect());
    }
    let mut outcomes: Vec<ListOutcome> = Vec::new();
    for &outcome in &request.outcomes {
        if let Some(reason) = missing(outcome) {
            let outcome = outcome.slug();
            return Err(MeasureRequestError::NoData { outcome, reason });
        }
        if !outcomes.contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

/// The arms that are looked at, the contacted first. The list's control group always is, so that one that is missing is
/// told of; that of all lists where it is asked for or there.
fn arms(request: &ListMeasureRequest, assigned: &Assigned) -> Vec<Arm> {
    let mut arms = vec![Arm::Contact];
    let has = |arm: Arm| assigned.arms.contains(&arm);
    match request.against {
        Some(Against::Control) => arms.push(Arm::Control),
        Some(Against::GlobalControl) => arms.push(Arm::GlobalControl),
        None => {
            let has_global = has(Arm::GlobalControl);
            if has(Arm::Control) || !has_global {
                arms.push(Arm::Control);
            }
            if has_global {
                arms.push(Arm::GlobalControl);
            }
        }
    }
    arms
}

fn study(
    request: &ListMeasureRequest,
    assigned: &Assigned,
    bought: &Bought,
    outcomes: &[ListOutcome],
    arms: &[Arm],
) -> Result<Study, MeasureRequestError> {
    let segments = assigned.segment_names.len();
    let mut cells: Vec<StudyCell> = Vec::with_capacity(segments * arms.len());
    for segment in &assigned.segment_names {
        cells.extend((0..arms.len()).map(|arm| StudyCell {
            segment: segment.clone(),
            arm,
            customers: 0,
            outcomes: vec![OutcomeSums::default(); outcomes.len()],
        }));
    }
    for (row, of) in assigned.arms.iter().enumerate() {
        let Some(arm) = arms.iter().position(|arm| arm == of) else {
            continue;
        };
        let cell = &mut cells[assigned.segments[row] as usize * arms.len() + arm];
        cell.customers += 1;
        let customer = &bought.customers[row];
        for (sums, outcome) in cell.outcomes.iter_mut().zip(outcomes) {
            let value = match outcome {
                ListOutcome::Buyers => i64::from(customer.orders > 0),
                ListOutcome::Orders => customer.orders,
                ListOutcome::Sales => customer.net_sales,
                ListOutcome::Margin => customer.margin,
                ListOutcome::Response => i64::from(customer.has_answered),
            };
            *sums = sums
                .with(value, one_of(*outcome))
                .ok_or_else(|| MeasureError::TooLarge {
                    outcome: outcome.slug().to_owned(),
                })?;
        }
    }
    cells.retain(|cell| cell.customers > 0);
    let outcome = |outcome: &ListOutcome| Outcome {
        name: outcome.slug().to_owned(),
        kind: match outcome {
            ListOutcome::Buyers | ListOutcome::Response => OutcomeKind::Rate,
            ListOutcome::Orders | ListOutcome::Sales | ListOutcome::Margin => OutcomeKind::Mean,
        },
        one: one_of(*outcome),
        margin_share: (*outcome == ListOutcome::Margin).then_some(1.0),
    };
    Ok(Study {
        arms: arms.iter().map(|arm| arm.slug().to_owned()).collect(),
        outcomes: outcomes.iter().map(outcome).collect(),
        cells,
        by_segment: request.by.is_some(),
        contrasts: (1..arms.len()).map(|against| Contrast { arm: 0, against }).collect(),
        designed_shares: assigned.drawn_shares(arms),
        cost_per_contact: assigned.cost_per_contact,
        confidence: request.confidence,
    })
}

/// How the value 1 is written: money in ten-thousandths.
fn one_of(outcome: ListOutcome) -> i64 {
    match outcome {
        ListOutcome::Sales | ListOutcome::Margin => 10_000,
        ListOutcome::Buyers | ListOutcome::Orders | ListOutcome::Response => 1,
    }
}

#[expect(clippy::cast_precision_loss, reason = "for a share of a warning")]
fn warn(warnings: &mut Vec<Warning>, assigned: &Assigned, bought: &Bought, outcomes: &[ListOutcome]) {
    if bought.to > bought.last_day {
        warnings.insert(
            0,
            Warning::WindowNotOver {
                to: bought.to,
                last_day: bought.last_day,
            },
        );
    }
    let customers = bought.customers.iter().filter(|customer| !customer.is_known).count() as u64;
    if customers > 0 {
        warnings.push(Warning::UnknownCustomers {
            customers,
            assigned: assigned.arms.len() as u64,
        });
    }
    let (sales, uncosted) = (bought.net_sales as f64, bought.uncosted_sales as f64);
    if outcomes.contains(&ListOutcome::Margin) && uncosted.abs() > UNKNOWN_MARGIN_SHARE * sales.abs() {
        warnings.push(Warning::MarginUnknown {
            share: uncosted / sales,
        });
    }
}
