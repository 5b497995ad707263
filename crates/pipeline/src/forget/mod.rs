//! Erases people: every run that tells of them is replaced by one that does not, and their keys are kept out of all
//! later ones.
//!
//! ```text
//! 1. what is in the way is looked for: nothing is changed before it is known that all can be done
//! 2. the salted hash of the key is recorded: from here on every run leaves the person out
//! 3. the cache goes
//! 4. day by day, oldest first: the run of the day is made anew and published under a new number, then the old ones go
//! 5. models that no run names go, and the record says that it is done
//! ```
//!
//! A kill at any moment leaves each day with its old run, its new one, or both, and a record that says that the erasure
//! is not done; the same call finishes it. Of a day only the newest run is made anew: those that it had replaced would
//! come to the same tables.

mod known;
mod plan;
mod repeatable;

use std::path::PathBuf;

use cartera_table::{AsOf, ErasedHash, Money};

use crate::config::{AsOfSetting, PipelineConfig};
use crate::error::PipelineError;
use crate::run::{Replacing, RunContext, RunOptions, company_net_sales, replace_run};
use crate::store::{
    ErasedRecord, Erasure, Manifest, PublishedRun, ReplacedRun, RunRef, Warehouse, WarehouseLock, check_complete,
};
use plan::{Day, Plan};
use repeatable::Files;

/// Whom to erase, and what may be done for it.
#[derive(Debug, Clone)]
pub struct ForgetRequest {
    /// The keys of the person, as the raw files have them.
    pub keys: Vec<String>,
    /// Their key space; none for the only one of the pipeline.
    pub key_space: Option<String>,
    /// Random bytes, for a warehouse from which nobody was erased before.
    pub fresh_salt: ErasedHash,
    /// Whether a key that no run knows is recorded all the same.
    pub accepts_unseen: bool,
    /// Whether runs that cannot be made anew as they were are deleted.
    pub deletes_unrepeatable: bool,
    /// Whether runs of another config are made anew with that of today.
    pub accepts_present_config: bool,
    /// Whether runs of other files are made anew with those of today.
    pub accepts_present_files: bool,
    /// Whether it is only told what would be done.
    pub is_dry_run: bool,
}

/// What was done, or would be.
#[derive(Debug, Clone)]
pub struct ForgetReport {
    /// The key space of the keys.
    pub key_space: String,
    /// Keys that were recorded by this call; the others had been before.
    pub new_keys: usize,
    /// Keys of which no run knew.
    pub unseen_keys: usize,
    /// Whether nothing was changed.
    pub is_dry_run: bool,
    /// Runs that were replaced, oldest first.
    pub replaced: Vec<ForgottenRun>,
    /// Runs that are gone and were not made anew: those that a newer run of their day had replaced, and those that could
    /// not be made anew.
    pub deleted: Vec<RunRef>,
    /// Files with customers' keys that runs read: they still tell of the person.
    pub raw_files: Vec<PathBuf>,
    /// Whether the pipeline file names a key.
    pub config_names_key: bool,
}

/// A run that was replaced.
#[derive(Debug, Clone)]
pub struct ForgottenRun {
    /// The run that is gone.
    pub old: RunRef,
    /// The one in its place; none where it was only asked what would be done.
    pub new: Option<RunRef>,
    /// Tables with other numbers of rows.
    pub tables: Vec<TableChange>,
    /// Net sales of the company, guests included, before.
    pub net_sales_before: Option<Money>,
    /// And after.
    pub net_sales_after: Option<Money>,
    /// Their currency.
    pub currency: String,
    /// The build that had made it, where another one made it anew.
    pub other_version: Option<String>,
    /// Whether it is not known what its command line had asked for, so that it was made anew by its day alone.
    pub asked_is_unknown: bool,
}

/// How many rows a table had and has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableChange {
    /// The table.
    pub table: String,
    /// Rows before.
    pub before: u64,
    /// Rows after.
    pub after: u64,
}

/// Erases people.
///
/// # Errors
/// Any. Before the keys are recorded nothing was changed; afterwards it is
/// [`ErasureInterrupted`](PipelineError::ErasureInterrupted), or the disk refuses, and the same call finishes it.
pub fn forget(
    config: &PipelineConfig,
    options: &RunOptions,
    request: &ForgetRequest,
    context: RunContext<'_>,
) -> Result<ForgetReport, PipelineError> {
    let now = context.clock.now().to_string();
    let key_space = key_space(config, request)?;
    if request.keys.is_empty() || request.keys.iter().any(|key| key.trim().is_empty()) {
        return Err(PipelineError::EmptyKey);
    }
    let warehouse = Warehouse::open(options.warehouse.as_ref().unwrap_or(&config.warehouse))?;
    let lock = warehouse.lock(&now)?;
    for warning in lock.report().messages() {
        context.observer.warning(&warning);
    }
    let known = warehouse.erased()?;
    check_complete(&warehouse, known.as_ref())?;
    let mut record = known.unwrap_or_else(|| ErasedRecord::new(request.fresh_salt));
    let listing = warehouse.runs()?;
    if let Some(unreadable) = listing.unreadable.first() {
        return Err(PipelineError::UnreadableRun {
            unreadable: unreadable.to_string(),
        });
    }
    let mut news = News::default();
    let first_days = known::first_days(&listing.runs, &key_space, &request.keys)?;
    for key in &request.keys {
        let hash = record.keys().hash_of(&key_space, key);
        news.add(&mut record, hash, first_days.get(key).copied(), &now);
    }
    let key_spaces = known_key_spaces(config);
    if news.unseen > 0 && !key_spaces.contains(&key_space) {
        return Err(PipelineError::UnknownKeySpace { key_space, key_spaces });
    }
    if news.unseen > 0 && !request.accepts_unseen {
        return Err(PipelineError::UnknownKey {
            key_space,
            known_key_spaces: key_spaces,
        });
    }
    let mut plan = Plan::new(&listing.runs, &record);
    let mut files = Files::find(config, options)?;
    let unrepeatable = unrepeatable(config, &mut files, request, &plan)?;
    if !unrepeatable.is_empty() && !request.deletes_unrepeatable {
        return Err(not_repeatable(&unrepeatable));
    }
    plan.delete(&unrepeatable.iter().map(|(run, _)| *run).collect::<Vec<_>>());
    let mut report = ForgetReport {
        key_space,
        new_keys: news.recorded,
        unseen_keys: news.unseen,
        is_dry_run: request.is_dry_run,
        replaced: Vec::new(),
        deleted: Vec::new(),
        raw_files: raw_files(config)?,
        config_names_key: names_key(config, &request.keys),
    };
    if request.is_dry_run {
        report.tell(&plan);
        return Ok(report);
    }
    let eraser = Eraser {
        config,
        options,
        request,
        files: &files,
        context,
        lock: &lock,
    };
    eraser.erase(&mut record, plan, &mut report)?;
    Ok(report)
}

/// What the request adds to the record.
#[derive(Default)]
struct News {
    recorded: usize,
    unseen: usize,
}

impl News {
    /// Adds a key to the record, or opens its erasure again where runs tell of it still.
    fn add(&mut self, record: &mut ErasedRecord, hash: ErasedHash, first: Option<AsOf>, now: &str) {
        let Some(known) = record.erasures.iter_mut().find(|erasure| erasure.hash == hash) else {
            self.recorded += 1;
            self.unseen += usize::from(first.is_none());
            record.erasures.push(Erasure {
                hash,
                erased_at: now.to_owned(),
                finished_at: None,
                from_as_of: first,
                replaced: Vec::new(),
                deleted: Vec::new(),
            });
            return;
        };
        if let Some(first) = first {
            known.from_as_of = Some(known.from_as_of.map_or(first, |from| from.min(first)));
            known.finished_at = None;
        }
    }
}

/// Does what was planned.
struct Eraser<'e> {
    config: &'e PipelineConfig,
    options: &'e RunOptions,
    request: &'e ForgetRequest,
    files: &'e Files,
    context: RunContext<'e>,
    lock: &'e WarehouseLock,
}

impl Eraser<'_> {
    fn erase(&self, record: &mut ErasedRecord, plan: Plan, report: &mut ForgetReport) -> Result<(), PipelineError> {
        fail::fail_point!("forget_before_record");
        self.lock.write_erased(record)?;
        fail::fail_point!("forget_after_record");
        self.lock.remove_cache()?;
        fail::fail_point!("forget_after_cache");
        for day in plan.days {
            self.erase_day(record, day, report)?;
        }
        self.lock.remove_unnamed_models()?;
        let now = self.context.clock.now().to_string();
        for erasure in &mut record.erasures {
            erasure.finished_at.get_or_insert_with(|| now.clone());
        }
        fail::fail_point!("forget_before_end");
        Ok(self.lock.write_erased(record)?)
    }

    fn erase_day(&self, record: &mut ErasedRecord, day: Day, report: &mut ForgetReport) -> Result<(), PipelineError> {
        let replaced = match (&day.replaced, &day.made_before) {
            (Some(old), _) => Some(self.replace(old)?),
            (None, Some((old, new))) => Some(ForgottenRun::of(&old.manifest, Some(&new.manifest))),
            (None, None) => None,
        };
        fail::fail_point!("forget_after_publish");
        let superseded = day.deleted.iter().map(|run| run.reference);
        // Written down while the old run is still there: a kill in between finds it again.
        for erasure in &mut record.erasures {
            if erasure.finished_at.is_none() {
                erasure.note(replaced.as_ref(), superseded.clone());
            }
        }
        self.lock.write_erased(record)?;
        for run in day.runs() {
            self.lock.remove_run(run)?;
        }
        self.lock.repair_current()?;
        fail::fail_point!("forget_after_removal");
        report.deleted.extend(superseded);
        report.replaced.extend(replaced);
        Ok(())
    }

    fn replace(&self, old: &PublishedRun) -> Result<ForgottenRun, PipelineError> {
        let interrupted = |cause| PipelineError::ErasureInterrupted {
            run: old.reference,
            cause: Box::new(cause),
        };
        let accepts_other_totals = self.request.accepts_present_config || self.request.accepts_present_files;
        let replacing = Replacing::new(old, accepts_other_totals, self.files.has_same_lines(old));
        let options = replacing.as_asked(RunOptions {
            as_of: Some(AsOfSetting::Date(old.reference.as_of.0)),
            warehouse: Some(self.lock.warehouse().root().to_owned()),
            ..self.options.clone()
        });
        let made = replace_run(self.lock, self.config, &options, self.context, &replacing).map_err(interrupted)?;
        Ok(ForgottenRun::of(&old.manifest, Some(&made.run.manifest)))
    }
}

impl Erasure {
    /// Writes down what became of the runs of a day. After a kill it may be written down already.
    fn note(&mut self, replaced: Option<&ForgottenRun>, deleted: impl Iterator<Item = RunRef>) {
        if let Some((old, new)) = replaced.and_then(|run| Some((run.old, run.new?))) {
            let pair = ReplacedRun { old, new };
            if !self.replaced.contains(&pair) {
                self.replaced.push(pair);
            }
        }
        for run in deleted {
            if !self.deleted.contains(&run) {
                self.deleted.push(run);
            }
        }
    }
}

impl ForgottenRun {
    fn of(before: &Manifest, after: Option<&Manifest>) -> Self {
        let totals = &before.record.totals;
        let rows_after = |table: &str| {
            let tables = after.map(|after| after.tables.iter()).into_iter().flatten();
            tables.filter(|file| file.name == table).map(|file| file.rows).next()
        };
        let changes = before.tables.iter().filter_map(|file| {
            let change = TableChange {
                table: file.name.clone(),
                before: file.rows,
                after: rows_after(&file.name)?,
            };
            (change.before != change.after).then_some(change)
        });
        let version = &before.record.cartera_version;
        Self {
            old: before.reference,
            new: after.map(|after| after.reference),
            tables: changes.collect(),
            net_sales_before: company_net_sales(totals),
            net_sales_after: after.and_then(|after| company_net_sales(&after.record.totals)),
            currency: totals.currency.clone(),
            other_version: after
                .filter(|after| after.record.cartera_version != *version)
                .map(|_| version.clone()),
            asked_is_unknown: before.record.asked.is_none(),
        }
    }
}

impl ForgetReport {
    /// What would be done.
    fn tell(&mut self, plan: &Plan) {
        for day in &plan.days {
            self.deleted.extend(day.deleted.iter().map(|run| run.reference));
            let replaced = day.replaced.iter();
            self.replaced
                .extend(replaced.map(|run| ForgottenRun::of(&run.manifest, None)));
        }
    }
}

/// The runs of a plan that cannot be made anew as they were, each with what is in the way.
fn unrepeatable(
    config: &PipelineConfig,
    files: &mut Files,
    request: &ForgetRequest,
    plan: &Plan,
) -> Result<Vec<(RunRef, Vec<String>)>, PipelineError> {
    let mut unrepeatable = Vec::new();
    for run in plan.days.iter().filter_map(|day| day.replaced.as_ref()) {
        let mut obstacles = Vec::new();
        if !request.accepts_present_config {
            obstacles.extend(repeatable::other_config(config, run));
        }
        if !request.accepts_present_files {
            obstacles.extend(files.other_than(run)?);
        }
        if !obstacles.is_empty() {
            unrepeatable.push((run.reference, obstacles));
        }
    }
    Ok(unrepeatable)
}

fn not_repeatable(unrepeatable: &[(RunRef, Vec<String>)]) -> PipelineError {
    let lines = unrepeatable
        .iter()
        .flat_map(|(run, obstacles)| obstacles.iter().map(move |obstacle| format!("  {run}: {obstacle}")));
    PipelineError::NotRepeatable {
        runs: unrepeatable.iter().map(|(run, _)| *run).collect(),
        obstacles: lines.collect::<Vec<_>>().join("\n"),
    }
}

/// The sources with customers' keys.
fn sources_with_keys(config: &PipelineConfig) -> impl Iterator<Item = &crate::config::SourceConfig> {
    let has_keys = |source: &&crate::config::SourceConfig| source.params.columns.maps("customer_key");
    config.sources.iter().filter(has_keys)
}

/// The key spaces of customers, each once.
fn known_key_spaces(config: &PipelineConfig) -> Vec<String> {
    let mut spaces: Vec<String> = sources_with_keys(config)
        .map(|source| source.params.key_space.clone())
        .collect();
    spaces.sort();
    spaces.dedup();
    spaces
}

fn key_space(config: &PipelineConfig, request: &ForgetRequest) -> Result<String, PipelineError> {
    if let Some(key_space) = &request.key_space {
        return Ok(key_space.clone());
    }
    let mut key_spaces = known_key_spaces(config);
    match (key_spaces.pop(), key_spaces.is_empty()) {
        (Some(only), true) => Ok(only),
        (last, _) => {
            key_spaces.extend(last);
            Err(PipelineError::WhichKeySpace { key_spaces })
        }
    }
}

fn raw_files(config: &PipelineConfig) -> Result<Vec<PathBuf>, PipelineError> {
    let mut files = Vec::new();
    for source in sources_with_keys(config) {
        files.extend(source.input_files()?);
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// Whether a text of the config is a key, or has it in quotes as conditions do.
fn names_key(config: &PipelineConfig, keys: &[String]) -> bool {
    fn any(value: &serde_json::Value, is_named: &dyn Fn(&str) -> bool) -> bool {
        match value {
            serde_json::Value::String(text) => is_named(text),
            serde_json::Value::Array(values) => values.iter().any(|value| any(value, is_named)),
            serde_json::Value::Object(values) => values
                .iter()
                .any(|(name, value)| is_named(name) || any(value, is_named)),
            _ => false,
        }
    }
    let is_named = |text: &str| {
        let names = |key: &String| text == key || text.contains(&format!("'{key}'"));
        keys.iter().any(names)
    };
    let value = serde_json::from_str(config.canonical_json()).unwrap_or_default();
    any(&value, &is_named)
}
