//! The models fitted to the calibration and to the whole history, as rows of `clv_model`.

use cartera_clv::{Fit, NoFit};
use cartera_table::Table;
use cartera_table::contracts::ClvModel;
use polars::prelude::{Column, DataFrame};

use crate::error::FeatureError;

/// What a model was fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sample {
    /// The history up to the cut.
    Calibration,
    /// The whole history.
    All,
}

impl Sample {
    fn slug(self) -> &'static str {
        match self {
            Self::Calibration => "calibration",
            Self::All => "all",
        }
    }
}

/// The name of the model of spend.
pub(super) const GAMMA_GAMMA: &str = "gamma_gamma";

/// The rows of `clv_model`.
#[derive(Debug, Default)]
pub(super) struct ModelRows {
    sample: Vec<&'static str>,
    model: Vec<&'static str>,
    parameter: Vec<&'static str>,
    value: Vec<Option<f64>>,
    standard_error: Vec<Option<f64>>,
    log_likelihood: Vec<Option<f64>>,
    outcome: Vec<String>,
    is_chosen: Vec<bool>,
    customer_count: Vec<i64>,
    distinct_count: Vec<i64>,
    evaluation_count: Vec<i64>,
}

impl ModelRows {
    /// Adds a fit, or why there is none.
    pub(super) fn push<P>(
        &mut self,
        sample: Sample,
        model: &'static str,
        is_chosen: bool,
        fit: &Result<Fit<P>, NoFit>,
    ) {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        match fit {
            Ok(fit) => {
                for parameter in fit.parameters.iter().chain(&fit.limiting_parameters) {
                    self.parameter.push(parameter.name);
                    self.value.push(Some(parameter.value));
                    self.standard_error.push(parameter.standard_error);
                    self.log_likelihood.push(Some(fit.log_likelihood));
                    self.outcome.push(fit.outcome.slug());
                    self.customer_count.push(whole(fit.customer_count));
                    self.distinct_count.push(whole(fit.distinct_count as u64));
                    self.evaluation_count.push(whole(fit.evaluations));
                }
            }
            Err(reason) => {
                self.parameter.push("none");
                self.value.push(None);
                self.standard_error.push(None);
                self.log_likelihood.push(None);
                self.outcome.push(reason.slug().to_owned());
                self.customer_count.push(0);
                self.distinct_count.push(0);
                self.evaluation_count.push(0);
            }
        }
        self.sample.resize(self.parameter.len(), sample.slug());
        self.model.resize(self.parameter.len(), model);
        self.is_chosen.resize(self.parameter.len(), is_chosen);
    }

    pub(super) fn into_table(self) -> Result<Table<ClvModel>, FeatureError> {
        let height = self.sample.len();
        let columns = vec![
            Column::new("sample".into(), self.sample),
            Column::new("model".into(), self.model),
            Column::new("parameter".into(), self.parameter),
            Column::new("value".into(), self.value),
            Column::new("standard_error".into(), self.standard_error),
            Column::new("log_likelihood".into(), self.log_likelihood),
            Column::new("outcome".into(), self.outcome),
            Column::new("is_chosen".into(), self.is_chosen),
            Column::new("customer_count".into(), self.customer_count),
            Column::new("distinct_count".into(), self.distinct_count),
            Column::new("evaluation_count".into(), self.evaluation_count),
        ];
        Ok(Table::sorted(DataFrame::new(height, columns)?)?)
    }
}
