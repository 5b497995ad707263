//! What the newest run of an earlier day left.
//!
//! Each part is read by the stage that looks at it, so that no more than one is in memory. A part that an older
//! version did not publish, or published with other columns, is not there. One that is damaged is left with a
//! warning, and what was left is part of the run's fingerprint.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use cartera_activation::{SUPERSEDED, TAKEN_OFF};
use cartera_feature::PriorLifecycle;
use cartera_segment::ClusterModel;
use cartera_table::contracts::{
    CustomerFeatures, CustomerSegments, DataQuality, Portfolios, Signals, TargetChanges, TargetDecisions,
    TargetHoldouts,
};
use cartera_table::frame::{null_column, text};
use cartera_table::{AsOf, ColumnType, Contract, Table, TableError};
use polars::prelude::{ChunkCompareEq, Column, DataFrame};

use super::erased_customers::ErasedCustomers;
use super::inputs::Work;
use crate::error::PipelineError;
use crate::store::read::{ReadOptions, read_frame, read_table};
use crate::store::{ModelRecord, PublishedRun, RunRef, StoreError};

/// The model of the clusters in a manifest.
pub(crate) const CLUSTERS: &str = "clusters";

/// Columns of customers that the model of purchases says.
const OF_MODELS: [&str; 13] = [
    "p_alive",
    "expected_orders_12m",
    "expected_orders_horizon",
    "orders_horizon_low",
    "orders_horizon_high",
    "expected_sales_12m",
    "clv_12m",
    "clv_horizon",
    "clv_horizon_low",
    "clv_horizon_high",
    "expected_cost_to_serve",
    "vin_expected",
    "vin",
];

/// The segmentations and the sections of a pipeline that define them.
const DEFINED_IN: [(&str, &[&str]); 6] = [
    ("rfm_segment", &["rfm", "rfm_map"]),
    ("lifecycle_stage", &["lifecycle"]),
    ("pareto_class", &["pareto"]),
    ("pareto_class_profit", &["pareto"]),
    ("pareto_class_vin", &["pareto"]),
    ("value_tier", &["value_tiers"]),
];

/// The sections of a pipeline that define a segmentation; clusters are defined by theirs, and by their model.
pub(crate) fn sections_that_define(segmentation: &str) -> &'static [&'static str] {
    let known = DEFINED_IN.iter().find(|(name, _)| *name == segmentation);
    match (known, segmentation) {
        (Some((_, sections)), _) => sections,
        (None, "cluster") => &["k_means"],
        (None, _) => &[],
    }
}

/// A run that this one builds on.
pub(super) struct PriorRun<'w> {
    run: &'w PublishedRun,
    work: Work<'w>,
    /// Parts that are damaged.
    lost: Mutex<BTreeSet<String>>,
}

/// What the signals of a run look at in the run before.
#[derive(Debug)]
pub(super) struct PriorSignals {
    pub(super) as_of: AsOf,
    /// The columns of its customers that rules compare; none where no rule does.
    pub(super) features: Option<DataFrame>,
    /// Its signals.
    pub(super) signals: Option<DataFrame>,
}

impl<'w> PriorRun<'w> {
    /// The newest run of an earlier day.
    pub(super) fn of(work: &Work<'w>, as_of: AsOf) -> Option<Self> {
        let run = work.runs.prior_state(as_of)?;
        Some(Self {
            run,
            work: *work,
            lost: Mutex::default(),
        })
    }

    pub(super) fn run(&self) -> &'w PublishedRun {
        self.run
    }

    pub(super) fn reference(&self) -> RunRef {
        self.run.reference
    }

    /// The hash of what it was, with the parts that could not be read; to be asked once all have been looked at.
    pub(super) fn fingerprint(&self) -> String {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        let without = lost.iter().map(|part| format!(" without {part}"));
        self.run.manifest.record.fingerprint.clone() + &without.collect::<String>()
    }

    /// The model of purchases that its customers are scored with.
    pub(super) fn purchase_model(&self) -> Option<&'w str> {
        self.run.manifest.record.totals.lifetime.model.as_deref()
    }

    /// What its data was like.
    pub(super) fn figures(&self) -> Option<Table<DataQuality>> {
        self.table()
    }

    /// The stages of its customers.
    pub(super) fn stages(&self) -> Option<PriorLifecycle> {
        let as_of = self.run.reference.as_of;
        self.table().map(|table| PriorLifecycle { as_of, table })
    }

    /// The segmentations that its pipeline defined otherwise. Clusters have their own way of changing.
    pub(super) fn redefined(&self) -> Vec<&'static str> {
        let now: serde_json::Value = serde_json::from_str(self.work.config.canonical_json()).unwrap_or_default();
        let then = &self.run.manifest.record.parameters;
        let is_other = |sections: &[&str]| sections.iter().any(|section| now[section] != then[section]);
        let redefined = DEFINED_IN.iter().filter(|(_, sections)| is_other(sections));
        redefined.map(|(segmentation, _)| *segmentation).collect()
    }

    /// The segments of its customers.
    pub(super) fn segments(&self) -> Option<Table<CustomerSegments>> {
        self.table()
    }

    /// The model of its clusters.
    pub(super) fn clusters(&self) -> Option<ClusterModel> {
        self.model(&self.of_clusters()?.hash)
    }

    /// One that was fitted and not taken.
    pub(super) fn cluster_candidate(&self) -> Option<ClusterModel> {
        self.model(self.of_clusters()?.candidate.as_ref()?)
    }

    fn signals(&self) -> PriorSignals {
        let compared = self.work.config.signals.columns_before();
        let columns = [&["customer_id"], &*compared].concat();
        PriorSignals {
            as_of: self.run.reference.as_of,
            features: (!compared.is_empty())
                .then(|| self.columns::<CustomerFeatures>(&columns))
                .flatten(),
            signals: self.columns::<Signals>(&["customer_id", "signal", "since"]),
        }
    }

    /// What its signals are looked at for, where its customers were scored by another model than `purchase_model`: what
    /// models say of a customer then changes without any doing of theirs.
    pub(super) fn signals_beside(&self, purchase_model: Option<&str>) -> Result<PriorSignals, TableError> {
        let mut before = self.signals();
        if let Some(features) = before
            .features
            .as_mut()
            .filter(|_| self.purchase_model() != purchase_model)
        {
            for name in OF_MODELS {
                if let (true, Some(column)) = (features.schema().contains(name), CustomerFeatures::INFO.column(name)) {
                    let unknown = null_column(name, column.column_type, features.height());
                    features.replace(name, unknown)?;
                }
            }
        }
        Ok(before)
    }

    /// Who looks after its customers, and who did last. Without it everybody would change hands, so that it has to
    /// be read where it is there.
    ///
    /// # Errors
    /// When it is damaged.
    pub(super) fn portfolios(&self) -> Result<Option<DataFrame>, PipelineError> {
        let columns = ["customer_id", "owner_id", "previous_owner_id"];
        let read = |path: &Path| columns_of::<Portfolios>(path, &columns);
        self.read(Portfolios::INFO.name, read)
            .map_err(|cause| PipelineError::PriorPart {
                table: Portfolios::INFO.name,
                without: "customers would change hands for no reason",
                run: self.run.reference,
                cause: Box::new(cause),
            })
    }

    fn of_clusters(&self) -> Option<&'w ModelRecord> {
        let models = &self.run.manifest.record.models;
        models.iter().find(|record| record.name == CLUSTERS)
    }

    fn model(&self, hash: &str) -> Option<ClusterModel> {
        let read = || -> Result<ClusterModel, PipelineError> {
            let text = String::from_utf8_lossy(&self.work.warehouse.model(hash)?).into_owned();
            Ok(ClusterModel::from_json(&text)?)
        };
        read().map_err(|error| self.lose("models", &error)).ok()
    }

    fn table<T: Contract>(&self) -> Option<Table<T>> {
        let read = self.read(T::INFO.name, |path| read_table(path));
        read.unwrap_or_else(|error| {
            self.lose(T::INFO.name, &error);
            None
        })
    }

    fn columns<T: Contract>(&self, columns: &[&str]) -> Option<DataFrame> {
        let read = self.read(T::INFO.name, |path| columns_of::<T>(path, columns));
        read.unwrap_or_else(|error| {
            self.lose(T::INFO.name, &error);
            None
        })
    }

    /// Nothing where the run was published by a version that has other tables or columns.
    fn read<T>(&self, table: &str, read: impl FnOnce(&Path) -> Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        let Ok(path) = self.run.table_path(table) else {
            return Ok(None);
        };
        match read(&path) {
            Ok(part) => Ok(Some(part)),
            Err(StoreError::NoColumn { .. } | StoreError::OtherType { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn lose(&self, part: &str, error: &dyn std::error::Error) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.insert(part.to_owned()) {
            self.work.context.observer.warning(&format!(
                "{part} of run {} cannot be read and is left aside, as if that run had none: {error}",
                self.run.reference
            ));
        }
    }
}

fn columns_of<T: Contract>(path: &Path, columns: &[&str]) -> Result<DataFrame, StoreError> {
    let options = ReadOptions {
        columns: Some(columns.iter().map(|column| (*column).to_owned()).collect()),
        rows: None,
    };
    read_frame(path, &T::INFO, &options)
}

/// Whom the lists of the newest run of an earlier day contacted and held out, and behind that whom earlier runs of the
/// same day contacted, as [`SUPERSEDED`], and removed, as [`TAKEN_OFF`]: somebody may have used those lists, and has to be
/// told whom to take off and whom to put back.
///
/// # Errors
/// When a part is damaged: then nobody would be told.
pub(super) fn decisions_before(
    work: &Work<'_>,
    prior: Option<&PriorRun<'_>>,
    as_of: AsOf,
) -> Result<Option<DataFrame>, PipelineError> {
    let mut before = match prior {
        Some(prior) => decisions_of(prior.run)?,
        None => None,
    };
    let of_day = work.runs.runs.iter().filter(|run| run.reference.as_of == as_of);
    for run in of_day {
        let Some(decisions) = decisions_of(run)? else { continue };
        for rows in [Some(superseded(&decisions)?), taken_off(run)?].into_iter().flatten() {
            match &mut before {
                Some(before) => {
                    before.vstack_mut(&rows).map_err(TableError::from)?;
                }
                None => before = Some(rows),
            }
        }
    }
    // A run that is still to be replaced may tell of people who were erased since.
    let erased = ErasedCustomers::of(work);
    Ok(before.map(|before| erased.left_out(before)).transpose()?)
}

fn decisions_of(run: &PublishedRun) -> Result<Option<DataFrame>, PipelineError> {
    let columns = ["list", "customer_id", "decision", "listed_since"];
    of_lists::<TargetDecisions>(run, &columns, "nobody would be told whom to take off a list")
}

/// Whom the lists of the newest run of an earlier day and of those before it held out, as far back as caps looked.
///
/// # Errors
/// When it is damaged: then those held out would be selected again before those contacted are.
pub(super) fn holdouts_before(
    work: &Work<'_>,
    prior: Option<&PriorRun<'_>>,
) -> Result<Option<DataFrame>, PipelineError> {
    match prior {
        Some(prior) => holdouts_of(work, prior.run),
        None => Ok(None),
    }
}

/// The same as one run left it.
pub(super) fn holdouts_of(work: &Work<'_>, run: &PublishedRun) -> Result<Option<DataFrame>, PipelineError> {
    let columns = ["list", "customer_id", "channel", "held_out_on"];
    let without = "those held out would be listed again before those who were contacted";
    let holdouts = of_lists::<TargetHoldouts>(run, &columns, without)?;
    let erased = ErasedCustomers::of(work);
    Ok(holdouts.map(|holdouts| erased.left_out(holdouts)).transpose()?)
}

/// The columns of a table of lists; none where an older version published none.
fn of_lists<T: Contract>(
    run: &PublishedRun,
    columns: &[&str],
    without: &'static str,
) -> Result<Option<DataFrame>, PipelineError> {
    let Ok(path) = run.table_path(T::INFO.name) else {
        return Ok(None);
    };
    match columns_of::<T>(&path, columns) {
        Ok(rows) => Ok(Some(rows)),
        Err(StoreError::NoColumn { .. } | StoreError::OtherType { .. }) => Ok(None),
        Err(cause) => Err(PipelineError::PriorPart {
            table: T::INFO.name,
            without,
            run: run.reference,
            cause: Box::new(cause),
        }),
    }
}

/// Whom a run removed, as decisions.
fn taken_off(run: &PublishedRun) -> Result<Option<DataFrame>, PipelineError> {
    let columns = ["list", "customer_id", "change"];
    let without = "nobody would be told whom to put back on a list";
    let Some(changes) = of_lists::<TargetChanges>(run, &columns, without)? else {
        return Ok(None);
    };
    let is_removed = text(&changes, "change")?.equal("removed");
    let removed = changes.filter(&is_removed).map_err(TableError::from)?;
    let height = removed.height();
    let kept = |name: &str| removed.column(name).cloned().map_err(TableError::from);
    let columns = vec![
        kept("list")?,
        kept("customer_id")?,
        Column::new("decision".into(), vec![TAKEN_OFF; height]),
        null_column("listed_since", ColumnType::Date, height),
    ];
    Ok(Some(DataFrame::new(height, columns).map_err(TableError::from)?))
}

fn superseded(decisions: &DataFrame) -> Result<DataFrame, TableError> {
    let is_contact = text(decisions, "decision")?.equal("contact");
    let mut contacts = decisions.filter(&is_contact)?;
    let superseded = vec![SUPERSEDED; contacts.height()];
    contacts.replace("decision", Column::new("decision".into(), superseded))?;
    Ok(contacts)
}
