//! Segments of both runs, and who went from one to another, whatever lies between the two nights.

use std::collections::{BTreeMap, HashMap};

use cartera_table::contracts::CustomerSegments;
use cartera_table::{Contract, TableError, frame};
use polars::prelude::DataFrame;
use serde::Serialize;

use super::models::ModelChanges;
use super::pairing::Pairing;
use super::read::columns_of_both;
use crate::error::PipelineError;
use crate::run::sections_that_define;
use crate::store::PublishedRun;

/// The number of a cluster, by which it is the same from night to night.
const CLUSTER_ID: &str = "cluster_id";
/// Its name, which each night gives it anew.
const CLUSTER: &str = "cluster";

/// One column of `customer_segments` in both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentationChanges {
    /// The column; clusters are told apart by their numbers and called by the names of the second run.
    pub segmentation: String,
    /// What else than the customers changed: a definition, or a model. Null where nothing did.
    pub because: Option<String>,
    /// Customers of both runs.
    pub stayed: u64,
    /// Of these, those in another segment.
    pub moved: u64,
    /// Segments with their customers, those with most in the second run first.
    pub sizes: Vec<SegmentSize>,
    /// Customers of both runs who went from one segment to another, the most first.
    pub moves: Vec<SegmentMove>,
}

/// A segment in both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentSize {
    /// The segment; null for customers in none.
    pub segment: Option<String>,
    /// Customers in the first run.
    pub before: u64,
    /// Customers in the second.
    pub after: u64,
}

/// Customers who went from one segment to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentMove {
    /// Their segment in the first run; null for none.
    pub from: Option<String>,
    /// Their segment in the second.
    pub to: Option<String>,
    /// How many.
    pub customers: u64,
}

pub(super) fn segmentations(
    before: &PublishedRun,
    after: &PublishedRun,
    pairing: &Pairing,
    models: &ModelChanges,
) -> Result<Vec<SegmentationChanges>, PipelineError> {
    let mut found = Vec::new();
    for column in CustomerSegments::INFO.columns {
        let changes = match column.name {
            "customer_id" | CLUSTER => None,
            CLUSTER_ID => clusters((before, after), pairing)?,
            name => by_text((before, after), pairing, name)?,
        };
        let Some(mut changes) = changes.filter(|changes| changes.sizes.iter().any(|size| size.segment.is_some()))
        else {
            continue;
        };
        changes.because = because((before, after), &changes.segmentation, models);
        found.push(changes);
    }
    Ok(found)
}

fn by_text(
    runs: (&PublishedRun, &PublishedRun),
    pairing: &Pairing,
    name: &str,
) -> Result<Option<SegmentationChanges>, PipelineError> {
    let Some((then, now)) = columns_of_both::<CustomerSegments>(runs, &[name])? else {
        return Ok(None);
    };
    let tally = Tally::of(
        pairing,
        frame::text(&then, name)?.iter(),
        frame::text(&now, name)?.iter(),
    );
    Ok(Some(tally.changes(name, |segment| segment.map(str::to_owned))))
}

fn clusters(
    runs: (&PublishedRun, &PublishedRun),
    pairing: &Pairing,
) -> Result<Option<SegmentationChanges>, PipelineError> {
    let Some((then, now)) = columns_of_both::<CustomerSegments>(runs, &[CLUSTER_ID, CLUSTER])? else {
        return Ok(None);
    };
    let mut names = names_of_clusters(&then)?;
    names.extend(names_of_clusters(&now)?);
    let (then, now) = (frame::int32(&then, CLUSTER_ID)?, frame::int32(&now, CLUSTER_ID)?);
    let name_of = |id: Option<i32>| {
        let id = id?;
        Some(format!("{id} {}", names.get(&id).map_or("", String::as_str)))
    };
    Ok(Some(
        Tally::of(pairing, then.iter(), now.iter()).changes(CLUSTER, name_of),
    ))
}

fn names_of_clusters(segments: &DataFrame) -> Result<BTreeMap<i32, String>, TableError> {
    let mut names = BTreeMap::new();
    let ids = frame::int32(segments, CLUSTER_ID)?.iter();
    for (id, name) in ids.zip(frame::text(segments, CLUSTER)?.iter()) {
        if let (Some(id), Some(name)) = (id, name)
            && !names.contains_key(&id)
        {
            names.insert(id, name.to_owned());
        }
    }
    Ok(names)
}

/// Customers by what they were and are.
struct Tally<K> {
    before: HashMap<Option<K>, u64>,
    after: HashMap<Option<K>, u64>,
    moves: HashMap<(Option<K>, Option<K>), u64>,
    stayed: u64,
}

impl<K: Copy + Ord + std::hash::Hash> Tally<K> {
    fn of(pairing: &Pairing, before: impl Iterator<Item = Option<K>>, after: impl Iterator<Item = Option<K>>) -> Self {
        let mut tally = Self {
            before: HashMap::new(),
            after: HashMap::new(),
            moves: HashMap::new(),
            stayed: 0,
        };
        for (then, now) in pairing.walk(before, after) {
            if let Some(then) = then {
                *tally.before.entry(then).or_insert(0) += 1;
            }
            if let Some(now) = now {
                *tally.after.entry(now).or_insert(0) += 1;
            }
            if let (Some(then), Some(now)) = (then, now) {
                tally.stayed += 1;
                if then != now {
                    *tally.moves.entry((then, now)).or_insert(0) += 1;
                }
            }
        }
        tally
    }

    fn changes(self, segmentation: &str, name_of: impl Fn(Option<K>) -> Option<String>) -> SegmentationChanges {
        let mut segments: Vec<Option<K>> = self.before.keys().chain(self.after.keys()).copied().collect();
        segments.sort_unstable();
        segments.dedup();
        let count = |of: &HashMap<Option<K>, u64>, segment| of.get(segment).copied().unwrap_or(0);
        let sizes = segments.iter().map(|segment| SegmentSize {
            segment: name_of(*segment),
            before: count(&self.before, segment),
            after: count(&self.after, segment),
        });
        let mut sizes: Vec<SegmentSize> = sizes.collect();
        // Equal ones stay in the order of their names.
        sizes.sort_by_key(|size| std::cmp::Reverse(size.after));
        let mut moves: Vec<_> = self.moves.into_iter().collect();
        moves.sort_unstable_by_key(|(from_to, customers)| (std::cmp::Reverse(*customers), *from_to));
        SegmentationChanges {
            segmentation: segmentation.to_owned(),
            because: None,
            stayed: self.stayed,
            moved: moves.iter().map(|(_, customers)| customers).sum(),
            sizes,
            moves: moves
                .into_iter()
                .map(|((from, to), customers)| SegmentMove {
                    from: name_of(from),
                    to: name_of(to),
                    customers,
                })
                .collect(),
        }
    }
}

/// What else than the customers can have moved them.
fn because(
    (before, after): (&PublishedRun, &PublishedRun),
    segmentation: &str,
    models: &ModelChanges,
) -> Option<String> {
    let (then, now) = (&before.manifest.record.parameters, &after.manifest.record.parameters);
    let sections = sections_that_define(segmentation);
    let changed: Vec<&str> = sections
        .iter()
        .copied()
        .filter(|section| then[section] != now[section])
        .collect();
    if !changed.is_empty() {
        return Some(format!(
            "[{}] of the pipeline defines it otherwise",
            changed.join("], [")
        ));
    }
    match segmentation {
        CLUSTER => models
            .clusters
            .as_ref()
            .filter(|clusters| clusters.is_other())
            .map(|clusters| {
                format!(
                    "the model of {} took the place of that of {}",
                    clusters.fitted_as_of, clusters.fitted_as_of_before
                )
            }),
        "lifecycle_stage" | "value_tier" | "pareto_class_vin" => models
            .purchase_model_changed()
            .map(|(then, now)| format!("lifetime value is by {now} and was by {then}")),
        _ => None,
    }
}
