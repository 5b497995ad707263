//! `[contact_rules]`: how often, how soon and who at all.

use serde::{Deserialize, Serialize};

use super::words::{channel_word, is_every};
use crate::lists::TargetParamsError;

/// Days that a rule looks back, at most.
const MOST_DAYS: u32 = 3_650;
/// Kinds of cases.
const CASE_KINDS: [&str; 4] = ["incident", "complaint", "question", "survey"];

/// `[contact_rules]`, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContactRulesParams {
    /// How many contacts are too many. Default: 2 in 7 days, through whatever channel.
    pub caps: Vec<CapParams>,
    /// Days from the opening of a case, that day included, on which the customer is left in peace. One that is open keeps
    /// the customer out however old it is. 0 to 3650. Default 14.
    pub quiet_days_after_case: u32,
    /// Kinds of cases that ask for quiet. Default: complaint and incident.
    pub quiet_kinds: Vec<String>,
    /// Age in years that a customer has to have, where the day of birth is known. 0 to 120. Default 18.
    pub minimum_age: u32,
    /// Whether only one member of a household is contacted a night, where households are known. Default true.
    pub one_per_household: bool,
    /// Whether a list of a channel keeps out whom the channel cannot reach: email without an address; phone and sms without
    /// a number; post without a street and a city or postcode. Default true.
    pub required_details: bool,
    /// Country of telephone numbers without a calling code, where the customer has none. An ISO code or a name. Default:
    /// none, which leaves only the last digits to compare.
    pub default_country: Option<String>,
}

/// One of `caps`: not more than so many contacts in so many days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapParams {
    /// The channel whose contacts it counts and whose lists it holds for. Default: none, which stands for all together.
    #[serde(default)]
    pub channel: Option<String>,
    /// Days up to the day of the contact, that day included. 1 to 3650.
    pub days: u32,
    /// Contacts within them, at most. 1 to 1000.
    pub contacts: u32,
}

impl Default for ContactRulesParams {
    fn default() -> Self {
        Self {
            caps: vec![CapParams {
                channel: None,
                days: 7,
                contacts: 2,
            }],
            quiet_days_after_case: 14,
            quiet_kinds: vec!["complaint".to_owned(), "incident".to_owned()],
            minimum_age: 18,
            one_per_household: true,
            required_details: true,
            default_country: None,
        }
    }
}

/// Checked `[contact_rules]`. Only [`ContactRulesParams::check`] makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRulesValidParams {
    pub(crate) caps: Vec<Cap>,
    pub(crate) quiet_days_after_case: i32,
    pub(crate) quiet_kinds: Vec<String>,
    pub(crate) minimum_age: u32,
    pub(crate) one_per_household: bool,
    pub(crate) required_details: bool,
    pub(crate) default_country: Option<String>,
}

impl ContactRulesValidParams {
    /// Days that the longest cap looks back; 0 without any.
    pub(crate) fn longest_cap_days(&self) -> i32 {
        self.caps.iter().map(|cap| cap.days).max().unwrap_or_default()
    }
}

/// A cap with its channel in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cap {
    pub(crate) channel: Option<String>,
    pub(crate) days: i32,
    pub(crate) contacts: u32,
}

impl Cap {
    /// As people say it: `email: 2 in 7 days`.
    pub(crate) fn words(&self) -> String {
        let channel = self
            .channel
            .as_ref()
            .map_or_else(String::new, |channel| format!("{channel}: "));
        let days = if self.days == 1 { "day" } else { "days" };
        format!("{channel}{} in {} {days}", self.contacts, self.days)
    }
}

impl ContactRulesParams {
    /// Checks the rules.
    ///
    /// # Errors
    /// The first rule that cannot be, with what it may be.
    pub fn check(&self) -> Result<ContactRulesValidParams, TargetParamsError> {
        if self.quiet_days_after_case > MOST_DAYS {
            return Err(refused(
                "quiet_days_after_case",
                self.quiet_days_after_case,
                "a number of days from 0 to 3650",
            ));
        }
        for kind in &self.quiet_kinds {
            if !CASE_KINDS.contains(&kind.as_str()) {
                return Err(refused(
                    "quiet_kinds",
                    format!("`{kind}`"),
                    "one of incident, complaint, question, survey",
                ));
            }
        }
        check_age("contact_rules", self.minimum_age)?;
        let caps = self.caps.iter().map(CapParams::check).collect::<Result<_, _>>()?;
        let country = self.default_country.as_deref();
        if let Some(unknown) = country.filter(|country| crate::contact::country_code(country).is_none()) {
            return Err(refused(
                "default_country",
                format!("`{unknown}`"),
                "an ISO 3166 code or the name of a country",
            ));
        }
        Ok(ContactRulesValidParams {
            caps,
            quiet_days_after_case: self.quiet_days_after_case as i32,
            quiet_kinds: self.quiet_kinds.clone(),
            minimum_age: self.minimum_age,
            one_per_household: self.one_per_household,
            required_details: self.required_details,
            default_country: self.default_country.clone(),
        })
    }
}

impl CapParams {
    fn check(&self) -> Result<Cap, TargetParamsError> {
        let channel = self
            .channel
            .as_deref()
            .map(|channel| channel_word(channel).into_owned());
        if channel
            .as_deref()
            .is_some_and(|channel| channel.is_empty() || is_every(channel))
        {
            return Err(refused(
                "caps.channel",
                format!("`{}`", self.channel.as_deref().unwrap_or_default()),
                "the name of a channel; leave it out for all channels together",
            ));
        }
        if !(1..=MOST_DAYS).contains(&self.days) {
            return Err(refused("caps.days", self.days, "a number of days from 1 to 3650"));
        }
        if !(1..=1000).contains(&self.contacts) {
            return Err(refused("caps.contacts", self.contacts, "a number from 1 to 1000"));
        }
        Ok(Cap {
            channel,
            days: self.days as i32,
            contacts: self.contacts,
        })
    }
}

/// Refuses an age that nobody has.
pub(crate) fn check_age(section: &str, years: u32) -> Result<(), TargetParamsError> {
    if years > 120 {
        return Err(TargetParamsError::Refused {
            section: section.to_owned(),
            key: "minimum_age".to_owned(),
            value: years.to_string(),
            allowed: "an age in years from 0 to 120".to_owned(),
        });
    }
    Ok(())
}

fn refused(key: &str, value: impl ToString, allowed: &str) -> TargetParamsError {
    TargetParamsError::Refused {
        section: "contact_rules".to_owned(),
        key: key.to_owned(),
        value: value.to_string(),
        allowed: allowed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: impl FnOnce(&mut ContactRulesParams)) -> String {
        let mut params = ContactRulesParams::default();
        change(&mut params);
        params.check().expect_err("refused").to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        let rules = ContactRulesParams::default().check().expect("valid");
        assert_eq!(rules.caps[0].words(), "2 in 7 days");
        assert_eq!((rules.minimum_age, rules.quiet_days_after_case), (18, 14));
        assert!(rules.one_per_household && rules.required_details);
    }

    #[test]
    fn caps_say_their_channel() {
        let params: ContactRulesParams =
            toml::from_str("caps = [{ channel = \" Email\", days = 1, contacts = 1 }]").expect("read");
        assert_eq!(params.check().expect("valid").caps[0].words(), "email: 1 in 1 day");
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        let cap = |channel: Option<&str>, days, contacts| {
            let channel = channel.map(str::to_owned);
            vec![CapParams {
                channel,
                days,
                contacts,
            }]
        };
        assert_eq!(
            refusal(|params| params.caps = cap(None, 0, 1)),
            "contact_rules: caps.days = 0 is not a number of days from 1 to 3650"
        );
        assert_eq!(
            refusal(|params| params.caps = cap(None, 1, 0)),
            "contact_rules: caps.contacts = 0 is not a number from 1 to 1000"
        );
        assert_eq!(
            refusal(|params| params.caps = cap(Some("All"), 1, 1)),
            "contact_rules: caps.channel = `All` is not the name of a channel; leave it out for all channels together"
        );
        assert_eq!(
            refusal(|params| params.quiet_days_after_case = 4000),
            "contact_rules: quiet_days_after_case = 4000 is not a number of days from 0 to 3650"
        );
        assert_eq!(
            refusal(|params| params.quiet_kinds = vec!["complaints".to_owned()]),
            "contact_rules: quiet_kinds = `complaints` is not one of incident, complaint, question, survey"
        );
        assert_eq!(
            refusal(|params| params.minimum_age = 180),
            "contact_rules: minimum_age = 180 is not an age in years from 0 to 120"
        );
        assert_eq!(
            refusal(|params| params.default_country = Some("Atlantis".to_owned())),
            "contact_rules: default_country = `Atlantis` is not an ISO 3166 code or the name of a country"
        );
    }
}
