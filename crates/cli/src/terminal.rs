//! What a terminal can show: one place decides on colours and width.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal};

use clap::ColorChoice;
use clap::builder::styling::{AnsiColor, Style};

use crate::render::people_table;

/// Columns of text that nobody said the width for; what is printed on wider terminals stays readable.
const COLUMNS: usize = 100;
/// Below it lines are left to the terminal to break.
const FEWEST_COLUMNS: usize = 40;

/// Puts colours on words, or leaves them as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint {
    has_colours: bool,
}

impl Paint {
    /// For standard output.
    pub(crate) fn of_stdout(choice: ColorChoice) -> Self {
        Self::chosen(choice, io::stdout().is_terminal())
    }

    /// For standard error.
    pub(crate) fn of_stderr(choice: ColorChoice) -> Self {
        Self::chosen(choice, io::stderr().is_terminal())
    }

    fn chosen(choice: ColorChoice, is_terminal: bool) -> Self {
        let has_colours = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => wants_colours(is_terminal, &|name| std::env::var_os(name)),
        };
        Self { has_colours }
    }

    pub(crate) fn has_colours(self) -> bool {
        self.has_colours
    }

    /// What a part is about.
    pub(crate) fn heading(self, text: impl Display) -> String {
        self.painted(Style::new().bold(), text)
    }

    /// Defects and failures.
    pub(crate) fn bad(self, text: impl Display) -> String {
        self.painted(AnsiColor::Red.on_default().bold(), text)
    }

    /// What a person should look at.
    pub(crate) fn warning(self, text: impl Display) -> String {
        self.painted(AnsiColor::Yellow.on_default(), text)
    }

    /// What is as it should be.
    pub(crate) fn good(self, text: impl Display) -> String {
        self.painted(AnsiColor::Green.on_default(), text)
    }

    /// What is there for those who look for it.
    pub(crate) fn dim(self, text: impl Display) -> String {
        self.painted(Style::new().dimmed(), text)
    }

    fn painted(self, style: Style, text: impl Display) -> String {
        if self.has_colours {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }
}

/// The conventions of <https://no-color.org> and <https://bixense.com/clicolors>.
fn wants_colours(is_terminal: bool, variable: &dyn Fn(&str) -> Option<OsString>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let is = |name, wanted: &str| variable(name).is_some_and(|value| value == wanted);
    if is_set("NO_COLOR") {
        return false;
    }
    if is_set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") {
        return true;
    }
    is_terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb")
}

/// What the arguments say of colours, before they are parsed: the help that parsing prints has colours too.
pub(crate) fn color_choice(arguments: impl Iterator<Item = OsString>) -> ColorChoice {
    let mut arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
    let mut value = None;
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--color") {
            Some("") => value = arguments.next(),
            Some(rest) => value = rest.strip_prefix('=').map(str::to_owned).or(value),
            None => {}
        }
    }
    match value.as_deref() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// Columns to print in: those of the terminal, at most a hundred.
pub(crate) fn columns() -> usize {
    let columns = people_table().width().map_or(COLUMNS, usize::from);
    columns.clamp(FEWEST_COLUMNS, COLUMNS)
}

/// The columns of the terminal behind standard error.
pub(crate) fn columns_of_stderr() -> usize {
    let mut table = people_table();
    table.use_stderr();
    table.width().map_or(COLUMNS, usize::from)
}

/// Text in lines of at most so many columns, broken between words; a longer word has a line of its own.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The first lines of wrapped text; what is left out is marked.
pub(crate) fn wrapped_to(text: &str, columns: usize, most_lines: usize) -> Vec<String> {
    let mut lines = wrapped(text, columns);
    if lines.len() > most_lines {
        lines.truncate(most_lines);
        if let Some(last) = lines.last_mut() {
            while last.chars().count() + 3 > columns && last.contains(' ') {
                last.truncate(last.rfind(' ').unwrap_or(0));
            }
            last.push_str(" ..");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(is_terminal: bool, variables: &[(&str, &str)]) -> bool {
        wants_colours(is_terminal, &|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn colours_follow_the_conventions() {
        assert!(wants(true, &[]));
        assert!(!wants(false, &[]));
        assert!(!wants(true, &[("NO_COLOR", "1")]));
        assert!(wants(true, &[("NO_COLOR", "")]), "an empty NO_COLOR says nothing");
        assert!(!wants(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(wants(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!wants(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!wants(true, &[("CLICOLOR", "0")]));
        assert!(!wants(true, &[("TERM", "dumb")]));
    }

    #[test]
    fn the_last_choice_counts_however_it_is_written() {
        let choice = |arguments: &[&str]| color_choice(arguments.iter().map(OsString::from));
        assert_eq!(choice(&["cartera", "--help"]), ColorChoice::Auto);
        assert_eq!(choice(&["cartera", "--color=never", "run"]), ColorChoice::Never);
        assert_eq!(choice(&["cartera", "--color", "always"]), ColorChoice::Always);
        assert_eq!(
            choice(&["cartera", "--color=never", "--color", "always"]),
            ColorChoice::Always
        );
    }

    #[test]
    fn painted_words_end_their_colour() {
        let paint = Paint { has_colours: true };
        assert_eq!(paint.bad("x"), "\u{1b}[1m\u{1b}[31mx\u{1b}[0m");
        assert_eq!(Paint { has_colours: false }.bad("x"), "x");
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("extraordinary", 7), ["extraordinary"]);
        assert_eq!(wrapped_to("one two three four", 8, 1), ["one .."]);
        assert_eq!(wrapped_to("one two", 8, 1), ["one two"]);
    }
}
