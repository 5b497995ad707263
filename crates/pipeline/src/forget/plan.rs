//! Which runs are made anew, and which only go.

use std::collections::{BTreeMap, BTreeSet};

use cartera_table::AsOf;

use crate::store::{ErasedRecord, PublishedRun, RunRef};

/// What becomes of the runs of one day.
#[derive(Debug)]
pub(super) struct Day {
    /// The run that is made anew.
    pub(super) replaced: Option<PublishedRun>,
    /// A run that was made anew before a kill, and the one in its place: the old one is still to go.
    pub(super) made_before: Option<(PublishedRun, PublishedRun)>,
    /// Runs that go.
    pub(super) deleted: Vec<PublishedRun>,
}

impl Day {
    /// All runs that go, made anew or not.
    pub(super) fn runs(&self) -> impl Iterator<Item = &PublishedRun> {
        let made_before = self.made_before.as_ref().map(|(old, _)| old);
        self.replaced.iter().chain(made_before).chain(&self.deleted)
    }
}

/// What becomes of runs, the oldest day first: each builds on the one before.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) days: Vec<Day>,
}

impl Plan {
    /// All runs from the first day on whose run knew an erased key, as far as they were made with that key or build on a
    /// run that was. Those that an interrupted erasure has made anew are left as they are.
    pub(super) fn new(runs: &[PublishedRun], record: &ErasedRecord) -> Self {
        let Some(from) = record.unfinished().filter_map(|erasure| erasure.from_as_of).min() else {
            return Self { days: Vec::new() };
        };
        let wanted = record.keys().content_hash();
        let there: BTreeSet<RunRef> = runs.iter().map(|run| run.reference).collect();
        let mut by_day: BTreeMap<AsOf, Vec<&PublishedRun>> = BTreeMap::new();
        for run in runs.iter().filter(|run| run.reference.as_of >= from) {
            by_day.entry(run.reference.as_of).or_default().push(run);
        }
        let mut gone: BTreeSet<RunRef> = BTreeSet::new();
        let mut days = Vec::new();
        for mut of_day in by_day.into_values() {
            of_day.sort_by_key(|run| run.reference);
            let newest = of_day.last().map(|run| run.reference);
            let is_stale = |run: &PublishedRun| {
                let builds_on = run.manifest.record.prior_state.filter(|prior| prior.as_of >= from);
                run.manifest.record.erased_keys.hash != wanted
                    || builds_on.is_some_and(|prior| gone.contains(&prior) || !there.contains(&prior))
            };
            let stale: Vec<PublishedRun> = of_day.into_iter().filter(|run| is_stale(run)).cloned().collect();
            gone.extend(stale.iter().map(|run| run.reference));
            let mut day = Day {
                replaced: None,
                made_before: None,
                deleted: Vec::new(),
            };
            for run in stale {
                let in_its_place = runs.iter().find(|other| replaces(other, &run));
                if Some(run.reference) == newest {
                    day.replaced = Some(run);
                } else if let Some(new) = in_its_place {
                    day.made_before = Some((run, new.clone()));
                } else {
                    day.deleted.push(run);
                }
            }
            if day.runs().next().is_some() {
                days.push(day);
            }
        }
        Self { days }
    }

    /// Deletes runs that cannot be made anew.
    pub(super) fn delete(&mut self, unrepeatable: &[RunRef]) {
        for day in &mut self.days {
            if day
                .replaced
                .as_ref()
                .is_some_and(|run| unrepeatable.contains(&run.reference))
            {
                day.deleted.extend(day.replaced.take());
            }
        }
    }
}

fn replaces(new: &PublishedRun, old: &PublishedRun) -> bool {
    let replacement = new.manifest.record.replaces.as_ref();
    replacement.is_some_and(|replacement| replacement.run == old.reference)
}
