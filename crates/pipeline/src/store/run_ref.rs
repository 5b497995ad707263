//! How a published run is named, by the store and by people.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use cartera_table::{AsOf, Date};
use serde::{Deserialize, Serialize};

use super::error::StoreError;

const AS_OF_PREFIX: &str = "as_of=";
const RUN_PREFIX: &str = "run=";

/// One published run: the day that it looks from, and its number for that day, from 1.
/// Ordered by day, then number; written `2011-12-09/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunRef {
    /// The day.
    #[serde(with = "as_of_text")]
    pub as_of: AsOf,
    /// The number.
    pub run: u32,
}

impl RunRef {
    /// The run's folder, relative to the warehouse.
    pub(crate) fn folder(self) -> PathBuf {
        PathBuf::from("runs")
            .join(as_of_folder(self.as_of))
            .join(format!("{RUN_PREFIX}{}", self.run))
    }
}

impl fmt::Display for RunRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.as_of, self.run)
    }
}

impl FromStr for RunRef {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        text.split_once('/')
            .and_then(|(as_of, run)| {
                Some(Self {
                    as_of: parse_as_of(as_of)?,
                    run: parse_run(run)?,
                })
            })
            .ok_or_else(|| StoreError::BadSelector { text: text.to_owned() })
    }
}

/// Which run a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunSelector {
    /// `current`: the greatest day and number.
    Current,
    /// `2011-12-09`: the newest run of that day.
    AsOf(AsOf),
    /// `2011-12-09/3`: that run, also as its folder is called, `as_of=2011-12-09/run=3`.
    Run(RunRef),
}

impl RunSelector {
    /// Whether the run is among those asked for.
    pub(crate) fn matches(self, reference: RunRef) -> bool {
        match self {
            Self::Current => true,
            Self::AsOf(as_of) => as_of == reference.as_of,
            Self::Run(wanted) => wanted == reference,
        }
    }
}

impl fmt::Display for RunSelector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current => formatter.write_str("current"),
            Self::AsOf(as_of) => as_of.fmt(formatter),
            Self::Run(reference) => reference.fmt(formatter),
        }
    }
}

impl FromStr for RunSelector {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text == "current" {
            return Ok(Self::Current);
        }
        // As folders are named, so that one can be pasted.
        let plain = match text.strip_prefix(AS_OF_PREFIX) {
            Some(folder) => folder.trim_end_matches('/').replacen(&format!("/{RUN_PREFIX}"), "/", 1),
            None => text.to_owned(),
        };
        Self::of_day(&plain).ok_or_else(|| StoreError::BadSelector { text: text.to_owned() })
    }
}

impl RunSelector {
    fn of_day(text: &str) -> Option<Self> {
        match parse_as_of(text) {
            Some(as_of) => Some(Self::AsOf(as_of)),
            None => text.parse().map(Self::Run).ok(),
        }
    }
}

/// The name of a day's folder.
pub(crate) fn as_of_folder(as_of: AsOf) -> String {
    format!("{AS_OF_PREFIX}{as_of}")
}

/// The day of a folder named `as_of=2011-12-09`.
pub(crate) fn parse_as_of_folder(name: &str) -> Option<AsOf> {
    parse_as_of(name.strip_prefix(AS_OF_PREFIX)?)
}

/// The number of a folder named `run=3`.
pub(crate) fn parse_run_folder(name: &str) -> Option<u32> {
    parse_run(name.strip_prefix(RUN_PREFIX)?)
}

/// Exactly as the store writes it: what is written otherwise is another folder.
fn parse_as_of(text: &str) -> Option<AsOf> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(AsOf(date))
}

fn parse_run(text: &str) -> Option<u32> {
    let run: u32 = text.parse().ok()?;
    (run > 0 && run.to_string() == text).then_some(run)
}

/// Days in JSON, as `2011-12-09`.
pub(super) mod as_of_text {
    use cartera_table::AsOf;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(as_of: &AsOf, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(as_of)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AsOf, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse_as_of(&text)
            .ok_or_else(|| D::Error::custom(format_args!("{text:?} is not a day such as 2011-12-09")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_read_as_they_are_written() {
        for text in ["current", "2011-12-09", "2011-12-09/3"] {
            let selector: RunSelector = text.parse().expect("a selector");
            assert_eq!(selector.to_string(), text);
        }
    }

    #[test]
    fn names_of_folders_are_selectors() {
        for (text, run) in [
            ("as_of=2011-12-09", "2011-12-09"),
            ("as_of=2011-12-09/run=3", "2011-12-09/3"),
            ("as_of=2011-12-09/run=3/", "2011-12-09/3"),
        ] {
            let selector: RunSelector = text.parse().expect("a selector");
            assert_eq!(selector.to_string(), run);
        }
        assert!("as_of=2011-12-09/run=x".parse::<RunSelector>().is_err());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "latest",
            "2011-12-9",
            "2011-13-01",
            "2011-12-09/0",
            "2011-12-09/03",
            "2011-12-09/",
            "2011-12-09T00:00",
            "2011-12-09/3/1",
            "/3",
        ] {
            assert!(
                matches!(text.parse::<RunSelector>(), Err(StoreError::BadSelector { .. })),
                "{text} was taken"
            );
        }
    }

    #[test]
    fn a_later_day_comes_after_a_higher_number() {
        let earlier: RunRef = "2011-11-30/12".parse().expect("a run");
        let later: RunRef = "2011-12-09/2".parse().expect("a run");
        assert!(earlier < later);
        assert!(later < "2011-12-09/10".parse().expect("a run"));
    }

    #[test]
    fn folders_are_named_for_hive_partitioning() {
        let reference: RunRef = "2011-12-09/3".parse().expect("a run");
        assert_eq!(reference.folder(), PathBuf::from("runs/as_of=2011-12-09/run=3"));
        assert_eq!(parse_as_of_folder("as_of=2011-12-09"), Some(reference.as_of));
        assert_eq!(parse_run_folder("run=3"), Some(3));
        assert_eq!(parse_run_folder("run=03"), None);
    }
}
