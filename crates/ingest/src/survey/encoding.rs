//! How the characters of a file are written, told by its bytes.

use std::io::{Cursor, Read};

use cartera_raw::Encoding;

use super::finding::{Finding, shortened};
use super::sample::Sample;

/// An encoding, as `[source.format] encoding` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252.
    Windows1252,
}

impl TextEncoding {
    /// Its name in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

impl From<TextEncoding> for Encoding {
    fn from(encoding: TextEncoding) -> Self {
        match encoding {
            TextEncoding::Utf8 => Self::Utf8,
            TextEncoding::Utf16Le => Self::Utf16Le,
            TextEncoding::Utf16Be => Self::Utf16Be,
            TextEncoding::Windows1252 => Self::Windows1252,
        }
    }
}

/// Of this many bytes that are not UTF-8 among valid longer sequences, one is taken for damage.
const DAMAGE_SHARE: usize = 20;

/// The encoding of a sample, with the evidence.
pub(super) fn detect(sample: &Sample) -> Finding<TextEncoding> {
    let head = sample.pieces.first().map_or(&[][..], |piece| &piece.bytes);
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Finding::sure(TextEncoding::Utf8, "the file starts with the byte order mark of UTF-8");
    }
    if head.starts_with(&[0xFF, 0xFE]) {
        return Finding::sure(TextEncoding::Utf16Le, "the file starts with the byte order mark FF FE");
    }
    if head.starts_with(&[0xFE, 0xFF]) {
        return Finding::sure(TextEncoding::Utf16Be, "the file starts with the byte order mark FE FF");
    }
    if let Some(found) = utf_16_without_mark(head) {
        return found;
    }
    let mut census = Census::default();
    for piece in &sample.pieces {
        census.add(&piece.bytes, piece.to_the_end);
    }
    census.verdict()
}

/// Western text in UTF-16 has a zero in every second byte.
fn utf_16_without_mark(head: &[u8]) -> Option<Finding<TextEncoding>> {
    let start = &head[..head.len().min(4096) & !1];
    if start.len() < 16 {
        return None;
    }
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), start.len() / 2);
    let evidence = "no byte order mark, but every second byte is zero";
    if odd * 10 >= pairs * 7 && even * 20 < pairs {
        Some(Finding::unsure(TextEncoding::Utf16Le, 95, evidence))
    } else if even * 10 >= pairs * 7 && odd * 20 < pairs {
        Some(Finding::unsure(TextEncoding::Utf16Be, 95, evidence))
    } else {
        None
    }
}

/// What bytes beyond ASCII are there.
#[derive(Default)]
struct Census {
    /// Valid sequences of several bytes.
    valid_sequences: usize,
    /// Bytes that are part of no valid sequence.
    invalid_bytes: usize,
    /// A word around the first invalid byte, as Windows-1252 has it.
    first_invalid_word: Option<String>,
    /// Letters that only another code page explains, such as `Espa¤a`.
    odd_word: Option<String>,
}

impl Census {
    fn add(&mut self, bytes: &[u8], to_the_end: bool) {
        let mut position = 0;
        while position < bytes.len() {
            let rest = &bytes[position..];
            let (valid, invalid) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), 0),
                Err(error) => (error.valid_up_to(), error.error_len().unwrap_or(0)),
            };
            self.valid_sequences += rest[..valid].iter().filter(|&&byte| byte >= 0xC0).count();
            position += valid;
            // A character that the end of the piece cuts, or that its start has cut, is no damage.
            if invalid == 0 && (position == bytes.len() || !to_the_end) {
                return;
            }
            let length = invalid.max(1);
            let is_cut_start = position < 3 && bytes[..position + 1].iter().all(|byte| (0x80..0xC0).contains(byte));
            if !is_cut_start {
                self.invalid_bytes += length;
                self.look_at_word(bytes, position);
            }
            position += length;
        }
    }

    fn look_at_word(&mut self, bytes: &[u8], position: usize) {
        if self.first_invalid_word.is_some() && self.odd_word.is_some() {
            return;
        }
        let ends = |byte: &u8| matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n' | b'\r' | b'"');
        let start = bytes[..position].iter().rposition(&ends).map_or(0, |end| end + 1);
        let end = bytes[position..]
            .iter()
            .position(&ends)
            .map_or(bytes.len(), |end| position + end);
        let start = start.max(position.saturating_sub(20));
        let end = end.min(position + 20);
        let word = decode(&bytes[start..end], TextEncoding::Windows1252);
        let letters: Vec<char> = word.chars().collect();
        let between_letters = letters.windows(3).any(|window| {
            window[0].is_alphabetic()
                && window[2].is_alphabetic()
                && matches!(window[1], '¢' | '£' | '¤' | '¡' | '‚' | '\u{A0}' | '¥' | '\u{FFFD}')
        });
        if between_letters {
            self.odd_word.get_or_insert(shortened(&word));
        }
        self.first_invalid_word.get_or_insert(shortened(&word));
    }

    fn verdict(self) -> Finding<TextEncoding> {
        let Some(word) = self.first_invalid_word else {
            let evidence = match self.valid_sequences {
                0 => "only ASCII was seen".to_owned(),
                count => format!("valid, with {count} characters beyond ASCII"),
            };
            return Finding::sure(TextEncoding::Utf8, evidence);
        };
        if self.invalid_bytes * DAMAGE_SHARE <= self.valid_sequences {
            let evidence = format!(
                "{} characters are valid and {} bytes are not, first in {word:?}: cells with them will be set aside",
                self.valid_sequences, self.invalid_bytes
            );
            return Finding::unsure(TextEncoding::Utf8, 80, evidence);
        }
        if let Some(odd) = self.odd_word {
            let evidence = format!(
                "not UTF-8, and as Windows-1252 it reads {odd:?}: if that is wrong, the file comes from another code page (DOS 850?): save it as UTF-8"
            );
            return Finding::unsure(TextEncoding::Windows1252, 30, evidence);
        }
        let evidence = format!(
            "{} bytes are not UTF-8; look whether {word:?} is written right",
            self.invalid_bytes
        );
        Finding::unsure(TextEncoding::Windows1252, 85, evidence)
    }
}

/// The text of a piece. What cannot be decoded is shown as U+FFFD: this is for looking, not for reading.
pub(super) fn decode(bytes: &[u8], encoding: TextEncoding) -> String {
    let mut text = Vec::new();
    let decoded = cartera_raw::decode(Cursor::new(bytes.to_vec()), encoding.into())
        .and_then(|mut reader| reader.read_to_end(&mut text));
    debug_assert!(decoded.is_ok(), "bytes in memory can always be read");
    let text = text.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&text);
    String::from_utf8_lossy(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Compression, FileKind, Piece};
    use super::*;

    fn found(bytes: &[u8]) -> Finding<TextEncoding> {
        let piece = Piece {
            bytes: bytes.to_vec(),
            offset: 0,
            to_the_end: true,
        };
        detect(&Sample {
            kind: FileKind::Text,
            compression: Compression::None,
            file_bytes: bytes.len() as u64,
            pieces: vec![piece],
        })
    }

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn marks_and_valid_text_are_sure() {
        for (bytes, encoding) in [
            (&b"a,b\n"[..], TextEncoding::Utf8),
            ("niño,año\n".as_bytes(), TextEncoding::Utf8),
            (b"\xEF\xBB\xBFa,b\n", TextEncoding::Utf8),
            (b"\xFF\xFEa\0,\0", TextEncoding::Utf16Le),
            (b"\xFE\xFF\0a\0,", TextEncoding::Utf16Be),
        ] {
            let found = found(bytes);
            assert_eq!(found, Finding::sure(encoding, found.evidence.clone()));
        }
    }

    #[test]
    fn utf_16_is_found_without_its_mark() {
        let text = "cliente;fecha;importe\nañil;2025-01-01;3\n";
        assert_eq!(found(&utf_16(text, u16::to_le_bytes)).value, TextEncoding::Utf16Le);
        assert_eq!(found(&utf_16(text, u16::to_be_bytes)).value, TextEncoding::Utf16Be);
        assert_eq!(decode(&utf_16(text, u16::to_be_bytes), TextEncoding::Utf16Be), text);
    }

    #[test]
    fn legacy_text_is_unsure_and_shows_a_word() {
        let found = found(b"cliente;poblaci\xF3n\n1;Logro\xF1o\n2;1 \x80\n");
        assert_eq!(found.value, TextEncoding::Windows1252);
        assert!(found.evidence.contains("población"), "{}", found.evidence);
    }

    #[test]
    fn dos_text_is_doubted() {
        let found = found(b"cliente;pa\xA1s\n1;Espa\xA4a\n");
        assert!(found.confidence < super::super::Confidence::Unsure(50), "{found:?}");
        assert!(found.evidence.contains("pa¡s"), "{}", found.evidence);
    }

    #[test]
    fn a_little_damage_does_not_change_the_encoding() {
        let mut bytes = "año\n".repeat(50).into_bytes();
        bytes.extend(b"a\xFFo\n");
        let found = found(&bytes);
        assert_eq!(found.value, TextEncoding::Utf8);
        assert!(found.evidence.contains("1 bytes are not"), "{}", found.evidence);
    }

    #[test]
    fn pieces_may_cut_characters() {
        let mut census = Census::default();
        census.add(&"ñandú ñ".as_bytes()[1..9], false);
        assert_eq!(census.invalid_bytes, 0);
    }
}
