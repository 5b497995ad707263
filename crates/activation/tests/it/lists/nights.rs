//! Many nights in a row, in which those to be contacted are contacted.

use std::collections::BTreeSet;

use cartera_activation::measure::sample_ratio;
use proptest::prelude::*;

use super::tables::{Night, column};
use super::world::{Cap, Contact, HOUR, HeldOut, List, Person, Random, TODAY, World};

const PEOPLE: usize = 1_200;
const SHARE: f64 = 0.2;

impl World {
    /// A list of some of many, who all want to hear of it, with a cap.
    fn capped() -> Self {
        let mut world = Self::any(&mut Random(7));
        world.people = (0..PEOPLE)
            .map(|number| {
                let id = format!("c{number:04}");
                Person {
                    keys: vec![id.clone()],
                    id,
                    email: None,
                    phone: None,
                    birth: None,
                    street: false,
                    city: false,
                    household: None,
                    order_count: number as i64,
                    p_alive: None,
                }
            })
            .collect();
        world.consents = Some(Vec::new());
        for person in &world.people.clone() {
            world.consent(&person.id, "chat", "marketing", true, i64::from(TODAY - 9) * 24 * HOUR);
        }
        (world.suppressions, world.denials, world.cases) = (Vec::new(), Vec::new(), Vec::new());
        (world.contacts, world.held_out) = (Vec::new(), Vec::new());
        world.knows_contacts = true;
        (world.share, world.global_share) = (SHARE, 0.0);
        world.caps = vec![Cap {
            channel: None,
            days: 3,
            contacts: 1,
        }];
        world.lists = vec![List {
            name: "spring".to_owned(),
            channel: "chat",
            purpose: "marketing",
            at_least: 0,
            limit: Some(400),
            cost: None,
            budget: None,
            has_value: false,
            priority: None,
            exclusive: true,
            one_per_household: None,
            control_share: None,
            minimum_age: None,
        }];
        world
    }

    /// The next day, before which those to be contacted were.
    fn next_day(mut self, night: &Night) -> Self {
        for row in night.rows.iter().filter(|row| row.decision == "contact") {
            self.contacts.push(Contact {
                key: row.customer.clone(),
                day: self.as_of,
                channel: Some("chat"),
                direction: Some("outbound"),
                kind: "contact",
            });
        }
        self.held_out = night.held_out();
        self.as_of += 1;
        self
    }
}

impl Night {
    pub(crate) fn held_out(&self) -> Vec<HeldOut> {
        let [lists, customers, channels] =
            ["list", "customer_id", "channel"].map(|name| column(&self.holdouts, name).into_iter());
        let days = self
            .holdouts
            .column("held_out_on")
            .expect("there")
            .date()
            .expect("days");
        let days: Vec<i32> = days.physical().iter().flatten().collect();
        let rows = lists.zip(customers).zip(channels.zip(days));
        rows.map(|((list, customer), (channel, day))| HeldOut {
            list,
            customer,
            channel,
            day,
        })
        .collect()
    }
}

#[test]
fn caps_leave_the_share_of_control_as_it_is() {
    let mut world = World::capped();
    for night_number in 0..12 {
        let night = world.decide(None, 1);
        let count = |decision: &str| night.rows.iter().filter(|row| row.decision == decision).count() as u64;
        let (contacts, control) = (count("contact"), count("control"));
        let drawn = (contacts + control) as f64;
        assert!(drawn > 300.0, "night {night_number}: {drawn}");
        let bound = 4.0 * (drawn * SHARE * (1.0 - SHARE)).sqrt();
        let off = (control as f64 - drawn * SHARE).abs();
        assert!(off < bound, "night {night_number}: {control} of {drawn} held out");
        let ratio = sample_ratio(&[(contacts, 1.0 - SHARE), (control, SHARE)]).expect("two groups");
        assert!(!ratio.is_broken(), "night {night_number}: {ratio:?}");
        world = world.next_day(&night);
    }
}

#[test]
fn without_any_contacts_known_nobody_is_kept_out_by_being_held_out() {
    let world = World::capped();
    let first = world.decide(None, 1);
    let mut next = world.next_day(&first);
    next.knows_contacts = false;
    let second = next.decide(None, 1);
    assert_eq!(first.rows, second.rows);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Who was held out on a day on which the longest cap still looks stays there, tonight's come to them.
    #[test]
    fn days_of_being_held_out_are_kept_as_long_as_a_cap_looks(seed in any::<u64>()) {
        let world = World::any(&mut Random(seed));
        let night = world.decide(None, seed);
        let longest = world.caps.iter().map(|cap| cap.days).max().unwrap_or_default();
        let of_before = world.held_out.iter().filter(|held_out| world.as_of - held_out.day < longest).cloned();
        let tonight = night.rows.iter().filter(|row| row.decision.ends_with("control")).map(|row| HeldOut {
            list: row.list.clone(),
            customer: row.customer.clone(),
            channel: world.lists.iter().find(|list| list.name == row.list).expect("a list").channel.to_owned(),
            day: world.as_of,
        });
        let expected: BTreeSet<HeldOut> = of_before.chain(tonight).collect();
        prop_assert_eq!(night.held_out().into_iter().collect::<BTreeSet<_>>(), expected);
    }
}
