//! The files beside the order lines: who is who, and that everything refers to something.

use std::collections::{HashMap, HashSet};

use cartera_sample::{SampleFile, SampleParams};
use jiff::civil::{Date, Weekday};

use crate::read::{Sample, cents, records};

type Rows = Vec<HashMap<String, String>>;

fn by<'a>(rows: &'a Rows, key: &str) -> HashMap<&'a str, &'a HashMap<String, String>> {
    rows.iter().map(|row| (&*row[key], row)).collect()
}

fn sample() -> Sample {
    Sample::write(SampleParams::new(4_000, 71))
}

#[test]
fn every_key_belongs_to_one_person_and_differs_as_told() {
    let sample = sample();
    let customers = sample.rows(SampleFile::Customers);
    let identity = sample.rows(SampleFile::TruthIdentity);
    let truth = sample.rows(SampleFile::TruthCustomers);
    let records = by(&customers, "customer_id");
    assert_eq!((records.len(), identity.len()), (customers.len(), customers.len()));
    let people = by(&truth, "person_id");
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for row in &identity {
        let person = people[&*row["person_id"]];
        let (second, first) = (records[&*row["customer_id"]], records[&*person["first_key"]]);
        *seen.entry(&row["variant"]).or_default() += 1;
        let differ: HashSet<&str> = first
            .keys()
            .map(String::as_str)
            .filter(|name| !matches!(*name, "customer_id" | "joined_on"))
            .filter(|name| first[*name] != second[*name])
            .collect();
        assert_eq!(row["customer_id"] == person["first_key"], row["variant"] == "original");
        assert!(row["variant"] == "original" || row["customer_id"] == person["second_key"]);
        let allowed: &[&str] = match &*row["variant"] {
            "original" | "exact" => &[],
            "typo" => &["name", "given_name", "family_name", "phone", "email"],
            "missing" => &["email", "birth_date", "phone", "street", "household_id"],
            "new_email" => &["email"],
            "swapped_names" => &["name", "given_name", "family_name"],
            "moved" => &["street", "city", "postcode", "household_id"],
            other => panic!("{other}"),
        };
        assert!(differ.iter().all(|name| allowed.contains(name)), "{row:?}: {differ:?}");
        assert_eq!(differ.is_empty(), allowed.is_empty(), "{row:?}");
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
    let second_keys = f64::from(seen.values().sum::<u32>() - seen["original"]);
    assert!((second_keys / 4_000.0 - 0.08).abs() < 0.02, "{second_keys}");
}

#[test]
fn one_key_a_person_where_nobody_has_two() {
    let sample = Sample::write(SampleParams {
        second_key_share: 0.0,
        ..SampleParams::new(500, 72)
    });
    assert_eq!(sample.rows(SampleFile::Customers).len(), 500);
    let truth = sample.rows(SampleFile::TruthCustomers);
    assert!(truth.iter().all(|row| row["second_key"].is_empty()));
}

#[test]
fn records_look_like_people_companies_and_households() {
    let sample = sample();
    let customers = sample.rows(SampleFile::Customers);
    let (mut companies, mut homes) = (0, HashMap::<&str, HashSet<&str>>::new());
    for row in &customers {
        assert!(!row["name"].is_empty() && !row["given_name"].is_empty() && !row["country"].is_empty());
        assert!(
            row["email"].is_empty() || row["email"].is_ascii() && row["email"].contains('@'),
            "{row:?}"
        );
        if row["customer_type"] == "company" {
            companies += 1;
            assert_eq!(row["name"], row["company_name"]);
            assert!(row["birth_date"].is_empty() && row["tax_id"].len() == 10);
        } else {
            assert!(row["company_name"].is_empty() && row["tax_id"].is_empty());
        }
        if !row["household_id"].is_empty() {
            let home = [&*row["street"], &row["postcode"], &row["country"]].join("|");
            homes
                .entry(&row["household_id"])
                .or_default()
                .insert(Box::leak(home.into_boxed_str()));
        }
    }
    let share = f64::from(companies) / customers.len() as f64;
    assert!((0.01..0.05).contains(&share), "{share}");
    assert!(homes.len() > 300 && homes.values().all(|addresses| addresses.len() == 1));
    assert!(
        customers.iter().any(|row| row["postcode"].starts_with('0')),
        "no leading zero"
    );
}

#[test]
fn only_the_treated_are_contacted_and_only_with_consent() {
    let sample = sample();
    let campaigns_rows = sample.rows(SampleFile::Campaigns);
    let campaigns = by(&campaigns_rows, "campaign_id");
    let consents = sample.rows(SampleFile::Consents);
    let identity_rows = sample.rows(SampleFile::TruthIdentity);
    let identity = by(&identity_rows, "customer_id");
    let person = |key: &str| identity[key]["person_id"].clone();
    let mut periods: HashMap<(String, String), (String, String)> = HashMap::new();
    let mut under_second_key = 0;
    for row in &consents {
        let period = periods
            .entry((person(&row["customer_id"]), row["channel"].clone()))
            .or_insert((String::new(), "9999-12-31".to_owned()));
        if row["status"] == "granted" {
            period.0 = row["since"].clone();
        } else {
            assert_eq!(row["status"], "withdrawn");
            under_second_key += u32::from(identity[&*row["customer_id"]]["variant"] != "original");
            period.1 = row["since"].clone();
        }
    }
    assert!(under_second_key > 10, "{under_second_key}");
    let interactions = sample.rows(SampleFile::Interactions);
    let contacts: HashMap<(String, String), &HashMap<String, String>> = interactions
        .iter()
        .filter(|row| row["kind"] == "contact")
        .map(|row| ((row["campaign_id"].clone(), row["customer_id"].clone()), row))
        .collect();
    let mut treated = 0;
    for row in sample.rows(SampleFile::TruthAssignments) {
        let contact = contacts.get(&(row["campaign_id"].clone(), row["customer_id"].clone()));
        assert_eq!(contact.is_some(), row["arm"] == "treated", "{row:?}");
        assert_eq!(row["person_id"], person(&row["customer_id"]));
        let Some(contact) = contact else { continue };
        treated += 1;
        let campaign = campaigns[&*row["campaign_id"]];
        let day = contact["occurred_at"][..10].to_owned();
        assert!(campaign["starts_on"] <= day && day <= campaign["ends_on"]);
        assert_eq!(
            (&contact["channel"], &*contact["direction"]),
            (&campaign["channel"], "outbound")
        );
        let (granted, withdrawn) = &periods[&(row["person_id"].clone(), campaign["channel"].clone())];
        assert!(granted <= &day && &day < withdrawn, "{row:?}");
    }
    assert_eq!(treated, contacts.len());
    let calls = interactions.iter().filter(|row| row["kind"] == "call");
    assert!(calls.clone().count() > 500 && calls.clone().all(|row| row["direction"] == "inbound"));
    assert_eq!(calls.count() + contacts.len(), interactions.len());
}

#[test]
fn cases_follow_their_orders() {
    let sample = sample();
    let orders: HashMap<String, (String, String)> = records(&sample.files[&SampleFile::OrderLines])
        .map(|record| (record[0].clone(), (record[2].clone(), record[3].clone())))
        .collect();
    let cases = sample.rows(SampleFile::Cases);
    let mut ids = HashSet::new();
    let mut kinds: HashMap<&str, u64> = HashMap::new();
    for row in &cases {
        let (customer, ordered_at) = &orders[&row["order_id"]];
        assert_eq!(customer, &row["customer_id"]);
        assert!(ordered_at < &row["opened_at"], "{row:?}");
        assert!(row["closed_at"].is_empty() || row["opened_at"] <= row["closed_at"]);
        assert_eq!(row["kind"] == "survey", !row["score"].is_empty());
        assert!(row["opened_at"].as_str() < "2026-01-01");
        assert!(ids.insert(&row["case_id"]));
        *kinds.entry(&row["kind"]).or_default() += 1;
    }
    assert_eq!(kinds.len(), 3);
    // Complaints of the last days come after the history.
    let truth = &sample.contents.truth;
    assert!(kinds["complaint"] <= truth.complaints && kinds["complaint"] * 100 > truth.complaints * 97);
}

#[test]
fn costs_have_one_subject_and_campaigns_cost_what_their_invoices_say() {
    let sample = sample();
    let keys: HashSet<String> = sample
        .rows(SampleFile::Customers)
        .into_iter()
        .map(|row| row["customer_id"].clone())
        .collect();
    let mut by_campaign: HashMap<String, i64> = HashMap::new();
    let (mut ids, mut kinds) = (HashSet::new(), HashSet::new());
    for row in sample.rows(SampleFile::Costs) {
        let subjects = ["customer_id", "campaign_id", "channel"].map(|name| !row[name].is_empty());
        let expected = match &*row["kind"] {
            "acquisition" | "cost_to_serve" => [true, false, false],
            "campaign" => [false, true, false],
            "shipping" => [false, false, true],
            other => panic!("{other}"),
        };
        assert_eq!(subjects, expected, "{row:?}");
        assert!(row["customer_id"].is_empty() || keys.contains(&row["customer_id"]));
        let date: Date = row["incurred_on"].parse().unwrap();
        assert!((2024..=2025).contains(&date.year()));
        assert!(cents(&row["amount"]) > 0);
        assert!(ids.insert(row["cost_id"].clone()), "{row:?}");
        if !row["campaign_id"].is_empty() {
            *by_campaign.entry(row["campaign_id"].clone()).or_default() += cents(&row["amount"]);
        }
        kinds.insert(row["kind"].clone());
    }
    assert_eq!(kinds.len(), 4);
    for campaign in sample.rows(SampleFile::Campaigns) {
        assert_eq!(by_campaign[&campaign["campaign_id"]], cents(&campaign["cost"]));
    }
}

#[test]
fn products_cost_less_than_they_bring_and_a_few_are_missing() {
    let sample = sample();
    let products = sample.rows(SampleFile::Products);
    let mut last: HashMap<&str, (f64, &str)> = HashMap::new();
    let mut rises = 0;
    for row in &products {
        let cost: f64 = row["unit_cost"].parse().unwrap();
        assert!(cost > 0.0 && cost < row["list_price"].parse().unwrap());
        if let Some((before, since)) = last.insert(&row["product_id"], (cost, &row["valid_from"])) {
            assert!(before < cost && since < row["valid_from"].as_str(), "{row:?}");
            rises += 1;
        }
    }
    assert_eq!(last.len(), 994);
    assert!((100..200).contains(&rises), "{rises}");
    let sold: HashSet<String> = records(&sample.files[&SampleFile::OrderLines])
        .map(|record| record[4].clone())
        .collect();
    let missing: HashSet<&str> = sold
        .iter()
        .map(String::as_str)
        .filter(|id| !last.contains_key(id))
        .collect();
    assert_eq!(missing.len(), 7, "{missing:?}: six products and shipping");
    assert!(missing.contains("SHIP"));
}

#[test]
fn there_is_a_rate_on_every_working_day() {
    let sample = sample();
    let rates = sample.rows(SampleFile::Rates);
    let days: HashSet<Date> = rates.iter().map(|row| row["date"].parse().unwrap()).collect();
    assert_eq!(rates.len(), 2 * days.len());
    assert!(
        days.iter()
            .all(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
    );
    assert_eq!(days.len(), 528);
    assert_eq!(days.iter().min().unwrap().to_string(), "2023-12-25");
    assert_eq!(days.iter().max().unwrap().to_string(), "2025-12-31");
}

#[test]
fn the_readme_tells_the_totals() {
    let sample = Sample::write(SampleParams {
        defects_per_kind: 2,
        ..SampleParams::new(300, 73)
    });
    let text = String::from_utf8(sample.files[&SampleFile::Readme].clone()).unwrap();
    assert!(text.contains("--customers 300 --seed 73 --defects 2\n"));
    for (file, totals) in &sample.contents.files {
        let rows = sample.files[file].iter().filter(|&&byte| byte == b'\n').count() as u64 - 1;
        assert_eq!(
            (totals.rows, totals.bytes),
            (rows, sample.files[file].len() as u64),
            "{}",
            file.name()
        );
        assert!(text.contains(&format!("| `{}` |", file.name())));
    }
    for planted in &sample.contents.planted {
        assert!(text.contains(&format!("| `{}` | {} | 2 |", planted.file.name(), planted.defect)));
    }
}
