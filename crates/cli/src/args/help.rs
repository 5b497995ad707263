//! The help of `cartera`, with its commands grouped by what they are for.

use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::{ColorChoice, Command, CommandFactory};

use super::Arguments;

/// Columns that help is written for.
const COLUMNS: usize = 100;

/// What commands are for. One that stands in no group comes at the end.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Build", &["run", "check", "init", "sample"]),
    (
        "Look",
        &["show", "report", "customer", "compare", "runs", "sql", "schema"],
    ),
    ("Act", &["target", "measure", "export"]),
    ("Keep", &["prune", "forget"]),
    ("This program", &["completions", "man"]),
];

const HEADER: Style = Style::new().bold();
const LITERAL: Style = AnsiColor::Cyan.on_default();

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 published with more defects than warn_quarantined_share, a check that does not
hold or a stopped list; 2 nothing published, or nothing to show.
Results go to standard output, progress and logs to standard error.

Examples:
  cartera init exports/*.csv --out pipeline.toml
  cartera check pipeline.toml
  cartera run pipeline.toml
  cartera compare --warehouse pipeline.toml

cartera COMMAND --help tells more of each.";

/// The command line, as it is parsed and as manuals and completions are made of it.
pub(crate) fn command(color: ColorChoice) -> Command {
    let styles = Styles::styled()
        .header(HEADER)
        .usage(HEADER)
        .literal(LITERAL)
        .placeholder(Style::new().dimmed());
    let command = Arguments::command()
        .color(color)
        .styles(styles)
        .max_term_width(COLUMNS)
        .after_help(AFTER_HELP);
    let groups = groups(&command);
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}{HEADER}Options:{HEADER:#}\n{{options}}{{after-help}}"
    ))
}

/// The commands with what they do, as the help lists them.
fn groups(command: &Command) -> String {
    let commands: Vec<&Command> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .collect();
    let width = commands
        .iter()
        .map(|command| command.get_name().len())
        .max()
        .unwrap_or(0);
    let is_named = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
    let others: Vec<&str> = commands
        .iter()
        .map(|command| command.get_name())
        .filter(|name| !is_named(name))
        .collect();
    let mut text = String::new();
    for (title, names) in GROUPS.iter().copied().chain([("Other", others.as_slice())]) {
        let of_group: Vec<&&Command> = names
            .iter()
            .filter_map(|name| commands.iter().find(|command| command.get_name() == *name))
            .collect();
        if of_group.is_empty() {
            continue;
        }
        text.push_str(&format!("{HEADER}{title}:{HEADER:#}\n"));
        for command in of_group {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let lines = crate::terminal::wrapped(&about, COLUMNS - width - 4);
            for (place, line) in lines.iter().enumerate() {
                let name = if place == 0 { command.get_name() } else { "" };
                text.push_str(&format!("  {LITERAL}{name:<width$}{LITERAL:#}  {line}\n"));
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn commands() -> Vec<Command> {
        let mut command = command(ColorChoice::Never);
        command.build();
        command.get_subcommands().cloned().collect()
    }

    /// The examples of a command: each call on one line, without what the shell does with its input and output.
    fn examples(command: &Command) -> Vec<String> {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let joined = help.replace("\\\n", " ");
        let calls = joined.lines().filter(|line| line.starts_with("  cartera "));
        calls
            .map(|line| line.split(['<', '>', '|']).next().unwrap_or_default().to_owned())
            .collect()
    }

    /// Words as a shell cuts them.
    fn words(call: &str) -> Vec<String> {
        let mut words = Vec::new();
        let (mut word, mut quote) = (String::new(), None);
        for sign in call.chars() {
            match (sign, quote) {
                (sign, Some(open)) if sign == open => quote = None,
                ('"' | '\'', None) => quote = Some(sign),
                (sign, None) if sign.is_whitespace() => {
                    if !word.is_empty() {
                        words.push(std::mem::take(&mut word));
                    }
                }
                (sign, _) => word.push(sign),
            }
        }
        words.extend(Some(word).filter(|word| !word.is_empty()));
        words
    }

    #[test]
    fn every_command_says_what_it_does_with_examples_that_parse() {
        for command in commands() {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name} does not say what it does");
            let raw = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let longest = raw.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(longest <= COLUMNS, "{name}: an example that is broken cannot be copied");
            let examples = examples(&command);
            assert!(!examples.is_empty(), "{name} has no example");
            let is_its_own = |call: &String| words(call).get(1).is_some_and(|word| word == name);
            assert!(examples.iter().any(is_its_own), "{name} has no example of itself");
            for call in examples {
                // A redirected descriptor is left over: `2>> log`.
                let call = call.trim_end().trim_end_matches(" 2").to_owned();
                let parsed = Arguments::try_parse_from(words(&call));
                assert!(parsed.is_ok(), "{name}: {call}: {}", parsed.expect_err("refused"));
            }
        }
    }

    #[test]
    fn examples_of_the_whole_parse() {
        let whole = command(ColorChoice::Never);
        let examples = examples(&whole);
        assert_eq!(examples.len(), 4, "{examples:?}");
        for call in examples {
            assert!(Arguments::try_parse_from(words(&call)).is_ok(), "{call}");
        }
    }

    #[test]
    fn help_fits_a_hundred_columns() {
        let mut all = commands();
        all.push(command(ColorChoice::Never));
        for mut command in all {
            for help in [
                command.render_help().to_string(),
                command.render_long_help().to_string(),
            ] {
                for line in help.lines() {
                    assert!(line.chars().count() <= COLUMNS, "{}: {line}", command.get_name());
                }
            }
        }
    }

    #[test]
    fn every_command_has_its_group_and_is_listed_once() {
        let help = command(ColorChoice::Never).render_help().to_string();
        for command in commands() {
            let name = command.get_name();
            assert!(
                GROUPS.iter().any(|(_, names)| names.contains(&name)),
                "{name} stands in no group"
            );
            let listed = help
                .lines()
                .filter(|line| line.starts_with(&format!("  {name} ")))
                .count();
            assert_eq!(listed, 1, "{name}");
        }
    }

    #[test]
    fn every_option_says_what_it_is_for() {
        for command in commands() {
            for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
                let name = argument.get_id();
                assert!(
                    argument.get_help().is_some(),
                    "{} {name} says nothing",
                    command.get_name()
                );
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                let starts_as_a_sentence =
                    help.starts_with(|first: char| first.is_uppercase() || !first.is_alphabetic());
                assert!(starts_as_a_sentence, "{} {name}: {help}", command.get_name());
                assert!(!help.ends_with('.'), "{} {name}: {help}", command.get_name());
            }
        }
    }
}
