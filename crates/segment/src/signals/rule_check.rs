//! One rule as typed to a rule that runs.

use std::collections::BTreeSet;

use super::conditions::ConditionCheck;
use super::error::SignalParamsError;
use super::layout::{LayoutBuilder, Wanted};
use super::params::{
    SignalConditionParams, SignalKind, SignalLimitParams, SignalRuleParams, SignalStakeParams, SignalStrengthParams,
};
use super::rule::{Condition, Direction, LooksAt, Measure, Rule, Scale, Stake, Strength, Test};
use crate::names::is_slug;

/// A rule while it is checked.
pub(super) struct RuleCheck<'r> {
    pub(super) name: &'r str,
    pub(super) rule: &'r SignalRuleParams,
}

impl RuleCheck<'_> {
    pub(super) fn rule(
        &self,
        typed: Option<&SignalRuleParams>,
        layout: &mut LayoutBuilder<'_>,
    ) -> Result<Rule, SignalParamsError> {
        if !is_slug(self.name) {
            return Err(self.refused("", format!("{:?} cannot name a signal", self.name), SLUG));
        }
        let kind = self.kind()?;
        let when = self.conditions(layout)?;
        self.limits(typed)?;
        let strength = self.strength(&when, layout)?;
        let value_at_stake = match &self.rule.value_at_stake {
            Some(stake) => Some(self.stake(stake, layout)?),
            None => None,
        };
        let columns = self.rule.evidence.iter().flatten().enumerate();
        let evidence = columns
            .map(|(place, name)| {
                let key = format!("evidence.{place}");
                layout
                    .place(name, Wanted::Any)
                    .map_err(|valid| self.unknown(&key, name, valid))
            })
            .collect::<Result<_, _>>()?;
        let action = self.rule.action.clone().unwrap_or_default();
        if !is_slug(&action) {
            return Err(self.refused("action", format!("is {action:?}"), SLUG));
        }
        Ok(Rule {
            name: self.name.to_owned(),
            kind,
            when,
            strength,
            value_at_stake,
            evidence,
            action,
        })
    }

    fn kind(&self) -> Result<SignalKind, SignalParamsError> {
        self.rule.kind.ok_or_else(|| {
            let expected = "`kind` (\"alarm\" or \"opportunity\"), `when` and `action`: no built-in rule has this name";
            self.refused("", "has no `kind`".to_owned(), expected)
        })
    }

    fn conditions(&self, layout: &mut LayoutBuilder<'_>) -> Result<Vec<Condition>, SignalParamsError> {
        let conditions = self.rule.when.as_deref().unwrap_or_default();
        if conditions.is_empty() {
            return Err(self.refused("when", "has no condition".to_owned(), "at least one"));
        }
        let mut checked = Vec::new();
        for (place, condition) in conditions.iter().enumerate() {
            let key = format!("when.{place}");
            checked.push(match &condition.any {
                None => Condition::One(self.test(condition, &key, layout)?),
                Some(any) => {
                    let is_alone = SignalConditionParams {
                        any: condition.any.clone(),
                        ..SignalConditionParams::default()
                    } == *condition;
                    if any.len() < 2 || !is_alone || any.iter().any(|inner| inner.any.is_some()) {
                        let expected = "`any` alone, with at least two conditions that have no `any` of their own";
                        return Err(self.refused(&key, "is no condition".to_owned(), expected));
                    }
                    let tests = any
                        .iter()
                        .enumerate()
                        .map(|(inner, condition)| self.test(condition, &format!("{key}.any.{inner}"), layout));
                    Condition::Any(tests.collect::<Result<_, _>>()?)
                }
            });
        }
        Ok(checked)
    }

    fn test(
        &self,
        condition: &SignalConditionParams,
        key: &str,
        layout: &mut LayoutBuilder<'_>,
    ) -> Result<Test, SignalParamsError> {
        ConditionCheck {
            rule: self.name,
            key,
            condition,
            limits: &self.rule.limits,
        }
        .test(layout)
    }

    /// Each number that is typed is used, and is one.
    fn limits(&self, typed: Option<&SignalRuleParams>) -> Result<(), SignalParamsError> {
        let Some(typed) = typed else { return Ok(()) };
        let conditions = self.rule.when.iter().flatten();
        let tests = conditions.flat_map(|condition| condition.any.iter().flatten().chain([condition]));
        let named: BTreeSet<&str> = tests
            .flat_map(|test| {
                [
                    &test.above,
                    &test.at_least,
                    &test.below,
                    &test.at_most,
                    &test.within_days,
                ]
            })
            .filter_map(|limit| match limit {
                Some(SignalLimitParams::Named(name)) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        for (name, number) in &typed.limits {
            let key = format!("limits.{name}");
            if !named.contains(name.as_str()) {
                let valid = named.iter().map(|name| (*name).to_owned()).collect();
                return Err(self.unknown(&key, name, valid));
            }
            if !number.is_finite() {
                return Err(self.refused(&key, format!("is {number}"), "a number"));
            }
        }
        Ok(())
    }

    fn strength(&self, when: &[Condition], layout: &mut LayoutBuilder<'_>) -> Result<Strength, SignalParamsError> {
        let Some(typed) = &self.rule.strength else {
            return leading(when).ok_or_else(|| {
                self.refused(
                    "",
                    "has no `strength`".to_owned(),
                    "one, as no condition compares numbers",
                )
            });
        };
        let SignalStrengthParams {
            column,
            rise_of,
            fall_of,
            per,
            from,
            to,
        } = typed;
        let as_condition = SignalConditionParams {
            column: column.clone(),
            rise_of: rise_of.clone(),
            fall_of: fall_of.clone(),
            per: per.clone(),
            ..SignalConditionParams::default()
        };
        let check = ConditionCheck {
            rule: self.name,
            key: "strength",
            condition: &as_condition,
            limits: &self.rule.limits,
        };
        let measure = check.measure(layout)?;
        let scale = match (from, to) {
            (None, None) => Scale::Rank { is_reversed: false },
            (Some(from), Some(to)) if from.is_finite() && to.is_finite() && from != to => Scale::Between(*from, *to),
            _ => {
                let found = "has no scale".to_owned();
                return Err(self.refused(
                    "strength",
                    found,
                    "both `from` and `to`, two different numbers, or neither",
                ));
            }
        };
        Ok(Strength { measure, scale })
    }

    fn stake(&self, typed: &SignalStakeParams, layout: &mut LayoutBuilder<'_>) -> Result<Stake, SignalParamsError> {
        let SignalStakeParams {
            column,
            rise_of,
            fall_of,
        } = typed;
        let (key, name, change) = match (column, rise_of, fall_of) {
            (Some(column), None, None) => ("column", column, None),
            (None, Some(column), None) => ("rise_of", column, Some(Direction::Rise)),
            (None, None, Some(column)) => ("fall_of", column, Some(Direction::Fall)),
            _ => {
                let expected = "one of `column`, `rise_of` and `fall_of`";
                return Err(self.refused("value_at_stake", "does not say what of".to_owned(), expected));
            }
        };
        let place = layout
            .place(name, Wanted::Money)
            .map_err(|valid| self.unknown(&format!("value_at_stake.{key}"), name, valid))?;
        if change.is_some() {
            layout.compare(place);
        }
        Ok(Stake { column: place, change })
    }

    fn unknown(&self, key: &str, value: &str, valid: Vec<String>) -> SignalParamsError {
        SignalParamsError::Unknown {
            rule: self.name.to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
            valid,
        }
    }

    fn refused(&self, key: &str, found: String, expected: &str) -> SignalParamsError {
        SignalParamsError::Refused {
            rule: self.name.to_owned(),
            key: key.to_owned(),
            found,
            expected: expected.to_owned(),
        }
    }
}

/// The rank by the first number that is compared.
fn leading(when: &[Condition]) -> Option<Strength> {
    let tests = when.iter().flat_map(|condition| match condition {
        Condition::One(test) => std::slice::from_ref(test),
        Condition::Any(tests) => tests,
    });
    tests.into_iter().find_map(|test| match &test.looks_at {
        LooksAt::Number { measure, bound, .. } => Some(Strength {
            measure: *measure,
            scale: Scale::Rank {
                is_reversed: !bound.is_lower() || matches!(measure, Measure::GapToNext(_)),
            },
        }),
        LooksAt::Text { .. } => None,
    })
}

const SLUG: &str = "lower-case words of a-z and 0-9 joined by _, starting with a letter";
