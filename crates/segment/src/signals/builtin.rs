//! The built-in rules, in the language of `[signals]`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::check::RankedSegmentation;
use super::params::{SignalConditionParams, SignalRuleParams, SignalsParams};

const BUILT_IN: &str = include_str!("builtin.toml");

static RULES: LazyLock<SignalsParams> = LazyLock::new(|| toml::from_str(BUILT_IN).unwrap_or_default());

/// The built-in rules, by name; those near a segment of which no customers are ranked are left out.
pub(crate) fn built_in_rules(ranked: &[RankedSegmentation]) -> BTreeMap<String, SignalRuleParams> {
    let is_known = |condition: &SignalConditionParams| {
        let of = |segmentation: &String| ranked.iter().any(|one| one.segmentation == segmentation);
        condition.gap_to_next.as_ref().is_none_or(of)
    };
    let rules = RULES.0.iter();
    rules
        .filter(|(_, rule)| rule.when.iter().flatten().all(is_known))
        .map(|(name, rule)| (name.clone(), rule.clone()))
        .collect()
}

/// A built-in rule with what is typed of it.
pub(crate) fn changed(mut rule: SignalRuleParams, change: &SignalRuleParams) -> SignalRuleParams {
    let SignalRuleParams {
        enabled,
        kind,
        when,
        limits,
        strength,
        value_at_stake,
        evidence,
        action,
    } = change.clone();
    rule.enabled = enabled.or(rule.enabled);
    rule.kind = kind.or(rule.kind);
    rule.when = when.or(rule.when);
    rule.limits.extend(limits);
    rule.strength = strength.or(rule.strength);
    rule.value_at_stake = value_at_stake.or(rule.value_at_stake);
    rule.evidence = evidence.or(rule.evidence);
    rule.action = action.or(rule.action);
    rule
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::signals::signal_action_words;

    #[test]
    fn the_built_in_rules_can_be_read_and_their_actions_have_words() {
        let rules: SignalsParams = toml::from_str(BUILT_IN).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(*RULES, rules);
        let actions: BTreeSet<String> = rules.0.into_values().filter_map(|rule| rule.action).collect();
        assert_eq!(actions.len(), 11);
        for action in actions {
            assert!(signal_action_words(&action).is_some(), "{action}");
        }
        assert_eq!(signal_action_words("sing"), None);
    }

    #[test]
    fn the_manual_shows_the_built_in_rules() {
        let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/README.md");
        let manual = std::fs::read_to_string(manual).expect("the manual is there");
        let (_, rules) = BUILT_IN.split_once("\n\n").expect("a remark, then the rules");
        assert!(manual.contains(rules), "pipelines/README.md is behind builtin.toml");
    }
}
