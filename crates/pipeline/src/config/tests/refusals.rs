//! What is refused, where it is said to stand, and in which words.

use super::super::ConfigError;
use super::{PLAIN, changed, check, refused, shown, valid};

#[test]
fn an_unknown_key_is_shown_with_the_nearest_one() {
    assert_eq!(
        shown(&changed("currency =", "curency =")),
        r#"pipelines/shop.toml:5:1: unknown key `curency` in [pipeline]
  |
5 | curency = "GBP"
  | ^^^^^^^
hint: did you mean `currency`? valid keys: name, warehouse, as_of, time_zone, currency, seed, keep_runs, locale"#
    );
}

#[test]
fn an_unknown_table_is_shown_with_the_nearest_one() {
    assert_eq!(
        shown(&changed("\"order_lines\"", "\"order_line\"")),
        r#"pipelines/shop.toml:9:9: unknown value `order_line` of `source.0.table`
  |
9 | table = "order_line"
  |         ^^^^^^^^^^^^
hint: did you mean `order_lines`? valid values: order_lines, customers, products, interactions, cases, costs, consents, campaigns, rates, owners, suppressions"#
    );
}

#[test]
fn an_unknown_column_is_shown_with_the_nearest_one() {
    assert_eq!(
        shown(&changed("unit_price =", "unitprice =")),
        r#"pipelines/shop.toml:19:1: unknown key `unitprice` in [source.columns] of order_lines
   |
19 | unitprice = "price"
   | ^^^^^^^^^
hint: did you mean `unit_price`? valid keys: customer_key, order_id, line_number, product_id, ordered_at, quantity, unit_price, amount, currency, discount_amount, unit_cost, channel, region, sales_rep"#
    );
}

#[test]
fn a_pipeline_starts_from_order_lines() {
    let products =
        "[[source]]\nname = \"goods\"\ntable = \"products\"\npath = \"p.csv\"\ncolumns.product_id = \"sku\"\n";
    let head = PLAIN.split("[[source]]").next().unwrap_or_default();
    refused(
        &format!("{head}{products}"),
        "7:1",
        "no source feeds the table `order_lines`",
    );
    valid(&format!("{PLAIN}{products}"));
    // Rules look at the columns of order lines, not at those of other tables.
    let rule = "[[order_lines.kind]]\nkind = \"fee\"\nproduct_ids = [\"F\"]\n";
    refused(
        &format!("{PLAIN}{products}{rule}"),
        "27:15",
        "no source maps `product_id`",
    );
}

#[test]
fn a_source_in_another_currency_needs_rates() {
    let in_euros = changed("path =", "currency = \"EUR\"\npath =");
    refused(
        &in_euros,
        "10:12",
        "is in EUR, the pipeline in GBP, and no source has `table = \"rates\"`",
    );
    assert!(shown(&in_euros).contains("with rates of EUR"));
    let rates = "[[source]]\nname = \"bank\"\ntable = \"rates\"\npath = \"r.csv\"\nformat.date_format = \"%Y-%m-%d\"\n\
                 columns = { date = \"day\", currency = \"code\", rate = \"rate\" }\n";
    valid(&format!("{in_euros}{rates}"));
}

#[test]
fn rates_costs_and_returns_are_checked_where_they_stand() {
    let with = |section: &str| format!("{PLAIN}{section}");
    refused(
        &with("[currency]\nmax_rate_age_days = 400\n"),
        "21:21",
        "[currency]: `max_rate_age_days` is 400, expected 0 to 366",
    );
    refused(
        &with("[costs]\nmissing = \"margin_rate\"\ndefault_margin_rate = 1.5\n"),
        "22:23",
        "[costs]: `default_margin_rate` is 1.5, expected 0 to 1",
    );
    refused(
        &with("[costs]\nmissing = \"margin_rate\"\n"),
        "20:1",
        "`default_margin_rate` is missing",
    );
    refused(
        &with("[costs]\nmissing = \"guess\"\n"),
        "21:11",
        "unknown value `guess`",
    );
    refused(
        &with("[returns]\nmax_days = 30\n"),
        "21:12",
        "[returns]: `max_days` is given, but `match` is \"none\"",
    );
    refused(
        &with("[returns]\nmatch = \"customer_product\"\n"),
        "21:9",
        "no source of order lines maps both `product_id` and `quantity`",
    );
    valid(&with(
        "[currency]\nmax_rate_age_days = 0\n[costs]\nmissing = \"null\"\n[returns]\nmatch = \"none\"\n",
    ));
}

#[test]
fn words_of_a_table_are_checked_where_they_stand() {
    let with = |kind: &str| {
        format!(
            "{PLAIN}[[source]]\nname = \"contacts\"\ntable = \"interactions\"\npath = \"c.csv\"\n[source.columns]\ncustomer_key = \"k\"\ncampaign_id = \"c\"\nkind = {kind}\n"
        )
    };
    valid(&with("{ value = \"contact\" }"));
    valid(&with(
        "{ column = \"t\", values = { \"E\" = \"contact\", \"R\" = \"response\" } }",
    ));
    refused(&with("{ value = \"contct\" }"), "27:18", "unknown value `contct`");
    assert!(shown(&with("{ value = \"contct\" }")).contains("did you mean `contact`?"));
    refused(
        &with("{ column = \"t\", values = { \"E\" = \"mail\" } }"),
        "27:41",
        "unknown value `mail`",
    );
    refused(&with("{ value = 7 }"), "27:18", "expected a text in quotes");
}

#[test]
fn unknown_keys_are_found_on_every_level() {
    refused(
        &format!("[limit]\n{PLAIN}"),
        "1:2",
        "unknown key `limit` in the pipeline file",
    );
    refused(&changed("path =", "pth ="), "10:1", "unknown key `pth` in [[source]]");
    refused(&changed("date_format =", "dateformat ="), "13:1", "in [source.format]");
    refused(&changed("unit_price =", "price ="), "19:1", "in [source.columns]");
    let inline = changed("\"day\"", "{ column = \"day\", fmt = \"%Y\" }");
    refused(&inline, "17:32", "unknown key `fmt` in [source.columns.ordered_at]");
    let rule = format!("{PLAIN}[[order_lines.kind]]\nkind = \"fee\"\nprefix = \"F\"\n");
    refused(&rule, "22:1", "unknown key `prefix` in [[order_lines.kind]]");
    let flags = format!("{PLAIN}[order_lines.flags.gift]\nin_net_sales = true\n");
    refused(&flags, "20:20", "unknown key `gift` in [order_lines.flags]");
    let rfm = format!("{PLAIN}[rfm.recency]\nbin = 4\n");
    refused(&rfm, "21:1", "unknown key `bin` in [rfm.recency]");
}

#[test]
fn a_key_that_is_like_no_other_gets_the_list_alone() {
    let message = shown(&changed("currency =", "zzz ="));
    assert!(message.contains("hint: valid keys: name,"), "{message}");
}

#[test]
fn unknown_words_are_shown_with_the_nearest_one() {
    let policy = format!("{PLAIN}[source.duplicates]\npolicy = \"across_file\"\n");
    refused(
        &policy,
        "21:10",
        "unknown value `across_file` of `source.0.duplicates.policy`",
    );
    assert!(shown(&policy).contains("did you mean `across_files`?"));
    let kind = format!("{PLAIN}[[order_lines.kind]]\nkind = \"retrun\"\norder_id_prefix = \"R\"\n");
    refused(&kind, "21:8", "unknown value `retrun`");
    assert!(shown(&kind).contains("did you mean `return`?"));
    let sign = format!("{PLAIN}[[order_lines.kind]]\nkind = \"fee\"\nquantity = \"minus\"\n");
    refused(&sign, "22:12", "unknown value `minus`");
}

#[test]
fn syntax_errors_have_a_place() {
    refused(&changed("\"shop\"", "\"shop"), "2:13", "not TOML");
    refused(&changed("[pipeline]", "[pipeline"), "1:10", "not TOML");
    refused(&changed("name = \"shop\"", "name = shop"), "2:8", "not TOML");
    refused(
        &changed("name = \"shop\"", "name = \"a\"\nname = \"b\""),
        "3:1",
        "duplicate key",
    );
}

#[test]
fn wrong_types_are_told_in_plain_words() {
    let keep_runs = |value: &str| changed("currency =", &format!("keep_runs = {value}\ncurrency ="));
    refused(
        &keep_runs("\"ten\""),
        "5:13",
        "`pipeline.keep_runs` is the text \"ten\", expected a whole number that is not negative",
    );
    refused(&keep_runs("-1"), "5:13", "is the whole number -1");
    refused(
        &changed("\"GBP\"", "1.5"),
        "5:12",
        "is the number 1.5, expected a text in quotes",
    );
    let header = changed("date_format", "header = \"no\"\ndate_format");
    refused(&header, "13:10", "expected true or false");
    let position = changed("\"quantity\"", "0");
    refused(
        &position,
        "18:12",
        "expected a column name or a position counted from 1",
    );
    refused(
        &changed("\"quantity\"", "true"),
        "18:12",
        "is true, expected a column name",
    );
    refused(
        &changed("[[source]]", "[source]"),
        "7:1",
        "expected a list, as `[[source]]`",
    );
}

#[test]
fn missing_keys_stand_at_their_section() {
    for (line, key) in [
        ("name = \"shop\"\n", "name"),
        ("warehouse = \"../warehouse/shop\"\n", "warehouse"),
        ("time_zone = \"Europe/London\"\n", "time_zone"),
        ("currency = \"GBP\"\n", "currency"),
    ] {
        refused(&changed(line, ""), "1:1", &format!("[pipeline] has no `{key}`"));
    }
    refused("", "1:1", "the pipeline file has no `pipeline`");
    refused(&changed("path = \"orders.csv\"\n", ""), "7:1", "`path` is missing");
    refused(
        &changed("ordered_at = \"day\"\n", ""),
        "15:1",
        "`columns.ordered_at` is missing",
    );
    refused(
        &changed("unit_price = \"price\"\n", ""),
        "15:1",
        "`columns.unit_price` is missing",
    );
    refused(
        &changed("date_format = \"%Y-%m-%d\"\n", ""),
        "12:1",
        "`format.date_format` is missing",
    );
    let no_kind = format!("{PLAIN}[[order_lines.kind]]\nquantity = \"zero\"\n");
    refused(&no_kind, "20:1", "[[order_lines.kind]] has no `kind`");
    let sourceless = PLAIN.split("[[source]]").next().unwrap_or_default();
    refused(sourceless, "1:1", "the pipeline has no source");
}

#[test]
fn values_of_the_pipeline_are_checked() {
    refused(&changed("\"shop\"", "\"\""), "2:8", "`pipeline.name` is \"\"");
    refused(
        &changed("\"../warehouse/shop\"", "\"\""),
        "3:13",
        "`pipeline.warehouse` is \"\"",
    );
    refused(&changed("Europe/London", "Europe/Londn"), "4:13", "IANA time zone");
    refused(&changed("GBP", "GPB"), "5:12", "ISO 4217");
    let with = |line: &str| changed("currency =", &format!("{line}\ncurrency ="));
    refused(&with("keep_runs = 0"), "5:13", "at least 1");
    refused(
        &with("locale = \"fr\""),
        "5:10",
        "\"en\" for English or \"es\" for Spanish",
    );
    refused(
        &with("as_of = \"yesterday\""),
        "5:9",
        "`pipeline.as_of` is \"yesterday\"",
    );
    refused(&with("as_of = 2011-12-09T10:00:00"), "5:9", "expected \"latest\"");
    refused(&with("as_of = 20111209"), "5:9", "expected \"latest\"");
}

#[test]
fn limits_are_checked() {
    let with = |limits: &str| format!("{PLAIN}[limits]\n{limits}\n");
    refused(&with("max_quarantined_share = 10"), "21:25", "expected");
    refused(&with("max_quarantined_share = 1.5"), "21:25", "a share from 0 to 1");
    refused(&with("max_quarantined_share = nan"), "21:25", "a share from 0 to 1");
    refused(&with("warn_quarantined_share = -0.5"), "21:26", "a share from 0 to 1");
    refused(
        &with("warn_quarantined_share = 0.2"),
        "21:26",
        "at most `limits.max_quarantined_share`",
    );
}

#[test]
fn sources_are_checked_where_they_stand() {
    refused(
        &changed("\"price\"", "\"quantity\""),
        "19:14",
        "`columns.quantity` reads already",
    );
    refused(
        &changed("date_format =", "header = false\ndate_format ="),
        "17:16",
        "position",
    );
    refused(
        &changed("%Y-%m-%d", "%Y-%Q"),
        "13:15",
        "`format.date_format` is \"%Y-%Q\"",
    );
    refused(&changed("path =", "time_zone = \"Mars\"\npath ="), "10:13", "IANA");
    refused(
        &changed("path =", "currency = \"EURO\"\npath ="),
        "10:12",
        "expected an ISO 4217 currency",
    );
    let own_format = changed("\"day\"", "{ column = \"day\", format = \"%d\" }");
    refused(&own_format, "17:41", "`columns.ordered_at.format`");
    let second = &PLAIN[PLAIN.find("[[source]]").unwrap_or_default()..];
    refused(&format!("{PLAIN}\n{second}"), "22:8", "a name that no other source");
}

#[test]
fn checks_are_checked_where_they_stand() {
    let with = |check: &str| format!("{PLAIN}[[check]]\n{check}\n");
    refused(
        &with("severity = 'stop'"),
        "20:1",
        "[[check]]: the check demands nothing",
    );
    refused(&with("severity = 'halt'"), "21:12", "unknown value `halt`");
    refused(&with("freshness = 2"), "21:1", "unknown key `freshness` in [[check]]");
    refused(&with("freshness_days = -1"), "21:18", "not negative");
    refused(
        &with("rows_per_day = { mn = 5 }"),
        "21:18",
        "unknown key `mn` in [check.rows_per_day]",
    );
    refused(
        &with("rows_per_day = { min = 5, max = 4 }"),
        "21:24",
        "`rows_per_day.min` is 5.0",
    );
    refused(
        &with("max_null_share = { quantity = 2 }"),
        "21:31",
        "a share from 0 to 1",
    );
    refused(
        &with("unique = ['order_id']"),
        "21:10",
        "a mapped column of source orders: customer_key, ordered_at, quantity, unit_price",
    );
    refused(
        &with("source = 'web'\nfreshness_days = 1"),
        "21:10",
        "a source of the pipeline: orders",
    );
    let second = &PLAIN[PLAIN.find("[[source]]").unwrap_or_default()..].replace("\"orders\"", "\"web\"");
    refused(
        &format!("{PLAIN}{second}[[check]]\nfreshness_days = 1\n"),
        "33:1",
        "`source` is missing, expected one of orders, web",
    );
    valid(&with("freshness_days = 1"));
}

#[test]
fn rules_are_checked_where_they_stand() {
    let with = |rule: &str| format!("{PLAIN}[[order_lines.kind]]\nkind = \"fee\"\n{rule}\n");
    refused(&with(""), "20:1", "has no condition");
    refused(&with("order_id_prefix = \"F\""), "22:19", "no source maps `order_id`");
    refused(&with("product_ids = [\"F\"]"), "22:15", "no source maps `product_id`");
    refused(
        &with("product_pattern = \"^F\""),
        "22:19",
        "no source maps `product_id`",
    );
    let broken = with("product_pattern = \"(\"");
    refused(&broken, "22:19", "`product_pattern` of the rule for `fee`");
    let amounts = changed("quantity = \"quantity\"\nunit_price = \"price\"", "amount = \"amount\"");
    let rule = "[[order_lines.kind]]\nkind = \"fee\"";
    refused(
        &format!("{amounts}{rule}\nquantity = \"zero\"\n"),
        "21:12",
        "no source maps `quantity`",
    );
    refused(
        &format!("{amounts}{rule}\nunit_price = \"zero\"\n"),
        "21:14",
        "no source maps `unit_price`",
    );
    valid(&format!("{amounts}{rule}\namount = \"zero\"\n"));
    let twice = "[order_lines]\nfree_counts_as_order = true\nflags.free.counts_as_order = false\n";
    refused(&format!("{PLAIN}{twice}"), "21:24", "give one of the two");
}

#[test]
fn parameters_of_other_stages_are_checked_where_they_stand() {
    refused(
        &format!("{PLAIN}[rfm.monetary]\nbins = 99\n"),
        "21:8",
        "[rfm]: `monetary.bins` is 99",
    );
    let bins = "[rfm]\nrecency.bins = 4\nfrequency.bins = 4\n";
    refused(&format!("{PLAIN}{bins}"), "20:1", "4, 4 and 5 bins");
    refused(&format!("{PLAIN}[k_means]\nk = 0\n"), "21:5", "k = 0");
}

#[test]
fn globs_are_checked() {
    refused(&changed("orders.csv", "a[.csv"), "10:8", "is no glob");
}

/// Whatever is cut off or struck out, the answer is a config or an error inside of the text.
#[test]
fn damaged_files_are_told_and_never_a_panic() {
    let rich = format!(
        "{PLAIN}[source.duplicates]\npolicy = \"keep\"\n[[order_lines.kind]]\nkind = \"fee\"\namount = \"zero\"\n[rfm.recency]\ncut_points = [1, 2, 3, 4]\n"
    );
    let mut refusals = 0;
    let mut look_at = |text: &str| {
        if let Err(ConfigError::Invalid(diagnostic)) = check(text) {
            let place = &diagnostic.excerpt;
            assert!(place.line <= text.split('\n').count(), "{diagnostic}\nin {text}");
            let line = text.split('\n').nth(place.line - 1).unwrap_or_default();
            assert_eq!(place.text, line);
            assert!(place.column <= line.chars().count() + 1, "{diagnostic}\nin {text}");
            refusals += 1;
        }
    };
    for position in 0..rich.len() {
        look_at(&rich[..position]);
        for put in ["", "é", "\"", "[", "="] {
            look_at(&format!("{}{put}{}", &rich[..position], &rich[position + 1..]));
        }
    }
    assert!(refusals > rich.len(), "most of these are errors");
}

#[test]
fn portfolios_of_a_segment_that_there_is_not_are_refused_at_their_key() {
    let text = shown(&format!("{PLAIN}[portfolios.who]\nrfm_segments = [\"chmpions\"]\n"));
    assert!(
        text.contains("portfolios: who.rfm_segments = `chmpions` is not one of "),
        "{text}"
    );
    assert!(text.contains("rfm_segments = [\"chmpions\"]\n"), "{text}");
    let tiers = "[[value_tiers.tier]]\nname = \"key_account\"\ntop_share = 0.1\n\
                 [[value_tiers.tier]]\nname = \"standard\"\n";
    let text = shown(&format!("{PLAIN}{tiers}[portfolios.who]\nvalue_tiers = [\"gold\"]\n"));
    assert!(
        text.contains("portfolios: who.value_tiers = `gold` is not one of key_account, standard, no_value"),
        "{text}"
    );
}

#[test]
fn a_rule_of_signals_is_refused_at_its_key() {
    let of = |lines: &str| {
        shown(&format!(
            "{PLAIN}[signals.mine]\nkind = \"alarm\"\naction = \"call\"\n{lines}\n"
        ))
    };
    let text = of("when = [\n    { column = \"days_overdu\", above = 1 },\n]");
    assert!(
        text.contains("unknown value `days_overdu` of `signals.mine.when.0.column`"),
        "{text}"
    );
    assert!(
        text.contains("    { column = \"days_overdu\", above = 1 },\n"),
        "{text}"
    );
    assert!(
        text.contains("hint: did you mean `days_overdue`? valid values: line_count, "),
        "{text}"
    );
    let text = of("when = [{ column = \"vin\", above = true }]");
    assert!(
        text.contains(
            "`signals.mine.when.0.above` is true, expected a number or the name of one of the rule's `limits`"
        ),
        "{text}"
    );
    let text = of("when = [{ any = [{ column = \"vin\", above = 1 }, { colum = \"vin\" }] }]");
    assert!(
        text.contains("unknown key `colum` in") && text.contains("did you mean `column`?"),
        "{text}"
    );
    let text = of("when = [{ column = \"vin\", above = 1, below = 2 }]");
    assert!(
        text.contains("signal `mine`: when.0 does not say how it compares, expected one of `above`, `at_least`"),
        "{text}"
    );
    let text = shown(&format!("{PLAIN}[signals.overdue.limits]\nday = 3\n"));
    assert!(
        text.contains("unknown value `day` of `signals.overdue.limits.day`"),
        "{text}"
    );
    assert!(text.contains("did you mean `days`?"), "{text}");
    valid(&format!("{PLAIN}[signals.overdue.limits]\ndays = 3\n"));
}

#[test]
fn a_contact_plan_names_tiers_and_signals_of_the_pipeline() {
    let text = shown(&format!(
        "{PLAIN}[contact_plan.actions.mine]\nchannels = [\"email\"]\nsignals = [\"overdu\"]\n"
    ));
    assert!(
        text.contains("unknown value `overdu` of `contact_plan.actions.mine.signals`"),
        "{text}"
    );
    assert!(text.contains("did you mean `overdue`?"), "{text}");
    let text = shown(&format!("{PLAIN}[contact_plan]\ntiers_of_value = [\"iron\"]\n"));
    assert!(
        text.contains("valid values: platinum, gold, silver, bronze, no_value"),
        "{text}"
    );
    let text = shown(&format!("{PLAIN}[contact_plan]\nhorizon_days = 0\n"));
    assert!(
        text.contains("contact_plan: horizon_days is 0, expected 1 to 366"),
        "{text}"
    );
    let text = shown(&format!("{PLAIN}[campaigns]\nattribution_days = 9999\n"));
    assert!(
        text.contains("campaigns: `attribution_days` is 9999, expected 0 to 3650"),
        "{text}"
    );
}
