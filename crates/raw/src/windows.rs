//! What stands between the formats and the columns: windows of cells.

use crate::failure::{CellFailure, RejectedRecord};
use crate::fields::Span;

/// Goes through the records of a block, window by window.
pub(crate) trait Windows {
    /// The cells of the next records, which are noted in `found`; `None` at the end of the block.
    ///
    /// A cell that has failed already is noted there and has no bytes.
    fn next_window(&mut self, found: &mut Found) -> Option<Cells<'_>>;
}

/// What has been found in a block.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The line of each row.
    pub(crate) lines: Vec<u64>,
    pub(crate) failures: Vec<CellFailure>,
    pub(crate) rejected: Vec<RejectedRecord>,
    /// For JSON: which fields any record has.
    pub(crate) fields_met: Vec<bool>,
}

/// The cells of the records of a window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a> {
    pub(crate) window: &'a [u8],
    pub(crate) side_buffer: &'a [u8],
    /// Row by row, the cells of all columns.
    pub(crate) spans: &'a [Span],
}
