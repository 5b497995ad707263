//! From rules as typed to rules that run.

use std::collections::BTreeMap;

use super::builtin::{built_in_rules, changed};
use super::error::SignalParamsError;
use super::layout::LayoutBuilder;
use super::params::{SignalRuleParams, SignalsParams};
use super::rule::{Layout, Rule};
use super::rule_check::RuleCheck;

/// A segmentation whose segments follow from the rank of customers by a column, so that one can be near the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedSegmentation {
    /// The column of `customer_segments`.
    pub segmentation: &'static str,
    /// The column of `customer_features` that customers are ranked by: the first of these that is known of anybody.
    pub measures: Vec<&'static str>,
}

/// Checked `[signals]`. Only [`SignalsParams::check`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalsValidParams {
    /// By name.
    pub(crate) rules: Vec<Rule>,
    pub(crate) layout: Layout,
}

impl SignalsValidParams {
    /// The names of all signals.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.rules.iter().map(|rule| rule.name.as_str()).collect()
    }

    /// The columns of `customer_features` that the run before is asked for.
    #[must_use]
    pub fn columns_before(&self) -> Vec<&'static str> {
        let compared = self.layout.columns.iter().filter(|used| used.is_compared);
        compared.map(|used| used.column.name).collect()
    }
}

impl SignalsParams {
    /// Checks the rules, the built-in ones with what is changed of them. `ranked` are the segmentations that
    /// `gap_to_next` may name.
    ///
    /// # Errors
    /// The first key that is refused.
    ///
    /// ```
    /// use cartera_segment::{RankedSegmentation, SignalsParams};
    /// let ranked = [RankedSegmentation { segmentation: "pareto_class", measures: vec!["net_sales"] }];
    /// assert!(SignalsParams::default().check(&ranked).is_ok());
    /// ```
    pub fn check(&self, ranked: &[RankedSegmentation]) -> Result<SignalsValidParams, SignalParamsError> {
        let built_in = built_in_rules(ranked);
        let mut rules: BTreeMap<&str, SignalRuleParams> = built_in
            .iter()
            .map(|(name, rule)| (name.as_str(), rule.clone()))
            .collect();
        for (name, change) in &self.0 {
            let rule = match built_in.get(name) {
                Some(rule) => changed(rule.clone(), change),
                None => change.clone(),
            };
            rules.insert(name, rule);
        }
        // All have to be right, and of those that are looked at columns have to be read.
        self.checked(&rules, &mut LayoutBuilder::new(ranked))?;
        rules.retain(|_, rule| rule.enabled != Some(false));
        let mut layout = LayoutBuilder::new(ranked);
        Ok(SignalsValidParams {
            rules: self.checked(&rules, &mut layout)?,
            layout: layout.finish(),
        })
    }

    fn checked(
        &self,
        rules: &BTreeMap<&str, SignalRuleParams>,
        layout: &mut LayoutBuilder<'_>,
    ) -> Result<Vec<Rule>, SignalParamsError> {
        rules
            .iter()
            .map(|(name, rule)| RuleCheck { name, rule }.rule(self.0.get(*name), layout))
            .collect()
    }
}
