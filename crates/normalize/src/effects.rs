//! What policies did to lines, as far as parts of orders tell.

use cartera_table::frame::{decimal, int32, int64};
use cartera_table::{Aggregate, Aggregation, Count, Currency, Effect, Money};
use polars::prelude::DataFrame;

use crate::costs::CostValidParams;
use crate::error::NormalizeError;

/// The pass over parts whose columns are complete and flagged.
const EFFECTS: Aggregation = Aggregation {
    keys: &["source_index", "currency"],
    aggregates: &[
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("amount", "amount"),
        Aggregate::sum("negated_line_count", "negated_line_count"),
        Aggregate::sum("negated_amount", "negated_amount"),
        Aggregate::sum("lines_without_cost", "lines_without_cost").filtered("in_margin"),
        Aggregate::sum("amount_without_cost", "amount_without_cost").filtered("in_margin"),
    ],
};

/// The effects on the lines of some parts, by source. `costs` is none where no source knows any.
pub(crate) fn effects_of(
    parts: &[DataFrame],
    costs: Option<&CostValidParams>,
    pipeline: Currency,
) -> Result<Vec<(Effect, Count)>, NormalizeError> {
    let found = EFFECTS.run(parts)?;
    let without_cost = costs.map(|costs| if costs.estimates() { "estimated" } else { "unknown" });
    let mut effects = Vec::new();
    for row in 0..found.height() {
        let source_index = place(int32(&found, "source_index")?.get(row));
        let mut add = |policy, effect, rows: &str, amount: &str| -> Result<(), NormalizeError> {
            let effect = Effect {
                policy,
                effect,
                source_index,
            };
            let count = Count {
                rows: whole(int64(&found, rows)?.get(row)),
                amount: Money(decimal(&found, amount)?.get(row).unwrap_or_default()),
                ..Count::default()
            };
            if count.rows > 0 {
                effects.push((effect, count));
            }
            Ok(())
        };
        if int32(&found, "currency")?.get(row) != Some(pipeline.code()) {
            add("currency", "converted", "line_count", "amount")?;
        }
        add("positive_returns", "negated", "negated_line_count", "negated_amount")?;
        if let Some(effect) = without_cost {
            add("costs", effect, "lines_without_cost", "amount_without_cost")?;
        }
    }
    Ok(effects)
}

/// The place of a source, as columns hold it.
pub(crate) fn place(source_index: Option<i32>) -> usize {
    source_index
        .and_then(|index| usize::try_from(index).ok())
        .unwrap_or_default()
}

/// A count, as columns hold it.
pub(crate) fn whole(count: Option<i64>) -> u64 {
    count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default()
}
