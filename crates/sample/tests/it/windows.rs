//! A history written as overlapping exports.

use cartera_sample::{ORDER_LINES_HEADER, SampleParams};
use jiff::civil::{Date, date};

use crate::read::write_lines;

fn part(first: Date, last: Date) -> Vec<u8> {
    let (mut file, totals) = write_lines(SampleParams {
        window: Some((first, last)),
        ..SampleParams::new(300, 51)
    });
    assert_eq!(totals.bytes, file.len() as u64);
    file.drain(..ORDER_LINES_HEADER.len());
    file
}

#[test]
fn windows_that_meet_make_the_whole() {
    let (whole, _) = write_lines(SampleParams::new(300, 51));
    let first = part(date(2024, 1, 1), date(2025, 3, 31));
    let second = part(date(2025, 4, 1), date(2025, 12, 31));
    assert!(!first.is_empty() && !second.is_empty());
    assert!(whole[ORDER_LINES_HEADER.len()..] == [first, second].concat());
}

#[test]
fn windows_that_overlap_share_the_same_lines() {
    let first = part(date(2024, 1, 1), date(2025, 4, 9));
    let second = part(date(2025, 4, 1), date(2025, 12, 31));
    let overlap = part(date(2025, 4, 1), date(2025, 4, 9));
    assert!(!overlap.is_empty() && first.ends_with(&overlap) && second.starts_with(&overlap));
}

#[test]
fn defects_keep_clear_of_an_overlap_in_the_second_half() {
    let overlap = part(date(2025, 4, 1), date(2025, 4, 9));
    let window = Some((date(2024, 1, 1), date(2025, 4, 9)));
    let (file, _) = write_lines(SampleParams {
        window,
        defects_per_kind: 3,
        ..SampleParams::new(300, 51)
    });
    assert!(file.ends_with(&overlap));
}

#[test]
fn a_window_beside_the_history_is_an_empty_file() {
    assert!(part(date(2026, 1, 1), date(2026, 2, 1)).is_empty());
    assert!(part(date(2020, 1, 1), date(2020, 2, 1)).is_empty());
}
