//! Cells to the columns of a table: translated, typed, or set aside with their reason.

use cartera_ingest::ColumnParams;
use cartera_table::Disposition;
use cartera_table::contracts::{SourceCases, SourceConsents, SourceCosts, SourceCustomers, SourceInteractions};

use crate::support::{Sources, dated, named, translated};

#[test]
fn every_type_is_read_and_every_defect_has_its_reason() {
    let reading = Sources::new()
        .with(
            "cases",
            [
                ("case_id", named("id")),
                ("customer_key", named("customer")),
                ("opened_at", named("opened")),
                (
                    "kind",
                    translated("kind", [("C", "complaint"), ("S", "survey"), ("?", "")]),
                ),
                ("severity", named("severity")),
                ("score", named("score")),
                (
                    "resolved",
                    translated("resolved", [("1", "true"), ("0", "false"), ("n/a", "")]),
                ),
            ],
            &["id,customer,opened,kind,severity,score,resolved\n\
               1,007,2024-01-31,C,high,,1\n\
               2,ann,2024-02-01,S,,9.5,0\n\
               3,ann,2024-02-01,survey,,7,n/a\n\
               4,ann,2024-02-31,S,,9,\n\
               5,,2024-02-01,S,,9,\n\
               6,ann,2024-02-01,?,,9,\n\
               7,ann,2024-02-01,X,grave,nine,yes\n\
               8,ann,2024-02-01,S,low\n"],
        )
        .read::<SourceCases>();
    assert_eq!(reading.column("case_id"), ["1", "2", "3"]);
    assert_eq!(reading.column("customer_key"), ["007", "ann", "ann"], "keys are text");
    assert_eq!(reading.column("kind"), ["complaint", "survey", "survey"]);
    assert_eq!(reading.column("severity"), ["high", "-", "-"]);
    assert_eq!(reading.column("score"), ["-", "9.500000", "7.000000"]);
    assert_eq!(reading.column("resolved"), ["true", "false", "-"]);
    assert_eq!(reading.column("row"), ["2", "3", "4"]);
    assert_eq!(reading.column("key_space"), ["main", "main", "main"]);
    assert_eq!(
        reading.reasons(),
        [
            (5, "opened_at", "2024-02-31", "no_such_day"),
            (6, "customer_key", "", "missing"),
            (7, "kind", "?", "missing"),
            (8, "score", "xxxx", "not_a_number"),
            (9, "-", "9,xxx,9999-99-99,x,xxx", "wrong_field_count"),
        ]
    );
    assert_eq!(reading.defects[3].defect_count, 4, "score, kind, severity and resolved");
    assert_eq!(reading.count(Disposition::Kept, None), (3, 0));
}

#[test]
fn a_value_that_is_not_allowed_is_told_with_those_that_are() {
    let reading = Sources::new()
        .with(
            "consents",
            [
                ("customer_key", named("customer")),
                ("channel", ColumnParams::constant("email")),
                ("purpose", ColumnParams::constant("marketing")),
                ("status", named("status")),
                ("since", named("since")),
            ],
            &["customer,status,since\nann,granted,2024-01-01\nann@mail.com,YES,2024-01-01\n"],
        )
        .read::<SourceConsents>();
    assert_eq!(reading.column("channel"), ["email"]);
    assert_eq!(reading.reasons(), [(3, "status", "YES", "not_allowed_value")]);
    let hint = &reading.defects[0].hint;
    assert!(hint.contains("granted, withdrawn"), "{hint}");
}

#[test]
fn personal_values_show_their_shape_only() {
    let reading = Sources::new()
        .with(
            "customers",
            [
                ("customer_key", named("key")),
                ("birth_date", named("born")),
                ("children", named("children")),
            ],
            &["key,born,children\nann,1980-02-30,1\nbob,1980-02-03,99999999999\ncarl,1980-02-03,1.5\n"],
        )
        .read::<SourceCustomers>();
    assert_eq!(
        reading.reasons(),
        [
            (2, "birth_date", "9999-99-99", "no_such_day"),
            (3, "children", "99999999999", "number_out_of_range"),
            (4, "children", "1.5", "too_many_decimals"),
        ]
    );
    assert_eq!(reading.table.height(), 0);
}

#[test]
fn numbers_and_bounds_that_are_translated_are_typed_afterwards() {
    let reading = Sources::new()
        .with(
            "customers",
            [
                ("customer_key", named("key")),
                ("household_size", translated("size", [("5+", "5")])),
            ],
            &["key,size\na,5+\nb,2\nc,\nd,two\ne,3000000000\n"],
        )
        .read::<SourceCustomers>();
    assert_eq!(reading.column("household_size"), ["5", "2", "-"]);
    assert_eq!(
        reading.reasons(),
        [
            (5, "household_size", "two", "not_a_number"),
            (6, "household_size", "3000000000", "not_a_number"),
        ]
    );
}

#[test]
fn money_of_costs_is_in_the_books_and_has_the_sources_currency() {
    let columns = || {
        [
            ("kind", named("kind")),
            ("incurred_on", named("day")),
            ("amount", named("amount")),
            ("currency", named("currency")),
        ]
    };
    let reading = Sources::new()
        .with(
            "costs",
            columns(),
            &["kind,day,amount,currency\nshipping,2024-01-01,10.50,USD\nshipping,2024-01-01,4,\nrent,2024-01-01,100,EUR\nother,2024-01-01,1O,EUR\n"],
        )
        .read::<SourceCosts>();
    assert_eq!(reading.column("currency"), ["USD", "EUR"]);
    assert_eq!(reading.count(Disposition::Kept, None), (2, 145_000));
    assert_eq!(
        reading.count(Disposition::Quarantined, Some("not_allowed_value")),
        (1, 1_000_000),
        "a defective row's money stays in the books"
    );
    assert_eq!(reading.count(Disposition::Quarantined, Some("not_a_number")), (1, 0));
}

#[test]
fn a_contact_without_a_time_needs_its_campaign() {
    let reading = Sources::new()
        .with(
            "interactions",
            [
                ("customer_key", named("key")),
                ("kind", ColumnParams::constant("contact")),
                ("occurred_at", named("day")),
                ("campaign_id", named("campaign")),
            ],
            &["key,day,campaign\na,,7\nb,2024-01-01,\nc,,\nd,2024-13-01,\n"],
        )
        .read::<SourceInteractions>();
    assert_eq!(reading.column("customer_key"), ["a", "b"]);
    assert_eq!(
        reading.reasons(),
        [
            (4, "occurred_at", "", "missing"),
            (5, "occurred_at", "2024-13-01", "no_such_day"),
        ]
    );
}

#[test]
fn times_are_those_of_the_pipelines_wall_clock() {
    let columns = |format| {
        [
            ("customer_key", named("key")),
            ("kind", ColumnParams::constant("call")),
            ("occurred_at", dated("at", format)),
        ]
    };
    let reading = Sources::new()
        .with(
            "interactions",
            columns("%Y-%m-%d %H:%M %z"),
            &["key,at\na,2024-07-01 12:00 +00:00\n"],
        )
        .with_params(
            "interactions",
            columns("%Y-%m-%d %H:%M"),
            &["key,at\nb,2024-07-01 12:00\n"],
            |params| params.time_zone = Some("America/New_York".to_owned()),
        )
        .with_params(
            "interactions",
            columns("%Y-%m-%d %H:%M"),
            // The clock of Madrid skips this hour; it is moved on by no one where the zones are the same.
            &["key,at\nc,2024-03-31 02:30\n"],
            |params| params.time_zone = Some("Europe/Madrid".to_owned()),
        )
        .read::<SourceInteractions>();
    assert_eq!(
        reading.column("occurred_at"),
        ["2024-07-01 14:00:00", "2024-07-01 18:00:00", "2024-03-31 02:30:00"]
    );
}
