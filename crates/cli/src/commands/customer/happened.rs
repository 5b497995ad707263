//! What happened: the rhythm of orders, the last of them, cases, contacts, and what the customer allows.

use cartera_report::customer::{CustomerView, Event, MonthOfOrders};

use super::screen::{Screen, joined, money, plain, words};
use crate::number;

/// Rows of each that a screen has room for; JSON and the page have all that are kept.
const ORDERS: usize = 5;
const CASES: usize = 3;
const CONTACTS: usize = 4;

pub(super) fn add(screen: &mut Screen, view: &CustomerView) {
    screen.heading("What happened");
    screen.field("Rhythm", &rhythm(view), 2);
    screen.field("Timeline", &timeline(&view.rhythm.months), 1);
    screen.list("Orders", view.orders.iter().take(ORDERS).map(order));
    screen.field("Cases", &cases(view), 1);
    screen.list("", view.cases.iter().take(CASES).map(case));
    screen.field("Contacts", &contacts(view), 1);
    screen.list("", view.contacts.iter().take(CONTACTS).map(contact));
    screen.field(
        "Consents",
        &joined(view.consents.iter().map(|word| Some(consent(word)))),
        2,
    );
    screen.field(
        "Closed",
        &joined(view.suppressions.iter().map(|event| Some(suppression(event)))),
        2,
    );
}

fn rhythm(view: &CustomerView) -> String {
    let rhythm = &view.rhythm;
    let every = rhythm.order_gap_mean_days.map(|days| {
        let spread = rhythm
            .order_gap_deviation_days
            .map(|days| format!(" ± {}", plain(days)));
        format!("an order every {}{} days", plain(days), spread.unwrap_or_default())
    });
    let last = rhythm.last_order_date.map(|day| {
        let ago = rhythm
            .days_since_last_order
            .map(|days| format!(", {} days ago", number::count(days)));
        format!("last {day}{}", ago.unwrap_or_default())
    });
    let due = rhythm.due_on.map(|day| match rhythm.days_overdue {
        Some(days) if days >= 1.0 => format!("was due {day}, {} days ago", plain(days.floor())),
        _ => format!("due {day}"),
    });
    let first = rhythm.first_order_date.map(|day| format!("first {day}"));
    joined([every, last, due, first])
}

/// A sign a month: a dot without orders, their number, + above nine, ? where nobody knows.
fn timeline(months: &[MonthOfOrders]) -> String {
    let sign = |month: &MonthOfOrders| match month.orders {
        None => '?',
        Some(0) => '·',
        Some(count) => char::from_digit(count, 10).unwrap_or('+'),
    };
    let (Some(first), Some(last)) = (months.first(), months.last()) else {
        return String::new();
    };
    let signs: String = months.iter().map(sign).collect();
    let unknown = if months.iter().any(|month| month.orders.is_none()) {
        "; ? not kept"
    } else {
        ""
    };
    format!("{} {signs} {} (orders a month{unknown})", first.month, last.month)
}

fn day(event: &Event) -> String {
    let hour = event
        .occurred_hour
        .map_or_else(String::new, |hour| format!(" {hour:02} h"));
    let day = event
        .occurred_on
        .map_or_else(|| "no day".to_owned(), |day| day.to_string());
    day + &hour
}

fn order(event: &Event) -> String {
    let lines = event.line_count.and_then(|count| u64::try_from(count).ok());
    let returned = event.returned_amount.filter(|amount| amount.0 != 0);
    let what = match event.event.as_str() {
        "ordered" => String::new(),
        other => format!("{other} "),
    };
    joined([
        Some(format!(
            "{} {what}{}",
            day(event),
            event.reference.as_deref().unwrap_or_default()
        )),
        event.amount.map(money),
        lines.map(|lines| number::counted(lines, "line")),
        returned.map(|amount| format!("returned {}", money(amount))),
        event
            .status
            .as_ref()
            .filter(|status| *status != "kept")
            .map(|status| words(status)),
    ])
}

fn cases(view: &CustomerView) -> String {
    let relations = &view.relations;
    joined([
        relations.open_case_count.map(|count| format!("{count} open")),
        relations.case_count_12m.map(|count| format!("{count} in 12 months")),
        relations
            .satisfaction_mean
            .map(|mean| format!("satisfaction {}", plain(mean))),
        relations.nps_class.as_ref().map(|class| words(class)),
    ])
}

fn case(event: &Event) -> String {
    joined([
        Some(format!(
            "{} {} {}",
            day(event),
            event.event,
            words(event.subject.as_deref().unwrap_or("case"))
        )),
        event.reference.clone(),
        event.severity.clone(),
        event.score.map(|score| format!("score {}", plain(score))),
        event
            .status
            .as_ref()
            .filter(|_| event.event == "opened")
            .map(|status| format!("now {status}")),
    ])
}

fn contacts(view: &CustomerView) -> String {
    let relations = &view.relations;
    let preferred = relations.preferred_channel.as_ref().map(|channel| {
        let hour = relations
            .preferred_hour
            .map_or_else(String::new, |hour| format!(" at {hour} h"));
        format!("best by {channel}{hour}")
    });
    joined([
        relations
            .days_since_last_contact
            .map(|days| format!("last {} days ago", number::count(days))),
        relations.contact_count_90d.map(|count| format!("{count} in 90 days")),
        relations
            .response_rate
            .map(|rate| format!("answers {:.0} %", rate * 100.0)),
        preferred,
    ])
}

fn contact(event: &Event) -> String {
    joined([
        Some(format!("{} {}", day(event), event.event)),
        event.direction.clone(),
        event.channel.clone(),
        event.reference.clone(),
        event.status.as_ref().map(|status| words(status)),
    ])
}

fn way(event: &Event) -> String {
    let channel = event.channel.as_deref().unwrap_or("every channel");
    match &event.purpose {
        Some(purpose) => format!("{channel} for {purpose}"),
        None => channel.to_owned(),
    }
}

fn since(event: &Event) -> String {
    event.occurred_on.map_or_else(String::new, |day| format!(" {day}"))
}

fn consent(event: &Event) -> String {
    format!("{} {}{}", way(event), event.event, since(event))
}

fn suppression(event: &Event) -> String {
    let reason = words(event.status.as_deref().unwrap_or("suppressed"));
    format!("{}: {reason}{}", way(event), since(event))
}
