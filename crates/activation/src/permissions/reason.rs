//! Why a customer is in a list or not, as codes: millions of them are held at once.

use cartera_table::contracts::TARGET_REASONS;

use super::words::channel_word;

/// Why, in the order in which the rules are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Reason {
    /// No rule keeps the customer out.
    Selected,
    /// Nothing says that the customer allowed it.
    NoConsent,
    /// The last word is a withdrawal.
    ConsentWithdrawn,
    /// A defective row of consents or suppressions may have been a withdrawal.
    ConsentUnreadable,
    /// A suppression names the customer.
    Suppressed,
    /// The customer is known to be too young.
    UnderAge,
    /// There is no address to reach the customer at.
    NoContactDetail,
    /// A complaint or incident is open.
    OpenCase,
    /// A complaint or incident was opened not long ago.
    QuietPeriod,
    /// The customer was contacted often enough of late.
    FrequencyCap,
    /// A list that goes first has the customer.
    InOtherList,
    /// Another member of the household, or another customer with the same mailbox, is contacted.
    Household,
    /// A contact costs more than it is expected to earn.
    DoesNotPay,
    /// The budget ends before.
    OverBudget,
    /// The list is full.
    OverLimit,
}

impl Reason {
    /// All, in their order.
    pub const ALL: [Self; 15] = [
        Self::Selected,
        Self::NoConsent,
        Self::ConsentWithdrawn,
        Self::ConsentUnreadable,
        Self::Suppressed,
        Self::UnderAge,
        Self::NoContactDetail,
        Self::OpenCase,
        Self::QuietPeriod,
        Self::FrequencyCap,
        Self::InOtherList,
        Self::Household,
        Self::DoesNotPay,
        Self::OverBudget,
        Self::OverLimit,
    ];

    /// Its word in the tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        TARGET_REASONS[self as usize]
    }
}

/// What a rule saw, to be put in words by [`crate::Permissions::words`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// Nothing to tell.
    None,
    /// The day of a withdrawal or case, as days since 1970-01-01.
    Day(i32),
    /// The defective row, as its place among the denials.
    Denial(u32),
    /// The reason of the suppression, as its place among all reasons of the suppressions.
    Suppression(u32),
    /// The contact detail that is missing.
    Missing(ContactDetail),
    /// The cap, as its place in the rules.
    Cap(u16),
    /// The other list, as its place in the pipeline.
    List(u16),
    /// The other member of the household, as a row of the base.
    Customer(u32),
    /// What a contact is expected to earn is not known.
    ValueUnknown,
}

/// What a channel needs to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactDetail {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A street, and a city or postcode.
    Address,
}

impl ContactDetail {
    /// What a channel needs; none where nothing is known about the channel.
    #[must_use]
    pub fn of_channel(channel: &str) -> Option<Self> {
        match &*channel_word(channel) {
            "email" | "newsletter" => Some(Self::Email),
            "phone" | "sms" | "mms" | "mobile" | "movil" | "whatsapp" => Some(Self::Phone),
            "post" => Some(Self::Address),
            _ => None,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
        }
    }
}

/// Why a customer may not be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refusal {
    /// The first rule that holds.
    pub reason: Reason,
    /// What it saw.
    pub detail: Detail,
}

impl Refusal {
    /// A refusal with nothing to tell beside its reason.
    pub(crate) fn plain(reason: Reason) -> Self {
        Self {
            reason,
            detail: Detail::None,
        }
    }

    /// A refusal with what its rule saw.
    pub(crate) fn new(reason: Reason, detail: Detail) -> Self {
        Self { reason, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_word() {
        let slugs: Vec<&str> = Reason::ALL.iter().map(|reason| reason.slug()).collect();
        assert_eq!(slugs, TARGET_REASONS);
        assert_eq!(Reason::QuietPeriod.slug(), "quiet_period");
        assert_eq!(Reason::OverLimit.slug(), "over_limit");
        assert!(Reason::ALL.is_sorted());
    }
}
