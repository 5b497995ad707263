//! How text is laid out: its separator, quotes, comments, lines before the header, and the header.

use std::collections::BTreeMap;

use super::column::{CellKind, cell_kind};
use super::finding::{Finding, shortened};
use super::records::{Cut, Records, Separator, split_line};

/// Records that are tried.
const TRIAL_RECORDS: usize = 400;
/// Bytes that are tried.
const TRIAL_BYTES: usize = 512 << 10;
/// Lines before the header that are passed over at most.
const MOST_LINES_BEFORE: usize = 40;

const SEPARATORS: [Separator; 6] = [
    Separator::Byte(b','),
    Separator::Byte(b';'),
    Separator::Byte(b'\t'),
    Separator::Byte(b'|'),
    Separator::Byte(b':'),
    Separator::Blanks,
];

/// The layout of a text file.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// What stands between cells.
    pub separator: Finding<Separator>,
    /// What encloses cells.
    pub quote: Finding<Option<u8>>,
    /// What starts a comment.
    pub comment: Option<Finding<u8>>,
    /// Lines before the header, or before the first record where there is none.
    pub skip_lines: Finding<usize>,
    /// Whether the first record names the columns.
    pub header: Finding<bool>,
    /// Cells of a record.
    pub field_count: usize,
}

impl Layout {
    pub(super) fn cut(&self) -> Cut {
        Cut {
            separator: self.separator.value,
            quote: self.quote.value,
            comment: self.comment.as_ref().map(|comment| comment.value),
        }
    }
}

/// The layout of a text that starts a file; none where it holds no record.
pub(super) fn detect(text: &str) -> Option<Layout> {
    let text = trial_part(text);
    let hint = separator_line(text);
    let body = hint.map_or(text, |_| split_line(text).1);
    let comment = comment_mark(body);
    let trials: Vec<Trial> = SEPARATORS
        .into_iter()
        .filter_map(|separator| {
            let cut = Cut {
                separator,
                quote: Some(b'"'),
                comment: comment.as_ref().map(|comment| comment.value),
            };
            Trial::new(body, cut)
        })
        .collect();
    let separator = choose_separator(&trials, hint, body)?;
    let quote = quote(body, separator.value);
    let cut = Cut {
        separator: separator.value,
        quote: quote.value,
        comment: comment.as_ref().map(|comment| comment.value),
    };
    let trial = Trial::new(body, cut).or_else(|| Trial::single(body, cut))?;
    let (first, skip_lines) = trial.first_record(usize::from(hint.is_some()));
    let header = header(&trial.records[first..], trial.field_count);
    Some(Layout {
        separator,
        quote,
        comment,
        skip_lines,
        header,
        field_count: trial.field_count,
    })
}

/// The start of the text, in whole lines.
fn trial_part(text: &str) -> &str {
    if text.len() <= TRIAL_BYTES {
        return text;
    }
    let end = text.as_bytes()[..TRIAL_BYTES].iter().rposition(|&byte| byte == b'\n');
    end.map_or(text, |end| &text[..=end])
}

/// `sep=;`, which Excel understands as a first line.
fn separator_line(text: &str) -> Option<u8> {
    let line = split_line(text).0.trim_matches('"');
    match line.strip_prefix("sep=")?.as_bytes() {
        [byte] if byte.is_ascii() => Some(*byte),
        [] => None,
        _ => None,
    }
}

/// `#` where lines start with it; a single one that is the first line may be a header, which is
/// told by whether it has as many cells as the next line.
fn comment_mark(text: &str) -> Option<Finding<u8>> {
    let lines: Vec<&str> = text.lines().take(TRIAL_RECORDS).collect();
    let marked: Vec<(usize, &str)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.starts_with('#'))
        .map(|(place, line)| (place, *line))
        .collect();
    let &(place, line) = marked.first()?;
    if marked.len() * 2 > lines.len() {
        return None;
    }
    let next = lines[place..]
        .iter()
        .find(|line| !line.starts_with('#') && !line.is_empty())?;
    let counts = |line: &str| [',', ';', '\t', '|'].map(|mark| line.matches(mark).count());
    let looks_like_header = marked.len() == 1 && counts(line) == counts(next) && counts(line).iter().any(|&n| n > 0);
    (!looks_like_header).then(|| {
        let evidence = format!(
            "{} of the first {} lines start with it: {:?}",
            marked.len(),
            lines.len(),
            shortened(line)
        );
        Finding::sure(b'#', evidence)
    })
}

/// The first records, cut by one separator.
struct Trial {
    cut: Cut,
    records: Vec<(u64, Vec<String>)>,
    /// The most frequent number of cells.
    field_count: usize,
    /// Share of the records that have so many.
    consistency: f64,
    /// How much the cells look like cells, 0 to 1.
    likeness: f64,
}

impl Trial {
    /// None where the separator separates nothing.
    fn new(text: &str, cut: Cut) -> Option<Self> {
        let records = first_records(text, cut);
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, cells) in &records {
            *counts.entry(cells.len()).or_default() += 1;
        }
        // The larger count wins a tie: lines before the header have fewer cells.
        let (&field_count, &most) = counts.iter().max_by_key(|(cells, records)| (**records, **cells))?;
        if field_count < 2 {
            return None;
        }
        let consistency = share(most, records.len());
        let likeness = likeness(&records, field_count, cut.separator);
        Some(Self {
            cut,
            records,
            field_count,
            consistency,
            likeness,
        })
    }

    /// A file of one column.
    fn single(text: &str, cut: Cut) -> Option<Self> {
        let records = first_records(text, cut);
        (!records.is_empty()).then_some(Self {
            cut,
            records,
            field_count: 1,
            consistency: 1.0,
            likeness: 1.0,
        })
    }

    fn score(&self) -> f64 {
        // More cells are more evidence.
        let cells = 1.0 - 1.0 / (self.field_count as f64 + 1.0);
        let rare = match self.cut.separator {
            Separator::Byte(b':') | Separator::Blanks => 0.8,
            Separator::Byte(_) => 1.0,
        };
        self.consistency * self.consistency * self.likeness * cells * rare
    }

    /// The first record that has all cells, and what stands before it.
    fn first_record(&self, hint_lines: usize) -> (usize, Finding<usize>) {
        let filled = |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count();
        let is_whole =
            |cells: &[String]| cells.len() == self.field_count && (filled(cells) > 1 || self.field_count <= 2);
        let first = self
            .records
            .iter()
            .take(MOST_LINES_BEFORE)
            .position(|(_, cells)| is_whole(cells))
            .unwrap_or(0);
        let found = match self.records.first() {
            Some((_, cells)) if first > 0 => {
                let lines = usize::try_from(self.records[first].0).unwrap_or(0) + hint_lines;
                let text = shortened(
                    &cells
                        .iter()
                        .filter(|cell| !cell.is_empty())
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(" "),
                );
                let evidence = format!("before line {} stands something else, as {text:?}", lines + 1);
                Finding::unsure(lines, 90, evidence)
            }
            _ if hint_lines > 0 => Finding::sure(hint_lines, "the first line names the separator for Excel"),
            _ => Finding::sure(0, "the first line is a record"),
        };
        (first, found)
    }
}

fn first_records(text: &str, cut: Cut) -> Vec<(u64, Vec<String>)> {
    let mut found = Vec::new();
    let mut records = Records::new(text, cut);
    while found.len() < TRIAL_RECORDS {
        let Some(record) = records.next() else { break };
        found.push((record.line, record.cells.clone()));
    }
    found
}

/// Cells that are numbers, dates or empty speak for the separator; those that hold other
/// separators, or are long, against it.
fn likeness(records: &[(u64, Vec<String>)], field_count: usize, separator: Separator) -> f64 {
    let holds_other = |cell: &str| {
        SEPARATORS.iter().any(|other| match other {
            Separator::Byte(byte) if *other != separator && *byte != b':' => cell.as_bytes().contains(byte),
            _ => false,
        })
    };
    let (mut sum, mut count) = (0.0, 0.0);
    for (_, cells) in records.iter().filter(|(_, cells)| cells.len() == field_count) {
        for cell in cells {
            count += 1.0;
            sum += match cell_kind(cell) {
                CellKind::Text if holds_other(cell) => 0.2,
                CellKind::Text if cell.chars().count() > 200 => 0.5,
                CellKind::Text => 0.9,
                _ => 1.0,
            };
        }
    }
    if count == 0.0 { 0.0 } else { sum / count }
}

fn choose_separator(trials: &[Trial], hint: Option<u8>, text: &str) -> Option<Finding<Separator>> {
    if let Some(byte) = hint {
        let evidence = format!("the first line says so: sep={}", char::from(byte));
        return Some(Finding::sure(Separator::Byte(byte), evidence));
    }
    let mut ranked: Vec<&Trial> = trials.iter().collect();
    ranked.sort_by(|one, other| other.score().total_cmp(&one.score()));
    let Some(best) = ranked.first().filter(|best| best.score() > 0.25) else {
        let record = text.lines().find(|line| !line.trim().is_empty())?;
        let evidence = format!(
            "nothing separates cells, as in {:?}: taken as one column",
            shortened(record)
        );
        return Some(Finding::unsure(Separator::Byte(b','), 50, evidence));
    };
    let percent = (best.consistency * 100.0).floor();
    let cells = format!(
        "{percent:.0} % of the first {} records have {} cells",
        best.records.len(),
        best.field_count
    );
    let value = best.cut.separator;
    if let Some(second) = ranked.get(1).filter(|second| second.score() > best.score() * 0.93) {
        let other = second.cut.separator.name();
        let evidence = format!("{cells}; {other:?} would give {} cells", second.field_count);
        return Some(Finding::unsure(value, 60, evidence));
    }
    Some(if best.consistency >= 0.9 {
        Finding::sure(value, cells)
    } else {
        Finding::unsure(value, 70, cells)
    })
}

/// Cells that start and end with a mark speak for it; those that only start with it, against it.
fn quote(text: &str, separator: Separator) -> Finding<Option<u8>> {
    if separator == Separator::Blanks {
        return Finding::sure(None, "cells apart by blanks are not quoted");
    }
    let mut found = None;
    for mark in [b'"', b'\''] {
        let cut = Cut {
            separator,
            quote: Some(mark),
            comment: None,
        };
        let mut records = Records::new(text, cut);
        let (mut quoted, mut unclosed, mut tried) = (0, 0, 0);
        while let Some(record) = records.next() {
            quoted += record.quoted;
            unclosed += usize::from(record.unclosed);
            tried += 1;
            if tried == TRIAL_RECORDS {
                break;
            }
        }
        let name = char::from(mark);
        if quoted > unclosed * 10 {
            let evidence = format!("{quoted} cells of the first {tried} records are enclosed in {name}");
            return Finding::sure(Some(mark), evidence);
        }
        if unclosed > 0 && mark == b'"' {
            let evidence = format!("{unclosed} records have a {name} that opens and does not close");
            found = Some(Finding::unsure(None, 75, evidence));
        }
    }
    found.unwrap_or_else(|| Finding::sure(Some(b'"'), "no quote was seen in the first records: the usual one"))
}

/// Whether the first of these records names the columns.
fn header(records: &[(u64, Vec<String>)], field_count: usize) -> Finding<bool> {
    let Some(((_, first), rest)) = records.split_first() else {
        return Finding::open(true, "there is no record");
    };
    let rest: Vec<&Vec<String>> = rest
        .iter()
        .map(|(_, cells)| cells)
        .filter(|cells| cells.len() == field_count)
        .collect();
    if rest.is_empty() {
        let has_values = first.iter().any(|cell| !matches!(cell_kind(cell), CellKind::Text));
        return Finding::unsure(!has_values, 60, "there is one record only");
    }
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (column, cell) in first.iter().enumerate().take(field_count) {
        let kinds: Vec<CellKind> = rest.iter().map(|cells| cell_kind(&cells[column])).collect();
        let filled = kinds.iter().filter(|kind| **kind != CellKind::Empty).count();
        let typed = kinds
            .iter()
            .filter(|kind| matches!(kind, CellKind::Number | CellKind::Date))
            .count();
        if filled == 0 || typed * 10 < filled * 9 {
            continue;
        }
        match cell_kind(cell) {
            CellKind::Text => names.push((column, cell)),
            CellKind::Number | CellKind::Date => values.push((column, cell)),
            CellKind::Empty => {}
        }
    }
    let show = |(column, cell): &(usize, &String)| format!("{:?} in column {}", shortened(cell), column + 1);
    match (names.first(), values.first()) {
        (Some(name), None) => {
            let evidence = format!("the first record has {}, where the others have values", show(name));
            Finding::sure(true, evidence)
        }
        (None, Some(value)) => {
            let evidence = format!("the first record has the value {}", show(value));
            Finding::sure(false, evidence)
        }
        (Some(name), Some(value)) => {
            let evidence = format!("the first record has {} and {}", show(name), show(value));
            Finding::unsure(names.len() >= values.len(), 60, evidence)
        }
        (None, None) => header_of_texts(first, &rest),
    }
}

/// All columns are text: names are different from each other and from all values.
fn header_of_texts(first: &[String], rest: &[&Vec<String>]) -> Finding<bool> {
    let is_name = |cell: &String| {
        !cell.is_empty()
            && cell.chars().count() <= 40
            && cell.chars().next().is_some_and(|first| !first.is_ascii_digit())
    };
    let repeats = |column: usize| {
        rest.iter()
            .filter(|cells| cells.get(column) == first.get(column))
            .count()
    };
    let again = (0..first.len()).find(|&column| !first[column].is_empty() && repeats(column) > 0);
    if let Some(column) = again {
        let evidence = format!(
            "{:?} of the first record comes again in column {}",
            shortened(&first[column]),
            column + 1
        );
        return Finding::unsure(false, 70, evidence);
    }
    let names = first.iter().filter(|cell| is_name(cell)).count();
    let mut distinct: Vec<&String> = first.iter().collect();
    distinct.sort();
    distinct.dedup();
    if names == first.len() && distinct.len() == first.len() {
        Finding::unsure(
            true,
            80,
            "all columns are text; the first record has values that come nowhere else",
        )
    } else {
        Finding::unsure(
            false,
            60,
            "all columns are text, and the first record looks like the others",
        )
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Confidence;
    use super::*;

    fn is_certain<T>(finding: &Finding<T>) -> bool {
        finding.confidence == Confidence::Sure
    }

    fn layout(text: &str) -> Layout {
        detect(text).expect("a layout")
    }

    #[test]
    fn separators_are_found_by_consistency() {
        for (text, separator, cells) in [
            ("a,b,c\n1,2,3\n4,5,6\n", Separator::Byte(b','), 3),
            ("cliente;importe\nana;12,50\neva;7,10\n", Separator::Byte(b';'), 2),
            ("k;v;w\nana;1,50;2,50\neva;7,10;3,10\n", Separator::Byte(b';'), 3),
            ("ana;1,50;2,50\neva;7,10;3,10\n", Separator::Byte(b';'), 3),
            ("a\tb\n1,5\t2 x\n2,5\t3 y\n", Separator::Byte(b'\t'), 2),
            ("a|b|c\n1|2,3|4\n", Separator::Byte(b'|'), 3),
            (" 0001 19970101 2 29.33\n 0001 19970118 2 29.73\n", Separator::Blanks, 4),
            ("a,b\n1,\"x, y; z\"\n2,\"u; v, w\"\n", Separator::Byte(b','), 2),
            (
                "id, name, day\n1, ann lee, 2025-01-02 10:00:00\n2, bob, 2025-01-03 11:00:00\n",
                Separator::Byte(b','),
                3,
            ),
            (
                "a,b\n1,x\n2,y\n3,z,too many\n4,u\n5,v\n6,w\n7,w\n8,w\n9,w\n10,w\n11,w\n",
                Separator::Byte(b','),
                2,
            ),
        ] {
            let found = layout(text);
            assert_eq!((found.separator.value, found.field_count), (separator, cells), "{text}");
        }
    }

    #[test]
    fn a_text_without_separators_is_one_column_and_unsure() {
        let found = layout("email\nann@example.org\nbob@example.org\n");
        assert_eq!(found.field_count, 1);
        assert!(!is_certain(&found.separator));
    }

    #[test]
    fn headers_are_told_by_the_types_below() {
        assert!(layout("id,day\n1,2025-01-02\n2,2025-01-03\n").header.value);
        let none = layout("1,2025-01-02\n2,2025-01-03\n").header;
        assert_eq!((none.value, none.confidence), (false, Confidence::Sure));
        let texts = layout("name,city\nann,Leeds\nbob,York\n").header;
        assert_eq!((texts.value, is_certain(&texts)), (true, false));
        assert!(!layout("red,small\nblue,large\nred,large\n").header.value);
    }

    #[test]
    fn lines_before_the_header_are_counted() {
        let found = layout("Ventas de 2025\n\nfecha;cliente;importe\n2025-01-02;ana;1\n2025-01-03;eva;2\n");
        assert_eq!(
            (found.skip_lines.value, found.header.value, found.field_count),
            (2, true, 3)
        );
        let padded = layout("Ventas de 2025;;\nfecha;cliente;importe\n2025-01-02;ana;1\n2025-01-03;eva;2\n");
        assert_eq!(padded.skip_lines.value, 1);
        let named = layout("sep=;\nfecha;cliente\n2025-01-02;ana\n2025-01-03;eva\n");
        assert_eq!(
            (named.skip_lines.value, named.separator.value),
            (1, Separator::Byte(b';'))
        );
    }

    #[test]
    fn comments_are_told_from_a_header_with_the_same_mark() {
        let found = layout("# made by hand\nid,day\n1,2025-01-02\n# end of January\n2,2025-02-03\n");
        assert_eq!(found.comment.map(|comment| comment.value), Some(b'#'));
        assert_eq!((found.skip_lines.value, found.header.value), (0, true));
        let header = layout("#id,day\n1,2025-01-02\n2,2025-02-03\n");
        assert_eq!((header.comment, header.header.value), (None, true));
    }

    #[test]
    fn quotes_that_do_not_close_are_none() {
        assert_eq!(layout("a,b\n1,\"x\"\n2,\"y\"\n").quote.value, Some(b'"'));
        assert_eq!(layout("a,b\n1,'x, y'\n2,'z'\n").quote.value, Some(b'\''));
        let inches = layout("size,price\n\"5 inch,1\n\"6 inch,2\n\"7 inch,3\n").quote;
        assert_eq!((inches.value, is_certain(&inches)), (None, false));
    }
}
