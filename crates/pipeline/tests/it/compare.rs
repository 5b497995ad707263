//! What two runs are told to differ in, counted again by another way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cartera_pipeline::RunReport;
use cartera_pipeline::compare::{Comparison, compare};
use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Kpis};
use cartera_table::{Money, frame};
use cartera_testkit::{HEADER, Workshop};

use crate::support::{run_as_of, run_once, table};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/retail.toml")
}

fn kinds(comparison: &Comparison) -> Vec<&'static str> {
    comparison.causes.iter().map(|cause| cause.kind).collect()
}

/// Orders, net sales, whether lapsed or lost, first order.
type Facts = (i64, i128, bool, Option<i32>);

/// The customers of a run in a map, where the comparison walks over sorted columns.
fn facts(report: &RunReport) -> BTreeMap<String, Facts> {
    let features = table::<CustomerFeatures>(report);
    let features = features.frame();
    let ids = frame::text(features, "customer_id").expect("ids");
    let orders = frame::int64(features, "order_count").expect("orders");
    let sales = frame::decimal(features, "net_sales").expect("sales");
    let stages = frame::text(features, "lifecycle_stage").expect("stages");
    let first = frame::dates(features, "first_order_date").expect("days");
    (0..features.height())
        .map(|row| {
            let is_away = ["lapsed", "lost"].contains(&stages.get(row).expect("a stage"));
            let facts = (
                orders.get(row).expect("a count"),
                sales.get(row).expect("an amount"),
                is_away,
                first.get(row),
            );
            (ids.get(row).expect("an id").to_owned(), facts)
        })
        .collect()
}

fn segments(report: &RunReport, column: &str) -> BTreeMap<String, Option<String>> {
    let segments = table::<CustomerSegments>(report);
    let ids = frame::text(segments.frame(), "customer_id").expect("ids").iter();
    let labels = frame::text(segments.frame(), column).expect("labels").iter();
    ids.flatten()
        .map(str::to_owned)
        .zip(labels.map(|label| label.map(str::to_owned)))
        .collect()
}

#[test]
fn two_nights_of_the_sample_are_told_apart_to_the_customer_and_the_cent() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = run_as_of(&sample(), "2025-09-30", folder.path());
    let after = run_as_of(&sample(), "2025-12-31", folder.path());
    let found = compare(&before.run, &after.run).expect("compared");
    let (then, now) = (facts(&before), facts(&after));
    let stayed: Vec<(&Facts, &Facts)> = then
        .iter()
        .filter_map(|(id, facts)| Some((facts, now.get(id)?)))
        .collect();
    let is_new = |id: &&String| !then.contains_key(*id);
    let new: Vec<&Facts> = now
        .iter()
        .filter(|(id, _)| is_new(id))
        .map(|(_, facts)| facts)
        .collect();

    let customers = &found.customers;
    assert!(
        new.len() > 10 && stayed.len() > 400,
        "the nights differ: {} {}",
        new.len(),
        stayed.len()
    );
    assert_eq!(
        (customers.new, customers.stayed),
        (new.len() as u64, stayed.len() as u64)
    );
    assert_eq!(
        (customers.before, customers.after),
        (then.len() as u64, now.len() as u64)
    );
    assert_eq!((customers.gone, customers.new_with_earlier_orders), (0, 0));
    let count =
        |wanted: fn(&Facts, &Facts) -> bool| stayed.iter().filter(|(then, now)| wanted(then, now)).count() as u64;
    assert_eq!(customers.bought, count(|then, now| now.0 > then.0));
    assert_eq!(customers.came_back, count(|then, now| now.0 > then.0 && then.2));
    assert_eq!(customers.fell_asleep, count(|then, now| now.2 && !then.2));
    assert!(customers.came_back > 0 && customers.fell_asleep > 0, "{customers:?}");

    let bridge = found
        .bridges
        .iter()
        .find(|bridge| bridge.measure == "net_sales")
        .expect("told");
    assert_eq!(bridge.new, Money(new.iter().map(|facts| facts.1).sum()));
    assert_eq!(
        bridge.stayed,
        Money(stayed.iter().map(|(then, now)| now.1 - then.1).sum())
    );
    let names: Vec<&str> = found.bridges.iter().map(|bridge| bridge.measure).collect();
    assert_eq!(names, ["net_sales", "gross_margin", "net_profit"]);
    for bridge in &found.bridges {
        let parts = bridge.before.0 + bridge.new.0 + bridge.stayed.0 + bridge.gone.0;
        assert_eq!(Money(parts), bridge.after, "{}", bridge.measure);
    }
    assert_eq!(after.run.manifest.record.totals.net_sales.parse(), Ok(bridge.after));
    assert_eq!(before.run.manifest.record.totals.net_sales.parse(), Ok(bridge.before));
}

#[test]
fn moves_between_segments_are_those_of_every_customer() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = run_as_of(&sample(), "2025-10-31", folder.path());
    // The comparison holds any two nights against each other, not only neighbours.
    run_as_of(&sample(), "2025-11-30", folder.path());
    let after = run_as_of(&sample(), "2025-12-31", folder.path());
    let found = compare(&before.run, &after.run).expect("compared");
    let names: Vec<&str> = found
        .segmentations
        .iter()
        .map(|changes| changes.segmentation.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "rfm_segment",
            "lifecycle_stage",
            "pareto_class",
            "pareto_class_profit",
            "pareto_class_vin",
            "value_tier",
            "cluster"
        ]
    );
    for changes in found
        .segmentations
        .iter()
        .filter(|changes| changes.segmentation != "cluster")
    {
        let name = &changes.segmentation;
        let (then, now) = (segments(&before, name), segments(&after, name));
        let mut moves: BTreeMap<(Option<String>, Option<String>), u64> = BTreeMap::new();
        let mut moved = 0;
        for (id, segment) in &then {
            if let Some(segment_now) = now.get(id).filter(|segment_now| *segment_now != segment) {
                *moves.entry((segment.clone(), segment_now.clone())).or_default() += 1;
                moved += 1;
            }
        }
        assert_eq!((changes.moved, changes.stayed), (moved, then.len() as u64), "{name}");
        let told = changes.moves.iter();
        let told: BTreeMap<_, u64> = told
            .map(|way| ((way.from.clone(), way.to.clone()), way.customers))
            .collect();
        assert_eq!(told, moves, "{name}");
        for size in &changes.sizes {
            let of =
                |all: &BTreeMap<String, Option<String>>| all.values().filter(|of| **of == size.segment).count() as u64;
            assert_eq!(
                (size.before, size.after),
                (of(&then), of(&now)),
                "{name} {:?}",
                size.segment
            );
        }
    }
    let is_redefined = found.segmentations.iter().any(|changes| changes.because.is_some());
    assert!(!is_redefined || kinds(&found).contains(&"purchase_model") || kinds(&found).contains(&"clusters"));
}

#[test]
fn nothing_of_the_past_changes_where_days_go_by() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = run_as_of(&sample(), "2025-11-15", folder.path());
    let after = run_as_of(&sample(), "2025-12-31", folder.path());
    let found = compare(&before.run, &after.run).expect("compared");
    assert!(found.months.restated.is_empty(), "{:?}", found.months.restated);
    let kpis = table::<Kpis>(&after);
    let months = frame::text(kpis.frame(), "month").expect("months").iter();
    let over = months.flatten().filter(|month| *month < "2025-11").count();
    assert_eq!(found.months.months, over);
    assert!(found.inputs.changes.is_empty() && found.parameters.is_empty() && found.schema.is_empty());
    assert_eq!(found.inputs.unchanged, 11);
    let expected = ["purchase_model", "clusters", "estimates"];
    let kinds = kinds(&found);
    assert!(kinds.iter().all(|kind| expected.contains(kind)), "{kinds:?}");
    assert!(!found.is_equal);
}

#[test]
fn who_is_not_there_yet_is_told_from_who_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let earlier = run_as_of(&sample(), "2025-09-30", folder.path());
    let later = run_as_of(&sample(), "2025-12-31", folder.path());
    let found = compare(&later.run, &earlier.run).expect("compared");
    assert!(found.customers.gone > 10);
    assert_eq!(
        found.customers.gone_by_reason,
        BTreeMap::from([("not_yet", found.customers.gone)])
    );
    assert!(kinds(&found).contains(&"order"));
}

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-02-10,tea,10,3.50\n3,1,eve,2024-03-01,mug,1,8.00\n";

#[test]
fn equal_runs_say_so() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "");
    let (before, after) = (run_once(&pipeline), run_once(&pipeline));
    let found = compare(&before.run, &after.run).expect("compared");
    assert!(found.is_equal);
    assert!(found.causes.is_empty());
    assert_eq!(
        (found.customers.stayed, found.customers.new, found.customers.gone),
        (3, 0, 0)
    );
    assert!(found.segmentations.iter().all(|changes| changes.moved == 0));
}

/// A night later the file tells the past otherwise, a key is gone, another one came late, and the pipeline changed.
#[test]
fn corrections_and_changed_keys_are_named() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let before = run_once(&workshop.pipeline("lines.csv", ""));
    let corrected = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-02-10,tea,10,3.00\n4,1,dan,2024-02-12,mug,1,8.00\n5,1,ann,2024-02-31,mug,1,1.00\n";
    workshop.file("lines.csv", format!("{HEADER}{corrected}"));
    let further = "[rfm.recency]\nbins = 4\n[rfm.frequency]\nbins = 4\n[rfm.monetary]\nbins = 4\n\n[limits]\nmax_quarantined_share = 0.5\n";
    let after = run_once(&workshop.pipeline("lines.csv", further));
    let found = compare(&before.run, &after.run).expect("compared");

    let customers = &found.customers;
    assert_eq!((customers.stayed, customers.new, customers.gone), (2, 1, 1));
    assert_eq!(
        customers.new_with_earlier_orders, 1,
        "dan's order is older than the first run"
    );
    assert_eq!(customers.gone_by_reason, BTreeMap::from([("no_line", 1)]));
    let restated: Vec<(&str, String)> = found
        .months
        .restated
        .iter()
        .map(|month| {
            (
                month.month.as_str(),
                Money(month.net_sales_after.0 - month.net_sales_before.0).to_string(),
            )
        })
        .collect();
    // February: bob's 5.00 less and dan's 8.00 more; March: eve's 8.00 are gone.
    assert_eq!(
        restated,
        [("2024-02", "3.00".to_owned()), ("2024-03", "-8.00".to_owned())]
    );
    assert_eq!(found.months.restated_net_sales.to_string(), "-5.00");
    assert_eq!(found.months.later_net_sales, Some(Money(0)));
    let keys: BTreeSet<&str> = found.parameters.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(
        keys,
        BTreeSet::from(["rfm.frequency.bins", "rfm.monetary.bins", "rfm.recency.bins"])
    );
    assert_eq!(found.inputs.changes[0].change, "grew");
    assert_eq!(found.quality.set_aside.len(), 1);
    assert_eq!(found.quality.set_aside[0].reason, "no_such_day");
    assert_eq!(kinds(&found)[..3], ["parameters", "order", "past"]);
    let rfm = found
        .segmentations
        .iter()
        .find(|changes| changes.segmentation == "rfm_segment");
    let because = rfm.and_then(|changes| changes.because.as_deref());
    assert_eq!(because, Some("[rfm] of the pipeline defines it otherwise"));
    let others = found
        .segmentations
        .iter()
        .filter(|changes| changes.segmentation == "value_tier");
    assert!(others.into_iter().all(|changes| changes.because.is_none()));
}

/// A run without customers has a sum that is known: nothing.
#[test]
fn who_bought_as_a_guest_in_one_run_is_gone_or_new_with_the_money() {
    let workshop = Workshop::new();
    let night = |customer: &str| {
        workshop.file("lines.csv", format!("{HEADER}1,1,{customer},2024-01-05,tea,2,3.50\n"));
        run_once(&workshop.pipeline("lines.csv", ""))
    };
    let (of_ann, of_guests) = (night("ann"), night(""));
    for (before, after, [new, gone]) in [(&of_ann, &of_guests, [0, -70_000]), (&of_guests, &of_ann, [70_000, 0])] {
        let found = compare(&before.run, &after.run).expect("compared");
        let bridge = found.bridges.iter().find(|bridge| bridge.measure == "net_sales");
        let bridge = bridge.expect("told");
        assert_eq!(
            (bridge.new, bridge.stayed, bridge.gone),
            (Money(new), Money(0), Money(gone))
        );
        assert_eq!(bridge.after.0 - bridge.before.0, new + gone);
        assert_eq!(found.months.restated_net_sales, Money(new + gone));
        assert_eq!(found.months.later_net_sales, Some(Money(0)), "nobody bought since");
    }
}

/// What the tables say is what SQL over both runs says.
#[test]
fn a_bridge_is_what_a_join_says() {
    use polars::prelude::{IntoLazy, JoinArgs, JoinType, col, lit};
    let folder = tempfile::tempdir().expect("a folder");
    let before = run_as_of(&sample(), "2025-11-30", folder.path());
    let after = run_as_of(&sample(), "2025-12-31", folder.path());
    let found = compare(&before.run, &after.run).expect("compared");
    let (then, now) = (table::<CustomerFeatures>(&before), table::<CustomerFeatures>(&after));
    let side = |features: &cartera_table::Table<CustomerFeatures>, name: &str| {
        features
            .frame()
            .clone()
            .lazy()
            .select([col("customer_id"), col("gross_margin").alias(name)])
    };
    let joined = side(&then, "then").join(
        side(&now, "now"),
        [col("customer_id")],
        [col("customer_id")],
        JoinArgs::new(JoinType::Inner),
    );
    let sums = joined
        .select([(col("now").fill_null(lit(0)) - col("then").fill_null(lit(0)))
            .sum()
            .alias("change")])
        .collect()
        .expect("joined");
    let change = frame::decimal(&sums, "change").expect("a decimal").get(0);
    let bridge = found
        .bridges
        .iter()
        .find(|bridge| bridge.measure == "gross_margin")
        .expect("told");
    assert_eq!(Some(bridge.stayed.0), change);
}
