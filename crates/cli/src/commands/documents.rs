//! `cartera completions` and `cartera man`

use std::io::{self, Write};

use cartera_pipeline::write_documents;
use clap::{ColorChoice, Command};
use clap_mangen::Man;

use crate::args::{CompletionsArguments, ManArguments, help};
use crate::outcome::Outcome;

/// The name that people type.
const NAME: &str = "cartera";

pub(crate) fn completions(arguments: &CompletionsArguments) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut help::command(ColorChoice::Never),
        NAME,
        &mut script,
    );
    io::stdout().write_all(&script)?;
    Ok(Outcome::Done)
}

pub(crate) fn man(arguments: &ManArguments) -> anyhow::Result<Outcome> {
    let pages = pages()?;
    match &arguments.out {
        Some(folder) => {
            write_documents(folder, &pages)?;
            writeln!(io::stdout(), "wrote {} pages to {}", pages.len(), folder.display())?;
        }
        None => {
            let page = pages.first().map(|(_, page)| page.as_slice());
            io::stdout().write_all(page.unwrap_or_default())?;
        }
    }
    Ok(Outcome::Done)
}

/// The page of cartera, then one for each command.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut command = help::command(ColorChoice::Never);
    command.build();
    let source = format!("{NAME} {}", command.get_version().unwrap_or_default());
    let mut pages = vec![page(&command, &source)?];
    for of_command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        pages.push(page(of_command, &source)?);
    }
    Ok(pages)
}

fn page(command: &Command, source: &str) -> io::Result<(String, Vec<u8>)> {
    let man = Man::new(command.clone()).source(source);
    let mut page = Vec::new();
    man.render(&mut page)?;
    Ok((man.get_filename(), page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_page_for_each_command() {
        let pages = pages().expect("rendered");
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[0], "cartera.1");
        for name in ["cartera-run.1", "cartera-forget.1", "cartera-compare.1"] {
            assert!(names.contains(&name), "{names:?}");
        }
        for (name, page) in &pages {
            let text = String::from_utf8_lossy(page);
            assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{name}");
        }
    }
}
