//! Month by month: sales and profit, and who came, stayed and went.

use super::drawing::{Shape, over_categories};
use super::{Context, Section};
use crate::answer::{Answer, ColumnSpec, Kind};
use crate::error::ReportError;
use crate::figure::{Figure, Question};
use crate::words::{Argument, Words};

const SALES: Question = Question {
    id: "sales_by_month",
    tables: &["profitability_by", "kpis"],
    sql: "select month, net_sales, gross_margin, net_profit
from (
    select value as month, net_sales, gross_margin, net_profit
    from profitability_by
    where dimension = 'month' and value in (select month from kpis where is_complete)
    order by value desc
    limit 36
) as recent
order by month",
    columns: &[
        ColumnSpec::new("month", Kind::Month),
        ColumnSpec::new("net_sales", Kind::Money),
        ColumnSpec::new("gross_margin", Kind::Money),
        ColumnSpec::new("net_profit", Kind::Money),
    ],
};

const CUSTOMERS: Question = Question {
    id: "customers_by_month",
    tables: &["kpis"],
    sql: "select month, active_customers, customers_at_end
from (select * from kpis where is_complete order by month desc limit 36) as recent
order by month",
    columns: &[
        ColumnSpec::new("month", Kind::Month),
        ColumnSpec::new("active_customers", Kind::Count),
        ColumnSpec::new("customers_at_end", Kind::Count),
    ],
};

const MOVEMENT: Question = Question {
    id: "movement_by_month",
    tables: &["kpis"],
    sql: "select month, new_customers, regained_customers, -lost_customers as lost_customers
from (select * from kpis where is_complete order by month desc limit 36) as recent
order by month",
    columns: &[
        ColumnSpec::new("month", Kind::Month),
        ColumnSpec::new("new_customers", Kind::Count),
        ColumnSpec::new("regained_customers", Kind::Count),
        ColumnSpec::new("lost_customers", Kind::Count),
    ],
};

const LOYALTY: Question = Question {
    id: "loyalty_by_month",
    tables: &["kpis"],
    sql: "select month, repeat_rate, retention_rate, retention_rate_12m
from (select * from kpis where is_complete order by month desc limit 36) as recent
order by month",
    columns: &[
        ColumnSpec::new("month", Kind::Month),
        ColumnSpec::new("repeat_rate", Kind::Share),
        ColumnSpec::new("retention_rate", Kind::Share),
        ColumnSpec::new("retention_rate_12m", Kind::Share),
    ],
};

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let questions = [
        (&SALES, Shape::Lines),
        (&CUSTOMERS, Shape::Lines),
        (&MOVEMENT, Shape::StackedBars),
        (&LOYALTY, Shape::Lines),
    ];
    let mut figures = Vec::new();
    for (question, shape) in questions {
        let answer = context.ask(question)?;
        if answer.is_empty() {
            continue;
        }
        let measures: Vec<&str> = question.columns[1..].iter().map(|column| column.name).collect();
        let last = answer.rows() - 1;
        let found = [
            ("finding", Argument::Text(finding(question, &answer, context.words))),
            (
                "month",
                Argument::Text(answer.shown(&question.columns[0], last, context.words)),
            ),
        ];
        let has_no_profit = question.id == SALES.id && answer.numbers("net_profit").iter().all(Option::is_none);
        let title = match has_no_profit {
            true => context.title_of_case(question, "sales", &found),
            false => context.title(question, &found),
        };
        let chart = over_categories(context.words, &answer, "month", &measures, &title, shape);
        figures.push(Figure::new(question, &answer, context.words, title, chart.into()));
    }
    Ok(context.section("months", figures))
}

/// The last value of the first measure, for the title.
fn finding(question: &Question, answer: &Answer, words: &Words) -> String {
    let last = answer.rows() - 1;
    match answer.money(question.columns[1].name, last) {
        Some(amount) => words.money_whole(amount),
        None => answer.shown(&question.columns[1], last, words),
    }
}
