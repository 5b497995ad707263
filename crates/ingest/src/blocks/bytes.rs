//! Blocks of text files: delimited lines and JSON, in any encoding, compressed or not.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use cartera_raw::{Block, ColumnSpec, RawError, RecordFormat, Splitter, decode, decompress};

use super::file_kind::{FileKind, look};
use super::{BlockSource, Fields, Range, check_kind};
use crate::error::IngestError;
use crate::format_params::FormatValidParams;
use crate::tally::{Tally, TallyReader};

/// Cuts a text file into blocks.
pub(super) struct ByteBlocks {
    path: PathBuf,
    format: RecordFormat,
    splitter: Splitter<Box<dyn Read + Send>>,
    /// A block that had to be looked at to know the fields.
    first: Option<Block>,
}

impl ByteBlocks {
    /// Opens the file: what is counted are its own bytes, what is cut are decompressed and decoded ones.
    pub(super) fn open(
        path: &Path,
        mut file: File,
        format: &FormatValidParams,
        range: Range,
        block_bytes: usize,
        tally: &Tally,
    ) -> Result<Self, IngestError> {
        let io = |cause| IngestError::Io {
            path: path.to_owned(),
            cause,
        };
        file.seek(SeekFrom::Start(range.start)).map_err(io)?;
        let file = file.take(range.bytes.unwrap_or(u64::MAX));
        let file = TallyReader::new(file, tally.clone());
        let mut records = format.records();
        let plain: Box<dyn Read + Send> = if range.start == 0 {
            let (start, plain) = look(decompress(file).map_err(io)?).map_err(io)?;
            check_kind(path, format.file_type, FileKind::of(&start))?;
            decode(plain, format.encoding).map_err(io)?
        } else {
            if let RecordFormat::Delimited(dialect) = &mut records {
                dialect.header = false;
                dialect.skip_lines = 0;
            }
            Box::new(file)
        };
        Ok(Self {
            path: path.to_owned(),
            splitter: Splitter::new(plain, &records, block_bytes),
            format: records,
            first: None,
        })
    }

    fn raw(&self, cause: RawError) -> IngestError {
        IngestError::Raw {
            path: self.path.clone(),
            cause,
        }
    }
}

impl BlockSource for ByteBlocks {
    fn fields(&mut self) -> Result<Option<Fields>, IngestError> {
        let RecordFormat::Delimited(dialect) = &self.format else {
            return Ok(Some(Fields::Paths));
        };
        let dialect = dialect.clone();
        if let Some(names) = self.splitter.header().map_err(|cause| self.raw(cause))? {
            return Ok(Some(Fields::Named(names)));
        }
        // A file without a header has as many columns as its first record.
        self.first = self.splitter.next_block().map_err(|cause| self.raw(cause))?;
        let count = self.first.as_ref().map(|block| block.first_record_fields(&dialect));
        count
            .transpose()
            .map(|count| count.map(Fields::Counted))
            .map_err(|cause| self.raw(cause))
    }

    fn select(&mut self, _columns: &[ColumnSpec]) -> Result<(), IngestError> {
        Ok(())
    }

    fn next_block(&mut self) -> Result<Option<Block>, IngestError> {
        match self.first.take() {
            Some(block) => Ok(Some(block)),
            None => self.splitter.next_block().map_err(|cause| self.raw(cause)),
        }
    }
}
