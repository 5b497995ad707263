//! The binary as its users meet it.

mod browser;
mod catalogue;
mod commands;
mod compare;
mod customer;
mod export;
mod faults;
mod forget;
mod init;
mod kill;
mod layout;
mod measure;
mod quality;
mod report_numbers;
mod sample_data;
mod sql;
mod support;
mod terminal;
