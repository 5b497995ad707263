//! Whole runs: what adds up, what is not known, what the future and earlier nights may not change.

use std::fs;
use std::path::Path;

use cartera_pipeline::RunOptions;
use cartera_table::contracts::{CustomerFeatures, ProfitCurve, ProfitabilityBy};
use cartera_table::frame::{decimal, int64};
use cartera_testkit::{Workshop, contents};

use super::{HEADER, LINES, all_dimensions_agree, by, cents, costs, euros, item, of, shop};
use crate::support::{options, run_as_of, run_once, run_with, table};

#[test]
fn costs_find_their_customers_and_what_is_left_adds_up() {
    let (workshop, path) = shop("");
    costs(
        &workshop,
        "a,cost_to_serve,2024-01-06,1.00,ann,,,\nb,shipping,2024-02-12,0.50,,4,,\nc,payment,2024-02-12,0.20,,1,,\n\
         d,other,2024-03-01,4.00,,,,\ne,other,2024-03-01,0.30,zoe,,,\nf,payment,2024-03-01,0.70,,no such,,\n\
         g,other,2025-01-01,99.00,,,,\nh,other,2025-01-01,99.00,ann,,,\n",
    );
    workshop.file(
        "calls.csv",
        "customer,day,kind,campaign,cost\nbob,2024-03-02,call,,2.50\nbob,2025-03-02,call,,50\n",
    );
    let report = run_once(&path);
    // 1.00 of her own, 0.20 of order 1, 2 of 4 orders of 4.00.
    assert_eq!(of(&report, "ann", "cost_to_serve"), "3.2000");
    assert_eq!(
        of(&report, "bob", "cost_to_serve"),
        "3.5000",
        "a call of 2.50 and 1 of 4 orders"
    );
    // 20 + 8 + 10 - 10 less 12 + 5 + 6 - 6
    assert_eq!(of(&report, "ann", "net_profit"), "7.8000", "11 - 3.20");
    assert_eq!(of(&report, "bob", "net_profit"), "0.5000", "4 - 3.50");
    assert_eq!(item(&report, "gross_margin"), euros([1_900, 1_500, 400, 0]));
    assert_eq!(
        item(&report, "direct_cost"),
        euros([270, 120, 50, 100]),
        "zoe is nobody, and so is that order"
    );
    assert_eq!(item(&report, "shared_cost"), euros([400, 300, 100, 0]));
    assert_eq!(item(&report, "contact_cost"), euros([250, 250, 0, 0]));
    assert_eq!(item(&report, "net_profit"), euros([980, 830, 250, -100]));
    assert_eq!(of(&report, "bob", "profit_share"), "0.046296", "0.50 of 8.30 + 2.50");
    assert_eq!(
        by(&report, "product", "net_sales"),
        cents(&[("tea", 3_000), ("mug", 1_700)])
    );
    assert_eq!(
        by(&report, "category", "gross_margin"),
        cents(&[("drinks", 1_200), ("-", 700)])
    );
    assert_eq!(
        by(&report, "channel", "net_sales"),
        cents(&[("web", 3_800), ("shop", 900)])
    );
    assert_eq!(
        by(&report, "region", "net_sales"),
        cents(&[("north", 2_800), ("south", 900), ("-", 1_000)])
    );
    assert_eq!(
        by(&report, "sales_rep", "net_sales"),
        cents(&[("eva", 2_800), ("-", 1_900)])
    );
    assert_eq!(
        by(&report, "month", "cost_to_serve"),
        cents(&[("2024-01", 100), ("2024-02", 70), ("2024-03", 750)])
    );
    assert_eq!(
        by(&report, "product", "cost_to_serve"),
        cents(&[("tea", 552), ("mug", 368)]),
        "3 and 2 of 5 lines of orders"
    );
    all_dimensions_agree(&report);
    let curve = table::<ProfitCurve>(&report).into_frame();
    let profits: Vec<i128> = decimal(&curve, "cumulative_profit")
        .expect("there")
        .iter()
        .flatten()
        .collect();
    assert_eq!(profits, [0, 78_000, 83_000]);
    let totals = report.run.manifest.record.totals.profit.clone().expect("known");
    assert_eq!(
        (
            totals.net_profit.as_deref(),
            totals.unallocated_cost.as_deref(),
            totals.loss_making_customers
        ),
        (Some("9.80"), Some("1.00"), 0)
    );
}

#[test]
fn without_costs_nothing_is_known_and_without_entries_nothing_was_spent() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let report = run_once(&workshop.pipeline("lines.csv", ""));
    for column in ["cost_to_serve", "acquisition_cost", "net_profit", "profit_share"] {
        assert_eq!(of(&report, "ann", column), "");
    }
    assert_eq!(item(&report, "net_profit"), [None; 4]);
    assert_eq!(item(&report, "net_sales"), euros([4_700, 3_700, 1_000, 0]));
    assert_eq!(table::<ProfitCurve>(&report).height(), 0);
    assert!(report.run.manifest.record.totals.profit.is_none());
    let (_workshop, path) = shop("");
    let report = run_once(&path);
    assert_eq!(of(&report, "ann", "cost_to_serve"), "0.0000");
    assert_eq!(of(&report, "ann", "net_profit"), "11.0000");
}

#[test]
fn regions_are_those_of_customers_where_no_line_has_one() {
    let (workshop, path) = shop(
        "[[source]]\nname = \"crm\"\ntable = \"customers\"\npath = \"crm.csv\"\n\
         [source.columns]\ncustomer_key = \"id\"\nregion = \"region\"\ncountry = \"country\"\n",
    );
    workshop.file("crm.csv", "id,region,country\nann,Galicia,ES\nbob,,PT\n");
    costs(
        &workshop,
        "a,other,2024-02-29,4.00,,,,\nb,cost_to_serve,2024-02-29,1.00,bob,,,\nc,other,2024-02-29,0.10,,zoe,,\n",
    );
    let plain = fs::read_to_string(&path).expect("written");
    fs::write(&path, plain.replacen("region = \"region\"\n", "", 1)).expect("written");
    let report = run_once(&path);
    assert_eq!(
        by(&report, "region", "net_sales"),
        cents(&[("Galicia", 2_800), ("PT", 900), ("-", 1_000)])
    );
    assert_eq!(
        by(&report, "region", "cost_to_serve"),
        cents(&[("Galicia", 200), ("PT", 200), ("-", 110)])
    );
    all_dimensions_agree(&report);
}

#[test]
fn categories_are_those_of_the_day_of_the_run_wherever_they_are_told() {
    let (workshop, path) = shop("");
    let plain = fs::read_to_string(&path).expect("written");
    let mapped = plain.replace(
        "category = \"class\"\n",
        "category = \"class\"\nvalid_from = \"since\"\n",
    );
    fs::write(
        &path,
        mapped.replace(
            "path = \"goods.csv\"\n",
            "path = \"goods.csv\"\n[source.format]\ndate_format = \"%Y-%m-%d\"\n",
        ),
    )
    .expect("written");
    // The last line is of 1 March: the catalogue says more by the day of the run, and still more after it.
    workshop.file(
        "goods.csv",
        "sku,class,since\ntea,drinks,2024-01-01\nmug,,2024-01-01\nmug,kitchen,2024-03-20\ntea,herbs,2024-04-01\n",
    );
    let report = run_as_of(&path, "2024-03-31", &workshop.warehouse());
    assert_eq!(
        by(&report, "category", "net_sales"),
        cents(&[("drinks", 3_000), ("kitchen", 1_700)])
    );
    assert_eq!(of(&report, "ann", "category_count"), "2", "tea and mug");
    let early = run_as_of(&path, "2024-03-10", &workshop.warehouse());
    assert_eq!(
        by(&early, "category", "net_sales"),
        cents(&[("drinks", 3_000), ("-", 1_700)])
    );
    assert_eq!(of(&early, "ann", "category_count"), "1");
}

#[test]
fn moving_the_future_changes_no_profit() {
    let tables = |lines: &str, costs_: &str, calls: &str, campaigns: &str| {
        let (workshop, path) = shop("");
        workshop.file("lines.csv", format!("{HEADER}{LINES}{lines}"));
        costs(
            &workshop,
            &format!("a,other,2024-02-29,4.00,,,,\nb,shipping,2024-02-29,1.00,,9,,\n{costs_}"),
        );
        workshop.file(
            "calls.csv",
            format!("customer,day,kind,campaign,cost\nann,2024-01-07,contact,spring,0.10\n{calls}"),
        );
        workshop.file(
            "campaigns.csv",
            format!("id,day,cost\nspring,2024-01-01,5\n{campaigns}"),
        );
        let report = run_as_of(&path, "2024-03-31", &workshop.warehouse());
        let figures = |column: &str| {
            decimal(table::<ProfitabilityBy>(&report).frame(), column)
                .expect("there")
                .iter()
                .collect::<Vec<_>>()
        };
        let customers = table::<CustomerFeatures>(&report).into_frame();
        let lines = int64(table::<ProfitabilityBy>(&report).frame(), "line_count")
            .expect("there")
            .iter()
            .collect::<Vec<_>>();
        (
            item(&report, "net_profit"),
            figures("net_profit"),
            figures("cost_to_serve"),
            lines,
            decimal(&customers, "net_profit")
                .expect("there")
                .iter()
                .collect::<Vec<_>>(),
        )
    };
    let base = tables("", "", "", "");
    assert!(
        tables("9,1,ann,2024-04-01,tea,5,10.00,6.00,kiosk,west,max\n", "", "", "") == base,
        "a line"
    );
    assert!(
        tables(
            "",
            "c,other,2024-04-01,4.00,,,,\nd,campaign,2024-04-01,1.00,,,,spring\n",
            "",
            ""
        ) == base,
        "costs"
    );
    assert!(
        tables("", "", "bob,2024-04-01,contact,spring,7\n", "") == base,
        "a contact"
    );
    assert!(tables("", "", "", "autumn,2024-04-01,9\n") == base, "a campaign");
}

/// The tables of a night that builds on the one before, and of the same night from nothing.
fn night(path: &Path, warehouse: &Path) -> [Vec<(String, Vec<u8>)>; 2] {
    [false, true].map(|is_full| {
        let options = RunOptions {
            is_full,
            warehouse: Some(warehouse.to_owned()),
            ..options()
        };
        let report = run_with(path, &options).unwrap_or_else(|error| panic!("{error}"));
        contents(&report.run.path, &["manifest.json"])
    })
}

#[test]
fn a_night_that_builds_on_the_one_before_is_as_one_from_nothing() {
    let (workshop, path) = shop("");
    let warehouse = workshop.path().join("nights");
    costs(
        &workshop,
        "a,shipping,2024-02-29,9.00,,,web,\nb,payment,2024-02-29,1.00,,4,,\n",
    );
    let many: String = (10..60)
        .map(|order| {
            format!(
                "{order},1,c{},2024-02-{:02},tea,1,10.00,6.00,shop,south,\n",
                order % 7,
                order % 28 + 1
            )
        })
        .collect();
    workshop.file("lines-1.csv", format!("{HEADER}{many}"));
    let mut nights = vec![night(&path, &warehouse)];
    // The same lines in another file and one more: the repeats are merged.
    workshop.file(
        "lines-2.csv",
        format!(
            "{HEADER}{LINES}5,1,bob,2024-03-02,tea,1,10.00,6.00,web,north,eva\n6,1,,2024-03-02,mug,1,9.00,5.00,shop,,\n"
        ),
    );
    nights.push(night(&path, &warehouse));
    costs(
        &workshop,
        "a,shipping,2024-02-29,9.00,,,web,\nb,payment,2024-02-29,1.00,,4,,\nc,other,2024-03-02,3.00,,6,,\n",
    );
    nights.push(night(&path, &warehouse));
    for (place, [kept, full]) in nights.iter().enumerate() {
        assert!(kept == full, "night {place}");
    }
    assert!(nights[0][0] != nights[1][0] && nights[1][0] != nights[2][0]);
    let early = run_as_of(&path, "2024-02-05", &warehouse);
    all_dimensions_agree(&early);
    let report = run_once(&path);
    assert_eq!(
        by(&report, "channel", "net_sales"),
        cents(&[("web", 4_800), ("shop", 51_800)])
    );
    assert_eq!(
        item(&report, "direct_cost"),
        euros([400, 0, 400, 0]),
        "orders 4 and 6 are guests'"
    );
}
