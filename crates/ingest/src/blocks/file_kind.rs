//! Tells by its first bytes what a file is, to say so where it is not what was declared.
//!
//! Read as CSV, a workbook would be a few thousand broken records, and none of them would say why.

use std::io::{self, Cursor, Read};

/// Enough to see past the blanks before a JSON object.
const LOOK_BYTES: u64 = 64;

/// What the first bytes of a file say without doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// A ZIP archive: a workbook, or something packed.
    Zip,
    /// A workbook of before 2007, or an encrypted one.
    CompoundFile,
    Parquet,
    Json,
    Compressed,
}

impl FileKind {
    /// What the bytes are, if they are one of these.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        match start {
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Some(Self::CompoundFile),
            [b'P', b'A', b'R', b'1', ..] => Some(Self::Parquet),
            [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Compressed),
            _ => match text {
                // A header could begin with a bracket, but hardly with what follows it here.
                [b'{', rest @ ..] if matches!(rest.trim_ascii_start(), [b'"', ..]) => Some(Self::Json),
                [b'[', rest @ ..] if matches!(rest.trim_ascii_start(), [b'{', ..]) => Some(Self::Json),
                _ => None,
            },
        }
    }

    /// What the file is, in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Zip => "a workbook (or another ZIP archive)",
            Self::CompoundFile => "a workbook of an older Excel",
            Self::Parquet => "a Parquet file",
            Self::Json => "JSON",
            Self::Compressed => "compressed",
        }
    }

    /// What to do.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Zip => "write `type = \"excel\"` in [source.format], or unpack the archive",
            Self::CompoundFile => "write `type = \"excel\"` in [source.format]",
            Self::Parquet => "write `type = \"parquet\"` in [source.format]",
            Self::Json => "write `type = \"json\"` in [source.format]",
            Self::Compressed => "unpack it: only text files are read compressed",
        }
    }
}

/// A reader whose first bytes were looked at and put back.
type LookedAt<R> = io::Chain<Cursor<Vec<u8>>, R>;

/// The first bytes of a reader, and the reader as it was.
pub(crate) fn look<R: Read>(mut reader: R) -> io::Result<(Vec<u8>, LookedAt<R>)> {
    let mut start = Vec::new();
    (&mut reader).take(LOOK_BYTES).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(reader)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        for (start, kind) in [
            (&b"PK\x03\x04\x14\0"[..], Some(FileKind::Zip)),
            (b"\xD0\xCF\x11\xE0\xA1\xB1", Some(FileKind::CompoundFile)),
            (b"PAR1\x15\x04", Some(FileKind::Parquet)),
            (b"\x1F\x8B\x08", Some(FileKind::Compressed)),
            (b"{\"order\": 1}", Some(FileKind::Json)),
            (b"\xEF\xBB\xBF\n [\n  {\n", Some(FileKind::Json)),
            (b"[order],[day]\n", None),
            (b"{order},day\n", None),
            (b"PKW,day\n", None),
            (b"", None),
        ] {
            assert_eq!(FileKind::of(start), kind, "{start:?}");
        }
    }

    #[test]
    fn looking_takes_nothing_away() {
        let content = vec![b'x'; 1000];
        let (start, mut reader) = look(&content[..]).expect("read");
        assert_eq!(start.len(), 64);
        let mut all = Vec::new();
        reader.read_to_end(&mut all).expect("read");
        assert_eq!(all, content);
    }
}
