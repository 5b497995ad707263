//! The hash by which platforms find a person.

use sha2::{Digest, Sha256};

/// SHA-256 of a normalized value, as hexadecimal digits in small letters. Of a value that is not there it is never made:
/// callers have `Option`s, so that nobody sends the hash of nothing.
pub(crate) fn sha256_hex(normalized: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Sha256::digest(normalized.as_bytes());
    let nibbles = digest.iter().flat_map(|&byte| [byte >> 4, byte & 15]);
    nibbles.map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        // FIPS 180-4, example "abc".
        assert_eq!(
            sha256_hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
