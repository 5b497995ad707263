//! Rows of tables to what is told of a customer.

use cartera_report::customer::{
    CustomerView, Detail, ListDecision, NextContact, Owner, Person, PersonStatus, Relations, Signal, SourceKey, Stage,
    Value,
};
use cartera_table::Contract;
use cartera_table::contracts::{
    ContactPlan, CustomerEvents, CustomerFeatures, CustomerSegments, Customers, IdentityLinks, Lifecycle, Portfolios,
    Signals, TargetDecisions, TargetLists,
};

use super::cells::{Cells, rows};
use super::clusters::cluster;
use super::events::{last_words, of_kind};
use super::known::unknown;
use super::rhythm::rhythm;
use super::tables::CustomerTables;
use crate::error::PipelineError;
use crate::store::read::{ReadOptions, read_frame};
use crate::store::{PublishedRun, Warehouse};

/// Columns of `customers` that tell who a person is.
const PERSONAL: [&str; 12] = [
    "name",
    "given_name",
    "family_name",
    "company_name",
    "email",
    "phone",
    "birth_date",
    "street",
    "postcode",
    "city",
    "tax_id",
    "household_key",
];

/// Columns of `customer_features` that tell what kind of customer it is.
const TRAITS: [&str; 10] = [
    "customer_type",
    "region",
    "country",
    "language",
    "age_band",
    "employee_count",
    "acquisition_channel",
    "joined_on",
    "main_channel",
    "main_category",
];

pub(super) fn view(
    warehouse: &Warehouse,
    run: &PublishedRun,
    tables: &CustomerTables,
    personal: bool,
) -> Result<CustomerView, PipelineError> {
    let record = &run.manifest.record;
    let features = rows(tables.of::<CustomerFeatures>()).next();
    let segments = rows(tables.of::<CustomerSegments>()).next();
    let events = tables.of::<CustomerEvents>();
    let orders = of_kind(events, "order");
    let mut view = CustomerView {
        customer_id: tables.customer_id.clone(),
        pipeline: record.pipeline.clone(),
        as_of: run.reference.as_of.0,
        run: run.reference.to_string(),
        currency: record.totals.currency.clone(),
        person: person(tables, personal),
        traits: features.map(|row| details(row, &TRAITS)).unwrap_or_default(),
        keys: keys(tables),
        value: Value {
            clv_interval: record.parameters["clv"]["interval"].as_f64(),
            ..value(features, segments)
        },
        lifecycle: rows(tables.of::<Lifecycle>()).next().map(stage),
        cluster: cluster(warehouse, run, tables)?,
        rhythm: rhythm(features, &orders, &record.parameters, run.reference.as_of.0),
        relations: features.map(relations).unwrap_or_default(),
        orders,
        contacts: of_kind(events, "contact"),
        cases: of_kind(events, "case"),
        consents: last_words(of_kind(events, "consent")),
        suppressions: of_kind(events, "suppression"),
        signals: rows(tables.of::<Signals>()).map(signal).collect(),
        lists: lists(run, tables)?,
        next_contact: rows(tables.of::<ContactPlan>()).next().map(next_contact),
        owner: rows(tables.of::<Portfolios>()).next().map(owner),
        unknown: Vec::new(),
    };
    view.unknown = unknown(&view, run);
    Ok(view)
}

fn person(tables: &CustomerTables, personal: bool) -> Person {
    let mut told: Vec<Detail> = Vec::new();
    // Several keys of one customer may tell each a part.
    for row in rows(tables.of::<Customers>()) {
        for detail in details(row, &PERSONAL) {
            if !told.iter().any(|known| known.name == detail.name) {
                told.push(detail);
            }
        }
    }
    let status = match (told.is_empty(), personal) {
        (true, _) => PersonStatus::NotKnown,
        (false, true) => PersonStatus::Shown,
        (false, false) => PersonStatus::Hidden,
    };
    if status == PersonStatus::Hidden {
        told.clear();
    }
    Person { status, details: told }
}

fn details(row: Cells<'_>, names: &'static [&'static str]) -> Vec<Detail> {
    let detail = |name: &&'static str| row.any(name).map(|value| Detail { name, value });
    names.iter().filter_map(detail).collect()
}

fn keys(tables: &CustomerTables) -> Vec<SourceKey> {
    let links = rows(tables.of::<IdentityLinks>()).map(|row| SourceKey {
        key_space: row.text("key_space").unwrap_or_default(),
        source_key: row.text("source_key").unwrap_or_default(),
        rule: row.text("rule").unwrap_or_default(),
        score: row.real("score"),
    });
    links.collect()
}

fn value(features: Option<Cells<'_>>, segments: Option<Cells<'_>>) -> Value {
    let label = |name: &str| segments.and_then(|row| row.text(name));
    let labels = Value {
        rfm_segment: label("rfm_segment"),
        pareto_class: label("pareto_class"),
        pareto_class_profit: label("pareto_class_profit"),
        pareto_class_vin: label("pareto_class_vin"),
        value_tier: label("value_tier"),
        ..Value::default()
    };
    let Some(row) = features else { return labels };
    Value {
        rfm_score: row.text("rfm_score"),
        recency_score: row.whole("recency_score"),
        frequency_score: row.whole("frequency_score"),
        monetary_score: row.whole("monetary_score"),
        order_count: row.whole("order_count"),
        average_order_value: row.money("average_order_value"),
        net_sales: row.money("net_sales"),
        returned_amount: row.money("returned_amount"),
        gross_margin: row.money("gross_margin"),
        gross_margin_rate: row.real("gross_margin_rate"),
        cost_to_serve: row.money("cost_to_serve"),
        acquisition_cost: row.money("acquisition_cost"),
        net_profit: row.money("net_profit"),
        p_alive: row.real("p_alive"),
        expected_orders_12m: row.real("expected_orders_12m"),
        clv_12m: row.money("clv_12m"),
        clv_horizon: row.money("clv_horizon"),
        clv_horizon_low: row.money("clv_horizon_low"),
        clv_horizon_high: row.money("clv_horizon_high"),
        horizon_months: row.whole("horizon_months"),
        clv_status: row.text("clv_status"),
        clv_margin_source: row.text("clv_margin_source"),
        vin: row.money("vin"),
        vin_realized: row.money("vin_realized"),
        vin_expected: row.money("vin_expected"),
        bonding: row.real("bonding"),
        ..labels
    }
}

fn stage(row: Cells<'_>) -> Stage {
    Stage {
        lifecycle_stage: row.text("lifecycle_stage").unwrap_or_default(),
        lifecycle_since: row.day("lifecycle_since"),
        previous_stage: row.text("previous_stage"),
    }
}

fn relations(row: Cells<'_>) -> Relations {
    Relations {
        open_case_count: row.whole("open_case_count"),
        case_count_12m: row.whole("case_count_12m"),
        satisfaction_mean: row.real("satisfaction_mean"),
        nps_class: row.text("nps_class"),
        days_since_last_contact: row.whole("days_since_last_contact"),
        contact_count_90d: row.whole("contact_count_90d"),
        response_rate: row.real("response_rate"),
        preferred_channel: row.text("preferred_channel"),
        preferred_hour: row.whole("preferred_hour"),
    }
}

fn signal(row: Cells<'_>) -> Signal {
    Signal {
        signal: row.text("signal").unwrap_or_default(),
        kind: row.text("kind").unwrap_or_default(),
        since: row.day("since"),
        strength: row.real("strength"),
        value_at_stake: row.money("value_at_stake"),
        evidence: row.text("evidence").unwrap_or_default(),
        suggested_action: row.text("suggested_action").unwrap_or_default(),
    }
}

/// All lists of the run: those whose condition the customer does not meet too.
fn lists(run: &PublishedRun, tables: &CustomerTables) -> Result<Vec<ListDecision>, PipelineError> {
    let mut told: Vec<ListDecision> = rows(tables.of::<TargetDecisions>())
        .map(|row| ListDecision {
            list: row.text("list").unwrap_or_default(),
            decision: row.text("decision").unwrap_or_default(),
            reason: row.text("reason"),
            detail: row.text("detail"),
            rank: row.whole("rank"),
            listed_since: row.day("listed_since"),
        })
        .collect();
    let Ok(path) = run.table_path(TargetLists::INFO.name) else {
        return Ok(told);
    };
    let all = read_frame(&path, &TargetLists::INFO, &ReadOptions::default())?;
    for list in rows(&all).filter_map(|row| row.text("list")) {
        if !told.iter().any(|known| known.list == list) {
            told.push(ListDecision {
                list,
                decision: "no_candidate".to_owned(),
                reason: None,
                detail: None,
                rank: None,
                listed_since: None,
            });
        }
    }
    Ok(told)
}

fn next_contact(row: Cells<'_>) -> NextContact {
    NextContact {
        reason: row.text("reason").unwrap_or_default(),
        action: row.text("action"),
        source: row.text("source"),
        channel: row.text("channel"),
        purpose: row.text("purpose"),
        earliest_on: row.day("earliest_on"),
        value: row.money("value"),
        last_contact_on: row.day("last_contact_on"),
    }
}

fn owner(row: Cells<'_>) -> Owner {
    Owner {
        owner_id: row.text("owner_id"),
        status: row.text("status").unwrap_or_default(),
        reason: row.text("reason").unwrap_or_default(),
        previous_owner_id: row.text("previous_owner_id"),
    }
}
