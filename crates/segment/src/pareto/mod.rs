//! Few customers hold most of the sales: classes A, B and C, and the curve behind them.
//!
//! Everything is decided on whole numbers. A limit such as 80 % becomes the smallest amount that
//! reaches it, so that a customer is never moved by rounding.

mod classes;
mod curve;
mod limit;
mod params;

pub(crate) use classes::{ParetoClass, ParetoRanking};
pub(crate) use curve::{CurvePoint, curve};
pub use params::ParetoParams;
pub(crate) use params::ParetoValidParams;
