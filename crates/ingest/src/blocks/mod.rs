//! Files of any format as blocks of records, which the parser reads without knowing where they are from.

mod bytes;
mod excel;
mod file_kind;
mod number_text;
mod parquet;
mod row;
#[cfg(test)]
mod tests;
mod time_text;
mod witness;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use cartera_raw::{Block, ColumnSpec};

use self::bytes::ByteBlocks;
use self::excel::ExcelBlocks;
use self::file_kind::FileKind;
use self::parquet::ParquetBlocks;
use self::witness::Witness;
use crate::error::IngestError;
use crate::file_type::FileType;
use crate::format_params::FormatValidParams;
use crate::tally::Tally;

pub(crate) use self::time_text::{TYPED_INSTANT, TYPED_MOMENT};

/// What the fields of a file's records are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fields {
    /// By these names, in their order.
    Named(Vec<String>),
    /// By their positions; there are so many of them.
    Counted(usize),
    /// By their paths: each record names its own.
    Paths,
}

impl Fields {
    /// The names, where there are any.
    pub(crate) fn names(&self) -> Option<&[String]> {
        match self {
            Self::Named(names) => Some(names),
            Self::Counted(_) | Self::Paths => None,
        }
    }

    /// How many there are, where that is known before the records.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Named(names) => names.len(),
            Self::Counted(count) => *count,
            Self::Paths => 0,
        }
    }
}

/// The records of a file, block by block.
pub(crate) trait BlockSource {
    /// The fields of its records, to be asked for first; none where the file has nothing in it.
    fn fields(&mut self) -> Result<Option<Fields>, IngestError>;

    /// Says which fields will be looked at, before the first block. The others may be empty in the blocks.
    fn select(&mut self, columns: &[ColumnSpec]) -> Result<(), IngestError>;

    /// The next block, or none after the last one.
    fn next_block(&mut self) -> Result<Option<Block>, IngestError>;
}

/// The part of a file that is read; another one than the whole only of plain lines of UTF-8.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Range {
    /// Where it starts, from 0; only at 0 is there a header.
    pub(crate) start: u64,
    /// How long it is; to the end where that is not said.
    pub(crate) bytes: Option<u64>,
}

/// Opens a file as the source declares it. Its bytes are tallied: as they are read, or at once for the formats
/// that are not read from one end to the other.
///
/// # Errors
/// When it cannot be read, or is of another type than declared.
pub(crate) fn open_blocks(
    path: &Path,
    format: &FormatValidParams,
    range: Range,
    block_bytes: usize,
    tally: &Tally,
) -> Result<Box<dyn BlockSource>, IngestError> {
    let io = |cause| IngestError::Io {
        path: path.to_owned(),
        cause,
    };
    let file = File::open(path).map_err(io)?;
    if let FileType::Csv | FileType::Json = format.file_type {
        return Ok(Box::new(ByteBlocks::open(
            path,
            file,
            format,
            range,
            block_bytes,
            tally,
        )?));
    }
    let (start, _) = file_kind::look(&file).map_err(io)?;
    check_kind(path, format.file_type, FileKind::of(&start))?;
    let witness = Witness::new(path, &file, tally)?;
    Ok(match format.file_type {
        FileType::Parquet => Box::new(ParquetBlocks::open(witness, file, format, block_bytes)?),
        _ => Box::new(ExcelBlocks::open(witness, &file, format, block_bytes)?),
    })
}

/// Refuses a file that is not what it is declared to be.
fn check_kind(path: &Path, declared: FileType, found: Option<FileKind>) -> Result<(), IngestError> {
    let is_declared = match declared {
        // Anything may be text, so only what is certainly something else is refused.
        FileType::Csv => found.is_none(),
        FileType::Json => matches!(found, None | Some(FileKind::Json)),
        FileType::Parquet => found == Some(FileKind::Parquet),
        FileType::Excel => matches!(found, Some(FileKind::Zip | FileKind::CompoundFile)),
    };
    if is_declared {
        return Ok(());
    }
    Err(IngestError::WrongType {
        path: path.to_owned(),
        declared: declared.slug(),
        found: found.map_or("something else, perhaps text", FileKind::words),
        advice: found.map_or(
            "look into the file, and write its `type` in [source.format]",
            FileKind::advice,
        ),
    })
}

/// The libraries that read workbooks and Parquet panic at some damaged files; that ends the reading of
/// the file, not the program.
fn unless_it_panics<T, E>(damaged: impl FnOnce() -> E, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged()))
}
