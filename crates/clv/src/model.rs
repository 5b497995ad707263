//! One of the models of repeat purchases, chosen at run time.

use crate::fit::{Fit, NoFit, fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd, fit_purchase_limits};
use crate::history::Histories;
use crate::params::{BgNbd, MbgNbd, ParetoNbd};
use crate::predict::{CountLaw, Onward, RepeatPurchases};

/// Which model of repeat purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PurchaseModelKind {
    /// Dropout after a repeat purchase.
    BgNbd,
    /// Dropout after any purchase.
    MbgNbd,
    /// Dropout at any time.
    ParetoNbd,
}

impl PurchaseModelKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::BgNbd, Self::MbgNbd, Self::ParetoNbd];

    /// The name in tables and reports.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::BgNbd => "bg_nbd",
            Self::MbgNbd => "mbg_nbd",
            Self::ParetoNbd => "pareto_nbd",
        }
    }

    /// Fits the model.
    ///
    /// # Errors
    /// When the data allow no fit; the reason is a finding about the data.
    pub fn fit(self, histories: &Histories) -> Result<Fit<PurchaseModel>, NoFit> {
        match self {
            Self::BgNbd => Ok(fit_bg_nbd(histories)?.map(PurchaseModel::BgNbd)),
            Self::MbgNbd => Ok(fit_mbg_nbd(histories)?.map(PurchaseModel::MbgNbd)),
            Self::ParetoNbd => Ok(fit_pareto_nbd(histories)?.map(PurchaseModel::ParetoNbd)),
        }
    }

    /// Fits every limiting model, whether or not the data ask for it: what the model itself has to be better than.
    ///
    /// # Errors
    /// When the data allow no fit; the reason is a finding about the data.
    pub fn fit_limits(self, histories: &Histories) -> Result<Vec<Fit<PurchaseModel>>, NoFit> {
        fit_purchase_limits(self, histories)
    }
}

/// A model of repeat purchases with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PurchaseModel {
    /// Dropout after a repeat purchase.
    BgNbd(BgNbd),
    /// Dropout after any purchase.
    MbgNbd(MbgNbd),
    /// Dropout at any time.
    ParetoNbd(ParetoNbd),
}

impl PurchaseModel {
    /// Which model it is.
    #[must_use]
    pub fn kind(&self) -> PurchaseModelKind {
        match self {
            Self::BgNbd(_) => PurchaseModelKind::BgNbd,
            Self::MbgNbd(_) => PurchaseModelKind::MbgNbd,
            Self::ParetoNbd(_) => PurchaseModelKind::ParetoNbd,
        }
    }

    /// The name in tables and reports.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        self.kind().slug()
    }

    fn as_repeat_purchases(&self) -> &dyn RepeatPurchases {
        match self {
            Self::BgNbd(params) => params,
            Self::MbgNbd(params) => params,
            Self::ParetoNbd(params) => params,
        }
    }

    /// The log-likelihood of `x` repeat purchases, the last at `t_x`, in a history of the length `age`; times in weeks.
    #[must_use]
    pub fn log_likelihood(&self, x: f64, t_x: f64, age: f64) -> f64 {
        match self {
            Self::BgNbd(params) => params.log_likelihood(x, t_x, age),
            Self::MbgNbd(params) => params.log_likelihood(x, t_x, age),
            Self::ParetoNbd(params) => params.log_likelihood(x, t_x, age),
        }
    }
}

impl RepeatPurchases for PurchaseModel {
    fn p_alive(&self, x: f64, t_x: f64, age: f64) -> f64 {
        self.as_repeat_purchases().p_alive(x, t_x, age)
    }

    fn onward(&self, x: f64) -> Box<dyn Onward> {
        self.as_repeat_purchases().onward(x)
    }

    fn expected_new(&self, time: f64) -> f64 {
        self.as_repeat_purchases().expected_new(time)
    }

    fn counts_new(&self, time: f64) -> CountLaw {
        self.as_repeat_purchases().counts_new(time)
    }
}
