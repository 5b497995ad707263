//! `cartera customer`

mod happened;
mod next;
mod screen;
mod who;
mod worth;

use std::io::{self, Write};

use anyhow::Context;
use cartera_pipeline::store::{PublishedRun, Warehouse, write_list};
use cartera_pipeline::{CustomerRequest, customer_view};
use cartera_report::customer::{CustomerView, customer_page};
use cartera_report::{Locale, Words};
use clap::ColorChoice;

use super::{say_written, warehouse_folder};
use crate::args::{CommonArguments, CustomerArguments};
use crate::outcome::Outcome;
use crate::terminal::Paint;
use screen::Screen;

pub(crate) fn customer(arguments: &CustomerArguments, common: &CommonArguments) -> anyhow::Result<Outcome> {
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse.warehouse)?)?;
    let run = warehouse.find(&arguments.run)?;
    let request = CustomerRequest {
        key: arguments.key.clone(),
        personal: arguments.personal,
    };
    let view = customer_view(&warehouse, &run, &request)?;
    let text = if arguments.json {
        serde_json::to_string_pretty(&view)? + "\n"
    } else if arguments.html {
        let locale = arguments.locale.unwrap_or_else(|| locale_of(&run));
        let words = Words::new(locale, &view.currency)?;
        customer_page(&view, &words, &run.manifest.record.cartera_version)?
    } else {
        let is_for_file = arguments.out.is_some();
        let choice = if is_for_file { ColorChoice::Never } else { common.color };
        screen(&view, Paint::of_stdout(choice))
    };
    match &arguments.out {
        Some(path) => {
            let bytes = write_list(path, &mut |out| out.write_all(text.as_bytes()))?;
            say_written(path, bytes, &run, ", for its owner alone")?;
        }
        None => io::stdout()
            .write_all(text.as_bytes())
            .context("cannot write to standard output")?,
    }
    Ok(Outcome::Done)
}

/// The language that the run's pipeline asked for.
fn locale_of(run: &PublishedRun) -> Locale {
    let asked = &run.manifest.record.parameters["pipeline"]["locale"];
    asked.as_str().and_then(|code| code.parse().ok()).unwrap_or_default()
}

/// The customer on one screen.
fn screen(view: &CustomerView, paint: Paint) -> String {
    let mut screen = Screen::new(paint);
    who::add(&mut screen, view);
    worth::add(&mut screen, view);
    happened::add(&mut screen, view);
    next::add(&mut screen, view);
    screen.into_text()
}
