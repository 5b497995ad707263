//! `[[target]]` and `[control]`, as typed and checked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::amount::Amount;
use super::error::TargetParamsError;
use crate::condition::{Condition, ConditionError, KnownColumns, OrderBy, ValueExpression};
use crate::files::FileParams;
use crate::permissions::{ContactRulesValidParams, check_age, is_every};

/// Lists, at most.
const MOST_LISTS: usize = 10_000;
/// Characters of a list's name, at most: it is part of file names.
const LONGEST_NAME: usize = 64;

/// One `[[target]]`, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetParams {
    /// Its name: small letters, digits and `_`, from a letter on; one of a kind. Required.
    pub name: String,
    /// What for, as consents have it. Default `marketing`.
    #[serde(default = "marketing")]
    pub purpose: String,
    /// Through what, as consents have it, such as email, sms, phone or post. Required.
    pub channel: String,
    /// The SQL condition that its candidates meet. Required.
    #[serde(rename = "where")]
    pub condition: String,
    /// SQL order terms: who goes first. What is not known comes last; equals go by customer_id. Default
    /// `["vin desc", "net_sales desc"]`.
    #[serde(default = "by_value")]
    pub order_by: Vec<String>,
    /// Customers of the list, at most; those held out count. 1 or more. Default: none.
    #[serde(default)]
    pub limit: Option<u64>,
    /// What a contact costs, in the pipeline's currency. Default: none.
    #[serde(default)]
    pub cost_per_contact: Option<Amount>,
    /// What the list may cost; those held out count, so that it never costs more. Needs `cost_per_contact`. Default: none.
    #[serde(default)]
    pub budget: Option<Amount>,
    /// An SQL number: what a contact is expected to earn. With `cost_per_contact`, customers below the cost are kept out,
    /// and those of whom it is not known. Default: none.
    #[serde(default)]
    pub expected_value: Option<String>,
    /// Place in the waterfall: lower goes first, equals by name. Default: its place in the file, from 1.
    #[serde(default)]
    pub priority: Option<i64>,
    /// Whether its customers are in no other exclusive list of the night. Default true.
    #[serde(default = "yes")]
    pub exclusive: bool,
    /// Whether only one member of a household is contacted. Default: that of `[contact_rules]`.
    #[serde(default)]
    pub one_per_household: Option<bool>,
    /// Share held out as its control group. 0 to 0.9. Default: the share of `[control]`.
    #[serde(default)]
    pub control_share: Option<f64>,
    /// The campaign that answers to it belong to. Default: its name.
    #[serde(default)]
    pub campaign_id: Option<String>,
    /// Age in years that its customers have to have, where the day of birth is known. Not below that of `[contact_rules]`.
    /// Default: that of `[contact_rules]`.
    #[serde(default)]
    pub minimum_age: Option<u32>,
    /// Response rate without contact that the detectable effect assumes. Above 0, below 1. Default 0.05.
    #[serde(default = "usual_rate")]
    pub base_rate: f64,
    /// Its files.
    #[serde(default)]
    pub files: FileParams,
}

impl TargetParams {
    /// The name of a list that nobody named, such as `ad_hoc_3f9a1c`: it tells apart what is asked for and not where it is
    /// written, so that the same list draws the same control group whatever its files are called.
    #[must_use]
    pub fn ad_hoc_name(channel: &str, purpose: &str, condition: &str) -> String {
        let mut asked = Sha256::new();
        for part in [channel, purpose, condition] {
            // How the condition is broken into lines says nothing.
            for word in part.split_whitespace() {
                asked.update(word.as_bytes());
                asked.update(b" ");
            }
            asked.update([0]);
        }
        let short: String = asked.finalize()[..3].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("ad_hoc_{short}")
    }

    /// A list with the defaults of all further keys.
    #[must_use]
    pub fn new(name: &str, channel: &str, condition: &str) -> Self {
        Self {
            name: name.to_owned(),
            purpose: marketing(),
            channel: channel.to_owned(),
            condition: condition.to_owned(),
            order_by: by_value(),
            limit: None,
            cost_per_contact: None,
            budget: None,
            expected_value: None,
            priority: None,
            exclusive: yes(),
            one_per_household: None,
            control_share: None,
            campaign_id: None,
            minimum_age: None,
            base_rate: usual_rate(),
            files: FileParams::default(),
        }
    }
}

fn marketing() -> String {
    "marketing".to_owned()
}

fn by_value() -> Vec<String> {
    vec!["vin desc".to_owned(), "net_sales desc".to_owned()]
}

fn yes() -> bool {
    true
}

fn usual_rate() -> f64 {
    0.05
}

/// `[control]`, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ControlParams {
    /// Salt of the draws: another one draws others. Default: the pipeline's name.
    pub salt: Option<String>,
    /// Share of each list that is held out. 0 to 0.9. Default 0.1.
    pub share: f64,
    /// Share of all customers that is held out of every list. 0 to 0.9. Default 0.
    pub global_share: f64,
}

impl Default for ControlParams {
    fn default() -> Self {
        Self {
            salt: None,
            share: 0.1,
            global_share: 0.0,
        }
    }
}

/// Checked `[control]`. Only [`ControlParams::check`] makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    pub(crate) salt: String,
    pub(crate) share: f64,
    pub(crate) global_share: f64,
}

impl ControlParams {
    /// Checks the shares.
    ///
    /// # Errors
    /// The first share that cannot be.
    pub fn check(&self, pipeline_name: &str) -> Result<Control, TargetParamsError> {
        check_share("control", "share", self.share)?;
        check_share("control", "global_share", self.global_share)?;
        Ok(Control {
            salt: self.salt.clone().unwrap_or_else(|| pipeline_name.to_owned()),
            share: self.share,
            global_share: self.global_share,
        })
    }
}

/// A checked list. Only [`check_targets`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub(crate) name: String,
    pub(crate) purpose: String,
    pub(crate) channel: String,
    pub(crate) condition: Condition,
    pub(crate) order_by: OrderBy,
    pub(crate) limit: Option<u64>,
    pub(crate) cost_per_contact: Option<Amount>,
    pub(crate) budget: Option<Amount>,
    pub(crate) expected_value: Option<ValueExpression>,
    pub(crate) priority: i64,
    pub(crate) exclusive: bool,
    pub(crate) one_per_household: bool,
    pub(crate) control_share: f64,
    pub(crate) campaign_id: String,
    pub(crate) minimum_age: u32,
    pub(crate) base_rate: f64,
}

impl Target {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Through what.
    #[must_use]
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// What for.
    #[must_use]
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// Place in the waterfall.
    #[must_use]
    pub fn priority(&self) -> i64 {
        self.priority
    }

    /// The condition of its candidates.
    #[must_use]
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The list as it was typed, without the values that personal columns are compared with: for records that more people
    /// read than customers' data.
    #[must_use]
    pub fn masked(&self, typed: &TargetParams) -> TargetParams {
        TargetParams {
            condition: self.condition.shown().to_owned(),
            order_by: self.order_by.shown(),
            expected_value: self.expected_value.as_ref().map(|value| value.shown().to_owned()),
            ..typed.clone()
        }
    }

    /// Columns of the base that it looks at.
    #[must_use]
    pub fn columns(&self) -> BTreeSet<String> {
        let mut columns = self.condition.columns().clone();
        columns.extend(self.order_by.columns());
        columns.extend(
            self.expected_value
                .iter()
                .flat_map(|value| value.columns().iter().cloned()),
        );
        columns
    }
}

/// Checks all lists of a pipeline: each one, and that their names differ. They come back in the order of the waterfall.
///
/// # Errors
/// The first list that cannot be, with what it may be.
pub fn check_targets(
    params: &[TargetParams],
    known: &KnownColumns,
    rules: &ContactRulesValidParams,
    control: &Control,
) -> Result<Vec<Target>, TargetParamsError> {
    if params.len() > MOST_LISTS {
        return Err(TargetParamsError::Refused {
            section: "target".to_owned(),
            key: "the number of lists".to_owned(),
            value: params.len().to_string(),
            allowed: format!("at most {MOST_LISTS}"),
        });
    }
    let mut names = BTreeSet::new();
    let mut targets = Vec::with_capacity(params.len());
    for (place, params) in params.iter().enumerate() {
        if !names.insert(&params.name) {
            return Err(TargetParamsError::Twice {
                list: params.name.clone(),
            });
        }
        targets.push(params.check(place, known, rules, control)?);
    }
    targets.sort_by(|one, other| (one.priority, &one.name).cmp(&(other.priority, &other.name)));
    Ok(targets)
}

impl TargetParams {
    fn check(
        &self,
        place: usize,
        known: &KnownColumns,
        rules: &ContactRulesValidParams,
        control: &Control,
    ) -> Result<Target, TargetParamsError> {
        self.check_words()?;
        self.check_money()?;
        let section = self.section();
        let control_share = self.control_share.unwrap_or(control.share);
        check_share(&section, "control_share", control_share)?;
        if !(self.base_rate > 0.0 && self.base_rate < 1.0) {
            return Err(self.refused("base_rate", self.base_rate, "a share above 0 and below 1"));
        }
        let minimum_age = self.minimum_age.unwrap_or(rules.minimum_age);
        check_age(&section, minimum_age)?;
        if minimum_age < rules.minimum_age {
            let allowed = format!("at least {}, the minimum_age of contact_rules", rules.minimum_age);
            return Err(self.refused("minimum_age", minimum_age, &allowed));
        }
        let of = |key| {
            move |error: ConditionError| TargetParamsError::Condition {
                list: self.name.clone(),
                key,
                error: Box::new(error),
            }
        };
        let expected_value = self.expected_value.as_deref();
        let expected_value = expected_value.map(|text| ValueExpression::parse(text, known));
        Ok(Target {
            name: self.name.clone(),
            purpose: self.purpose.trim().to_lowercase(),
            channel: self.channel.trim().to_lowercase(),
            condition: Condition::parse(&self.condition, known).map_err(of("where"))?,
            order_by: OrderBy::parse(&self.order_by, known).map_err(of("order_by"))?,
            limit: self.limit,
            cost_per_contact: self.cost_per_contact,
            budget: self.budget,
            expected_value: expected_value.transpose().map_err(of("expected_value"))?,
            priority: self.priority.unwrap_or(place as i64 + 1),
            exclusive: self.exclusive,
            one_per_household: self.one_per_household.unwrap_or(rules.one_per_household),
            control_share,
            campaign_id: self.campaign_id.clone().unwrap_or_else(|| self.name.clone()),
            minimum_age,
            base_rate: self.base_rate,
        })
    }

    fn check_words(&self) -> Result<(), TargetParamsError> {
        let is_slug = self.name.len() <= LONGEST_NAME
            && self.name.starts_with(|first: char| first.is_ascii_lowercase())
            && self
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_slug {
            return Err(TargetParamsError::Refused {
                section: "target".to_owned(),
                key: "name".to_owned(),
                value: format!("`{}`", self.name),
                allowed: format!(
                    "a name of small letters, digits and _, from a letter on, of at most {LONGEST_NAME} characters"
                ),
            });
        }
        for (key, word) in [("channel", &self.channel), ("purpose", &self.purpose)] {
            if word.trim().is_empty() || is_every(word) {
                return Err(self.refused(key, format!("`{word}`"), &format!("the name of one {key}")));
            }
        }
        if self
            .campaign_id
            .as_deref()
            .is_some_and(|campaign| campaign.trim().is_empty())
        {
            return Err(self.refused("campaign_id", "``", "the id of a campaign"));
        }
        Ok(())
    }

    fn check_money(&self) -> Result<(), TargetParamsError> {
        if self.limit == Some(0) {
            return Err(self.refused("limit", 0, "a number of customers, 1 or more"));
        }
        for (key, amount) in [("cost_per_contact", self.cost_per_contact), ("budget", self.budget)] {
            if let Some(amount) = amount.filter(|amount| amount.0 < 0) {
                return Err(self.refused(key, amount, "an amount of 0 or more"));
            }
        }
        if self.budget.is_some() && self.cost_per_contact.is_none() {
            return Err(TargetParamsError::Alone {
                list: self.name.clone(),
                key: "budget",
                missing: "cost_per_contact",
            });
        }
        Ok(())
    }

    fn section(&self) -> String {
        format!("target {}", self.name)
    }

    fn refused(&self, key: &str, value: impl ToString, allowed: &str) -> TargetParamsError {
        TargetParamsError::Refused {
            section: self.section(),
            key: key.to_owned(),
            value: value.to_string(),
            allowed: allowed.to_owned(),
        }
    }
}

/// At least a tenth is contacted: more would be no list.
fn check_share(section: &str, key: &str, share: f64) -> Result<(), TargetParamsError> {
    if (0.0..=0.9).contains(&share) {
        return Ok(());
    }
    Err(TargetParamsError::Refused {
        section: section.to_owned(),
        key: key.to_owned(),
        value: share.to_string(),
        allowed: "a share from 0 to 0.9".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permissions::ContactRulesParams;

    const LIST: &str = "name = \"win_back\"\nchannel = \"email\"\nwhere = \"order_count > 2\"\n";

    fn checked(text: &str) -> Result<Vec<Target>, String> {
        #[derive(Deserialize)]
        struct Typed {
            target: Vec<TargetParams>,
        }
        let typed: Typed = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let rules = ContactRulesParams::default().check().expect("valid");
        let control = ControlParams::default().check("shop").expect("valid");
        check_targets(&typed.target, &KnownColumns::new(&[], &[]), &rules, &control).map_err(|error| error.to_string())
    }

    fn refusal(more: &str) -> String {
        checked(&format!("[[target]]\n{LIST}{more}")).expect_err(more)
    }

    #[test]
    fn a_list_without_a_name_is_called_by_what_it_asks_for() {
        let name = TargetParams::ad_hoc_name("email", "marketing", "net_sales > 0");
        assert_eq!(name.len(), "ad_hoc_3f9a1c".len());
        assert_eq!(
            name,
            TargetParams::ad_hoc_name("email", "marketing", "net_sales\n  > 0 ")
        );
        for (channel, purpose, condition) in [
            ("sms", "marketing", "net_sales > 0"),
            ("email", "service", "net_sales > 0"),
            ("email", "marketing", "net_sales > 1"),
        ] {
            assert_ne!(name, TargetParams::ad_hoc_name(channel, purpose, condition));
        }
    }

    #[test]
    fn the_defaults_are_valid() {
        let targets = checked(&format!("[[target]]\n{LIST}")).expect("valid");
        let target = &targets[0];
        assert_eq!((target.purpose(), target.channel()), ("marketing", "email"));
        assert_eq!((target.priority(), target.campaign_id.as_str()), (1, "win_back"));
        assert_eq!((target.control_share, target.minimum_age), (0.1, 18));
        assert!(target.exclusive && target.one_per_household);
        let columns: Vec<String> = target.columns().into_iter().collect();
        assert_eq!(columns, ["net_sales", "order_count", "vin"]);
    }

    #[test]
    fn lists_come_in_the_order_of_the_waterfall() {
        let list = |name: &str, more: &str| {
            format!("[[target]]\nname = \"{name}\"\nchannel = \"email\"\nwhere = \"order_count > 2\"\n{more}\n")
        };
        let text = [list("c", "priority = 7"), list("b", ""), list("a", "priority = 2")].concat();
        let names: Vec<String> = checked(&text)
            .expect("valid")
            .into_iter()
            .map(|target| target.name)
            .collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(
            checked(&[list("a", ""), list("a", "")].concat()).expect_err("twice"),
            "target a: there are two lists of that name"
        );
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        for (more, told) in [
            (
                "limit = 0",
                "target win_back: limit = 0 is not a number of customers, 1 or more",
            ),
            (
                "cost_per_contact = -1",
                "target win_back: cost_per_contact = -1.00 is not an amount of 0 or more",
            ),
            (
                "budget = 100",
                "target win_back: budget is given without cost_per_contact",
            ),
            (
                "control_share = 0.95",
                "target win_back: control_share = 0.95 is not a share from 0 to 0.9",
            ),
            (
                "base_rate = 0.0",
                "target win_back: base_rate = 0 is not a share above 0 and below 1",
            ),
            (
                "minimum_age = 16",
                "target win_back: minimum_age = 16 is not at least 18, the minimum_age of contact_rules",
            ),
            (
                "minimum_age = 160",
                "target win_back: minimum_age = 160 is not an age in years from 0 to 120",
            ),
            (
                "purpose = \"any\"",
                "target win_back: purpose = `any` is not the name of one purpose",
            ),
            (
                "campaign_id = \" \"",
                "target win_back: campaign_id = `` is not the id of a campaign",
            ),
            (
                "order_by = [\"vinn desc\"]",
                "target win_back: order_by: there is no column `vinn`; did you mean `vin`?",
            ),
            (
                "expected_value = \"city\"",
                "target win_back: expected_value: it is text, and should be a number",
            ),
        ] {
            assert_eq!(refusal(more), told);
        }
    }

    #[test]
    fn names_and_conditions_are_checked() {
        let with = |name: &str, condition: &str| {
            checked(&format!(
                "[[target]]\nname = \"{name}\"\nchannel = \"email\"\nwhere = \"{condition}\"\n"
            ))
            .expect_err("refused")
        };
        for name in ["Win", "", "2nd", "a/b", "_a"] {
            assert!(
                with(name, "vin > 0").starts_with(&format!("target: name = `{name}` is not a name of")),
                "{name}"
            );
        }
        assert_eq!(
            with("a", "order_cont > 2"),
            "target a: where: there is no column `order_cont`; did you mean `order_count`?"
        );
    }

    #[test]
    fn shares_of_control_are_checked() {
        let params = ControlParams {
            global_share: -0.1,
            ..ControlParams::default()
        };
        assert_eq!(
            params.check("shop").expect_err("refused").to_string(),
            "control: global_share = -0.1 is not a share from 0 to 0.9"
        );
    }
}
