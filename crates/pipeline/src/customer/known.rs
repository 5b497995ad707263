//! What a run does not know of a customer, and which source would tell it.

use cartera_report::customer::{CustomerView, PersonStatus, Unknown};

use crate::store::PublishedRun;

/// What is missing, in the order in which it would stand there.
pub(super) fn unknown(view: &CustomerView, run: &PublishedRun) -> Vec<Unknown> {
    let record = &run.manifest.record;
    let has = |table: &str| record.source_tables.iter().any(|source| source.table == table);
    let per_kind = record.parameters["customer_events"]["per_kind"].as_u64();
    let has_lists = record.parameters["target"]
        .as_array()
        .is_some_and(|lists| !lists.is_empty());
    let has_orders = view.value.order_count.is_some_and(|count| count > 0);
    let checks = [
        (
            view.person.status == PersonStatus::NotKnown,
            "who it is",
            "a source of customers that tells of this one",
        ),
        (
            has_orders && view.value.gross_margin.is_none(),
            "margin and profit",
            "unit_cost on order lines, a source of products with unit_cost, or [costs] default_margin_rate",
        ),
        (
            has_orders && view.value.cost_to_serve.is_none(),
            "cost to serve",
            "a source of costs, or cost on interactions",
        ),
        (
            has_orders && view.value.clv_12m.is_none(),
            "lifetime value",
            "a longer history of orders, or [clv] margin_rate where no cost is known",
        ),
        (
            per_kind.is_none(),
            "what happened lately",
            "a run of this version of cartera",
        ),
        (
            per_kind == Some(0),
            "last orders and other events",
            "[customer_events] per_kind above 0",
        ),
        (!has("interactions"), "contacts", "a source of interactions"),
        (!has("cases"), "cases and satisfaction", "a source of cases"),
        (!has("consents"), "consents", "a source of consents"),
        (!has("owners"), "who looks after customers", "a source of owners"),
        (!has_lists, "lists", "[[target]] in the pipeline"),
    ];
    let missing = checks.into_iter().filter(|(is_missing, ..)| *is_missing);
    missing.map(|(_, what, source)| Unknown { what, source }).collect()
}
