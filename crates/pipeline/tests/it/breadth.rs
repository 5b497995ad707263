//! How many products, categories and channels customers buy from, over files and nights.

use std::fs;
use std::path::{Path, PathBuf};

use cartera_pipeline::{RunOptions, RunReport};
use cartera_table::contracts::CustomerFeatures;
use cartera_testkit::{Workshop, contents, row};

use crate::support::{options, run_as_of, run_once, run_with, table};

const HEADER: &str = "order,line,customer,day,product,quantity,price,shop\n";

const GOODS: &str = "[[source]]\nname = \"goods\"\ntable = \"products\"\npath = \"goods.csv\"\n\
                     [source.columns]\nproduct_id = \"sku\"\ncategory = \"class\"\n";

fn pipeline(workshop: &Workshop, further: &str) -> PathBuf {
    let path = workshop.pipeline("lines*.csv", further);
    let plain = fs::read_to_string(&path).expect("written");
    let changed = plain.replace(
        "unit_price = \"price\"\n",
        "unit_price = \"price\"\nchannel = \"shop\"\n",
    );
    fs::write(&path, changed).expect("written");
    path
}

fn counts(report: &RunReport, customer: &str) -> [String; 3] {
    let row = row(table::<CustomerFeatures>(report).frame(), "customer_id", customer);
    ["product_count", "category_count", "channel_count"].map(|column| {
        let found = row.iter().find(|(name, _)| name == column);
        found.map_or("-".to_owned(), |(_, value)| value.clone())
    })
}

fn with_goods(workshop: &Workshop) {
    workshop.file("goods.csv", "sku,class\ntea,food\ncake,food\nmug,kitchen\n");
}

/// Overlapping exports, a return, a free line, a guest, and lines after the day.
fn with_lines(workshop: &Workshop) {
    workshop.file(
        "lines1.csv",
        format!(
            "{HEADER}1,1,ann,2024-01-05,tea,2,3.50,web\n1,2,ann,2024-01-05,mug,1,8.00,web\n\
             2,1,ann,2024-02-05,tea,1,3.50,shop\n3,1,ann,2024-02-06,tea,-1,3.50,fax\n\
             4,1,bob,2024-02-06,toy,1,3.50,\n5,1,,2024-02-06,pen,1,3.50,phone\n6,1,bob,2024-02-07,gift,1,0,shop\n"
        ),
    );
    workshop.file(
        "lines2.csv",
        format!(
            "{HEADER}2,1,ann,2024-02-05,tea,1,3.50,shop\n7,1,ann,2024-03-01,cake,1,3.50,shop\n\
             8,1,bob,2024-03-02,tea,1,3.50,web\n"
        ),
    );
}

#[test]
fn breadth_is_that_of_goods_sold_up_to_the_day() {
    let workshop = Workshop::new();
    with_goods(&workshop);
    with_lines(&workshop);
    let pipeline = pipeline(&workshop, GOODS);
    let report = run_once(&pipeline);
    // tea, mug, cake of food and kitchen; web and shop
    assert_eq!(counts(&report, "ann"), ["3", "2", "2"]);
    // toy and tea, of which the toy has no category and no channel; what was given away is no order
    assert_eq!(counts(&report, "bob"), ["2", "1", "1"]);
    let earlier = run_as_of(&pipeline, "2024-02-28", &workshop.warehouse());
    assert_eq!(counts(&earlier, "ann"), ["2", "2", "2"]);
    assert_eq!(counts(&earlier, "bob"), ["1", "0", "0"]);
}

fn mains(report: &RunReport, customer: &str) -> [String; 2] {
    let row = row(table::<CustomerFeatures>(report).frame(), "customer_id", customer);
    ["main_category", "main_channel"].map(|column| {
        let found = row.iter().find(|(name, _)| name == column);
        found.map_or("-".to_owned(), |(_, value)| value.clone())
    })
}

#[test]
fn the_main_category_and_channel_are_those_of_most_products() {
    let workshop = Workshop::new();
    with_goods(&workshop);
    with_lines(&workshop);
    let pipeline = pipeline(&workshop, GOODS);
    let report = run_once(&pipeline);
    // tea and cake are food, the mug is not; tea and cake from the shop, tea and the mug from the web
    assert_eq!(mains(&report, "ann"), ["food", "shop"]);
    // the toy was in no category and came through no channel
    assert_eq!(mains(&report, "bob"), ["food", "web"]);
    let earlier = run_as_of(&pipeline, "2024-02-28", &workshop.warehouse());
    assert_eq!(mains(&earlier, "ann"), ["food", "web"]);
    assert_eq!(mains(&earlier, "bob"), ["-", "-"]);
}

#[test]
fn what_is_counted_follows_the_sources_unless_it_is_declared() {
    let workshop = Workshop::new();
    with_goods(&workshop);
    with_lines(&workshop);
    let ann = |further: &str| counts(&run_once(&pipeline(&workshop, further)), "ann");
    assert_eq!(ann(""), ["-", "-", "2"], "without a catalogue nobody asks for products");
    assert_eq!(ann("[bonding]\nbreadth = true\n"), ["3", "-", "2"]);
    assert_eq!(ann(&format!("{GOODS}[bonding]\nbreadth = false\n")), ["-", "-", "-"]);
}

#[test]
fn nights_give_the_counts_of_a_full_run() {
    let workshop = Workshop::new();
    with_goods(&workshop);
    with_lines(&workshop);
    // So many others that a change of a few is taken as such.
    let others: String = (0..400)
        .map(|line| {
            format!(
                "x{line},1,c{},2024-01-{:02},p{},1,1.00,web\n",
                line / 4,
                line % 28 + 1,
                line % 7
            )
        })
        .collect();
    workshop.file("lines0.csv", format!("{HEADER}{others}"));
    let pipeline = pipeline(&workshop, GOODS);
    let mut shown = Vec::new();
    for night in 0..5 {
        match night {
            1 => drop(workshop.file("lines3.csv", format!("{HEADER}9,1,ann,2024-04-01,toy,1,3.50,app\n"))),
            2 => drop(workshop.file("goods.csv", "sku,class\ntea,drinks\ncake,food\nmug,kitchen\ntoy,toys\n")),
            // A line that stands in another file already, beside a new one.
            3 => drop(workshop.file(
                "lines4.csv",
                format!("{HEADER}9,1,ann,2024-04-01,toy,1,3.50,app\n10,1,bob,2024-04-02,mug,1,8.00,app\n"),
            )),
            4 => fs::remove_file(workshop.path().join("lines3.csv")).expect("removed"),
            _ => {}
        }
        // All runs are of one day: none knows of one before.
        let fresh = Workshop::new();
        let kept = run_once(&pipeline);
        let full = run_with(
            &pipeline,
            &RunOptions {
                is_full: true,
                warehouse: Some(fresh.warehouse()),
                ..options()
            },
        )
        .expect("published");
        assert!(tables(&kept.run.path) == tables(&full.run.path), "night {night}");
        shown.push(
            ["ann", "bob"]
                .map(|customer| {
                    format!(
                        "{} {}",
                        counts(&kept, customer).join(" "),
                        mains(&kept, customer).join(" ")
                    )
                })
                .join(", "),
        );
    }
    assert_eq!(
        shown,
        [
            "3 2 2 food shop, 2 1 1 food web",
            "4 2 3 food shop, 2 1 1 food web",
            "4 4 3 drinks shop, 2 2 1 drinks web",
            "4 4 3 drinks shop, 3 3 2 drinks app",
            "4 4 3 drinks shop, 3 3 2 drinks app",
        ]
    );
}

fn tables(run: &Path) -> Vec<(String, Vec<u8>)> {
    contents(run, &["manifest.json"])
}
