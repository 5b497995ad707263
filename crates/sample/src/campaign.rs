//! Campaigns: when they run, through which channel, and how much they truly do.

use crate::stream::{Purpose, below, stream};

/// Days in which a contact has its effect, from the first day of the campaign on.
pub(crate) const EFFECT_DAYS: u32 = 28;
/// Days in which the contacts go out.
pub(crate) const CONTACT_DAYS: u32 = 7;
/// First day of the first campaign, and days from one to the next: effects never overlap.
const FIRST_CAMPAIGN_DAY: u32 = 60;
const CAMPAIGN_PERIOD_DAYS: u32 = 120;
/// The lift of campaign after campaign, in parts of the declared one. One of them does nothing at all.
const LIFT_PARTS: [f64; 4] = [1.0, 0.5, 0.0, 1.5];
const NAMES: [&str; 6] = [
    "Spring Cleaning",
    "Garden Days",
    "Back Home",
    "Table, Set",
    "Winter Light",
    "Loyal Weeks",
];

/// How a campaign reaches people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContactChannel {
    Email,
    Sms,
    Phone,
    Post,
}

impl ContactChannel {
    pub(crate) const ALL: [Self; 4] = [Self::Email, Self::Sms, Self::Phone, Self::Post];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Phone => "phone",
            Self::Post => "post",
        }
    }

    /// What one contact costs.
    pub(crate) fn contact_cents(self) -> i64 {
        match self {
            Self::Email => 1,
            Self::Sms => 6,
            Self::Phone => 250,
            Self::Post => 90,
        }
    }

    /// What may come of a contact.
    pub(crate) fn outcomes(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["delivered", "delivered", "delivered", "opened", "clicked", "bounced"],
            Self::Sms => &["delivered", "delivered", "delivered", "failed"],
            Self::Phone => &["reached", "reached", "no_answer"],
            Self::Post => &["sent"],
        }
    }
}

/// One campaign. Days count from the first of the history.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Campaign {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) channel: ContactChannel,
    pub(crate) first_day: u32,
    /// By how much a contact raises the purchase rate for [`EFFECT_DAYS`]: 0.5 is half as much again.
    pub(crate) lift: f64,
    /// What it costs beside the contacts.
    pub(crate) fixed_cents: i64,
}

impl Campaign {
    /// The day on which the last contacts go out.
    pub(crate) fn last_contact_day(&self) -> u32 {
        self.first_day + CONTACT_DAYS - 1
    }

    /// The days of the effect, end excluded.
    pub(crate) fn effect_days(&self) -> std::ops::Range<u32> {
        self.first_day..self.first_day + EFFECT_DAYS
    }
}

/// All campaigns whose effect fits into a history of `days`.
pub(crate) fn campaigns(seed: u64, days: u32, lift: f64) -> Vec<Campaign> {
    let first_days = (FIRST_CAMPAIGN_DAY..).step_by(CAMPAIGN_PERIOD_DAYS as usize);
    let in_history = first_days.take_while(|first_day| first_day + EFFECT_DAYS <= days);
    in_history
        .enumerate()
        .map(|(index, first_day)| {
            let mut rng = stream(seed, Purpose::Marketing, u64::MAX - index as u64);
            Campaign {
                id: format!("M{:03}", index + 1),
                name: format!("{} {}", NAMES[index % NAMES.len()], index + 1),
                channel: ContactChannel::ALL[index % ContactChannel::ALL.len()],
                first_day,
                lift: lift * LIFT_PARTS[index % LIFT_PARTS.len()],
                fixed_cents: 40_000 + 100 * i64::from(below(&mut rng, 800)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_neither_overlap_nor_leave_the_history() {
        let campaigns = campaigns(1, 731, 0.6);
        assert_eq!(campaigns.len(), 6);
        for pair in campaigns.windows(2) {
            assert!(pair[0].effect_days().end <= pair[1].first_day);
        }
        assert!(campaigns.iter().all(|campaign| campaign.effect_days().end <= 731));
        assert!(campaigns.iter().any(|campaign| campaign.lift == 0.0));
        assert!(super::campaigns(1, 87, 0.6).is_empty());
    }
}
