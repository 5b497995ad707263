//! How long work tells what it has done, without knowing who listens.

/// Told of work as it is done, from any thread.
pub trait Progress: Sync {
    /// That many further bytes and rows of raw files were worked through.
    fn advance(&self, bytes: u64, rows: u64);
}
