//! `[rhythm]`: the periods that are compared.

use serde::{Deserialize, Serialize};

use super::{FeatureParamsError, Refusals};

/// `[rhythm]`, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RhythmParams {
    /// Days of the last period, which is compared with as many days before it. 7 to 3650. Default 90.
    pub trend_days: u16,
}

impl Default for RhythmParams {
    fn default() -> Self {
        Self { trend_days: 90 }
    }
}

/// Checked `[rhythm]`. Only [`RhythmParams::check`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RhythmValidParams {
    pub(crate) trend_days: i32,
}

impl RhythmParams {
    /// Checks the period.
    ///
    /// # Errors
    /// When it is too short or too long.
    pub fn check(self) -> Result<RhythmValidParams, FeatureParamsError> {
        let days = self.trend_days;
        Refusals("rhythm").unless((7..=3650).contains(&days), "trend_days", days, "7 to 3650 days")?;
        Ok(RhythmValidParams {
            trend_days: days.into(),
        })
    }
}
