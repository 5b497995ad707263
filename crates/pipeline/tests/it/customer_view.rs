//! One customer of a run: found by any key, and told as the tables tell it.

use std::fs;
use std::path::Path;

use cartera_pipeline::store::{RunSelector, Warehouse};
use cartera_pipeline::{CustomerRequest, PipelineError, customer_view};
use cartera_report::customer::{CustomerView, PersonStatus};
use cartera_testkit::{HEADER, Workshop};

use crate::customer_events::{published, workshop};
use crate::support::run_once;

fn view(warehouse: &Path, key: &str, personal: bool) -> Result<CustomerView, PipelineError> {
    let warehouse = Warehouse::open(warehouse).expect("a warehouse");
    let run = warehouse.find(&RunSelector::Current).expect("a run");
    let request = CustomerRequest {
        key: key.to_owned(),
        personal,
    };
    customer_view(&warehouse, &run, &request)
}

#[test]
fn a_customer_is_told_as_the_tables_have_it() {
    let workshop = workshop();
    published(&workshop, "");
    let ann = view(&workshop.warehouse(), "ann", false).expect("there");
    assert_eq!((ann.customer_id.as_str(), ann.run.as_str()), ("ann", "2024-06-30/1"));
    assert_eq!(ann.keys[0].source_key, "ann");
    assert_eq!(ann.value.order_count, Some(3));
    assert_eq!(
        ann.value.net_sales.map(|sales| sales.to_string()).as_deref(),
        Some("16.00")
    );
    assert_eq!(ann.person.status, PersonStatus::NotKnown);
    assert_eq!((ann.orders.len(), ann.contacts.len(), ann.cases.len()), (4, 2, 3));
    let last_words: Vec<(&str, &str)> = ann
        .consents
        .iter()
        .map(|word| (word.channel.as_deref().unwrap_or_default(), word.event.as_str()))
        .collect();
    assert_eq!(last_words, [("email", "withdrawn"), ("sms", "granted")]);
    assert_eq!(ann.suppressions.len(), 1);
    let of_months: Vec<(&str, u32)> = ann
        .rhythm
        .months
        .iter()
        .filter_map(|month| Some((month.month.as_str(), month.orders.filter(|orders| *orders > 0)?)))
        .collect();
    assert_eq!(of_months, [("2024-01", 1), ("2024-03", 1), ("2024-04", 1)]);
    let unknown: Vec<&str> = ann.unknown.iter().map(|unknown| unknown.what).collect();
    assert!(
        unknown.contains(&"who it is") && !unknown.contains(&"consents"),
        "{unknown:?}"
    );
    assert!(ann.next_contact.is_some() && ann.lifecycle.is_some());
}

#[test]
fn the_cluster_is_the_nearest_one_and_its_features_add_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let workshop = Workshop::new();
    for (name, content) in cartera_testkit::contents(&root.join("sample-data"), &[]) {
        workshop.file(&format!("sample-data/{name}"), content);
    }
    let text = fs::read_to_string(root.join("pipelines/retail.toml")).expect("a pipeline");
    run_once(&workshop.file("pipelines/retail.toml", text));
    let warehouse = workshop.path().join("warehouse/retail");
    for key in ["P0755787", "S3682268"] {
        let shown = view(&warehouse, key, true).expect("there");
        let cluster = shown.cluster.expect("buyers are in clusters");
        let (own, next) = (
            cluster.distance.expect("a model"),
            cluster.next.expect("several clusters"),
        );
        assert!(own <= next.distance, "{own} {}", next.distance);
        let pull: f64 = cluster.features.iter().filter_map(|feature| feature.pull).sum();
        let apart = next.distance.powi(2) - own.powi(2);
        assert!((pull - apart).abs() < 1e-9 * apart.max(1.0), "{pull} {apart}");
        assert_eq!(shown.person.status, PersonStatus::Shown);
        assert!(shown.person.details.iter().any(|detail| detail.name == "email"));
        let hidden = view(&warehouse, key, false).expect("there");
        assert_eq!(hidden.person.status, PersonStatus::Hidden);
        assert!(hidden.person.details.is_empty());
    }
}

#[test]
fn a_key_of_two_customers_is_asked_about_and_one_that_nobody_has_is_refused() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}1,1,0017,2024-01-05,tea,2,3.50\n"));
    workshop.file(
        "web.csv",
        format!("{HEADER}1,1,0017,2024-01-06,tea,2,4.50\n2,1,Zoe,2024-01-06,tea,2,4.50\n"),
    );
    let web = r#"
[[source]]
name = "web"
table = "order_lines"
key_space = "web"
path = "web.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "customer", order_id = "order", line_number = "line", product_id = "product", ordered_at = "day", quantity = "quantity", unit_price = "price" }
"#;
    run_once(&workshop.pipeline("lines.csv", web));
    let warehouse = workshop.warehouse();
    let found = |key: &str| view(&warehouse, key, false).map(|view| view.customer_id);
    assert_eq!(found("web:0017").expect("there"), "web:0017");
    assert_eq!(found("main:0017").expect("there"), "main:0017");
    assert_eq!(found("Zoe").expect("there"), "web:Zoe");
    let hint = |key: &str| {
        let error = found(key).expect_err("refused");
        (error.to_string(), error.hint().unwrap_or_default())
    };
    let (error, advice) = hint("0017");
    assert_eq!(error, "\"0017\" is a key of 2 customers of run 2024-12-31/1");
    assert_eq!(
        advice,
        "ask for one of main:0017 (key space main), web:0017 (key space web)"
    );
    assert_eq!(
        hint("17").1,
        "there is main:0017, web:0017",
        "a spreadsheet drops zeros"
    );
    assert_eq!(
        hint("zoe "),
        (
            "run 2024-12-31/1 knows no customer \"zoe \"".to_owned(),
            "there is web:Zoe".to_owned()
        )
    );
    assert!(hint("nobody").1.starts_with("a key is written as"));
}
