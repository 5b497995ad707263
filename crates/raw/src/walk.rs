//! Cuts a stretch of records into the fields that are wanted, and rejects the malformed ones.

use crate::dialect::{Delimiter, Dialect, without_carriage_return};
use crate::extent::lookahead_bytes;
use crate::failure::{RecordReason, RejectedRecord, quoted_lossily};
use crate::fields::{Span, cut};
use crate::index::{Index, Marks};
use crate::windows::{Cells, Found, Windows};

/// Bytes walked over at a time: they and what is found in them stay in the processor's cache.
const WINDOW_BYTES: usize = 64 << 10;

/// What the walk needs to know of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) dialect: Dialect,
    /// Fields of every well-formed record.
    pub(crate) field_count: usize,
    /// The field of each column.
    pub(crate) wanted: Vec<usize>,
}

/// Walks over a block window by window.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    layout: &'a Layout,
    /// The block.
    bytes: &'a [u8],
    /// Where the next window starts.
    position: usize,
    /// Physical line there.
    line: u64,
    /// Size of the next window: more once, when a record does not end in the usual one.
    window_bytes: usize,
    index: Index,
    fields: Vec<Span>,
    side_buffer: Vec<u8>,
    spans: Vec<Span>,
}

/// Where walking over the fields of one line, or of a record that starts there, has led.
enum Outcome {
    /// A record that ends at this entry of the index.
    Record {
        last_mark: usize,
    },
    Malformed(RecordReason),
    /// The record goes on beyond the window.
    Unfinished,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(layout: &'a Layout, bytes: &'a [u8], first_line: u64) -> Self {
        Self {
            layout,
            bytes,
            position: 0,
            line: first_line,
            window_bytes: WINDOW_BYTES,
            index: Index::default(),
            fields: Vec::with_capacity(layout.field_count),
            side_buffer: Vec::new(),
            spans: Vec::new(),
        }
    }

    /// Walks from mark to mark; returns how many bytes are behind.
    fn walk_marks(&mut self, window: &[u8], is_last: bool, delimiter: u8, found: &mut Found) -> usize {
        let layout = self.layout;
        let comment = layout.dialect.comment;
        let quote = layout.dialect.quote;
        let mut index = std::mem::take(&mut self.index);
        index.fill(
            window,
            Marks {
                delimiter,
                quote: quote.unwrap_or(b'\n'),
            },
        );
        let marks = index.positions();
        let mut start = 0;
        let mut mark = 0;
        while start < window.len() {
            let is_comment = comment.is_some_and(|comment| window[start] == comment);
            if !is_comment && self.take_plain_record(window, &marks[mark..], start, delimiter) {
                found.lines.push(self.line);
                self.line += 1;
                mark += layout.field_count;
                start = marks[mark - 1] as usize + 1;
                continue;
            }
            let line_mark = mark + line_end(window, &marks[mark..]);
            let line_end = marks[line_mark] as usize;
            let line = &window[start..line_end];
            let content = without_carriage_return(line);
            let mut last_mark = line_mark;
            let is_too_long = content.len() > layout.dialect.max_record_bytes;
            if !content.is_empty() && (is_too_long || !is_comment) {
                let outcome = if is_too_long {
                    let limit_bytes = layout.dialect.max_record_bytes;
                    Outcome::Malformed(RecordReason::RecordTooLong { limit_bytes })
                } else {
                    self.walk_fields(window, marks, mark, start, line_mark, is_last)
                };
                let reason = match outcome {
                    Outcome::Unfinished => {
                        self.window_bytes = lookahead_bytes(&layout.dialect).max(WINDOW_BYTES);
                        break;
                    }
                    Outcome::Malformed(reason) => Some(reason),
                    Outcome::Record { last_mark: end } => {
                        last_mark = end;
                        self.take_fields()
                    }
                };
                match reason {
                    None => found.lines.push(self.line),
                    Some(reason) => {
                        let end = marks[last_mark] as usize;
                        let record = quoted_lossily(without_carriage_return(&window[start..end]));
                        found.rejected.push(RejectedRecord {
                            line: self.line,
                            record,
                            reason,
                        });
                    }
                }
            }
            let end = marks[last_mark] as usize;
            let is_line_end = |&&mark: &&u32| window.get(mark as usize) == Some(&b'\n');
            self.line += marks[mark..=last_mark].iter().filter(is_line_end).count() as u64;
            mark = last_mark + 1;
            start = (end + 1).min(window.len());
        }
        self.index = index;
        start
    }

    /// Takes the record at the first of `marks` if it is the usual one: the right number of fields
    /// on a line of its own, without a quote.
    #[inline(always)]
    fn take_plain_record(&mut self, window: &[u8], marks: &[u32], start: usize, delimiter: u8) -> bool {
        let Some((&end, delimiters)) = marks.get(..self.layout.field_count).and_then(<[u32]>::split_last) else {
            return false;
        };
        let byte_at = |mark: u32| window.get(mark as usize).copied();
        if byte_at(end) != Some(b'\n') || !delimiters.iter().all(|&mark| byte_at(mark) == Some(delimiter)) {
            return false;
        }
        let content_end = end as usize - usize::from(window[..end as usize].ends_with(b"\r"));
        if content_end <= start || content_end - start > self.layout.dialect.max_record_bytes {
            return false;
        }
        self.spans.extend(self.layout.wanted.iter().map(|&field| {
            let field_start = if field == 0 {
                start as u32
            } else {
                delimiters[field - 1] + 1
            };
            let field_end = delimiters.get(field).copied().unwrap_or(content_end as u32);
            Span::within(field_start, field_end)
        }));
        true
    }

    /// Walks over fields of which some may be quoted, noting all of them.
    fn walk_fields(
        &mut self,
        window: &[u8],
        marks: &[u32],
        first_mark: usize,
        start: usize,
        line_mark: usize,
        is_last: bool,
    ) -> Outcome {
        let dialect = &self.layout.dialect;
        let byte_at = |position: usize| window.get(position).copied();
        self.fields.clear();
        let mut mark = first_mark;
        let mut field_start = start;
        loop {
            let mut span = None;
            if let Some(quote) = dialect.quote.filter(|&quote| byte_at(field_start) == Some(quote)) {
                // The closing quote: not followed by another.
                let mut doubled = false;
                mark += 1;
                let close = loop {
                    let position = marks.get(mark).map_or(window.len(), |&mark| mark as usize);
                    let too_long = position - start > dialect.max_record_bytes;
                    match byte_at(position) {
                        Some(byte) if byte == quote => {
                            if byte_at(position + 1) != Some(quote) {
                                break position;
                            }
                            doubled = true;
                            mark += 2;
                        }
                        Some(b'\n') if !dialect.multiline || too_long => {
                            return Outcome::Malformed(RecordReason::UnclosedQuote);
                        }
                        Some(_) => mark += 1,
                        None => {
                            let seen = window.len() - start;
                            let goes_on = dialect.multiline && !is_last && seen < lookahead_bytes(dialect);
                            return if goes_on {
                                Outcome::Unfinished
                            } else {
                                Outcome::Malformed(RecordReason::UnclosedQuote)
                            };
                        }
                    }
                };
                mark += 1;
                let next = marks.get(mark).map_or(window.len(), |&mark| mark as usize);
                let ends_here = match &window[close + 1..next] {
                    [] => true,
                    [b'\r'] => matches!(byte_at(next), None | Some(b'\n')),
                    _ => false,
                };
                if !ends_here {
                    return Outcome::Malformed(if close < marks[line_mark] as usize {
                        RecordReason::TextAfterQuote
                    } else {
                        RecordReason::UnclosedQuote
                    });
                }
                let content = field_start + 1..close;
                span = Some(if doubled {
                    Span::undoubled(&window[content], quote, &mut self.side_buffer)
                } else {
                    Span::within(content.start as u32, content.end as u32)
                });
            } else if dialect.quote.is_some() {
                // Quotes within a field are ordinary bytes.
                while dialect.quote == byte_at(marks[mark] as usize) {
                    mark += 1;
                }
            }
            let end = marks[mark] as usize;
            let is_record_end = matches!(byte_at(end), None | Some(b'\n'));
            self.fields.push(span.unwrap_or_else(|| {
                let content_end = if is_record_end {
                    field_start + without_carriage_return(&window[field_start..end]).len()
                } else {
                    end
                };
                Span::within(field_start as u32, content_end as u32)
            }));
            if is_record_end {
                let record = without_carriage_return(&window[start..end]);
                if record.len() > dialect.max_record_bytes {
                    return Outcome::Malformed(RecordReason::UnclosedQuote);
                }
                return Outcome::Record { last_mark: mark };
            }
            field_start = end + 1;
            mark += 1;
        }
    }

    /// Takes the fields just walked over as a row, if they are as many as they should be.
    fn take_fields(&mut self) -> Option<RecordReason> {
        let (expected, found) = (self.layout.field_count, self.fields.len());
        if expected != found {
            return Some(RecordReason::WrongFieldCount { expected, found });
        }
        self.spans
            .extend(self.layout.wanted.iter().map(|&field| self.fields[field]));
        None
    }

    /// Walks line by line over a file that is delimited by blanks; such files are small.
    fn walk_lines(&mut self, window: &[u8], found: &mut Found) -> usize {
        let dialect = &self.layout.dialect;
        let limit_bytes = dialect.max_record_bytes;
        let mut start = 0;
        while start < window.len() {
            let end = memchr::memchr(b'\n', &window[start..]).map_or(window.len(), |offset| start + offset);
            let content = without_carriage_return(&window[start..end]);
            let reason = if content.len() > limit_bytes {
                Some(RecordReason::RecordTooLong { limit_bytes })
            } else if dialect.is_no_record(content) {
                start = (end + 1).min(window.len());
                self.line += 1;
                continue;
            } else {
                let content_end = start + content.len();
                let (fields, side_buffer) = (&mut self.fields, &mut self.side_buffer);
                match cut(window, start, content_end, dialect, fields, side_buffer) {
                    Ok(()) => self.take_fields(),
                    Err(reason) => Some(reason),
                }
            };
            match reason {
                None => found.lines.push(self.line),
                Some(reason) => {
                    let record = quoted_lossily(content);
                    found.rejected.push(RejectedRecord {
                        line: self.line,
                        record,
                        reason,
                    });
                }
            }
            start = (end + 1).min(window.len());
            self.line += 1;
        }
        start
    }
}

impl Windows for Walk<'_> {
    fn next_window(&mut self, found: &mut Found) -> Option<Cells<'_>> {
        if self.position == self.bytes.len() {
            return None;
        }
        let rest = &self.bytes[self.position..];
        let window = whole_lines(rest, self.window_bytes);
        let is_last = window.len() == rest.len();
        self.window_bytes = WINDOW_BYTES;
        self.spans.clear();
        self.side_buffer.clear();
        let done = match self.layout.dialect.delimiter {
            Delimiter::Byte(delimiter) => self.walk_marks(window, is_last, delimiter, found),
            Delimiter::Blanks => self.walk_lines(window, found),
        };
        self.position += done;
        Some(Cells {
            window,
            side_buffer: &self.side_buffer,
            spans: &self.spans,
        })
    }
}

/// Whole lines of at least so many bytes, or all that is there.
fn whole_lines(bytes: &[u8], at_least: usize) -> &[u8] {
    let line_end = bytes.get(at_least..).and_then(|rest| memchr::memchr(b'\n', rest));
    line_end.map_or(bytes, |offset| &bytes[..=at_least + offset])
}

/// Which of the marks, the last of which is a line end, ends the line.
fn line_end(window: &[u8], marks: &[u32]) -> usize {
    let is_line_end = |&mark: &u32| matches!(window.get(mark as usize), None | Some(b'\n'));
    marks.iter().position(is_line_end).unwrap_or(marks.len() - 1)
}
