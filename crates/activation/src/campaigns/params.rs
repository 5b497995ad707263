//! `[campaigns]`: how long a touch can win a customer.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest time in which a touch wins a customer: ten years.
const LONGEST_DAYS: u16 = 3_650;

/// `[campaigns]`, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CampaignParams {
    /// Days before a customer's first order in which the last touch of a campaign wins the customer; 0: the day of
    /// the order alone. 0 to 3650. Default 30.
    pub attribution_days: u16,
}

impl Default for CampaignParams {
    fn default() -> Self {
        Self { attribution_days: 30 }
    }
}

/// Checked `[campaigns]`. Only [`CampaignParams::check`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CampaignValidParams {
    pub(super) attribution_days: i32,
}

/// Why `[campaigns]` is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("campaigns: `attribution_days` is {days}, expected 0 to {LONGEST_DAYS}")]
pub struct CampaignParamsError {
    /// What was given.
    pub days: u16,
}

impl CampaignParamsError {
    /// The offending key within `[campaigns]`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        "attribution_days"
    }
}

impl CampaignParams {
    /// Checks the days.
    ///
    /// # Errors
    /// When they are too many.
    pub fn check(self) -> Result<CampaignValidParams, CampaignParamsError> {
        let days = self.attribution_days;
        if days > LONGEST_DAYS {
            return Err(CampaignParamsError { days });
        }
        Ok(CampaignValidParams {
            attribution_days: days.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_beyond_ten_years_are_refused() {
        let check = |attribution_days| CampaignParams { attribution_days }.check();
        assert_eq!(
            CampaignParams::default().check().map(|valid| valid.attribution_days),
            Ok(30)
        );
        assert!(check(0).is_ok() && check(3_650).is_ok());
        let error = check(3_651).expect_err("refused");
        assert_eq!(error.key(), "attribution_days");
        assert_eq!(
            error.to_string(),
            "campaigns: `attribution_days` is 3651, expected 0 to 3650"
        );
    }
}
