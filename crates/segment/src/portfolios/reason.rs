//! What became of a customer, and why.

/// Why a customer has the owner, or has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// The owner is the same as before.
    Kept,
    /// Nobody looked after the customer before.
    New,
    /// Present owners are not kept, and another one was found.
    Reassigned,
    /// The owner before is not among the owners, or not active.
    MovedOwnerGone,
    /// The owner before does not take the customer's territory.
    MovedTerritory,
    /// The owner before does not take the customer's tier or segment.
    MovedSegment,
    /// The owner before had no room beside customers who are worth more.
    MovedOverCapacity,
    /// The owner before was more loaded, and balance may move customers.
    MovedBalance,
    /// Nobody is active.
    NoOwner,
    /// Owners are there for territories, and that of the customer is not known.
    NoTerritoryKnown,
    /// Nobody takes the territory.
    NoOwnerForTerritory,
    /// Of those who take the territory nobody takes the customer's tier or segment.
    NoOwnerForSegment,
    /// All who could take the customer are full.
    NoCapacity,
    /// Not eligible: the stage of life.
    LifecycleStage,
    /// Not eligible: the value tier.
    ValueTier,
    /// Not eligible: the RFM segment.
    RfmSegment,
}

impl Reason {
    /// As published.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::New => "new",
            Self::Reassigned => "reassigned",
            Self::MovedOwnerGone => "moved_owner_gone",
            Self::MovedTerritory => "moved_territory",
            Self::MovedSegment => "moved_segment",
            Self::MovedOverCapacity => "moved_over_capacity",
            Self::MovedBalance => "moved_balance",
            Self::NoOwner => "no_owner",
            Self::NoTerritoryKnown => "no_territory_known",
            Self::NoOwnerForTerritory => "no_owner_for_territory",
            Self::NoOwnerForSegment => "no_owner_for_segment",
            Self::NoCapacity => "no_capacity",
            Self::LifecycleStage => "lifecycle_stage",
            Self::ValueTier => "value_tier",
            Self::RfmSegment => "rfm_segment",
        }
    }

    /// What became of the customer.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Kept
            | Self::New
            | Self::Reassigned
            | Self::MovedOwnerGone
            | Self::MovedTerritory
            | Self::MovedSegment
            | Self::MovedOverCapacity
            | Self::MovedBalance => "assigned",
            Self::NoOwner
            | Self::NoTerritoryKnown
            | Self::NoOwnerForTerritory
            | Self::NoOwnerForSegment
            | Self::NoCapacity => "unassigned",
            Self::LifecycleStage | Self::ValueTier | Self::RfmSegment => "not_eligible",
        }
    }
}
