//! PostgreSQL's binary form of rows and cells, as `COPY .. (FORMAT binary)` takes it.
//!
//! Binary because it is exact, needs no escaping, and is what the server reads fastest.

mod cell;
mod numeric;

pub(crate) use cell::{put_bool, put_date, put_f64, put_i32, put_i64, put_null, put_text, put_timestamp};
pub(crate) use numeric::put_numeric;

/// The signature, no flags and no header extension.
pub(crate) const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What stands in place of a further row: the end.
pub(crate) const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// Writes a length and what has it.
fn put_sized(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let place = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out);
    // A cell comes from a text of at most 1 GB, or from a few words.
    let length = i32::try_from(out.len() - place - 4).unwrap_or(i32::MAX);
    out[place..place + 4].copy_from_slice(&length.to_be_bytes());
}
