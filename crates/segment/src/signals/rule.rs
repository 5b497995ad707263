//! Rules as they run: columns are places in a list, limits are numbers.

use cartera_table::ColumnDef;

use super::params::SignalKind;

/// Place of a column in [`Layout::columns`].
pub(crate) type Place = usize;

/// The columns that the rules look at.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Layout {
    pub(crate) columns: Vec<UsedColumn>,
    /// The segmentations that a customer can be near the next better segment of.
    pub(crate) gaps: Vec<Gap>,
}

/// A column that a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct UsedColumn {
    pub(crate) column: &'static ColumnDef,
    /// Whether it is one of `customer_segments` alone.
    pub(crate) is_label: bool,
    /// Whether that of the run before is looked at.
    pub(crate) is_compared: bool,
    /// Whether its median over all customers is.
    pub(crate) has_median: bool,
}

/// A segmentation, and what its customers are ranked by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gap {
    pub(crate) segmentation: Place,
    /// The first of these that is known of anybody.
    pub(crate) ranked_by: Vec<Place>,
}

/// A rule: the customers of whom all conditions hold have the signal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) kind: SignalKind,
    pub(crate) when: Vec<Condition>,
    pub(crate) strength: Strength,
    pub(crate) value_at_stake: Option<Stake>,
    pub(crate) evidence: Vec<Place>,
    pub(crate) action: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    One(Test),
    /// At least one of them holds.
    Any(Vec<Test>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Test {
    pub(crate) looks_at: LooksAt,
    /// Whether what is not known will do.
    pub(crate) or_null: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LooksAt {
    Number {
        measure: Measure,
        bound: Bound,
        limit: Limit,
    },
    Text {
        column: Place,
        texts: Vec<String>,
        /// Whether it has to be one of the texts, or none of them.
        is_one: bool,
    },
}

/// A number of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Measure {
    Value {
        column: Place,
        per: Option<Place>,
    },
    Change {
        column: Place,
        per: Option<Place>,
        direction: Direction,
    },
    /// Place in [`Layout::gaps`].
    GapToNext(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Rise,
    Fall,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Bound {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::AtLeast => "at_least",
            Self::Below => "below",
            Self::AtMost => "at_most",
        }
    }

    /// Nothing holds of what is not a number.
    pub(crate) fn holds(self, number: f64, limit: f64) -> bool {
        match self {
            Self::Above => number > limit,
            Self::AtLeast => number >= limit,
            Self::Below => number < limit,
            Self::AtMost => number <= limit,
        }
    }

    /// Whether numbers have to be large.
    pub(crate) fn is_lower(self) -> bool {
        matches!(self, Self::Above | Self::AtLeast)
    }
}

/// A number, or a number times that of a column, or a pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limit {
    pub(crate) number: f64,
    pub(crate) times: Option<Times>,
    /// Of a change: the days for which the limit is meant; for fewer days since the run before it is less in
    /// proportion.
    pub(crate) within_days: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    Now(Place),
    Before(Place),
    Median(Place),
}

/// How strong a signal is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Strength {
    pub(crate) measure: Measure,
    pub(crate) scale: Scale,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    /// 0 at the first number, 100 at the second.
    Between(f64, f64),
    /// The rank among the customers with the signal; whether small numbers are strong.
    Rank { is_reversed: bool },
}

/// The money that may be lost or won: a column, or its change since the run before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stake {
    pub(crate) column: Place,
    pub(crate) change: Option<Direction>,
}
