//! What was found, how far it can be trusted, and where it was seen.

use std::fmt;

/// How far a finding can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Nothing seen favours one answer: a person has to say.
    Open,
    /// Likely, in per cent; a person should look.
    Unsure(u8),
    /// What was seen allows no other answer.
    Sure,
}

/// A finding with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding<T> {
    /// What was found.
    pub value: T,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// What was seen, in words.
    pub evidence: String,
}

impl<T> Finding<T> {
    /// A finding that allows no other answer.
    pub fn sure(value: T, evidence: impl Into<String>) -> Self {
        Self {
            value,
            confidence: Confidence::Sure,
            evidence: evidence.into(),
        }
    }

    /// A likely finding.
    pub fn unsure(value: T, percent: u8, evidence: impl Into<String>) -> Self {
        Self {
            value,
            confidence: Confidence::Unsure(percent),
            evidence: evidence.into(),
        }
    }

    /// A question.
    pub fn open(value: T, evidence: impl Into<String>) -> Self {
        Self {
            value,
            confidence: Confidence::Open,
            evidence: evidence.into(),
        }
    }
}

/// Where something stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On a physical line, counted from 1, as the quarantine counts them.
    Line(u64),
    /// In a row of a sheet or the element of an array, counted from 1.
    Row(u64),
    /// Near a byte of a file that was not read from its start.
    Byte(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(formatter, "line {line}"),
            Self::Row(row) => write!(formatter, "row {row}"),
            Self::Byte(byte) => write!(formatter, "a line near byte {byte}"),
        }
    }
}

/// A text and where it was seen first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Where.
    pub place: Place,
    /// What, cut to 40 characters.
    pub text: String,
}

impl Sighting {
    pub(super) fn new(place: Place, text: &str) -> Self {
        Self {
            place,
            text: shortened(text),
        }
    }
}

impl fmt::Display for Sighting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in {}", self.text, self.place)
    }
}

/// Text for a comment: of one line, and not long.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    let mut short: String = text.chars().take(LONGEST).map(plain).collect();
    if text.chars().count() > LONGEST {
        short.push_str("..");
    }
    short
}
