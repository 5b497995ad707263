//! Any bytes in any encoding: no panic, the same text wherever reads end, nothing replaced.
#![no_main]

use std::io::{Cursor, Read};

use arbitrary::Arbitrary;
use cartera_raw::{Encoding, decode};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    encoding: u8,
    piece_bytes: u8,
    file: &'a [u8],
}

struct Pieces(Cursor<Vec<u8>>, usize);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.1.min(buffer.len());
        self.0.read(&mut buffer[..length])
    }
}

fn decoded(file: &[u8], encoding: Encoding, piece_bytes: usize) -> Vec<u8> {
    let reader = Pieces(Cursor::new(file.to_vec()), piece_bytes);
    let mut text = Vec::new();
    decode(reader, encoding)
        .expect("memory")
        .read_to_end(&mut text)
        .expect("memory");
    text
}

fuzz_target!(|input: Input| {
    let encodings = [
        Encoding::Utf8,
        Encoding::Utf16,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::Latin1,
        Encoding::Windows1252,
    ];
    let encoding = encodings[usize::from(input.encoding) % encodings.len()];
    let whole = decoded(input.file, encoding, 1 << 20);
    assert_eq!(
        whole,
        decoded(input.file, encoding, usize::from(input.piece_bytes).max(1))
    );
    if let (Ok(text), Encoding::Utf16Le) = (std::str::from_utf8(&whole), encoding)
        && !input.file.starts_with(b"\xFE\xFF")
        && !input.file.starts_with(b"\xFF\xFE")
        && !input.file.starts_with(b"\xEF\xBB\xBF")
    {
        let again: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(again, input.file);
    }
});
