//! Opens a file as plain bytes, whatever it is compressed with.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::RawError;

const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// Buffer between a file and its decompressor.
const COMPRESSED_BUFFER_BYTES: usize = 256 << 10;

/// Opens a file for reading its plain bytes.
///
/// Compression is told by the first bytes, not by the name: gzip (of several members too, as
/// concatenated logs have), Zstandard (of several frames too), else plain.
///
/// # Errors
/// [`RawError::Open`] when the file cannot be opened or its first bytes cannot be read. Damage
/// further on is reported by the reader.
pub fn open(path: &Path) -> Result<Box<dyn Read + Send>, RawError> {
    File::open(path).and_then(decompress).map_err(|source| RawError::Open {
        path: path.to_owned(),
        source,
    })
}

/// Whether a file that starts like this is compressed, as [`open`] tells it.
pub fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(&GZIP_MAGIC) || start.starts_with(&ZSTD_MAGIC)
}

/// The plain bytes of whatever a reader gives, told by its first bytes as by [`open`].
///
/// # Errors
/// When the first bytes cannot be read.
pub fn decompress(mut reader: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut magic = Vec::with_capacity(ZSTD_MAGIC.len());
    (&mut reader).take(ZSTD_MAGIC.len() as u64).read_to_end(&mut magic)?;
    let is_gzip = magic.starts_with(&GZIP_MAGIC);
    let is_zstd = magic.starts_with(&ZSTD_MAGIC);
    let whole = Cursor::new(magic).chain(reader);
    if is_gzip {
        let buffered = BufReader::with_capacity(COMPRESSED_BUFFER_BYTES, whole);
        Ok(Box::new(MultiGzDecoder::new(buffered)))
    } else if is_zstd {
        let buffered = BufReader::with_capacity(COMPRESSED_BUFFER_BYTES, whole);
        Ok(Box::new(zstd::stream::read::Decoder::with_buffer(buffered)?))
    } else {
        Ok(Box::new(whole))
    }
}
