//! One test for each demand that is refused.

use super::*;

fn sources() -> Vec<CheckedSource> {
    let source = |name: &str, is_order_lines| CheckedSource {
        name: name.to_owned(),
        columns: vec![
            ("customer_key".to_owned(), true),
            ("order_id".to_owned(), false),
            ("channel".to_owned(), false),
        ],
        has_days: is_order_lines,
        is_order_lines,
    };
    vec![source("shop", true), source("goods", false)]
}

fn of(source: &str, text: &str) -> Result<ValidCheck, CheckParamsError> {
    let params: CheckParams = toml::from_str(&format!("source = '{source}'\n{text}")).expect("it is TOML");
    params.check(&sources())
}

#[track_caller]
fn refused(text: &str, key: &str, words: &str) {
    let error = of("shop", text).expect_err("it is to be refused");
    assert_eq!(error.key(), key, "{error}");
    assert!(error.to_string().contains(words), "{error} lacks {words:?}");
}

#[test]
fn the_source_is_found_by_name_or_because_it_is_the_only_one() {
    let text = "freshness_days = 2";
    assert_eq!(of("shop", text).map(|check| check.source_index), Ok(0));
    let params: CheckParams = toml::from_str(text).expect("TOML");
    assert_eq!(params.check(&sources()[..1]).map(|check| check.source_index), Ok(0));
    let error = params.check(&sources()).expect_err("which one?");
    assert_eq!(
        (error.key(), error.to_string().contains("shop, goods")),
        ("source", true)
    );
    let error = of("shp", text).expect_err("no such source");
    assert!(
        error
            .to_string()
            .contains("\"shp\", expected a source of the pipeline: shop, goods"),
        "{error}"
    );
}

#[test]
fn severity_is_to_warn_unless_said_otherwise() {
    assert_eq!(
        of("shop", "freshness_days = 2").map(|check| check.params.severity),
        Ok(Severity::Warn)
    );
    let stop = of("shop", "freshness_days = 2\nseverity = 'stop'");
    assert_eq!(stop.map(|check| check.params.severity), Ok(Severity::Stop));
}

#[test]
fn refuses_a_check_without_a_demand() {
    refused("severity = 'stop'", "", "demands nothing");
}

#[test]
fn refuses_limits_that_say_nothing_or_contradict_each_other() {
    refused("rows_per_day = {}", "rows_per_day", "`min`, `max` or `max_change`");
    refused(
        "rows_per_day = { min = 5, max = 4 }",
        "rows_per_day.min",
        "at most `max`, 4",
    );
    refused("mean_amount = { max = nan }", "mean_amount.max", "finite");
    refused(
        "mean_amount = { max_change = 0 }",
        "mean_amount.max_change",
        "more than 0",
    );
}

#[test]
fn refuses_shares_that_are_none() {
    refused("guest_share = { max = 30 }", "guest_share.max", "a share from 0 to 1");
    refused(
        "max_null_share = { order_id = 1.5 }",
        "max_null_share.order_id",
        "from 0 to 1",
    );
    refused("referential = { order_id = 99 }", "referential.order_id", "from 0 to 1");
}

#[test]
fn refuses_columns_that_are_not_mapped() {
    for text in [
        "max_null_share = { chanel = 0 }",
        "unique = ['chanel']",
        "accepted_values = { chanel = ['web'] }",
    ] {
        let key = text.split(" =").next().unwrap_or_default();
        refused(
            text,
            key,
            "a mapped column of source shop: customer_key, order_id, channel",
        );
    }
}

#[test]
fn refuses_a_column_twice_in_a_key() {
    refused("unique = ['order_id', 'order_id']", "unique", "each column once");
}

#[test]
fn refuses_values_that_cannot_be_looked_for() {
    refused(
        "accepted_values = { channel = [] }",
        "accepted_values.channel",
        "1 to 256",
    );
    refused(
        "accepted_values = { customer_key = ['ann'] }",
        "accepted_values",
        "not personal",
    );
    let long = format!("accepted_values = {{ channel = ['{}'] }}", "x".repeat(101));
    refused(&long, "accepted_values.channel", "100 characters");
}

#[test]
fn refuses_days_of_sources_that_have_none() {
    for text in [
        "freshness_days = 2",
        "rows_per_day = { min = 1 }",
        "guest_share = { max = 0.5 }",
    ] {
        let error = of("goods", text).expect_err("no days");
        assert!(error.to_string().contains("order lines"), "{error}");
    }
    assert!(of("goods", "max_null_share = { channel = 0 }").is_ok());
    refused("freshness_days = 40000", "freshness_days", "36600");
}
