//! A history written as overlapping exports.

use cartera_sample::{SampleFile, SampleParams};
use jiff::civil::{Date, date};

use crate::read::{Sample, records, write_lines};

fn part(first: Date, last: Date) -> Vec<u8> {
    let (mut file, totals) = write_lines(SampleParams {
        window: Some((first, last)),
        ..SampleParams::new(300, 51)
    });
    assert_eq!(totals.bytes, file.len() as u64);
    file.drain(..SampleFile::OrderLines.header().len());
    file
}

#[test]
fn windows_that_meet_make_the_whole() {
    let (whole, _) = write_lines(SampleParams::new(300, 51));
    let first = part(date(2024, 1, 1), date(2025, 3, 31));
    let second = part(date(2025, 4, 1), date(2025, 12, 31));
    assert!(!first.is_empty() && !second.is_empty());
    assert!(whole[SampleFile::OrderLines.header().len()..] == [first, second].concat());
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

#[test]
fn the_last_days_in_a_file_of_their_own_change_nothing_else() {
    let params = SampleParams {
        defects_per_kind: 2,
        ..SampleParams::new(300, 51)
    };
    let whole = Sample::write(params.clone());
    for days in [1, 30, 600] {
        let split = Sample::write(SampleParams {
            split_last_days: Some(days),
            ..params.clone()
        });
        let header = SampleFile::OrderLines.header().as_bytes();
        let [before, last] = [SampleFile::OrderLines, SampleFile::OrderLinesNew].map(|file| &split.files[&file][..]);
        let last = last.strip_prefix(header).unwrap();
        assert!(
            whole.files[&SampleFile::OrderLines] == [before, last].concat(),
            "{days}"
        );
        assert_eq!(split.contents.lines.lines, whole.contents.lines.lines);
        assert_eq!(split.contents.lines.customers, whole.contents.lines.customers);
        assert_eq!(split.contents.lines.sound(), whole.contents.lines.sound());
        for (file, bytes) in &whole.files {
            let differs = matches!(
                file,
                SampleFile::OrderLines | SampleFile::TruthDefects | SampleFile::Readme
            );
            assert!(differs || &split.files[file] == bytes, "{}", file.name());
        }
        for planted in &split.contents.planted {
            let lines = split.files[&planted.file].split(|&byte| byte == b'\n').count() as u64;
            assert!((2..=lines).contains(&planted.line), "{planted:?}");
        }
    }
    let day = Sample::write(SampleParams {
        split_last_days: Some(1),
        ..SampleParams::new(300, 51)
    });
    let days = |file| {
        records(&day.files[&file])
            .map(|record| record[3][..10].to_owned())
            .collect::<Vec<_>>()
    };
    assert!(days(SampleFile::OrderLinesNew).iter().all(|day| day == "2025-12-31"));
    assert!(!days(SampleFile::OrderLines).contains(&"2025-12-31".to_owned()));
}
