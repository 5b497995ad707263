//! Alarms and opportunities: how many customers each has, who is new, and what to do.

use std::io::{self, Write};

use cartera_pipeline::{SignalSummary, SignalsSummary, signal_action_words};

use super::align_right;
use crate::number::{count, counted, model_money};
use crate::render;

pub(super) fn signals(out: &mut dyn Write, summary: &SignalsSummary, currency: &str) -> io::Result<()> {
    let has_rows =
        |signal: &&SignalSummary| signal.customer_count > 0 || signal.gone_count.is_some_and(|gone| gone > 0);
    let mut shown: Vec<&SignalSummary> = summary.signals.iter().filter(has_rows).collect();
    // Alarms, opportunities, what has no rule any more.
    shown.sort_by_key(|signal| (signal.kind.is_none(), signal.kind));
    if shown.is_empty() {
        return writeln!(out, "signals: no rule takes a customer; see [signals]");
    }
    // The same of all: there was a run before that told of signals, or there was none.
    let has_before = shown.iter().any(|signal| signal.new_count.is_some());
    let stake = format!("at stake in {currency}");
    let mut header = vec!["signal", "kind", "customers"];
    header.extend(has_before.then_some(["new", "gone"]).into_iter().flatten());
    header.extend([stake.as_str(), "suggested action"]);
    let mut table = render::people_table();
    table.set_header(header);
    for signal in &shown {
        let mut row = vec![
            signal.signal.clone(),
            signal.kind.unwrap_or("no rule any more").to_owned(),
            count(signal.customer_count),
        ];
        if has_before {
            row.extend([signal.new_count, signal.gone_count].map(|number| count(number.unwrap_or_default())));
        }
        let stake = signal.value_at_stake.map(|money| model_money(&money.to_string()));
        let action = signal_action_words(&signal.action).map_or_else(|| signal.action.replace('_', " "), str::to_owned);
        row.extend([stake.unwrap_or_default(), action]);
        table.add_row(row);
    }
    align_right(&mut table, if has_before { &[2, 3, 4, 5] } else { &[2, 3] });
    writeln!(out, "{table}")?;
    let rows: u64 = shown.iter().map(|signal| signal.customer_count).sum();
    writeln!(
        out,
        "{} in the table signals, each with its evidence: start with the greatest value_at_stake and strength",
        counted(rows, "signal")
    )
}
