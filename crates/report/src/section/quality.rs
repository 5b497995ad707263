//! Whether the data is what it usually is, and what was set aside.

use super::drawing::{Shape, over_categories};
use super::{Context, Section};
use crate::answer::{ColumnSpec, Kind};
use crate::error::ReportError;
use crate::figure::{Figure, Picture, Question};
use crate::words::Argument;

const SOURCES: Question = Question {
    id: "sources",
    tables: &["data_quality"],
    sql: "select source,
       sum(case when metric = 'rows' then number end) as row_count,
       sum(case when metric = 'rows' then previous_number end) as previous_row_count,
       max(case when metric = 'last_day' then value end) as last_day,
       sum(case when status <> 'ok' then 1 else 0 end) as finding_count,
       count(*) as figure_count
from data_quality
group by source
order by source",
    columns: &[
        ColumnSpec::new("source", Kind::Text),
        ColumnSpec::new("row_count", Kind::Count),
        ColumnSpec::new("previous_row_count", Kind::Count),
        ColumnSpec::new("last_day", Kind::Text),
        ColumnSpec::new("finding_count", Kind::Count),
        ColumnSpec::new("figure_count", Kind::Count),
    ],
};

const FINDINGS: Question = Question {
    id: "findings",
    tables: &["data_quality"],
    sql: "select source, \"column\" as column_name, metric, item, number, previous_number, status, detail
from data_quality
where status <> 'ok'
order by source, column_name, metric, item
limit 200",
    columns: &[
        ColumnSpec::new("source", Kind::Text),
        ColumnSpec::new("column_name", Kind::Text),
        ColumnSpec::new("metric", Kind::Label("metric")),
        ColumnSpec::new("item", Kind::Text),
        ColumnSpec::new("number", Kind::Number(4)),
        ColumnSpec::new("previous_number", Kind::Number(4)),
        ColumnSpec::new("status", Kind::Label("quality_status")),
        ColumnSpec::new("detail", Kind::Text),
    ],
};

const DEFECTS: Question = Question {
    id: "defects",
    tables: &["quarantine"],
    sql: "select reason, count(*) as quarantined_rows, min(source) as first_source
from quarantine
group by reason
order by quarantined_rows desc, reason",
    columns: &[
        ColumnSpec::new("reason", Kind::Label("defect")),
        ColumnSpec::new("quarantined_rows", Kind::Count),
        ColumnSpec::new("first_source", Kind::Text),
    ],
};

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let words = context.words;
    let mut figures = Vec::new();
    let sources = context.ask(&SOURCES)?;
    let findings: f64 = sources.numbers("finding_count").iter().flatten().sum();
    if !sources.is_empty() {
        let found = [("findings", Argument::Count(findings as u64))];
        let title = match context.night.before {
            None if findings == 0.0 => context.title_of_case(&SOURCES, "first", &found),
            _ => context.title(&SOURCES, &found),
        };
        figures.push(Figure::new(&SOURCES, &sources, words, title, Picture::Table).wide());
    }
    if findings > 0.0 {
        let answer = context.ask(&FINDINGS)?;
        let title = context.title(&FINDINGS, &[("findings", Argument::Count(findings as u64))]);
        figures.push(Figure::new(&FINDINGS, &answer, words, title, Picture::Table).wide());
    }
    let defects = context.ask(&DEFECTS)?;
    if !defects.is_empty() {
        let rows: f64 = defects.numbers("quarantined_rows").iter().flatten().sum();
        let title = context.title(&DEFECTS, &[("rows", Argument::Count(rows as u64))]);
        let chart = over_categories(words, &defects, "reason", &["quarantined_rows"], &title, Shape::Rows);
        figures.push(Figure::new(&DEFECTS, &defects, words, title, chart.into()));
    }
    Ok(context.section("quality", figures))
}
