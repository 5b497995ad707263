//! Cuts a reader into blocks of whole records, so that the parsing can be shared out.

use std::io::Read;

use crate::count::{LineCounts, count_lines};
use crate::dialect::{Delimiter, Dialect, MAX_WINDOW_BYTES};
use crate::error::RawError;
use crate::extent::{Extent, extent, lookahead_bytes};
use crate::failure::RecordReason;
use crate::fields::header_fields;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// How much of a line beyond the longest record is dropped at a time.
const SKIP_BYTES: usize = 64 << 10;

/// Whole records, as they stand in the file.
///
/// Of a line that is longer than [`Dialect::max_record_bytes`], and that the parser will reject for
/// it, the block may hold only the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Block {
    /// The records with their line ends; the file's last one may lack it.
    pub bytes: Vec<u8>,
    /// Physical line of the first record in the decompressed file, from 1, the header counted.
    pub first_line: u64,
    /// Position of the first byte in the decompressed file, from 0.
    pub byte_offset: u64,
    /// Number of records, counted without the parser; blank lines are none.
    pub records: u64,
}

/// Cuts a reader into [`Block`]s of whole records.
///
/// Where the cuts fall does not change what [`crate::Plan::parse`] finds. Memory is bounded by the
/// larger of the block and the longest record, not by the longest line.
#[derive(Debug)]
pub struct Splitter<R> {
    reader: R,
    dialect: Dialect,
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
}

impl<R: Read> Splitter<R> {
    /// A splitter at the start of a file, cutting after about `block_bytes` (a good size is 4 MiB).
    pub fn new(reader: R, dialect: &Dialect, block_bytes: usize) -> Self {
        Self {
            reader,
            dialect: dialect.clone(),
            block_bytes: block_bytes.clamp(1, MAX_WINDOW_BYTES),
            buffer: Vec::new(),
            line: 1,
            byte_offset: 0,
            at_end: false,
            started: false,
        }
    }

    /// The fields of the header, if the dialect has one; to be called before the first block.
    ///
    /// A byte order mark and blank lines before it are passed over. `None` when the dialect has no
    /// header, the file is empty, or the header has been passed already.
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
        if !self.dialect.header {
            return Ok(None);
        }
        loop {
            match extent(&self.buffer, &self.dialect, self.at_end) {
                Extent::Unknown => self.fill((self.buffer.len() * 2).max(SKIP_BYTES))?,
                Extent::EndlessLine => {
                    let limit_bytes = self.dialect.max_record_bytes;
                    let reason = RecordReason::RecordTooLong { limit_bytes };
                    return Err(RawError::Header {
                        line: self.line,
                        reason,
                    });
                }
                Extent::EmptyLine { bytes: 0 } => return Ok(None),
                Extent::EmptyLine { bytes } => {
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

    /// The next block, or `None` after the last one; passes over the header if need be.
    ///
    /// # Errors
    /// As [`Splitter::header`]. After an error there are no more blocks.
    pub fn next_block(&mut self) -> Result<Option<Block>, RawError> {
        self.header()?;
        self.fill(self.block_bytes)?;
        loop {
            if self.buffer.is_empty() && self.at_end {
                return Ok(None);
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
                Extent::EmptyLine { bytes } => {
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
        let read = (&mut self.reader).take(missing as u64).read_to_end(&mut self.buffer);
        match read {
            Ok(read) => {
                self.at_end = read < missing;
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
