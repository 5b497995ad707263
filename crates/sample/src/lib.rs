//! The seeded generator of a made-up retailer with known truth.
//!
//! Real customer files never say who is still a customer. These do: every customer has a purchase
//! rate, a dropout probability and a mean order value drawn from known distributions, so later
//! stages can be scored against them, and any size of input can be had for benchmarks.
//!
//! - Purchases follow the BG/NBD model (Fader, Hardie & Lee 2005): a first order on joining, then a
//!   Poisson process that may end after each repeat order.
//! - Order values follow the Gamma-Gamma model (Fader & Hardie 2013), independent of the purchases.
//! - Complaints end some relations early, and campaigns speed purchases up for a while, by a known
//!   amount and with a control group.
//! - People appear under several keys, with slips in their names; prices abroad are in pounds and dollars.
//! - Guests, returns, free lines, shipping lines and, on request, planted defects make it look like
//!   an export of a shop system.
//!
//! [`write_sample`] writes every file, [`order_lines`] the export of the orders alone. Both hand out
//! bytes; this crate opens no file.
//!
//! # Determinism
//!
//! Every customer and every order has its own ChaCha8 stream, so the bytes depend on the parameters
//! alone, never on the number of threads. Customer 17 is the same customer in a sample of any size.
//!
//! # Memory
//!
//! Time order needs all orders at once, so an order is kept as 16 bytes and its lines are drawn
//! when they are written: about 60 MB for 320,000 customers and 550 MB for 3 million. The files about
//! people are written a few thousand people at a time.
//!
//! # Example
//!
//! ```
//! use cartera_sample::{SampleParams, order_lines};
//!
//! let params = SampleParams::new(100, 7).check()?;
//! let mut file = Vec::new();
//! let totals = order_lines(&params, &mut file)?;
//! // People, some of them under two keys.
//! assert!(totals.customers >= 100);
//! assert_eq!(totals.bytes, file.len() as u64);
//! # Ok::<(), cartera_sample::SampleError>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

mod basket;
mod campaign;
mod catalogue;
mod channel;
mod costs;
mod currency;
mod defect;
mod details;
mod error;
mod file;
mod header;
mod history;
mod lines;
mod marketing;
mod names;
mod ordered;
mod owners;
mod parameters;
mod params;
mod person;
mod plant;
mod products;
mod readme;
mod row;
mod service;
mod stream;
mod suppressions;
mod table_text;
mod totals;
mod truth;
mod variant;
mod whole;

pub use crate::currency::Currency;
pub use crate::defect::{DefectKind, PlantedDefect};
pub use crate::error::SampleError;
pub use crate::file::SampleFile;
pub use crate::lines::order_lines;
pub use crate::params::{PurchaseParams, SampleParams, SampleValidParams, SpendParams};
pub use crate::plant::{Planted, Went};
pub use crate::totals::{LineKind, LineTotals, Party, SampleTotals};
pub use crate::truth::TruthTotals;
pub use crate::whole::{FileTotals, SampleContents, WritePiece, write_sample};
