//! How lifetime value is spread over customers.

use crate::answer::{Answer, ColumnSpec, Kind};
use crate::charts::{About, Histogram};
use crate::error::ReportError;
use crate::figure::{Figure, Question};
use crate::section::Context;
use crate::section::headline::tiles;
use crate::section::tips::of_row;
use crate::words::{Argument, Words};

// Means of fractions are taken of decimals: sums of floats would hang on the number of threads.
const SUMMARY: Question = Question {
    id: "clv_summary",
    tables: &["customer_features"],
    sql: "select count(*) as customers,
       sum(clv_horizon) as clv_horizon,
       cast(sum(clv_horizon) as double) / count(*) as clv_mean,
       median(cast(clv_horizon as double)) as clv_median,
       cast(sum(cast(expected_orders_12m as decimal(38, 6))) as double) as expected_orders_12m,
       cast(sum(cast(p_alive as decimal(38, 6))) as double) / count(*) as p_alive
from customer_features
where clv_horizon is not null",
    columns: &[
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("clv_horizon", Kind::Money),
        ColumnSpec::new("clv_mean", Kind::Money),
        ColumnSpec::new("clv_median", Kind::Money),
        ColumnSpec::new("expected_orders_12m", Kind::Number(0)),
        ColumnSpec::new("p_alive", Kind::Share),
    ],
};

const DISTRIBUTION: Question = Question {
    id: "clv_distribution",
    tables: &["customer_features"],
    sql: "select clv_from, count(*) as customers, sum(clv_horizon) as clv_horizon
from (
    select clv_horizon, case
        when clv_horizon >= 500000000 then 500000000 when clv_horizon >= 200000000 then 200000000 when clv_horizon >= 100000000 then 100000000
        when clv_horizon >= 50000000 then 50000000 when clv_horizon >= 20000000 then 20000000 when clv_horizon >= 10000000 then 10000000
        when clv_horizon >= 5000000 then 5000000 when clv_horizon >= 2000000 then 2000000 when clv_horizon >= 1000000 then 1000000
        when clv_horizon >= 500000 then 500000 when clv_horizon >= 200000 then 200000 when clv_horizon >= 100000 then 100000
        when clv_horizon >= 50000 then 50000 when clv_horizon >= 20000 then 20000 when clv_horizon >= 10000 then 10000
        when clv_horizon >= 5000 then 5000 when clv_horizon >= 2000 then 2000 when clv_horizon >= 1000 then 1000
        when clv_horizon >= 500 then 500 when clv_horizon >= 200 then 200 when clv_horizon >= 100 then 100
        when clv_horizon >= 50 then 50 when clv_horizon >= 20 then 20 when clv_horizon >= 10 then 10
        when clv_horizon >= 5 then 5 when clv_horizon >= 2 then 2 when clv_horizon >= 1 then 1
        when clv_horizon >= 0 then 0 else -1 end as clv_from
    from customer_features
    where clv_horizon is not null
) as classed
group by clv_from
order by clv_from",
    columns: &[
        ColumnSpec::new("clv_from", Kind::Count),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("clv_horizon", Kind::Money),
    ],
};

/// The totals and the histogram; nothing where no customer has a lifetime value.
pub(super) fn figures(context: Context<'_>) -> Result<Vec<Figure>, ReportError> {
    let words = context.words;
    let summary = context.ask(&SUMMARY)?;
    if summary.number("customers", 0).unwrap_or(0.0) == 0.0 {
        return Ok(Vec::new());
    }
    let text = |name: &'static str| Argument::Text(crate::section::tips::text(words, &summary, 0, name));
    let found = [
        (
            "value",
            Argument::Text(words.money_whole(summary.money("clv_horizon", 0).unwrap_or(0))),
        ),
        (
            "customers",
            Argument::Count(summary.number("customers", 0).unwrap_or(0.0) as u64),
        ),
        ("mean", text("clv_mean")),
        ("median", text("clv_median")),
        ("months", Argument::Count(context.night.horizon_months)),
    ];
    let title = context.title(&SUMMARY, &found);
    let totals = Figure::new(&SUMMARY, &summary, words, title, tiles(context, &SUMMARY, &summary)).wide();

    let answer = context.ask(&DISTRIBUTION)?;
    let title = context.title(&DISTRIBUTION, &found);
    let mark = |name: &str, label: &str| Some((summary.number(name, 0)?, words.say_with(label, &found)));
    let marks = [mark("clv_median", "clv-median"), mark("clv_mean", "clv-mean")];
    let (edges, counts, tips) = bins(context, &answer);
    let chart = Histogram {
        about: About::titled(&title),
        edges,
        counts,
        tips,
        marks: marks.into_iter().flatten().collect(),
        x_title: words.label("column", "clv_horizon"),
        y_title: words.label("column", "customers"),
        x_format: &|value| edge_name(words, value),
        y_format: &|value| words.compact(value),
    };
    let distribution = Figure::new(&DISTRIBUTION, &answer, words, title, chart.draw().into());
    Ok(vec![totals, distribution])
}

/// The classes from the lowest with a customer to the highest, also those without any.
fn bins(context: Context<'_>, answer: &Answer) -> (Vec<f64>, Vec<f64>, Vec<String>) {
    let words = context.words;
    let from = answer.numbers("clv_from");
    let last = from.last().copied().flatten().unwrap_or(0.0);
    let mut edges = vec![from.first().copied().flatten().unwrap_or(0.0)];
    let (mut counts, mut tips) = (Vec::new(), Vec::new());
    while edges[edges.len() - 1] <= last {
        let low = edges[edges.len() - 1];
        let high = next_edge(low);
        let heading = if low < 0.0 {
            words.say("clv-below-zero")
        } else {
            format!("{} – {}", words.money_compact(low), words.money_compact(high))
        };
        let row = from.iter().position(|&edge| edge == Some(low));
        counts.push(row.and_then(|row| answer.number("customers", row)).unwrap_or(0.0));
        tips.push(match row {
            Some(row) => of_row(words, answer, row, &heading, &["customers", "clv_horizon"]),
            None => format!("{heading}\n{}: 0", words.label("column", "customers")),
        });
        edges.push(high);
    }
    (edges, counts, tips)
}

/// An edge as it is written; the class below zero has no lower one.
fn edge_name(words: &Words, edge: f64) -> String {
    if edge < 0.0 {
        format!("< {}", words.money_compact(0.0))
    } else {
        words.money_compact(edge)
    }
}

/// The limits of classes are 0, 1, 2, 5, 10, 20, 50 and so on; all below 0 is one class, which stands as -1.
fn next_edge(edge: f64) -> f64 {
    if edge < 0.0 {
        return 0.0;
    }
    if edge < 1.0 {
        return 1.0;
    }
    let mut power = 1.0;
    while power * 10.0 <= edge {
        power *= 10.0;
    }
    let next = [2.0, 5.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|&next| next > edge);
    next.unwrap_or(edge * 10.0)
}

#[cfg(test)]
mod tests {
    use super::next_edge;

    #[test]
    fn classes_go_up_in_steps_that_people_count_in() {
        let mut edges = vec![-1.0];
        while edges.len() < 10 {
            edges.push(next_edge(edges[edges.len() - 1]));
        }
        assert_eq!(edges, [-1.0, 0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0]);
        assert_eq!(next_edge(500_000_000.0), 1_000_000_000.0);
    }
}
