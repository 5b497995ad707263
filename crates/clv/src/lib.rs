//! Statistics of repeat purchases and customer lifetime value: plain numbers in, plain numbers out.
//!
//! The unit of time of all models is the week: whole days divided by 7, as in the literature. A purchase is a
//! day on which a customer bought; the first one starts the customer's history and is not counted, so `x` counts
//! the repeats, `t_x` is the time from the first to the last purchase and `T` that from the first to the end of
//! the observation.

mod error;
mod fit;
mod history;
mod likelihood;
mod model;
mod params;
mod predict;
mod special;

pub use error::ClvError;
pub use fit::{
    Fit, LEAST_CUSTOMERS, LEAST_REPEAT_CUSTOMERS, Limit, NoFit, Outcome, Parameter, fit_bg_nbd, fit_gamma_gamma,
    fit_gamma_gamma_limits, fit_mbg_nbd, fit_pareto_nbd,
};
pub use history::{DAYS_PER_WEEK, Histories, History};
pub use model::{PurchaseModel, PurchaseModelKind};
pub use params::{BgNbd, GammaGamma, MbgNbd, ParetoNbd};
pub use predict::{CountLaw, Onward, Outlook, RepeatPurchases, Score, Scores, SpendFactors, WEEKS_PER_MONTH};
