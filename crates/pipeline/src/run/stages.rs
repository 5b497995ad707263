//! The stages of a run up to the tables, in their one order.

use cartera_activation::{BaseParts, Campaigns, PlannedContacts};
use cartera_feature::{CohortTables, HistoryWindow, LifecycleTables, Lifetime, Profit};
use cartera_normalize::{
    GuestTotals, Horizon, MergedLines, ReturnTotals, customers as clean_customers, products as clean_products,
};
use cartera_segment::{
    Before, ClusterRequest, FoundSignals, PortfolioTables, Segmentation, SignalsBefore, segment, signals,
};
use cartera_table::contracts::{CustomerFeatures, Customers, IdentityLinks, Products};
use cartera_table::{AsOf, Cell, Defect, Disposition, Table, TableError};

use super::RunContext;
use super::boundary::{self, cross};
use super::contact_plan::{PlanSources, contact_plan_of, ways_of_plan};
use super::customers::{NewState, customers};
use super::denials::denial_warning;
use super::features::{Featured, Known, features};
use super::inputs::{Work, is_of_lines};
use super::money::{has_costs, money_rules};
use super::observer::Stage;
use super::overlaps::{bytes_of, find_merged_lines, overlapping, replace_touched};
use super::portfolios::{self, portfolios_of};
use super::prior::{PriorRun, decisions_before, holdouts_before};
use super::profit::ProfitSources;
use super::relations::CleanRelations;
use super::report::Defects;
use super::segments::{Plan, UsedSegment, all_segments};
use super::tables::{LineReferences, SourceTables, references};
use super::targets::{ListSources, Targets, columns, targets_of};
use crate::error::PipelineError;
use crate::store::{ReadingRecord, ReferenceRecord, StageRecord};

/// All that a run computed.
pub(super) struct Computed<'w> {
    pub(super) as_of: AsOf,
    pub(super) features: Table<CustomerFeatures>,
    pub(super) lifetime: Lifetime,
    /// What is left of the sales.
    pub(super) profit: Profit,
    /// What campaigns earned.
    pub(super) campaigns: Campaigns,
    pub(super) segmentation: Segmentation,
    /// Alarms and opportunities.
    pub(super) signals: FoundSignals,
    /// Who looks after whom.
    pub(super) portfolios: PortfolioTables,
    /// Target lists.
    pub(super) targets: Targets,
    /// The next contact with every customer.
    pub(super) contact_plan: PlannedContacts,
    pub(super) lifecycle: LifecycleTables,
    pub(super) cohorts: CohortTables,
    /// The run that this one builds on.
    pub(super) prior: Option<PriorRun<'w>>,
    pub(super) links: Table<IdentityLinks>,
    /// The clean tables of customers and products.
    pub(super) customers: Table<Customers>,
    pub(super) products: Table<Products>,
    /// How many rows find their partner in another table.
    pub(super) references: Vec<ReferenceRecord>,
    pub(super) guests: GuestTotals,
    /// Whether any line can have a cost.
    pub(super) has_costs: bool,
    /// What became of returns; none where they are not matched.
    pub(super) returns: Option<ReturnTotals>,
    pub(super) defects: Vec<Defect>,
    /// The same in short.
    pub(super) found: Defects,
    pub(super) stages: Vec<StageRecord>,
    pub(super) reading: ReadingRecord,
    pub(super) state: Option<NewState>,
}

pub(super) fn compute<'w>(work: &Work<'w>) -> Result<Computed<'w>, PipelineError> {
    let Work {
        config,
        inputs,
        horizon,
        books,
        context,
        ..
    } = *work;
    let mut timer = StageTimer {
        context,
        records: Vec::new(),
    };
    let other_bytes = inputs.bytes_of(|source| !is_of_lines(source));
    let tables = if inputs.sources.len() > inputs.lines.len() {
        timer.time(Stage::Tables, Some(other_bytes), || {
            let tables = SourceTables::read(work)?;
            let rows = tables.row_count();
            Ok((tables, rows))
        })?
    } else {
        SourceTables::default()
    };
    let line_references = LineReferences::new(&tables)?;
    let money = money_rules(work, &tables)?;
    let plan = Plan::new(work, &money)?;
    let unread_bytes = plan.bytes();
    let mut segments = timer.time(Stage::Lines, Some(plan.bytes()), || {
        let segments = all_segments(work, plan)?;
        let rows = segments.iter().map(|segment| segment.entry.facts.read.rows).sum();
        Ok((segments, rows))
    })?;
    let places = overlapping(work, &segments);
    let merged = if places.is_empty() {
        MergedLines::default()
    } else {
        timer.time(Stage::Duplicates, Some(bytes_of(&segments, &places)), || {
            let merged = find_merged_lines(work, &segments, &places)?;
            let rows = merged.count();
            Ok((merged, rows))
        })?
    };
    let replaced_bytes = replace_touched(work, &money, &mut segments, &merged)?;
    let bytes = segments.iter().map(|segment| segment.stretch.bytes).sum();
    let reading = ReadingRecord {
        bytes,
        known_bytes: bytes - unread_bytes.min(bytes),
        bytes_read_again: bytes_of(&segments, &places) + replaced_bytes,
    };
    let days = days_in_scope(&segments, horizon.last_epoch_day());
    let as_of = match horizon {
        Horizon::Through(as_of) => days.map(|_| as_of),
        Horizon::LatestUntil(_) => match work.replaces {
            Some(replaces) => days.map(|_| replaces.as_of()),
            None => days.and_then(|(_, last_day)| AsOf::from_epoch_days(last_day)),
        },
    };
    let (first_day, last_day) = days.unwrap_or_default();
    let window = HistoryWindow::new(
        first_day,
        as_of.map_or(last_day, |as_of| as_of.epoch_days()),
        &config.clv,
    );
    let products = clean_products(tables.products.as_ref())?;
    let customers = timer.time(Stage::Customers, None, || {
        let customers = customers(work, &money, &segments, &window, &products)?;
        let rows = customers.links.height() as u64;
        Ok((customers, rows))
    })?;
    let is_line = |cell: &Cell| inputs.is_line_source(cell.source_index);
    let merged_rows = books
        .ledger
        .total(|cell| is_line(cell) && cell.disposition == Disposition::Merged)
        .rows;
    if merged_rows != merged.count() {
        let detail = format!(
            "{} lines were found to be repeats and {merged_rows} were left out",
            merged.count()
        );
        return Err(TableError::Unbalanced {
            source_name: "of all files".into(),
            detail,
        }
        .into());
    }
    let unlisted = books.quarantine.unlisted();
    let defects = books.quarantine.take();
    let found = Defects::new(work, &defects, unlisted);
    let Some(as_of) = as_of else {
        let out_of_scope = books
            .ledger
            .total(|cell| is_line(cell) && cell.disposition == Disposition::OutOfScope)
            .rows;
        return Err(found.no_lines(out_of_scope));
    };
    found.within(config.limits.max_quarantined_share, unlisted)?;
    for source in &inputs.sources {
        let read = books.intake.of_source(source.source_index);
        let by_currency = books.intake.currencies_of_source(source.source_index);
        let name = &source.params.name;
        books.ledger.balance(source.source_index, name, read, &by_currency)?;
    }
    let clean_customers = clean_customers(tables.customers.as_ref(), &inputs.identity)?;
    let prior = PriorRun::of(work, as_of);
    let stages_before = prior.as_ref().and_then(PriorRun::stages);
    let profit_sources = ProfitSources {
        tables: &tables,
        money: &money,
        segments: &segments,
        products: &products,
        channels: &customers.channels,
        guests: customers.guests,
    };
    let (featured, relations) = timer.time(Stage::Features, None, || {
        let relations = CleanRelations::new(work, &tables, as_of, as_of)?;
        if let Some(events) = work.events {
            events.add_relations(&relations, &clean_customers, &config.targets.rules)?;
        }
        let known = Known {
            as_of,
            window: &window,
            purchases: &customers.purchases,
            activity: &customers.activity,
            relations: &relations,
            customers: &clean_customers,
            profit: profit_sources,
            before: stages_before.as_ref(),
            model_before: prior.as_ref().and_then(PriorRun::purchase_model),
        };
        let featured = features(work, customers.partitions, known)?;
        let rows = featured.features.height() as u64;
        Ok(((featured, relations), rows))
    })?;
    let Featured {
        features,
        profit,
        campaigns,
        lifetime,
        lifecycle,
        cohorts,
    } = featured;
    if let Some(warning) = denial_warning(&relations.denials) {
        context.observer.warning(&warning);
    }
    drop(stages_before);
    let segmentation = timer.time(Stage::Segments, None, || {
        let segments = prior.as_ref().and_then(PriorRun::segments);
        let redefined = prior.as_ref().map(PriorRun::redefined).unwrap_or_default();
        let model = prior.as_ref().and_then(PriorRun::clusters);
        let candidate = prior.as_ref().and_then(PriorRun::cluster_candidate);
        let customers = cross(boundary::FEATURES, features.frame().clone());
        let before = Before {
            segments: segments.as_ref(),
            redefined: &redefined,
            clusters: ClusterRequest {
                refit: work.models.refit,
                accept: work.models.accept,
                model: model.as_ref(),
                candidate: candidate.as_ref(),
            },
        };
        let segmentation = segment(&Table::new(customers)?, before, &config.segment)?;
        let rows = segmentation.segments.height() as u64;
        Ok((segmentation, rows))
    })?;
    let signals = timer.time(Stage::Signals, None, || {
        let beside = |prior: &PriorRun<'_>| prior.signals_beside(lifetime.summary.model);
        let before = prior.as_ref().map(beside).transpose()?;
        let before = before.as_ref().map(|before| SignalsBefore {
            as_of: before.as_of,
            features: before.features.as_ref(),
            signals: before.signals.as_ref(),
        });
        let found = signals(&features, &segmentation.segments, before, as_of, &config.signals)?;
        let rows = found.table.height() as u64;
        Ok((found, rows))
    })?;
    let portfolios_before = match &prior {
        Some(prior) if tables.owners.is_some() => prior.portfolios()?,
        _ => None,
    };
    let base = portfolios::Base {
        features: &features,
        segments: &segmentation.segments,
        customers: &clean_customers,
        before: portfolios_before.as_ref(),
        as_of,
    };
    let portfolios = portfolios_of(work, &mut timer, &tables, base)?;
    drop(portfolios_before);
    let (targets, drawn) = timer.time(Stage::Targets, None, || {
        let before = decisions_before(work, prior.as_ref(), as_of)?;
        let held_out = holdouts_before(work, prior.as_ref())?;
        let parts = BaseParts {
            features: features.frame(),
            segments: segmentation.segments.frame(),
            customers: clean_customers.frame(),
            signals: signals.table.frame(),
        };
        let sources = ListSources {
            parts,
            relations: &relations,
            links: &customers.links,
            before: before.as_ref(),
            held_out: held_out.as_ref(),
            as_of,
            contacts_on: as_of,
            customers_now: None,
            accepted_bad_rows: work.accepted_bad_consents,
        };
        let lists = &config.targets;
        let columns = columns(&lists.lists, lists.files.values());
        let made = targets_of(sources, &lists.lists, &columns, lists, &ways_of_plan(config))?;
        let rows = made.0.decisions.height() as u64;
        Ok((made, rows))
    })?;
    let contact_plan = timer.time(Stage::ContactPlan, None, || {
        let sources = PlanSources {
            features: &features,
            segments: &segmentation.segments,
            signals: &signals.table,
            lists: &drawn.outcomes,
            permissions: &targets.permissions,
            keys: &drawn.keys,
            knows_contacts: relations.interactions.is_some(),
            as_of,
        };
        let plan = contact_plan_of(config, sources)?;
        let rows = plan.table.height() as u64;
        Ok((plan, rows))
    })?;
    drop(drawn);
    let references = references(
        &tables,
        &line_references,
        line_references.look_up(&segments)?,
        &customers.links,
    )?;
    Ok(Computed {
        as_of,
        lifecycle,
        cohorts,
        prior,
        customers: clean_customers,
        products,
        references,
        features,
        lifetime,
        profit,
        campaigns,
        segmentation,
        signals,
        portfolios,
        targets,
        contact_plan,
        links: customers.links,
        guests: customers.guests,
        has_costs: has_costs(work, &money),
        returns: config.returns.is_matched().then_some(customers.returns),
        defects,
        found,
        stages: timer.records,
        reading,
        state: customers.state,
    })
}

/// First and last business day that the run may look at; none where it may look at no line. A segment that reaches
/// beyond the last day has lines up to it, or begins after it.
pub(super) fn days_in_scope(segments: &[UsedSegment], last_day: i32) -> Option<(i32, i32)> {
    let days = segments.iter().filter_map(|segment| {
        let facts = &segment.entry.facts;
        facts.first_day.zip(facts.last_day)
    });
    let in_scope: Vec<(i32, i32)> = days.filter(|(first, _)| *first <= last_day).collect();
    let first = in_scope.iter().map(|(first, _)| *first).min()?;
    let last = in_scope.iter().map(|(_, last)| *last).max()?;
    Some((first, last))
}

/// Tells the observer of stages and keeps their times for the manifest.
pub(super) struct StageTimer<'c> {
    pub(super) context: RunContext<'c>,
    pub(super) records: Vec<StageRecord>,
}

impl StageTimer<'_> {
    /// Runs a stage, which returns its result and the rows that came out of it.
    pub(super) fn time<R>(
        &mut self,
        stage: Stage,
        bytes: Option<u64>,
        work: impl FnOnce() -> Result<(R, u64), PipelineError>,
    ) -> Result<R, PipelineError> {
        let started = self.context.clock.now();
        self.context.observer.stage_started(stage, bytes);
        let (result, rows) = work()?;
        let seconds = seconds_between(started, self.context.clock.now());
        self.context
            .observer
            .stage_finished(stage, bytes.unwrap_or(0), rows, seconds);
        self.records.push(StageRecord {
            name: stage.slug().to_owned(),
            rows,
            bytes: bytes.unwrap_or(0),
            seconds,
        });
        Ok(result)
    }
}

pub(super) fn seconds_between(start: jiff::Timestamp, end: jiff::Timestamp) -> f64 {
    end.duration_since(start).as_secs_f64()
}
