//! Measurements for people: a sentence a comparison, then the figures.

use std::io::{self, Write};

use cartera_pipeline::measure::{Interval, MeasureReport, OutcomeKind, OutcomeResult};
use comfy_table::{Cell, CellAlignment};

use crate::number::{count, thousands};
use crate::render::people_table;

/// P-values below it are told as that.
const SMALLEST_P_VALUE: f64 = 0.0001;

pub(super) fn print(out: &mut dyn Write, report: &MeasureReport) -> io::Result<()> {
    head(out, report)?;
    for warning in &report.measurement.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    for result in report
        .measurement
        .results
        .iter()
        .filter(|result| result.segment.is_none())
    {
        writeln!(out, "{}", sentence(report, result))?;
    }
    figures(out, report)?;
    let confidence = percent(report.study.confidence);
    writeln!(
        out,
        "in brackets: the interval that holds the truth with {confidence} confidence"
    )?;
    if report.by.is_some() {
        writeln!(
            out,
            "adjusted p: Holm's, over the segments; a segment alone shows an effect where this one is small"
        )?;
    }
    Ok(())
}

fn head(out: &mut dyn Write, report: &MeasureReport) -> io::Result<()> {
    match &report.window {
        Some(window) => writeln!(
            out,
            "{}, assigned by run {}, measured from {} to {} (data up to {})",
            report.subject, window.run, window.from, window.to, window.last_day
        )?,
        None => writeln!(out, "{}", report.subject)?,
    }
    for (place, arm) in report.measurement.arms.iter().enumerate() {
        write!(out, "  {}: {} customers", plain(&arm.arm), count(arm.customers))?;
        match report.window.as_ref().and_then(|window| window.with_orders.get(place)) {
            Some(buyers) => writeln!(out, ", {} of them with an order", count(*buyers))?,
            None => writeln!(out)?,
        }
    }
    if let Some(ratio) = report.measurement.sample_ratio {
        writeln!(out, "  sizes against the designed shares: {}", p_value(ratio.p_value))?;
    }
    Ok(())
}

/// What it means.
fn sentence(report: &MeasureReport, result: &OutcomeResult) -> String {
    let study = &report.study;
    let name = &study.outcomes[result.outcome].name;
    let (arm, against) = (
        plain(&study.arms[result.contrast.arm]),
        plain(&study.arms[result.contrast.against]),
    );
    let found = &result.comparison;
    let (Some(difference), Some(p)) = (found.difference, found.p_value) else {
        return format!("{name}: {arm} cannot be compared with {against}");
    };
    let more = if difference < 0.0 { "less" } else { "more" };
    let words = amount(report, result, difference.abs(), true);
    let between = found.difference_interval.map_or_else(String::new, |interval| {
        format!(" ({}: {})", percent(study.confidence), ends(report, result, interval))
    });
    let verdict = if p < 1.0 - study.confidence {
        ""
    } else {
        ", which may be chance"
    };
    let mut text = format!(
        "{name}: {arm} got {words} {more} than {against}{between}, {}{verdict}",
        p_value(p)
    );
    if let Some(investment) = result.investment {
        let returns = investment.interval.map_or_else(String::new, |interval| {
            format!(" ({} to {})", percent(interval.low), percent(interval.high))
        });
        text.push_str(&format!(
            "; contacts cost {}, the return on that is {}{returns}",
            with_unit(report, result, money(investment.cost)),
            percent(investment.return_on_investment)
        ));
    }
    text
}

fn figures(out: &mut dyn Write, report: &MeasureReport) -> io::Result<()> {
    let mut table = people_table();
    let mut header = vec!["outcome", "group", "against"];
    header.extend(report.by.as_deref());
    header.extend(["treated", "control", "difference", "lift", "p", "in all"]);
    header.extend(report.by.as_ref().map(|_| "adjusted p"));
    table.set_header(header);
    for result in &report.measurement.results {
        let study = &report.study;
        let found = &result.comparison;
        let mut cells = vec![
            Cell::new(&study.outcomes[result.outcome].name),
            Cell::new(plain(&study.arms[result.contrast.arm])),
            Cell::new(plain(&study.arms[result.contrast.against])),
        ];
        if report.by.is_some() {
            cells.push(Cell::new(plain(result.segment.as_deref().unwrap_or("all"))));
        }
        let value = |value: Option<f64>| value.map_or_else(String::new, |value| amount(report, result, value, false));
        let mut numbers = vec![
            value(found.treated),
            value(found.control),
            found.difference.map_or_else(String::new, |difference| {
                signed(difference, &amount(report, result, difference.abs(), true))
                    + &bracket(found.difference_interval, |interval| ends(report, result, interval))
            }),
            found.lift.map_or_else(String::new, |lift| {
                signed(lift, &percent(lift.abs()))
                    + &bracket(found.lift_interval, |interval| {
                        format!("{} to {}", percent(interval.low), percent(interval.high))
                    })
            }),
            found.p_value.map_or_else(String::new, p_number),
            result.incremental.map_or_else(String::new, |more| {
                thousands(&format!("{more:.0}"))
                    + &bracket(result.incremental_interval, |interval| {
                        let end = |value: f64| thousands(&format!("{value:.0}"));
                        format!("{} to {}", end(interval.low), end(interval.high))
                    })
            }),
        ];
        if report.by.is_some() {
            numbers.push(result.adjusted_p_value.map_or_else(String::new, p_number));
        }
        let right = |text| Cell::new(text).set_alignment(CellAlignment::Right);
        cells.extend(numbers.into_iter().map(right));
        table.add_row(cells);
    }
    writeln!(out, "{table}")
}

/// A rate as a percentage, a difference of rates in points, a mean as an amount.
fn amount(report: &MeasureReport, result: &OutcomeResult, value: f64, is_difference: bool) -> String {
    match report.study.outcomes[result.outcome].kind {
        OutcomeKind::Rate if is_difference => format!("{:.2} points", value * 100.0),
        OutcomeKind::Rate => percent3(value),
        OutcomeKind::Mean => {
            let each = if is_difference { " a customer" } else { "" };
            with_unit(report, result, mean(value)) + each
        }
    }
}

fn ends(report: &MeasureReport, result: &OutcomeResult, interval: Interval) -> String {
    let end = |value: f64| match report.study.outcomes[result.outcome].kind {
        OutcomeKind::Rate => format!("{:.2}", value * 100.0),
        OutcomeKind::Mean => mean(value),
    };
    format!("{} to {}", end(interval.low), end(interval.high))
}

fn with_unit(report: &MeasureReport, result: &OutcomeResult, text: String) -> String {
    match &report.units[result.outcome] {
        Some(unit) => format!("{text} {}", plain(unit)),
        None => text,
    }
}

fn bracket(interval: Option<Interval>, words: impl FnOnce(Interval) -> String) -> String {
    interval.map_or_else(String::new, |interval| format!(" ({})", words(interval)))
}

fn signed(value: f64, size: &str) -> String {
    format!("{}{size}", if value < 0.0 { "-" } else { "+" })
}

fn mean(value: f64) -> String {
    thousands(&format!("{value:.4}"))
}

fn money(value: f64) -> String {
    thousands(&format!("{value:.2}"))
}

fn percent(share: f64) -> String {
    format!("{} %", thousands(&format!("{:.1}", share * 100.0)))
}

fn percent3(share: f64) -> String {
    format!("{:.3} %", share * 100.0)
}

fn p_value(p: f64) -> String {
    if p < SMALLEST_P_VALUE {
        "p < 0.0001".to_owned()
    } else {
        format!("p = {p:.4}")
    }
}

fn p_number(p: f64) -> String {
    if p < SMALLEST_P_VALUE {
        "< 0.0001".to_owned()
    } else {
        format!("{p:.4}")
    }
}

/// Data may hold what would move the cursor or change the colours of a terminal.
fn plain(text: &str) -> String {
    if text.contains(char::is_control) {
        text.escape_debug().to_string()
    } else {
        text.to_owned()
    }
}
