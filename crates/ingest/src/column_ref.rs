//! A column of a file, by name or by position.

use std::fmt;
use std::num::NonZeroUsize;

use serde::de::{self, Deserializer, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum ColumnRef {
    /// By its name in the header, exactly as it stands there.
    Name(String),
    /// By its position, counted from 1.
    Position(NonZeroUsize),
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(formatter, "{name:?}"),
            Self::Position(position) => write!(formatter, "{position}"),
        }
    }
}

const EXPECTED: &str = "a column name or a position counted from 1";

pub(crate) struct ColumnRefVisitor;

impl Visitor<'_> for ColumnRefVisitor {
    type Value = ColumnRef;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(EXPECTED)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<ColumnRef, E> {
        Ok(ColumnRef::Name(name.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, position: i64) -> Result<ColumnRef, E> {
        usize::try_from(position)
            .ok()
            .and_then(NonZeroUsize::new)
            .map(ColumnRef::Position)
            .ok_or_else(|| E::invalid_value(Unexpected::Signed(position), &EXPECTED))
    }

    fn visit_u64<E: de::Error>(self, position: u64) -> Result<ColumnRef, E> {
        i64::try_from(position)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(position), &EXPECTED))
            .and_then(|position| self.visit_i64(position))
    }
}

impl<'de> Deserialize<'de> for ColumnRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ColumnRefVisitor)
    }
}
