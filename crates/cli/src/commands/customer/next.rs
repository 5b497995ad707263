//! What to do: signals, lists and the next contact; and what is not known.

use cartera_report::customer::{CustomerView, ListDecision, NextContact, Signal};

use super::screen::{Screen, joined, money, words};
use crate::number::counted;

/// Signals that a screen has room for.
const SIGNALS: usize = 4;

pub(super) fn add(screen: &mut Screen, view: &CustomerView) {
    screen.heading("What to do");
    let next = view.next_contact.as_ref().map(next_contact);
    screen.field("Next contact", &next.unwrap_or_default(), 2);
    screen.list("Signals", view.signals.iter().take(SIGNALS).map(signal));
    screen.field("In lists", &lists(view, |decision| decision == "contact"), 2);
    let is_out = |decision: &str| decision != "contact" && decision != "no_candidate";
    screen.field("Not in", &lists(view, is_out), 3);
    let others = view.lists.iter().filter(|list| list.decision == "no_candidate").count();
    if others > 0 {
        let text = format!(
            "{} whose condition the customer does not meet",
            counted(others as u64, "list")
        );
        screen.field("", &text, 1);
    }
    let unknown = view.unknown.iter();
    let unknown = joined(unknown.map(|unknown| Some(format!("{}: {}", unknown.what, unknown.source))));
    screen.field("Not known", &unknown, 4);
}

fn next_contact(next: &NextContact) -> String {
    let last = next.last_contact_on.map(|day| format!("last one {day}"));
    let Some(action) = &next.action else {
        return joined([Some(format!("none: {}", words(&next.reason))), last]);
    };
    let of = next.source.as_ref().map(|source| format!(" ({source})"));
    joined([
        Some(format!("{}{}", words(action), of.unwrap_or_default())),
        next.channel.as_ref().map(|channel| match &next.purpose {
            Some(purpose) => format!("by {channel} for {purpose}"),
            None => format!("by {channel}"),
        }),
        next.earliest_on.map(|day| format!("from {day} on")),
        next.value.map(|value| format!("worth {}", money(value))),
        last,
    ])
}

fn signal(signal: &Signal) -> String {
    let mark = if signal.kind == "alarm" { "!" } else { "+" };
    let since = signal.since.map_or_else(String::new, |day| format!(" since {day}"));
    joined([
        Some(format!("{mark} {}{since}", words(&signal.signal))),
        Some(format!("do: {}", words(&signal.suggested_action))),
        signal
            .value_at_stake
            .map(|amount| format!("{} at stake", money(amount))),
        Some(signal.evidence.clone()),
    ])
}

fn lists(view: &CustomerView, is_told: impl Fn(&str) -> bool) -> String {
    let told = view.lists.iter().filter(|list| is_told(&list.decision));
    joined(told.map(|list| Some(decision(list))))
}

fn decision(list: &ListDecision) -> String {
    match list.decision.as_str() {
        "contact" => {
            let rank = list.rank.map(|rank| format!("rank {rank}"));
            let since = list.listed_since.map(|day| format!("since {day}"));
            let facts: Vec<String> = [rank, since].into_iter().flatten().collect();
            format!("{} ({})", list.list, facts.join(", "))
        }
        "excluded" => {
            let reason = words(list.reason.as_deref().unwrap_or("excluded"));
            let detail = list
                .detail
                .as_ref()
                .map_or_else(String::new, |detail| format!(" {detail}"));
            format!("{} ({reason}{detail})", list.list)
        }
        control => format!("{} (held out: {})", list.list, words(control)),
    }
}
