//! Looks for a text that two date patterns read as two different moments.
//!
//! It writes moments with one pattern, in every spelling that the pattern takes, and reads them with
//! the other. The numbers are chosen so that each could stand in another's place: halves of years
//! that are months and days, two-digit years of both centuries.

use crate::date_format::{DateFormat, Item, NumberField};

/// Numbers that are at once a day, a month, an hour and a year of the century, and a few that are not.
const HALVES: [u32; 6] = [1, 2, 3, 10, 11, 12];
const YEARS: [u32; 10] = [1970, 1999, 2000, 2009, 2011, 2020, 2024, 2069, 2075, 2099];
const TIMES: [(u32, u32, u32); 3] = [(1, 2, 3), (10, 11, 12), (11, 3, 1)];
const DAYS: [u32; 8] = [1, 2, 3, 10, 11, 12, 21, 28];

/// Values for one text; the names are written as they are.
#[derive(Debug, Clone, Copy)]
struct Sample {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

/// How a text is spelt where a pattern leaves it open.
#[derive(Debug, Clone, Copy)]
struct Spelling {
    /// Whether numbers below ten have a zero before them.
    padded: bool,
    /// Whether the decimals of the second are there.
    fraction: bool,
}

/// A text that both patterns read, each as another moment.
pub(crate) fn reads_differently(writer: &DateFormat, reader: &DateFormat) -> Option<String> {
    if writer.items() == reader.items() {
        return None;
    }
    let halves = HALVES.iter().flat_map(|high| HALVES.map(|low| high * 100 + low));
    let years: Vec<u32> = halves.chain(YEARS).collect();
    let times: &[(u32, u32, u32)] = if writer.has_time() { &TIMES } else { &TIMES[..1] };
    let mut text = Vec::new();
    for year in years {
        for (month, day) in HALVES.iter().flat_map(|&month| DAYS.map(|day| (month, day))) {
            for &(hour, minute, second) in times {
                let sample = Sample {
                    year,
                    month,
                    day,
                    hour,
                    minute,
                    second,
                };
                for (padded, fraction) in [(true, true), (true, false), (false, false), (false, true)] {
                    text.clear();
                    write(writer, sample, Spelling { padded, fraction }, &mut text);
                    if let (Ok(one), Ok(other)) = (writer.parse(&text), reader.parse(&text))
                        && one != other
                    {
                        return Some(String::from_utf8_lossy(&text).into_owned());
                    }
                }
            }
        }
    }
    None
}

fn write(format: &DateFormat, sample: Sample, spelling: Spelling, text: &mut Vec<u8>) {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month_name = MONTHS[sample.month as usize - 1];
    for &item in format.items() {
        match item {
            Item::Literal(byte) => text.push(byte),
            Item::Number { field, digits, exact } => {
                let value = match field {
                    NumberField::Year => sample.year,
                    NumberField::YearOfCentury => sample.year % 100,
                    NumberField::Month => sample.month,
                    NumberField::Day => sample.day,
                    NumberField::Hour | NumberField::HourOfHalfDay => sample.hour,
                    NumberField::Minute => sample.minute,
                    NumberField::Second => sample.second,
                };
                let width = if exact || spelling.padded {
                    usize::from(digits)
                } else {
                    1
                };
                write_number(value, width, text);
            }
            Item::ShortMonthName => text.extend_from_slice(&month_name.as_bytes()[..3]),
            Item::MonthName => text.extend_from_slice(month_name.as_bytes()),
            Item::Fraction => text.push(b'5'),
            Item::OptionalFraction if spelling.fraction => text.extend_from_slice(b".5"),
            Item::OptionalFraction => {}
            Item::Offset => text.extend_from_slice(b"+02:00"),
            Item::HalfDay => text.extend_from_slice(b"AM"),
        }
    }
}

/// At least `width` digits.
fn write_number(value: u32, width: usize, text: &mut Vec<u8>) {
    let digits = [1000, 100, 10, 1].map(|power| b'0' + (value / power % 10) as u8);
    let significant = digits.iter().position(|&digit| digit != b'0').unwrap_or(3);
    text.extend_from_slice(&digits[significant.min(4_usize.saturating_sub(width))..]);
}
