//! A bounded part of a file: all of a small one, else its head, some pieces of its middle, and its tail.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::IngestError;

/// Files up to this size (decompressed) are looked at whole; compressed ones never further.
const WHOLE_BYTES: u64 = 64 << 20;
/// Head of a larger plain file.
const HEAD_BYTES: u64 = 16 << 20;
/// Each further piece of it.
const PIECE_BYTES: u64 = 1 << 20;
/// Pieces between the head and the tail.
const MIDDLE_PIECES: u64 = 4;

/// What a file is packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// What kind of file the first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Text, delimited or JSON.
    Text,
    /// An Excel or OpenDocument workbook.
    Excel,
    /// Parquet.
    Parquet,
    /// A zip archive that is no workbook.
    Zip,
    /// A PDF or another kind of file that holds no records.
    Other,
}

/// One stretch of the file, decompressed.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    /// Where it starts in the decompressed file.
    pub(super) offset: u64,
    /// Whether it ends where the file ends.
    pub(super) to_the_end: bool,
}

/// The pieces that are looked at, in the order of the file; the first one starts it.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) kind: FileKind,
    pub(super) compression: Compression,
    pub(super) file_bytes: u64,
    pub(super) pieces: Vec<Piece>,
}

impl Sample {
    pub(super) fn read(path: &Path) -> Result<Self, IngestError> {
        Self::read_at_most(path, WHOLE_BYTES, HEAD_BYTES, PIECE_BYTES)
    }

    fn read_at_most(path: &Path, whole: u64, head: u64, piece: u64) -> Result<Self, IngestError> {
        let io = |cause| IngestError::Io {
            path: path.to_owned(),
            cause,
        };
        let mut file = File::open(path).map_err(io)?;
        let file_bytes = file.metadata().map_err(io)?.len();
        let mut magic = Vec::new();
        (&mut file).take(4096).read_to_end(&mut magic).map_err(io)?;
        let compression = compression(&magic);
        let mut sample = Self {
            kind: FileKind::Text,
            compression,
            file_bytes,
            pieces: Vec::new(),
        };
        if compression == Compression::None && file_bytes > whole {
            sample.kind = kind(&magic);
            if sample.kind == FileKind::Text {
                sample.read_pieces(&mut file, head, piece).map_err(io)?;
            }
            return Ok(sample);
        }
        let mut bytes = Vec::new();
        let reader = cartera_raw::open(path).map_err(|cause| IngestError::Raw {
            path: path.to_owned(),
            cause,
        })?;
        reader.take(whole + 1).read_to_end(&mut bytes).map_err(io)?;
        let to_the_end = bytes.len() as u64 <= whole;
        bytes.truncate(usize::try_from(whole).unwrap_or(usize::MAX));
        sample.kind = kind(&bytes);
        sample.pieces.push(Piece {
            bytes,
            offset: 0,
            to_the_end,
        });
        Ok(sample)
    }

    fn read_pieces(&mut self, file: &mut File, head: u64, piece: u64) -> std::io::Result<()> {
        let last = self.file_bytes - piece;
        let gap = (last - head) / (MIDDLE_PIECES + 1);
        let mut places = vec![(0, head)];
        // Even places, so that no character of UTF-16 is cut.
        places.extend((1..=MIDDLE_PIECES).map(|step| ((head + step * gap) & !1, piece)));
        places.push((last & !1, piece + 1));
        for (offset, length) in places {
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(offset))?;
            file.take(length).read_to_end(&mut bytes)?;
            let to_the_end = offset + bytes.len() as u64 >= self.file_bytes;
            self.pieces.push(Piece {
                bytes,
                offset,
                to_the_end,
            });
        }
        Ok(())
    }

    /// Whether every byte of the file was looked at.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.pieces.as_slice(), [piece] if piece.to_the_end)
    }
}

fn compression(magic: &[u8]) -> Compression {
    if magic.starts_with(&[0x1F, 0x8B]) {
        Compression::Gzip
    } else if magic.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        Compression::Zstd
    } else {
        Compression::None
    }
}

fn kind(start: &[u8]) -> FileKind {
    let start = &start[..start.len().min(4096)];
    let holds = |words: &[u8]| start.windows(words.len()).any(|window| window == words);
    if start.starts_with(b"PK\x03\x04") {
        let is_workbook = holds(b"[Content_Types].xml") || holds(b"xl/") || holds(b"opendocument.spreadsheet");
        return if is_workbook { FileKind::Excel } else { FileKind::Zip };
    }
    if start.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        FileKind::Excel
    } else if start.starts_with(b"PAR1") {
        FileKind::Parquet
    } else if start.starts_with(b"%PDF") || start.starts_with(b"\x7FELF") || start.starts_with(b"SQLite format 3") {
        FileKind::Other
    } else {
        FileKind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        std::fs::write(&path, content).expect("written");
        (folder, path)
    }

    #[test]
    fn a_small_file_is_one_piece() {
        let (_folder, path) = file(b"a,b\n1,2\n");
        let sample = Sample::read(&path).expect("read");
        assert!(sample.is_whole());
        assert_eq!(sample.pieces[0].bytes, b"a,b\n1,2\n");
    }

    #[test]
    fn a_large_file_is_looked_at_in_its_head_middle_and_tail() {
        let content: Vec<u8> = (0..10_000_u32)
            .flat_map(|line| format!("{line:07}\n").into_bytes())
            .collect();
        let (_folder, path) = file(&content);
        let sample = Sample::read_at_most(&path, 10_000, 4_000, 800).expect("read");
        assert!(!sample.is_whole());
        assert_eq!(sample.pieces.len(), 6);
        for piece in &sample.pieces {
            let offset = usize::try_from(piece.offset).expect("small");
            assert_eq!(piece.bytes, content[offset..offset + piece.bytes.len()]);
        }
        let last = &sample.pieces[5];
        assert!(last.to_the_end && last.offset + last.bytes.len() as u64 == sample.file_bytes);
        assert!(
            sample
                .pieces
                .windows(2)
                .all(|pair| pair[0].offset + pair[0].bytes.len() as u64 <= pair[1].offset)
        );
    }

    #[test]
    fn kinds_are_told_by_the_first_bytes() {
        assert_eq!(kind(b"PAR1...."), FileKind::Parquet);
        assert_eq!(kind(b"PK\x03\x04....[Content_Types].xml"), FileKind::Excel);
        assert_eq!(kind(b"PK\x03\x04....orders.csv"), FileKind::Zip);
        assert_eq!(kind(b"PK"), FileKind::Text);
        assert_eq!(kind(b""), FileKind::Text);
    }
}
