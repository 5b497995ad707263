//! Whom a person should look at: alarms and opportunities, what is at stake, and since when.

use super::drawing::{Shape, over_categories};
use super::tips::of_row;
use super::{Context, Section};
use crate::answer::{Answer, ColumnSpec, Kind};
use crate::charts::{About, Arrangement, BarChart, BarSeries, Format, Svg};
use crate::error::ReportError;
use crate::figure::{Figure, Question};
use crate::words::Argument;

const COUNTS: Question = Question {
    id: "signals",
    tables: &["signals"],
    sql: "select signal, kind, count(*) as customers, sum(value_at_stake) as value_at_stake,
       cast(sum(cast(strength as decimal(38, 6))) as double) / count(*) as strength,
       min(since) as first_since, max(since) as last_since, min(suggested_action) as suggested_action
from signals
group by signal, kind
order by kind, customers desc, signal",
    columns: &[
        ColumnSpec::new("signal", Kind::Label("signal")),
        ColumnSpec::new("kind", Kind::Label("kind")),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("value_at_stake", Kind::Money),
        ColumnSpec::new("strength", Kind::Number(0)),
        ColumnSpec::new("first_since", Kind::Day),
        ColumnSpec::new("last_since", Kind::Day),
        ColumnSpec::new("suggested_action", Kind::Label("suggested_action")),
    ],
};

const VALUES: Question = Question {
    id: "signal_values",
    tables: &["signals"],
    sql: "select signal, kind, sum(value_at_stake) as value_at_stake, count(value_at_stake) as customers
from signals
where value_at_stake is not null
group by signal, kind
order by kind, value_at_stake desc, signal",
    columns: &[
        ColumnSpec::new("signal", Kind::Label("signal")),
        ColumnSpec::new("kind", Kind::Label("kind")),
        ColumnSpec::new("value_at_stake", Kind::Money),
        ColumnSpec::new("customers", Kind::Count),
    ],
};

const SINCE: Question = Question {
    id: "signals_since",
    tables: &["signals"],
    sql: "select month, alarms, opportunities
from (
    select strftime(since, '%Y-%m') as month, count(case when kind = 'alarm' then 1 end) as alarms,
           count(case when kind = 'opportunity' then 1 end) as opportunities
    from signals
    group by month
    order by month desc
    limit 24
) as recent
order by month",
    columns: &[
        ColumnSpec::new("month", Kind::Month),
        ColumnSpec::new("alarms", Kind::Count),
        ColumnSpec::new("opportunities", Kind::Count),
    ],
};

const KINDS: [(&str, &str); 2] = [("alarm", "alarms"), ("opportunity", "opportunities")];

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let words = context.words;
    let counts = context.ask(&COUNTS)?;
    if counts.is_empty() {
        return Ok(context.section("signals", Vec::new()));
    }
    let total = |kind: &str| -> f64 {
        of_kind(&counts, kind, "customers")
            .into_iter()
            .filter(|count| count.is_finite())
            .sum()
    };
    let found = [
        ("alarms", Argument::Count(total("alarm") as u64)),
        ("opportunities", Argument::Count(total("opportunity") as u64)),
    ];
    let title = context.title(&COUNTS, &found);
    let said = ["customers", "value_at_stake", "strength", "first_since"];
    let chart = by_signal(context, &counts, "customers", &said, &title, &|count| {
        words.compact(count)
    });
    let mut figures = vec![Figure::new(&COUNTS, &counts, words, title, chart.into())];
    figures.extend(values(context)?);

    let since = context.ask(&SINCE)?;
    if since.rows() > 1 {
        let title = context.title(&SINCE, &[]);
        let chart = over_categories(
            words,
            &since,
            "month",
            &["opportunities", "alarms"],
            &title,
            Shape::StackedBars,
        );
        figures.push(Figure::new(&SINCE, &since, words, title, chart.into()));
    }
    Ok(context.section("signals", figures))
}

/// What is at stake by signal; none where no rule declares a value.
fn values(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&VALUES)?;
    let values = answer.numbers("value_at_stake");
    let best = (0..answer.rows()).max_by(|&one, &other| {
        let value = |row: usize| values[row].unwrap_or(f64::MIN);
        value(one).total_cmp(&value(other))
    });
    let Some(best) = best else {
        return Ok(None);
    };
    let found = [
        ("signal", Argument::Text(answer.texts("signal", words)[best].clone())),
        (
            "value",
            Argument::Text(words.money_whole(answer.money("value_at_stake", best).unwrap_or(0))),
        ),
        (
            "customers",
            Argument::Count(answer.number("customers", best).unwrap_or(0.0) as u64),
        ),
    ];
    let title = context.title(&VALUES, &found);
    let format = |amount: f64| words.money_compact(amount);
    let chart = by_signal(
        context,
        &answer,
        "value_at_stake",
        &["value_at_stake", "customers"],
        &title,
        &format,
    );
    Ok(Some(Figure::new(&VALUES, &answer, words, title, chart.into())))
}

/// Lying bars, a row a signal, alarms in one colour and opportunities in the other.
fn by_signal(
    context: Context<'_>,
    answer: &Answer,
    measure: &str,
    said: &[&'static str],
    title: &str,
    format: Format<'_>,
) -> Svg {
    let words = context.words;
    let names = answer.texts("signal", words);
    let kinds = answer.texts("kind", words);
    let tips: Vec<String> = (0..answer.rows())
        .map(|row| of_row(words, answer, row, &format!("{} ({})", names[row], kinds[row]), said))
        .collect();
    let series = KINDS.into_iter().enumerate().map(|(place, (kind, label))| BarSeries {
        name: words.label("column", label),
        values: of_kind(answer, kind, measure),
        tips: tips.clone(),
        colour: Some(1 - place),
    });
    BarChart {
        about: About::titled(title),
        series: series
            .filter(|series| series.values.iter().any(|value| value.is_finite()))
            .collect(),
        categories: names.clone(),
        arrangement: Arrangement::Stacked,
        horizontal: true,
        y_title: String::new(),
        y_format: format,
    }
    .draw()
}

/// The numbers of signals of that kind; no number for the others, which have no bar then.
fn of_kind(answer: &Answer, kind: &str, measure: &str) -> Vec<f64> {
    let kinds = answer.slugs("kind");
    let numbers = answer.numbers(measure).into_iter().zip(kinds);
    let of_kind = numbers.map(|(number, found)| number.filter(|_| found.as_deref() == Some(kind)).unwrap_or(f64::NAN));
    of_kind.collect()
}
