//! What sales are looked at by.

use serde::{Deserialize, Serialize};

/// A way of cutting the company's sales and costs into rows that add up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// What was sold.
    Product,
    /// The class of what was sold.
    Category,
    /// Where it was sold.
    Channel,
    /// Where it went, or where the customer is.
    Region,
    /// Who sold it.
    SalesRep,
    /// When it was sold.
    Month,
}

impl Dimension {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 6] = [
        Self::Product,
        Self::Category,
        Self::Channel,
        Self::Region,
        Self::SalesRep,
        Self::Month,
    ];

    /// The published name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Region => "region",
            Self::SalesRep => "sales_rep",
            Self::Month => "month",
        }
    }

    /// The code that parts of sales carry.
    #[must_use]
    pub fn code(self) -> i32 {
        self as i32
    }

    /// The dimension of a code.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(code).ok()?).copied()
    }

    /// The column of order lines that it is cut by; none where it follows from another one.
    #[must_use]
    pub fn line_column(self) -> Option<&'static str> {
        match self {
            Self::Product => Some("product_id"),
            Self::Channel => Some("channel"),
            Self::Region => Some("region"),
            Self::SalesRep => Some("sales_rep"),
            Self::Category | Self::Month => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_dimensions_are_each_others_inverse() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::from_code(dimension.code()), Some(dimension));
        }
        assert_eq!(Dimension::from_code(6), None);
    }
}
