//! Owners of customers from night to night.

use std::collections::BTreeMap;

use cartera_pipeline::{RunOptions, RunReport, SampleRequest, write_sample};
use cartera_table::contracts::{CustomerFeatures, PortfolioOwners, Portfolios};
use cartera_table::frame::{boolean, decimal, int64, text};
use cartera_testkit::{HEADER, Workshop, contents};

use crate::support::{in_ledger, options, run_as_of, run_with, table};

const OWNERS: &str = "[[source]]\nname = \"owners\"\ntable = \"owners\"\npath = \"owners.csv\"\n\
                      format = { date_format = \"%Y-%m-%d\" }\n\
                      columns = { owner_id = \"owner\", territories = \"where\", capacity_customers = \"most\", active_until = \"until\" }\n";
const CUSTOMERS: &str = "[[source]]\nname = \"crm\"\ntable = \"customers\"\npath = \"crm.csv\"\n\
                         columns = { customer_key = \"who\", region = \"region\", owner_id = \"by\" }\n";

const LINES: &str = "1,1,ann,2024-01-05,tea,10,5.00\n2,1,bob,2024-01-06,tea,6,5.00\n3,1,cid,2024-01-07,tea,2,5.00\n\
                     4,1,dan,2024-01-08,tea,1,5.00\n5,1,old,2022-01-08,tea,9,5.00\n";
const CRM: &str = "who,region,by\nann,north,\nbob,north,\ncid,south,\ndan,,\nold,north,\n";

/// Owner, reason and owner before of each customer.
fn assigned(report: &RunReport) -> Vec<String> {
    let frame = table::<Portfolios>(report).into_frame();
    let column = |name: &str| -> Vec<String> {
        let texts = text(&frame, name).expect("there").iter();
        texts.map(|text| text.unwrap_or("-").to_owned()).collect()
    };
    let [ids, owners, reasons, before] = ["customer_id", "owner_id", "reason", "previous_owner_id"].map(column);
    (0..frame.height())
        .map(|row| format!("{} {} {} {}", ids[row], owners[row], reasons[row], before[row]))
        .collect()
}

#[test]
fn portfolios_follow_customers_through_the_nights() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file("crm.csv", CRM);
    workshop.file(
        "owners.csv",
        "owner,where,most,until\nnora,north,1,\nwill,,2,\nzac,south;west,5,2024-01-31\n",
    );
    let pipeline = workshop.pipeline("lines.csv", &format!("{OWNERS}{CUSTOMERS}"));
    let run = |day| run_as_of(&pipeline, day, &workshop.warehouse());
    let first = run("2024-02-01");
    // Nora is the first of two who have nobody yet, and full with Ann; Will is for everywhere, and full with two.
    assert_eq!(
        assigned(&first),
        [
            "ann nora new -",
            "bob will new -",
            "cid will new -",
            "dan - no_capacity -",
            "old - lifecycle_stage -",
        ]
    );
    let summary = first.portfolios.as_ref().expect("there are owners");
    assert_eq!(
        (summary.assigned_count, summary.active_owner_count, summary.owner_count),
        (3, 2, 3)
    );
    assert_eq!(
        summary.notes,
        [
            "no eligible customer has a vin: customers are ranked by net_sales",
            "owners take customers whose region is west, and no eligible customer has it"
        ]
    );
    assert!(
        first
            .run
            .manifest
            .record
            .warnings
            .iter()
            .any(|warning| warning.starts_with("portfolios: no eligible"))
    );
    let again = run("2024-02-01");
    let tables = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
    assert!(
        tables(&again) == tables(&first),
        "the run before is that of an earlier day"
    );

    // Who is worth more than all others comes new, and moves nobody.
    workshop.file("lines.csv", format!("{HEADER}{LINES}6,1,eve,2024-02-05,tea,99,5.00\n"));
    assert_eq!(
        assigned(&run("2024-02-06")),
        [
            "ann nora kept nora",
            "bob will kept will",
            "cid will kept will",
            "dan - no_capacity -",
            "eve - no_capacity -",
            "old - lifecycle_stage -",
        ]
    );
    // Will leaves, and someone has room for south and west only; Nora has room for one more, which goes to Bob.
    workshop.file(
        "owners.csv",
        "owner,where,most,until\nnora,north,2,\nwill,,2,2024-02-06\nsam,south;west,5,\n",
    );
    let third = run("2024-02-07");
    assert_eq!(
        assigned(&third),
        [
            "ann nora kept nora",
            "bob nora moved_owner_gone will",
            "cid sam moved_owner_gone will",
            "dan - no_territory_known -",
            "eve - no_territory_known -",
            "old - lifecycle_stage -",
        ]
    );
    let owners = table::<PortfolioOwners>(&third).into_frame();
    let count = |name| {
        int64(&owners, name)
            .expect("there")
            .iter()
            .flatten()
            .collect::<Vec<i64>>()
    };
    assert_eq!(
        [
            count("customers"),
            count("kept_customers"),
            count("gained_customers"),
            count("lost_customers")
        ],
        [[2, 1, 0], [1, 0, 0], [1, 1, 0], [0, 0, 2]].map(Vec::from)
    );
    assert_eq!(
        boolean(&owners, "is_active").expect("there").iter().collect::<Vec<_>>(),
        [Some(true), Some(true), Some(false)]
    );
}

#[test]
fn the_customer_files_say_who_looks_after_whom_today() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let owners = "owner,where,most,until\nnora,north,1,\nwill,,1,\n";
    workshop.file("owners.csv", format!("{owners}bad,,-1,\n"));
    workshop.file(
        "crm.csv",
        "who,region,by\nann,north,will\nbob,north,nora\ncid,north,nora\ndan,south,nora\nold,,gone\n",
    );
    let pipeline = workshop.pipeline(
        "lines.csv",
        &format!("{OWNERS}{CUSTOMERS}[limits]\nmax_quarantined_share = 0.5\n"),
    );
    let first = run_as_of(&pipeline, "2024-02-01", &workshop.warehouse());
    assert_eq!(
        assigned(&first),
        [
            "ann will kept will",
            "bob nora kept nora",
            "cid - no_capacity nora",
            "dan - no_capacity nora",
            "old - lifecycle_stage -",
        ]
    );
    assert_eq!(in_ledger(&first, &["quarantined", "negative_number"]).0, 1);
    let references = &first.run.manifest.record.references;
    let of_owners = references
        .iter()
        .find(|reference| reference.partner == "owners")
        .expect("counted");
    assert_eq!((of_owners.matched, of_owners.total), (4, 5));

    // The files go before the run of the night before, and where they tell nothing it counts, and what it knew.
    workshop.file("owners.csv", "owner,where,most,until\nnora,north,2,\nwill,,2,\n");
    workshop.file(
        "crm.csv",
        "who,region,by\nann,north,nora\nbob,north,\ncid,north,\ndan,south,\nold,,\n",
    );
    assert_eq!(
        assigned(&run_as_of(&pipeline, "2024-02-02", &workshop.warehouse())),
        [
            "ann nora kept nora",
            "bob nora kept nora",
            "cid will moved_over_capacity nora",
            "dan will moved_territory nora",
            "old - lifecycle_stage -",
        ]
    );
}

#[test]
fn files_that_do_not_follow_move_nobody_a_second_time() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file(
        "owners.csv",
        "owner,where,most,until\nnora,,,\nwill,,,\nzac,,,2024-01-31\n",
    );
    // Who is not among the owners may be anything, such as a person's name.
    workshop.file(
        "crm.csv",
        "who,region,by\nann,north,zac\nbob,north,Zoe Zamora\ncid,north,zac\ndan,north,Zoe Zamora\nold,,zac\n",
    );
    let pipeline = workshop.pipeline("lines.csv", &format!("{OWNERS}{CUSTOMERS}"));
    let run = |day| assigned(&run_as_of(&pipeline, day, &workshop.warehouse()));
    assert_eq!(
        run("2024-02-01"),
        [
            "ann nora moved_owner_gone zac",
            "bob will moved_owner_gone -",
            "cid will moved_owner_gone zac",
            "dan nora moved_owner_gone -",
            "old - lifecycle_stage zac",
        ]
    );
    // One who comes new changes how loaded the others are, and moves nobody.
    workshop.file("lines.csv", format!("{HEADER}{LINES}6,1,eve,2024-02-02,tea,99,5.00\n"));
    for night in ["2024-02-02", "2024-02-03"] {
        let assigned = run(night);
        assert_eq!(
            assigned[..4],
            [
                "ann nora kept nora",
                "bob will kept will",
                "cid will kept will",
                "dan nora kept nora",
            ],
            "{night}"
        );
        assert_eq!(assigned[5], "old - lifecycle_stage zac", "{night}");
    }
}

#[test]
fn who_had_nobody_for_a_while_goes_back_to_the_last_owner() {
    const OF_EVERYWHERE: &str = "owner,where,most,until\nnora,,,\nwill,,,\n";
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file("crm.csv", CRM);
    workshop.file("owners.csv", OF_EVERYWHERE);
    let pipeline = workshop.pipeline("lines.csv", &format!("{OWNERS}{CUSTOMERS}"));
    let run = |day| run_as_of(&pipeline, day, &workshop.warehouse());
    let lost = |report: &RunReport| {
        let owners = table::<PortfolioOwners>(report).into_frame();
        let lost = int64(&owners, "lost_customers").expect("there").iter();
        lost.flatten().collect::<Vec<i64>>()
    };
    assert_eq!(assigned(&run("2022-02-01")), ["old nora new -"]);
    let others = ["ann nora", "bob will", "cid will", "dan nora"];
    let with = |reason: &str, of_old: &str| -> Vec<String> {
        let others = others.iter().map(|other| match reason {
            "new" => format!("{other} new -"),
            kept => format!("{other} {kept} {}", &other[4..]),
        });
        others.chain([of_old.to_owned()]).collect()
    };
    // Lost for two nights, of which the first one counts.
    let first = run("2024-02-01");
    assert_eq!(assigned(&first), with("new", "old - lifecycle_stage nora"));
    assert_eq!(lost(&first), [1, 0]);
    let second = run("2024-02-02");
    assert_eq!(assigned(&second), with("kept", "old - lifecycle_stage nora"));
    assert_eq!(lost(&second), [0, 0]);
    workshop.file("lines.csv", format!("{HEADER}{LINES}6,1,old,2024-02-03,tea,1,5.00\n"));
    assert_eq!(assigned(&run("2024-02-03")), with("kept", "old nora kept nora"));

    // A night in which the file of owners is empty, and another one.
    workshop.file("owners.csv", "owner,where,most,until\n");
    for night in ["2024-02-04", "2024-02-05"] {
        let without = run(night);
        assert_eq!(
            assigned(&without),
            [
                "ann - no_owner nora",
                "bob - no_owner will",
                "cid - no_owner will",
                "dan - no_owner nora",
                "old - no_owner nora",
            ],
            "{night}"
        );
        assert_eq!(without.portfolios.expect("mapped").new_count, 0);
    }
    workshop.file("owners.csv", OF_EVERYWHERE);
    let again = run("2024-02-06");
    assert_eq!(assigned(&again), with("kept", "old nora kept nora"));
    assert_eq!(again.portfolios.expect("mapped").kept_count, 5);
}

#[test]
fn rows_of_owners_in_any_order_are_the_same_portfolios_and_without_owners_there_are_none() {
    let of_owners = |owners: &str| {
        let workshop = Workshop::new();
        workshop.file("lines.csv", format!("{HEADER}{LINES}"));
        workshop.file("crm.csv", CRM);
        workshop.file("owners.csv", format!("owner,where,most,until\n{owners}"));
        let sources = if owners.is_empty() {
            CUSTOMERS.to_owned()
        } else {
            format!("{OWNERS}{CUSTOMERS}")
        };
        let report = run_as_of(
            &workshop.pipeline("lines.csv", &sources),
            "2024-02-01",
            &workshop.warehouse(),
        );
        assert_eq!(report.portfolios.is_some(), !owners.is_empty());
        (assigned(&report), table::<PortfolioOwners>(&report).height())
    };
    let (rows, reversed) = ("a,north,1,\nb,,1,\nc,,1,\n", "c,,1,\nb,,1,\na,north,1,\n");
    assert_eq!(of_owners(rows), of_owners(reversed));
    assert_eq!(of_owners(""), (Vec::new(), 0));
}

const SAMPLE: &str = r#"
[pipeline]
name = "sample"
warehouse = "warehouse"
time_zone = "Europe/Madrid"
currency = "EUR"

[[source]]
name = "shop"
table = "order_lines"
path = "order_lines.csv"
format = { date_format = "%Y-%m-%d %H:%M:%S" }
columns = { customer_key = "customer_id", order_id = "order_id", product_id = "product_id", ordered_at = "ordered_at", quantity = "quantity", unit_price = "unit_price", channel = "channel" }

[[source]]
name = "customers"
table = "customers"
path = "customers.csv"
columns = { customer_key = "customer_id", country = "country" }

[[source]]
name = "owners"
table = "owners"
path = "owners.csv"
format = { date_format = "%Y-%m-%d" }
columns = { owner_id = "owner_id", kind = "kind", territories = "territories", rfm_segments = "rfm_segments", capacity_customers = "capacity_customers", capacity_workload = "capacity_workload", active_from = "active_from", active_until = "active_until" }

[portfolios]
territory = "country"
workload = { per_customer = 1.0, per = { order_day_count = 0.2 } }
"#;

/// Counts a run's portfolios again: completeness, capacities, order of value.
fn recounted(report: &RunReport) -> BTreeMap<String, (Option<String>, String)> {
    let frame = table::<Portfolios>(report).into_frame();
    let column = |name: &str| text(&frame, name).expect("there").clone();
    let (ids, owners, reasons) = (column("customer_id"), column("owner_id"), column("reason"));
    let features = table::<CustomerFeatures>(report).into_frame();
    assert!(
        ids.iter().eq(text(&features, "customer_id").expect("there").iter()),
        "everybody is there once"
    );
    let workloads = decimal(&frame, "workload").expect("there");
    let mut held: BTreeMap<&str, (i64, i128)> = BTreeMap::new();
    for (owner, workload) in owners.iter().zip(workloads.iter()) {
        if let Some(owner) = owner {
            let held = held.entry(owner).or_default();
            *held = (held.0 + 1, held.1 + workload.expect("eligible"));
        }
    }
    let rules = table::<PortfolioOwners>(report).into_frame();
    let (most, most_work) = (
        int64(&rules, "capacity_customers"),
        decimal(&rules, "capacity_workload"),
    );
    let (most, most_work) = (most.expect("there"), most_work.expect("there"));
    for (row, owner) in text(&rules, "owner_id").expect("there").iter().enumerate() {
        let (customers, workload) = held.remove(owner.expect("an id")).unwrap_or_default();
        assert!(most.get(row).is_none_or(|most| customers <= most), "{owner:?}");
        assert!(most_work.get(row).is_none_or(|most| workload <= most), "{owner:?}");
    }
    assert!(held.is_empty(), "{held:?}");
    let rows = ids.iter().zip(owners.iter().zip(reasons.iter()));
    rows.map(|(id, (owner, reason))| {
        let reason = reason.expect("never null").to_owned();
        (id.expect("an id").to_owned(), (owner.map(str::to_owned), reason))
    })
    .collect()
}

#[test]
fn a_second_night_of_the_sample_moves_only_whom_a_rule_moves() {
    let workshop = Workshop::new();
    write_sample(workshop.path(), &SampleRequest::new(3_000, 5)).expect("written");
    let pipeline = workshop.file("sample.toml", SAMPLE);
    let run = |day: &str, is_full: bool, threads: usize| {
        let options = RunOptions {
            as_of: Some(cartera_pipeline::config::AsOfSetting::Date(day.parse().expect("a day"))),
            is_full,
            threads,
            ..options()
        };
        run_with(&pipeline, &options).expect("published")
    };
    let first = recounted(&run("2025-11-30", false, 2));
    let night = run("2025-12-09", false, 2);
    let second = recounted(&night);
    let tables = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
    assert!(tables(&night) == tables(&run("2025-12-09", true, 1)));

    let (mut kept, mut moved, mut new) = (0, 0, 0);
    for (customer, (owner, reason)) in &second {
        let before = first.get(customer).and_then(|(owner, _)| owner.clone());
        match (before, reason.as_str()) {
            (Some(before), "kept") => {
                assert_eq!(owner.as_ref(), Some(&before));
                kept += 1;
            }
            // More work than the night before, another segment, or lost: what the rules say.
            (Some(_), "moved_over_capacity" | "moved_segment" | "no_capacity" | "lifecycle_stage") => moved += 1,
            (Some(before), reason) => panic!("{customer} of {before}: {reason}"),
            (None, reason) => {
                assert!(!reason.starts_with("moved") && reason != "kept", "{reason}");
                new += usize::from(reason == "new");
            }
        }
    }
    assert!(
        kept > 1_000 && moved > 0 && new > 0,
        "{kept} kept, {moved} moved, {new} new"
    );
    let summary = night.portfolios.as_ref().expect("there are owners");
    assert_eq!((summary.kept_count, summary.new_count), (kept, new));
    assert!(summary.unassigned_count() > 0);
}
