//! `[customer_events]`: how much is told of each customer.

use serde::{Deserialize, Serialize};

/// `[customer_events]`, as typed. It has no value that means nothing, and so needs no check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerEventsParams {
    /// Newest events of each kind (orders, contacts, cases, consents, suppressions) that are kept of a customer; 0: none,
    /// and the table is empty. Suppressions and the last words of consent are kept beyond that. 0 to 255. Default 10.
    pub per_kind: u8,
}

impl Default for CustomerEventsParams {
    fn default() -> Self {
        Self { per_kind: 10 }
    }
}

impl CustomerEventsParams {
    /// The same as a number of rows; none where nothing is told.
    pub(crate) fn rows(self) -> Option<usize> {
        (self.per_kind > 0).then_some(self.per_kind.into())
    }
}
