//! The pipelines and the manual in `pipelines/`.

use std::fs;
use std::path::{Path, PathBuf};

use cartera_ingest::{ColumnRef, Feed};
use cartera_normalize::{LineFacts, Sign};
use cartera_table::{LineKind, SourceTable};

use super::super::{ConfigError, ConfigProblem, PipelineConfig, load, parse};
use super::{PLAIN, changed, check, no_variables};

fn pipelines() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines")
}

#[track_caller]
fn shipped(name: &str) -> PipelineConfig {
    load(&pipelines().join(name), &no_variables).unwrap_or_else(|error| panic!("{error}"))
}

/// The manual is written by hand; what the program takes is not allowed to run ahead of it.
#[test]
fn the_manual_has_every_key() {
    let manual = fs::read_to_string(pipelines().join("README.md")).expect("the manual is there");
    let mut texts = vec![
        format!("zzz = 1\n{PLAIN}"),
        changed("currency =", "zzz = 1\ncurrency ="),
        changed("path =", "zzz = 1\npath ="),
        changed("date_format =", "zzz = 1\ndate_format ="),
        changed("unit_price =", "zzz = 1\nunit_price ="),
        changed("\"day\"", "{ zzz = 1 }"),
    ];
    for section in [
        "[limits]",
        "[source.duplicates]",
        "[order_lines]",
        "[[order_lines.kind]]",
        "[order_lines.flags]",
        "[order_lines.flags.sale]",
        "[rfm]",
        "[rfm.recency]",
        "[profitability]",
        "[relations]",
        "[bonding]",
        "[bonding.saturation]",
        "[bonding.weights]",
        "[lifecycle]",
        "[rfm_map]",
        "[pareto]",
        "[value_tiers]",
        "[[value_tiers.tier]]",
        "[profiles]",
        "[k_means]",
        "[signals.mine]",
        "[signals.mine.strength]",
        "[signals.mine.value_at_stake]",
        "[[signals.mine.when]]",
        "[portfolios]",
        "[portfolios.who]",
        "[portfolios.workload]",
        "[portfolios.balance]",
        "[campaigns]",
        "[customer_events]",
        "[[target]]",
        "[[target]]\n[target.files]",
        "[[target]]\n[target.files.csv]",
        "[contact_rules]",
        "[[contact_rules.caps]]",
        "[control]",
        "[contact_plan]",
        "[contact_plan.actions.mine]",
    ] {
        texts.push(format!("{PLAIN}{section}\nzzz = 1\n"));
    }
    for text in texts {
        let problem = match check(&text) {
            Err(ConfigError::Invalid(diagnostic)) => diagnostic.problem,
            other => panic!("{other:?}"),
        };
        let ConfigProblem::UnknownKey { valid, section, .. } = problem else {
            panic!("{problem}");
        };
        for key in valid {
            let is_written = [format!("`{key}`"), format!("{key}]"), format!("`{key} =")];
            assert!(
                is_written.iter().any(|form| manual.contains(form)),
                "{key} of {section}"
            );
        }
    }
}

#[test]
fn the_manual_has_every_column_of_every_table() {
    let manual = fs::read_to_string(pipelines().join("README.md")).expect("the manual is there");
    for table in SourceTable::ALL {
        let title = format!("#### `{}`\n", table.name());
        let (_, section) = manual.split_once(&title).unwrap_or_else(|| panic!("no {title}"));
        let section = section.split("\n#").next().unwrap_or_default();
        for column in table.contract().mappable() {
            let line = section
                .lines()
                .find(|line| line.starts_with(&format!("| `{}` | {} |", column.name, column.column_type.name())))
                .unwrap_or_else(|| panic!("{}.{} of its type", table.name(), column.name));
            assert!(line.contains(column.description), "{line}");
            for value in column.allowed_values {
                assert!(line.contains(&format!("`{value}`")), "{value} in {line}");
            }
        }
    }
}

#[test]
fn every_shipped_pipeline_is_valid() {
    let mut names = Vec::new();
    for entry in fs::read_dir(pipelines()).expect("the folder is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".toml") {
            assert_eq!(format!("{}.toml", shipped(&name).name), name);
            names.push(name);
        }
    }
    assert!(names.len() >= 3, "{names:?}");
}

#[test]
fn online_retail_has_its_two_prefixes_and_no_codes() {
    let config = shipped("online-retail.toml");
    let kind = |order_id: &str, product_id: &str, quantity| {
        config.order_lines.kind_of(&LineFacts {
            order_id: Some(order_id),
            product_id: Some(product_id),
            quantity: Some(quantity),
            unit_price: Some(Sign::Positive),
            amount: Some(quantity),
        })
    };
    assert_eq!(kind("C536379", "D", Sign::Negative), LineKind::Cancellation);
    assert_eq!(kind("A563185", "B", Sign::Positive), LineKind::Adjustment);
    assert_eq!(kind("536589", "21777", Sign::Negative), LineKind::Return);
    assert_eq!(kind("536370", "POST", Sign::Positive), LineKind::Sale);
    assert_eq!(kind("537000", "gift_0001_10", Sign::Positive), LineKind::Sale);
    assert!(
        config.sources[0].inputs[0]
            .path
            .ends_with("online_retail/online_retail.csv.gz")
    );
}

/// The rules that the comments offer are checked as if they were taken in.
#[test]
fn the_commented_rules_of_online_retail_are_valid() {
    let path = pipelines().join("online-retail.toml");
    let text = fs::read_to_string(&path).expect("the file is there");
    let (rules, offered) = text.split_once("# there are 18,402").expect("the comment is there");
    let offered = offered.split_once('\n').map_or("", |(_, rest)| rest);
    let taken_in = offered.replace("# ", "").replace("#\n", "\n");
    let config = parse(&path, &format!("{rules}\n{taken_in}"), &no_variables).unwrap_or_else(|error| panic!("{error}"));
    let kind = |product_id| {
        config.order_lines.kind_of(&LineFacts {
            product_id: Some(product_id),
            ..LineFacts::default()
        })
    };
    assert_eq!(kind("POST"), LineKind::Shipping);
    assert_eq!(kind("AMAZONFEE"), LineKind::Fee);
    assert_eq!(kind("gift_0001_10"), LineKind::Fee);
    assert_eq!(kind("85123A"), LineKind::Sale);
}

#[test]
fn cdnow_reads_positions_and_counts_free_orders() {
    let config = shipped("cdnow.toml");
    let source = &config.sources[0].params;
    assert_eq!(format!("{:?}", source.format.dialect.delimiter), "Blanks");
    assert!(!source.format.dialect.header && source.format.dialect.quote.is_none());
    assert!(matches!(
        source.columns.get("customer_key").map(|column| &column.feed),
        Some(Feed::File(file)) if matches!(file.column, ColumnRef::Position(position) if position.get() == 1)
    ));
    assert!(!source.columns.maps("order_id") && !source.columns.maps("unit_price"));
    let zero_dollars = LineFacts {
        quantity: Some(Sign::Positive),
        amount: Some(Sign::Zero),
        ..LineFacts::default()
    };
    let kind = config.order_lines.kind_of(&zero_dollars);
    assert_eq!(kind, LineKind::Free);
    assert!(config.order_lines.flags(kind).counts_as_order);
}

#[test]
fn retail_knows_returns_and_shipping() {
    let config = shipped("retail.toml");
    let kind = |order_id, product_id| {
        config.order_lines.kind_of(&LineFacts {
            order_id: Some(order_id),
            product_id: Some(product_id),
            quantity: Some(Sign::Positive),
            unit_price: Some(Sign::Positive),
            amount: Some(Sign::Positive),
        })
    };
    assert_eq!(kind("R100", "P1"), LineKind::Return);
    assert_eq!(kind("100", "SHIP"), LineKind::Shipping);
    assert_eq!(kind("100", "P1"), LineKind::Sale);
}
