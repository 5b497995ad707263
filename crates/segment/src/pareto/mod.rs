//! Few customers hold most of the value: classes A, B and C by each measure, the curve behind them, and how
//! concentrated it is within regions, categories and the like.
//!
//! Everything is decided on whole numbers. A limit such as 80 % becomes the smallest amount that
//! reaches it, so that a customer is never moved by rounding.

mod classes;
mod curve;
mod customers;
mod limit;
mod params;
mod within;

pub(crate) use classes::{Concentration, ParetoClass, ParetoRanking};
pub(crate) use curve::{CurvePoint, curve};
pub(crate) use customers::{MeasuredPareto, Pareto};
pub(crate) use limit::ExactShare;
pub use params::ParetoParams;
pub(crate) use params::ParetoValidParams;
pub(crate) use within::{ParetoRow, within};
