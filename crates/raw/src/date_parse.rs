//! Reads one cell with a compiled date pattern.

use crate::date_format::{DateFormat, Item, NumberField};
use crate::failure::CellReason;

const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const MICROSECONDS_PER_DAY: i64 = 86_400 * MICROSECONDS_PER_SECOND;
/// Short names of months.
const SHORT_MONTHS: [(&[u8], u32); 18] = [
    (b"jan", 1),
    (b"feb", 2),
    (b"mar", 3),
    (b"apr", 4),
    (b"may", 5),
    (b"jun", 6),
    (b"jul", 7),
    (b"aug", 8),
    (b"sept", 9),
    (b"sep", 9),
    (b"oct", 10),
    (b"nov", 11),
    (b"dec", 12),
    (b"ene", 1),
    (b"abr", 4),
    (b"ago", 8),
    (b"set", 9),
    (b"dic", 12),
];
/// Names of months.
const MONTHS: [(&[u8], u32); 25] = [
    (b"january", 1),
    (b"february", 2),
    (b"march", 3),
    (b"april", 4),
    (b"may", 5),
    (b"june", 6),
    (b"july", 7),
    (b"august", 8),
    (b"september", 9),
    (b"october", 10),
    (b"november", 11),
    (b"december", 12),
    (b"enero", 1),
    (b"febrero", 2),
    (b"marzo", 3),
    (b"abril", 4),
    (b"mayo", 5),
    (b"junio", 6),
    (b"julio", 7),
    (b"agosto", 8),
    (b"septiembre", 9),
    (b"setiembre", 9),
    (b"octubre", 10),
    (b"noviembre", 11),
    (b"diciembre", 12),
];

/// What a cell tells: a wall clock, and its offset from UTC if the pattern has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Days since 1970-01-01, as the wall clock has it.
    pub(crate) day: i32,
    microsecond_of_day: i64,
    offset_seconds: i32,
}

impl Moment {
    /// Microseconds since 1970-01-01 00:00:00: of UTC with an offset, else of the wall clock.
    #[inline(always)]
    pub(crate) fn microseconds(self) -> i64 {
        i64::from(self.day) * MICROSECONDS_PER_DAY + self.microsecond_of_day
            - i64::from(self.offset_seconds) * MICROSECONDS_PER_SECOND
    }
}

impl DateFormat {
    /// The moment that a trimmed cell tells.
    #[inline(always)]
    pub(crate) fn parse(&self, cell: &[u8]) -> Result<Moment, CellReason> {
        match self.fixed_layout().and_then(|layout| layout.read(cell)) {
            Some(parts) => parts.moment(),
            None => self.parse_by_items(cell),
        }
    }

    pub(crate) fn parse_by_items(&self, cell: &[u8]) -> Result<Moment, CellReason> {
        let mut parts = Parts::default();
        let mut rest = cell;
        for &item in self.items() {
            rest = read_item(item, rest, &mut parts).ok_or(CellReason::NotADate)?;
        }
        if rest.is_empty() {
            parts.moment()
        } else {
            Err(CellReason::NotADate)
        }
    }
}

/// The numbers of a cell, each within the digits of its directive and not yet checked further.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Parts {
    pub(crate) year: u32,
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    pub(crate) second: u32,
    pub(crate) microsecond: u32,
    pub(crate) offset_seconds: i32,
    /// `Some(true)` after noon; the hour is then one of twelve.
    pub(crate) afternoon: Option<bool>,
}

impl Parts {
    #[inline(always)]
    fn moment(self) -> Result<Moment, CellReason> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(_) if self.hour == 0 || self.hour > 12 => return Err(CellReason::NotADate),
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        if hour > 23 || self.minute > 59 || self.second > 59 {
            return Err(CellReason::NotADate);
        }
        let is_day = self.year > 0
            && (1..=12).contains(&self.month)
            && (1..=days_of_month(self.year, self.month)).contains(&self.day);
        if !is_day {
            return Err(CellReason::NoSuchDay);
        }
        let seconds = i64::from(hour * 3600 + self.minute * 60 + self.second);
        Ok(Moment {
            day: day_number(self.year, self.month, self.day),
            microsecond_of_day: seconds * MICROSECONDS_PER_SECOND + i64::from(self.microsecond),
            offset_seconds: self.offset_seconds,
        })
    }
}

/// Takes one item from the front of the cell; `None` when it is not there.
fn read_item<'a>(item: Item, cell: &'a [u8], parts: &mut Parts) -> Option<&'a [u8]> {
    match item {
        Item::Literal(byte) => cell.strip_prefix(&[byte]),
        Item::Number { field, digits, exact } => {
            let (value, length) = leading_number(cell, usize::from(digits));
            if length == 0 || (exact && length < usize::from(digits)) {
                return None;
            }
            match field {
                NumberField::Year => parts.year = value,
                NumberField::YearOfCentury => {
                    parts.year = value + if value >= 69 { 1900 } else { 2000 };
                }
                NumberField::Month => parts.month = value,
                NumberField::Day => parts.day = value,
                NumberField::Hour | NumberField::HourOfHalfDay => parts.hour = value,
                NumberField::Minute => parts.minute = value,
                NumberField::Second => parts.second = value,
            }
            Some(&cell[length..])
        }
        Item::ShortMonthName => read_month(cell, &SHORT_MONTHS, parts),
        Item::MonthName => read_month(cell, &MONTHS, parts),
        Item::Fraction => read_fraction(cell, parts),
        Item::OptionalFraction => match cell {
            [b'.', digits @ ..] => read_fraction(digits, parts),
            _ => Some(cell),
        },
        Item::Offset => read_offset(cell, parts),
        Item::HalfDay => {
            let (half, rest) = cell.split_first_chunk::<2>()?;
            parts.afternoon = Some(match half.map(|letter| letter.to_ascii_lowercase()) {
                [b'a', b'm'] => false,
                [b'p', b'm'] => true,
                _ => return None,
            });
            Some(rest)
        }
    }
}

/// The longest of the names at the front.
fn read_month<'a>(cell: &'a [u8], names: &[(&[u8], u32)], parts: &mut Parts) -> Option<&'a [u8]> {
    let stands_there = |name: &[u8]| {
        cell.get(..name.len())
            .is_some_and(|front| front.eq_ignore_ascii_case(name))
    };
    let (name, month) = names
        .iter()
        .filter(|(name, _)| stands_there(name))
        .max_by_key(|(name, _)| name.len())?;
    parts.month = *month;
    Some(&cell[name.len()..])
}

/// The number at the front, of at most so many digits, and how many there are.
fn leading_number(cell: &[u8], digits: usize) -> (u32, usize) {
    let mut value = 0;
    let mut length = 0;
    for &byte in cell.iter().take(digits) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value * 10 + u32::from(digit);
        length += 1;
    }
    (value, length)
}

fn read_fraction<'a>(cell: &'a [u8], parts: &mut Parts) -> Option<&'a [u8]> {
    let (nanoseconds, length) = leading_number(cell, 9);
    if length == 0 {
        return None;
    }
    parts.microsecond = nanoseconds * 10_u32.pow(9 - length as u32) / 1000;
    Some(&cell[length..])
}

fn read_offset<'a>(cell: &'a [u8], parts: &mut Parts) -> Option<&'a [u8]> {
    let (sign, rest) = match cell {
        [b'Z', rest @ ..] => return Some(rest),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, 2) = leading_number(rest, 2) else {
        return None;
    };
    let rest = rest[2..].strip_prefix(b":").unwrap_or(&rest[2..]);
    let (minutes, 2) = leading_number(rest, 2) else {
        return None;
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    parts.offset_seconds = sign * (hours * 3600 + minutes * 60) as i32;
    Some(&rest[2..])
}

fn days_of_month(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, for years from 1.
///
/// The year is taken to start in March, so that the leap day is its last; then the days before a
/// month are a linear function of it (Hinnant, "chrono-compatible low-level date algorithms", 2013).
#[inline(always)]
fn day_number(year: u32, month: u32, day: u32) -> i32 {
    let year = year - u32::from(month <= 2);
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year;
    days.cast_signed() - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use CellReason::{NoSuchDay, NotADate};

    fn microseconds(pattern: &str, cell: &str) -> Result<i64, CellReason> {
        let format = DateFormat::new(pattern).expect("a good pattern");
        format.parse(cell.as_bytes()).map(Moment::microseconds)
    }

    fn seconds(pattern: &str, cell: &str) -> Result<i64, CellReason> {
        microseconds(pattern, cell).map(|value| value / MICROSECONDS_PER_SECOND)
    }

    #[test]
    fn the_same_moment_in_many_patterns() {
        for (pattern, cell) in [
            ("%Y-%m-%d %H:%M:%S", "2010-12-01 08:26:07"),
            ("%Y-%m-%dT%H:%M:%S", "2010-12-01T08:26:07"),
            ("%Y-%m-%dT%H:%M:%SZ", "2010-12-01T08:26:07Z"),
            ("%d.%m.%Y %H:%M:%S", "1.12.2010 8:26:7"),
            ("%m/%d/%y %I:%M:%S %p", "12/1/10 8:26:07 am"),
            ("%d-%b-%Y %H:%M:%S", "01-DEC-2010 08:26:07"),
            ("%d %b %Y %H:%M:%S", "1 dic 2010 8:26:07"),
            ("%B %d, %Y %H:%M:%S", "December 1, 2010 08:26:07"),
            ("%d de %B de %Y %H:%M:%S", "1 de Diciembre de 2010 08:26:07"),
            ("%Y%m%d%H%M%S", "20101201082607"),
            ("%Y-%m-%dT%H:%M:%S%.f", "2010-12-01T08:26:07"),
            ("%Y-%m-%dT%H:%M:%S%.f", "2010-12-01T08:26:07.25"),
            ("%Y-%m-%dT%H:%M:%S%z", "2010-12-01T10:26:07+02:00"),
            ("%Y-%m-%dT%H:%M:%S%z", "2010-11-30T22:56:07-0930"),
            ("%Y-%m-%dT%H:%M:%S%z", "2010-12-01T08:26:07Z"),
            ("%%%Y\u{e9}%m%d %H:%M:%S", "%2010\u{e9}1201 08:26:07"),
        ] {
            assert_eq!(seconds(pattern, cell), Ok(1_291_191_967), "{pattern} {cell}");
        }
    }

    #[test]
    fn months_have_names_in_two_languages() {
        for (names, pattern) in [(&SHORT_MONTHS[..], "%Y-%b-%d"), (&MONTHS[..], "%Y-%B-%d")] {
            for (name, month) in names {
                let name = std::str::from_utf8(name).expect("text").to_uppercase();
                let expected = seconds("%Y-%m-%d", &format!("2011-{month}-03"));
                assert_eq!(seconds(pattern, &format!("2011-{name}-03")), expected, "{name}");
            }
        }
    }

    #[test]
    fn fractions_are_cut_to_microseconds() {
        let fraction = |cell: &str| microseconds("%Y%m%d %H%M%S.%f", &format!("19700101 000000.{cell}"));
        assert_eq!(fraction("5"), Ok(500_000));
        assert_eq!(fraction("000001"), Ok(1));
        assert_eq!(fraction("999999999"), Ok(999_999));
        assert_eq!(fraction(""), Err(NotADate));
        assert_eq!(fraction("1234567890"), Err(NotADate));
    }

    #[test]
    fn halves_of_the_day() {
        let hour = |cell: &str| seconds("%Y%m%d %I%p", &format!("19700101 {cell}")).map(|value| value / 3600);
        assert_eq!(hour("12AM"), Ok(0));
        assert_eq!(hour("12pm"), Ok(12));
        assert_eq!(hour("1Pm"), Ok(13));
        assert_eq!(hour("11pm"), Ok(23));
        assert_eq!(hour("0am"), Err(NotADate));
        assert_eq!(hour("13am"), Err(NotADate));
        assert_eq!(hour("1xm"), Err(NotADate));
    }

    #[test]
    fn what_does_not_match_fails() {
        for (pattern, cell) in [
            ("%Y-%m-%d", ""),
            ("%Y-%m-%d", "2010-12-1x"),
            ("%Y-%m-%d", "2010-12-011"),
            ("%Y-%m-%d", "2010/12/01"),
            ("%Y-%m-%d", "201\u{0}-12-01"),
            ("%Y-%m-%d", "10-12-01"),
            ("%Y-%m-%d", "2010-12-:1"),
            ("%Y-%m-%d", "\u{e9}010-12-1"),
            ("%Y%m%d", "2010121"),
            ("%Y%m%d", "2010 121"),
            ("%y%m%d", "10121"),
            ("%Y-%m-%d", "2010-12-01 08:26"),
            ("%Y-%m-%d %H:%M", "2010-12-01 24:00"),
            ("%Y-%m-%d %H:%M", "2010-12-01 23:60"),
            ("%Y-%m-%d %H:%M:%S", "2010-12-01 23:59:60"),
            ("%Y-%b-%d", "2010-Dez-01"),
            ("%Y-%b-%d", "2010-December-01"),
            ("%Y-%B-%d", "2010-Dec-01"),
            ("%Y-%B-%d", "2010-mayx-01"),
            ("%Y-%m-%dT%H%z", "2010-12-01T00"),
            ("%Y-%m-%dT%H%z", "2010-12-01T00z"),
            ("%Y-%m-%dT%H%z", "2010-12-01T00+2"),
            ("%Y-%m-%dT%H%z", "2010-12-01T00+24:00"),
        ] {
            assert_eq!(seconds(pattern, cell), Err(NotADate), "{pattern} {cell}");
        }
    }

    #[test]
    fn days_that_the_calendar_lacks_fail() {
        for cell in [
            "2011-02-29",
            "1900-02-29",
            "2010-04-31",
            "2010-13-01",
            "2010-00-01",
            "2010-01-00",
            "2010-1-32",
            "0000-01-01",
        ] {
            assert_eq!(seconds("%Y-%m-%d", cell), Err(NoSuchDay), "{cell}");
        }
        assert!(seconds("%Y-%m-%d", "2000-02-29").is_ok());
        assert!(seconds("%Y-%m-%d", "2012-02-29").is_ok());
    }

    #[test]
    fn days_are_numbered_without_a_gap_for_ten_thousand_years() {
        let format = DateFormat::new("%Y-%m-%d").expect("a good pattern");
        let mut expected = -719_162;
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in 1..=days_of_month(year, month) {
                    assert_eq!(day_number(year, month, day), expected);
                    if day == 28 {
                        let cell = format!("{year:04}-{month:02}-{day:02}");
                        let moment = format.parse(cell.as_bytes()).expect("a good day");
                        assert_eq!(moment.day, expected);
                    }
                    expected += 1;
                }
            }
        }
        assert_eq!(day_number(1970, 1, 1), 0);
    }
}
