//! Counts the bytes of a file as they are read, before anything else sees them.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How much was read of a file so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    bytes: Arc<AtomicU64>,
}

impl Tally {
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
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
        self.tally.add(count as u64);
        Ok(count)
    }
}
