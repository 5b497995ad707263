//! Makes UTF-8 of a file's bytes, whatever their encoding, without hiding what cannot be read.
//!
//! A decoder that puts U+FFFD where bytes are wrong turns damage into text. Here such bytes become
//! one that UTF-8 does not have, so that the cell that holds them fails and is reported.

use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What stands for bytes that mean nothing in their encoding: a byte that UTF-8 does not have.
const MALFORMED: u8 = 0xFF;
/// The bytes that Windows-1252 leaves undefined. (Browsers read them as control characters.)
const UNDEFINED_IN_WINDOWS_1252: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];
const INPUT_BYTES: usize = 64 << 10;

/// How the characters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16 in the order that its byte order mark tells; little-endian without one, as Windows
    /// writes it.
    Utf16,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// ISO-8859-1: every byte is the character of its number.
    Latin1,
    /// Windows-1252: as Latin-1, but with punctuation and the euro sign in place of control
    /// characters.
    Windows1252,
}

/// Whether a file that starts like this, and is declared to be of an encoding, is passed on by [`decode`] as it is.
pub fn is_passed_on(start: &[u8], encoding: Encoding) -> bool {
    match start {
        [0xEF, 0xBB, 0xBF, ..] => true,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => false,
        _ => encoding == Encoding::Utf8,
    }
}

/// The text of a reader as UTF-8.
///
/// A byte order mark wins over the declared encoding: no file that starts with one is anything else.
/// That of UTF-16 is taken away. UTF-8 is passed on as it is, its byte order mark and its mistakes
/// too, since [`crate::Splitter`] passes over the one and [`crate::Plan::parse`] reports the others.
/// Mistakes of the other encodings (half a surrogate pair, an undefined byte) become bytes that are
/// no UTF-8, for the same end.
///
/// # Errors
/// When the first bytes cannot be read.
pub fn decode(mut reader: impl Read + Send + 'static, encoding: Encoding) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::with_capacity(3);
    (&mut reader).take(3).read_to_end(&mut start)?;
    let (encoding, mark_bytes) = match start.as_slice() {
        [0xEF, 0xBB, 0xBF] => (Encoding::Utf8, 0),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        _ => (encoding, 0),
    };
    let whole = Cursor::new(start.split_off(mark_bytes)).chain(reader);
    let coder = match encoding {
        Encoding::Utf8 => return Ok(Box::new(whole)),
        Encoding::Utf16 | Encoding::Utf16Le => Coder::Stateful(UTF_16LE.new_decoder_without_bom_handling()),
        Encoding::Utf16Be => Coder::Stateful(UTF_16BE.new_decoder_without_bom_handling()),
        Encoding::Latin1 => Coder::Latin1,
        Encoding::Windows1252 => Coder::Windows1252,
    };
    Ok(Box::new(DecodingReader {
        reader: whole,
        coder,
        input: vec![0; INPUT_BYTES],
        output: Vec::new(),
        position: 0,
        at_end: false,
    }))
}

enum Coder {
    Stateful(Decoder),
    Latin1,
    Windows1252,
}

struct DecodingReader<R> {
    reader: R,
    coder: Coder,
    input: Vec<u8>,
    /// Decoded, and from `position` on not yet handed out.
    output: Vec<u8>,
    position: usize,
    at_end: bool,
}

impl<R: Read> Read for DecodingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.position == self.output.len() && !self.at_end {
            let count = match self.reader.read(&mut self.input) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.output.clear();
            self.position = 0;
            self.at_end = count == 0;
            self.coder.decode(&self.input[..count], self.at_end, &mut self.output);
        }
        let rest = &self.output[self.position..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        Ok(count)
    }
}

impl Coder {
    fn decode(&mut self, input: &[u8], is_last: bool, output: &mut Vec<u8>) {
        match self {
            Self::Stateful(decoder) => decode_stateful(decoder, input, is_last, output),
            Self::Latin1 => {
                let start = output.len();
                output.resize(start + 2 * input.len(), 0);
                let written = encoding_rs::mem::convert_latin1_to_utf8(input, &mut output[start..]);
                output.truncate(start + written);
            }
            Self::Windows1252 => {
                for piece in input.split_inclusive(|byte| UNDEFINED_IN_WINDOWS_1252.contains(byte)) {
                    let (text, undefined) = match piece {
                        [text @ .., last] if UNDEFINED_IN_WINDOWS_1252.contains(last) => (text, true),
                        text => (text, false),
                    };
                    let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(text);
                    output.extend_from_slice(decoded.as_bytes());
                    if undefined {
                        output.push(MALFORMED);
                    }
                }
            }
        }
    }
}

fn decode_stateful(decoder: &mut Decoder, mut input: &[u8], is_last: bool, output: &mut Vec<u8>) {
    loop {
        let start = output.len();
        let room = decoder
            .max_utf8_buffer_length_without_replacement(input.len())
            .unwrap_or(INPUT_BYTES);
        output.resize(start + room.max(16), 0);
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(input, &mut output[start..], is_last);
        output.truncate(start + written);
        input = &input[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => output.push(MALFORMED),
        }
    }
}
