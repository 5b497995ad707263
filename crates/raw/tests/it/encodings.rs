//! Text of any encoding comes out as the same text; what is none fails its cell.

use std::io::{Cursor, Read};

use cartera_raw::{Dialect, Encoding, Plan, Splitter, decode};
use proptest::prelude::*;
use proptest::sample::select;

use crate::{failures, parse_all, shown, text_columns};

/// Gives the bytes in pieces of some size.
struct Pieces {
    bytes: Cursor<Vec<u8>>,
    size: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.size.min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}

fn decoded(bytes: Vec<u8>, size: usize, encoding: Encoding) -> Vec<u8> {
    let bytes = Cursor::new(bytes);
    let mut out = Vec::new();
    decode(Pieces { bytes, size }, encoding)
        .expect("memory")
        .read_to_end(&mut out)
        .expect("memory");
    out
}

fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes_of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_through(text in "\\PC{0,40}", size in 1..9_usize, with_mark in any::<bool>()) {
        prop_assume!(!text.starts_with(['\u{FEFF}', '\u{FFFE}']));
        let marked = if with_mark { format!("\u{FEFF}{text}") } else { text.clone() };
        let little = utf16(&marked, u16::to_le_bytes);
        let big = utf16(&marked, u16::to_be_bytes);
        let mut cases = vec![(little.clone(), Encoding::Utf16Le), (big.clone(), Encoding::Utf16Be)];
        cases.push((little.clone(), Encoding::Utf16));
        if with_mark {
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Windows1252] {
                cases.extend([(little.clone(), encoding), (big.clone(), encoding)]);
            }
        }
        for (bytes, encoding) in cases {
            prop_assert_eq!(decoded(bytes, size, encoding), text.as_bytes(), "{:?}", encoding);
        }
        // Byte for byte, the mark too: the splitter passes over it.
        prop_assert_eq!(decoded(marked.clone().into_bytes(), size, Encoding::Utf8), marked.as_bytes());
    }

    #[test]
    fn any_bytes_come_through_where_all_are_characters(
        bytes in proptest::collection::vec(any::<u8>(), 0..60),
        size in 1..9_usize,
    ) {
        prop_assume!(!bytes.starts_with(b"\xFF\xFE") && !bytes.starts_with(b"\xFE\xFF"));
        prop_assume!(!bytes.starts_with(b"\xEF\xBB\xBF"));
        let latin: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        prop_assert_eq!(decoded(bytes, size, Encoding::Latin1), latin.as_bytes());
    }

    #[test]
    fn damage_never_becomes_text(
        bytes in proptest::collection::vec(any::<u8>(), 0..60),
        encoding in select(vec![Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252]),
        size in 1..9_usize,
    ) {
        prop_assume!(!bytes.starts_with(b"\xEF\xBB\xBF"));
        let out = decoded(bytes.clone(), size, encoding);
        // Where it is text, it says what the bytes say: nothing was replaced.
        if let Ok(text) = std::str::from_utf8(&out) {
            let (little, big) = (utf16(text, u16::to_le_bytes), utf16(text, u16::to_be_bytes));
            let marked = |mark: &[u8], rest: Vec<u8>| bytes == [mark, &rest].concat();
            let is_utf16 = bytes == little || bytes == big || marked(b"\xFF\xFE", little) || marked(b"\xFE\xFF", big);
            let is_windows = encoding == Encoding::Windows1252 && text.chars().count() == bytes.len();
            prop_assert!(is_utf16 || is_windows, "{:?}", text);
        }
    }
}

#[test]
fn windows_1252_and_latin_1_differ_where_they_should() {
    let bytes = b"\x80 5,00 \x93caf\xE9\x94".to_vec();
    let text = "\u{20AC} 5,00 \u{201C}caf\u{E9}\u{201D}";
    assert_eq!(decoded(bytes.clone(), 100, Encoding::Windows1252), text.as_bytes());
    let latin = "\u{80} 5,00 \u{93}caf\u{E9}\u{94}";
    assert_eq!(decoded(bytes, 100, Encoding::Latin1), latin.as_bytes());
    assert_eq!(
        decoded(b"a\x81b\x9D".to_vec(), 100, Encoding::Windows1252),
        b"a\xFFb\xFF"
    );
}

#[test]
fn half_a_character_fails_its_cell() {
    // A high surrogate without its low one, and a byte too few at the end.
    let mut bytes = utf16("a,b\nx", u16::to_le_bytes);
    bytes.extend_from_slice(&[0x3D, 0xD8]);
    bytes.extend(utf16(",y\nz,w", u16::to_le_bytes));
    bytes.push(0x41);
    let dialect = Dialect {
        header: false,
        ..Dialect::default()
    };
    let file = decoded(bytes, 3, Encoding::Utf16Le);
    let plan = Plan::new(dialect.clone(), text_columns(2), 2).expect("a good plan");
    let parsed = parse_all(&file, &plan, &dialect, 1 << 20).remove(0);
    assert_eq!(
        failures(&parsed),
        [(1, 0, "x\u{FFFD}", "invalid_utf8"), (2, 1, "w\u{FFFD}", "invalid_utf8")]
    );
    assert_eq!(shown(&parsed.columns[0], 2).as_deref(), Some("z"));
}

#[test]
fn a_mark_of_utf_16_is_not_in_the_header() {
    let bytes = utf16("\u{FEFF}clé;día\n1;2\n", u16::to_be_bytes);
    let reader = decode(Cursor::new(bytes), Encoding::Utf8).expect("memory");
    let dialect = Dialect {
        delimiter: cartera_raw::Delimiter::Byte(b';'),
        ..Dialect::default()
    };
    let names = Splitter::new(reader, &dialect, 100).header().expect("a good header");
    assert_eq!(names, Some(vec!["clé".to_owned(), "día".to_owned()]));
}
