//! `[lifecycle]`: the limits between the stages.

use serde::{Deserialize, Serialize};

use super::{FeatureParamsError, Refusals};

/// `[lifecycle]`, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifecycleParams {
    /// Days from the first order within which a customer is new. 1 to 3650. Default 90.
    pub new_days: u16,
    /// Orders from which a customer is loyal. 2 to 1000. Default 4.
    pub loyal_orders: u16,
    /// Days since the last order beyond which a customer has lapsed; not below `new_days`, at most 3650. Default 180.
    pub lapsed_days: u16,
    /// Days since the last order beyond which a customer is lost; above `lapsed_days`, at most 36500. Default 365.
    pub lost_days: u16,
    /// Days from the order that ended a pause of more than `lapsed_days` within which a customer is recovered. 1 to
    /// `lapsed_days`. Default 90.
    pub recovered_days: u16,
    /// Standard deviations of the customer's own gaps that an order is late before the customer is at risk. 0 to 10.
    /// Default 1.
    pub overdue_spreads: f64,
    /// Days that an order is late before the customer is at risk, however regular. 1 to 365. Default 7.
    pub overdue_days: u16,
    /// Probability of being alive below which a customer is at risk. 0 to 1. Default 0.5.
    pub at_risk_p_alive: f64,
    /// Likewise lapsed; not above `at_risk_p_alive`. Default 0.25.
    pub lapsed_p_alive: f64,
    /// Likewise lost; not above `lapsed_p_alive`. Default 0.1.
    pub lost_p_alive: f64,
}

impl Default for LifecycleParams {
    fn default() -> Self {
        Self {
            new_days: 90,
            loyal_orders: 4,
            lapsed_days: 180,
            lost_days: 365,
            recovered_days: 90,
            overdue_spreads: 1.0,
            overdue_days: 7,
            at_risk_p_alive: 0.5,
            lapsed_p_alive: 0.25,
            lost_p_alive: 0.1,
        }
    }
}

/// Checked `[lifecycle]`. Only [`LifecycleParams::check`] makes one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LifecycleValidParams {
    pub(crate) new_days: i32,
    pub(crate) loyal_orders: i64,
    pub(crate) lapsed_days: i32,
    pub(crate) lost_days: i32,
    pub(crate) recovered_days: i32,
    pub(crate) overdue_spreads: f64,
    pub(crate) overdue_days: f64,
    pub(crate) at_risk_p_alive: f64,
    pub(crate) lapsed_p_alive: f64,
    pub(crate) lost_p_alive: f64,
}

impl LifecycleParams {
    /// Checks the limits, each on its own and against its neighbours.
    ///
    /// # Errors
    /// The first key that is refused.
    pub fn check(self) -> Result<LifecycleValidParams, FeatureParamsError> {
        let refusals = Refusals("lifecycle");
        let Self {
            new_days,
            loyal_orders,
            lapsed_days,
            lost_days,
            recovered_days,
            overdue_spreads,
            overdue_days,
            at_risk_p_alive,
            lapsed_p_alive,
            lost_p_alive,
        } = self;
        refusals.unless((1..=3650).contains(&new_days), "new_days", new_days, "1 to 3650 days")?;
        let is_number = (2..=1000).contains(&loyal_orders);
        refusals.unless(is_number, "loyal_orders", loyal_orders, "2 to 1000 orders")?;
        let is_lapsed = (new_days..=3650).contains(&lapsed_days);
        refusals.unless(is_lapsed, "lapsed_days", lapsed_days, "`new_days` to 3650 days")?;
        let is_lost = lost_days > lapsed_days && lost_days <= 36_500;
        refusals.unless(
            is_lost,
            "lost_days",
            lost_days,
            "more than `lapsed_days`, up to 36500 days",
        )?;
        let is_recovered = (1..=lapsed_days).contains(&recovered_days);
        refusals.unless(
            is_recovered,
            "recovered_days",
            recovered_days,
            "1 to `lapsed_days` days",
        )?;
        let is_spread = (0.0..=10.0).contains(&overdue_spreads);
        refusals.unless(is_spread, "overdue_spreads", overdue_spreads, "a number from 0 to 10")?;
        let is_late = (1..=365).contains(&overdue_days);
        refusals.unless(is_late, "overdue_days", overdue_days, "1 to 365 days")?;
        for (key, value, limit, expected) in [
            ("at_risk_p_alive", at_risk_p_alive, 1.0, "a probability from 0 to 1"),
            (
                "lapsed_p_alive",
                lapsed_p_alive,
                at_risk_p_alive,
                "a probability from 0 to `at_risk_p_alive`",
            ),
            (
                "lost_p_alive",
                lost_p_alive,
                lapsed_p_alive,
                "a probability from 0 to `lapsed_p_alive`",
            ),
        ] {
            refusals.unless((0.0..=limit).contains(&value), key, value, expected)?;
        }
        Ok(LifecycleValidParams {
            new_days: new_days.into(),
            loyal_orders: loyal_orders.into(),
            lapsed_days: lapsed_days.into(),
            lost_days: lost_days.into(),
            recovered_days: recovered_days.into(),
            overdue_spreads,
            overdue_days: overdue_days.into(),
            at_risk_p_alive,
            lapsed_p_alive,
            lost_p_alive,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut LifecycleParams)) -> String {
        let mut params = LifecycleParams::default();
        change(&mut params);
        params.check().expect_err("refused").key
    }

    #[test]
    fn limits_that_cross_each_other_are_refused() {
        assert!(LifecycleParams::default().check().is_ok());
        assert_eq!(refused(|params| params.new_days = 0), "new_days");
        assert_eq!(refused(|params| params.loyal_orders = 1), "loyal_orders");
        assert_eq!(refused(|params| params.lapsed_days = 89), "lapsed_days");
        assert_eq!(refused(|params| params.lost_days = 180), "lost_days");
        assert_eq!(refused(|params| params.recovered_days = 181), "recovered_days");
        assert_eq!(refused(|params| params.overdue_spreads = f64::NAN), "overdue_spreads");
        assert_eq!(refused(|params| params.overdue_days = 0), "overdue_days");
        assert_eq!(refused(|params| params.at_risk_p_alive = 1.1), "at_risk_p_alive");
        assert_eq!(refused(|params| params.lapsed_p_alive = 0.6), "lapsed_p_alive");
        assert_eq!(refused(|params| params.lost_p_alive = 0.3), "lost_p_alive");
    }
}
