//! Who moved from which cluster to which since the run before.

use crate::answer::{Answer, ColumnSpec, Kind};
use crate::error::ReportError;
use crate::figure::{Figure, Question};
use crate::section::Context;
use crate::section::flow::{Ends, flow};
use crate::words::Argument;

const MOVES: Question = Question {
    id: "cluster_moves",
    tables: &["segment_migrations", "segment_moves"],
    sql: "select from_segment, to_segment, sum(customers) as customers, sum(moved_customers) as moved_customers,
       sum(net_sales) as net_sales, max(redefined) > 0 as is_redefined
from (
    select from_segment, to_segment, customers, 0 as moved_customers, net_sales,
           case when is_redefined then 1 else 0 end as redefined
    from segment_migrations
    where segmentation = 'cluster'
    union all
    select from_segment, to_segment, 0 as customers, 1 as moved_customers, cast(0 as decimal(38, 4)) as net_sales,
           0 as redefined
    from segment_moves
    where segmentation = 'cluster'
) as both_tables
group by from_segment, to_segment
order by from_segment nulls last, to_segment nulls last",
    columns: &[
        ColumnSpec::new("from_segment", Kind::Label("cluster")),
        ColumnSpec::new("to_segment", Kind::Label("cluster")),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("moved_customers", Kind::Count),
        ColumnSpec::new("net_sales", Kind::Money),
        ColumnSpec::new("is_redefined", Kind::Flag),
    ],
};

/// The flow; none where no earlier run knew clusters.
pub(super) fn figure(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&MOVES)?;
    let from = answer.slugs("from_segment");
    if from.iter().all(Option::is_none) {
        return Ok(None);
    }
    let title = title(context, &answer);
    let ends = Ends {
        from: "from_segment",
        to: "to_segment",
        order: &[],
    };
    let chart = flow(context, &answer, ends, &title);
    Ok(Some(Figure::new(&MOVES, &answer, words, title, chart.into()).wide()))
}

/// How many moved. Nobody is told to have where the pipeline defined the clusters otherwise before, nor where nobody was
/// in a cluster both times.
fn title(context: Context<'_>, answer: &Answer) -> String {
    let words = context.words;
    let (moved, known) = moved(answer);
    let is_redefined = (0..answer.rows()).any(|row| answer.flag("is_redefined", row) == Some(true));
    if is_redefined || known == 0.0 {
        return context.title_of_case(&MOVES, if is_redefined { "redefined" } else { "none" }, &[]);
    }
    let found = [
        ("moved", Argument::Count(moved as u64)),
        ("customers", Argument::Text(words.count(known as i64))),
        ("share", Argument::Text(words.percent(moved / known, 1))),
    ];
    context.title(&MOVES, &found)
}

/// Customers who are in another cluster now, of those who were in one both times. Names do not tell: each run calls the
/// clusters its own.
fn moved(answer: &Answer) -> (f64, f64) {
    let (from, to) = (answer.slugs("from_segment"), answer.slugs("to_segment"));
    let of_known = |column: &str| -> f64 {
        let numbers = answer.numbers(column);
        let known = (0..answer.rows()).filter(|&row| from[row].is_some() && to[row].is_some());
        known.filter_map(|row| numbers[row]).sum()
    };
    (of_known("moved_customers"), of_known("customers"))
}
