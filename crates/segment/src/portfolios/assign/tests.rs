use proptest::prelude::*;

use super::*;

/// A customer of a test.
#[derive(Debug, Clone, PartialEq)]
struct Person {
    value: i128,
    workload: u64,
    /// Of four: two that owners name, another one, and none.
    territory: Option<&'static str>,
    tier: Option<&'static str>,
    /// The owner by the customer files.
    told: u32,
    /// The owner by the run before.
    previous: u32,
}

/// What owners can name, so that codes are the same in all tests.
fn named() -> Named {
    let mut named = Named::default();
    named.territories.add_list(Some("north;south"));
    named.value_tiers.add_list(Some("gold;silver"));
    named
}

fn takes(territories: Option<&str>, tiers: Option<&str>) -> Takes {
    let mut named = named();
    Takes {
        territories: named.territories.add_list(territories),
        value_tiers: named.value_tiers.add_list(tiers),
        rfm_segments: None,
    }
}

fn market(person: &Person) -> Market {
    Market {
        territory: named().territories.code(person.territory),
        value_tier: named().value_tiers.code(person.tier),
        rfm_segment: UNKNOWN,
    }
}

/// Rows by value, equal ones by row, as the stage has them.
fn order(people: &[Person]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..people.len() as u32).collect();
    order.sort_by_key(|&row| (std::cmp::Reverse(people[row as usize].value), row));
    order
}

const EVEN: Rules = Rules {
    keep: true,
    workload_weight: 1.0,
    value_weight: 1.0,
    rebalance_share: 0.0,
};

fn run(people: &[Person], owners: &[Owner], rules: Rules) -> Assignment {
    let named = named();
    let order = order(people);
    let values: Vec<i128> = people.iter().map(|person| person.value).collect();
    let workloads: Vec<u64> = people.iter().map(|person| person.workload).collect();
    let markets: Vec<u32> = people.iter().map(|person| named.code(market(person))).collect();
    let by_file: Vec<u32> = people.iter().map(|person| person.told).collect();
    let by_run: Vec<u32> = people.iter().map(|person| person.previous).collect();
    let customers = Customers {
        order: &order,
        values: &values,
        workloads: &workloads,
        markets: &markets,
        by_file: &by_file,
        by_run: &by_run,
    };
    assign(customers, owners, &named, rules, vec![Reason::New; people.len()])
}

/// The same by looking at each owner for each customer, and adding up all that an owner holds each time.
fn slow(people: &[Person], owners: &[Owner], rules: Rules) -> Assignment {
    let mut result = Assignment {
        owners: vec![NOBODY; people.len()],
        previous: people.iter().map(last_known).collect(),
        reasons: vec![Reason::New; people.len()],
    };
    let order: Vec<usize> = order(people).into_iter().map(|row| row as usize).collect();
    let held = |result: &Assignment, owner: usize| {
        let own = |row: &usize| result.owners[*row] == owner as u32;
        let rows: Vec<usize> = (0..people.len()).filter(own).collect();
        (
            rows.len() as u64,
            rows.iter().map(|&row| u128::from(people[row].workload)).sum::<u128>(),
            rows.iter().map(|&row| people[row].value.max(0)).sum::<i128>(),
        )
    };
    let fits = |result: &Assignment, owner: usize, row: usize| {
        let (customers, workload, _) = held(result, owner);
        let after = workload + u128::from(people[row].workload);
        owners[owner].capacity_customers.is_none_or(|most| customers < most)
            && owners[owner]
                .capacity_workload
                .is_none_or(|most| after <= u128::from(most))
    };
    for &row in &order {
        let person = &people[row];
        for previous in [person.told, person.previous] {
            if previous == NOBODY || result.reasons[row] == Reason::Kept {
                continue;
            }
            let owner = owners.get(previous as usize).filter(|owner| owner.is_active);
            result.reasons[row] = match owner {
                _ if !rules.keep => Reason::Reassigned,
                None => Reason::MovedOwnerGone,
                Some(owner) if person.territory.is_some() && !owner.takes.takes_territory(market(person)) => {
                    Reason::MovedTerritory
                }
                Some(owner) if !owner.takes.takes_segment(market(person)) => Reason::MovedSegment,
                Some(_) if !fits(&result, previous as usize, row) => Reason::MovedOverCapacity,
                Some(_) => {
                    (result.owners[row], result.previous[row]) = (previous, previous);
                    Reason::Kept
                }
            };
        }
    }
    let mean =
        people.iter().map(|person| u128::from(person.workload)).sum::<u128>() as f64 / people.len().max(1) as f64;
    let stated = |owner: &Owner| -> Option<f64> {
        let customers = owner.capacity_customers.map(|most| most as f64 * mean);
        let workload = owner.capacity_workload.map(|most| most as f64);
        [customers, workload].into_iter().flatten().reduce(f64::min)
    };
    let active: Vec<usize> = (0..owners.len()).filter(|&owner| owners[owner].is_active).collect();
    let known: Vec<f64> = active.iter().filter_map(|&owner| stated(&owners[owner])).collect();
    let average = if known.is_empty() {
        1.0
    } else {
        known.iter().sum::<f64>() / known.len() as f64
    };
    let capacity = |owner: usize| stated(&owners[owner]).unwrap_or(average);
    let all: f64 = active.iter().map(|&owner| capacity(owner)).sum();
    let total_workload = people.iter().map(|person| u128::from(person.workload)).sum::<u128>() as f64;
    let total_value = people.iter().map(|person| person.value.max(0)).sum::<i128>() as f64;
    for &row in &order {
        if result.owners[row] != NOBODY {
            continue;
        }
        let person = &people[row];
        let taking: Vec<usize> = active
            .iter()
            .copied()
            .filter(|&owner| owners[owner].takes.takes(market(person)))
            .collect();
        let here = active
            .iter()
            .any(|&owner| owners[owner].takes.takes_territory(market(person)));
        let lightest = taking
            .iter()
            .copied()
            .filter(|&owner| fits(&result, owner, row))
            .min_by(|&one, &other| {
                let load = |owner: usize| {
                    let (_, workload, value) = held(&result, owner);
                    let part = |held: f64, total: f64| if total > 0.0 { held / total } else { 0.0 };
                    let parts = part(rules.workload_weight * workload as f64, total_workload)
                        + part(rules.value_weight * value as f64, total_value);
                    let share = capacity(owner) / all;
                    if share > 0.0 { parts / share } else { f64::MAX }
                };
                load(one)
                    .total_cmp(&load(other))
                    .then(held(&result, one).0.cmp(&held(&result, other).0))
                    .then(one.cmp(&other))
            });
        result.reasons[row] = match lightest {
            Some(owner) => {
                result.owners[row] = owner as u32;
                if result.previous[row] == owner as u32 {
                    Reason::Kept
                } else {
                    result.reasons[row]
                }
            }
            None if active.is_empty() => Reason::NoOwner,
            None if !taking.is_empty() => Reason::NoCapacity,
            None if here => Reason::NoOwnerForSegment,
            None if person.territory.is_none() => Reason::NoTerritoryKnown,
            None => Reason::NoOwnerForTerritory,
        };
    }
    result
}

fn owner_strategy() -> impl Strategy<Value = Owner> {
    let territories = prop_oneof![
        Just(None),
        Just(Some("north")),
        Just(Some("south")),
        Just(Some("south;north"))
    ];
    let tiers = prop_oneof![4 => Just(None), 1 => Just(Some("gold")), 1 => Just(Some("gold;silver"))];
    let customers = proptest::option::of(0_u64..12);
    let workload = proptest::option::of(0_u64..120);
    (territories, tiers, customers, workload, proptest::bool::weighted(0.85)).prop_map(
        |(territories, tiers, capacity_customers, capacity_workload, is_active)| Owner {
            takes: takes(territories, tiers),
            is_active,
            capacity_customers,
            capacity_workload,
        },
    )
}

fn person_strategy() -> impl Strategy<Value = Person> {
    let territory = prop_oneof![Just(Some("north")), Just(Some("south")), Just(Some("west")), Just(None)];
    let tier = prop_oneof![
        Just(Some("gold")),
        Just(Some("silver")),
        Just(Some("bronze")),
        Just(None)
    ];
    let told = prop_oneof![3 => Just(NOBODY), 2 => 0_u32..8];
    let previous = prop_oneof![2 => Just(NOBODY), 3 => 0_u32..8];
    let values = prop_oneof![1 => Just(0), 6 => -20_i128..200];
    let workloads = prop_oneof![1 => Just(0), 6 => 0_u64..30];
    (values, workloads, territory, tier, (told, previous)).prop_map(
        |(value, workload, territory, tier, (told, previous))| Person {
            value,
            workload,
            territory,
            tier,
            told,
            previous,
        },
    )
}

fn people_strategy() -> impl Strategy<Value = Vec<Person>> {
    proptest::collection::vec(person_strategy(), 0..60)
}

fn owners_strategy() -> impl Strategy<Value = Vec<Owner>> {
    proptest::collection::vec(owner_strategy(), 0..7)
}

fn last_known(person: &Person) -> u32 {
    if person.previous == NOBODY {
        person.told
    } else {
        person.previous
    }
}

/// The people of a next night: each with the owner of the night before, or the last one before it. The files tell what
/// they told.
fn next_night(people: &[Person], night: &Assignment) -> Vec<Person> {
    let next = |(row, person): (usize, &Person)| Person {
        previous: match night.owners[row] {
            NOBODY => night.previous[row],
            owner => owner,
        },
        ..person.clone()
    };
    people.iter().enumerate().map(next).collect()
}

fn assigned(assignment: &Assignment, owner: u32) -> impl Iterator<Item = usize> {
    let rows = assignment.owners.iter().enumerate();
    rows.filter(move |(_, found)| **found == owner).map(|(row, _)| row)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_is_what_looking_at_each_owner_finds(
        people in people_strategy(), owners in owners_strategy(), keep in any::<bool>(), weights in 0_u8..3
    ) {
        let (workload_weight, value_weight) = [(1.0, 1.0), (2.0, 0.0), (0.0, 1.0)][usize::from(weights)];
        let rules = Rules { keep, workload_weight, value_weight, ..EVEN };
        prop_assert_eq!(run(&people, &owners, rules), slow(&people, &owners, rules));
    }

    #[test]
    fn no_capacity_is_exceeded_and_everybody_has_an_owner_or_a_reason(
        people in people_strategy(), owners in owners_strategy(), keep in any::<bool>()
    ) {
        let result = run(&people, &owners, Rules { keep, ..EVEN });
        for (owner, rules) in owners.iter().enumerate() {
            let rows: Vec<usize> = assigned(&result, owner as u32).collect();
            let workload: u64 = rows.iter().map(|&row| people[row].workload).sum();
            prop_assert!(rules.capacity_customers.is_none_or(|most| rows.len() as u64 <= most));
            prop_assert!(rules.capacity_workload.is_none_or(|most| workload <= most));
            prop_assert!(rules.is_active || rows.is_empty());
        }
        for (row, person) in people.iter().enumerate() {
            let (owner, reason) = (result.owners[row], result.reasons[row]);
            prop_assert_eq!(owner != NOBODY, reason.status() == "assigned");
            let previous = result.previous[row];
            prop_assert_eq!(reason == Reason::Kept, owner != NOBODY && owner == previous);
            prop_assert_eq!(reason == Reason::New, owner != NOBODY && previous == NOBODY);
            prop_assert!([person.told, person.previous].contains(&previous));
            prop_assert!(previous != NOBODY || last_known(person) == NOBODY);
            if let Some(owner) = owners.get(owner as usize) {
                let takes = &owner.takes;
                prop_assert!(takes.takes_segment(market(person)));
                prop_assert!(takes.takes_territory(market(person)) || (reason == Reason::Kept && person.territory.is_none()));
            }
        }
    }

    /// A night with nothing new is the night before; who comes new moves nobody.
    #[test]
    fn new_customers_move_nobody_else(
        people in people_strategy(), owners in owners_strategy(), new in proptest::collection::vec(person_strategy(), 0..6)
    ) {
        let first = run(&people, &owners, EVEN);
        let mut second = next_night(&people, &first);
        let same = run(&second, &owners, EVEN);
        // Who found no place before may not find one now: nobody left.
        prop_assert_eq!(&same.owners, &first.owners);
        second.extend(new.into_iter().map(|person| Person { told: NOBODY, previous: NOBODY, ..person }));
        let with_new = run(&second, &owners, EVEN);
        for row in (0..people.len()).filter(|&row| first.owners[row] != NOBODY) {
            prop_assert_eq!(with_new.owners[row], first.owners[row]);
            prop_assert_eq!(with_new.reasons[row], Reason::Kept);
        }
    }

    #[test]
    fn an_owner_who_leaves_moves_only_his_own(
        people in people_strategy(), owners in owners_strategy(), leaving in 0_usize..7
    ) {
        let first = run(&people, &owners, EVEN);
        let mut left = owners;
        if let Some(owner) = left.get_mut(leaving) {
            owner.is_active = false;
        }
        let second = run(&next_night(&people, &first), &left, EVEN);
        for row in (0..people.len()).filter(|&row| first.owners[row] != NOBODY) {
            let is_own = first.owners[row] as usize == leaving;
            prop_assert_eq!(is_own, second.owners[row] != first.owners[row]);
            prop_assert!(!is_own || second.owners[row] == NOBODY || second.reasons[row] == Reason::MovedOwnerGone);
        }
    }

    /// Where all make the same work, who is moved for want of room is worth no more than anyone who stays.
    #[test]
    fn the_least_valuable_move_first(people in people_strategy(), owners in owners_strategy()) {
        let people: Vec<Person> = people.into_iter().map(|person| Person { workload: 10, ..person }).collect();
        let result = run(&people, &owners, EVEN);
        for (moved, person) in people.iter().enumerate() {
            let is_over = result.reasons[moved] == Reason::MovedOverCapacity;
            for row in assigned(&result, result.previous[moved]).filter(|_| is_over) {
                prop_assert!(people[row].value >= person.value);
            }
        }
        // Likewise who finds no room at all, beside those who came new to an owner whom he could have had.
        let without = (0..people.len()).filter(|&row| result.reasons[row] == Reason::NoCapacity);
        for (row, other) in without.flat_map(|row| (0..people.len()).map(move |other| (row, other))) {
            let is_placed = result.owners[other] != NOBODY && result.reasons[other] != Reason::Kept;
            if is_placed && owners[result.owners[other] as usize].takes.takes(market(&people[row])) {
                prop_assert!(people[other].value >= people[row].value);
            }
        }
    }

    /// For balance few move, from who was kept, to owners who take them and have room; and in the end nobody does.
    #[test]
    fn balance_moves_few_and_comes_to_rest(
        people in people_strategy(), owners in owners_strategy(), share in 0.0_f64..1.0, weights in 0_usize..3
    ) {
        let (workload_weight, value_weight) = [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0)][weights];
        // A file that does not follow would take back who moved.
        let people: Vec<Person> = people.into_iter().map(|person| Person { told: NOBODY, ..person }).collect();
        let without = run(&people, &owners, Rules { workload_weight, value_weight, ..EVEN });
        let rules = Rules { rebalance_share: share, workload_weight, value_weight, ..EVEN };
        let mut night = run(&people, &owners, rules);
        let kept = without.reasons.iter().filter(|reason| **reason == Reason::Kept).count();
        let moved = night.reasons.iter().filter(|reason| **reason == Reason::MovedBalance).count();
        prop_assert!(moved as f64 <= kept as f64 * share);
        for row in 0..people.len() {
            if night.reasons[row] == Reason::MovedBalance {
                prop_assert_eq!(without.reasons[row], Reason::Kept);
                prop_assert!(owners[night.owners[row] as usize].takes.takes(market(&people[row])));
            } else {
                prop_assert_eq!((night.owners[row], night.reasons[row]), (without.owners[row], without.reasons[row]));
            }
        }
        for (owner, rules) in owners.iter().enumerate() {
            let rows: Vec<usize> = assigned(&night, owner as u32).collect();
            let workload: u64 = rows.iter().map(|&row| people[row].workload).sum();
            prop_assert!(rules.capacity_customers.is_none_or(|most| rows.len() as u64 <= most));
            prop_assert!(rules.capacity_workload.is_none_or(|most| workload <= most));
        }
        let comes_to_rest = (0..200).any(|_| {
            let next = run(&next_night(&people, &night), &owners, rules);
            let is_same = next.owners == night.owners;
            night = next;
            is_same
        });
        prop_assert!(comes_to_rest);
    }

    /// Rows in another order are the same portfolios, where no two values are equal.
    #[test]
    fn the_order_of_rows_does_not_matter(people in people_strategy(), owners in owners_strategy(), turn in 0_usize..60) {
        let people: Vec<Person> = people
            .into_iter()
            .enumerate()
            .map(|(place, person)| Person { value: person.value * 100 + place as i128, ..person })
            .collect();
        let turn = turn.min(people.len());
        let mut turned = people.clone();
        turned.rotate_left(turn);
        turned.reverse();
        let (one, mut other) = (run(&people, &owners, EVEN), run(&turned, &owners, EVEN));
        other.owners.reverse();
        other.owners.rotate_right(turn);
        other.previous.reverse();
        other.previous.rotate_right(turn);
        other.reasons.reverse();
        other.reasons.rotate_right(turn);
        prop_assert_eq!(one, other);
    }
}

fn person(value: i128, territory: &'static str, previous: u32) -> Person {
    Person {
        value,
        workload: 10,
        territory: Some(territory),
        tier: None,
        told: NOBODY,
        previous,
    }
}

fn owner(territories: Option<&str>, capacity_customers: Option<u64>) -> Owner {
    Owner {
        takes: takes(territories, None),
        is_active: true,
        capacity_customers,
        capacity_workload: None,
    }
}

#[test]
fn the_best_find_an_owner_first_and_go_to_the_lightest() {
    let people = [
        person(5, "north", NOBODY),
        person(90, "north", NOBODY),
        person(50, "north", NOBODY),
        person(40, "north", NOBODY),
    ];
    // The second has twice the capacity.
    let owners = [owner(Some("north"), Some(1)), owner(None, Some(2))];
    let result = run(&people, &owners, EVEN);
    assert_eq!(result.owners, [NOBODY, 0, 1, 1]);
    assert_eq!(result.reasons[0], Reason::NoCapacity);
}

#[test]
fn every_reason_is_told() {
    let people = [
        person(9, "north", 0),
        person(8, "north", 0),
        person(7, "south", 0),
        person(6, "north", 9),
        person(5, "west", NOBODY),
        Person {
            territory: None,
            ..person(4, "north", NOBODY)
        },
        Person {
            territory: None,
            ..person(3, "north", 1)
        },
    ];
    let owners = [owner(Some("north"), Some(1)), owner(Some("north;south"), None)];
    let result = run(&people, &owners, EVEN);
    assert_eq!(
        result.reasons,
        [
            Reason::Kept,
            Reason::MovedOverCapacity,
            Reason::MovedTerritory,
            Reason::MovedOwnerGone,
            Reason::NoOwnerForTerritory,
            Reason::NoTerritoryKnown,
            Reason::Kept,
        ]
    );
    let golden = Owner {
        takes: takes(None, Some("gold")),
        ..owner(None, None)
    };
    let result = run(&[person(1, "north", 0)], &[golden], EVEN);
    assert_eq!(result.reasons, [Reason::NoOwnerForSegment]);
    assert_eq!(run(&people[..1], &[], EVEN).reasons, [Reason::NoOwner]);
    let inactive = Owner {
        is_active: false,
        ..owner(None, None)
    };
    assert_eq!(run(&people[..1], &[inactive], EVEN).reasons, [Reason::NoOwner]);
}

#[test]
fn without_keeping_all_are_given_anew() {
    let people = [person(9, "north", 1), person(8, "north", 1), person(7, "north", 1)];
    let owners = [owner(None, None), owner(None, None)];
    let result = run(&people, &owners, Rules { keep: false, ..EVEN });
    assert_eq!(result.owners, [0, 1, 1]);
    assert_eq!(result.reasons, [Reason::Reassigned, Reason::Kept, Reason::Kept]);
}

#[test]
fn the_least_valuable_of_the_most_loaded_move_for_balance() {
    let people: Vec<Person> = [9, 8, 7, 6].map(|value| person(value, "north", 0)).to_vec();
    let owners = [owner(None, None), owner(None, None), owner(Some("south"), None)];
    let owners_with = |rebalance_share| {
        let rules = Rules {
            rebalance_share,
            ..EVEN
        };
        run(&people, &owners, rules).owners
    };
    assert_eq!(owners_with(0.0), [0, 0, 0, 0]);
    assert_eq!(owners_with(0.25), [0, 0, 0, 1]);
    // A third one would make the other owner the more loaded of the two.
    assert_eq!(owners_with(1.0), [0, 0, 1, 1]);
}

#[test]
fn who_weighs_nothing_is_not_moved_for_balance() {
    let people: Vec<Person> = [0, 0, -5, -5].map(|value| person(value, "north", 0)).to_vec();
    let rules = Rules {
        workload_weight: 0.0,
        rebalance_share: 1.0,
        ..EVEN
    };
    assert_eq!(
        run(&people, &[owner(None, None), owner(None, None)], rules).owners,
        [0; 4]
    );
}

#[test]
fn who_the_file_cannot_have_stays_with_whom_the_run_before_found() {
    // The file names one who is gone, one of another territory and one who is full; nobody moves.
    let told = |told, person: Person| Person { told, ..person };
    let people = [
        told(1, person(9, "south", NOBODY)),
        told(7, person(8, "north", 2)),
        told(0, person(7, "south", 2)),
        told(1, person(6, "south", 2)),
        // The file goes first where it can.
        told(2, person(5, "north", 0)),
        told(7, person(4, "north", NOBODY)),
        // Neither can: the run before is what its readers know.
        told(1, person(3, "north", 8)),
    ];
    let owners = [
        owner(Some("north"), None),
        owner(Some("south"), Some(1)),
        owner(None, None),
    ];
    let result = run(&people, &owners, EVEN);
    assert_eq!(result.owners, [1, 2, 2, 2, 2, 0, 0]);
    assert_eq!(result.previous, [1, 2, 2, 2, 2, 7, 8]);
    let [kept, moved] = [Reason::Kept, Reason::MovedOwnerGone];
    assert_eq!(result.reasons, [kept, kept, kept, kept, kept, moved, moved]);
}
