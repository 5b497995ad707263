//! What a sample is made of: parameters as typed, and the same once checked.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rand_distr::{Beta, Gamma};

use crate::SampleError;
use crate::campaign::{Campaign, campaigns};
use crate::currency::Rates;

/// Customer ids have seven digits.
const MAX_CUSTOMERS: u64 = 9_999_999;
/// A century: seconds since the first day fit 32 bits.
const MAX_DAYS: u32 = 36_525;
/// A sample with this many defects of each kind is a stress test, not a sample.
const MAX_DEFECTS_PER_KIND: u32 = 10_000;

/// Parameters of the purchase process, BG/NBD.
///
/// # Formula
///
/// Purchase rate `lambda ~ Gamma(shape r, rate alpha)` a week; after each repeat purchase the
/// customer drops out for good with probability `p ~ Beta(a, b)`.
///
/// # Source
///
/// Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2),
/// section 3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PurchaseParams {
    /// Shape of the purchase rates. Default 1.1.
    pub r: f64,
    /// Rate of the purchase rates, in weeks. Default 5.
    pub alpha_weeks: f64,
    /// First parameter of the dropout probabilities. Default 0.9.
    pub a: f64,
    /// Second parameter of the dropout probabilities. Default 10.
    pub b: f64,
}

impl Default for PurchaseParams {
    fn default() -> Self {
        Self {
            r: 1.1,
            alpha_weeks: 5.0,
            a: 0.9,
            b: 10.0,
        }
    }
}

/// Parameters of the order values, Gamma-Gamma.
///
/// # Formula
///
/// Order value `z ~ Gamma(shape p, rate nu)` with `nu ~ Gamma(shape q, rate gamma)` a customer. The
/// mean over customers is `p gamma / (q - 1)`.
///
/// # Units
///
/// Order values and `gamma` in currency units, not cents.
///
/// # Source
///
/// Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpendParams {
    /// Shape of the order values of one customer. Default 6.
    pub p: f64,
    /// Shape of the rates over customers; above 1, so that a mean exists. Default 4.
    pub q: f64,
    /// Rate of the rates over customers. Default 25, which makes the mean order 50.
    pub gamma: f64,
}

impl Default for SpendParams {
    fn default() -> Self {
        Self {
            p: 6.0,
            q: 4.0,
            gamma: 25.0,
        }
    }
}

/// Everything that decides the bytes of a sample, unchecked. [`check`](Self::check) it to use it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleParams {
    /// Customers with an id, 1 to 9,999,999. Each has at least one order.
    pub customers: u64,
    /// Seed of every draw.
    pub seed: u64,
    /// First day of the history. Default 2024-01-01.
    pub first_day: Date,
    /// Days of the history, 1 to 36,525. Default 731: to 2025-12-31.
    pub days: u32,
    /// Share of the customers who join in the first eighth of the history; the others join evenly
    /// over all of it. Default 0.6.
    pub early_share: f64,
    /// How often customers buy and when they stop.
    pub purchase: PurchaseParams,
    /// How much they spend.
    pub spend: SpendParams,
    /// Share of all orders (returns aside) that carry no customer, below 1. Default 0.04.
    pub guest_order_share: f64,
    /// Share of the customers' orders of which something comes back. Default 0.05.
    pub return_share: f64,
    /// Share of the customers who have a second key, in another channel. Default 0.08.
    pub second_key_share: f64,
    /// Share of the customers that are companies, of those who share no home. Default 0.03.
    pub company_share: f64,
    /// Share of the customers that share a home with the next or the one before. Default 0.2.
    pub household_share: f64,
    /// Share of the customers' orders that are complained about. Default 0.02.
    pub complaint_share: f64,
    /// Chance that a complaint ends everything, beside the customer's own dropout. Default 0.25.
    pub complaint_dropout: f64,
    /// By how much a contact of the first campaign raises the purchase rate: 0.6 is 60 % more, for 28
    /// days. The others have the whole, the half, nothing, and one and a half of it in turn. Default 0.6.
    pub campaign_lift: f64,
    /// Share of the people selected by a campaign who are left alone, to compare with. Default 0.2.
    pub control_share: f64,
    /// Writes the order lines of the last days to a file of their own. Default none.
    pub split_last_days: Option<u32>,
    /// Writes only the orders of these days, both included. Default none: the whole history. Order
    /// ids and lines are those of the whole history, so two overlapping windows give the files of
    /// two overlapping exports. The other files ignore it.
    pub window: Option<(Date, Date)>,
    /// How many defects of each [`DefectKind`](crate::DefectKind) to plant. Default 0. They fall on
    /// the first half of the orders written, clear of a later file that overlaps the second half.
    pub defects_per_kind: u32,
}

impl SampleParams {
    /// Parameters with every default as documented on the fields.
    pub fn new(customers: u64, seed: u64) -> Self {
        Self {
            customers,
            seed,
            first_day: date(2024, 1, 1),
            days: 731,
            early_share: 0.6,
            purchase: PurchaseParams::default(),
            spend: SpendParams::default(),
            guest_order_share: 0.04,
            return_share: 0.05,
            second_key_share: 0.08,
            company_share: 0.03,
            household_share: 0.2,
            complaint_share: 0.02,
            complaint_dropout: 0.25,
            campaign_lift: 0.6,
            control_share: 0.2,
            split_last_days: None,
            window: None,
            defects_per_kind: 0,
        }
    }

    /// Checks every value.
    ///
    /// # Errors
    ///
    /// [`SampleError::Parameter`] names the first value outside its range, and
    /// [`SampleError::EmptyWindow`] a window that ends before it starts.
    pub fn check(self) -> Result<SampleValidParams, SampleError> {
        let PurchaseParams { r, alpha_weeks, a, b } = self.purchase;
        let SpendParams { p, q, gamma } = self.spend;
        within("customers", self.customers, 1..=MAX_CUSTOMERS, "1 to 9,999,999")?;
        within("days", self.days, 1..=MAX_DAYS, "1 to 36,525")?;
        within(
            "defects_per_kind",
            self.defects_per_kind,
            0..=MAX_DEFECTS_PER_KIND,
            "0 to 10,000",
        )?;
        within("early_share", self.early_share, 0.0..=1.0, "0 to 1")?;
        within("return_share", self.return_share, 0.0..=1.0, "0 to 1")?;
        within("guest_order_share", self.guest_order_share, 0.0..=0.9, "0 to 0.9")?;
        within("second_key_share", self.second_key_share, 0.0..=1.0, "0 to 1")?;
        within("company_share", self.company_share, 0.0..=1.0, "0 to 1")?;
        within("household_share", self.household_share, 0.0..=1.0, "0 to 1")?;
        within("complaint_share", self.complaint_share, 0.0..=1.0, "0 to 1")?;
        within("complaint_dropout", self.complaint_dropout, 0.0..=1.0, "0 to 1")?;
        within("campaign_lift", self.campaign_lift, 0.0..=10.0, "0 to 10")?;
        within("control_share", self.control_share, 0.0..=1.0, "0 to 1")?;
        within("purchase.r", r, 0.01..=1e3, "0.01 to 1,000")?;
        within("purchase.alpha_weeks", alpha_weeks, 0.01..=1e6, "0.01 to 1,000,000")?;
        within("purchase.a", a, 0.01..=1e3, "0.01 to 1,000")?;
        within("purchase.b", b, 0.01..=1e3, "0.01 to 1,000")?;
        within("spend.p", p, 0.01..=1e3, "0.01 to 1,000")?;
        within("spend.q", q, 1.01..=1e3, "1.01 to 1,000")?;
        within("spend.gamma", gamma, 0.01..=1e6, "0.01 to 1,000,000")?;
        let outside = || SampleError::Parameter {
            name: "first_day",
            value: self.first_day.to_string(),
            expected: "a day whose history ends before the year 2099",
        };
        let last_day = self
            .first_day
            .checked_add((i64::from(self.days) - 1).days())
            .map_err(|_| outside())?;
        if self.first_day < date(1900, 1, 1) || last_day >= date(2099, 1, 1) {
            return Err(outside());
        }
        if let Some((first, last)) = self.window
            && last < first
        {
            return Err(SampleError::EmptyWindow { first, last });
        }
        if let Some(days) = self.split_last_days {
            let whole = "at least one day, and fewer than the history has";
            within("split_last_days", days, 1..=self.days - 1, whole)?;
        }
        // Ranges above are those in which the constructors cannot fail.
        let refused = |name: &'static str| SampleError::Parameter {
            name,
            value: "refused".to_owned(),
            expected: "finite positive shapes and rates",
        };
        Ok(SampleValidParams {
            purchase_rates: Gamma::new(r, 1.0 / alpha_weeks).map_err(|_| refused("purchase"))?,
            dropouts: Beta::new(a, b).map_err(|_| refused("purchase"))?,
            spend_rates: Gamma::new(q, 1.0 / gamma).map_err(|_| refused("spend"))?,
            spend_shapes: Gamma::new(p, 1.0).map_err(|_| refused("spend"))?,
            campaigns: campaigns(self.seed, self.days, self.campaign_lift),
            rates: Rates::draw(self.seed, self.first_day, self.days).ok_or_else(outside)?,
            params: self,
        })
    }
}

/// Checked parameters with the distributions that they stand for.
#[derive(Clone, Debug)]
pub struct SampleValidParams {
    params: SampleParams,
    pub(crate) purchase_rates: Gamma<f64>,
    pub(crate) dropouts: Beta<f64>,
    pub(crate) spend_rates: Gamma<f64>,
    pub(crate) spend_shapes: Gamma<f64>,
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) rates: Rates,
}

impl SampleValidParams {
    /// The parameters as they were given.
    pub fn params(&self) -> &SampleParams {
        &self.params
    }

    /// The window as days since the first day of the history, end excluded.
    pub(crate) fn window_days(&self) -> std::ops::Range<u32> {
        let all = 0..self.params.days;
        let Some((first, last)) = self.params.window else {
            return all;
        };
        let index = |day: Date| {
            let days = (day - self.params.first_day).get_days();
            u32::try_from(days.max(0)).unwrap_or(0).min(all.end)
        };
        let end = if last < self.params.first_day {
            0
        } else {
            (index(last) + 1).min(all.end)
        };
        index(first)..end
    }
}

/// Refuses a value outside `range`; a NaN is outside every range.
fn within<T: PartialOrd + std::fmt::Display>(
    name: &'static str,
    value: T,
    range: std::ops::RangeInclusive<T>,
    expected: &'static str,
) -> Result<(), SampleError> {
    if range.contains(&value) {
        Ok(())
    } else {
        Err(SampleError::Parameter {
            name,
            value: value.to_string(),
            expected,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut SampleParams)) -> String {
        let mut params = SampleParams::new(10, 1);
        change(&mut params);
        params.check().map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn every_range_is_checked() {
        assert_eq!(refused(|p| p.customers = 0), "customers is 0, expected 1 to 9,999,999");
        assert!(refused(|p| p.customers = 10_000_000).starts_with("customers"));
        assert!(refused(|p| p.days = 0).starts_with("days"));
        assert!(refused(|p| p.days = 36_526).starts_with("days"));
        assert!(refused(|p| p.defects_per_kind = 10_001).starts_with("defects_per_kind"));
        assert!(refused(|p| p.early_share = 1.1).starts_with("early_share"));
        assert!(refused(|p| p.return_share = -0.1).starts_with("return_share"));
        assert!(refused(|p| p.guest_order_share = f64::NAN).starts_with("guest_order_share"));
        assert!(refused(|p| p.guest_order_share = 1.0).starts_with("guest_order_share"));
        assert!(refused(|p| p.second_key_share = 1.1).starts_with("second_key_share"));
        assert!(refused(|p| p.company_share = -0.1).starts_with("company_share"));
        assert!(refused(|p| p.household_share = 2.0).starts_with("household_share"));
        assert!(refused(|p| p.complaint_share = -1.0).starts_with("complaint_share"));
        assert!(refused(|p| p.complaint_dropout = 1.5).starts_with("complaint_dropout"));
        assert!(refused(|p| p.campaign_lift = -0.5).starts_with("campaign_lift"));
        assert!(refused(|p| p.control_share = f64::NAN).starts_with("control_share"));
        assert!(refused(|p| p.split_last_days = Some(0)).starts_with("split_last_days"));
        assert!(refused(|p| p.split_last_days = Some(731)).starts_with("split_last_days"));
        assert!(refused(|p| p.purchase.r = 0.0).starts_with("purchase.r"));
        assert!(refused(|p| p.purchase.alpha_weeks = 0.0).starts_with("purchase.alpha_weeks"));
        assert!(refused(|p| p.purchase.a = f64::INFINITY).starts_with("purchase.a"));
        assert!(refused(|p| p.purchase.b = -1.0).starts_with("purchase.b"));
        assert!(refused(|p| p.spend.p = 0.0).starts_with("spend.p"));
        assert!(refused(|p| p.spend.q = 1.0).starts_with("spend.q"));
        assert!(refused(|p| p.spend.gamma = 0.0).starts_with("spend.gamma"));
        assert!(refused(|p| p.first_day = date(2098, 6, 1)).starts_with("first_day"));
        assert!(refused(|p| p.first_day = date(1899, 12, 31)).starts_with("first_day"));
        assert_eq!(
            refused(|p| p.window = Some((date(2024, 2, 1), date(2024, 1, 31)))),
            "the window starts on 2024-02-01 and ends before, on 2024-01-31"
        );
    }

    #[test]
    fn a_window_is_cut_to_the_history() {
        let days = |window| {
            let params = SampleParams {
                window,
                ..SampleParams::new(10, 1)
            };
            params.check().unwrap().window_days()
        };
        assert_eq!(days(None), 0..731);
        assert_eq!(days(Some((date(2024, 1, 1), date(2024, 1, 1)))), 0..1);
        assert_eq!(days(Some((date(2023, 1, 1), date(2024, 1, 31)))), 0..31);
        assert_eq!(days(Some((date(2025, 12, 31), date(2030, 1, 1)))), 730..731);
        assert!(days(Some((date(2023, 1, 1), date(2023, 12, 31)))).is_empty());
        assert!(days(Some((date(2026, 1, 1), date(2026, 12, 31)))).is_empty());
    }
}
