//! Which keys are the same customer, and by which rule.

use super::{Context, Section};
use crate::answer::{ColumnSpec, Kind};
use crate::error::ReportError;
use crate::figure::{Figure, Picture, Question};

const RULES: Question = Question {
    id: "identity_rules",
    tables: &["identity_links"],
    sql: "select rule, count(*) as source_keys, min(score) as lowest_score
from identity_links
group by rule
order by source_keys desc, rule",
    columns: &[
        ColumnSpec::new("rule", Kind::Label("identity_rule")),
        ColumnSpec::new("source_keys", Kind::Count),
        ColumnSpec::new("lowest_score", Kind::Number(2)),
    ],
};

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let rules = context.ask(&RULES)?;
    let has_rules = rules.slugs("rule").iter().flatten().any(|rule| rule != "same_key");
    let figures = has_rules.then(|| {
        let title = context.title(&RULES, &[]);
        Figure::new(&RULES, &rules, context.words, title, Picture::Table)
    });
    Ok(context.section("identity", figures.into_iter().collect()))
}
