//! From the times of a source to wall clock and business day in the pipeline's time zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::as_of::MICROSECONDS_PER_DAY;

/// How the times of a source become days.
#[derive(Debug, Clone)]
pub enum LineTime {
    /// Wall clock of the pipeline's own zone: the day is the date as written.
    SameZone,
    /// Wall clock of another zone. A time that daylight saving repeats is the earlier one; a time that it
    /// skips is moved forward by the length of the gap.
    OtherZone {
        /// The zone of the file.
        source: TimeZone,
        /// The zone of the pipeline.
        pipeline: TimeZone,
    },
    /// Instants: the file gives an offset with each time.
    Instant {
        /// The zone of the pipeline.
        pipeline: TimeZone,
    },
}

impl LineTime {
    /// How to read the times of a source, given its zone and the pipeline's.
    #[must_use]
    pub fn new(source: TimeZone, pipeline: TimeZone, times_have_offset: bool) -> Self {
        if times_have_offset {
            Self::Instant { pipeline }
        } else if source == pipeline {
            Self::SameZone
        } else {
            Self::OtherZone { source, pipeline }
        }
    }

    /// The wall clock of the pipeline's zone, in microseconds; none outside the years -9999 to 9999.
    #[must_use]
    pub fn wall_clock(&self, microseconds: i64) -> Option<i64> {
        Some(match self {
            Self::SameZone => microseconds,
            Self::Instant { pipeline } => wall_clock(Timestamp::from_microsecond(microseconds).ok()?, pipeline),
            Self::OtherZone { source, pipeline } => {
                let written: DateTime = TimeZone::UTC.to_datetime(Timestamp::from_microsecond(microseconds).ok()?);
                wall_clock(source.to_ambiguous_timestamp(written).compatible().ok()?, pipeline)
            }
        })
    }

    /// Days since 1970-01-01 of a time in microseconds; none where it lies outside the years -9999 to 9999.
    #[must_use]
    pub fn epoch_day(&self, microseconds: i64) -> Option<i32> {
        i32::try_from(self.wall_clock(microseconds)?.div_euclid(MICROSECONDS_PER_DAY)).ok()
    }
}

fn wall_clock(instant: Timestamp, zone: &TimeZone) -> i64 {
    instant.as_microsecond() + i64::from(zone.to_offset(instant).seconds()) * 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn microseconds(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("an instant").as_microsecond()
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a known zone")
    }

    fn day(text: &str) -> i32 {
        i32::try_from(microseconds(&format!("{text}T00:00:00Z")) / MICROSECONDS_PER_DAY).expect("a day")
    }

    #[test]
    fn a_wall_clock_of_the_same_zone_keeps_its_date() {
        let time = LineTime::new(zone("Europe/Madrid"), zone("Europe/Madrid"), false);
        assert_eq!(
            time.epoch_day(microseconds("2024-03-31T02:30:00Z")),
            Some(day("2024-03-31"))
        );
        assert_eq!(time.epoch_day(microseconds("1969-12-31T23:59:59Z")), Some(-1));
    }

    #[test]
    fn an_instant_falls_on_the_local_day() {
        let time = LineTime::new(zone("UTC"), zone("America/New_York"), true);
        assert_eq!(
            time.epoch_day(microseconds("2024-01-02T04:59:59Z")),
            Some(day("2024-01-01"))
        );
        assert_eq!(
            time.epoch_day(microseconds("2024-01-02T05:00:00Z")),
            Some(day("2024-01-02"))
        );
    }

    #[test]
    fn another_zone_is_converted_with_its_daylight_saving() {
        let time = LineTime::new(zone("America/New_York"), zone("Europe/Madrid"), false);
        // 19:00 in New York is 01:00 of the next day in Madrid, but midnight in the weeks when only New York has summer time.
        assert_eq!(
            time.epoch_day(microseconds("2024-02-01T17:59:00Z")),
            Some(day("2024-02-01"))
        );
        assert_eq!(
            time.epoch_day(microseconds("2024-02-01T18:00:00Z")),
            Some(day("2024-02-02"))
        );
        assert_eq!(
            time.epoch_day(microseconds("2024-03-15T18:30:00Z")),
            Some(day("2024-03-15"))
        );
        assert_eq!(
            time.epoch_day(microseconds("2024-03-15T19:00:00Z")),
            Some(day("2024-03-16"))
        );
    }

    #[test]
    fn a_time_that_is_skipped_is_moved_forward() {
        // In New York 02:00 became 03:00 on 2024-03-10: 02:30 is read as 03:30, which is 00:30 in Phoenix. An hour
        // less would have been the day before.
        let time = LineTime::new(zone("America/New_York"), zone("America/Phoenix"), false);
        let skipped = microseconds("2024-03-10T02:30:00Z");
        assert_eq!(time.wall_clock(skipped), Some(microseconds("2024-03-10T00:30:00Z")));
        assert_eq!(time.epoch_day(skipped), Some(day("2024-03-10")));
    }

    #[test]
    fn a_time_that_is_repeated_is_the_earlier_one_unless_it_has_an_offset() {
        // In New York 01:30 came twice on 2024-11-03. In Regina the first was the day before, the second was not.
        let time = LineTime::new(zone("America/New_York"), zone("America/Regina"), false);
        assert_eq!(
            time.epoch_day(microseconds("2024-11-03T01:30:00Z")),
            Some(day("2024-11-02"))
        );
        let told_apart = LineTime::new(zone("America/New_York"), zone("America/Regina"), true);
        assert_eq!(
            told_apart.epoch_day(microseconds("2024-11-03T01:30:00-04:00")),
            Some(day("2024-11-02"))
        );
        assert_eq!(
            told_apart.epoch_day(microseconds("2024-11-03T01:30:00-05:00")),
            Some(day("2024-11-03"))
        );
    }
}
