//! The permissions of lists, as the plan asks them.

use super::decide::ContactPermissions;
use super::params::ContactPlanValidParams;
use super::reason::ContactPlanReason;
use crate::permissions::{Permissions, Reason, Refusal, Way};

/// Permissions with the ways of the plan.
pub(super) struct Permitted<'p> {
    permissions: &'p Permissions,
    /// None of a way that the permissions were not made for.
    ways: Vec<Option<Way>>,
}

impl<'p> Permitted<'p> {
    pub(super) fn new(permissions: &'p Permissions, params: &ContactPlanValidParams) -> Self {
        let ways = params
            .ways
            .iter()
            .map(|way| permissions.way(&way.channel, &way.purpose));
        Self {
            permissions,
            ways: ways.collect(),
        }
    }

    /// Who was not asked about may not be contacted.
    fn way(&self, way: u16) -> Result<Way, ContactPlanReason> {
        self.ways[usize::from(way)].ok_or(ContactPlanReason::NoConsent)
    }
}

impl ContactPermissions for Permitted<'_> {
    fn allows(&self, row: u32, way: u16) -> Result<(), ContactPlanReason> {
        self.permissions.allowed(row, self.way(way)?).map_err(reason)
    }

    fn free_from(&self, row: u32, way: u16, horizon_days: u16) -> Result<i32, ContactPlanReason> {
        let free = self.permissions.free_from(row, self.way(way)?, horizon_days);
        free.ok_or_else(|| {
            let last = self.permissions.as_of().epoch_days() + i32::from(horizon_days);
            if self.permissions.quiet_until(row) > last {
                ContactPlanReason::QuietPeriod
            } else {
                ContactPlanReason::FrequencyCap
            }
        })
    }

    fn last_contact(&self, row: u32) -> Option<i32> {
        self.permissions.last_contact(row)
    }

    fn recent_contacts(&self, row: u32) -> &[i32] {
        self.permissions.recent_contacts(row)
    }
}

fn reason(refusal: Refusal) -> ContactPlanReason {
    match refusal.reason {
        Reason::ConsentWithdrawn => ContactPlanReason::ConsentWithdrawn,
        Reason::ConsentUnreadable => ContactPlanReason::ConsentUnreadable,
        Reason::Suppressed => ContactPlanReason::Suppressed,
        Reason::UnderAge => ContactPlanReason::UnderAge,
        Reason::NoContactDetail => ContactPlanReason::NoContactDetail,
        Reason::OpenCase => ContactPlanReason::OpenCase,
        Reason::QuietPeriod => ContactPlanReason::QuietPeriod,
        Reason::FrequencyCap => ContactPlanReason::FrequencyCap,
        // Permissions know no other rules.
        _ => ContactPlanReason::NoConsent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_keep_their_words() {
        let of_person = &Reason::ALL[1..=9];
        for &told in of_person {
            let refusal = Refusal::plain(told);
            assert_eq!(reason(refusal).slug(), told.slug());
        }
    }
}
