//! The binary as its users meet it.

mod commands;
mod faults;
mod init;
mod kill;
mod layout;
mod quality;
mod sample_data;
mod support;
