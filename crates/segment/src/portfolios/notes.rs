//! What the reader should know of the owners' words: a territory that is spelled in another way takes nobody.

use std::collections::HashSet;

use super::base::Base;
use super::coverage::{Market, Names};
use super::owners::Owners;
use super::params::PortfolioValidParams;

/// Names that a note lists.
const LISTED: usize = 5;

/// The notes on portfolios.
pub(crate) fn notes(base: &Base, owners: &Owners, params: &PortfolioValidParams) -> Vec<String> {
    let mut notes = Vec::new();
    if owners.rows.is_empty() {
        notes.push("the source of owners has no row: nobody is looked after".to_owned());
    } else if !owners.rows.iter().any(|owner| owner.is_active) {
        notes.push("no owner is active on as_of: nobody is looked after".to_owned());
    }
    if !owners.never_active.is_empty() {
        let ids: Vec<&str> = owners.never_active.iter().map(String::as_str).collect();
        notes.push(format!(
            "active_until is before active_from, so that the owner is never active: {}",
            listed(&ids)
        ));
    }
    if base.measure != params.value {
        notes.push(format!(
            "no eligible customer has a {}: customers are ranked by {}",
            params.value, base.measure
        ));
    }
    notes.extend(unseen(base, owners, params));
    notes
}

/// What owners name and no customer has: of segments told apart by whether there is such a one at all.
fn unseen(base: &Base, owners: &Owners, params: &PortfolioValidParams) -> Vec<String> {
    let named = &owners.named;
    let codes: HashSet<u32> = base.order.iter().map(|&row| base.markets[row as usize]).collect();
    let markets: Vec<Market> = codes.into_iter().map(|code| named.market(code)).collect();
    let mut notes = Vec::new();
    let mut look = |what: &str, names: &Names, possible: Option<&[String]>, code: fn(&Market) -> u32| {
        let seen: HashSet<u32> = markets.iter().map(code).collect();
        let is_possible = |name: &&str| possible.is_none_or(|possible| possible.iter().any(|one| one == name));
        let (unseen, wrong): (Vec<&str>, Vec<&str>) = names.without(&seen).into_iter().partition(is_possible);
        if !wrong.is_empty() {
            let possible = possible.unwrap_or_default().join(", ");
            notes.push(format!(
                "owners take customers whose {what} is {}, and there is no such {what}; those there are: {possible}",
                listed(&wrong)
            ));
        }
        if !unseen.is_empty() {
            notes.push(format!(
                "owners take customers whose {what} is {}, and no eligible customer has it",
                listed(&unseen)
            ));
        }
    };
    let (value_tiers, rfm_segments) = (Some(&*params.value_tiers), Some(&*params.rfm_segments));
    look(params.territory, &named.territories, None, |market| market.territory);
    look("value_tier", &named.value_tiers, value_tiers, |market| {
        market.value_tier
    });
    look("rfm_segment", &named.rfm_segments, rfm_segments, |market| {
        market.rfm_segment
    });
    notes
}

/// The first names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let (first, more) = names.split_at(names.len().min(LISTED));
    match more.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
