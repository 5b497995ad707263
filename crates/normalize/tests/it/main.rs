//! Lines to parts and orders, over frames made by hand.

mod money;
mod returns;
mod support;
