//! Months of days, as numbers: there are many more interactions than months, and a text for each would be dear.

/// The months before that of the day since January of the year 0.
///
/// # Source
/// Howard Hinnant, "chrono-compatible low-level date algorithms" (2013), `civil_from_days`.
pub(super) fn month_of(epoch_day: i32) -> i32 {
    // Years begin in March, so that the day of a leap year is the last one.
    let days = i64::from(epoch_day) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let months = (era * 400 + year_of_era) * 12 + month_from_march + 2;
    i32::try_from(months).unwrap_or(i32::MAX)
}

/// The month as it is written: 2025-03.
pub(super) fn month_name(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use cartera_table::AsOf;

    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        // From the year 1 to 2400, every day.
        for day in -719_162..157_000 {
            let expected = AsOf::from_epoch_days(day).map(AsOf::month).expect("a day");
            assert_eq!(month_name(month_of(day)), expected, "{day}");
        }
    }
}
