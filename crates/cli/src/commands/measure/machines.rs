//! Measurements for machines: all digits, nothing rounded.

use std::io::{self, Write};

use cartera_pipeline::measure::{Interval, MeasureReport, OutcomeResult};
use serde_json::{Value, json};

/// One object with everything.
pub(super) fn as_json(out: &mut dyn Write, report: &MeasureReport) -> io::Result<()> {
    let found = &report.measurement;
    let window = report.window.as_ref();
    let arms = found.arms.iter().enumerate().map(|(place, arm)| {
        let with_orders = window.and_then(|window| window.with_orders.get(place));
        json!({ "arm": arm.arm, "customers": arm.customers, "with_orders": with_orders })
    });
    let results = found.results.iter().map(|result| {
        let fields = fields(report, result).into_iter();
        Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).collect())
    });
    let warnings = found.warnings.iter();
    let warnings = warnings.map(|warning| json!({ "name": warning.slug(), "text": warning.to_string() }));
    let object = json!({
        "subject": report.subject,
        "run": window.map(|window| window.run.to_string()),
        "from": window.map(|window| window.from.to_string()),
        "to": window.map(|window| window.to.to_string()),
        "last_day": window.map(|window| window.last_day.to_string()),
        "confidence": report.study.confidence,
        "by": report.by,
        "arms": arms.collect::<Vec<_>>(),
        "sample_ratio": found.sample_ratio.map(|ratio| json!({ "chi_square": ratio.chi_square, "p_value": ratio.p_value })),
        "results": results.collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
    });
    writeln!(out, "{object:#}")
}

/// One row a comparison.
pub(super) fn as_csv(out: &mut dyn Write, report: &MeasureReport) -> io::Result<()> {
    for (place, result) in report.measurement.results.iter().enumerate() {
        let fields = fields(report, result);
        if place == 0 {
            let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            writeln!(out, "{}", names.join(","))?;
        }
        let cells: Vec<String> = fields.iter().map(|(_, value)| cell(value)).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.contains([',', '"', '\n', '\r']) => format!("\"{}\"", text.replace('"', "\"\"")),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn fields(report: &MeasureReport, result: &OutcomeResult) -> Vec<(&'static str, Value)> {
    let study = &report.study;
    let outcome = &study.outcomes[result.outcome];
    let found = &result.comparison;
    let low = |interval: Option<Interval>| json!(interval.map(|interval| interval.low));
    let high = |interval: Option<Interval>| json!(interval.map(|interval| interval.high));
    let investment = result.investment;
    let returns = investment.and_then(|investment| investment.interval);
    vec![
        ("outcome", json!(outcome.name)),
        ("kind", json!(outcome.kind.slug())),
        ("unit", json!(report.units[result.outcome])),
        ("arm", json!(study.arms[result.contrast.arm])),
        ("against", json!(study.arms[result.contrast.against])),
        ("segment", json!(result.segment)),
        ("treated_customers", json!(result.treated.customers())),
        ("control_customers", json!(result.control.customers())),
        ("treated", json!(found.treated)),
        ("control", json!(found.control)),
        ("difference", json!(found.difference)),
        ("difference_low", low(found.difference_interval)),
        ("difference_high", high(found.difference_interval)),
        ("p_value", json!(found.p_value)),
        ("adjusted_p_value", json!(result.adjusted_p_value)),
        ("lift", json!(found.lift)),
        ("lift_low", low(found.lift_interval)),
        ("lift_high", high(found.lift_interval)),
        ("incremental", json!(result.incremental)),
        ("incremental_low", low(result.incremental_interval)),
        ("incremental_high", high(result.incremental_interval)),
        ("detectable_difference", json!(found.detectable_difference)),
        ("cost", json!(investment.map(|investment| investment.cost))),
        (
            "return_on_investment",
            json!(investment.map(|investment| investment.return_on_investment)),
        ),
        ("return_on_investment_low", low(returns)),
        ("return_on_investment_high", high(returns)),
        ("is_rough", json!(result.is_rough)),
    ]
}
