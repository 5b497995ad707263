//! `[relations]`: what is a response, what is marketing, and how surveys are scored.

use serde::{Deserialize, Serialize};

use super::{FeatureParamsError, Refusals};

/// `[relations]`, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RelationsParams {
    /// The highest score that surveys know; promoters, passives and detractors are told apart only where it is 10. 1 to
    /// 1000. Default 10.
    pub nps_scale_max: u16,
    /// Outcomes of outbound interactions that are responses, in the source's words; capitals do not matter. Default
    /// `clicked`, `responded`, `replied`, `redeemed`, `converted`, `purchased`.
    pub response_outcomes: Vec<String>,
    /// Purposes of consents that allow marketing, in the source's words; capitals do not matter. Default `marketing`.
    pub marketing_purposes: Vec<String>,
}

impl Default for RelationsParams {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Self {
            nps_scale_max: 10,
            response_outcomes: words(&["clicked", "responded", "replied", "redeemed", "converted", "purchased"]),
            marketing_purposes: words(&["marketing"]),
        }
    }
}

/// Checked `[relations]`. Only [`RelationsParams::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationsValidParams {
    /// Whether scores have the scale that the classes are made for.
    pub(crate) has_nps: bool,
    /// In small letters.
    pub(crate) response_outcomes: Vec<String>,
    /// In small letters.
    pub(crate) marketing_purposes: Vec<String>,
}

impl RelationsValidParams {
    /// Whether an outcome of an outbound interaction is a response.
    #[must_use]
    pub fn is_response(&self, outcome: &str) -> bool {
        let outcome = outcome.trim().to_lowercase();
        self.response_outcomes.contains(&outcome)
    }
}

impl RelationsParams {
    /// Checks the scale and the words.
    ///
    /// # Errors
    /// The first key that is refused.
    pub fn check(&self) -> Result<RelationsValidParams, FeatureParamsError> {
        let refusals = Refusals("relations");
        let scale = self.nps_scale_max;
        refusals.unless((1..=1000).contains(&scale), "nps_scale_max", scale, "1 to 1000")?;
        let words = |key: &str, words: &[String]| {
            let words: Vec<String> = words.iter().map(|word| word.trim().to_lowercase()).collect();
            let are_words = words.iter().all(|word| !word.is_empty());
            refusals.unless(are_words, key, "an empty text", "texts of at least one character")?;
            Ok(words)
        };
        let marketing_purposes = words("marketing_purposes", &self.marketing_purposes)?;
        let has_purpose = !marketing_purposes.is_empty();
        refusals.unless(has_purpose, "marketing_purposes", "[]", "at least one purpose")?;
        Ok(RelationsValidParams {
            has_nps: scale == 10,
            response_outcomes: words("response_outcomes", &self.response_outcomes)?,
            marketing_purposes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_mean_nothing_are_refused() {
        let refused = |params: RelationsParams| params.check().expect_err("refused").key;
        let default = RelationsParams::default;
        assert!(default().check().is_ok());
        assert_eq!(
            refused(RelationsParams {
                nps_scale_max: 0,
                ..default()
            }),
            "nps_scale_max"
        );
        let nothing = vec![" ".to_owned()];
        assert_eq!(
            refused(RelationsParams {
                response_outcomes: nothing.clone(),
                ..default()
            }),
            "response_outcomes"
        );
        assert_eq!(
            refused(RelationsParams {
                marketing_purposes: nothing,
                ..default()
            }),
            "marketing_purposes"
        );
        assert_eq!(
            refused(RelationsParams {
                marketing_purposes: Vec::new(),
                ..default()
            }),
            "marketing_purposes"
        );
    }
}
