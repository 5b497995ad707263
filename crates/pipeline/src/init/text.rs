//! A TOML text in the making: keys with what speaks for them above, and what a person has to look at.

use cartera_ingest::survey::{Confidence, Finding};

use crate::grouped::grouped;

/// Longest line of a comment.
const LINE_CHARACTERS: usize = 110;

/// What a person has to look at, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) sure: Vec<String>,
    pub(super) unsure: Vec<String>,
    pub(super) questions: Vec<String>,
}

/// The text of a pipeline file.
#[derive(Debug, Default)]
pub(super) struct Toml {
    pub(super) text: String,
    pub(super) notes: Notes,
    /// Where in the file the next keys stand, for the notes.
    section: String,
}

impl Toml {
    /// Starts a section; `place` names it in the notes.
    pub(super) fn section(&mut self, header: &str, place: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(header);
        self.text.push('\n');
        place.clone_into(&mut self.section);
    }

    /// A comment, in lines that are not too long.
    pub(super) fn comment(&mut self, words: &str) {
        let plain: String = words
            .chars()
            .map(|character| if character.is_control() { ' ' } else { character })
            .collect();
        let mut line = String::from("#");
        for word in plain.split(' ') {
            if line.chars().count() + 1 + word.chars().count() > LINE_CHARACTERS && line.len() > 1 {
                self.text.push_str(line.trim_end());
                self.text.push('\n');
                line = String::from("#  ");
            }
            line.push(' ');
            line.push_str(word);
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    pub(super) fn key(&mut self, key: &str, value: &str) {
        self.text.push_str(&format!("{key} = {value}\n"));
    }

    /// A key below what speaks for it.
    pub(super) fn finding<T>(&mut self, key: &str, value: &str, finding: &Finding<T>) {
        self.reasoned(key, value, finding.confidence, &finding.evidence);
    }

    /// A key below what speaks for it.
    pub(super) fn reasoned(&mut self, key: &str, value: &str, confidence: Confidence, why: &str) {
        self.reason(key, confidence, why, value);
        self.key(key, value);
    }

    /// A comment that says how sure a key is, and a note of it.
    pub(super) fn reason(&mut self, key: &str, confidence: Confidence, why: &str, value: &str) {
        let place = format!("{} {key} = {value}", self.section);
        match confidence {
            Confidence::Sure => {
                self.comment(why);
                self.notes.sure.push(place);
            }
            Confidence::Unsure(percent) => {
                self.comment(&format!("unsure ({percent} %): {why}"));
                self.notes.unsure.push(format!("{place} ({percent} %): {why}"));
            }
            Confidence::Open => self.question(key, why),
        }
    }

    /// A question, which the pipeline file asks until it is answered.
    pub(super) fn question(&mut self, key: &str, question: &str) {
        self.comment(&format!("TODO: {question}"));
        self.notes.questions.push(format!("{} {key}: {question}", self.section));
    }

    /// Something to look at that is no key.
    pub(super) fn remark(&mut self, remark: &str) {
        self.comment(&format!("unsure: {remark}"));
        self.notes.unsure.push(format!("{}: {remark}", self.section));
    }
}

/// A TOML string.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\t' => quoted.push_str("\\t"),
            other if other.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(other))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A TOML list of strings.
pub(super) fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| self::quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A count with its thousands apart.
pub(super) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_toml_wants() {
        assert_eq!(quoted("a\"b\\c\td\u{7}ñ"), "\"a\\\"b\\\\c\\td\\u0007ñ\"");
        assert_eq!(list(&["a".to_owned(), "b".to_owned()]), "[\"a\", \"b\"]");
    }

    #[test]
    fn comments_are_wrapped_and_hold_no_line_end() {
        let mut toml = Toml::default();
        toml.comment(&format!("one\ntwo {}", "word ".repeat(40)));
        assert!(
            toml.text
                .lines()
                .all(|line| line.starts_with('#') && line.chars().count() <= LINE_CHARACTERS)
        );
        assert!(toml.text.starts_with("# one two word"));
    }

    #[test]
    fn counts_have_their_thousands_apart() {
        assert_eq!(
            [0, 999, 1_000, 541_909, 1_000_000].map(count),
            ["0", "999", "1,000", "541,909", "1,000,000"]
        );
    }
}
