//! A place in a pipeline file, with the line that stands there.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A place in a pipeline file, kept so that it can be shown when the text is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// The pipeline file.
    pub path: PathBuf,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The whole line.
    pub text: String,
    /// Characters to underline, at least 1.
    pub width: usize,
}

impl Excerpt {
    /// The place of a byte range; a range over several lines is cut to the first one.
    pub(crate) fn new(path: &Path, text: &str, span: Range<usize>) -> Self {
        let start = floor_to_character(text, span.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let end = floor_to_character(text, span.end).clamp(start, line_end);
        Self {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            text: text[line_start..line_end].trim_end_matches('\r').to_owned(),
            width: text[start..end].chars().count().max(1),
        }
    }
}

fn floor_to_character(text: &str, position: usize) -> usize {
    let mut position = position.min(text.len());
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    position
}

/// The quoted line and its underline, as compilers draw them; no newline at the end.
impl fmt::Display for Excerpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        // Tabs stay tabs, so that the underline stands below whatever the terminal makes of them.
        let indent: String = self
            .text
            .chars()
            .map(|character| if character == '\t' { '\t' } else { ' ' })
            .chain(std::iter::repeat(' '))
            .take(self.column - 1)
            .collect();
        writeln!(formatter, "{gutter} |")?;
        writeln!(formatter, "{number} | {}", self.text)?;
        write!(formatter, "{gutter} | {indent}{}", "^".repeat(self.width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, span: Range<usize>) -> Excerpt {
        Excerpt::new(Path::new("p.toml"), text, span)
    }

    #[test]
    fn columns_count_characters() {
        let text = "a = 1\nb = \"é\" # x\n";
        let start = text.find("# x").expect("it is there");
        let place = excerpt(text, start..start + 3);
        assert_eq!((place.line, place.column, place.width), (2, 9, 3));
    }

    #[test]
    fn ranges_are_cut_to_their_first_line() {
        let place = excerpt("a = [\n1,\n]\n", 4..10);
        assert_eq!((place.line, place.column, place.width), (1, 5, 1));
    }

    #[test]
    fn windows_line_ends_are_not_shown() {
        assert_eq!(excerpt("a = 1\r\nb = 2\r\n", 0..1).text, "a = 1");
    }

    #[test]
    fn an_empty_file_has_a_first_place() {
        let place = excerpt("", 0..0);
        assert_eq!((place.line, place.column, place.width), (1, 1, 1));
    }

    #[test]
    fn ranges_outside_of_the_text_are_pulled_in() {
        assert_eq!(excerpt("a = 1", 90..99).column, 6);
        assert_eq!(excerpt("é", 1..2).column, 1);
    }

    #[test]
    fn the_underline_stands_below_tabs() {
        let shown = excerpt("\ta = 1", 1..2).to_string();
        assert_eq!(shown, "  |\n1 | \ta = 1\n  | \t^");
    }
}
