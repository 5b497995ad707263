//! How long work tells what it has done, without knowing who listens.

/// Told of work as it is done, from any thread.
pub trait Progress: Sync {
    /// That many further bytes and rows of raw files were worked through.
    fn advance(&self, bytes: u64, rows: u64);
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _bytes: u64, _rows: u64) {}
}
