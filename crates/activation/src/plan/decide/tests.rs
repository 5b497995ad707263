use std::collections::BTreeMap;

use cartera_table::frame::sum_column;
use polars::prelude::DataFrame;
use proptest::prelude::*;

use super::super::params::{ContactPlanNames, ContactPlanParams};
use super::super::stage::ListTonight;
use super::super::summary::ContactPlanSummary;
use super::super::table::Values;
use super::*;

const TODAY: i32 = 1_000;
const CHANNELS: [&str; 3] = ["email", "phone", "sms"];

/// Permissions that are written down one by one, with caps and quiet periods that are counted day by day.
#[derive(Debug, Clone, Default)]
struct Book {
    /// Why a row must not be contacted by a channel and purpose; allowed where nothing stands.
    refused: BTreeMap<(u32, usize, usize), ContactPlanReason>,
    /// The last day of each row's quiet period.
    quiet_until: Vec<i32>,
    /// Days and channels of past contacts of each row.
    contacts: Vec<Vec<(i32, usize)>>,
    /// Days of contacts within the longest window of a cap.
    recent: Vec<Vec<i32>>,
    /// Channel, days, contacts.
    caps: Vec<(Option<usize>, i32, usize)>,
}

/// Ways are channels within purposes.
fn of_way(way: u16) -> (usize, usize) {
    let way = usize::from(way);
    (way % CHANNELS.len(), way / CHANNELS.len())
}

impl Book {
    /// With the contacts that caps look at.
    fn with_recent(&self) -> Self {
        let window = self.caps.iter().map(|(_, days, _)| *days).max().unwrap_or_default();
        let recent = |contacts: &Vec<(i32, usize)>| {
            let days = contacts.iter().map(|(day, _)| *day);
            days.filter(|day| *day > TODAY - window).collect()
        };
        Self {
            recent: self.contacts.iter().map(recent).collect(),
            ..self.clone()
        }
    }

    fn refusal(&self, row: u32, way: u16) -> Option<ContactPlanReason> {
        let (channel, purpose) = of_way(way);
        self.refused.get(&(row, channel, purpose)).copied()
    }

    /// Whether one more contact on a day keeps every cap.
    fn keeps_caps(&self, row: u32, channel: usize, day: i32) -> bool {
        self.caps.iter().all(|&(of, length, most)| {
            if of.is_some_and(|of| of != channel) {
                return true;
            }
            let contacts = self.contacts[row as usize].iter();
            let counts = |(_, through): &&(i32, usize)| of.is_none_or(|of| of == *through);
            let held = contacts
                .filter(counts)
                .filter(|(then, _)| *then > day - length && *then <= day);
            held.count() < most
        })
    }
}

impl ContactPermissions for Book {
    fn allows(&self, row: u32, way: u16) -> Result<(), ContactPlanReason> {
        self.refusal(row, way).map_or(Ok(()), Err)
    }

    fn free_from(&self, row: u32, way: u16, horizon_days: u16) -> Result<i32, ContactPlanReason> {
        let quiet = self.quiet_until[row as usize];
        let last = TODAY + i32::from(horizon_days);
        let first = (quiet + 1).max(TODAY + 1);
        if first > last {
            return Err(ContactPlanReason::QuietPeriod);
        }
        let mut days = first..=last;
        let found = days.find(|day| self.keeps_caps(row, of_way(way).0, *day));
        found.ok_or(ContactPlanReason::FrequencyCap)
    }

    fn last_contact(&self, row: u32) -> Option<i32> {
        self.contacts[row as usize].iter().map(|(day, _)| *day).max()
    }

    fn recent_contacts(&self, row: u32) -> &[i32] {
        &self.recent[row as usize]
    }
}

/// An action through these channels for marketing.
fn action(name: &str, stages: u32, channels: &[u16], every_days: i32) -> Action {
    Action {
        name: name.to_owned(),
        is_of_signals: false,
        stages,
        tiers: u32::MAX,
        signals: 0,
        ways: channels.to_vec(),
        every_days,
    }
}

fn way(channel: &str, purpose: &str) -> ContactWay {
    ContactWay {
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
    }
}

fn customers(count: usize) -> (Facts, Book) {
    let facts = Facts {
        stages: vec![0; count],
        tiers: vec![0; count],
        signals: vec![0; count],
        lists: vec![0; count],
        list_counts: vec![0; count],
        in_control: vec![false; count],
    };
    let book = Book {
        quiet_until: vec![i32::MIN / 2; count],
        contacts: vec![Vec::new(); count],
        ..Book::default()
    };
    (facts, book)
}

fn planned(facts: &Facts, book: &Book, actions: &[Action]) -> Vec<Planned> {
    let on_all = book.caps.iter().filter(|(channel, ..)| channel.is_none());
    let caps: Vec<(i32, u32)> = on_all.map(|&(_, days, contacts)| (days, contacts as u32)).collect();
    let open = OpenContacts::new(&caps, 30);
    decide(
        facts,
        &Rules {
            as_of: TODAY,
            horizon_days: 30,
            actions,
            open: open.as_ref(),
            permissions: &book.with_recent(),
            knows_contacts: true,
            of_value: 0b1,
            neglected_after_days: 90,
        },
    )
}

/// What is planned for the only customer.
fn contact(facts: &Facts, book: &Book, actions: &[Action]) -> Result<(u16, u8, i32), ContactPlanReason> {
    match planned(facts, book, actions)[0] {
        Planned {
            contact: Some(Contact::Action { action, way, day }),
            ..
        } => Ok((action, way, day)),
        other => Err(other.reason),
    }
}

#[test]
fn the_first_action_that_can_be_is_planned_through_the_first_channel_that_may_be() {
    let (facts, mut book) = customers(1);
    let actions = [
        action("call", 0b10, &[1], 0),
        action("write", 0b1, &[0, 2], 14),
        action("thank", 0b1, &[2], 0),
    ];
    assert_eq!(contact(&facts, &book, &actions), Ok((1, 0, TODAY + 1)));
    book.refused.insert((0, 0, 0), ContactPlanReason::NoConsent);
    assert_eq!(
        contact(&facts, &book, &actions),
        Ok((1, 1, TODAY + 1)),
        "the next channel"
    );
    book.contacts[0] = vec![(TODAY - 4, 1)];
    assert_eq!(
        contact(&facts, &book, &actions),
        Ok((1, 1, TODAY + 10)),
        "14 days after the last one"
    );
    book.quiet_until[0] = TODAY + 20;
    assert_eq!(contact(&facts, &book, &actions), Ok((1, 1, TODAY + 21)));
    let rarely = [action("write", 0b1, &[0, 2], 60), action("thank", 0b1, &[2], 0)];
    assert_eq!(
        contact(&facts, &book, &rarely),
        Ok((1, 0, TODAY + 21)),
        "the next action"
    );
    assert_eq!(
        contact(&facts, &book, &rarely[..1]),
        Err(ContactPlanReason::TooSoon),
        "it came furthest"
    );
    book.quiet_until[0] = TODAY + 30;
    assert_eq!(contact(&facts, &book, &actions), Err(ContactPlanReason::QuietPeriod));
    assert_eq!(
        contact(&facts, &book, &actions[..1]),
        Err(ContactPlanReason::NothingToDo)
    );
}

#[test]
fn signals_ask_for_one_of_them() {
    let (mut facts, book) = customers(1);
    let actions = [Action {
        is_of_signals: true,
        signals: 0b110,
        ..action("settle", u32::MAX, &[0], 0)
    }];
    assert_eq!(contact(&facts, &book, &actions), Err(ContactPlanReason::NothingToDo));
    facts.signals[0] = 0b001;
    assert_eq!(contact(&facts, &book, &actions), Err(ContactPlanReason::NothingToDo));
    facts.signals[0] = 0b101;
    assert_eq!(contact(&facts, &book, &actions), Ok((0, 0, TODAY + 1)));
}

#[test]
fn tonights_list_goes_first_and_who_is_held_out_is_left_alone() {
    let (mut facts, book) = customers(4);
    let actions = [action("write", 0b1, &[0], 0)];
    facts.lists = vec![2, 0, 2, 0];
    facts.in_control = vec![false, true, true, false];
    let contacts: Vec<_> = planned(&facts, &book, &actions)
        .into_iter()
        .map(|planned| (planned.reason, planned.contact))
        .collect();
    let list = (ContactPlanReason::Planned, Some(Contact::List(1)));
    let control = (ContactPlanReason::InControl, None);
    let contact = Contact::Action {
        action: 0,
        way: 0,
        day: TODAY + 1,
    };
    let by_mail = (ContactPlanReason::Planned, Some(contact));
    assert_eq!(contacts, [list, control, list, by_mail]);
}

#[test]
fn a_customer_of_value_without_contact_for_long_is_neglected_whatever_is_planned() {
    let (mut facts, mut book) = customers(5);
    facts.tiers = vec![0, 0, 0, 1, 0];
    book.contacts[1] = vec![(TODAY - 90, 0)];
    book.contacts[2] = vec![(TODAY - 89, 0), (TODAY - 400, 0)];
    facts.in_control[4] = true;
    let neglected: Vec<_> = planned(&facts, &book, &[])
        .iter()
        .map(|planned| planned.is_neglected)
        .collect();
    assert_eq!(
        neglected,
        [Some(true), Some(true), Some(false), Some(false), Some(true)]
    );
}

#[test]
fn what_caps_leave_is_counted_beside_the_plan() {
    let (mut facts, mut book) = customers(3);
    book.caps = vec![(None, 7, 1)];
    book.contacts[1] = vec![(TODAY, 0)];
    facts.lists[2] = 1;
    facts.list_counts[2] = 1;
    let actions = [action("write", 0b1, &[0], 0)];
    let open: Vec<_> = planned(&facts, &book, &actions)
        .iter()
        .map(|planned| planned.open_contacts)
        .collect();
    // Days 1, 8, 15, 22 and 29, less the first; days 7, 14, 21 and 28, less the first; as the first one.
    assert_eq!(open, [Some(4), Some(3), Some(4)]);
}

fn books(count: usize) -> impl Strategy<Value = (Facts, Book)> {
    let reason = prop::sample::select(&ContactPlanReason::ALL[3..10]);
    let refused = prop::collection::btree_map((0..count as u32, 0..3_usize, 0..2_usize), reason, 0..count * 3);
    let contacts = prop::collection::vec(prop::collection::vec((TODAY - 120..=TODAY, 0..3_usize), 0..5), count);
    let caps = prop::collection::vec((prop::option::of(0..3_usize), 1..45_i32, 0..4_usize), 0..4);
    let quiet = prop::collection::vec(TODAY - 20..TODAY + 40, count);
    let flags = prop::collection::vec((0..5_u8, 0..4_u16), count);
    let codes = prop::collection::vec((0..3_u8, 0..3_u8, 0..8_u64), count);
    (refused, contacts, caps, quiet, flags, codes).prop_map(move |(refused, contacts, caps, quiet, flags, codes)| {
        let (mut facts, _) = customers(count);
        for (row, (control, list)) in flags.into_iter().enumerate() {
            facts.in_control[row] = control == 0;
            facts.lists[row] = list.saturating_sub(1);
            facts.list_counts[row] = u8::from(facts.lists[row] > 0);
        }
        facts.stages = codes.iter().map(|code| code.0).collect();
        facts.tiers = codes.iter().map(|code| code.1).collect();
        facts.signals = codes.iter().map(|code| code.2).collect();
        (
            facts,
            Book {
                refused,
                contacts,
                caps,
                quiet_until: quiet,
                ..Book::default()
            },
        )
    })
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let channels = prop::sample::subsequence(vec![0_u16, 1, 2], 1..=3).prop_shuffle();
    let of = (
        0..8_u32,
        0..8_u32,
        prop::option::of(1..8_u64),
        channels,
        0..2_u16,
        0..50_i32,
    );
    let action = of.prop_map(|(stages, tiers, signals, channels, purpose, every_days)| {
        let mut action = action("any", stages, &channels, every_days);
        action.tiers = tiers;
        action.is_of_signals = signals.is_some();
        action.signals = signals.unwrap_or_default();
        action.ways.iter_mut().for_each(|way| *way += purpose * 3);
        action
    });
    prop::collection::vec(action, 0..5)
}

/// Every day on which the action may take place through a channel, asked one by one.
fn possible_days(book: &Book, row: usize, action: &Action, way: u16) -> Vec<i32> {
    if book.refusal(row as u32, way).is_some() {
        return Vec::new();
    }
    let last = book.contacts[row].iter().map(|(day, _)| *day).max();
    let (channel, _) = of_way(way);
    let may = |day: &i32| {
        *day > book.quiet_until[row]
            && last.is_none_or(|last| *day >= last + action.every_days)
            && book.keeps_caps(row as u32, channel, *day)
    };
    (TODAY + 1..=TODAY + 30).filter(may).collect()
}

proptest! {
    #[test]
    fn nobody_is_planned_against_a_rule_and_nobody_is_left_out_without_one((facts, book) in books(6), actions in actions()) {
        let plan = planned(&facts, &book, &actions);
        for (row, one) in plan.iter().enumerate() {
            prop_assert_eq!(one.reason == ContactPlanReason::Planned, one.contact.is_some());
            if let Some(list) = facts.lists[row].checked_sub(1) {
                prop_assert_eq!(one.contact, Some(Contact::List(list)));
                continue;
            }
            if facts.in_control[row] {
                prop_assert_eq!((one.reason, one.contact), (ContactPlanReason::InControl, None));
                continue;
            }
            // The first of all pairs of actions and channels that have a day at all.
            let asked = actions.iter().enumerate().filter(|(_, action)| {
                let of_signals = !action.is_of_signals || action.signals & facts.signals[row] != 0;
                action.stages >> facts.stages[row] & 1 == 1 && action.tiers >> facts.tiers[row] & 1 == 1 && of_signals
            });
            let mut possible = asked.clone().flat_map(|(place, action)| {
                let book = &book;
                action.ways.iter().enumerate().filter_map(move |(way_place, &way)| {
                    let day = possible_days(book, row, action, way).first().copied()?;
                    Some(Contact::Action { action: place as u16, way: way_place as u8, day })
                })
            });
            prop_assert_eq!(one.contact, possible.next());
            prop_assert_eq!(one.reason == ContactPlanReason::NothingToDo, asked.count() == 0);
        }
    }

    #[test]
    fn the_plan_breaks_no_cap_within_the_horizon((facts, book) in books(6), actions in actions()) {
        for (row, one) in planned(&facts, &book, &actions).iter().enumerate() {
            let Some(Contact::Action { action, way, day }) = one.contact else { continue };
            prop_assert!((TODAY + 1..=TODAY + 30).contains(&day));
            let (channel, _) = of_way(actions[usize::from(action)].ways[usize::from(way)]);
            let mut contacts = book.contacts[row].clone();
            contacts.push((day, channel));
            for &(of, length, most) in book.caps.iter().filter(|(of, ..)| of.is_none_or(|of| of == channel)) {
                // Past contacts may have been too many; no window that holds the planned one has more than it may.
                for end in day..day + length {
                    let within = |&&(then, through): &&(i32, usize)| {
                        then > end - length && then <= end && of.is_none_or(|of| of == through)
                    };
                    prop_assert!(contacts.iter().filter(within).count() <= most);
                }
            }
        }
    }

    #[test]
    fn every_neglected_customer_is_counted((facts, book) in books(6), actions in actions()) {
        let plan = planned(&facts, &book, &actions);
        let mut expected: BTreeMap<(String, &str), u64> = BTreeMap::new();
        let names = ContactPlanNames { value_tiers: &["gold", "silver", "bronze"], signals: &[] };
        let mut params = ContactPlanParams::default().check(names).expect("valid");
        params.actions = actions.clone();
        let purposes = ["marketing", "service"];
        params.ways = (0..6).map(of_way).map(|(channel, purpose)| way(CHANNELS[channel], purposes[purpose])).collect();
        for (row, one) in plan.iter().enumerate() {
            let last = book.contacts[row].iter().map(|(day, _)| *day).max();
            let is_long_ago = last.is_none_or(|last| last <= TODAY - 90);
            let is_neglected = facts.tiers[row] == 0 && is_long_ago;
            prop_assert_eq!(one.is_neglected, Some(is_neglected));
            if is_neglected {
                *expected.entry(("gold".to_owned(), one.reason.slug())).or_default() += 1;
            }
        }
        let list = |name: &str| ListTonight {
            name: name.to_owned(),
            way: way("email", "marketing"),
        };
        let lists = ["one", "two", "three"].map(list);
        let values = Values::of(&DataFrame::new(6, vec![sum_column("vin", vec![0; 6])]).expect("a frame"), "vin");
        let summary = ContactPlanSummary::of(&plan, &facts, &lists, &params, &values.expect("money"));
        let neglected = summary.neglected.clone().expect("contacts are known");
        let found: BTreeMap<_, _> =
            neglected.into_iter().map(|row| ((row.tier, row.reason), row.customer_count)).collect();
        prop_assert_eq!(summary.neglected_count(), expected.values().sum::<u64>());
        prop_assert_eq!(found, expected);
        let others: u64 = summary.not_planned.iter().map(|(_, count)| count).sum();
        prop_assert_eq!(summary.planned_count() + others, 6);
    }
}
