//! Cuts a reader into blocks of whole records, so that the parsing can be shared out.

use std::io::{Chain, Cursor, Read};

use crate::cells::CellTable;
use crate::count::{LineCounts, count_lines};
use crate::dialect::{Delimiter, Dialect, MAX_WINDOW_BYTES};
use crate::error::RawError;
use crate::extent::{Extent, extent, lookahead_bytes};
use crate::failure::RecordReason;
use crate::fields::{header_fields, record_fields};
use crate::json_array::ArrayLines;
use crate::records::{JsonFormat, RecordFormat};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// How much of a line beyond the longest record is dropped at a time.
const SKIP_BYTES: usize = 64 << 10;

/// Whole records, as they stand in the file; those of a JSON array a line each; those of a
/// [`crate::BlockBuilder`] as its cells.
///
/// Of a line that is longer than [`Dialect::max_record_bytes`], and that the parser will reject for
/// it, the block may hold only the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Block {
    /// The records with their line ends; the file's last one may lack it.
    pub bytes: Vec<u8>,
    /// Physical line of the first record in the decoded file, from 1, the header counted. Where
    /// records are not lines, its number.
    pub first_line: u64,
    /// Position of the first byte in the decoded file, from 0. Where records are not lines, in what
    /// they were turned into.
    pub byte_offset: u64,
    /// Number of records, counted without the parser; blank lines are none.
    pub records: u64,
    /// The cells of a block that was built, not cut.
    pub(crate) cells: Option<CellTable>,
}

impl Block {
    /// How many fields the first record of a delimited file has, where no header says it.
    ///
    /// # Errors
    /// [`RawError::FirstRecord`] when that record cannot be cut into fields.
    pub fn first_record_fields(&self, dialect: &Dialect) -> Result<usize, RawError> {
        let (mut rest, mut line) = (self.bytes.as_slice(), self.first_line);
        loop {
            let (bytes, line_ends) = match extent(rest, dialect, true) {
                Extent::NoRecord { bytes } if bytes > 0 => (bytes, 1),
                Extent::Record { bytes, .. } if count_lines(&rest[..bytes], dialect).records > 0 => {
                    return record_fields(&rest[..bytes], dialect)
                        .map_err(|reason| RawError::FirstRecord { line, reason });
                }
                Extent::Record { bytes, line_ends } => (bytes, line_ends),
                _ => return Ok(0),
            };
            rest = &rest[bytes..];
            line += line_ends;
        }
    }
}

/// Cuts a reader into [`Block`]s of whole records.
///
/// Where the cuts fall does not change what [`crate::Plan::parse`] finds. Memory is bounded by the
/// larger of the block and the longest record, not by the longest line.
#[derive(Debug)]
pub struct Splitter<R: Read> {
    source: Source<R>,
    /// How the lines are cut; for JSON, into lines and no further.
    dialect: Dialect,
    /// For files of JSON objects.
    json: Option<JsonFormat>,
    block_bytes: usize,
    /// Read but not handed out.
    buffer: Vec<u8>,
    /// Physical line at the start of the buffer, from 1.
    line: u64,
    /// Position of the start of the buffer in the decompressed file.
    byte_offset: u64,
    /// Whether the reader has no more.
    at_end: bool,
    /// Whether the byte order mark and the header have been looked at.
    started: bool,
    /// What stops the reading once the records before it are handed out.
    failure: Option<RawError>,
}

/// Where the lines come from.
#[derive(Debug)]
enum Source<R: Read> {
    Lines(R),
    /// The objects of a JSON array, a line each; the first bytes of the file have been read already.
    Array(Box<ArrayLines<Chain<Cursor<Vec<u8>>, R>>>),
    /// Between the two.
    Nowhere,
}

impl<R: Read> Splitter<R> {
    /// A splitter at the start of a file, cutting after about `block_bytes` (a good size is 4 MiB).
    pub fn new(reader: R, format: impl Into<RecordFormat>, block_bytes: usize) -> Self {
        let (dialect, json) = match format.into() {
            RecordFormat::Delimited(dialect) => (dialect, None),
            RecordFormat::Json(format) => (format.lines(), Some(format)),
        };
        Self {
            source: Source::Lines(reader),
            dialect,
            json,
            block_bytes: block_bytes.clamp(1, MAX_WINDOW_BYTES),
            buffer: Vec::new(),
            line: 1,
            byte_offset: 0,
            at_end: false,
            started: false,
            failure: None,
        }
    }

    /// The fields of the header, if the dialect has one; to be called before the first block.
    ///
    /// A byte order mark, the lines to skip, blank lines and comments before it are passed over.
    /// `None` when the format has no header, the file is empty, or the header has been passed
    /// already.
    ///
    /// # Errors
    /// [`RawError::Dialect`] for a dialect that contradicts itself, [`RawError::Read`],
    /// [`RawError::Header`] and [`RawError::HeaderNotUtf8`].
    pub fn header(&mut self) -> Result<Option<Vec<String>>, RawError> {
        if self.started {
            return Ok(None);
        }
        self.started = true;
        let names = self.read_header();
        if names.is_err() {
            self.stop();
        }
        names
    }

    fn read_header(&mut self) -> Result<Option<Vec<String>>, RawError> {
        self.dialect.check()?;
        self.fill(BYTE_ORDER_MARK.len())?;
        if self.buffer.starts_with(BYTE_ORDER_MARK) {
            self.drop_front(BYTE_ORDER_MARK.len());
        }
        if let Some(format) = self.json {
            self.look_for_array(format)?;
            return Ok(None);
        }
        self.skip_lines()?;
        if !self.dialect.header {
            return Ok(None);
        }
        loop {
            match extent(&self.buffer, &self.dialect, self.at_end) {
                Extent::Unknown => self.fill((self.buffer.len() * 2).max(self.block_bytes.min(SKIP_BYTES)))?,
                Extent::EndlessLine => {
                    let limit_bytes = self.dialect.max_record_bytes;
                    let reason = RecordReason::RecordTooLong { limit_bytes };
                    return Err(RawError::Header {
                        line: self.line,
                        reason,
                    });
                }
                Extent::NoRecord { bytes: 0 } => return Ok(None),
                Extent::NoRecord { bytes } => {
                    self.drop_front(bytes);
                    self.line += 1;
                }
                Extent::Record { bytes, line_ends } => {
                    let record = &self.buffer[..bytes];
                    let blank = count_lines(record, &self.dialect).records == 0;
                    let fields = header_fields(record, &self.dialect, self.line)?;
                    self.drop_front(bytes);
                    self.line += line_ends;
                    if !blank {
                        return Ok(Some(fields));
                    }
                }
            }
        }
    }

    /// Passes over the lines that are declared to be none of the table's.
    fn skip_lines(&mut self) -> Result<(), RawError> {
        let last = self.line.saturating_add(self.dialect.skip_lines);
        while self.line < last {
            match memchr::memchr(b'\n', &self.buffer) {
                Some(end) => {
                    self.drop_front(end + 1);
                    self.line += 1;
                }
                None if self.at_end => {
                    self.drop_front(self.buffer.len());
                    return Ok(());
                }
                None => {
                    self.drop_front(self.buffer.len());
                    self.fill(SKIP_BYTES)?;
                }
            }
        }
        Ok(())
    }

    /// Reads the objects of an array from now on, if the file is one.
    fn look_for_array(&mut self, format: JsonFormat) -> Result<(), RawError> {
        let is_white = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        while self.buffer.iter().all(is_white) && !self.at_end && self.buffer.len() < SKIP_BYTES {
            self.fill((self.buffer.len() * 2).max(64))?;
        }
        if self.buffer.iter().find(|byte| !is_white(byte)) != Some(&b'[') {
            return Ok(());
        }
        let start = Cursor::new(std::mem::take(&mut self.buffer));
        if let Source::Lines(reader) = std::mem::replace(&mut self.source, Source::Nowhere) {
            self.source = Source::Array(Box::new(ArrayLines::new(start.chain(reader), format, self.byte_offset)));
        }
        self.at_end = false;
        self.byte_offset = 0;
        Ok(())
    }

    /// The next block, or `None` after the last one; passes over the header if need be.
    ///
    /// # Errors
    /// As [`Splitter::header`], and [`RawError::JsonArray`]. After an error there are no more blocks.
    pub fn next_block(&mut self) -> Result<Option<Block>, RawError> {
        self.header()?;
        self.fill(self.block_bytes)?;
        loop {
            if self.buffer.is_empty() && self.at_end {
                return self.failure.take().map_or(Ok(None), Err);
            }
            let (bytes, counts) = self.whole_records();
            if bytes > 0 {
                return Ok(Some(self.take_block(bytes, counts)));
            }
            if self.buffer.len() >= lookahead_bytes(&self.dialect) && memchr::memchr(b'\n', &self.buffer).is_none() {
                return self.take_endless_line().map(Some);
            }
            self.fill(self.buffer.len() * 2)?;
        }
    }

    /// How many bytes at the start of the buffer are whole records, and what they hold.
    fn whole_records(&self) -> (usize, LineCounts) {
        let may_span_lines = self.dialect.multiline
            && matches!(self.dialect.delimiter, Delimiter::Byte(_))
            && self
                .dialect
                .quote
                .is_some_and(|quote| memchr::memchr(quote, &self.buffer).is_some());
        if !may_span_lines {
            let bytes = if self.at_end {
                self.buffer.len()
            } else {
                memchr::memrchr(b'\n', &self.buffer).map_or(0, |end| end + 1)
            };
            return (bytes, count_lines(&self.buffer[..bytes], &self.dialect));
        }
        let mut counts = LineCounts::default();
        let mut position = 0;
        while position < self.buffer.len() {
            match extent(&self.buffer[position..], &self.dialect, self.at_end) {
                Extent::Record { bytes, line_ends } => {
                    position += bytes;
                    counts.line_ends += line_ends;
                    counts.records += 1;
                }
                Extent::NoRecord { bytes } => {
                    counts.line_ends += u64::from(self.buffer[position + bytes - 1] == b'\n');
                    position += bytes;
                }
                Extent::EndlessLine | Extent::Unknown => break,
            }
        }
        (position, counts)
    }

    /// Hands out the start of the buffer and keeps the rest.
    fn take_block(&mut self, bytes: usize, counts: LineCounts) -> Block {
        let mut rest = Vec::with_capacity(self.block_bytes.max(self.buffer.len() - bytes));
        rest.extend_from_slice(&self.buffer[bytes..]);
        self.buffer.truncate(bytes);
        let block = Block {
            bytes: std::mem::replace(&mut self.buffer, rest),
            first_line: self.line,
            byte_offset: self.byte_offset,
            records: counts.records,
            cells: None,
        };
        self.byte_offset += bytes as u64;
        self.line += counts.line_ends;
        block
    }

    /// Hands out the start of a line that is too long, and drops the rest of the line.
    fn take_endless_line(&mut self) -> Result<Block, RawError> {
        let mut dropped = self.buffer.split_off(lookahead_bytes(&self.dialect));
        let mut block = self.take_block(
            self.buffer.len(),
            LineCounts {
                line_ends: 0,
                records: 1,
            },
        );
        loop {
            if let Some(end) = memchr::memchr(b'\n', &dropped) {
                block.bytes.push(b'\n');
                self.line += 1;
                self.byte_offset += end as u64 + 1;
                self.buffer.extend_from_slice(&dropped[end + 1..]);
                return Ok(block);
            }
            self.byte_offset += dropped.len() as u64;
            dropped.clear();
            if self.at_end {
                return Ok(block);
            }
            self.fill(SKIP_BYTES)?;
            dropped.append(&mut self.buffer);
        }
    }

    /// Reads until the buffer holds `target` bytes or the reader has no more.
    fn fill(&mut self, target: usize) -> Result<(), RawError> {
        let missing = target.saturating_sub(self.buffer.len());
        if missing == 0 || self.at_end {
            return Ok(());
        }
        self.buffer.reserve(missing);
        let limit = missing as u64;
        let read = match &mut self.source {
            Source::Lines(reader) => reader.take(limit).read_to_end(&mut self.buffer),
            Source::Array(lines) => lines.as_mut().take(limit).read_to_end(&mut self.buffer),
            Source::Nowhere => Ok(0),
        };
        match read {
            Ok(read) => {
                self.at_end = read < missing;
                if let (true, Source::Array(lines)) = (self.at_end, &mut self.source) {
                    self.failure = lines.take_failure();
                }
                Ok(())
            }
            Err(source) => {
                let byte_offset = self.byte_offset + self.buffer.len() as u64;
                self.stop();
                Err(RawError::Read { byte_offset, source })
            }
        }
    }

    /// Leaves nothing to be handed out after an error.
    fn stop(&mut self) {
        self.buffer.clear();
        self.at_end = true;
    }

    fn drop_front(&mut self, bytes: usize) {
        self.buffer.drain(..bytes);
        self.byte_offset += bytes as u64;
    }
}

impl<R: Read> Iterator for Splitter<R> {
    type Item = Result<Block, RawError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_block().transpose()
    }
}
