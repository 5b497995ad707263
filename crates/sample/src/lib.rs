//! The seeded generator of a made-up retailer with known truth.
//!
//! Real customer files never say who is still a customer. These do: every customer has a purchase
//! rate, a dropout probability and a mean order value drawn from known distributions, so later
//! stages can be scored against them, and any size of input can be had for benchmarks.
//!
//! - Purchases follow the BG/NBD model (Fader, Hardie & Lee 2005): a first order on joining, then a
//!   Poisson process that may end after each repeat order.
//! - Order values follow the Gamma-Gamma model (Fader & Hardie 2013), independent of the purchases.
//! - Guests, returns, free lines, shipping lines and, on request, planted defects make it look like
//!   an export of a shop system.
//!
//! [`order_lines`] writes the export in time order and [`customer_truth`] what is true of each
//! customer. Both write bytes to a [`std::io::Write`]; this crate opens no file.
//!
//! # Determinism
//!
//! Every customer and every order has its own ChaCha8 stream, so the bytes depend on the parameters
//! alone, never on the number of threads. Customer 17 is the same customer in a sample of any size.
//!
//! # Memory
//!
//! Time order needs all orders at once, so an order is kept as 16 bytes and its lines are drawn
//! when they are written: about 60 MB for 320,000 customers and 550 MB for 3 million.
//!
//! # Example
//!
//! ```
//! use cartera_sample::{SampleParams, order_lines};
//!
//! let params = SampleParams::new(100, 7).check()?;
//! let mut file = Vec::new();
//! let totals = order_lines(&params, &mut file)?;
//! assert_eq!(totals.customers, 100);
//! assert_eq!(totals.bytes, file.len() as u64);
//! # Ok::<(), cartera_sample::SampleError>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

mod basket;
mod catalogue;
mod defect;
mod error;
mod header;
mod history;
mod lines;
mod ordered;
mod params;
mod row;
mod stream;
mod totals;
mod truth;

pub use crate::defect::{DefectKind, PlantedDefect};
pub use crate::error::SampleError;
pub use crate::lines::order_lines;
pub use crate::params::{PurchaseParams, SampleParams, SampleValidParams, SpendParams};
pub use crate::row::ORDER_LINES_HEADER;
pub use crate::totals::{LineKind, LineTotals, Party, SampleTotals};
pub use crate::truth::{CUSTOMER_TRUTH_HEADER, TruthTotals, customer_truth};
