//! What defective rows of consents and suppressions deny.
//!
//! Such a row may have been a withdrawal. So it denies whom it tells, and where nobody can tell whom, it stops
//! everybody.

use std::sync::{Mutex, PoisonError};

use crate::batch::Origin;

/// What a defective row denies, under the key of its source. One that has neither key nor e-mail nor telephone stops
/// its channel. A row of which a part of that could be read, and not all, makes one of each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceDenial {
    /// Source and file.
    pub origin: Origin,
    /// Line of the file, from 1.
    pub row: u64,
    /// The source's key of the customer.
    pub customer_key: Option<String>,
    /// E-mail address, as the source has it.
    pub email: Option<String>,
    /// Telephone number, as the source has it.
    pub phone: Option<String>,
    /// The row's channel, as the source has it; none: every channel.
    pub channel: Option<String>,
}

/// The same under the id of the customer, with the channel in small letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Denial {
    /// Source and file.
    pub origin: Origin,
    /// Line of the file, from 1.
    pub row: u64,
    /// The customer.
    pub customer_id: Option<String>,
    /// E-mail address, as the source has it: it denies whoever has it.
    pub email: Option<String>,
    /// Telephone number, as the source has it: it denies whoever has it.
    pub phone: Option<String>,
    /// The channel that it holds for; none: every channel.
    pub channel: Option<String>,
}

impl Denial {
    /// Whether nobody can tell whom the row was about, so that nobody may be contacted through its channel.
    #[must_use]
    pub fn stops_channel(&self) -> bool {
        self.customer_id.is_none() && self.email.is_none() && self.phone.is_none()
    }
}

/// Collects denials from all worker threads. Other than the quarantine it has no limit: a row that is not listed there
/// denies all the same.
#[derive(Debug, Default)]
pub struct SourceDenials {
    denials: Mutex<Vec<SourceDenial>>,
}

impl SourceDenials {
    /// Adds denials.
    pub fn extend(&self, denials: impl IntoIterator<Item = SourceDenial>) {
        let mut known = self.denials.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(denials);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.denials.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Takes all of them out, by source, file and row.
    #[must_use]
    pub fn take(&self) -> Vec<SourceDenial> {
        let mut denials = std::mem::take(&mut *self.denials.lock().unwrap_or_else(PoisonError::into_inner));
        denials.sort_unstable();
        denials
    }
}
