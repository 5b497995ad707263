//! Which sheet of a workbook a source reads.

use std::fmt;
use std::num::NonZeroUsize;

use serde::de::{self, Deserializer, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum SheetRef {
    /// By its name, exactly as on its tab; hidden sheets too.
    Name(String),
    /// By its place among the sheets that are not hidden, counted from 1.
    Position(NonZeroUsize),
}

impl Default for SheetRef {
    fn default() -> Self {
        Self::Position(NonZeroUsize::MIN)
    }
}

impl fmt::Display for SheetRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(formatter, "{name:?}"),
            Self::Position(position) => write!(formatter, "{position}"),
        }
    }
}

const EXPECTED: &str = "the name of a sheet or its number counted from 1";

struct SheetRefVisitor;

impl Visitor<'_> for SheetRefVisitor {
    type Value = SheetRef;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(EXPECTED)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<SheetRef, E> {
        Ok(SheetRef::Name(name.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, position: i64) -> Result<SheetRef, E> {
        usize::try_from(position)
            .ok()
            .and_then(NonZeroUsize::new)
            .map(SheetRef::Position)
            .ok_or_else(|| E::invalid_value(Unexpected::Signed(position), &EXPECTED))
    }
}

impl<'de> Deserialize<'de> for SheetRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SheetRefVisitor)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, I64Deserializer, StrDeserializer};

    use super::*;

    #[test]
    fn a_sheet_has_a_name_or_a_number() {
        let number = |number: i64| {
            let deserializer: I64Deserializer<Error> = number.into_deserializer();
            SheetRef::deserialize(deserializer)
        };
        let name: StrDeserializer<'_, Error> = "Orders 2011".into_deserializer();
        assert_eq!(
            SheetRef::deserialize(name),
            Ok(SheetRef::Name("Orders 2011".to_owned()))
        );
        assert_eq!(number(1), Ok(SheetRef::default()));
        for refused in [0, -1] {
            let error = number(refused).expect_err("no such sheet");
            assert!(error.to_string().contains("counted from 1"), "{error}");
        }
    }
}
