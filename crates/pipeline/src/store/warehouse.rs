//! The published runs of a warehouse, for those who read it. Reading takes no lock.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use cartera_table::AsOf;

use super::erased::ErasedRecord;
use super::error::StoreError;
use super::lock::WarehouseLock;
use super::manifest::Manifest;
use super::run_ref::{RunRef, RunSelector, as_of_folder, parse_as_of_folder, parse_run_folder};
use super::{models, prune};

/// How many runs a message lists before it says "and N more".
const LISTED_RUNS: usize = 10;

/// What is said to be published where nothing is.
pub(super) const NOTHING_YET: &str = "nothing yet";

/// A folder of published runs. It need not exist yet: the first run creates it.
#[derive(Debug, Clone)]
pub struct Warehouse {
    root: PathBuf,
}

/// A run that was published whole.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedRun {
    /// Its day and number.
    pub reference: RunRef,
    /// Its folder.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
}

/// A folder among the runs that cannot be taken for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRun {
    /// The folder.
    pub path: PathBuf,
    /// Why, with its causes.
    pub error: String,
}

/// What a warehouse holds.
#[derive(Debug, Default)]
pub struct RunListing {
    /// The published runs, newest day and highest number first.
    pub runs: Vec<PublishedRun>,
    /// Folders that were left out; worth a warning.
    pub unreadable: Vec<UnreadableRun>,
}

impl Warehouse {
    /// The warehouse in that folder. Nothing is written.
    ///
    /// # Errors
    /// When something else than a folder stands there.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = root.into();
        match fs::metadata(&root) {
            Ok(metadata) if !metadata.is_dir() => Err(StoreError::NotAFolder { path: root }),
            Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::io("open", &root)(error)),
            _ => Ok(Self { root }),
        }
    }

    /// The warehouse's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The published runs.
    ///
    /// # Errors
    /// When a folder cannot be listed. A run that cannot be read is not an error but part of the listing.
    pub fn runs(&self) -> Result<RunListing, StoreError> {
        let mut listing = RunListing::default();
        for (as_of, folder) in numbered_folders(&self.runs_folder(), parse_as_of_folder)? {
            for (run, path) in numbered_folders(&folder, parse_run_folder)? {
                let reference = RunRef { as_of, run };
                match read_run(reference, &path) {
                    Ok(manifest) => listing.runs.push(PublishedRun {
                        reference,
                        path,
                        manifest,
                    }),
                    Err(error) => listing.unreadable.push(UnreadableRun {
                        path,
                        error: error.with_causes(),
                    }),
                }
            }
        }
        listing.runs.sort_by_key(|run| std::cmp::Reverse(run.reference));
        listing.unreadable.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(listing)
    }

    /// The newest run that the selector names.
    ///
    /// # Errors
    /// When there is none; the message lists what there is.
    pub fn find(&self, selector: &RunSelector) -> Result<PublishedRun, StoreError> {
        let listing = self.runs()?;
        let available = listing.available();
        listing
            .runs
            .into_iter()
            .find(|run| selector.matches(run.reference))
            .ok_or_else(|| StoreError::RunNotFound {
                warehouse: self.root.clone(),
                selector: selector.to_string(),
                available,
            })
    }

    /// Refuses a run that tells of somebody who was erased: an erasure that was cut short has not replaced it yet.
    ///
    /// # Errors
    /// [`StoreError::StillTellsErased`]; otherwise when the record of erasures cannot be read.
    pub fn check_erased(&self, run: &PublishedRun) -> Result<(), StoreError> {
        let tells =
            |record: ErasedRecord| record.is_told_of(run.reference.as_of, run.manifest.record.erased_keys.count);
        match self.erased()?.is_some_and(tells) {
            true => Err(StoreError::StillTellsErased { run: run.reference }),
            false => Ok(()),
        }
    }

    /// Takes the warehouse for publishing: at most one process at a time. `now` is for the message
    /// that others get meanwhile. Cleans up after runs that died and repairs `current`.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another run has it; otherwise when the disk refuses.
    pub fn lock(&self, now: &str) -> Result<WarehouseLock, StoreError> {
        WarehouseLock::acquire(self, now)
    }

    /// The runs that [`WarehouseLock::prune`] would remove, oldest first. Removes nothing.
    ///
    /// # Errors
    /// As [`runs`](Self::runs).
    pub fn prune_plan(&self, keep_runs: usize) -> Result<Vec<RunRef>, StoreError> {
        Ok(prune::removable(&self.runs()?, keep_runs)
            .iter()
            .map(|run| run.reference)
            .collect())
    }

    /// Who was erased, as salted hashes; none where nobody ever was.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub fn erased(&self) -> Result<Option<ErasedRecord>, StoreError> {
        ErasedRecord::read(&self.root)
    }

    /// The content of a model that a manifest names.
    ///
    /// # Errors
    /// When it cannot be read or was changed.
    pub fn model(&self, hash: &str) -> Result<Vec<u8>, StoreError> {
        models::read(self, hash)
    }

    pub(crate) fn runs_folder(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// One more than the greatest number that stands in the day's folder, readable or not.
    /// A day whose runs were all pruned starts again from 1.
    pub(crate) fn next_run(&self, as_of: AsOf) -> Result<RunRef, StoreError> {
        let folders = numbered_folders(&self.runs_folder().join(as_of_folder(as_of)), parse_run_folder)?;
        let greatest = folders.iter().map(|(run, _)| *run).max().unwrap_or(0);
        Ok(RunRef {
            as_of,
            run: greatest.saturating_add(1),
        })
    }
}

impl PublishedRun {
    /// The path of one of its tables.
    ///
    /// # Errors
    /// When the run has no such table; the message lists those that it has.
    pub fn table_path(&self, table: &str) -> Result<PathBuf, StoreError> {
        if self.manifest.tables.iter().any(|file| file.name == table) {
            return Ok(self.path.join(format!("{table}.parquet")));
        }
        let available: Vec<&str> = self.manifest.tables.iter().map(|file| file.name.as_str()).collect();
        Err(StoreError::TableNotFound {
            run: self.reference,
            table: table.to_owned(),
            available: available.join(", "),
        })
    }
}

impl RunListing {
    /// The greatest day and number.
    #[must_use]
    pub fn current(&self) -> Option<&PublishedRun> {
        self.runs.first()
    }

    /// The run whose state a run of that day carries over: the newest one with an earlier day.
    #[must_use]
    pub fn prior_state(&self, as_of: AsOf) -> Option<&PublishedRun> {
        self.runs.iter().find(|run| run.reference.as_of < as_of)
    }

    /// The runs in words, for messages.
    fn available(&self) -> String {
        if self.runs.is_empty() {
            return NOTHING_YET.to_owned();
        }
        let mut words: Vec<String> = self
            .runs
            .iter()
            .take(LISTED_RUNS)
            .map(|run| run.reference.to_string())
            .collect();
        if self.runs.len() > LISTED_RUNS {
            words.push(format!("and {} more", self.runs.len() - LISTED_RUNS));
        }
        words.join(", ")
    }
}

impl std::fmt::Display for UnreadableRun {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} is left out of the runs: {}",
            self.path.display(),
            self.error
        )
    }
}

/// The entries of a folder whose names are keys; others are not ours. A folder that is not there has none.
fn numbered_folders<K>(folder: &Path, parse: fn(&str) -> Option<K>) -> Result<Vec<(K, PathBuf)>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io("list", folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(StoreError::io("list", folder))?;
        if let Some(key) = entry.file_name().to_str().and_then(parse) {
            found.push((key, entry.path()));
        }
    }
    Ok(found)
}

fn read_run(reference: RunRef, folder: &Path) -> Result<Manifest, StoreError> {
    let manifest = Manifest::read(folder)?;
    if manifest.reference != reference {
        return Err(StoreError::MisplacedManifest {
            path: folder.join(super::MANIFEST_FILE),
            found: manifest.reference,
        });
    }
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_support::{as_of, publish_runs, selector};

    #[test]
    fn a_warehouse_that_is_not_there_yet_is_empty() {
        let folder = tempfile::tempdir().expect("a folder");
        let warehouse = Warehouse::open(folder.path().join("new")).expect("opened");
        assert!(warehouse.runs().expect("listed").runs.is_empty());
        assert!(!warehouse.root().exists(), "reading wrote");
    }

    #[test]
    fn a_file_is_no_warehouse() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        assert!(matches!(
            Warehouse::open(file.path()),
            Err(StoreError::NotAFolder { .. })
        ));
    }

    #[test]
    fn runs_are_listed_newest_first_whatever_the_order_of_publishing() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09", "2011-11-30", "2011-12-09", "2011-10-31"]);
        let listed: Vec<String> = warehouse
            .runs()
            .expect("listed")
            .runs
            .iter()
            .map(|run| run.reference.to_string())
            .collect();
        assert_eq!(listed, ["2011-12-09/2", "2011-12-09/1", "2011-11-30/1", "2011-10-31/1"]);
    }

    #[test]
    fn selectors_find_the_newest_that_they_name() {
        let (_folder, warehouse) = publish_runs(&["2011-11-30", "2011-12-09", "2011-12-09"]);
        for (text, expected) in [
            ("current", "2011-12-09/2"),
            ("2011-12-09", "2011-12-09/2"),
            ("2011-12-09/1", "2011-12-09/1"),
            ("2011-11-30", "2011-11-30/1"),
        ] {
            assert_eq!(
                warehouse.find(&selector(text)).expect("found").reference.to_string(),
                expected,
                "{text}"
            );
        }
        let error = warehouse
            .find(&selector("2011-12-08"))
            .expect_err("not there")
            .to_string();
        assert!(
            error.ends_with("has no run 2011-12-08; published: 2011-12-09/2, 2011-12-09/1, 2011-11-30/1"),
            "{error}"
        );
    }

    #[test]
    fn a_run_that_cannot_be_read_is_reported_and_left_out() {
        let (_folder, warehouse) = publish_runs(&["2011-11-30", "2011-12-09", "2011-12-10"]);
        let root = warehouse.root();
        fs::write(root.join("runs/as_of=2011-12-09/run=1/manifest.json"), "{").expect("written");
        fs::rename(
            root.join("runs/as_of=2011-12-10/run=1"),
            root.join("runs/as_of=2011-12-10/run=7"),
        )
        .expect("moved");
        let listing = warehouse.runs().expect("listed");
        assert_eq!(listing.runs.len(), 1);
        let [broken, moved] = listing.unreadable.as_slice() else {
            panic!("two are unreadable: {listing:?}")
        };
        assert!(broken.error.contains("malformed: EOF while parsing"), "{broken}");
        assert!(
            moved.error.ends_with("manifest.json is that of run 2011-12-10/1"),
            "{moved}"
        );
        assert_eq!(
            warehouse.next_run(as_of("2011-12-10")).expect("numbered").run,
            8,
            "a number is not used twice"
        );
    }

    #[test]
    fn prior_state_has_an_earlier_day() {
        let (_folder, warehouse) = publish_runs(&["2011-11-30", "2011-12-09"]);
        let listing = warehouse.runs().expect("listed");
        assert_eq!(
            listing
                .prior_state(as_of("2011-12-09"))
                .expect("there")
                .reference
                .to_string(),
            "2011-11-30/1"
        );
        assert_eq!(
            listing
                .prior_state(as_of("2011-12-10"))
                .expect("there")
                .reference
                .to_string(),
            "2011-12-09/1"
        );
        assert!(listing.prior_state(as_of("2011-11-30")).is_none());
    }

    #[test]
    fn a_table_that_is_not_there_is_named_beside_those_that_are() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09"]);
        let run = warehouse.find(&RunSelector::Current).expect("found");
        assert!(run.table_path("identity_links").expect("there").is_file());
        let error = run.table_path("customers").expect_err("not there").to_string();
        assert_eq!(error, "run 2011-12-09/1 has no table customers; it has identity_links");
    }
}
