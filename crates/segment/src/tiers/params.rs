//! The configured tiers.

use serde::Deserialize;

use super::NO_VALUE;
use crate::error::SegmentError;
use crate::names::{SLUG, is_slug};
use crate::pareto::ExactShare;

/// Most tiers.
const MAX_TIERS: usize = 20;

/// Parameters of the value tiers.
///
/// ```toml
/// [value_tiers]
/// measure = "net_profit"
/// by = "amount"
///
/// [[value_tiers.tier]]
/// name = "key_account"
/// at_least = 5000
///
/// [[value_tiers.tier]]
/// name = "standard"
/// ```
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValueTierParams {
    /// The decimal column of `customer_features` that says what a customer is worth. Default: `vin`, where it is
    /// known of anybody; else `net_profit`; else `net_sales`.
    pub measure: Option<String>,
    /// What the limits of the tiers are: shares of the customers with a positive value, or amounts.
    /// Default: `share_of_customers`.
    pub by: ValueTiersBy,
    /// The tiers, best first; the last one has no limit and takes the rest. Default: platinum up to 0.01 of the
    /// customers, gold up to 0.05, silver up to 0.2, bronze the rest.
    #[serde(rename = "tier")]
    pub tiers: Vec<TierRule>,
    /// A customer keeps the better tier of the run before while the value is at most this share below the lower
    /// limit of that tier, so that nobody goes up and down from night to night. 0 to 0.9. Default: 0, nobody is
    /// held.
    pub hold_share: f64,
}

/// What the limits of tiers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueTiersBy {
    /// Shares of the customers with a positive value, counted from the best.
    #[default]
    ShareOfCustomers,
    /// Amounts of the measure.
    Amount,
}

/// One tier.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierRule {
    /// The tier: a snake_case slug.
    pub name: String,
    /// The tier ends with the customer who completes this share of the customers with a positive value, counted from
    /// the best one of the first tier. Above 0, below 1, five decimals.
    pub top_share: Option<f64>,
    /// Least value of the tier, above 0, four decimals.
    pub at_least: Option<f64>,
}

/// Checked parameters of the value tiers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValueTierValidParams {
    pub(crate) measure: Option<&'static str>,
    /// Best first, the last one without a limit.
    pub(crate) names: Vec<String>,
    /// One less than there are names.
    pub(crate) limits: TierLimitParams,
    /// In millionths.
    pub(crate) hold_millionths: i128,
}

/// The limits of all tiers but the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TierLimitParams {
    /// Ascending.
    Shares(Vec<ExactShare>),
    /// Descending, in ten-thousandths.
    Amounts(Vec<i128>),
}

impl ValueTierParams {
    /// Checks the parameters against the columns that can be the measure.
    pub(crate) fn check(&self, possible: &[&'static str]) -> Result<ValueTierValidParams, SegmentError> {
        let measure = match &self.measure {
            None => None,
            Some(name) => match possible.iter().find(|&column| column == name) {
                Some(&column) => Some(column),
                None => {
                    let allowed = format!("one of {}", possible.join(", "));
                    return Err(refused("measure", format!("`{name}`"), &allowed));
                }
            },
        };
        if !(0.0..=0.9).contains(&self.hold_share) {
            return Err(refused(
                "hold_share",
                self.hold_share.to_string(),
                "a share from 0 to 0.9",
            ));
        }
        let tiers = match (self.tiers.is_empty(), self.by) {
            (false, _) => self.tiers.clone(),
            (true, ValueTiersBy::ShareOfCustomers) => default_tiers(),
            (true, ValueTiersBy::Amount) => {
                let allowed = "possible without [[value_tiers.tier]]: which amounts are a lot is not known";
                return Err(refused("by", "\"amount\"".into(), allowed));
            }
        };
        check_names(&tiers)?;
        Ok(ValueTierValidParams {
            measure,
            limits: limits(&tiers, self.by)?,
            names: tiers.into_iter().map(|tier| tier.name).collect(),
            hold_millionths: (self.hold_share * 1e6).round() as i128,
        })
    }
}

/// The pyramid of Curry and Curry (2000), The Customer Marketing Method: 1 %, the next 4 %, the next 15 %, the rest.
fn default_tiers() -> Vec<TierRule> {
    let tier = |name: &str, top_share| TierRule {
        name: name.into(),
        top_share,
        at_least: None,
    };
    vec![
        tier("platinum", Some(0.01)),
        tier("gold", Some(0.05)),
        tier("silver", Some(0.2)),
        tier("bronze", None),
    ]
}

fn check_names(tiers: &[TierRule]) -> Result<(), SegmentError> {
    if !(2..=MAX_TIERS).contains(&tiers.len()) {
        return Err(refused(
            "tier",
            format!("a list of {}", tiers.len()),
            "2 to 20 tiers long",
        ));
    }
    for (place, TierRule { name, .. }) in tiers.iter().enumerate() {
        let reason = if name == NO_VALUE {
            "it is kept for customers without a positive value"
        } else if !is_slug(name) {
            SLUG
        } else if tiers[..place].iter().any(|other| other.name == *name) {
            "there are two of that name"
        } else {
            continue;
        };
        return Err(SegmentError::ValueTierName {
            name: name.clone(),
            reason,
        });
    }
    Ok(())
}

/// The limits, each beyond the one before.
fn limits(tiers: &[TierRule], by: ValueTiersBy) -> Result<TierLimitParams, SegmentError> {
    let (last, limited) = match tiers.split_last() {
        Some(split) => split,
        None => return Err(refused("tier", "empty".into(), "2 to 20 tiers long")),
    };
    let (key, other) = match by {
        ValueTiersBy::ShareOfCustomers => ("top_share", "at_least"),
        ValueTiersBy::Amount => ("at_least", "top_share"),
    };
    let given = |tier: &TierRule, key| match key {
        "top_share" => tier.top_share,
        _ => tier.at_least,
    };
    let refuse = |tier: &TierRule, key: &'static str, allowed: &str| {
        let value = given(tier, key).map_or_else(|| "missing".to_owned(), |value| value.to_string());
        Err(refused(key, format!("{value} in tier `{}`", tier.name), allowed))
    };
    for unlimited in [key, other] {
        if given(last, unlimited).is_some() {
            return refuse(last, unlimited, "possible: the last tier takes the rest");
        }
    }
    if let Some(tier) = limited.iter().find(|tier| given(tier, other).is_some()) {
        return refuse(tier, other, "possible with that `by`");
    }
    match by {
        ValueTiersBy::ShareOfCustomers => {
            let mut shares: Vec<ExactShare> = Vec::new();
            for tier in limited {
                match tier.top_share.and_then(ExactShare::new) {
                    Some(share) if share.as_f64() < 1.0 && shares.last().is_none_or(|last| *last < share) => {
                        shares.push(share);
                    }
                    _ => {
                        return refuse(
                            tier,
                            key,
                            "above that of the tier before and below 1, with at most 5 decimals",
                        );
                    }
                }
            }
            Ok(TierLimitParams::Shares(shares))
        }
        ValueTiersBy::Amount => {
            let mut amounts: Vec<i128> = Vec::new();
            for tier in limited {
                match tier.at_least.and_then(ten_thousandths) {
                    Some(amount) if amount > 0 && amounts.last().is_none_or(|last| *last > amount) => {
                        amounts.push(amount);
                    }
                    _ => {
                        return refuse(
                            tier,
                            key,
                            "above 0 and below that of the tier before, with at most 4 decimals",
                        );
                    }
                }
            }
            Ok(TierLimitParams::Amounts(amounts))
        }
    }
}

/// An amount as a whole number; none where it has further decimals.
fn ten_thousandths(amount: f64) -> Option<i128> {
    let scaled = amount * 10_000.0;
    let is_whole = (scaled - scaled.round()).abs() < 1e-4 && scaled.abs() < 1e15;
    is_whole.then_some(scaled.round() as i128)
}

fn refused(key: &'static str, value: String, allowed: &str) -> SegmentError {
    SegmentError::ValueTierParameter {
        key,
        value,
        allowed: allowed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(name: &str, top_share: Option<f64>, at_least: Option<f64>) -> TierRule {
        TierRule {
            name: name.into(),
            top_share,
            at_least,
        }
    }

    fn check(change: impl FnOnce(&mut ValueTierParams)) -> Result<ValueTierValidParams, SegmentError> {
        let mut params = ValueTierParams::default();
        change(&mut params);
        params.check(&["net_sales", "net_profit", "vin"])
    }

    fn refusal(change: impl FnOnce(&mut ValueTierParams)) -> String {
        check(change).expect_err("refused").to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        let params = check(|_| ()).expect("valid");
        assert_eq!(params.names, ["platinum", "gold", "silver", "bronze"]);
        let TierLimitParams::Shares(shares) = params.limits else {
            panic!("shares")
        };
        let shares: Vec<f64> = shares.into_iter().map(ExactShare::as_f64).collect();
        assert_eq!(shares, [0.01, 0.05, 0.2]);
        assert_eq!((params.measure, params.hold_millionths), (None, 0));
    }

    #[test]
    fn amounts_are_exact() {
        let params = check(|params| {
            params.by = ValueTiersBy::Amount;
            params.tiers = vec![
                tier("a", None, Some(1000.5)),
                tier("b", None, Some(0.1)),
                tier("c", None, None),
            ];
        })
        .expect("valid");
        assert_eq!(params.limits, TierLimitParams::Amounts(vec![10_005_000, 1_000]));
    }

    #[test]
    fn measures_holds_and_missing_amounts_are_refused() {
        assert_eq!(
            refusal(|params| params.measure = Some("order_count".into())),
            "value_tiers: measure is `order_count`, which is not one of net_sales, net_profit, vin"
        );
        for hold in [-0.1, 0.91, f64::NAN] {
            assert!(refusal(|params| params.hold_share = hold).starts_with("value_tiers: hold_share is "));
        }
        assert!(refusal(|params| params.by = ValueTiersBy::Amount).starts_with("value_tiers: by is \"amount\""));
    }

    #[test]
    fn too_few_and_too_many_tiers_are_refused() {
        assert!(refusal(|params| params.tiers = vec![tier("a", None, None)]).contains("a list of 1"));
        let many = (0..21).map(|place| tier(&format!("t{place}"), None, None)).collect();
        assert!(refusal(|params| params.tiers = many).contains("a list of 21"));
    }

    #[test]
    fn names_that_are_taken_or_no_slugs_are_refused() {
        for name in ["no_value", "Gold", "last"] {
            let error = check(|params| params.tiers = vec![tier(name, Some(0.1), None), tier("last", None, None)]);
            assert!(matches!(error, Err(SegmentError::ValueTierName { .. })), "{name}");
        }
    }

    #[test]
    fn limits_must_fit_and_narrow() {
        let refused = |first: TierRule, second: TierRule, last: TierRule| {
            refusal(|params| params.tiers = vec![first, second, last])
        };
        let (a, b, c) = (
            tier("a", Some(0.1), None),
            tier("b", Some(0.2), None),
            tier("c", None, None),
        );
        assert!(check(|params| params.tiers = vec![a.clone(), b.clone(), c.clone()]).is_ok());
        for (first, second, last, what) in [
            (b.clone(), tier("a", Some(0.1), None), c.clone(), "0.1 in tier `a`"),
            (a.clone(), tier("b", Some(1.0), None), c.clone(), "1 in tier `b`"),
            (a.clone(), tier("b", None, None), c.clone(), "missing in tier `b`"),
            (a.clone(), tier("b", Some(0.2), Some(5.0)), c.clone(), "5 in tier `b`"),
            (a.clone(), b.clone(), tier("c", Some(0.9), None), "0.9 in tier `c`"),
        ] {
            let message = refused(first, second, last);
            assert!(message.contains(what), "{message}");
        }
        let amounts = refusal(|params| {
            params.by = ValueTiersBy::Amount;
            params.tiers = vec![
                tier("a", None, Some(5.0)),
                tier("b", None, Some(5.0)),
                tier("c", None, None),
            ];
        });
        assert!(amounts.contains("at_least is 5 in tier `b`"), "{amounts}");
    }
}
