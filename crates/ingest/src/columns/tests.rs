use cartera_raw::{DateFormat, DateFormats};

use super::*;

fn plain() -> ColumnsParams {
    ColumnsParams::from([
        ("customer_key", ColumnParams::named("customer")),
        ("ordered_at", dated("day", "%Y-%m-%d")),
        ("quantity", ColumnParams::named("quantity")),
        ("unit_price", ColumnParams::named("price")),
    ])
}

fn dated(name: &str, format: &str) -> ColumnParams {
    ColumnParams {
        format: Some(format.to_owned()),
        ..ColumnParams::named(name)
    }
}

fn translated(name: &str, values: &[(&str, &str)]) -> ColumnParams {
    ColumnParams {
        values: values
            .iter()
            .map(|(theirs, ours)| ((*theirs).to_owned(), (*ours).to_owned()))
            .collect(),
        ..ColumnParams::named(name)
    }
}

#[track_caller]
fn refused_of(table: SourceTable, params: &ColumnsParams, key: &str, words: &str) {
    let error = params
        .check(table, &FormatParams::default())
        .expect_err("the columns are to be refused");
    assert_eq!(error.key(), key);
    let message = error.to_string();
    assert!(message.contains(words), "{message:?} lacks {words:?}");
}

#[track_caller]
fn refused(change: impl FnOnce(&mut ColumnsParams), key: &str, words: &str) {
    let mut params = plain();
    change(&mut params);
    refused_of(SourceTable::OrderLines, &params, key, words);
}

fn remove<'t>(targets: &'t [&str]) -> impl FnOnce(&mut ColumnsParams) + use<'t> {
    move |params| {
        for target in targets {
            params.targets.remove(*target);
        }
    }
}

fn put<'t>(target: &'t str, column: ColumnParams) -> impl FnOnce(&mut ColumnsParams) + use<'t> {
    move |params| {
        params.targets.insert(target.to_owned(), column);
    }
}

#[test]
fn the_columns_own_date_format_wins() {
    let format = FormatParams {
        date_format: Some("%d/%m/%Y".to_owned()),
        ..FormatParams::default()
    };
    let valid = plain().check(SourceTable::OrderLines, &format).expect("valid");
    let Some(Feed::File(file)) = valid.get("ordered_at").map(|column| &column.feed) else {
        panic!("it is mapped to a column");
    };
    assert_eq!(
        file.date_formats,
        DateFormat::new("%Y-%m-%d").ok().map(DateFormats::from)
    );
}

#[test]
fn columns_come_in_the_order_of_the_contract() {
    let valid = plain()
        .check(SourceTable::OrderLines, &FormatParams::default())
        .expect("valid");
    let names: Vec<&str> = valid.iter().map(|column| column.definition.name).collect();
    assert_eq!(names, ["customer_key", "ordered_at", "quantity", "unit_price"]);
}

#[test]
fn amount_stands_in_for_price() {
    let mut params = plain();
    remove(&["unit_price"])(&mut params);
    put("amount", ColumnParams::named("amount"))(&mut params);
    assert!(params.check(SourceTable::OrderLines, &FormatParams::default()).is_ok());
}

#[test]
fn refuses_no_customer_key() {
    refused(remove(&["customer_key"]), "columns.customer_key", "guest");
}

#[test]
fn refuses_no_ordered_at() {
    refused(remove(&["ordered_at"]), "columns.ordered_at", "moment");
}

#[test]
fn refuses_no_date_format() {
    refused(
        put("ordered_at", ColumnParams::named("day")),
        "format.date_format",
        "%Y-%m-%d",
    );
}

#[test]
fn refuses_a_wrong_date_format() {
    refused(
        put("ordered_at", dated("day", "%Y-%Q")),
        "columns.ordered_at.format",
        "%Q",
    );
}

fn with_formats(formats: &[&str]) -> ColumnParams {
    ColumnParams {
        formats: Some(formats.iter().map(|&format| format.to_owned()).collect()),
        ..ColumnParams::named("day")
    }
}

#[test]
fn a_column_may_have_several_date_formats() {
    let mut params = plain();
    put("ordered_at", with_formats(&["%d/%m/%Y", "%Y-%m-%d %H:%M"]))(&mut params);
    let own = params.check(SourceTable::OrderLines, &FormatParams::default());
    put("ordered_at", ColumnParams::named("day"))(&mut params);
    let format = FormatParams {
        date_formats: Some(vec!["%d/%m/%Y".to_owned(), "%Y-%m-%d %H:%M".to_owned()]),
        ..FormatParams::default()
    };
    let shared = params.check(SourceTable::OrderLines, &format);
    assert_eq!(own, shared);
    assert!(own.is_ok());
}

#[test]
fn refuses_date_formats_that_swap_day_and_month() {
    let swapped = ["%d/%m/%Y", "%m/%d/%Y"];
    refused(
        put("ordered_at", with_formats(&swapped)),
        "columns.ordered_at.formats",
        "two different days",
    );
    let format = FormatParams {
        date_formats: Some(swapped.map(str::to_owned).to_vec()),
        ..FormatParams::default()
    };
    let mut params = plain();
    put("ordered_at", ColumnParams::named("day"))(&mut params);
    let error = params
        .check(SourceTable::OrderLines, &format)
        .expect_err("two readings");
    assert_eq!(error.key(), "format.date_formats");
}

#[test]
fn refuses_date_formats_of_which_some_have_an_offset() {
    let mixed = with_formats(&["%Y-%m-%d %H:%M%z", "%Y-%m-%d"]);
    refused(put("ordered_at", mixed), "columns.ordered_at.formats", "offset");
}

#[test]
fn refuses_wrong_and_no_date_formats_in_a_list() {
    let wrong = with_formats(&["%Y-%m-%d", "%Y-%Q"]);
    refused(put("ordered_at", wrong), "columns.ordered_at.formats", "%Q");
    refused(
        put("ordered_at", with_formats(&[])),
        "columns.ordered_at.formats",
        "at least one",
    );
}

#[test]
fn refuses_one_date_format_beside_several() {
    let both = ColumnParams {
        format: Some("%Y-%m-%d".to_owned()),
        ..with_formats(&["%Y-%m-%d"])
    };
    refused(put("ordered_at", both), "columns.ordered_at.formats", "one of the two");
    let format = FormatParams {
        date_format: Some("%Y-%m-%d".to_owned()),
        date_formats: Some(vec!["%Y-%m-%d".to_owned()]),
        ..FormatParams::default()
    };
    let error = plain().check(SourceTable::OrderLines, &format).expect_err("both");
    assert_eq!(error.key(), "format.date_formats");
}

#[test]
fn refuses_date_formats_on_a_number() {
    let numbers = ColumnParams {
        formats: Some(vec!["%Y".to_owned()]),
        ..ColumnParams::named("quantity")
    };
    refused(put("quantity", numbers), "columns.quantity.formats", "no dates");
}

#[test]
fn refuses_positions_in_json_objects() {
    let format = FormatParams {
        file_type: "json".to_owned(),
        ..FormatParams::default()
    };
    let mut params = plain();
    put("quantity", ColumnParams::at(std::num::NonZeroUsize::MIN))(&mut params);
    let error = params.check(SourceTable::OrderLines, &format).expect_err("a position");
    assert_eq!(error.key(), "columns.quantity");
    assert!(error.to_string().contains("give its name"), "{error}");
}

#[test]
fn refuses_neither_amount_nor_price() {
    refused(remove(&["quantity", "unit_price"]), "columns.amount", "both");
    refused(remove(&["quantity"]), "columns.quantity", "both");
    refused(remove(&["unit_price"]), "columns.unit_price", "both");
}

#[test]
fn refuses_a_column_twice() {
    refused(
        put("order_id", ColumnParams::named("customer")),
        "columns.order_id",
        "`columns.customer_key` reads",
    );
}

#[test]
fn refuses_an_empty_column_name() {
    refused(put("order_id", ColumnParams::named("")), "columns.order_id", "position");
}

#[test]
fn refuses_a_date_format_on_a_number() {
    refused(
        put("quantity", dated("quantity", "%Y")),
        "columns.quantity.format",
        "holds no dates",
    );
}

#[test]
fn refuses_a_name_where_there_is_no_header() {
    let format = FormatParams {
        header: false,
        ..FormatParams::default()
    };
    let error = plain().check(SourceTable::OrderLines, &format).expect_err("no header");
    assert_eq!(error.key(), "columns.customer_key");
    assert!(error.to_string().contains("position"), "{error}");
}

#[test]
fn refuses_columns_that_the_table_lacks() {
    refused(
        put("price", ColumnParams::named("p")),
        "columns.price",
        "order_lines has no column `price`",
    );
    // Filled by the reader.
    refused(put("row", ColumnParams::named("p")), "columns.row", "no column `row`");
}

#[test]
fn refuses_neither_column_nor_value_and_both() {
    refused(
        put("channel", ColumnParams::default()),
        "columns.channel.column",
        "`value`",
    );
    let both = ColumnParams {
        value: Some("web".to_owned()),
        ..ColumnParams::named("channel")
    };
    refused(put("channel", both), "columns.channel.value", "one of the two");
}

#[test]
fn constants_are_checked_as_cells_are() {
    let mut params = plain();
    put("channel", ColumnParams::constant("web"))(&mut params);
    let valid = params
        .check(SourceTable::OrderLines, &FormatParams::default())
        .expect("valid");
    assert_eq!(
        valid.get("channel").map(|column| &column.feed),
        Some(&Feed::Constant(Constant::Text("web".to_owned())))
    );
    refused(
        put("quantity", ColumnParams::constant("one")),
        "columns.quantity.value",
        "6 decimals",
    );
    let with_format = ColumnParams {
        format: Some("%Y".to_owned()),
        ..ColumnParams::constant("2024")
    };
    refused(
        put("ordered_at", with_format),
        "columns.ordered_at.format",
        "as the table has it",
    );
}

#[test]
fn values_must_be_those_of_the_table() {
    let consents = |status: ColumnParams| {
        let mut params = ColumnsParams::from([
            ("customer_key", ColumnParams::named("customer")),
            ("channel", ColumnParams::named("channel")),
            ("purpose", ColumnParams::constant("marketing")),
            ("since", dated("since", "%Y-%m-%d")),
        ]);
        put("status", status)(&mut params);
        params
    };
    let good = consents(translated("status", &[("Y", "granted"), ("N", "withdrawn"), ("?", "")]));
    assert!(good.check(SourceTable::Consents, &FormatParams::default()).is_ok());
    refused_of(
        SourceTable::Consents,
        &consents(translated("status", &[("Y", "yes")])),
        "columns.status.values.Y",
        "granted, withdrawn",
    );
    refused_of(
        SourceTable::Consents,
        &consents(ColumnParams::constant("given")),
        "columns.status.value",
        "granted, withdrawn",
    );
}

#[test]
fn whole_numbers_and_flags_can_be_translated_and_amounts_cannot() {
    let customers = |params: ColumnParams| {
        ColumnsParams::from([
            ("customer_key", ColumnParams::named("customer")),
            ("household_size", params),
        ])
    };
    let good = customers(translated("size", &[("5+", "5")]));
    assert!(good.check(SourceTable::Customers, &FormatParams::default()).is_ok());
    refused_of(
        SourceTable::Customers,
        &customers(translated("size", &[("5+", "many")])),
        "columns.household_size.values.5+",
        "a whole number",
    );
    refused(
        put("quantity", translated("quantity", &[("one", "1")])),
        "columns.quantity.values",
        "only texts",
    );
}

#[test]
fn a_contact_needs_a_time_or_a_campaign() {
    let params = ColumnsParams::from([
        ("customer_key", ColumnParams::named("customer")),
        ("kind", ColumnParams::constant("contact")),
    ]);
    refused_of(
        SourceTable::Interactions,
        &params,
        "columns.occurred_at",
        "one of `occurred_at`, `campaign_id`",
    );
}
