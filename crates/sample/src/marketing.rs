//! What one person allowed, and to which campaigns chance assigned that person.
//!
//! It is drawn before the purchases, because a contact changes them.

use crate::SampleValidParams;
use crate::campaign::ContactChannel;
use crate::stream::{Purpose, below, chance, stream};

/// Share of the people who allow marketing through a channel, in the order of [`ContactChannel::ALL`].
const GRANTED_SHARES: [f64; ContactChannel::ALL.len()] = [0.75, 0.45, 0.3, 0.6];
/// Share of those who take it back later.
const WITHDRAWN_SHARE: f64 = 0.1;
/// Share of the people who may be contacted whom a campaign selects.
const SELECTED_SHARE: f64 = 0.5;

/// Marketing through one channel. Days count from the first of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Consent {
    pub(crate) channel: ContactChannel,
    /// From this day on; nothing where it was never given.
    pub(crate) granted: Option<u32>,
    /// From this day on no longer.
    pub(crate) withdrawn: Option<u32>,
    /// The withdrawal reached the system of the second key, where there is one.
    pub(crate) withdrawn_under_second_key: bool,
}

impl Consent {
    fn holds_on(&self, day: u32) -> bool {
        self.granted.is_some_and(|granted| granted <= day) && self.withdrawn.is_none_or(|withdrawn| day < withdrawn)
    }
}

/// A person selected by a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// Place of the campaign.
    pub(crate) campaign: usize,
    /// Contacted, or left alone to compare with.
    pub(crate) is_treated: bool,
}

/// Everything about one person that marketing knows or decides.
#[derive(Clone, Debug)]
pub(crate) struct Marketing {
    pub(crate) consents: [Consent; ContactChannel::ALL.len()],
    pub(crate) assignments: Vec<Assignment>,
}

impl Marketing {
    pub(crate) fn draw(params: &SampleValidParams, number: u32, joined_day: u32) -> Self {
        let mut rng = stream(params.params().seed, Purpose::Marketing, u64::from(number));
        let days_left = params.params().days - joined_day;
        let consents = ContactChannel::ALL.map(|channel| {
            let is_granted = chance(&mut rng, GRANTED_SHARES[channel as usize]);
            let is_withdrawn = chance(&mut rng, WITHDRAWN_SHARE) && is_granted;
            let withdrawn_day = joined_day + 1 + below(&mut rng, days_left);
            Consent {
                channel,
                granted: is_granted.then_some(joined_day),
                withdrawn: Some(withdrawn_day).filter(|&day| is_withdrawn && day < params.params().days),
                withdrawn_under_second_key: chance(&mut rng, 0.5),
            }
        });
        let mut assignments = Vec::new();
        for (campaign, of) in params.campaigns.iter().enumerate() {
            // Drawn for everybody, so that who is selected does not depend on who was before.
            let is_selected = chance(&mut rng, SELECTED_SHARE);
            let is_treated = !chance(&mut rng, params.params().control_share);
            // Consent must hold until the last contact has gone out.
            let may_contact = consents[of.channel as usize].holds_on(of.first_day)
                && consents[of.channel as usize].holds_on(of.last_contact_day());
            if is_selected && may_contact {
                assignments.push(Assignment { campaign, is_treated });
            }
        }
        Self { consents, assignments }
    }
}
