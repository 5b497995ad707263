//! The built-in actions, in the language of `[contact_plan.actions]`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::params::{ContactActionParams, ContactPlanNames};

const BUILT_IN: &str = include_str!("builtin.toml");

static ACTIONS: LazyLock<BTreeMap<String, ContactActionParams>> =
    LazyLock::new(|| toml::from_str(BUILT_IN).unwrap_or_default());

/// The built-in actions, by name. Signals that the pipeline does not look for are left out, and actions of which none
/// is left as well.
pub(super) fn built_in_actions(names: ContactPlanNames<'_>) -> BTreeMap<String, ContactActionParams> {
    let known = |action: &ContactActionParams| {
        let mut action = action.clone();
        if let Some(signals) = &mut action.signals {
            signals.retain(|signal| names.signals.contains(&signal.as_str()));
            if signals.is_empty() {
                return None;
            }
        }
        Some(action)
    };
    let actions = ACTIONS.iter();
    actions
        .filter_map(|(name, action)| Some((name.clone(), known(action)?)))
        .collect()
}

/// A built-in action with what is typed of it.
pub(super) fn changed(mut action: ContactActionParams, change: &ContactActionParams) -> ContactActionParams {
    let ContactActionParams {
        enabled,
        priority,
        stages,
        tiers,
        of_value,
        signals,
        channels,
        purpose,
        every_days,
    } = change.clone();
    action.enabled = enabled.or(action.enabled);
    action.priority = priority.or(action.priority);
    action.stages = stages.or(action.stages);
    action.tiers = tiers.or(action.tiers);
    action.of_value = of_value.or(action.of_value);
    action.signals = signals.or(action.signals);
    action.channels = channels.or(action.channels);
    action.purpose = purpose.or(action.purpose);
    action.every_days = every_days.or(action.every_days);
    action
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use cartera_table::contracts::STAGES;

    use super::*;

    #[test]
    fn every_stage_of_life_has_an_action() {
        let actions: BTreeMap<String, ContactActionParams> =
            toml::from_str(BUILT_IN).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(*ACTIONS, actions);
        let stages: BTreeSet<String> = actions
            .into_values()
            .filter_map(|action| action.stages)
            .flatten()
            .collect();
        assert_eq!(stages, STAGES.iter().map(|&stage| stage.to_owned()).collect());
    }

    #[test]
    fn the_manual_shows_the_built_in_actions() {
        let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/README.md");
        let manual = std::fs::read_to_string(manual).expect("the manual is there");
        let (_, actions) = BUILT_IN.split_once("\n\n").expect("a remark, then the actions");
        assert!(manual.contains(actions), "pipelines/README.md is behind builtin.toml");
    }
}
