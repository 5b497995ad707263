//! Whom the lists contact, whom they leave out, and why; what campaigns cost and brought.

use super::drawing::{Shape, crossed, over_categories};
use super::{Context, Section};
use crate::answer::{ColumnSpec, Kind};
use crate::error::ReportError;
use crate::figure::{Figure, Picture, Question};
use crate::words::Argument;

const LISTS: Question = Question {
    id: "lists",
    tables: &["target_lists"],
    sql: "select list, channel, candidate_count, contact_count, control_count, global_control_count, excluded_count, cost, expected_value
from target_lists
order by priority, list",
    columns: &[
        ColumnSpec::new("list", Kind::Text),
        ColumnSpec::new("channel", Kind::Label("channel")),
        ColumnSpec::new("candidate_count", Kind::Count),
        ColumnSpec::new("contact_count", Kind::Count),
        ColumnSpec::new("control_count", Kind::Count),
        ColumnSpec::new("global_control_count", Kind::Count),
        ColumnSpec::new("excluded_count", Kind::Count),
        ColumnSpec::new("cost", Kind::Money),
        ColumnSpec::new("expected_value", Kind::Money),
    ],
};

const REASONS: Question = Question {
    id: "list_reasons",
    tables: &["target_reasons"],
    sql: "select list,
       case when decision in ('control', 'global_control') then decision else reason end as reason,
       sum(customer_count) as customer_count
from target_reasons
group by list, case when decision in ('control', 'global_control') then decision else reason end
order by list, reason",
    columns: &[
        ColumnSpec::new("list", Kind::Text),
        ColumnSpec::new("reason", Kind::Label("target_reason")),
        ColumnSpec::new("customer_count", Kind::Count),
    ],
};

const PLAN: Question = Question {
    id: "contact_plan",
    tables: &["contact_plan"],
    sql: "select reason, count(*) as customers
from contact_plan
group by reason
order by customers desc, reason",
    columns: &[
        ColumnSpec::new("reason", Kind::Label("contact_plan_reason")),
        ColumnSpec::new("customers", Kind::Count),
    ],
};

const CAMPAIGNS: Question = Question {
    id: "campaigns",
    tables: &["campaign_results"],
    sql: "select campaign_id, max(campaign_name) as campaign_name, sum(contact_count) as contact_count, sum(response_count) as response_count,
       sum(cost) as cost, sum(customers_won) as customers_won, sum(first_order_sales) as first_order_sales
from campaign_results
where campaign_id is not null
group by campaign_id
order by cost desc nulls last, campaign_id",
    columns: &[
        ColumnSpec::new("campaign_id", Kind::Text),
        ColumnSpec::new("campaign_name", Kind::Text),
        ColumnSpec::new("contact_count", Kind::Count),
        ColumnSpec::new("response_count", Kind::Count),
        ColumnSpec::new("cost", Kind::Money),
        ColumnSpec::new("customers_won", Kind::Count),
        ColumnSpec::new("first_order_sales", Kind::Money),
    ],
};

const PARTS: [&str; 4] = [
    "contact_count",
    "control_count",
    "global_control_count",
    "excluded_count",
];

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let words = context.words;
    let mut figures = Vec::new();
    let lists = context.ask(&LISTS)?;
    if !lists.is_empty() {
        let contacts: f64 = lists.numbers("contact_count").iter().flatten().sum();
        let candidates: f64 = lists.numbers("candidate_count").iter().flatten().sum();
        let found = [
            ("contacts", Argument::Text(words.count(contacts as i64))),
            ("candidates", Argument::Text(words.count(candidates as i64))),
            ("lists", Argument::Count(lists.rows() as u64)),
        ];
        let title = context.title(&LISTS, &found);
        let chart = over_categories(words, &lists, "list", &PARTS, &title, Shape::StackedRows);
        figures.push(Figure::new(&LISTS, &lists, words, title, chart.into()));
        let reasons = context.ask(&REASONS)?;
        let title = context.title(&REASONS, &[]);
        let map = crossed(words, &reasons, ("reason", "list"), "customer_count");
        figures.push(Figure::new(&REASONS, &reasons, words, title, Picture::Heat(map)));
    }
    let plan = context.ask(&PLAN)?;
    if plan.rows() > 1 {
        let title = context.title(&PLAN, &[]);
        let chart = over_categories(words, &plan, "reason", &["customers"], &title, Shape::Rows);
        figures.push(Figure::new(&PLAN, &plan, words, title, chart.into()));
    }
    let campaigns = context.ask(&CAMPAIGNS)?;
    if !campaigns.is_empty() {
        let title = context.title(&CAMPAIGNS, &[]);
        figures.push(Figure::new(&CAMPAIGNS, &campaigns, words, title, Picture::Table).wide());
    }
    Ok(context.section("lists", figures))
}
