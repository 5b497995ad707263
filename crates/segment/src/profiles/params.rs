//! How much of the mix of segments is told.

use serde::Deserialize;

use crate::error::SegmentError;

/// Parameters of the profiles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileParams {
    /// Values of each category that `segment_mix` tells, those with most customers; all further ones are `other`.
    /// 1 to 1000. Default: 10.
    pub top_values: u16,
}

impl Default for ProfileParams {
    fn default() -> Self {
        Self { top_values: 10 }
    }
}

/// Checked parameters of the profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProfileValidParams {
    pub(crate) top_values: usize,
}

impl ProfileParams {
    /// Checks the parameters.
    pub(crate) fn check(&self) -> Result<ProfileValidParams, SegmentError> {
        if !(1..=1000).contains(&self.top_values) {
            return Err(SegmentError::ProfileTopValues {
                top_values: self.top_values,
            });
        }
        Ok(ProfileValidParams {
            top_values: self.top_values.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_and_too_many_are_refused() {
        assert_eq!(
            ProfileParams::default().check().map(|params| params.top_values).ok(),
            Some(10)
        );
        for top_values in [0, 1001] {
            let error = ProfileParams { top_values }.check().expect_err("refused");
            assert_eq!(
                error.to_string(),
                format!("profiles: top_values = {top_values} is not 1 to 1000 values")
            );
        }
    }
}
