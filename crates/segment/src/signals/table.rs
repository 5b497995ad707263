//! The stage: features and segments in, signals out.

use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Signals};
use cartera_table::{AsOf, ColumnType, Table, TableError, frame};
use polars::prelude::{DataFrame, Float64Chunked, Int32Chunked, IntoColumn, NewChunkedArray, StringChunked};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::base::Base;
use super::before::{PriorFeatures, PriorSignals, SignalsBefore};
use super::cells::Stretch;
use super::check::SignalsValidParams;
use super::evidence::measure_name;
use super::hits::{Hit, Hits};
use super::rule::{Layout, Measure, Rule};
use super::strength::settle;
use super::summary::SignalsSummary;
use crate::error::SegmentError;

/// Customers that are looked at together. Fixed, so that it cannot change a result; their columns stay in the cache.
const STRETCH: usize = 16_384;

/// The signals of all customers.
#[derive(Debug)]
pub struct FoundSignals {
    /// One row a customer and signal.
    pub table: Table<Signals>,
    /// The same in figures.
    pub summary: SignalsSummary,
}

/// Looks which customers the rules take. `segments` has the customers of `features`, in their order; what the run
/// before does not tell is not known.
///
/// # Errors
/// When the two tables have other customers, a sum overflows, or a table breaks its contract.
pub fn signals(
    features: &Table<CustomerFeatures>,
    segments: &Table<CustomerSegments>,
    before: Option<SignalsBefore<'_>>,
    as_of: AsOf,
    params: &SignalsValidParams,
) -> Result<FoundSignals, SegmentError> {
    let SignalsValidParams { rules, layout } = params;
    let frames = [features.frame(), segments.frame()];
    let ids = frame::text(features.frame(), "customer_id")?;
    if !ids.iter().eq(frame::text(segments.frame(), "customer_id")?.iter()) {
        return Err(SegmentError::OtherCustomers);
    }
    let prior = before.and_then(|before| Some((before.features?, as_of.epoch_days() - before.as_of.epoch_days())));
    let prior = prior
        .map(|(before, days_ago)| PriorFeatures::new(features.frame(), before, layout, days_ago))
        .transpose()?;
    let mut all = find(frames, rules, layout, prior.as_ref())?;
    settle(rules, &mut all);

    let mut walked = match before.and_then(|before| before.signals) {
        Some(signals) => Some(PriorSignals::new(signals)?),
        None => None,
    };
    let today = as_of.epoch_days();
    let earliest = walked.as_ref().and(before).map(|before| before.as_of.epoch_days() + 1);
    let mut new = vec![0; rules.len()];
    let mut since = Vec::new();
    for hit in all.iter().flat_map(|found| &found.hits) {
        let customer = ids.get(hit.row as usize).unwrap_or_default();
        let rule = usize::from(hit.rule);
        let known = walked
            .as_mut()
            .and_then(|walked| walked.since(customer, &rules[rule].name));
        since.push(known.unwrap_or_else(|| {
            new[rule] += 1;
            let told = today - hit.days.unwrap_or_default();
            earliest.map_or(told, |earliest| told.max(earliest)).min(today)
        }));
    }
    let summary = SignalsSummary::new(rules, &all, &new, walked).ok_or_else(|| SegmentError::Overflow {
        column: "value_at_stake".to_owned(),
    })?;
    Ok(FoundSignals {
        table: table(ids, rules, layout, all, &since)?,
        summary,
    })
}

/// Stretch by stretch, in their order.
fn find(
    frames: [&DataFrame; 2],
    rules: &[Rule],
    layout: &Layout,
    prior: Option<&PriorFeatures>,
) -> Result<Vec<Hits>, TableError> {
    let base = Base::new(frames, layout)?;
    let height = frames[0].height();
    (0..height.div_ceil(STRETCH))
        .into_par_iter()
        .map(|place| {
            let start = place * STRETCH;
            let bounds = (start, STRETCH.min(height - start));
            Hits::of(rules, &Stretch::new(frames, layout, &base, prior, bounds)?)
        })
        .collect()
}

/// Stretch by stretch, each of which is given up for its rows: the texts of the evidence are held once.
fn table(
    ids: &StringChunked,
    rules: &[Rule],
    layout: &Layout,
    all: Vec<Hits>,
    mut since: &[i32],
) -> Result<Table<Signals>, TableError> {
    let measures = measures(&all, layout);
    let columns_of = SignalColumns { ids, rules, measures };
    let mut frame = columns_of.frame(Hits::default(), &[])?;
    for found in all {
        let (of_stretch, rest) = since.split_at(found.hits.len());
        since = rest;
        frame.vstack_mut_owned(columns_of.frame(found, of_stretch)?)?;
    }
    // The texts stay where they are.
    frame.rechunk_mut();
    Table::new(frame)
}

/// What the rows of a stretch are made with.
struct SignalColumns<'s> {
    ids: &'s StringChunked,
    rules: &'s [Rule],
    measures: Vec<(Measure, String)>,
}

impl SignalColumns<'_> {
    fn frame(&self, Hits { hits, evidence }: Hits, since: &[i32]) -> Result<DataFrame, TableError> {
        let of_rule = |name: &str, word: &dyn Fn(&Rule) -> &str| {
            let words = hits.iter().map(|hit| word(&self.rules[usize::from(hit.rule)]));
            StringChunked::from_iter_values(name.into(), words).into_column()
        };
        let number = |name: &str, value: &dyn Fn(&Hit) -> f64| {
            let numbers = hits
                .iter()
                .map(|hit| Some(value(hit)).filter(|number| !number.is_nan()));
            Float64Chunked::from_iter_options(name.into(), numbers).into_column()
        };
        let customers = hits
            .iter()
            .map(|hit| self.ids.get(hit.row as usize).unwrap_or_default());
        let measure = hits
            .iter()
            .map(|hit| hit.measure.and_then(|measure| self.measure(measure)));
        let columns = vec![
            StringChunked::from_iter_values("customer_id".into(), customers).into_column(),
            of_rule("signal", &|rule| &rule.name),
            of_rule("kind", &|rule| rule.kind.slug()),
            frame::date_column("since", Int32Chunked::from_slice("since".into(), since)),
            number("strength", &|hit| hit.strength),
            frame::optional_decimal_column(
                "value_at_stake",
                hits.iter().map(|hit| hit.value_at_stake),
                ColumnType::SUM,
            ),
            StringChunked::from_iter_options("measure".into(), measure).into_column(),
            number("measured", &|hit| hit.measured),
            number("threshold", &|hit| hit.threshold),
            evidence.into_column(),
            of_rule("suggested_action", &|rule| &rule.action),
        ];
        Ok(DataFrame::new(hits.len(), columns)?)
    }

    fn measure(&self, measure: Measure) -> Option<&str> {
        let known = self.measures.iter().find(|(known, _)| *known == measure);
        known.map(|(_, name)| name.as_str())
    }
}

/// The few measures that there are, with their names.
fn measures(all: &[Hits], layout: &Layout) -> Vec<(Measure, String)> {
    let mut known: Vec<(Measure, String)> = Vec::new();
    for measure in all.iter().flat_map(|found| &found.hits).filter_map(|hit| hit.measure) {
        if !known.iter().any(|(other, _)| *other == measure) {
            known.push((measure, measure_name(layout, measure)));
        }
    }
    known
}
