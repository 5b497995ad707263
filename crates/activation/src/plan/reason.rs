//! Why a contact is planned or not.

/// What became of a customer in the plan. Of several actions and channels that stand open to a customer, the greatest
/// reason is told: the one that came furthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum ContactPlanReason {
    /// A contact is planned.
    Planned,
    /// The customer is held out of a list.
    InControl,
    /// No action asks for the customer.
    NothingToDo,
    /// Nobody allowed it.
    NoConsent,
    /// Consent was taken back.
    ConsentWithdrawn,
    /// A defective row may be the customer's withdrawal.
    ConsentUnreadable,
    /// On a list of those who must not be contacted.
    Suppressed,
    /// Too young.
    UnderAge,
    /// No address for the channel.
    NoContactDetail,
    /// A case is open.
    OpenCase,
    /// A case was there not long enough ago.
    QuietPeriod,
    /// Contacted too often within the horizon and before it.
    FrequencyCap,
    /// The action wants more days since the last contact than the horizon leaves.
    TooSoon,
}

impl ContactPlanReason {
    /// All of them, in their order.
    pub(super) const ALL: [Self; 13] = [
        Self::Planned,
        Self::InControl,
        Self::NothingToDo,
        Self::NoConsent,
        Self::ConsentWithdrawn,
        Self::ConsentUnreadable,
        Self::Suppressed,
        Self::UnderAge,
        Self::NoContactDetail,
        Self::OpenCase,
        Self::QuietPeriod,
        Self::FrequencyCap,
        Self::TooSoon,
    ];

    /// The word in the table.
    pub(super) fn slug(self) -> &'static str {
        cartera_table::contracts::CONTACT_PLAN_REASONS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use cartera_table::contracts::CONTACT_PLAN_REASONS;

    use super::*;

    #[test]
    fn words_are_those_of_the_contract() {
        assert_eq!(
            ContactPlanReason::ALL.map(ContactPlanReason::slug),
            CONTACT_PLAN_REASONS
        );
    }
}
