//! Counts and hashes the bytes of a file as they are read, before anything else sees them.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// What was read of a file so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    state: Arc<Mutex<TallyState>>,
}

#[derive(Debug, Default)]
struct TallyState {
    bytes: u64,
    hasher: blake3::Hasher,
}

impl Tally {
    pub(crate) fn bytes(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// The BLAKE3 hash of the bytes, in hexadecimal digits.
    pub(crate) fn hash(&self) -> String {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .hasher
            .finalize()
            .to_hex()
            .to_string()
    }
}

/// A reader that keeps a tally.
pub(crate) struct TallyReader<R> {
    inner: R,
    tally: Tally,
}

impl<R: Read> TallyReader<R> {
    pub(crate) fn new(inner: R, tally: Tally) -> Self {
        Self { inner, tally }
    }
}

impl<R: Read> Read for TallyReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let mut state = self.tally.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.bytes += count as u64;
        state.hasher.update(&buffer[..count]);
        Ok(count)
    }
}
