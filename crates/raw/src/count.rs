//! Counts records without parsing them, so that the parser's rows can be checked against it.

use crate::dialect::{Delimiter, Dialect, without_carriage_return};

/// What a piece of a file holds, when every line end ends a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct LineCounts {
    /// Line ends (`\n`).
    pub(crate) line_ends: u64,
    /// Lines that are records, a last one without line end included.
    pub(crate) records: u64,
}

/// Counts whole lines; the last one may lack its line end.
pub(crate) fn count_lines(bytes: &[u8], dialect: &Dialect) -> LineCounts {
    match dialect.delimiter {
        Delimiter::Byte(_) if dialect.comment.is_none() => {
            let (line_ends, mut blank_lines) = count_line_ends(bytes);
            let unfinished = match bytes {
                [] | [.., b'\n'] => 0,
                [b'\r'] | [.., b'\n', b'\r'] => {
                    blank_lines += 1;
                    1
                }
                _ => 1,
            };
            LineCounts {
                line_ends,
                records: line_ends + unfinished - blank_lines,
            }
        }
        _ => count_line_by_line(bytes, dialect),
    }
}

/// Line ends, and how many of them end a line that is empty but for a `\r`.
fn count_line_ends(bytes: &[u8]) -> (u64, u64) {
    let (mut line_ends, mut blank_lines) = (0, 0);
    // The first two bytes are looked at as if a line had ended before them.
    let head = match *bytes {
        [] => [(0, 0, 0), (0, 0, 0)],
        [first] => [(b'\n', b'\n', first), (0, 0, 0)],
        [first, second, ..] => [(b'\n', b'\n', first), (b'\n', first, second)],
    };
    for (before, previous, current) in head {
        let (is_end, is_blank_end) = classify(before, previous, current);
        line_ends += u64::from(is_end);
        blank_lines += u64::from(is_blank_end);
    }
    let Some(current) = bytes.get(2..) else {
        return (line_ends, blank_lines);
    };
    let previous = &bytes[1..bytes.len() - 1];
    let before = &bytes[..bytes.len() - 2];

    // Sums of bytes in 32 lanes, at most 255 rounds before they are added up: the shape that the
    // compiler turns into SIMD without help.
    const LANES: usize = 32;
    const ROUNDS: usize = 255;
    let stretches = current
        .chunks(LANES * ROUNDS)
        .zip(previous.chunks(LANES * ROUNDS))
        .zip(before.chunks(LANES * ROUNDS));
    for ((current, previous), before) in stretches {
        let (mut end_lanes, mut blank_lanes) = ([0_u8; LANES], [0_u8; LANES]);
        let (current, current_rest) = current.as_chunks::<LANES>();
        let (previous, previous_rest) = previous.as_chunks::<LANES>();
        let (before, before_rest) = before.as_chunks::<LANES>();
        for ((current, previous), before) in current.iter().zip(previous).zip(before) {
            for lane in 0..LANES {
                let (is_end, is_blank_end) = classify(before[lane], previous[lane], current[lane]);
                end_lanes[lane] += u8::from(is_end);
                blank_lanes[lane] += u8::from(is_blank_end);
            }
        }
        line_ends += end_lanes.iter().map(|&count| u64::from(count)).sum::<u64>();
        blank_lines += blank_lanes.iter().map(|&count| u64::from(count)).sum::<u64>();
        for ((&current, &previous), &before) in current_rest.iter().zip(previous_rest).zip(before_rest) {
            let (is_end, is_blank_end) = classify(before, previous, current);
            line_ends += u64::from(is_end);
            blank_lines += u64::from(is_blank_end);
        }
    }
    (line_ends, blank_lines)
}

/// Whether `current` ends a line, and whether it ends an empty one.
#[inline(always)]
fn classify(before: u8, previous: u8, current: u8) -> (bool, bool) {
    let is_end = current == b'\n';
    let is_empty = (previous == b'\n') | ((previous == b'\r') & (before == b'\n'));
    (is_end, is_end & is_empty)
}

/// The same where lines of blanks, or comments, are no records either.
fn count_line_by_line(bytes: &[u8], dialect: &Dialect) -> LineCounts {
    let blanks = dialect.delimiter == Delimiter::Blanks;
    let mut counts = LineCounts::default();
    let mut start = 0;
    while start < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[start..]).map(|offset| start + offset);
        counts.line_ends += u64::from(end.is_some());
        let line = without_carriage_return(&bytes[start..end.unwrap_or(bytes.len())]);
        // A line beyond the limit is a record whatever is in it: the splitter may have cut it.
        let is_none = match blanks {
            true => dialect.is_no_record(line),
            false => line.is_empty() || dialect.is_comment(line),
        };
        if line.len() > dialect.max_record_bytes || !is_none {
            counts.records += 1;
        }
        start = end.map_or(bytes.len(), |end| end + 1);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(bytes: &[u8]) -> (u64, u64) {
        let counts = count_lines(bytes, &Dialect::default());
        (counts.line_ends, counts.records)
    }

    #[test]
    fn empty_lines_are_no_records() {
        assert_eq!(counted(b""), (0, 0));
        assert_eq!(counted(b"\n"), (1, 0));
        assert_eq!(counted(b"\r\n"), (1, 0));
        assert_eq!(counted(b"\r"), (0, 0));
        assert_eq!(counted(b"a\n\r"), (1, 1));
        assert_eq!(counted(b"a\r\n\r\n\nb"), (3, 2));
        assert_eq!(counted(b"a\r\r\n"), (1, 1));
        assert_eq!(counted(b"\r\r\n"), (1, 1));
    }

    #[test]
    fn long_input_is_counted_as_lines_are() {
        for length in [0, 1, 2, 3, 31, 33, 34, 8159, 8160, 8161, 8162, 8163, 8170, 40_000] {
            let bytes: Vec<u8> = (0..length)
                .map(|i: usize| b"\n\r\nab\n\n\rc\r\n"[(i * 7 + i / 13) % 11])
                .collect();
            let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
            let line_ends = lines.len() as u64 - 1;
            lines.retain(|line| !without_carriage_return(line).is_empty());
            assert_eq!(counted(&bytes), (line_ends, lines.len() as u64), "{length} bytes");
        }
    }

    #[test]
    fn lines_of_blanks_are_no_records_between_blanks() {
        let dialect = Dialect {
            delimiter: Delimiter::Blanks,
            max_record_bytes: 4,
            ..Dialect::default()
        };
        let counts = count_lines(b" 1 2\n \t \r\n\n      \n3", &dialect);
        assert_eq!(
            counts,
            LineCounts {
                line_ends: 4,
                records: 3
            }
        );
    }
}
