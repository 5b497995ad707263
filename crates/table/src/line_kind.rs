//! What a line is: a sale, something that came back, or something beside the goods.

use serde::{Deserialize, Serialize};

/// The kind of a line. Which kinds make an order and which are in net sales is declared by the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Goods or services sold.
    Sale,
    /// A sale of zero price.
    Free,
    /// Goods that came back.
    Return,
    /// An order or line that was called off.
    Cancellation,
    /// Carriage.
    Shipping,
    /// Charges beside the goods.
    Fee,
    /// Bookkeeping.
    Adjustment,
}

impl LineKind {
    /// All kinds, in the order of their codes.
    pub const ALL: [Self; 7] = [
        Self::Sale,
        Self::Free,
        Self::Return,
        Self::Cancellation,
        Self::Shipping,
        Self::Fee,
        Self::Adjustment,
    ];

    /// The code that batches of lines carry.
    #[must_use]
    pub fn code(self) -> i32 {
        self as i32
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(code).ok()?).copied()
    }

    /// The published name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Free => "free",
            Self::Return => "return",
            Self::Cancellation => "cancellation",
            Self::Shipping => "shipping",
            Self::Fee => "fee",
            Self::Adjustment => "adjustment",
        }
    }

    /// Whether lines of the kind hand over goods or services, sold or given.
    #[must_use]
    pub fn is_goods(self) -> bool {
        matches!(self, Self::Sale | Self::Free)
    }

    /// Whether lines of the kind take back an earlier sale.
    #[must_use]
    pub fn is_returned(self) -> bool {
        matches!(self, Self::Return | Self::Cancellation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_kinds_are_each_others_inverse() {
        for kind in LineKind::ALL {
            assert_eq!(LineKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(LineKind::from_code(7), None);
        assert_eq!(LineKind::from_code(-1), None);
    }
}
