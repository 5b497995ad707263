//! Cuts text into records by a supposed layout, leniently.
//!
//! `raw` reads a declared layout strictly. Here the layout is what is looked for, so a record that
//! does not fit is reported and the next one is tried.

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Separator {
    /// One ASCII character.
    Byte(u8),
    /// Runs of spaces and tabs.
    Blanks,
}

impl Separator {
    /// As `[source.format] delimiter` names it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Byte(b'\t') => "tab".to_owned(),
            Self::Byte(byte) => char::from(byte).to_string(),
            Self::Blanks => "blanks".to_owned(),
        }
    }
}

/// How text is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) separator: Separator,
    pub(super) quote: Option<u8>,
    pub(super) comment: Option<u8>,
}

/// A quoted cell may span this many lines, so that a stray quote does not swallow the file.
const LONGEST_RECORD_LINES: u64 = 200;

/// One record.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Physical line within the text, from 0.
    pub(super) line: u64,
    /// The cells, without quotes and without blanks around them.
    pub(super) cells: Vec<String>,
    pub(super) lines: u64,
    /// A quote was opened and not closed.
    pub(super) unclosed: bool,
    /// How many cells were quoted.
    pub(super) quoted: usize,
}

/// Goes through the records of a text.
pub(super) struct Records<'t> {
    rest: &'t str,
    cut: Cut,
    line: u64,
    record: Record,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, cut: Cut) -> Self {
        Self {
            rest: text,
            cut,
            line: 0,
            record: Record::default(),
        }
    }

    /// The next record; empty lines and comments are none.
    pub(super) fn next(&mut self) -> Option<&Record> {
        while !self.rest.is_empty() {
            let (line, rest) = split_line(self.rest);
            let is_comment = self
                .cut
                .comment
                .is_some_and(|byte| line.as_bytes().first() == Some(&byte));
            let is_empty = match self.cut.separator {
                Separator::Byte(_) => line.is_empty(),
                Separator::Blanks => line.trim_matches([' ', '\t']).is_empty(),
            };
            if is_comment || is_empty {
                self.line += 1;
                self.rest = rest;
                continue;
            }
            self.read_record(line, rest);
            return Some(&self.record);
        }
        None
    }

    fn read_record(&mut self, line: &'t str, rest: &'t str) {
        let start = self.rest;
        self.record.line = self.line;
        self.record.lines = 1;
        cut_line(line, self.cut, &mut self.record);
        self.line += 1;
        self.rest = rest;
        if !self.record.unclosed {
            return;
        }
        // The cell may go on in the next lines; where it does not close, the first line stands alone.
        let (mut further, mut lines, mut end) = (rest, 1, line.len());
        while lines < LONGEST_RECORD_LINES && !further.is_empty() {
            let (next, after) = split_line(further);
            lines += 1;
            end = next.as_ptr().addr() - start.as_ptr().addr() + next.len();
            further = after;
            if !next.as_bytes().contains(&self.cut.quote.unwrap_or_default()) {
                continue;
            }
            let mut whole = Record::default();
            cut_line(&start[..end], self.cut, &mut whole);
            if !whole.unclosed {
                whole.line = self.record.line;
                whole.lines = lines;
                self.record = whole;
                self.line += lines - 1;
                self.rest = further;
                return;
            }
        }
        debug_assert!(end <= start.len());
    }
}

/// The first line without its end, and what follows.
pub(super) fn split_line(text: &str) -> (&str, &str) {
    let (line, rest) = match text.as_bytes().iter().position(|&byte| byte == b'\n') {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, ""),
    };
    (line.strip_suffix('\r').unwrap_or(line), rest)
}

fn cut_line(line: &str, cut: Cut, record: &mut Record) {
    record.unclosed = false;
    record.quoted = 0;
    let mut cells = Cells {
        found: std::mem::take(&mut record.cells),
        count: 0,
    };
    match cut.separator {
        Separator::Blanks => {
            for cell in line.split([' ', '\t']).filter(|cell| !cell.is_empty()) {
                cells.push(cell);
            }
        }
        Separator::Byte(separator) => cut_cells(line, separator, cut.quote, &mut cells, record),
    }
    cells.found.truncate(cells.count);
    record.cells = cells.found;
}

fn cut_cells(line: &str, separator: u8, quote: Option<u8>, cells: &mut Cells, record: &mut Record) {
    let bytes = line.as_bytes();
    let mut position = 0;
    loop {
        if let Some(quote) = quote
            && bytes.get(position) == Some(&quote)
        {
            let Some((end, doubled)) = closing_quote(bytes, position + 1, quote) else {
                record.unclosed = true;
                cells.push(line[position..].trim_matches([' ', '\t']));
                return;
            };
            let after = bytes[end + 1..].iter().position(|byte| *byte == separator);
            let next = after.map_or(bytes.len(), |length| end + 1 + length);
            // Text after the closing quote: the quote was none.
            if line[end + 1..next].trim().is_empty() {
                record.quoted += 1;
                let inside = line[position + 1..end].trim_matches([' ', '\t']);
                if doubled {
                    let mark = char::from(quote).to_string();
                    cells.push(&inside.replace(&mark.repeat(2), &mark));
                } else {
                    cells.push(inside);
                }
                if after.is_none() {
                    return;
                }
                position = next + 1;
                continue;
            }
        }
        let rest = &bytes[position..];
        match rest.iter().position(|byte| *byte == separator) {
            Some(length) => {
                cells.push(line[position..position + length].trim_matches([' ', '\t']));
                position += length + 1;
            }
            None => {
                cells.push(line[position..].trim_matches([' ', '\t']));
                return;
            }
        }
    }
}

/// Where the quote closes, and whether quotes stand doubled before.
fn closing_quote(bytes: &[u8], start: usize, quote: u8) -> Option<(usize, bool)> {
    let mut doubled = false;
    let mut position = start;
    loop {
        position += bytes[position..].iter().position(|byte| *byte == quote)?;
        if bytes.get(position + 1) != Some(&quote) {
            return Some((position, doubled));
        }
        doubled = true;
        position += 2;
    }
}

/// Cells whose room is used again.
struct Cells {
    found: Vec<String>,
    count: usize,
}

impl Cells {
    fn push(&mut self, cell: &str) {
        match self.found.get_mut(self.count) {
            Some(room) => {
                room.clear();
                room.push_str(cell);
            }
            None => self.found.push(cell.to_owned()),
        }
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(separator: Separator) -> Cut {
        Cut {
            separator,
            quote: Some(b'"'),
            comment: Some(b'#'),
        }
    }

    fn all(text: &str, cut: Cut) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text, cut);
        let mut found = Vec::new();
        while let Some(record) = records.next() {
            found.push((record.line, record.cells.clone()));
        }
        found
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    #[test]
    fn cells_are_cut_outside_quotes() {
        let found = all("a,\"b,\"\"c\"\n\n# no\nd, e ,\r\n", cut(Separator::Byte(b',')));
        assert_eq!(found, [(0, cells(&["a", "b,\"c"])), (3, cells(&["d", "e", ""]))]);
    }

    #[test]
    fn quoted_cells_span_lines() {
        let found = all("1,\"two\nlines\",x\n2,y,z\n", cut(Separator::Byte(b',')));
        assert_eq!(
            found,
            [(0, cells(&["1", "two\nlines", "x"])), (2, cells(&["2", "y", "z"]))]
        );
    }

    #[test]
    fn a_stray_quote_costs_its_line_alone() {
        let found = all("1,\"open,x\n2,y,z\n3,y,z\n", cut(Separator::Byte(b',')));
        assert_eq!(found[0].1, cells(&["1", "\"open,x"]));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn blanks_separate_in_runs() {
        let found = all(" 00004 0001\t19970101  2   29.33\n   \n", cut(Separator::Blanks));
        assert_eq!(found, [(0, cells(&["00004", "0001", "19970101", "2", "29.33"]))]);
    }
}
