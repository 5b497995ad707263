//! Moments that a file keeps as such, as ISO 8601 text.
//!
//! The columns of a source are read from text by date formats. A moment that is no text in the file
//! is written in the one way that [`TYPED_MOMENT`] and [`TYPED_INSTANT`] read, which no person's
//! habits with days and months touch.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::number_text::push;

/// The date format of moments without an offset: `2011-12-09T12:50:00`, with decimals of the second or not.
pub(crate) const TYPED_MOMENT: &str = "%Y-%m-%dT%H:%M:%S%.f";
/// The date format of moments with an offset: `2011-12-09T12:50:00Z`.
pub(crate) const TYPED_INSTANT: &str = "%Y-%m-%dT%H:%M:%S%.f%z";

const NANOSECONDS_PER_DAY: i128 = 86_400_000_000_000;

/// Appends the start of a day counted from 1970-01-01; the number itself beyond the calendar.
pub(crate) fn push_day(text: &mut String, days: i32) {
    match moment_of(i128::from(days) * NANOSECONDS_PER_DAY) {
        Some(moment) => push_moment(text, moment),
        None => push(text, days),
    }
}

/// Appends a moment given in nanoseconds since 1970-01-01T00:00:00; the number itself beyond the calendar.
pub(crate) fn push_nanoseconds(text: &mut String, nanoseconds: i128) {
    match moment_of(nanoseconds) {
        Some(moment) => push_moment(text, moment),
        None => push(text, nanoseconds),
    }
}

fn moment_of(nanoseconds: i128) -> Option<DateTime> {
    let timestamp = Timestamp::from_nanosecond(nanoseconds).ok()?;
    Some(TimeZone::UTC.to_datetime(timestamp))
}

/// Appends a time of day given in nanoseconds since midnight.
pub(crate) fn push_time_of_day(text: &mut String, nanoseconds: i64) {
    let seconds = nanoseconds.div_euclid(1_000_000_000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    push(text, format_args!("{hour:02}:{minute:02}:{second:02}"));
    push_fraction(text, nanoseconds.rem_euclid(1_000_000_000) as i32);
}

fn push_moment(text: &mut String, moment: DateTime) {
    push(
        text,
        format_args!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            moment.year(),
            moment.month(),
            moment.day(),
            moment.hour(),
            moment.minute(),
            moment.second()
        ),
    );
    push_fraction(text, moment.subsec_nanosecond());
}

fn push_fraction(text: &mut String, nanoseconds: i32) {
    if nanoseconds != 0 {
        let digits = format!(".{nanoseconds:09}");
        text.push_str(digits.trim_end_matches('0'));
    }
}

#[cfg(test)]
mod tests {
    use cartera_raw::DateFormat;

    use super::*;

    fn text(write: impl Fn(&mut String)) -> String {
        let mut text = String::new();
        write(&mut text);
        text
    }

    #[test]
    fn moments_are_written_as_their_format_reads_them() {
        assert_eq!(text(|text| push_day(text, 0)), "1970-01-01T00:00:00");
        assert_eq!(text(|text| push_day(text, 15_317)), "2011-12-09T00:00:00");
        assert_eq!(text(|text| push_day(text, -1)), "1969-12-31T00:00:00");
        assert_eq!(text(|text| push_day(text, i32::MAX)), "2147483647");
        let moment = 1_323_435_000_000_000_000_i128;
        assert_eq!(text(|text| push_nanoseconds(text, moment)), "2011-12-09T12:50:00");
        assert_eq!(
            text(|text| push_nanoseconds(text, moment + 120_000)),
            "2011-12-09T12:50:00.00012"
        );
        assert_eq!(text(|text| push_nanoseconds(text, -1)), "1969-12-31T23:59:59.999999999");
        assert_eq!(text(|text| push_nanoseconds(text, i128::MAX)), i128::MAX.to_string());
        assert_eq!(text(|text| push_time_of_day(text, 30_360_500_000_000)), "08:26:00.5");
        assert!(DateFormat::new(TYPED_MOMENT).is_ok_and(|format| format.has_time() && !format.has_offset()));
        assert!(DateFormat::new(TYPED_INSTANT).is_ok_and(|format| format.has_offset()));
    }
}
