//! Lines of a screen of 100 columns: headings, and labels with text that is wrapped beside them.

use std::fmt::Write;

use crate::number;
use crate::terminal::Paint;

const WIDTH: usize = 100;
const LABEL_WIDTH: usize = 13;

/// Lines, one after the other.
pub(super) struct Screen {
    text: String,
    paint: Paint,
}

impl Screen {
    pub(super) fn new(paint: Paint) -> Self {
        Self {
            text: String::new(),
            paint,
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// The first line of all.
    pub(super) fn title(&mut self, title: &str) {
        let title = safe(title);
        let _ = writeln!(self.text, "{}", self.paint.heading(title));
    }

    /// A line that begins a block.
    pub(super) fn heading(&mut self, heading: &str) {
        let rule = "─".repeat(WIDTH.saturating_sub(heading.chars().count() + 3));
        let heading = self.paint.heading(heading);
        let _ = writeln!(self.text, "─ {heading} {rule}");
    }

    /// A label and what belongs to it, in at most so many lines; what is longer ends in dots. Nothing where there is
    /// nothing to say.
    pub(super) fn field(&mut self, label: &str, text: &str, lines: usize) {
        let wrapped = wrapped(&safe(text), WIDTH - LABEL_WIDTH, lines);
        for (index, line) in wrapped.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let _ = writeln!(self.text, "{label:<LABEL_WIDTH$}{line}");
        }
    }

    /// Several lines under one label, each cut at the edge.
    pub(super) fn list(&mut self, label: &str, lines: impl IntoIterator<Item = String>) {
        for (index, line) in lines.into_iter().enumerate() {
            self.field(if index == 0 { label } else { "" }, &line, 1);
        }
    }
}

/// Data may hold what would move the cursor or change the colours of a terminal.
fn safe(text: &str) -> String {
    if text.contains(char::is_control) {
        text.escape_debug().to_string()
    } else {
        text.to_owned()
    }
}

/// Breaks text between words, never before the dot between two parts; what does not fit is cut.
fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let dot = words.next_if_eq(&"·").map_or("", |_| " ·");
        let length = word.chars().count() + dot.chars().count();
        let is_last = lines.len() == most;
        match lines.last_mut() {
            Some(line) if is_last || line.chars().count() + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
                line.push_str(dot);
            }
            _ => lines.push(format!("{word}{dot}")),
        }
    }
    for line in &mut lines {
        if line.chars().count() > width {
            *line = line.chars().take(width - 2).collect();
            line.push_str(" …");
        }
    }
    lines
}

/// A slug as words.
pub(super) fn words(slug: &str) -> String {
    slug.replace('_', " ")
}

/// Parts that are there, with a dot between them.
pub(super) fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Money to the cent: JSON has all its digits.
pub(super) fn money(amount: impl ToString) -> String {
    number::model_money(&amount.to_string())
}

/// A number with as many decimals as say something: none from a hundred on.
pub(super) fn plain(number: f64) -> String {
    let decimals = match number.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    number::thousands(if text == "-0" { "0" } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_between_words_and_cut_after_the_last_line() {
        assert_eq!(wrapped("one two three", 7, 3), ["one two", "three"]);
        assert_eq!(wrapped("one two three", 9, 1), ["one two …"]);
        assert_eq!(wrapped("one · two · three", 11, 2), ["one · two ·", "three"]);
        assert_eq!(wrapped("incomprehensible", 9, 2), ["incompr …"]);
        assert!(wrapped("", 9, 2).is_empty());
    }

    #[test]
    fn control_characters_are_told_and_not_obeyed() {
        assert_eq!(safe("\u{1b}[2Jhello"), "\\u{1b}[2Jhello");
    }

    #[test]
    fn numbers_have_as_many_decimals_as_say_something() {
        let texts = [0.0, -0.001, 1.5, 12.34, 1234.5].map(plain);
        assert_eq!(texts, ["0", "0", "1.5", "12.3", "1,234"]);
    }
}
