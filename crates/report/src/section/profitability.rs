//! From sales to profit, and who and what earns it.

use super::drawing::{Shape, over_categories};
use super::{Context, Section};
use crate::answer::{Answer, ColumnSpec, Kind};
use crate::charts::{About, Waterfall, WaterfallStep};
use crate::error::ReportError;
use crate::figure::{Figure, Question};
use crate::words::{Argument, Words};

const INCOME: Question = Question {
    id: "income_statement",
    tables: &["income_statement"],
    sql: "select item, amount
from income_statement
where party = 'company'
order by position",
    columns: &[
        ColumnSpec::new("item", Kind::Label("column")),
        ColumnSpec::new("amount", Kind::Money),
    ],
};

/// The steps of the statement that add up, with the sign of each; `None` is a sum of all before.
const STEPS: [(&str, Option<f64>); 10] = [
    ("gross_sales", Some(1.0)),
    ("returned_amount", Some(-1.0)),
    ("other_sales", Some(1.0)),
    ("net_sales", None),
    ("sales_without_cost", Some(-1.0)),
    ("cost_of_goods", Some(-1.0)),
    ("gross_margin", None),
    ("cost_to_serve", Some(-1.0)),
    ("acquisition_cost", Some(-1.0)),
    ("net_profit", None),
];

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::new("value", Kind::Name),
    ColumnSpec::new("net_sales", Kind::Money),
    ColumnSpec::new("gross_margin", Kind::Money),
    ColumnSpec::new("net_profit", Kind::Money),
    ColumnSpec::new("gross_margin_rate", Kind::Share),
    ColumnSpec::new("profit_share", Kind::Share),
];

/// The question for the profit by a dimension: the twenty that earn most.
macro_rules! by_dimension {
    ($dimension:literal) => {
        Question {
            id: concat!("profit_by_", $dimension),
            tables: &["profitability_by"],
            sql: concat!(
                "select value, net_sales, gross_margin, net_profit, gross_margin_rate, profit_share
from (
    select *
    from profitability_by
    where dimension = '",
                $dimension,
                "' and net_profit is not null
    order by net_profit desc, value
    limit 20
) as best
order by net_profit desc, value"
            ),
            columns: COLUMNS,
        }
    };
}

const PRODUCTS: Question = Question {
    id: "profit_by_product",
    tables: &["profitability_by"],
    sql: "select value, net_sales, gross_margin, net_profit, gross_margin_rate, profit_share
from (
    select * from (
        select * from profitability_by
        where dimension = 'product' and value is not null and net_profit is not null
        order by net_profit desc, value
        limit 10
    ) as best
    union
    select * from (
        select * from profitability_by
        where dimension = 'product' and value is not null and net_profit is not null
        order by net_profit, value
        limit 10
    ) as worst
) as both_ends
order by net_profit desc, value",
    columns: COLUMNS,
};

const DIMENSIONS: [Question; 4] = [
    by_dimension!("category"),
    by_dimension!("channel"),
    by_dimension!("region"),
    by_dimension!("sales_rep"),
];

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let mut figures: Vec<Figure> = income(context)?.into_iter().collect();
    for question in std::iter::once(&PRODUCTS).chain(&DIMENSIONS) {
        let answer = context.ask(question)?;
        if answer.is_empty() {
            continue;
        }
        let last = answer.rows() - 1;
        let found = [
            ("best", Argument::Text(answer.shown(&COLUMNS[0], 0, context.words))),
            ("best_profit", Argument::Text(whole(&answer, 0, context.words))),
            ("worst", Argument::Text(answer.shown(&COLUMNS[0], last, context.words))),
            ("worst_profit", Argument::Text(whole(&answer, last, context.words))),
        ];
        let title = match last {
            0 => context.title_of_case(question, "one", &found),
            _ => context.title(question, &found),
        };
        let chart = over_categories(context.words, &answer, "value", &["net_profit"], &title, Shape::Rows);
        figures.push(Figure::new(question, &answer, context.words, title, chart.into()));
    }
    Ok(context.section("profitability", figures))
}

fn whole(answer: &Answer, row: usize, words: &Words) -> String {
    words.money_whole(answer.money("net_profit", row).unwrap_or(0))
}

fn income(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&INCOME)?;
    let items = answer.slugs("item");
    let amounts = answer.numbers("amount");
    let shown = answer.texts("amount", words);
    let row_of = |name: &str| items.iter().position(|item| item.as_deref() == Some(name));
    let Some(profit) = row_of("net_profit").filter(|&row| amounts[row].is_some()) else {
        return Ok(None);
    };
    let steps = STEPS.iter().filter_map(|&(name, sign)| {
        let row = row_of(name)?;
        let value = amounts[row]? * sign.unwrap_or(1.0);
        (sign.is_none() || value != 0.0).then(|| {
            let label = words.label("column", name);
            WaterfallStep {
                tip: format!("{label}: {}", shown[row]),
                label,
                value,
                is_total: sign.is_none(),
            }
        })
    });
    let found = [
        (
            "sales",
            Argument::Text(row_of("net_sales").map(|row| shown[row].clone()).unwrap_or_default()),
        ),
        ("profit", Argument::Text(shown[profit].clone())),
        (
            "loss",
            Argument::Text(words.money(-answer.money("amount", profit).unwrap_or(0))),
        ),
    ];
    let title = match amounts[profit] {
        Some(profit) if profit < 0.0 => context.title_of_case(&INCOME, "loss", &found),
        _ => context.title(&INCOME, &found),
    };
    let format = |amount: f64| words.money_compact(amount);
    let chart = Waterfall {
        about: About::titled(&title),
        steps: steps.collect(),
        format: &format,
    };
    Ok(Some(
        Figure::new(&INCOME, &answer, words, title, chart.draw().into()).wide(),
    ))
}
