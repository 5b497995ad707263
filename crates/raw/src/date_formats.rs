//! Several date patterns for one column, such that no text can mean two days.

use crate::date_format::DateFormat;
use crate::date_parse::Moment;
use crate::date_samples::reads_differently;
use crate::error::RawError;
use crate::failure::CellReason;

/// How the dates of a column are written: patterns, tried in their order.
///
/// ```
/// use cartera_raw::{DateFormat, DateFormats};
///
/// # fn main() -> Result<(), cartera_raw::RawError> {
/// let patterns = |texts: &[&str]| texts.iter().map(|text| DateFormat::new(text)).collect::<Result<Vec<_>, _>>();
/// assert!(DateFormats::new(patterns(&["%d/%m/%Y", "%Y-%m-%d"])?).is_ok());
/// // 03/04/2025 would be two days.
/// assert!(DateFormats::new(patterns(&["%d/%m/%Y", "%m/%d/%Y"])?).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormats {
    first: DateFormat,
    others: Vec<DateFormat>,
}

impl From<DateFormat> for DateFormats {
    fn from(first: DateFormat) -> Self {
        let others = Vec::new();
        Self { first, others }
    }
}

impl DateFormats {
    /// The patterns of a column, in the order in which they are tried.
    ///
    /// # Errors
    /// [`RawError::DateFormats`] for no pattern, for two that read one text as different moments (day
    /// and month swapped), and for some with an offset from UTC beside some without.
    pub fn new(formats: Vec<DateFormat>) -> Result<Self, RawError> {
        let mut rest = formats.into_iter();
        let Some(first) = rest.next() else {
            return Err(RawError::DateFormats {
                problem: "no pattern is given".to_owned(),
            });
        };
        let others: Vec<DateFormat> = rest.collect();
        let formats = Self { first, others };
        let all: Vec<&DateFormat> = formats.iter().collect();
        for (index, format) in all.iter().enumerate() {
            for earlier in &all[..index] {
                check_pair(earlier, format)?;
            }
        }
        Ok(formats)
    }

    /// The patterns in their order.
    pub fn iter(&self) -> impl Iterator<Item = &DateFormat> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Whether any pattern tells the hour.
    pub fn has_time(&self) -> bool {
        self.iter().any(DateFormat::has_time)
    }

    /// Whether the patterns tell the offset from UTC.
    pub fn has_offset(&self) -> bool {
        self.first.has_offset()
    }

    /// The moment that a trimmed cell tells.
    #[inline(always)]
    pub(crate) fn parse(&self, cell: &[u8]) -> Result<Moment, CellReason> {
        match self.first.parse(cell) {
            Err(reason) if !self.others.is_empty() => self.parse_by_others(cell, reason),
            result => result,
        }
    }

    /// Where no pattern matches, a day that the calendar lacks says more than a text that is no date.
    #[inline(never)]
    fn parse_by_others(&self, cell: &[u8], first_reason: CellReason) -> Result<Moment, CellReason> {
        let mut reason = first_reason;
        for format in &self.others {
            match format.parse(cell) {
                Ok(moment) => return Ok(moment),
                Err(CellReason::NoSuchDay) => reason = CellReason::NoSuchDay,
                Err(_) => {}
            }
        }
        Err(reason)
    }
}

fn check_pair(first: &DateFormat, second: &DateFormat) -> Result<(), RawError> {
    let (one, other) = (first.pattern(), second.pattern());
    if first.has_offset() != second.has_offset() {
        return Err(RawError::DateFormats {
            problem: format!("{one:?} and {other:?}: only one of them tells the offset from UTC"),
        });
    }
    let example = reads_differently(first, second).or_else(|| reads_differently(second, first));
    match example {
        Some(text) => Err(RawError::DateFormats {
            problem: format!("{one:?} and {other:?} read {text:?} as two different days"),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(patterns: &[&str]) -> Result<DateFormats, String> {
        let formats = patterns
            .iter()
            .map(|pattern| DateFormat::new(pattern).expect("a good pattern"))
            .collect();
        DateFormats::new(formats).map_err(|error| error.to_string())
    }

    #[test]
    fn pairs_that_read_one_text_as_two_days_are_refused() {
        for pair in [
            ["%d/%m/%Y", "%m/%d/%Y"],
            ["%d/%m/%y", "%m/%d/%y"],
            ["%d.%m.%y", "%y.%m.%d"],
            ["%Y-%m-%d", "%Y-%d-%m"],
            ["%d%m%Y", "%Y%m%d"],
            ["%d%m%y", "%y%m%d"],
            ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"],
            ["%d %b %y", "%y %b %d"],
            ["20%y-%m-%d", "%Y-%m-%d"],
            ["%Y-%m-%d %H:%M", "%Y-%m-%d %M:%H"],
            ["%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"],
            ["%Y-%m-%dT%H:%M:%S%z", "%Y-%d-%mT%H:%M:%S%z"],
            ["%d/%m/%Y%.f", "%m/%d/%Y"],
        ] {
            if DateFormat::new(pair[0]).is_err() {
                continue;
            }
            let message = formats(&pair).expect_err(&format!("{pair:?}"));
            assert!(message.contains("two different days"), "{message}");
            let swapped = [pair[1], pair[0]];
            assert!(formats(&swapped).is_err(), "{swapped:?}");
        }
    }

    #[test]
    fn pairs_that_never_contradict_are_accepted() {
        for pair in [
            ["%d/%m/%Y", "%d/%m/%y"],
            ["%d/%m/%Y", "%m-%d-%Y"],
            ["%d/%m/%Y", "%d/%m/%Y %H:%M"],
            ["%Y-%m-%d", "%d.%m.%Y"],
            ["%d %b %Y", "%d %B %Y"],
            ["%d/%m/%Y", "%b %d, %Y"],
            ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%.f%z"],
            ["%Y-%m-%d", "%Y-%m-%d"],
        ] {
            assert!(formats(&pair).is_ok(), "{pair:?}: {:?}", formats(&pair));
        }
    }

    #[test]
    fn offsets_are_told_by_all_or_none() {
        let message = formats(&["%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M"]).expect_err("a mix");
        assert!(message.contains("offset"), "{message}");
        assert!(formats(&[]).is_err());
    }

    #[test]
    fn patterns_are_tried_in_order() {
        let formats = formats(&["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%Y %H:%M"]).expect("no contradiction");
        let days = |cell: &str| formats.parse(cell.as_bytes()).map(|moment| moment.day);
        assert_eq!(days("1970-01-02"), Ok(1));
        assert_eq!(days("2/1/1970"), Ok(1));
        assert_eq!(days("03/01/1970 23:59"), Ok(2));
        assert_eq!(days("31/02/1970"), Err(CellReason::NoSuchDay));
        assert_eq!(days("1970-02-31"), Err(CellReason::NoSuchDay));
        assert_eq!(days("x"), Err(CellReason::NotADate));
        assert!(formats.has_time() && !formats.has_offset());
    }
}
