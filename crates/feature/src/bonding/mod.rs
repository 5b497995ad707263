//! How many ways a customer is tied to the company.

mod breadth;
mod score;

pub use breadth::{Breadth, Categories};
pub use score::add_bonding;
