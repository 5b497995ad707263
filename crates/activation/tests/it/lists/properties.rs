//! What always holds.

use std::collections::{BTreeMap, BTreeSet};

use cartera_table::contracts::{TARGET_DECISIONS, TARGET_REASONS};
use proptest::prelude::*;

use super::tables::{Night, Row, column};
use super::world::{HOUR, Random, World};

impl Night {
    /// Customers of a list with one of these decisions.
    fn with(&self, list: &str, decisions: &[&str]) -> BTreeSet<String> {
        let rows = self.rows.iter().filter(|row| row.list == list);
        rows.filter(|row| decisions.contains(&row.decision.as_str()))
            .map(|row| row.customer.clone())
            .collect()
    }

    fn lists(&self) -> BTreeSet<String> {
        column(&self.lists, "list").into_iter().collect()
    }

    /// Change and reason by list and customer.
    fn changes(&self) -> BTreeMap<(String, String), (String, String)> {
        let [lists, customers, changes, reasons] =
            ["list", "customer_id", "change", "reason"].map(|name| column(&self.changes, name).into_iter());
        lists.zip(customers).zip(changes.zip(reasons)).collect()
    }

    fn counts(&self, name: &str) -> Vec<i64> {
        let counts = self.lists.column(name).expect("there").i64().expect("numbers");
        counts.iter().flatten().collect()
    }
}

const SELECTED: [&str; 3] = ["contact", "control", "global_control"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Every decision, reason and rank is that of the slow implementation, in whatever order the files have their rows.
    #[test]
    fn decisions_are_those_of_the_rules(seed in any::<u64>()) {
        let world = World::any(&mut Random(seed));
        let night = world.decide(None, seed);
        prop_assert_eq!(&night.rows, &world.expected());
        let shuffled = world.decide(None, seed ^ 1);
        prop_assert!(shuffled.decisions.equals_missing(&night.decisions));
    }

    /// Nobody is contacted who may not be, and every row is counted once.
    #[test]
    fn nobody_is_contacted_who_may_not_be(seed in any::<u64>()) {
        let world = World::any(&mut Random(seed));
        let night = world.decide(None, seed);
        for list in &world.lists {
            for customer in night.with(&list.name, &SELECTED) {
                let person = world.people.iter().find(|person| person.id == customer).expect("a person");
                prop_assert_eq!(world.consent_refusal(person, list.channel, list.purpose), None);
            }
            let selected = night.with(&list.name, &SELECTED).len();
            prop_assert!(list.limit.is_none_or(|limit| selected <= limit));
            let cost = list.cost.unwrap_or_default() * selected as i64;
            prop_assert!(list.budget.is_none_or(|budget| cost <= budget));
        }
        let sums: Vec<i64> = ["contact_count", "control_count", "global_control_count", "excluded_count"]
            .map(|name| night.counts(name))
            .into_iter()
            .reduce(|one, other| one.iter().zip(other).map(|(one, other)| one + other).collect())
            .expect("sums");
        prop_assert_eq!(&sums, &night.counts("candidate_count"));
        let reasons: i64 = night.reasons.column("customer_count").expect("there").i64().expect("numbers").iter().flatten().sum();
        prop_assert_eq!(reasons, night.rows.len() as i64);
        prop_assert_eq!(sums.iter().sum::<i64>(), night.rows.len() as i64);
    }

    /// Exclusive lists share nobody, and lists of one a household share no household.
    #[test]
    fn lists_of_a_night_keep_out_of_each_others_way(seed in any::<u64>()) {
        let world = World::any(&mut Random(seed));
        let night = world.decide(None, seed);
        let (mut taken, mut homes) = (BTreeSet::new(), BTreeMap::new());
        for list in &world.lists {
            for customer in night.with(&list.name, &SELECTED) {
                if list.exclusive {
                    prop_assert!(taken.insert(customer.clone()), "{} is in two lists", customer);
                }
                let person = world.people.iter().find(|person| person.id == customer).expect("a person");
                let one = list.one_per_household.unwrap_or(world.one_per_household);
                if let Some(household) = person.household.filter(|_| one) {
                    let holder = homes.entry(household).or_insert_with(|| customer.clone());
                    prop_assert_eq!(&*holder, &customer, "two of household {}", household);
                }
            }
        }
    }

    /// Yesterday's list with today's changes is today's list; who was held out and is still wanted is held out.
    #[test]
    fn changes_lead_from_yesterday_to_today(seed in any::<u64>()) {
        let random = &mut Random(seed);
        let yesterday = World::any(random);
        let today = yesterday.night_after(random);
        let before = yesterday.decide(None, seed);
        let after = today.decide(Some(&before.decisions), seed);
        prop_assert_eq!(&after.rows, &today.expected());
        let changes = after.changes();
        let lists: BTreeSet<String> = before.lists().union(&after.lists()).cloned().collect();
        for list in &lists {
            let (old, new) = (before.with(list, &["contact"]), after.with(list, &["contact"]));
            let changed = |change: &str| -> BTreeSet<String> {
                let of_list = changes.iter().filter(|((of, _), (what, _))| of == list && what == change);
                of_list.map(|((_, customer), _)| customer.clone()).collect()
            };
            prop_assert_eq!(changed("added"), new.difference(&old).cloned().collect());
            prop_assert_eq!(changed("kept"), new.intersection(&old).cloned().collect());
            prop_assert_eq!(changed("removed"), old.difference(&new).cloned().collect());
            for customer in changed("removed") {
                let told = &changes[&(list.clone(), customer.clone())].1;
                prop_assert_eq!(told, &removed_because(&today, &after, list, &customer));
            }
        }
        for row in before.rows.iter().filter(|row| row.decision == "control") {
            let owner = today.owner(&row.customer);
            let is_contacted = |other: &&Row| other.list == row.list && other.customer == owner && other.decision == "contact";
            prop_assert!(after.rows.iter().find(is_contacted).is_none(), "{:?} is contacted", row);
        }
        let first_days = |night: &Night| {
            let days = night.decisions.column("listed_since").expect("there").date().expect("days");
            let days: Vec<Option<i32>> = days.physical().iter().collect();
            night.rows.clone().into_iter().zip(days).collect::<Vec<_>>()
        };
        let old = first_days(&before);
        for (row, since) in first_days(&after) {
            let same = old.iter().find(|(old, _)| {
                (&old.list, &old.customer, &old.decision) == (&row.list, &row.customer, &row.decision)
            });
            let expected = match (row.decision.as_str(), same) {
                ("excluded", _) => None,
                (_, Some((_, since))) => *since,
                (_, None) => Some(today.as_of),
            };
            prop_assert_eq!(since, expected, "{:?}", row);
        }
    }

    /// Whoever takes consent back is out the next night, and in the removed ones.
    #[test]
    fn a_withdrawal_is_in_the_removed(seed in any::<u64>(), days in -3i64..400, word in 0usize..3) {
        let random = &mut Random(seed);
        let yesterday = World::any(random);
        let before = yesterday.decide(None, seed);
        let mut today = yesterday.clone();
        today.as_of += 1;
        let contacted: Vec<&Row> = before.rows.iter().filter(|row| row.decision == "contact").collect();
        prop_assume!(!contacted.is_empty());
        let leaving = contacted[random.below(contacted.len())];
        let list = today.lists.iter().find(|list| list.name == leaving.list).expect("the list").clone();
        let since = (i64::from(today.as_of) + days) * 24 * HOUR;
        // Behind every grant of the world, also where it is of a day before.
        let since = since.max(i64::from(today.as_of - 1) * 24 * HOUR);
        let channel = [list.channel, "all", "any"][word];
        today.consent(&leaving.customer, channel, list.purpose, false, since);
        if let Some(consents) = &mut today.consents {
            consents.retain(|consent| !consent.is_granted || consent.since < since || consent.key != leaving.customer);
        }
        let after = today.decide(Some(&before.decisions), seed);
        let told = after.changes()[&(leaving.list.clone(), leaving.customer.clone())].clone();
        prop_assert_eq!(told.0, "removed");
        prop_assert!(!after.with(&leaving.list, &SELECTED).contains(&leaving.customer));
        prop_assert!(told.1 == "consent_withdrawn", "{}", told.1);
    }

    /// Who is held out does not depend on who else is there, nor on limits.
    #[test]
    fn control_is_sticky(seed in any::<u64>()) {
        let random = &mut Random(seed);
        let world = World::any(random);
        let mut other = world.clone();
        let gone = random.below(other.people.len());
        other.people.remove(gone);
        for list in &mut other.lists {
            list.limit = None;
        }
        let (one, other) = (world.decide(None, seed), other.decide(None, seed));
        for row in one.rows.iter().filter(|row| row.rank.is_some()) {
            let same = other.rows.iter().find(|same| (&same.list, &same.customer) == (&row.list, &row.customer));
            if let Some(same) = same.filter(|same| same.rank.is_some()) {
                prop_assert_eq!(&same.decision, &row.decision);
            }
        }
    }
}

/// The made-up nights come to every decision and every reason, else the properties above would say little.
#[test]
fn nights_have_every_reason() {
    let (mut decisions, mut reasons, mut removed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for seed in 0..400 {
        let random = &mut Random(seed);
        let yesterday = World::any(random);
        let before = yesterday.decide(None, seed);
        let after = yesterday.night_after(random).decide(Some(&before.decisions), seed);
        for row in before.rows.into_iter().chain(after.rows.iter().cloned()) {
            decisions.insert(row.decision);
            reasons.insert(row.reason);
        }
        removed.extend(after.changes().into_values().map(|(_, reason)| reason));
    }
    let all = |slugs: &[&str]| slugs.iter().map(|&slug| slug.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(decisions, all(TARGET_DECISIONS));
    assert_eq!(reasons, all(TARGET_REASONS));
    // From contact to global control only a further key leads, which is too rare to be asked for.
    for reason in [
        "no_list",
        "not_a_customer",
        "condition",
        "consent_withdrawn",
        "over_limit",
    ] {
        assert!(removed.contains(reason), "{reason}: {removed:?}");
    }
}

/// What `target_changes` should tell of somebody who was removed.
fn removed_because(today: &World, after: &Night, list: &str, customer: &str) -> String {
    if !after.lists().contains(list) {
        return "no_list".to_owned();
    }
    if !today.people.iter().any(|person| person.id == customer) {
        return "not_a_customer".to_owned();
    }
    let row = after
        .rows
        .iter()
        .find(|row| row.list == list && row.customer == customer);
    match row {
        None => "condition".to_owned(),
        Some(row) if row.decision == "excluded" => row.reason.clone(),
        Some(row) => row.decision.clone(),
    }
}
