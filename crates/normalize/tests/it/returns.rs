//! Returns matched with sales over whole partitions.

use cartera_normalize::{MatchRule, OrdersCount, ReturnTotals, ReturnsParams};
use cartera_table::Money;
use cartera_table::frame::{dates, text};
use proptest::prelude::*;

use crate::support::{Desk, Line, TEA};

fn desk(orders: OrdersCount) -> Desk {
    Desk {
        returns: ReturnsParams {
            match_rule: MatchRule::CustomerProduct,
            max_days: None,
            orders,
        },
        ..Desk::new()
    }
}

fn sold(order: &'static str, day: i32, units: i128) -> Line {
    Line {
        order,
        day,
        quantity: Some(units * 1_000_000),
        amount: units * 100_000,
        ..TEA
    }
}

fn back(order: &'static str, day: i32, units: i128) -> Line {
    sold(order, day, -units)
}

/// Orders that count, by id.
fn counting(desk: &Desk, lines: &[Line]) -> Vec<String> {
    let orders = desk.partition(&[lines]).orders.into_frame();
    let days = dates(&orders, "order_date").expect("there").iter();
    let ids = text(&orders, "order_id").expect("there").iter();
    let mut counting: Vec<String> = ids
        .zip(days)
        .filter_map(|(id, day)| day.and(id).map(str::to_owned))
        .collect();
    counting.sort();
    counting
}

#[test]
fn an_order_returned_in_full_counts_before_returns_and_not_after() {
    let lines = [
        sold("1", 10, 2),
        sold("2", 20, 1),
        back("C", 30, 1),
        sold("3", 40, 5),
        back("D", 41, 2),
    ];
    assert_eq!(counting(&desk(OrdersCount::BeforeReturns), &lines), ["1", "2", "3"]);
    let after = desk(OrdersCount::AfterReturns);
    assert_eq!(
        counting(&after, &lines),
        ["1", "3"],
        "the most recent sale before day 30 is order 2"
    );
    assert_eq!(after.effect("returns", "matched"), Some((2, -300_000)));
}

#[test]
fn a_return_of_more_than_was_sold_is_matched_in_part_and_its_money_split_exactly() {
    let desk = desk(OrdersCount::BeforeReturns);
    let much = Line {
        amount: -100_001,
        ..back("C", 20, 3)
    };
    let partition = desk.partition(&[&[sold("1", 10, 2), much, back("D", 5, 1)]]);
    assert_eq!(
        partition.returns,
        ReturnTotals {
            partly_matched_rows: 1,
            unmatched_rows: 1,
            // 100001 x 2 / 3 = 66667.33
            matched_amount: Money(-66_667),
            unmatched_amount: Money(-33_334 - 100_000),
            fully_returned_orders: 1,
            ..ReturnTotals::default()
        }
    );
}

#[test]
fn without_customer_product_or_quantity_nothing_can_be_matched() {
    let desk = desk(OrdersCount::AfterReturns);
    let lines = [
        sold("1", 10, 1),
        Line {
            customer: None,
            ..back("C", 20, 1)
        },
        Line {
            product: None,
            ..back("D", 20, 1)
        },
        Line {
            quantity: None,
            ..back("E", 20, 1)
        },
    ];
    let partition = desk.partition(&[&lines]);
    assert_eq!(partition.returns.not_matchable_rows, 3);
    assert_eq!(partition.returns.unmatched_amount, Money(-300_000));
    assert_eq!(partition.returns.fully_returned_orders, 0);
    assert_eq!(desk.effect("returns", "not_matchable"), Some((3, -300_000)));
}

#[test]
fn an_order_with_a_line_that_nobody_can_match_is_never_returned_in_full() {
    let unknown = Line {
        product: None,
        ..sold("1", 10, 1)
    };
    let lines = [sold("1", 10, 1), unknown, back("C", 20, 1)];
    assert_eq!(counting(&desk(OrdersCount::AfterReturns), &lines), ["1"]);
}

#[test]
fn a_gift_that_stays_does_not_keep_an_order() {
    let gift = Line {
        product: Some("card"),
        amount: 0,
        ..sold("1", 10, 1)
    };
    let lines = [sold("1", 10, 1), gift, back("C", 20, 1)];
    assert_eq!(counting(&desk(OrdersCount::AfterReturns), &lines), Vec::<String>::new());
}

#[test]
fn returns_of_other_customers_and_products_undo_nothing() {
    let desk = desk(OrdersCount::BeforeReturns);
    let lines = [
        sold("1", 10, 1),
        Line {
            customer: Some("bob"),
            ..back("C", 20, 1)
        },
        Line {
            product: Some("mug"),
            ..back("D", 20, 1)
        },
    ];
    assert_eq!(desk.partition(&[&lines]).returns.unmatched_rows, 2);
}

/// Few customers, products, orders and days, so that much collides.
fn line() -> impl Strategy<Value = Line> {
    (
        prop::option::weighted(0.9, prop::sample::select(vec!["ann", "bob"])),
        prop::sample::select(vec!["1", "2", "3", "4"]),
        prop::option::weighted(0.9, prop::sample::select(vec!["tea", "mug"])),
        0i32..6,
        prop::option::weighted(0.9, prop::sample::select(vec![-3i128, -2, -1, 1, 2, 3])),
    )
        .prop_map(|(customer, order, product, day, units)| Line {
            customer,
            product,
            quantity: units.map(|units| units * 1_000_000),
            amount: units.unwrap_or(1) * 100_000,
            ..sold(order, day, 1)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Neither the order of lines nor how they were cut into batches may decide what is matched.
    #[test]
    fn how_lines_come_does_not_matter(
        lines in prop::collection::vec(line(), 1..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = desk(OrdersCount::AfterReturns).partition(&[&lines]);
        let mut turned = lines.clone();
        turned.reverse();
        let (left, right) = turned.split_at(cut.index(turned.len()));
        let cut_up = desk(OrdersCount::AfterReturns).partition(&[left, right]);
        prop_assert_eq!(whole.returns, cut_up.returns);
    }

    /// Every returned line has one lot, and its money is where it is.
    #[test]
    fn every_return_is_counted_once(lines in prop::collection::vec(line(), 1..40)) {
        let desk = desk(OrdersCount::BeforeReturns);
        let found = desk.partition(&[&lines]).returns;
        let returns: Vec<&Line> = lines.iter().filter(|line| line.amount < 0).collect();
        let rows = found.matched_rows + found.partly_matched_rows + found.unmatched_rows + found.not_matchable_rows;
        prop_assert_eq!(rows, returns.len() as u64);
        let amount: i128 = returns.iter().map(|line| line.amount).sum();
        prop_assert_eq!(found.matched_amount.0 + found.unmatched_amount.0, amount);
        prop_assert!(found.matched_amount.0 <= 0 && found.unmatched_amount.0 <= 0);
    }
}
