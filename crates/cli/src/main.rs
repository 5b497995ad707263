//! The binary `cartera`: arguments to a pipeline call to an exit code.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done; 1 published
//! with more defects than `warn_quarantined_share`; 2 nothing published, or nothing to show.

mod args;
mod clock;
mod commands;
mod number;
mod outcome;
mod progress;
mod render;
mod summary;
mod terminal;

use std::process::ExitCode;

use clap::FromArgMatches;
use mimalloc::MiMalloc;

use crate::args::{Arguments, Command};
use crate::outcome::Outcome;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let color = terminal::color_choice(std::env::args_os());
    let mut matches = args::help::command(color).get_matches();
    let name = matches.subcommand_name().unwrap_or_default().to_owned();
    let arguments = Arguments::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit());
    // Failure points exist in test builds only; elsewhere this does nothing.
    let _scenario = fail::FailScenario::setup();
    let threads = arguments.common.threads();
    // SAFETY: no other thread has been started yet.
    unsafe { std::env::set_var("POLARS_MAX_THREADS", threads.to_string()) };
    progress::start_logging(&arguments.common);
    // What the engine thinks of its own future is nothing for users.
    polars::error::set_warning_function(|message, _| tracing::debug!("{message}"));
    let result = match &arguments.command {
        Command::Run(command) => commands::run::run(command, &arguments.common),
        Command::Check(command) => commands::check::check(command, &arguments.common),
        Command::Runs(command) => commands::runs::runs(command),
        Command::Compare(command) => commands::compare::compare(command, &arguments.common),
        Command::Show(command) => commands::show::show(command),
        Command::Customer(command) => commands::customer::customer(command, &arguments.common),
        Command::Report(command) => commands::report::report(command),
        Command::Sql(command) => commands::sql::sql(command),
        Command::Export(command) => commands::export::export(command, &arguments.common),
        Command::Prune(command) => commands::prune::prune(command),
        Command::Forget(command) => commands::forget::forget(command, &arguments.common),
        Command::Schema(command) => commands::schema::schema(command),
        Command::Init(command) => commands::init::init(command),
        Command::Target(command) => commands::target::target(command, &arguments.common),
        Command::Measure(command) => commands::measure::measure(command, &arguments.common),
        Command::Sample(command) => commands::sample::sample(command),
        Command::Completions(command) => commands::documents::completions(command),
        Command::Man(command) => commands::documents::man(command),
    };
    Outcome::of(result).report(&name, &arguments.common)
}
