//! `[signals]`: rules as they are typed, the built-in ones as well.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// `[signals]`, as typed: rules by their names. A rule of the name of a built-in one changes that one, any other is a
/// rule of one's own. Default: none, so that the built-in rules hold.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(transparent)]
pub struct SignalsParams(pub BTreeMap<String, SignalRuleParams>);

/// `[signals.<name>]`, as typed. What a change of a built-in rule leaves out stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalRuleParams {
    /// Whether the rule is looked at. Default true.
    pub enabled: Option<bool>,
    /// Something to lose or something to win. Required of one's own rules.
    pub kind: Option<SignalKind>,
    /// Conditions, all of which must hold; at least one. Required of one's own rules.
    pub when: Option<Vec<SignalConditionParams>>,
    /// Numbers that conditions name, so that they can be changed one by one. Default none.
    pub limits: BTreeMap<String, f64>,
    /// How strong the signal is. Default: the rank by the first number that is compared.
    pub strength: Option<SignalStrengthParams>,
    /// The money that may be lost or won. Default none.
    pub value_at_stake: Option<SignalStakeParams>,
    /// Further columns for the evidence. Default none.
    pub evidence: Option<Vec<String>>,
    /// What to do about it, a slug. Required of one's own rules.
    pub action: Option<String>,
}

/// What a signal tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// Something to lose.
    Alarm,
    /// Something to win.
    Opportunity,
}

impl SignalKind {
    /// The word in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Opportunity => "opportunity",
        }
    }
}

/// A condition: something that is looked at, and how it is compared. What is not known meets no condition but one that
/// says `or_null`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalConditionParams {
    /// The value of a column.
    pub column: Option<String>,
    /// How much a column is above that of the run before.
    pub rise_of: Option<String>,
    /// How much a column is below that of the run before.
    pub fall_of: Option<String>,
    /// The share that the value which customers are ranked by lacks of the least value in the next better segment of
    /// this segmentation.
    pub gap_to_next: Option<String>,
    /// Divides the column, now and in the run before; not known where it is not above zero.
    pub per: Option<String>,
    /// The number is above the limit.
    pub above: Option<SignalLimitParams>,
    /// Likewise, or equal.
    pub at_least: Option<SignalLimitParams>,
    /// The number is below the limit.
    pub below: Option<SignalLimitParams>,
    /// Likewise, or equal.
    pub at_most: Option<SignalLimitParams>,
    /// The limit is multiplied by this column.
    pub times: Option<String>,
    /// The limit is multiplied by this column of the run before.
    pub times_before: Option<String>,
    /// The limit is multiplied by the median of this column over all customers.
    pub times_median: Option<String>,
    /// With `rise_of` and `fall_of`: the days for which the limit is meant. Where the run before is fewer days ago, the
    /// limit is less in proportion. Default none: the limit is as it is, however far apart the runs are.
    pub within_days: Option<SignalLimitParams>,
    /// The text is this.
    pub is: Option<String>,
    /// The text is another.
    pub is_not: Option<String>,
    /// The text is one of these.
    pub one_of: Option<Vec<String>>,
    /// Whether what is not known meets the condition. Default false.
    pub or_null: bool,
    /// At least one of these holds, in place of everything else.
    pub any: Option<Vec<SignalConditionParams>>,
}

/// `strength`, as typed: one of the first three.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalStrengthParams {
    /// The value of a column.
    pub column: Option<String>,
    /// How much a column is above that of the run before.
    pub rise_of: Option<String>,
    /// How much a column is below that of the run before.
    pub fall_of: Option<String>,
    /// Divides the column.
    pub per: Option<String>,
    /// The number of strength 0; with `to`. Default none: the rank among the customers with the signal.
    pub from: Option<f64>,
    /// The number of strength 100.
    pub to: Option<f64>,
}

/// `value_at_stake`, as typed: one of the three, money.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalStakeParams {
    /// The value of a column.
    pub column: Option<String>,
    /// How much a column is above that of the run before.
    pub rise_of: Option<String>,
    /// How much a column is below that of the run before.
    pub fall_of: Option<String>,
}

/// A limit, as typed.
#[derive(Debug, Clone, PartialEq)]
pub enum SignalLimitParams {
    /// The number itself.
    Number(f64),
    /// One of the rule's `limits`.
    Named(String),
}

impl<'de> Deserialize<'de> for SignalLimitParams {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LimitVisitor)
    }
}

struct LimitVisitor;

impl Visitor<'_> for LimitVisitor {
    type Value = SignalLimitParams;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number or the name of one of the rule's `limits`")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(SignalLimitParams::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "limits are compared as real numbers")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(SignalLimitParams::Number(number as f64))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(SignalLimitParams::Named(name.to_owned()))
    }
}
