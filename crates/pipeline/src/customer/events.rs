//! The events of a customer by kind.

use cartera_activation::closes;
use cartera_report::customer::Event;
use polars::prelude::DataFrame;

use super::cells::{Cells, rows};

/// The events of a kind, newest first.
pub(super) fn of_kind(events: &DataFrame, kind: &str) -> Vec<Event> {
    rows(events)
        .filter(|row| row.text("kind").as_deref() == Some(kind))
        .map(event)
        .collect()
}

/// The last word of each channel and purpose: the first that stands there, and no grant that a later withdrawal closed
/// by another word, such as one of every channel.
pub(super) fn last_words(consents: Vec<Event>) -> Vec<Event> {
    let mut last: Vec<Event> = Vec::new();
    let mut withdrawn: Vec<(String, String)> = Vec::new();
    for consent in consents {
        let way = (consent.channel.clone(), consent.purpose.clone());
        let way = (way.0.unwrap_or_default(), way.1.unwrap_or_default());
        let is_same = |word: &Event| word.channel == consent.channel && word.purpose == consent.purpose;
        let is_closed = consent.event == "granted" && withdrawn.iter().any(|closed| closes(closed, &way));
        if consent.event == "withdrawn" {
            withdrawn.push(way);
        }
        if !is_closed && !last.iter().any(is_same) {
            last.push(consent);
        }
    }
    last.sort_by(|one, other| (&one.channel, &one.purpose).cmp(&(&other.channel, &other.purpose)));
    last
}

fn event(row: Cells<'_>) -> Event {
    Event {
        event: row.text("event").unwrap_or_default(),
        occurred_on: row.day("occurred_on"),
        occurred_hour: row.whole("occurred_hour"),
        reference: row.text("reference"),
        channel: row.text("channel"),
        purpose: row.text("purpose"),
        direction: row.text("direction"),
        subject: row.text("subject"),
        status: row.text("status"),
        severity: row.text("severity"),
        score: row.quantity("score"),
        amount: row.money("amount"),
        returned_amount: row.money("returned_amount"),
        line_count: row.whole("line_count"),
        source: row.text("source").unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(event: &str, channel: &str, day: &str) -> Event {
        Event {
            event: event.to_owned(),
            occurred_on: Some(day.parse().expect("a day")),
            channel: Some(channel.to_owned()),
            purpose: Some("marketing".to_owned()),
            ..Event::default()
        }
    }

    #[test]
    fn a_grant_that_a_later_withdrawal_covers_is_not_told() {
        let words = last_words(vec![
            word("granted", "sms", "2024-04-01"),
            word("withdrawn", "all", "2024-03-01"),
            word("granted", "email", "2024-02-01"),
        ]);
        let told: Vec<_> = words
            .iter()
            .map(|word| word.channel.as_deref().unwrap_or_default())
            .collect();
        assert_eq!(told, ["all", "sms"]);
        let narrow = last_words(vec![
            word("withdrawn", "sms", "2024-03-01"),
            word("granted", "email", "2024-02-01"),
        ]);
        assert_eq!(narrow.len(), 2, "another channel stays open");
    }
}
