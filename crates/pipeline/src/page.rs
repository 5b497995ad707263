//! The page that tells of a run, beside its tables or made once more.

use cartera_report::{Locale, Night, QueryError, Report, Tables, report};
use cartera_table::AsOf;
use polars::prelude::DataFrame;

use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::store::{PublishedRun, RunSql, Staging};

impl Tables for RunSql {
    fn query(&self, sql: &str) -> Result<DataFrame, QueryError> {
        Ok(RunSql::query(self, sql)?)
    }
}

/// The report of a published run, beside the run that it came after, if that one is still there.
///
/// Without a locale it speaks the language that its pipeline asked for.
///
/// # Errors
/// When a table cannot be read.
pub fn report_of_run(
    run: &PublishedRun,
    before: Option<&PublishedRun>,
    locale: Option<Locale>,
) -> Result<Report, PipelineError> {
    let record = &run.manifest.record;
    let asked = &record.parameters["pipeline"];
    let of_pipeline = asked["locale"].as_str().and_then(|code| code.parse().ok());
    let night = Night {
        pipeline: record.pipeline.clone(),
        as_of: run.reference.as_of.0,
        before: before.map(|before| before.reference.as_of.0),
        currency: asked["currency"].as_str().unwrap_or_default().to_owned(),
        horizon_months: record.parameters["clv"]["horizon_months"].as_u64().unwrap_or_default(),
        locale: locale.or(of_pipeline).unwrap_or_default(),
        version: record.cartera_version.clone(),
        warnings: record.warnings.clone(),
    };
    rendered(&RunSql::of_run(run), before, &night)
}

/// What the page of a run that is being written says beside its tables.
pub(crate) struct StagedPage<'p> {
    pub(crate) config: &'p PipelineConfig,
    pub(crate) as_of: AsOf,
    pub(crate) before: Option<&'p PublishedRun>,
    pub(crate) version: &'p str,
    pub(crate) warnings: &'p [String],
}

/// The report of a run that is being written.
pub(crate) fn report_of_staging(staging: &Staging<'_>, page: &StagedPage<'_>) -> Result<Report, PipelineError> {
    let night = Night {
        pipeline: page.config.name.clone(),
        as_of: page.as_of.0,
        before: page.before.map(|before| before.reference.as_of.0),
        currency: page.config.currency.as_str().to_owned(),
        horizon_months: page.config.clv.horizon_months().into(),
        locale: page.config.locale,
        version: page.version.to_owned(),
        warnings: page.warnings.to_vec(),
    };
    rendered(&RunSql::of_staging(staging), page.before, &night)
}

fn rendered(tables: &RunSql, before: Option<&PublishedRun>, night: &Night) -> Result<Report, PipelineError> {
    let before = before.map(RunSql::of_run);
    let before = before.as_ref().map(|before| before as &dyn Tables);
    Ok(report(tables, before, night)?)
}
