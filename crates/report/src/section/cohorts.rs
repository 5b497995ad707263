//! Customers by the month in which they came: who still buys, and what they have brought.

use std::collections::BTreeMap;

use super::tips::of_row;
use super::{Context, Section};
use crate::answer::{Answer, ColumnSpec, Kind};
use crate::error::ReportError;
use crate::figure::{Figure, HeatCell, HeatMap, HeatRow, Picture, Question, heat_of};
use crate::words::Argument;

const RETENTION: Question = Question {
    id: "cohort_retention",
    tables: &["cohorts"],
    sql: "select cohort_month, months_since, cohort_customers, active_customers, active_share, is_complete
from cohorts
where months_since between 1 and 12 and cohort_month in (
    select cohort_month from cohorts where months_since = 0 order by cohort_month desc limit 24
)
order by cohort_month, months_since",
    columns: &[
        ColumnSpec::new("cohort_month", Kind::Month),
        ColumnSpec::new("months_since", Kind::Count),
        ColumnSpec::new("cohort_customers", Kind::Count),
        ColumnSpec::new("active_customers", Kind::Count),
        ColumnSpec::new("active_share", Kind::Share),
        ColumnSpec::new("is_complete", Kind::Flag),
    ],
};

const VALUE: Question = Question {
    id: "cohort_value",
    tables: &["cohorts"],
    sql: "select cohort_month, months_since, cohort_customers, cumulative_net_sales_per_customer,
       cumulative_gross_margin_per_customer, is_complete
from cohorts
where months_since between 0 and 12 and cohort_month in (
    select cohort_month from cohorts where months_since = 0 order by cohort_month desc limit 24
)
order by cohort_month, months_since",
    columns: &[
        ColumnSpec::new("cohort_month", Kind::Month),
        ColumnSpec::new("months_since", Kind::Count),
        ColumnSpec::new("cohort_customers", Kind::Count),
        ColumnSpec::new("cumulative_net_sales_per_customer", Kind::Money),
        ColumnSpec::new("cumulative_gross_margin_per_customer", Kind::Money),
        ColumnSpec::new("is_complete", Kind::Flag),
    ],
};

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let mut figures = Vec::new();
    figures.extend(retention(context)?);
    figures.extend(value(context)?);
    Ok(context.section("cohorts", figures))
}

/// The share that bought in each later month; none where all customers came in the month of the run.
fn retention(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&RETENTION)?;
    if answer.is_empty() {
        return Ok(None);
    }
    let shares = answer.numbers("active_share");
    let greatest = shares.iter().flatten().fold(0.0_f64, |most, share| most.max(*share));
    let map = map(
        context,
        &answer,
        &["active_share", "active_customers", "cohort_customers"],
        "heat-legend-retention",
        |row| {
            let share = shares[row]?;
            Some((words.percent(share, 0), heat_of(share, greatest)))
        },
    );
    let title = retention_title(context, &answer);
    Ok(Some(
        Figure::new(&RETENTION, &answer, words, title, Picture::Heat(map)).wide(),
    ))
}

/// The shares after one month and at the age that half of the cohorts have; no share where no month is over.
fn retention_title(context: Context<'_>, answer: &Answer) -> String {
    let after = |months: f64| mean_share(answer, months).map(|share| context.words.percent(share, 0));
    let whole = common_age(answer);
    let shares = (after(1.0), whole.and_then(after), whole.unwrap_or(0.0));
    match shares {
        (Some(first), Some(last), months) if months > 1.0 => {
            let found = [
                ("first", first.into()),
                ("last", last.into()),
                ("months", Argument::Count(months as u64)),
            ];
            context.title(&RETENTION, &found)
        }
        (Some(first), _, _) => context.title_of_case(&RETENTION, "one", &[("first", first.into())]),
        _ => context.title_of_case(&RETENTION, "none", &[]),
    }
}

/// What a customer of each cohort has brought by then.
fn value(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&VALUE)?;
    let column = "cumulative_net_sales_per_customer";
    let values = answer.numbers(column);
    if answer.is_empty() {
        return Ok(None);
    }
    let greatest = values.iter().flatten().fold(0.0_f64, |most, value| most.max(*value));
    let said = [column, "cumulative_gross_margin_per_customer", "cohort_customers"];
    let map = map(context, &answer, &said, "heat-legend-cohort-value", |row| {
        let amount = answer.money(column, row)?;
        Some((words.money_whole(amount), heat_of(values[row]?, greatest)))
    });
    let title = value_title(context, &answer);
    Ok(Some(
        Figure::new(&VALUE, &answer, words, title, Picture::Heat(map)).wide(),
    ))
}

/// The mean over the customers of all cohorts that are old enough. The cohort that has brought most tells little: it may
/// be a few customers, or merely the oldest.
fn value_title(context: Context<'_>, answer: &Answer) -> String {
    let mean = common_age(answer).and_then(|months| Some((months, mean_value(answer, months)?)));
    let Some((months, (value, cohorts))) = mean else {
        return context.title_of_case(&VALUE, "none", &[]);
    };
    let found = [
        ("months", Argument::Count(months as u64)),
        ("value", Argument::Text(context.words.money_whole(value))),
        ("cohorts", Argument::Count(cohorts)),
    ];
    context.title(&VALUE, &found)
}

/// The rows of whole months.
fn whole(answer: &Answer) -> impl Iterator<Item = usize> {
    (0..answer.rows()).filter(|&row| answer.flag("is_complete", row) == Some(true))
}

/// The most whole months since the first purchase that at least half of the cohorts have behind them: what the few
/// oldest did may be unlike all others.
fn common_age(answer: &Answer) -> Option<f64> {
    let (since, cohorts) = (answer.numbers("months_since"), answer.slugs("cohort_month"));
    let ages = whole(answer).filter_map(|row| Some((cohorts[row].clone()?, since[row]?)));
    let mut oldest: BTreeMap<String, f64> = BTreeMap::new();
    for (cohort, age) in ages {
        let most = oldest.entry(cohort).or_insert(age);
        *most = most.max(age);
    }
    let mut oldest: Vec<f64> = oldest.into_values().collect();
    oldest.sort_by(|one, other| other.total_cmp(one));
    oldest.get(oldest.len().saturating_sub(1) / 2).copied()
}

/// What a customer has brought so many whole months after the first purchase, and how many cohorts are that old.
fn mean_value(answer: &Answer, months: f64) -> Option<(i128, u64)> {
    let (since, customers) = (answer.numbers("months_since"), answer.numbers("cohort_customers"));
    let (mut value, mut all, mut cohorts) = (0_i128, 0_i128, 0);
    for row in whole(answer).filter(|&row| since[row] == Some(months)) {
        let of_cohort = customers[row].unwrap_or(0.0) as i128;
        let each = answer.money("cumulative_net_sales_per_customer", row)?;
        value = value.checked_add(each.checked_mul(of_cohort)?)?;
        all += of_cohort;
        cohorts += 1;
    }
    (all > 0).then(|| (value / all, cohorts))
}

/// The share of all customers of whole months who bought so many months after the first purchase; none where no month
/// that long after is over.
fn mean_share(answer: &Answer, months: f64) -> Option<f64> {
    let since = answer.numbers("months_since");
    let (active, all) = (answer.numbers("active_customers"), answer.numbers("cohort_customers"));
    let rows = whole(answer).filter(|&row| since[row] == Some(months));
    let (active, all) = rows.fold((0.0, 0.0), |(some, total), row| {
        (some + active[row].unwrap_or(0.0), total + all[row].unwrap_or(0.0))
    });
    (all > 0.0).then(|| active / all)
}

/// A row a cohort and a column a month; cells by what `cell` says of a row of the answer.
fn map(
    context: Context<'_>,
    answer: &Answer,
    said: &[&'static str],
    legend: &str,
    cell: impl Fn(usize) -> Option<(String, i8)>,
) -> HeatMap {
    let words = context.words;
    let cohorts = answer.texts("cohort_month", words);
    let (since, sizes) = (answer.numbers("months_since"), answer.texts("cohort_customers", words));
    let mut months: Vec<f64> = since.iter().flatten().copied().collect();
    months.sort_by(f64::total_cmp);
    months.dedup();
    let mut rows: Vec<HeatRow> = Vec::new();
    let mut last = None;
    for row in 0..answer.rows() {
        if last != Some(&cohorts[row]) {
            last = Some(&cohorts[row]);
            rows.push(HeatRow {
                label: format!("{} ({})", cohorts[row], sizes[row]),
                cells: vec![HeatCell::default(); months.len()],
            });
        }
        let place = months.iter().position(|&month| since[row] == Some(month));
        let target = rows
            .last_mut()
            .zip(place)
            .and_then(|(row, place)| row.cells.get_mut(place));
        if let (Some(target), Some((text, heat))) = (target, cell(row)) {
            let since = words.count(since[row].unwrap_or(0.0) as i64);
            let heading = format!("{}\n{}: {since}", cohorts[row], words.label("column", "months_since"));
            let open = if answer.flag("is_complete", row) == Some(false) {
                words.say("month-not-over")
            } else {
                String::new()
            };
            let tip = of_row(words, answer, row, &heading, said);
            *target = HeatCell {
                text,
                tip: if open.is_empty() { tip } else { format!("{tip}\n{open}") },
                heat,
            };
        }
    }
    HeatMap {
        row_title: words.label("column", "cohort_month"),
        column_title: words.label("column", "months_since"),
        columns: months.iter().map(|&month| words.count(month as i64)).collect(),
        rows,
        is_diverging: false,
        legend: words.say(legend),
    }
}
