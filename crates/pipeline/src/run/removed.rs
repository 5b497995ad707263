//! Those who are to be taken off lists, as the run that had them on a list knew them.
//!
//! An advertising platform finds them by what it was given then: who has another address tonight, or none, or is no customer
//! any more, would stay in its audience.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use cartera_activation::files::{FileParams, FileValidParams, members};
use cartera_activation::{Base, BaseParts, KnownColumns};
use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Customers, Signals, TargetDecisions};
use cartera_table::frame::text;
use cartera_table::{AsOf, Contract, TableError};
use polars::prelude::{BooleanChunked, DataFrame, SortMultipleOptions};

use super::list_files::{having, removed};
use super::prior::PriorRun;
use super::published::columns_of;
use super::targets::Targets;
use crate::config::TargetsConfig;
use crate::error::PipelineError;
use crate::store::{PublishedRun, RunListing, StoreError};

const ID: &str = "customer_id";

/// The runs whose lists somebody may have used.
pub(super) struct RunsBefore<'w> {
    /// The newest run of an earlier day.
    prior: Option<&'w PublishedRun>,
    /// Earlier runs of the same day, the newest first.
    of_day: Vec<&'w PublishedRun>,
}

impl<'w> RunsBefore<'w> {
    pub(super) fn new(runs: &'w RunListing, prior: Option<&PriorRun<'w>>, as_of: AsOf) -> Self {
        let mut of_day: Vec<&PublishedRun> = runs.runs.iter().filter(|run| run.reference.as_of == as_of).collect();
        of_day.sort_by_key(|run| std::cmp::Reverse(run.reference));
        Self {
            prior: prior.map(PriorRun::run),
            of_day,
        }
    }

    fn all(&self) -> impl Iterator<Item = &'w PublishedRun> {
        self.prior.into_iter().chain(self.of_day.iter().copied())
    }

    /// The files of a list that is not declared any more, with nothing but ids for people.
    pub(super) fn params_of(&self, list: &str, config: &TargetsConfig) -> Option<FileValidParams> {
        self.all().find_map(|run| {
            let parameters = &run.manifest.record.parameters;
            let declared = parameters["target"].as_array()?;
            let declared = declared.iter().find(|declared| declared["name"] == list)?;
            let mut files: FileParams = serde_json::from_value(declared["files"].clone()).ok()?;
            let country = parameters["contact_rules"]["default_country"].as_str();
            files.default_country = files.default_country.or_else(|| country.map(str::to_owned));
            files.columns = vec![ID.to_owned()];
            files.check(&config.known).ok()
        })
    }
}

/// Customers of each list, in order.
type ByList = BTreeMap<String, DataFrame>;

/// Some customers as a run knew them.
struct KnownPeople {
    people: ByList,
    base: Base,
}

/// All who are removed from lists.
pub(super) struct RemovedPeople {
    /// None where a run cannot tell.
    runs: Option<Vec<KnownPeople>>,
    pub(super) notes: Vec<String>,
}

impl RemovedPeople {
    /// Reads of the runs what the files of the lists say of those who are removed.
    pub(super) fn read(
        before: &RunsBefore<'_>,
        targets: &Targets,
        config: &TargetsConfig,
        params_of: &BTreeMap<String, FileValidParams>,
    ) -> Result<Self, PipelineError> {
        let columns: BTreeSet<String> = params_of.values().flat_map(FileValidParams::base_columns).collect();
        let mut notes = Vec::new();
        let mut runs = Vec::new();
        for (run, people) in by_run(before, targets, params_of.keys())? {
            match known_by(run, people, &columns, &config.known) {
                Ok(known) => runs.push(known),
                Err(PipelineError::Store(
                    StoreError::NoColumn { .. } | StoreError::OtherType { .. } | StoreError::TableNotFound { .. },
                )) => {
                    notes.push(format!(
                        "run {} is of another version: those who are removed from lists are told as they are known today, and a platform may not find them by that",
                        run.reference
                    ));
                    return Ok(Self { runs: None, notes });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Self {
            runs: Some(runs),
            notes,
        })
    }

    /// Those of a list, by customer; none where the runs cannot tell.
    pub(super) fn members(&self, list: &str, params: &FileValidParams) -> Result<Option<DataFrame>, PipelineError> {
        let Some(runs) = &self.runs else { return Ok(None) };
        let mut all: Option<DataFrame> = None;
        for run in runs {
            let Some(people) = run.people.get(list) else { continue };
            let known = members(people, &run.base, params).map_err(Box::new)?;
            match &mut all {
                Some(all) => {
                    all.vstack_mut(&known).map_err(TableError::from)?;
                }
                None => all = Some(known),
            }
        }
        let sorted = |all: DataFrame| all.sort([ID], SortMultipleOptions::default());
        Ok(all.map(sorted).transpose().map_err(TableError::from)?)
    }
}

/// Who is removed from which list, by the run that had them: the prior one, and for those whom it had not, the newest one of
/// the same day that had.
fn by_run<'w, 'n>(
    before: &RunsBefore<'w>,
    targets: &Targets,
    lists: impl Iterator<Item = &'n String>,
) -> Result<Vec<(&'w PublishedRun, ByList)>, PipelineError> {
    let mut superseded: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
    for (list, customer) in &targets.superseded {
        superseded.entry(list).or_default().insert(customer);
    }
    let mut of_prior = BTreeMap::new();
    for list in lists {
        let all = removed(targets, list)?;
        if let Some(others) = superseded.get_mut(list.as_str()) {
            // Those who are added because of an earlier run of the day are not taken off.
            let is_removed: HashSet<&str> = text(&all, ID)?.iter().flatten().collect();
            others.retain(|id| is_removed.contains(id));
        }
        let people = match superseded.get(list.as_str()) {
            Some(others) => filtered(&all, |id| !others.contains(id))?,
            None => all,
        };
        of_prior.insert(list.clone(), people);
    }
    let mut by_run: Vec<_> = before.prior.map(|run| (run, of_prior)).into_iter().collect();
    for &run in &before.of_day {
        if superseded.values().all(HashSet::is_empty) {
            break;
        }
        if run.table_path(TargetDecisions::INFO.name).is_err() {
            continue;
        }
        let names = ["list", "decision"].map(str::to_owned);
        let decisions = columns_of::<TargetDecisions>(run, BTreeSet::from(names))?;
        let mut people = BTreeMap::new();
        for (&list, customers) in &mut superseded {
            let contacts = having(&decisions, list, "decision", "contact")?.select([ID]);
            let contacts = contacts.map_err(TableError::from)?;
            let had = filtered(&contacts, |id| customers.contains(id))?;
            for id in text(&had, ID)?.iter().flatten() {
                customers.remove(id);
            }
            people.insert(list.to_owned(), had);
        }
        by_run.push((run, people));
    }
    // Of whom no run can tell, the id is told at least.
    if let Some((_, last)) = by_run.last_mut() {
        for (&list, customers) in superseded.iter().filter(|(_, customers)| !customers.is_empty()) {
            let others = filtered(&removed(targets, list)?, |id| customers.contains(id))?;
            match last.get_mut(list) {
                Some(people) => {
                    let both = people.vstack(&others).map_err(TableError::from)?;
                    *people = both
                        .sort([ID], SortMultipleOptions::default())
                        .map_err(TableError::from)?;
                }
                None => {
                    last.insert(list.to_owned(), others);
                }
            }
        }
    }
    Ok(by_run)
}

/// What a run knew of some people, of whom alone a base is made.
fn known_by(
    run: &PublishedRun,
    people: ByList,
    columns: &BTreeSet<String>,
    known: &KnownColumns,
) -> Result<KnownPeople, PipelineError> {
    let mut ids = HashSet::new();
    for people in people.values() {
        ids.extend(text(people, ID)?.iter().flatten());
    }
    let of_people = |id: &str| ids.contains(id);
    let columns_in = |table: &str| {
        let of_table = columns.iter().filter_map(|name| known.of_base(name));
        of_table
            .filter(|column| column.table == table)
            .map(|column| column.name.clone())
            .collect::<BTreeSet<String>>()
    };
    // Nobody: nothing has to be read.
    let read = |frame: &dyn Fn() -> Result<DataFrame, PipelineError>, empty: DataFrame| match ids.is_empty() {
        true => Ok(empty),
        false => Ok::<_, PipelineError>(filtered(&frame()?, of_people)?),
    };
    let empty = |info: &cartera_table::ContractInfo| DataFrame::empty_with_schema(&cartera_table::frame::schema(info));
    let names = columns_in(CustomerFeatures::INFO.name);
    let features = read(
        &|| columns_of::<CustomerFeatures>(run, names.clone()),
        empty(&CustomerFeatures::INFO),
    )?;
    let names = columns_in(CustomerSegments::INFO.name);
    let segments = read(
        &|| columns_of::<CustomerSegments>(run, names.clone()),
        empty(&CustomerSegments::INFO),
    )?;
    let names = columns_in(Customers::INFO.name);
    let customers = read(&|| columns_of::<Customers>(run, names.clone()), empty(&Customers::INFO))?;
    let has_signals = !columns_in(Signals::INFO.name).is_empty();
    let signals = match has_signals {
        true => read(
            &|| columns_of::<Signals>(run, BTreeSet::from(["signal".to_owned()])),
            empty(&Signals::INFO),
        )?,
        false => empty(&Signals::INFO),
    };
    drop(ids);
    let parts = BaseParts {
        features: &features,
        segments: &segments,
        customers: &customers,
        signals: &signals,
    };
    let base = Base::new(parts, columns, known, run.reference.as_of)?;
    Ok(KnownPeople { people, base })
}

/// The rows of some customers.
fn filtered(frame: &DataFrame, is_one: impl Fn(&str) -> bool) -> Result<DataFrame, TableError> {
    let stays: BooleanChunked = text(frame, ID)?
        .iter()
        .map(|id| Some(id.is_some_and(&is_one)))
        .collect();
    Ok(frame.filter(&stays)?)
}
