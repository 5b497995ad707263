//! The customers as codes, and where tonight's lists leave them.

use std::collections::HashMap;

use cartera_table::TableError;
use cartera_table::contracts::STAGES;
use cartera_table::frame::text;
use polars::prelude::{DataFrame, StringChunked};
use rayon::prelude::*;

use super::decide::Facts;
use super::params::ContactPlanValidParams;
use super::sources::ContactPlanSources;
use crate::lists::{Control, CustomerKeys, Decision, Draw, ListOutcome};
use crate::permissions::Ids;

/// Code of a stage or a tier that there is not.
const UNKNOWN: u8 = u8::MAX;

/// What is known of each customer.
pub(super) fn facts(sources: ContactPlanSources<'_>, params: &ContactPlanValidParams) -> Result<Facts, TableError> {
    let ids = Ids::new(text(sources.features.frame(), "customer_id")?);
    let segments = sources.segments.frame();
    let tiers: Vec<&str> = params.tiers.iter().map(String::as_str).collect();
    let mut facts = Facts {
        stages: codes(text(segments, "lifecycle_stage")?, STAGES),
        tiers: codes(text(segments, "value_tier")?, &tiers),
        signals: signal_bits(&ids, sources.signals.frame(), &params.signals)?,
        lists: vec![0; ids.len()],
        list_counts: vec![0; ids.len()],
        in_control: held_out(&ids, sources.keys, sources.control),
    };
    for (number, list) in (1..).zip(sources.lists) {
        add_list(&mut facts, number, list);
    }
    Ok(facts)
}

fn codes(values: &StringChunked, names: &[&str]) -> Vec<u8> {
    let codes: HashMap<&str, u8> = names.iter().copied().zip(0..).collect();
    let code = |value: Option<&str>| value.and_then(|value| codes.get(value).copied()).unwrap_or(UNKNOWN);
    values.iter().map(code).collect()
}

/// A bit for each of these signals that a customer has.
fn signal_bits(ids: &Ids, signals: &DataFrame, names: &[String]) -> Result<Vec<u64>, TableError> {
    let places = names.iter().map(String::as_str).zip(0..);
    let bits: HashMap<&str, u64> = places.map(|(name, place)| (name, 1_u64 << place)).collect();
    let mut found = vec![0; ids.len()];
    let mut cursor = ids.cursor();
    let signals = text(signals, "customer_id")?
        .iter()
        .zip(text(signals, "signal")?.iter());
    for (id, signal) in signals {
        let bit = signal.and_then(|signal| bits.get(signal));
        if let (Some(bit), Some(row)) = (bit, id.and_then(|id| cursor.find(id))) {
            found[row as usize] |= bit;
        }
    }
    Ok(found)
}

/// Who is held out of everything, whether a list asks for them tonight or not.
fn held_out(ids: &Ids, keys: &CustomerKeys, control: &Control) -> Vec<bool> {
    if control.global_share <= 0.0 {
        return vec![false; ids.len()];
    }
    let draw = Draw::of_all(&control.salt, control.global_share);
    let is_drawn = |row: usize| keys.is_drawn(row as u32, ids.get(row), &draw);
    (0..ids.len()).into_par_iter().map(is_drawn).collect()
}

/// Lists come in the order of the waterfall, so that the first one is the next contact.
fn add_list(facts: &mut Facts, number: u16, list: &ListOutcome<'_>) {
    for (&row, decision) in list.rows().iter().zip(list.decisions()) {
        let row = row as usize;
        match decision {
            Decision::Contact => {
                if facts.lists[row] == 0 {
                    facts.lists[row] = number;
                }
                facts.list_counts[row] = facts.list_counts[row].saturating_add(1);
            }
            Decision::Control | Decision::GlobalControl => facts.in_control[row] = true,
            Decision::Excluded => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{NewChunkedArray, df};

    use super::*;

    #[test]
    fn codes_are_places_and_what_there_is_not_is_in_no_set() {
        let values = StringChunked::from_slice("tier".into(), &["gold", "iron", "bronze"]);
        let codes = codes(&values, &["gold", "bronze"]);
        assert_eq!(codes, [0, UNKNOWN, 1]);
        assert!(!super::super::decide::has_bit(3, codes[1]));
    }

    #[test]
    fn signals_find_their_customers() {
        let ids = Ids::new(&StringChunked::from_slice("customer_id".into(), &["a", "b", "d"]));
        let signals = df!(
            "customer_id" => ["a", "a", "c", "d", "d"],
            "signal" => ["late", "other", "late", "gone", "late"],
        )
        .expect("a frame");
        let names = ["late", "gone"].map(str::to_owned);
        assert_eq!(signal_bits(&ids, &signals, &names).expect("columns"), [0b01, 0, 0b11]);
    }
}
