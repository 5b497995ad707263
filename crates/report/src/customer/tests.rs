//! The page of a customer of whom everything is known, and of one of whom nothing is.

use cartera_table::{Date, Money};

use super::*;
use crate::words::{Locale, Words};

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn nothing() -> CustomerView {
    CustomerView {
        customer_id: "17850".to_owned(),
        pipeline: "retail".to_owned(),
        as_of: day("2025-12-31"),
        run: "2025-12-31/1".to_owned(),
        currency: "EUR".to_owned(),
        person: Person {
            status: PersonStatus::NotKnown,
            details: Vec::new(),
        },
        traits: Vec::new(),
        keys: Vec::new(),
        value: Value::default(),
        lifecycle: None,
        cluster: None,
        rhythm: Rhythm::default(),
        relations: Relations::default(),
        orders: Vec::new(),
        contacts: Vec::new(),
        cases: Vec::new(),
        consents: Vec::new(),
        suppressions: Vec::new(),
        signals: Vec::new(),
        lists: Vec::new(),
        next_contact: None,
        owner: None,
        unknown: Vec::new(),
    }
}

fn event(event: &str) -> Event {
    Event {
        event: event.to_owned(),
        occurred_on: Some(day("2025-11-30")),
        occurred_hour: Some(9),
        reference: Some("<O1>".to_owned()),
        channel: Some("email".to_owned()),
        purpose: Some("marketing".to_owned()),
        direction: Some("outbound".to_owned()),
        subject: Some("complaint".to_owned()),
        status: Some("kept".to_owned()),
        severity: Some("high".to_owned()),
        score: Some(7.5),
        amount: Some(Money(1_234_500)),
        returned_amount: Some(Money(-10_000)),
        line_count: Some(3),
        source: "shop".to_owned(),
    }
}

fn everything() -> CustomerView {
    let some = Some(Money(12_345_600));
    CustomerView {
        person: Person {
            status: PersonStatus::Shown,
            details: vec![Detail {
                name: "name",
                value: "<script>alert(1)</script>".to_owned(),
            }],
        },
        keys: vec![SourceKey {
            key_space: "main".to_owned(),
            source_key: "17850".to_owned(),
            rule: "same_key".to_owned(),
            score: Some(1.0),
        }],
        value: Value {
            rfm_segment: Some("at_risk".to_owned()),
            rfm_score: Some("145".to_owned()),
            pareto_class: Some("A".to_owned()),
            value_tier: Some("gold".to_owned()),
            order_count: Some(12),
            average_order_value: some,
            net_sales: some,
            returned_amount: some,
            gross_margin: some,
            cost_to_serve: some,
            acquisition_cost: some,
            net_profit: some,
            p_alive: Some(0.93),
            expected_orders_12m: Some(3.2),
            clv_12m: some,
            clv_horizon: some,
            clv_horizon_low: Some(Money(10_000)),
            clv_horizon_high: some,
            horizon_months: Some(36),
            clv_interval: Some(0.8),
            vin: some,
            vin_realized: some,
            vin_expected: some,
            bonding: Some(65.0),
            ..Value::default()
        },
        lifecycle: Some(Stage {
            lifecycle_stage: "at_risk".to_owned(),
            lifecycle_since: Some(day("2025-11-01")),
            previous_stage: None,
        }),
        cluster: Some(Cluster {
            cluster_id: 3,
            cluster: "frequent_recent".to_owned(),
            distance: Some(1.2),
            next: Some(NextCluster {
                cluster_id: 4,
                cluster: "recent".to_owned(),
                distance: 2.5,
            }),
            features: vec![ClusterFeature {
                feature: "net_sales".to_owned(),
                value: None,
                center: 100.0,
                next_center: Some(12.3),
                pull: Some(4.81),
            }],
        }),
        rhythm: Rhythm {
            first_order_date: Some(day("2024-01-01")),
            last_order_date: Some(day("2025-11-30")),
            days_since_last_order: Some(31),
            order_gap_mean_days: Some(20.0),
            order_gap_deviation_days: Some(3.0),
            days_overdue: Some(11.0),
            sales_trend: None,
            due_on: Some(day("2025-12-20")),
            months: vec![
                MonthOfOrders {
                    month: "2025-10".to_owned(),
                    orders: None,
                },
                MonthOfOrders {
                    month: "2025-11".to_owned(),
                    orders: Some(2),
                },
            ],
        },
        relations: Relations {
            open_case_count: Some(1),
            case_count_12m: Some(2),
            satisfaction_mean: Some(7.5),
            nps_class: Some("promoter".to_owned()),
            days_since_last_contact: Some(4),
            contact_count_90d: Some(3),
            response_rate: Some(0.5),
            preferred_channel: Some("email".to_owned()),
            preferred_hour: Some(10),
        },
        orders: vec![event("ordered")],
        contacts: vec![event("call")],
        cases: vec![event("opened")],
        consents: vec![event("granted")],
        suppressions: vec![Event {
            channel: None,
            ..event("suppressed")
        }],
        signals: vec![Signal {
            signal: "overdue".to_owned(),
            kind: "alarm".to_owned(),
            since: Some(day("2025-12-01")),
            strength: Some(80.0),
            value_at_stake: some,
            evidence: "days_overdue=11".to_owned(),
            suggested_action: "call".to_owned(),
        }],
        lists: vec![ListDecision {
            list: "win_back".to_owned(),
            decision: "excluded".to_owned(),
            reason: Some("no_consent".to_owned()),
            detail: Some("2025-01-01".to_owned()),
            rank: None,
            listed_since: Some(day("2025-01-01")),
        }],
        next_contact: Some(NextContact {
            reason: "planned".to_owned(),
            action: Some("win_back".to_owned()),
            source: Some("list".to_owned()),
            channel: Some("phone".to_owned()),
            purpose: Some("marketing".to_owned()),
            earliest_on: Some(day("2026-01-02")),
            value: some,
            last_contact_on: Some(day("2025-12-27")),
        }),
        owner: Some(Owner {
            owner_id: Some("ana".to_owned()),
            status: "assigned".to_owned(),
            reason: "kept".to_owned(),
            previous_owner_id: None,
        }),
        unknown: [
            "who it is",
            "margin and profit",
            "cost to serve",
            "lifetime value",
            "last orders and other events",
            "contacts",
            "cases and satisfaction",
            "consents",
            "who looks after customers",
            "lists",
        ]
        .map(|what| Unknown {
            what,
            source: "what only the caller says",
        })
        .to_vec(),
        ..nothing()
    }
}

fn page(view: &CustomerView, locale: Locale) -> String {
    let words = Words::new(locale, "EUR").expect("words");
    customer_page(view, &words, "1.0").expect("a page")
}

#[test]
fn every_word_is_in_both_catalogues() {
    for locale in [Locale::En, Locale::Es] {
        let page = page(&everything(), locale);
        assert!(
            !page.contains("customer-"),
            "{}",
            &page[page.find("customer-").unwrap_or(0)..][..60]
        );
        assert!(!page.contains("what only the caller says"));
        assert!(page.contains("(145)") && page.contains("17850"));
    }
    assert!(page(&everything(), Locale::En).contains("€123.45"));
    assert!(page(&everything(), Locale::Es).contains("123,45"));
}

#[test]
fn what_data_says_is_text_and_nothing_is_loaded() {
    let page = page(&everything(), Locale::En);
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"));
    assert!(page.contains("&lt;O1&gt;"));
    for loading in ["src=", "href=\"http", "url(http", "@import"] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn of_whom_nothing_is_known_there_is_a_page_all_the_same() {
    let page = page(&nothing(), Locale::En);
    assert!(page.contains("Customer 17850") && !page.contains("<table>"));
}

#[test]
fn json_has_dates_and_money_as_text_and_null_for_what_is_not_known() {
    let json = serde_json::to_value(everything()).expect("JSON");
    assert_eq!(json["value"]["net_sales"], "1234.56");
    assert_eq!(json["as_of"], "2025-12-31");
    assert_eq!(json["person"]["status"], "shown");
    assert!(json["rhythm"]["sales_trend"].is_null() && json["rhythm"]["months"][0]["orders"].is_null());
}
