//! Where every row and every cent went.

use super::drawing::{Shape, over_categories};
use super::{Context, Section};
use crate::answer::{ColumnSpec, Kind};
use crate::error::ReportError;
use crate::figure::{Figure, Picture, Question};
use crate::words::Argument;

const ROWS: Question = Question {
    id: "ledger_rows",
    tables: &["ledger"],
    sql: "select source,
       sum(\"rows\") as rows_in,
       sum(case when disposition = 'kept' and coalesce(reason, '') <> 'no_customer_key' then \"rows\" else 0 end) as rows_kept,
       sum(case when disposition = 'kept' and reason = 'no_customer_key' then \"rows\" else 0 end) as rows_of_guests,
       sum(case when disposition = 'merged' then \"rows\" else 0 end) as rows_merged,
       sum(case when disposition = 'out_of_scope' then \"rows\" else 0 end) as rows_out_of_scope,
       sum(case when disposition = 'quarantined' then \"rows\" else 0 end) as rows_quarantined
from ledger
group by source
order by rows_in desc, source",
    columns: &[
        ColumnSpec::new("source", Kind::Text),
        ColumnSpec::new("rows_in", Kind::Count),
        ColumnSpec::new("rows_kept", Kind::Count),
        ColumnSpec::new("rows_of_guests", Kind::Count),
        ColumnSpec::new("rows_merged", Kind::Count),
        ColumnSpec::new("rows_out_of_scope", Kind::Count),
        ColumnSpec::new("rows_quarantined", Kind::Count),
    ],
};

const REASONS: Question = Question {
    id: "ledger_reasons",
    tables: &["ledger"],
    sql: "select disposition, reason, source, sum(\"rows\") as row_count
from ledger
where reason is not null
group by disposition, reason, source
order by disposition, row_count desc, reason, source",
    columns: &[
        ColumnSpec::new("disposition", Kind::Label("disposition")),
        ColumnSpec::new("reason", Kind::Label("defect")),
        ColumnSpec::new("source", Kind::Text),
        ColumnSpec::new("row_count", Kind::Count),
    ],
};

const MONEY: Question = Question {
    id: "ledger_money",
    tables: &["ledger"],
    sql: "select currency, party, line_kind, disposition, reason, sum(\"rows\") as row_count, sum(amount) as amount, sum(converted_amount) as converted_amount
from ledger
where source in (select source from ledger where step = 'feature')
group by currency, party, line_kind, disposition, reason
order by currency, party, line_kind, disposition, reason",
    columns: &[
        ColumnSpec::new("currency", Kind::Text),
        ColumnSpec::new("party", Kind::Label("party")),
        ColumnSpec::new("line_kind", Kind::Label("line_kind")),
        ColumnSpec::new("disposition", Kind::Label("disposition")),
        ColumnSpec::new("reason", Kind::LabelOrNone("defect")),
        ColumnSpec::new("row_count", Kind::Count),
        ColumnSpec::new("amount", Kind::Number(2)),
        ColumnSpec::new("converted_amount", Kind::Money),
    ],
};

const PARTS: [&str; 5] = [
    "rows_kept",
    "rows_of_guests",
    "rows_merged",
    "rows_out_of_scope",
    "rows_quarantined",
];

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let words = context.words;
    let rows = context.ask(&ROWS)?;
    let sum = |names: &[&str]| {
        let sum: f64 = names.iter().flat_map(|name| rows.numbers(name)).flatten().sum();
        Argument::Count(sum as u64)
    };
    let found = [
        ("read", sum(&["rows_in"])),
        ("kept", sum(&["rows_kept", "rows_of_guests"])),
        ("left_out", sum(&["rows_merged", "rows_out_of_scope"])),
        ("quarantined", sum(&["rows_quarantined"])),
    ];
    let title = context.title(&ROWS, &found);
    let chart = over_categories(words, &rows, "source", &PARTS, &title, Shape::StackedRows);
    let mut figures = vec![Figure::new(&ROWS, &rows, words, title, chart.into()).wide()];
    for question in [&REASONS, &MONEY] {
        let answer = context.ask(question)?;
        if !answer.is_empty() {
            let title = context.title(question, &[]);
            figures.push(Figure::new(question, &answer, words, title, Picture::Table).wide());
        }
    }
    Ok(context.section("ledger", figures))
}
