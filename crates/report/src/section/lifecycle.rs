//! Where customers stand in their life with the company, and who went where since the run before.

use cartera_table::contracts::STAGES;

use super::flow::{Ends, flow};
use super::tips::of_row;
use super::{Context, Section};
use crate::answer::{ColumnSpec, Kind};
use crate::charts::{About, Arrangement, BarChart, BarSeries};
use crate::error::ReportError;
use crate::figure::{Figure, Question};
use crate::words::Argument;

const STAGE_SIZES: Question = Question {
    id: "lifecycle_stages",
    tables: &["lifecycle_transitions"],
    sql: "select lifecycle_stage, sum(customers) as customers, sum(previous_customers) as previous_customers, sum(net_sales) as net_sales
from (
    select to_stage as lifecycle_stage, customers, 0 as previous_customers, net_sales
    from lifecycle_transitions
    union all
    select from_stage as lifecycle_stage, 0 as customers, customers as previous_customers, cast(0 as decimal(38, 4)) as net_sales
    from lifecycle_transitions
) as both_runs
where lifecycle_stage is not null
group by lifecycle_stage
order by case lifecycle_stage when 'prospect' then 1 when 'new' then 2 when 'developing' then 3 when 'loyal' then 4
    when 'at_risk' then 5 when 'lapsed' then 6 when 'lost' then 7 else 8 end",
    columns: &[
        ColumnSpec::new("lifecycle_stage", Kind::Label("lifecycle_stage")),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("previous_customers", Kind::Count),
        ColumnSpec::new("net_sales", Kind::Money),
    ],
};

const FLOW: Question = Question {
    id: "lifecycle_flow",
    tables: &["lifecycle_transitions"],
    sql: "select from_stage, to_stage, customers, net_sales
from lifecycle_transitions
order by from_stage nulls last, to_stage nulls last",
    columns: &[
        ColumnSpec::new("from_stage", Kind::Label("lifecycle_stage")),
        ColumnSpec::new("to_stage", Kind::Label("lifecycle_stage")),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("net_sales", Kind::Money),
    ],
};

/// Stages of customers who go away.
const GOING: [&str; 3] = ["at_risk", "lapsed", "lost"];

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let mut figures = Vec::new();
    figures.extend(stages(context)?);
    figures.extend(transitions(context)?);
    Ok(context.section("lifecycle", figures))
}

/// How many customers are in each stage, beside the run before.
fn stages(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&STAGE_SIZES)?;
    let customers = answer.numbers("customers");
    let all: f64 = customers.iter().flatten().sum();
    if all == 0.0 {
        return Ok(None);
    }
    let slugs = answer.slugs("lifecycle_stage");
    let of = |stages: &[&str]| -> f64 {
        let is_it = |row: &usize| slugs[*row].as_deref().is_some_and(|slug| stages.contains(&slug));
        (0..answer.rows()).filter(is_it).filter_map(|row| customers[row]).sum()
    };
    let found = [
        ("loyal", Argument::Count(of(&["loyal"]) as u64)),
        ("at_risk", Argument::Count(of(&["at_risk"]) as u64)),
        ("gone", Argument::Count(of(&["lapsed", "lost"]) as u64)),
        ("customers", Argument::Text(words.count(all as i64))),
    ];
    let title = context.title(&STAGE_SIZES, &found);
    let names = answer.texts("lifecycle_stage", words);
    let has_before = answer
        .numbers("previous_customers")
        .iter()
        .flatten()
        .any(|&count| count > 0.0);
    let measures: &[&str] = if has_before {
        &["customers", "previous_customers"]
    } else {
        &["customers"]
    };
    let series = measures.iter().map(|measure| BarSeries {
        name: words.label("column", measure),
        values: answer
            .numbers(measure)
            .into_iter()
            .map(|count| count.unwrap_or(0.0))
            .collect(),
        tips: (0..answer.rows())
            .map(|row| {
                of_row(
                    words,
                    &answer,
                    row,
                    &names[row],
                    &["customers", "previous_customers", "net_sales"],
                )
            })
            .collect(),
        colour: None,
    });
    let chart = BarChart {
        about: About::titled(&title),
        series: series.collect(),
        categories: names.clone(),
        arrangement: Arrangement::Grouped,
        horizontal: true,
        y_title: String::new(),
        y_format: &|count| words.compact(count),
    };
    Ok(Some(
        Figure::new(&STAGE_SIZES, &answer, words, title, chart.draw().into()).wide(),
    ))
}

/// Who went from which stage to which; none where there is no earlier run.
fn transitions(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&FLOW)?;
    let (from, to) = (answer.slugs("from_stage"), answer.slugs("to_stage"));
    if from.iter().all(Option::is_none) {
        return Ok(None);
    }
    let customers = answer.numbers("customers");
    let is_going = |stage: &Option<String>| stage.as_deref().is_some_and(|stage| GOING.contains(&stage));
    let place = |stage: &Option<String>| GOING.iter().position(|going| stage.as_deref() == Some(going));
    let (mut moved, mut worse, mut back) = (0.0, 0.0, 0.0);
    for row in 0..answer.rows() {
        let count = customers[row].unwrap_or(0.0);
        if from[row].is_none() || to[row].is_none() || from[row] == to[row] {
            continue;
        }
        moved += count;
        if place(&to[row]) > place(&from[row]) {
            worse += count;
        } else if is_going(&from[row]) && !is_going(&to[row]) {
            back += count;
        }
    }
    let found = [
        ("moved", Argument::Count(moved as u64)),
        ("worse", Argument::Count(worse as u64)),
        ("back", Argument::Count(back as u64)),
    ];
    let title = context.title(&FLOW, &found);
    let ends = Ends {
        from: "from_stage",
        to: "to_stage",
        order: STAGES,
    };
    let chart = flow(context, &answer, ends, &title);
    Ok(Some(Figure::new(&FLOW, &answer, words, title, chart.into()).wide()))
}
