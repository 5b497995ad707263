//! Which kind a line has, and which rules are refused.

use super::*;

fn rules(kinds: Vec<LineKindRuleParams>) -> LineKindParams {
    LineKindParams {
        kinds,
        ..LineKindParams::default()
    }
}

fn sale() -> LineFacts<'static> {
    LineFacts {
        order_id: Some("1001"),
        product_id: Some("A1"),
        quantity: Some(Sign::Positive),
        unit_price: Some(Sign::Positive),
        amount: Some(Sign::Positive),
    }
}

#[track_caller]
fn refused(params: &LineKindParams, key: &str, words: &str) {
    let error = params.check().expect_err("the rule is to be refused");
    assert_eq!(error.key(), key);
    let message = error.to_string();
    assert!(message.contains(words), "{message:?} lacks {words:?}");
}

#[test]
fn the_built_in_rules_take_every_line() {
    let valid = LineKindParams::default().check().expect("valid");
    assert_eq!(valid.kind_of(&sale()), LineKind::Sale);
    let returned = LineFacts {
        quantity: Some(Sign::Negative),
        unit_price: Some(Sign::Zero),
        amount: Some(Sign::Zero),
        ..sale()
    };
    assert_eq!(valid.kind_of(&returned), LineKind::Return);
    let credit = LineFacts {
        quantity: None,
        unit_price: None,
        amount: Some(Sign::Negative),
        ..sale()
    };
    assert_eq!(valid.kind_of(&credit), LineKind::Return);
    let gift = LineFacts {
        unit_price: Some(Sign::Zero),
        amount: Some(Sign::Zero),
        ..sale()
    };
    assert_eq!(valid.kind_of(&gift), LineKind::Free);
    assert_eq!(valid.kind_of(&LineFacts::default()), LineKind::Sale);
}

#[test]
fn without_a_unit_price_the_amount_decides_what_is_free() {
    let valid = LineKindParams::default().check().expect("valid");
    let zero_dollars = LineFacts {
        unit_price: None,
        amount: Some(Sign::Zero),
        ..sale()
    };
    assert_eq!(valid.kind_of(&zero_dollars), LineKind::Free);
    // A price that rounds to a zero amount is still a price.
    let tiny = LineFacts {
        amount: Some(Sign::Zero),
        ..sale()
    };
    assert_eq!(valid.kind_of(&tiny), LineKind::Sale);
}

#[test]
fn the_first_rule_wins_and_needs_all_its_conditions() {
    let valid = rules(vec![
        LineKindRuleParams {
            order_id_prefix: Some("C".to_owned()),
            quantity: Some(Sign::Negative),
            ..LineKindRuleParams::new(LineKind::Cancellation)
        },
        LineKindRuleParams {
            product_ids: Some(vec!["POST".to_owned(), "DOT".to_owned()]),
            ..LineKindRuleParams::new(LineKind::Shipping)
        },
        LineKindRuleParams {
            product_pattern: Some("^gift_".to_owned()),
            ..LineKindRuleParams::new(LineKind::Fee)
        },
    ])
    .check()
    .expect("valid");
    let cancelled_post = LineFacts {
        order_id: Some("C1"),
        product_id: Some("POST"),
        quantity: Some(Sign::Negative),
        ..sale()
    };
    assert_eq!(valid.kind_of(&cancelled_post), LineKind::Cancellation);
    let positive_c = LineFacts {
        order_id: Some("C1"),
        ..sale()
    };
    assert_eq!(valid.kind_of(&positive_c), LineKind::Sale);
    let product = |id| LineFacts {
        product_id: Some(id),
        ..sale()
    };
    assert_eq!(valid.kind_of(&product("DOT")), LineKind::Shipping);
    assert_eq!(valid.kind_of(&product("dot")), LineKind::Sale);
    assert_eq!(valid.kind_of(&product("gift_0001")), LineKind::Fee);
    assert_eq!(valid.kind_of(&product("a_gift_0001")), LineKind::Sale);
    assert!(valid.uses_order_id() && valid.uses_product_id());
}

#[test]
fn a_condition_on_an_absent_column_never_holds() {
    let valid = rules(vec![LineKindRuleParams {
        unit_price: Some(Sign::Positive),
        ..LineKindRuleParams::new(LineKind::Fee)
    }])
    .check()
    .expect("valid");
    let without_price = LineFacts {
        unit_price: None,
        ..sale()
    };
    assert_eq!(valid.kind_of(&without_price), LineKind::Sale);
}

#[test]
fn default_flags_are_those_of_the_house() {
    let valid = LineKindParams::default().check().expect("valid");
    let flags = |kind| {
        let flags = valid.flags(kind);
        (flags.counts_as_order, flags.in_net_sales, flags.in_margin)
    };
    assert_eq!(flags(LineKind::Sale), (true, true, true));
    assert_eq!(flags(LineKind::Free), (false, false, true));
    assert_eq!(flags(LineKind::Return), (false, true, true));
    assert_eq!(flags(LineKind::Cancellation), (false, true, true));
    assert_eq!(flags(LineKind::Shipping), (false, false, false));
    assert_eq!(flags(LineKind::Fee), (false, false, false));
    assert_eq!(flags(LineKind::Adjustment), (false, false, false));
    assert_eq!(valid.positive_returns(), PositiveReturns::Quarantine);
}

#[test]
fn flags_can_be_overridden_one_by_one() {
    let mut params = LineKindParams {
        free_counts_as_order: Some(true),
        ..LineKindParams::default()
    };
    params.flags.shipping.in_net_sales = Some(true);
    params.flags.fee.in_margin = Some(true);
    params.flags.free.in_margin = Some(false);
    let valid = params.check().expect("valid");
    assert!(valid.flags(LineKind::Free).counts_as_order);
    assert!(!valid.flags(LineKind::Free).in_net_sales);
    assert!(valid.flags(LineKind::Shipping).in_net_sales);
    assert!(!valid.flags(LineKind::Shipping).counts_as_order);
    assert!(valid.flags(LineKind::Fee).in_margin && !valid.flags(LineKind::Free).in_margin);
}

#[test]
fn refuses_a_rule_without_a_condition() {
    let params = rules(vec![LineKindRuleParams::new(LineKind::Fee)]);
    refused(&params, "kind.0", "`fee` has no condition");
}

#[test]
fn refuses_an_empty_prefix() {
    let params = rules(vec![LineKindRuleParams {
        order_id_prefix: Some(String::new()),
        ..LineKindRuleParams::new(LineKind::Cancellation)
    }]);
    refused(&params, "kind.0.order_id_prefix", "not empty");
}

#[test]
fn refuses_an_empty_list_of_products() {
    for product_ids in [Vec::new(), vec!["POST".to_owned(), String::new()]] {
        let params = rules(vec![LineKindRuleParams {
            product_ids: Some(product_ids),
            ..LineKindRuleParams::new(LineKind::Shipping)
        }]);
        refused(&params, "kind.0.product_ids", "at least one");
    }
}

#[test]
fn refuses_an_empty_pattern() {
    let params = rules(vec![LineKindRuleParams {
        product_pattern: Some(String::new()),
        ..LineKindRuleParams::new(LineKind::Shipping)
    }]);
    refused(&params, "kind.0.product_pattern", "not empty");
}

#[test]
fn refuses_a_broken_pattern_and_names_the_rule() {
    let good = LineKindRuleParams {
        order_id_prefix: Some("C".to_owned()),
        ..LineKindRuleParams::new(LineKind::Cancellation)
    };
    let broken = LineKindRuleParams {
        product_pattern: Some("^gift_(".to_owned()),
        ..LineKindRuleParams::new(LineKind::Fee)
    };
    refused(&rules(vec![good, broken]), "kind.1.product_pattern", "unclosed group");
}

#[test]
fn refuses_two_answers_about_free_lines() {
    let mut params = LineKindParams {
        free_counts_as_order: Some(true),
        ..LineKindParams::default()
    };
    params.flags.free.counts_as_order = Some(false);
    refused(&params, "free_counts_as_order", "give one of the two");
}
