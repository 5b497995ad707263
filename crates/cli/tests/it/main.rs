//! The binary as its users meet it.

mod commands;
mod faults;
mod forget;
mod init;
mod kill;
mod layout;
mod measure;
mod quality;
mod sample_data;
mod support;
