//! The rules of the stages.

use crate::params::LifecycleValidParams;

/// Where a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LifecycleStage {
    /// Known, and without an order.
    Prospect,
    /// The first order is not long ago.
    New,
    /// Orders again, and is not loyal yet.
    Developing,
    /// Orders often enough.
    Loyal,
    /// Late by the own rhythm, or the second order does not come.
    AtRisk,
    /// Has not ordered for long.
    Lapsed,
    /// Has not ordered for so long that nobody expects it.
    Lost,
    /// Came back from a long pause.
    Recovered,
}

impl LifecycleStage {
    /// All of them, in the order of the contract.
    pub const ALL: [Self; 8] = [
        Self::Prospect,
        Self::New,
        Self::Developing,
        Self::Loyal,
        Self::AtRisk,
        Self::Lapsed,
        Self::Lost,
        Self::Recovered,
    ];

    /// The word in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Prospect => "prospect",
            Self::New => "new",
            Self::Developing => "developing",
            Self::Loyal => "loyal",
            Self::AtRisk => "at_risk",
            Self::Lapsed => "lapsed",
            Self::Lost => "lost",
            Self::Recovered => "recovered",
        }
    }

    /// The stage of a word.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.slug() == slug)
    }
}

/// What the rules look at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    /// Orders that count.
    pub(super) order_count: i64,
    /// Days of the first and the last one.
    pub(super) order_dates: Option<(i32, i32)>,
    /// Days between the last two days with orders.
    pub(super) last_gap_days: Option<i32>,
    /// Probability that the customer still is one.
    pub(super) p_alive: Option<f64>,
    /// Days that the next order is late by the mean gap.
    pub(super) days_overdue: Option<f64>,
    /// Standard deviation of the gaps.
    pub(super) gap_deviation_days: Option<f64>,
}

/// A stage, and the day on which it began where the rule tells.
pub(super) type StageSince = (LifecycleStage, Option<i32>);

impl Standing {
    /// The stage: that of the first rule that takes the customer.
    ///
    /// 1. prospect: no order
    /// 2. new: at most `new_days` since the first order, and fewer than `loyal_orders`
    /// 3. lost: more than `lost_days` since the last order, or `p_alive` below `lost_p_alive`
    /// 4. lapsed: likewise with `lapsed_days` and `lapsed_p_alive`
    /// 5. recovered: at most `recovered_days` since the last order, which ended a pause of more than `lapsed_days`
    /// 6. at risk: later by the own rhythm than `overdue_spreads` deviations and `overdue_days`, or `p_alive` below
    ///    `at_risk_p_alive`, or no second order
    /// 7. loyal: at least `loyal_orders`
    /// 8. developing: all others
    pub(super) fn stage(&self, today: i32, rules: &LifecycleValidParams) -> StageSince {
        let Some((first, last)) = self.order_dates.filter(|_| self.order_count > 0) else {
            return (LifecycleStage::Prospect, None);
        };
        let is_loyal = self.order_count >= rules.loyal_orders;
        if today - first <= rules.new_days && !is_loyal {
            return (LifecycleStage::New, Some(first));
        }
        for (stage, days, p_alive) in [
            (LifecycleStage::Lost, rules.lost_days, rules.lost_p_alive),
            (LifecycleStage::Lapsed, rules.lapsed_days, rules.lapsed_p_alive),
        ] {
            if today - last > days {
                return (stage, Some(last + days + 1));
            }
            if self.is_less_alive_than(p_alive) {
                return (stage, None);
            }
        }
        let has_paused = self.last_gap_days.is_some_and(|gap| gap > rules.lapsed_days);
        if has_paused && today - last <= rules.recovered_days {
            return (LifecycleStage::Recovered, Some(last));
        }
        if let Some(days_late) = self.days_too_late(rules) {
            return (LifecycleStage::AtRisk, Some(today - days_late));
        }
        if self.is_less_alive_than(rules.at_risk_p_alive) {
            return (LifecycleStage::AtRisk, None);
        }
        let after_new = first + rules.new_days + 1;
        if self.order_count == 1 {
            return (LifecycleStage::AtRisk, Some(after_new));
        }
        if is_loyal {
            // The day of the order that made them loyal is known where it is the last one.
            return (
                LifecycleStage::Loyal,
                (self.order_count == rules.loyal_orders).then_some(last),
            );
        }
        let since = if last < after_new {
            Some(after_new)
        } else {
            (self.order_count == 2).then_some(last)
        };
        (LifecycleStage::Developing, since)
    }

    fn is_less_alive_than(&self, limit: f64) -> bool {
        self.p_alive.is_some_and(|p_alive| p_alive < limit)
    }

    /// Whole days since the next order became too late; none where it is not, or no rhythm is known.
    fn days_too_late(&self, rules: &LifecycleValidParams) -> Option<i32> {
        let limit = (rules.overdue_spreads * self.gap_deviation_days?).max(rules.overdue_days);
        let late = self.days_overdue? - limit;
        // The first whole day beyond the limit is day zero of being too late.
        #[expect(clippy::cast_possible_truncation, reason = "days of a calendar")]
        let days = late.ceil() as i32 - 1;
        (late > 0.0).then_some(days)
    }
}

#[cfg(test)]
mod tests;
