//! Currencies, costs, discounts and turned signs, line by line.

use cartera_normalize::{CostParams, LineKindParams, MissingCost, PositiveReturns};
use cartera_table::frame::{decimal, int64};
use polars::prelude::DataFrame;

use crate::support::{Desk, Line, TEA, currency};

/// At scale 10.
const RATE_OF_USD: i128 = 9_000_000_000;

fn column(frame: &DataFrame, name: &str) -> Vec<Option<i128>> {
    decimal(frame, name).expect("there").iter().collect()
}

fn order(desk: &Desk, lines: &[Line], name: &str) -> i128 {
    let orders = desk.partition(&[lines]).orders.into_frame();
    assert_eq!(orders.height(), 1, "one order");
    match decimal(&orders, name) {
        Ok(values) => values.get(0).expect("never null"),
        Err(_) => int64(&orders, name)
            .expect("a count")
            .get(0)
            .expect("never null")
            .into(),
    }
}

#[test]
fn a_source_that_states_amounts_alone_carries_nothing_more() {
    let lines = Desk::new().lines(&[TEA]);
    let names: Vec<String> = lines
        .frame()
        .get_column_names()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(names, ["source_key", "order_id", "order_date", "line_kind", "amount"]);
}

#[test]
fn lines_are_converted_one_by_one_and_keep_what_was_read() {
    let desk = Desk::new().with_rates(&[("USD", 98, RATE_OF_USD), ("USD", 101, 1)]);
    let dollars = Line {
        currency: Some("USD"),
        amount: 5,
        ..TEA
    };
    // 0.0005 x 0.9 = 0.00045 -> 0.0004, twice; converted together they would be 0.0009.
    let lines = desk.lines(&[TEA, dollars, dollars]);
    assert_eq!(column(lines.frame(), "amount"), [Some(100_000), Some(4), Some(4)]);
    assert_eq!(
        column(lines.frame(), "original_amount"),
        [Some(100_000), Some(5), Some(5)]
    );
    let _ = desk.partition(&[&[TEA, dollars, dollars]]);
    assert_eq!(
        desk.kept(),
        [("EUR".to_owned(), 1, 100_000, 100_000), ("USD".to_owned(), 2, 10, 8)]
    );
    assert_eq!(desk.effect("currency", "converted"), Some((2, 8)));
}

#[test]
fn the_rate_of_a_weekend_is_that_of_friday() {
    let desk = Desk::new().with_rates(&[("USD", 99, 20_000_000_000)]);
    let on = |day| Line {
        currency: Some("USD"),
        day,
        ..TEA
    };
    let lines = desk.lines(&[on(99), on(100), on(101), on(106)]);
    assert_eq!(column(lines.frame(), "amount"), [Some(200_000); 4]);
}

#[test]
fn a_line_without_a_rate_is_set_aside_in_its_own_currency() {
    let mut desk = Desk::new().with_rates(&[("USD", 92, RATE_OF_USD), ("USD", 101, RATE_OF_USD)]);
    desk.source.currency = currency("USD");
    let lines = desk.lines(&[
        TEA,
        Line {
            currency: Some("EUR"),
            ..TEA
        },
        Line { day: 101, ..TEA },
    ]);
    assert_eq!(column(lines.frame(), "amount"), [Some(100_000), Some(90_000)]);
    let (cell, count) = desk.ledger.cells().remove(0);
    assert_eq!((cell.reason, cell.currency), (Some("no_rate"), Some(currency("USD"))));
    assert_eq!((count.rows, count.amount.0, count.converted_amount), (1, 100_000, None));
    let defect = desk.quarantine.take().remove(0);
    assert_eq!(defect.value.as_deref(), Some("USD on 1970-04-11"));
    assert!(defect.hint.contains("max_rate_age_days"), "{}", defect.hint);
}

#[test]
fn an_amount_that_no_longer_fits_is_set_aside() {
    let desk = Desk::new().with_rates(&[("USD", 100, 20_000_000_000)]);
    let huge = Line {
        currency: Some("USD"),
        amount: 999_999_999_999_999_999,
        ..TEA
    };
    assert_eq!(desk.lines(&[huge]).frame().height(), 0);
    assert_eq!(desk.ledger.cells()[0].0.reason, Some("converted_amount_out_of_range"));
}

#[test]
fn a_positive_return_can_be_turned_and_the_books_still_hold_what_was_read() {
    let mut desk = Desk::new();
    let params = LineKindParams {
        positive_returns: PositiveReturns::Negate,
        kinds: vec![cartera_normalize::LineKindRuleParams {
            order_id_prefix: Some("C".to_owned()),
            ..cartera_normalize::LineKindRuleParams::new(cartera_table::LineKind::Cancellation)
        }],
        ..LineKindParams::default()
    };
    desk.line_kinds = params.check().expect("valid");
    let back = Line { order: "C1", ..TEA };
    let negative = Line {
        amount: -30_000,
        ..back
    };
    let partition = desk.partition(&[&[TEA, back, negative]]);
    let returned: i128 = column(partition.orders.frame(), "returned_amount")
        .into_iter()
        .flatten()
        .sum();
    assert_eq!(returned, -130_000);
    assert_eq!(
        desk.kept(),
        [
            ("EUR".to_owned(), 1, 100_000, 100_000),
            ("EUR".to_owned(), 2, 70_000, -130_000)
        ]
    );
    assert_eq!(desk.effect("positive_returns", "negated"), Some((1, -100_000)));
}

#[test]
fn a_line_costs_what_it_says_itself_before_what_the_catalogue_says_for_its_day() {
    let mut desk = Desk::new().with_products(&[("tea", None, Some(2_000_000)), ("tea", Some(100), Some(3_000_000))]);
    desk.source.mapped.unit_cost = true;
    let three = Line {
        quantity: Some(3_000_000),
        ..TEA
    };
    let own = Line {
        unit_cost: Some(1_500_000),
        ..three
    };
    let unknown = Line {
        product: Some("mug"),
        ..three
    };
    let lines = desk.lines(&[three, Line { day: 99, ..three }, own, unknown]);
    assert_eq!(
        column(lines.frame(), "cost"),
        [Some(90_000), Some(60_000), Some(45_000), None]
    );
    assert_eq!(order(&desk, &[three, own, unknown], "cost_of_goods"), 135_000);
    assert_eq!(order(&desk, &[three, own, unknown], "costed_sales"), 200_000);
    assert_eq!(order(&desk, &[three, own, unknown], "lines_without_cost"), 1);
    assert_eq!(
        desk.effect("costs", "unknown"),
        Some((3, 300_000)),
        "a line in each of three partitions"
    );
}

#[test]
fn what_comes_back_takes_its_cost_and_discount_back_whatever_its_signs() {
    let mut desk = Desk::new().with_products(&[("tea", None, Some(3_000_000))]);
    desk.source.mapped.discount_amount = true;
    let back = |quantity, discount| Line {
        quantity: Some(quantity),
        amount: -100_000,
        discount: Some(discount),
        ..TEA
    };
    let lines = desk.lines(&[back(-1_000_000, 5), back(1_000_000, -5)]);
    assert_eq!(column(lines.frame(), "cost"), [Some(-30_000), Some(-30_000)]);
    assert_eq!(column(lines.frame(), "discount_amount"), [Some(-5), Some(-5)]);
}

#[test]
fn a_cost_in_another_currency_is_converted_by_the_lines_rate() {
    let mut desk = Desk::new().with_rates(&[("USD", 100, RATE_OF_USD)]);
    desk.source.mapped.unit_cost = true;
    desk.source.mapped.discount_amount = true;
    let dollars = Line {
        currency: Some("USD"),
        unit_cost: Some(2_000_000),
        discount: Some(10_000),
        ..TEA
    };
    assert_eq!(order(&desk, &[dollars], "cost_of_goods"), 18_000);
    assert_eq!(order(&desk, &[dollars], "discount_amount"), 9_000);
    assert_eq!(order(&desk, &[dollars], "discount_line_count"), 1);
}

#[test]
fn a_missing_cost_is_estimated_where_the_pipeline_says_how() {
    let mut desk = Desk::new().with_products(&[("tea", None, Some(3_000_000))]);
    let params = CostParams {
        missing: MissingCost::MarginRate,
        default_margin_rate: Some(0.4),
    };
    desk.money.costs = params.check().expect("valid");
    let unknown = Line {
        product: Some("mug"),
        ..TEA
    };
    let amounts_only = Line { quantity: None, ..TEA };
    assert_eq!(
        order(&desk, &[TEA, unknown, amounts_only], "cost_of_goods"),
        30_000 + 2 * 60_000
    );
    assert_eq!(desk.effect("costs", "estimated"), Some((2, 200_000)));
}

#[test]
fn shipping_is_in_no_margin_unless_the_pipeline_says_so() {
    let shipping = |in_margin| {
        let mut params = LineKindParams {
            kinds: vec![cartera_normalize::LineKindRuleParams {
                product_ids: Some(vec!["post".to_owned()]),
                ..cartera_normalize::LineKindRuleParams::new(cartera_table::LineKind::Shipping)
            }],
            ..LineKindParams::default()
        };
        params.flags.shipping.in_margin = in_margin;
        let mut desk = Desk::new().with_products(&[("post", None, Some(4_000_000)), ("tea", None, Some(1_000_000))]);
        desk.line_kinds = params.check().expect("valid");
        let post = Line {
            product: Some("post"),
            ..TEA
        };
        order(&desk, &[TEA, post], "cost_of_goods")
    };
    assert_eq!(shipping(None), 10_000);
    assert_eq!(shipping(Some(true)), 50_000);
}

#[test]
fn without_costs_every_line_is_without_one_and_no_policy_did_anything() {
    let desk = Desk::new();
    assert_eq!(order(&desk, &[TEA, TEA], "lines_without_cost"), 2);
    assert_eq!(order(&desk, &[TEA, TEA], "costed_line_count"), 0);
    assert!(desk.effects.list().is_empty());
}
