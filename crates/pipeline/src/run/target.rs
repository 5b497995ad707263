//! One list from a published run, with consents and suppressions as they are now.
//!
//! The run's tables say who the customers are; who may be contacted is asked anew. All lists of the pipeline are decided
//! about again before it, so that nobody is promised to two of them.

use std::path::PathBuf;

use cartera_activation::files::{FileFormat, FileValidParams, ListPart, WrittenFile, write_decisions, write_file};
use cartera_activation::{Target, TargetParams, TargetSummary};
use cartera_normalize::{Horizon, customers};
use cartera_table::contracts::TargetDecisions;
use cartera_table::frame::{dates, text};
use cartera_table::{AsOf, Contract, TableError};
use polars::prelude::{BooleanChunked, ChunkCompareEq, DataFrame};

use super::erased_customers::ErasedCustomers;
use super::inputs::Work;
use super::list_files::{ListFiles, through};
use super::prior::holdouts_of;
use super::published::PublishedParts;
use super::relations::CleanRelations;
use super::scratch::Scratch;
use super::tables::SourceTables;
use super::targets::{ListSources, OF_CUSTOMERS, Targets, columns, targets_of};
use super::{RunContext, RunOptions};
use crate::config::{PipelineConfig, TargetsConfig};
use crate::error::PipelineError;
use crate::store::{PublishedRun, ReadOptions, RunRef, RunSelector, read, write_list};

/// Days after which a run is told to be old.
const FRESH_DAYS: i64 = 7;

/// Which list is asked for.
#[derive(Debug, Clone)]
pub enum ListRequest {
    /// One of the pipeline, and columns in place of those that its files have.
    Declared {
        /// Its name.
        name: String,
        /// None for those that the pipeline says.
        columns: Option<Vec<String>>,
    },
    /// One that the pipeline does not declare.
    AdHoc(Box<TargetParams>),
}

/// How CSV is written, where otherwise than the pipeline says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsvRequest {
    /// The sign between two cells.
    pub delimiter: Option<String>,
    /// Whether the file begins with the mark of UTF-8.
    pub bom: bool,
    /// Whether numbers have a comma before their decimals.
    pub decimal_comma: bool,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct TargetRequest {
    /// The list.
    pub list: ListRequest,
    /// The run that it is made from.
    pub run: RunSelector,
    /// How CSV is written.
    pub csv: CsvRequest,
    /// Where it goes.
    pub files: Vec<(PathBuf, FileFormat)>,
    /// Where the decisions about all candidates go.
    pub decisions: Option<PathBuf>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct TargetReport {
    /// The run that it was made from.
    pub run: RunRef,
    /// How long ago its day was.
    pub age_days: i64,
    /// The list in figures.
    pub list: TargetSummary,
    /// What the reader should know.
    pub notes: Vec<String>,
    /// The files.
    pub files: Vec<(PathBuf, WrittenFile)>,
}

/// Writes a list. Nothing is published.
///
/// # Errors
/// Any: then no file was written, or the ones that were are whole.
pub fn target(
    config: &PipelineConfig,
    options: &RunOptions,
    request: &TargetRequest,
    context: RunContext<'_>,
) -> Result<TargetReport, PipelineError> {
    let mut lists = config.targets.clone();
    let wanted = wanted(&mut lists, &request.list)?;
    lists.write_as(wanted.name(), &request.files, &request.csv)?;
    let warehouse = crate::store::Warehouse::open(options.warehouse.as_ref().unwrap_or(&config.warehouse))?;
    let run = warehouse.find(&request.run)?;
    let as_of = run.reference.as_of;
    let today = AsOf(config.time_zone.to_datetime(context.clock.now()).date()).max(as_of);
    let targets = decided(config, options, &lists, (&run, today), &wanted, context)?;
    let name = wanted.name();
    let reference = run.reference.to_string();
    let files = ListFiles {
        name,
        targets: &targets,
        as_of: run.reference.as_of,
        run: Some(&reference),
    };
    let params = file_params(&lists, name)?;
    let members = files.members(ListPart::Whole, params)?;
    let list = files.part(ListPart::Whole, &members);
    let mut written = Vec::with_capacity(request.files.len());
    for (path, format) in &request.files {
        let file = through(
            |out| write_list(path, out).map(|_| ()),
            |out| write_file(&list, params, *format, out),
        )?;
        if let Some(about) = &file.about {
            let about_path = path.with_extension("about.toml");
            write_list(&about_path, &mut |out| out.write_all(about.as_bytes()))?;
        }
        written.push((path.clone(), file));
    }
    if let Some(path) = &request.decisions {
        let all = targets.decisions.frame();
        let of_list = all.filter(&text(all, "list")?.equal(name)).map_err(TableError::from)?;
        through(
            |out| write_list(path, out).map(|_| ()),
            |out| write_decisions(&of_list, out),
        )?;
    }
    let age_days = i64::from(today.epoch_days() - as_of.epoch_days());
    report(&targets, name, (run.reference, age_days), written)
}

/// Puts the list that is asked for among the lists.
fn wanted(lists: &mut TargetsConfig, request: &ListRequest) -> Result<Target, PipelineError> {
    match request {
        ListRequest::AdHoc(params) => {
            lists.add(params)?;
            let found = lists.lists.iter().find(|list| list.name() == params.name);
            found.cloned().ok_or_else(|| no_list(lists, &params.name))
        }
        ListRequest::Declared { name, columns } => {
            let found = lists.lists.iter().find(|list| list.name() == name).cloned();
            let found = found.ok_or_else(|| no_list(lists, name))?;
            if let Some(columns) = columns {
                lists.show(name, columns)?;
            }
            Ok(found)
        }
    }
}

fn no_list(lists: &TargetsConfig, name: &str) -> PipelineError {
    PipelineError::NoList {
        list: name.to_owned(),
        lists: lists.lists.iter().map(|list| list.name().to_owned()).collect(),
    }
}

fn file_params<'l>(lists: &'l TargetsConfig, name: &str) -> Result<&'l FileValidParams, PipelineError> {
    lists.files.get(name).ok_or_else(|| no_list(lists, name))
}

/// Decides about this list and those that go before it. Who customers are is what the run found; whom the company contacted,
/// who complained and who must not be contacted is looked at as it is today. Those held out by the run itself do not count
/// for caps, like those whom it contacts: the list is the same one.
fn decided(
    config: &PipelineConfig,
    options: &RunOptions,
    lists: &TargetsConfig,
    (run, today): (&PublishedRun, AsOf),
    wanted: &Target,
    context: RunContext<'_>,
) -> Result<Targets, PipelineError> {
    let as_of = run.reference.as_of;
    let last = lists.lists.iter().position(|list| list.name() == wanted.name());
    let upto = &lists.lists[..=last.unwrap_or_default()];
    let columns = columns(upto, lists.files.get(wanted.name()).into_iter());
    let scratch = Scratch::new(config, options, Horizon::Through(as_of), context)?;
    let work = scratch.work();
    // The run may be one that an interrupted erasure is still to replace.
    let erased = ErasedCustomers::of(&work);
    let parts = PublishedParts::read(run, &columns, &OF_CUSTOMERS, &lists.known)?.without(&erased)?;
    let tables = SourceTables::read_for_contacts(&work)?;
    let relations = CleanRelations::new(&work, &tables, as_of, today)?;
    let customers_now = customers(tables.customers.as_ref(), &work.inputs.identity)?;
    let before = last_decisions(run)?;
    let before = before.map(|before| erased.left_out(before)).transpose()?;
    let held_out = held_out_before(&work, run)?;
    let sources = ListSources {
        parts: parts.parts(),
        relations: &relations,
        links: &parts.links,
        before: before.as_ref(),
        held_out: held_out.as_ref(),
        as_of,
        contacts_on: today,
        customers_now: Some(customers_now.frame()),
        accepted_bad_rows: options.accepted_bad_consents,
    };
    Ok(targets_of(sources, upto, &columns, lists, &[])?.0)
}

/// What the run itself decided, for who comes and goes.
fn last_decisions(run: &PublishedRun) -> Result<Option<DataFrame>, PipelineError> {
    let Ok(path) = run.table_path(TargetDecisions::INFO.name) else {
        return Ok(None);
    };
    let options = ReadOptions {
        columns: Some(
            ["list", "customer_id", "decision", "listed_since"]
                .map(str::to_owned)
                .to_vec(),
        ),
        rows: None,
    };
    Ok(Some(read::read_frame(&path, &TargetDecisions::INFO, &options)?))
}

/// Whom the runs before this one held out.
fn held_out_before(work: &Work<'_>, run: &PublishedRun) -> Result<Option<DataFrame>, PipelineError> {
    let Some(held_out) = holdouts_of(work, run)? else {
        return Ok(None);
    };
    let own = run.reference.as_of.epoch_days();
    let days = dates(&held_out, "held_out_on")?;
    let is_before: BooleanChunked = days.iter().map(|day| day.is_some_and(|day| day < own)).collect();
    Ok(Some(held_out.filter(&is_before).map_err(TableError::from)?))
}

fn report(
    targets: &Targets,
    name: &str,
    (run, age_days): (RunRef, i64),
    files: Vec<(PathBuf, WrittenFile)>,
) -> Result<TargetReport, PipelineError> {
    let summary = &targets.summary;
    let list = summary.lists.iter().find(|list| list.list == name).cloned();
    let list = list.ok_or_else(|| PipelineError::NoList {
        list: name.to_owned(),
        lists: Vec::new(),
    })?;
    // What is said of other lists was said by the run.
    let is_of_other = |note: &&String| {
        let others = summary.lists.iter().filter(|other| other.list != name);
        let mut names = others.map(|other| format!("target {}:", other.list));
        note.contains("is not declared any more") || names.any(|name| note.starts_with(&name))
    };
    let of_files = files.iter().flat_map(|(_, file)| &file.warnings);
    let elsewhere = list.excluded.get("in_other_list").map(|customers| {
        format!("customers who are in another list of the pipeline, and not in this one: {customers}; see --decisions, or add --not-exclusive")
    });
    let old = (age_days > FRESH_DAYS).then(|| {
        format!("run {run} is {age_days} days old: contacts, cases, withdrawals and suppressions are those of today, but who meets the condition, and what was allowed, is as it was then; `cartera run` brings it up to date")
    });
    Ok(TargetReport {
        run,
        age_days,
        list,
        notes: summary
            .notes
            .iter()
            .filter(|note| !is_of_other(note))
            .chain(of_files)
            .cloned()
            .chain(elsewhere)
            .chain(old)
            .collect(),
        files,
    })
}
