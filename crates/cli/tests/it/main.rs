//! The binary as its users meet it.

mod commands;
mod faults;
mod kill;
mod layout;
mod sample_data;
mod support;
