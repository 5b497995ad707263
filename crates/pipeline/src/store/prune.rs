//! Removes old runs, and never one that is needed.

use std::fs;
use std::path::Path;

use super::durable::{remove_any, sync_folder};
use super::error::StoreError;
use super::run_ref::RunRef;
use super::warehouse::{PublishedRun, RunListing, Warehouse};

/// The runs that may go, oldest first: all but the newest `keep_runs`, the current one and the
/// state that it names. Runs that cannot be read are neither counted nor removed.
pub(crate) fn removable(listing: &RunListing, keep_runs: usize) -> Vec<&PublishedRun> {
    let Some(current) = listing.current() else {
        return Vec::new();
    };
    let needed = |run: &PublishedRun| {
        run.reference == current.reference || current.manifest.record.prior_state == Some(run.reference)
    };
    listing
        .runs
        .iter()
        .skip(keep_runs)
        .filter(|run| !needed(run))
        .rev()
        .collect()
}

/// Removes them. Each leaves the runs by one rename into the staging folder, so that a kill leaves
/// it either whole among the runs or among the left-overs that the next run removes.
pub(crate) fn prune(warehouse: &Warehouse, staging: &Path, keep_runs: usize) -> Result<Vec<RunRef>, StoreError> {
    let listing = warehouse.runs()?;
    let mut removed = Vec::new();
    for run in removable(&listing, keep_runs) {
        remove(run, staging)?;
        removed.push(run.reference);
    }
    Ok(removed)
}

/// Removes one run.
pub(crate) fn remove(run: &PublishedRun, staging: &Path) -> Result<(), StoreError> {
    let doomed = staging.join(format!("pruned-{}-{}", run.reference.as_of, run.reference.run));
    fs::rename(&run.path, &doomed).map_err(StoreError::io("remove", &run.path))?;
    if let Some(day) = run.path.parent() {
        sync_folder(day)?;
        // Refused as long as the day has other runs, which is as it should be.
        let _ = fs::remove_dir(day);
    }
    remove_any(&doomed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::manifest::RunRecord;
    use crate::store::test_support::{as_of, publish_runs, write_links};

    fn references(runs: &[RunRef]) -> Vec<String> {
        runs.iter().map(ToString::to_string).collect()
    }

    fn listed(warehouse: &Warehouse) -> Vec<String> {
        warehouse
            .runs()
            .expect("listed")
            .runs
            .iter()
            .map(|run| run.reference.to_string())
            .collect()
    }

    #[test]
    fn the_newest_runs_stay() {
        let (_folder, warehouse) =
            publish_runs(&["2011-09-30", "2011-10-31", "2011-10-31", "2011-11-30", "2011-12-09"]);
        let planned = warehouse.prune_plan(2).expect("planned");
        assert_eq!(references(&planned), ["2011-09-30/1", "2011-10-31/1", "2011-10-31/2"]);
        assert_eq!(listed(&warehouse).len(), 5, "a plan removes nothing");

        let removed = warehouse.lock("now").expect("free").prune(2).expect("pruned");
        assert_eq!(removed, planned);
        assert_eq!(listed(&warehouse), ["2011-12-09/1", "2011-11-30/1"]);
        assert!(
            !warehouse.root().join("runs/as_of=2011-10-31").exists(),
            "an empty day goes too"
        );
        assert_eq!(
            fs::read_dir(warehouse.root().join(".staging")).expect("listed").count(),
            0
        );
        assert!(warehouse.root().join("current/manifest.json").is_file());
    }

    #[test]
    fn the_current_run_stays_even_when_none_should() {
        let (_folder, warehouse) = publish_runs(&["2011-11-30", "2011-12-09"]);
        warehouse.lock("now").expect("free").prune(0).expect("pruned");
        assert_eq!(listed(&warehouse), ["2011-12-09/1"]);
    }

    #[test]
    fn the_state_that_the_current_run_names_stays() {
        let (_folder, warehouse) = publish_runs(&["2011-09-30", "2011-10-31", "2011-11-30"]);
        let lock = warehouse.lock("now").expect("free");
        let mut staging = lock.stage().expect("staged");
        write_links(&mut staging);
        let prior_state = Some("2011-10-31/1".parse().expect("a run"));
        staging
            .publish(
                as_of("2011-12-09"),
                RunRecord {
                    prior_state,
                    ..RunRecord::default()
                },
            )
            .expect("published");

        assert_eq!(
            references(&lock.prune(1).expect("pruned")),
            ["2011-09-30/1", "2011-11-30/1"]
        );
        assert_eq!(listed(&warehouse), ["2011-12-09/1", "2011-10-31/1"]);
        assert!(
            lock.prune(1).expect("pruned").is_empty(),
            "a second time there is nothing to remove"
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let (_folder, warehouse) = publish_runs(&["2011-10-31", "2011-11-30", "2011-12-09"]);
        let broken = warehouse.root().join("runs/as_of=2011-10-31/run=1");
        fs::write(broken.join("manifest.json"), "{").expect("written");
        warehouse.lock("now").expect("free").prune(1).expect("pruned");
        assert_eq!(listed(&warehouse), ["2011-12-09/1"]);
        assert!(broken.exists());
    }

    #[test]
    fn an_empty_warehouse_has_nothing_to_prune() {
        let (_folder, warehouse) = publish_runs(&[]);
        assert!(warehouse.prune_plan(0).expect("planned").is_empty());
    }
}
