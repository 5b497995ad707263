//! `[contact_plan]`: what comes next, for whom, and how long ahead.

use std::collections::{BTreeMap, BTreeSet};

use cartera_table::contracts::{CustomerFeatures, STAGES};
use cartera_table::{ColumnType, Contract, Unit};
use serde::Deserialize;

use super::builtin::{built_in_actions, changed};
use super::decide::{Action, ContactWay};
use super::error::ContactPlanParamsError;

/// `[contact_plan]`, as typed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactPlanParams {
    /// The decimal column of `customer_features` that contacts are ranked by; where it is null for all customers,
    /// `net_sales`. Default `vin`.
    pub value: String,
    /// Days after that of the run in which contacts are planned. 1 to 366. Default 30.
    pub horizon_days: u16,
    /// Days without a contact after which a customer of value is neglected. 1 to 3650. Default 90.
    pub neglected_after_days: u16,
    /// Value tiers whose customers are of value. Default: all declared ones but the last.
    pub tiers_of_value: Option<Vec<String>>,
    /// Actions by their names. One of the name of a built-in one changes that one.
    pub actions: BTreeMap<String, ContactActionParams>,
}

impl Default for ContactPlanParams {
    fn default() -> Self {
        Self {
            value: "vin".into(),
            horizon_days: 30,
            neglected_after_days: 90,
            tiers_of_value: None,
            actions: BTreeMap::new(),
        }
    }
}

/// `[contact_plan.actions.<name>]`, as typed: a customer who is in each of the lists is asked for. What a change of a
/// built-in action leaves out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactActionParams {
    /// Whether the action is looked at. Default true.
    pub enabled: Option<bool>,
    /// Lower ones are tried first, equal ones by name. Default 1000, after the built-in ones.
    pub priority: Option<i32>,
    /// Lifecycle stages. Default: all.
    pub stages: Option<Vec<String>>,
    /// Value tiers. Default: all.
    pub tiers: Option<Vec<String>>,
    /// Whether only customers in one of the `tiers_of_value` are asked for. Default false.
    pub of_value: Option<bool>,
    /// Signals, of which the customer has at least one. Default: none, so that nobody needs any.
    pub signals: Option<Vec<String>>,
    /// Channels, the preferred one first. Required of one's own actions.
    pub channels: Option<Vec<String>>,
    /// The purpose that consent has to be given for. Default `marketing`.
    pub purpose: Option<String>,
    /// Days since the last contact that have to pass. 0 to 3650. Default 0.
    pub every_days: Option<u16>,
}

/// The names that actions may use.
#[derive(Debug, Clone, Copy)]
pub struct ContactPlanNames<'n> {
    /// All that `value_tier` can be, the best first, the one without value last.
    pub value_tiers: &'n [&'n str],
    /// The signals that the pipeline looks for.
    pub signals: &'n [&'n str],
}

/// Checked `[contact_plan]`. Only [`ContactPlanParams::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactPlanValidParams {
    pub(super) value: &'static str,
    pub(super) horizon_days: u16,
    pub(super) neglected_after_days: i32,
    /// All tiers; a code is a place among them.
    pub(super) tiers: Vec<String>,
    /// A bit a tier.
    pub(super) of_value: u32,
    /// Signals that actions ask for; a bit is a place among them.
    pub(super) signals: Vec<String>,
    /// Ways of the actions.
    pub(super) ways: Vec<ContactWay>,
    /// In the order in which they are tried.
    pub(super) actions: Vec<Action>,
}

impl ContactPlanValidParams {
    /// Days after that of the run in which contacts are planned.
    #[must_use]
    pub fn horizon_days(&self) -> u16 {
        self.horizon_days
    }

    /// The channels of all actions with the purposes that need a consent, each once.
    #[must_use]
    pub fn ways(&self) -> &[ContactWay] {
        &self.ways
    }
}

/// As many tiers as codes can be.
const MOST_TIERS: usize = 31;
/// As many signals as there are bits.
const MOST_SIGNALS: usize = 64;
/// More channels than anybody has.
const MOST_CHANNELS: usize = 64;
/// Priority of an action that states none.
const LAST: i32 = 1_000;

impl ContactPlanParams {
    /// Checks the parameters and the actions, the built-in ones with what is changed of them.
    ///
    /// # Errors
    /// The first key that is refused.
    ///
    /// ```
    /// use cartera_activation::{ContactPlanNames, ContactPlanParams};
    /// let names = ContactPlanNames { value_tiers: &["gold", "bronze", "no_value"], signals: &["overdue"] };
    /// assert!(ContactPlanParams::default().check(names).is_ok());
    /// ```
    pub fn check(&self, names: ContactPlanNames<'_>) -> Result<ContactPlanValidParams, ContactPlanParamsError> {
        let within = |key: &str, days: u16, most: u16, expected| match (1..=most).contains(&days) {
            true => Ok(()),
            false => Err(refused(key, days, expected)),
        };
        within("horizon_days", self.horizon_days, 366, "1 to 366")?;
        within("neglected_after_days", self.neglected_after_days, 3_650, "1 to 3650")?;
        let tiers = names.value_tiers;
        if tiers.len() > MOST_TIERS {
            return Err(refused(
                "tiers_of_value",
                tiers.len(),
                "at most 31 tiers in [value_tiers]",
            ));
        }
        let of_value = match &self.tiers_of_value {
            Some(listed) => bits("tiers_of_value", listed, tiers)?,
            // The last one that is declared, and the one without value.
            None => (1 << tiers.len().saturating_sub(2)) - 1,
        };
        let mut builder = Builder {
            names,
            of_value,
            signals: Vec::new(),
            ways: Vec::new(),
        };
        let mut actions = Vec::new();
        for (name, action) in self.all_actions(names) {
            let priority = action.priority.unwrap_or(LAST);
            let is_enabled = action.enabled != Some(false);
            // One that is off has to be right as well, but needs no bits.
            let (signals, ways) = (builder.signals.len(), builder.ways.len());
            let checked = builder.action(&name, &action)?;
            if is_enabled {
                actions.push((priority, checked));
            } else {
                builder.signals.truncate(signals);
                builder.ways.truncate(ways);
            }
        }
        actions.sort_by(|(one, first), (other, second)| one.cmp(other).then_with(|| first.name.cmp(&second.name)));
        Ok(ContactPlanValidParams {
            value: one_of("value", &self.value, &money_names())?,
            horizon_days: self.horizon_days,
            neglected_after_days: self.neglected_after_days.into(),
            tiers: tiers.iter().map(|&tier| tier.to_owned()).collect(),
            of_value,
            signals: builder.signals,
            ways: builder.ways,
            actions: actions.into_iter().map(|(_, action)| action).collect(),
        })
    }

    fn all_actions(&self, names: ContactPlanNames<'_>) -> BTreeMap<String, ContactActionParams> {
        let mut actions = built_in_actions(names);
        for (name, change) in &self.actions {
            let action = match actions.remove(name) {
                Some(action) => changed(action, change),
                None => change.clone(),
            };
            actions.insert(name.clone(), action);
        }
        actions
    }
}

/// Actions while they are checked.
struct Builder<'n> {
    names: ContactPlanNames<'n>,
    of_value: u32,
    signals: Vec<String>,
    ways: Vec<ContactWay>,
}

impl Builder<'_> {
    fn action(&mut self, name: &str, action: &ContactActionParams) -> Result<Action, ContactPlanParamsError> {
        let key = |key: &str| format!("actions.{name}.{key}");
        if !is_slug(name) {
            let expected = "a snake_case name of small letters, digits and _";
            return Err(refused(&format!("actions.{name}"), format!("`{name}`"), expected));
        }
        let every_days = action.every_days.unwrap_or(0);
        if every_days > 3_650 {
            return Err(refused(&key("every_days"), every_days, "0 to 3650"));
        }
        let stages = match &action.stages {
            Some(stages) => bits(&key("stages"), stages, STAGES)?,
            None => u32::MAX,
        };
        let mut tiers = match &action.tiers {
            Some(tiers) => bits(&key("tiers"), tiers, self.names.value_tiers)?,
            None => u32::MAX,
        };
        if action.of_value == Some(true) {
            tiers &= self.of_value;
        }
        Ok(Action {
            name: name.to_owned(),
            is_of_signals: action.signals.is_some(),
            stages,
            tiers,
            signals: self.signal_bits(&key("signals"), action.signals.as_deref())?,
            ways: self.way_places(ways(&key("channels"), &key("purpose"), action)?),
            every_days: every_days.into(),
        })
    }

    fn way_places(&mut self, ways: Vec<ContactWay>) -> Vec<u16> {
        let mut place = |way| {
            let known = self.ways.iter().position(|known| *known == way);
            known.unwrap_or_else(|| {
                self.ways.push(way);
                self.ways.len() - 1
            }) as u16
        };
        ways.into_iter().map(&mut place).collect()
    }

    fn signal_bits(&mut self, key: &str, signals: Option<&[String]>) -> Result<u64, ContactPlanParamsError> {
        let Some(signals) = signals else { return Ok(0) };
        if signals.is_empty() {
            return Err(refused(key, "[]", "at least one signal"));
        }
        let mut bits = 0;
        for signal in signals {
            one_of(key, signal, self.names.signals)?;
            let place = self.signals.iter().position(|known| known == signal);
            let place = place.unwrap_or_else(|| {
                self.signals.push(signal.clone());
                self.signals.len() - 1
            });
            if place >= MOST_SIGNALS {
                return Err(refused(key, "the 65th signal", "at most 64 signals in all actions"));
            }
            bits |= 1_u64 << place;
        }
        Ok(bits)
    }
}

/// The channels with the purpose; both in small letters, as consents have them.
fn ways(key: &str, purpose_key: &str, action: &ContactActionParams) -> Result<Vec<ContactWay>, ContactPlanParamsError> {
    let purpose = action.purpose.as_deref().unwrap_or("marketing").trim().to_lowercase();
    if purpose.is_empty() {
        return Err(refused(purpose_key, "an empty text", "the purpose of a consent"));
    }
    let channels = action.channels.as_deref().unwrap_or_default();
    let channels: Vec<String> = channels.iter().map(|channel| channel.trim().to_lowercase()).collect();
    let distinct: BTreeSet<&str> = channels.iter().map(String::as_str).collect();
    let are_words = distinct.len() == channels.len() && !distinct.contains("") && channels.len() < MOST_CHANNELS;
    if channels.is_empty() || !are_words {
        let expected = "at least one channel, such as [\"email\", \"sms\"], none of them empty or twice";
        return Err(refused(key, format!("{channels:?}"), expected));
    }
    let way = |channel| ContactWay {
        channel,
        purpose: purpose.clone(),
    };
    Ok(channels.into_iter().map(way).collect())
}

/// A bit for each name, by its place.
fn bits(key: &str, listed: &[String], possible: &[&str]) -> Result<u32, ContactPlanParamsError> {
    if listed.is_empty() {
        return Err(refused(key, "[]", "at least one name"));
    }
    let mut bits = 0;
    for name in listed {
        let found = one_of(key, name, possible)?;
        let place = possible.iter().position(|one| *one == found).unwrap_or_default();
        bits |= 1_u32 << place;
    }
    Ok(bits)
}

/// Decimal columns of `customer_features` that hold money.
fn money_names() -> Vec<&'static str> {
    let is_money = |column_type| matches!(column_type, ColumnType::Decimal { scale: 4, .. });
    let columns = CustomerFeatures::INFO.columns.iter();
    columns
        .filter(|column| column.unit == Unit::Money && is_money(column.column_type))
        .map(|column| column.name)
        .collect()
}

fn is_slug(name: &str) -> bool {
    let is_of_slug = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(is_of_slug) && name.starts_with(|first: char| first.is_ascii_lowercase())
}

fn one_of<'p>(key: &str, value: &str, possible: &[&'p str]) -> Result<&'p str, ContactPlanParamsError> {
    let found = possible.iter().find(|one| **one == value);
    found.copied().ok_or_else(|| ContactPlanParamsError::Unknown {
        key: key.to_owned(),
        value: value.to_owned(),
        valid: possible.iter().map(|&one| one.to_owned()).collect(),
    })
}

fn refused(key: &str, found: impl ToString, expected: &'static str) -> ContactPlanParamsError {
    ContactPlanParamsError::Refused {
        key: key.to_owned(),
        found: found.to_string(),
        expected,
    }
}

#[cfg(test)]
mod tests;
