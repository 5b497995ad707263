//! What happened with customers lately: orders, contacts, cases, consents and suppressions in one row of events each.
//!
//! It is made of some customers at a time, all of whose events are handed over together; the tables of several such
//! groups in the order of the customers are the table of all.

use std::cmp::{Ordering, Reverse};

use cartera_table::contracts::{CustomerEvents, EVENT_KINDS};
use cartera_table::frame::{date_column, dates, decimal, int32, int64, optional_decimal_column, text, timestamps};
use cartera_table::{ColumnType, MICROSECONDS_PER_DAY, Table, TableError};
use polars::prelude::{
    Column, DataFrame, Int32Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray, StringChunked,
};

/// What is known of some customers. A frame without columns tells nothing; the others have the columns of the last
/// orders of a [`Partition`](crate::Partition) and of the clean tables.
#[derive(Debug, Clone, Default)]
pub struct EventParts {
    /// Last orders.
    pub orders: DataFrame,
    /// Rows of `interactions`.
    pub contacts: DataFrame,
    /// Rows of `cases`.
    pub cases: DataFrame,
    /// Rows of `consents`.
    pub consents: DataFrame,
    /// Rows of `suppressions` that name a customer.
    pub suppressions: DataFrame,
}

/// The events of these customers, at most so many of each kind a customer; `sources` are the names of the sources by
/// their places.
///
/// # Errors
/// When a column is not there, or the engine fails.
pub fn customer_events(
    parts: &EventParts,
    per_kind: usize,
    sources: &[&str],
) -> Result<Table<CustomerEvents>, TableError> {
    let mut events = Vec::new();
    add_orders(&parts.orders, &mut events)?;
    add_contacts(&parts.contacts, &mut events)?;
    add_cases(&parts.cases, &mut events)?;
    add_consents(&parts.consents, &mut events)?;
    add_suppressions(&parts.suppressions, &mut events)?;
    events.sort_unstable_by(Event::compare);
    let mut kept = Vec::with_capacity(events.len());
    for of_customer in events.chunk_by(|one, next| one.customer == next.customer) {
        let is_kept = newest(of_customer, per_kind);
        let of_customer = of_customer.iter().zip(is_kept).filter(|(_, is_kept)| *is_kept);
        kept.extend(
            (1_i32..)
                .zip(of_customer)
                .map(|(position, (event, _))| (position, event)),
        );
    }
    Table::new(frame_of(&kept, sources)?)
}

/// One event, as its source tells it.
#[derive(Debug, Clone, Copy, Default)]
struct Event<'e> {
    customer: &'e str,
    /// Place among the kinds of the contract.
    kind: usize,
    event: &'e str,
    day: Option<i32>,
    hour: Option<i32>,
    /// When it happened as far as that is known, in microseconds: what happened later goes first.
    moment: Option<i64>,
    reference: Option<&'e str>,
    channel: Option<&'e str>,
    purpose: Option<&'e str>,
    direction: Option<&'e str>,
    subject: Option<&'e str>,
    status: Option<&'e str>,
    severity: Option<&'e str>,
    score: Option<i128>,
    amount: Option<i128>,
    returned_amount: Option<i128>,
    line_count: Option<i64>,
    /// Source, file and row.
    place: (i32, i32, i64),
}

const ORDER: usize = 0;
const CONTACT: usize = 1;
const CASE: usize = 2;
const CONSENT: usize = 3;
const SUPPRESSION: usize = 4;
const KINDS: usize = 5;
const MICROSECONDS_PER_HOUR: i64 = MICROSECONDS_PER_DAY / 24;

impl Event<'_> {
    /// By customer, newest first; a total order, so that equal inputs give equal tables.
    fn compare(&self, other: &Self) -> Ordering {
        let newest_first = |event: &Self| (Reverse(event.moment), event.kind);
        self.customer
            .cmp(other.customer)
            .then_with(|| newest_first(self).cmp(&newest_first(other)))
            // What ends something comes after what began it: closed after opened, withdrawn after granted.
            .then_with(|| other.ends().cmp(&self.ends()))
            .then_with(|| other.reference.cmp(&self.reference))
            .then_with(|| self.place.cmp(&other.place))
            .then_with(|| self.event.cmp(other.event))
    }

    fn ends(&self) -> bool {
        matches!(self.event, "closed" | "withdrawn")
    }
}

/// Which events of a customer, newest first, are among the newest of their kind. What keeps a customer from being
/// contacted is never left out: the last word of each channel and purpose, and every suppression.
fn newest(events: &[Event<'_>], per_kind: usize) -> Vec<bool> {
    let mut counts = [0; KINDS];
    let mut is_kept = vec![false; events.len()];
    let mut told: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    for (event, is_kept) in events.iter().zip(&mut is_kept) {
        let way = (event.channel, event.purpose);
        let is_last_word = event.kind == CONSENT && !told.contains(&way);
        if is_last_word {
            told.push(way);
        }
        if is_last_word || event.kind == SUPPRESSION {
            counts[event.kind] += 1;
            *is_kept = true;
        }
    }
    for (event, is_kept) in events.iter().zip(&mut is_kept) {
        if !*is_kept && counts[event.kind] < per_kind {
            counts[event.kind] += 1;
            *is_kept = true;
        }
    }
    is_kept
}

fn add_orders<'e>(frame: &'e DataFrame, events: &mut Vec<Event<'e>>) -> Result<(), TableError> {
    if frame.height() == 0 {
        return Ok(());
    }
    let ids = text(frame, "customer_id")?.iter().zip(text(frame, "order_id")?.iter());
    let words = text(frame, "event")?.iter().zip(text(frame, "status")?.iter());
    let amounts = decimal(frame, "net_sales")?
        .iter()
        .zip(decimal(frame, "returned_amount")?.iter());
    let facts = dates(frame, "occurred_on")?
        .iter()
        .zip(int64(frame, "line_count")?.iter());
    let facts = facts.zip(int32(frame, "source_index")?.iter());
    for ((((customer, reference), (event, status)), (amount, returned_amount)), ((day, line_count), source)) in
        ids.zip(words).zip(amounts).zip(facts)
    {
        events.push(Event {
            customer: customer.unwrap_or_default(),
            kind: ORDER,
            event: event.unwrap_or_default(),
            day,
            moment: day.map(start_of),
            reference,
            status,
            amount,
            returned_amount,
            line_count,
            place: (source.unwrap_or_default(), 0, 0),
            ..Event::default()
        });
    }
    Ok(())
}

fn add_contacts<'e>(frame: &'e DataFrame, events: &mut Vec<Event<'e>>) -> Result<(), TableError> {
    if frame.height() == 0 {
        return Ok(());
    }
    let places = Places::of(frame)?;
    let ids = text(frame, "customer_id")?
        .iter()
        .zip(text(frame, "campaign_id")?.iter());
    let times = dates(frame, "occurred_on")?
        .iter()
        .zip(int32(frame, "occurred_hour")?.iter());
    let ways = text(frame, "channel")?.iter().zip(text(frame, "direction")?.iter());
    let words = text(frame, "kind")?.iter().zip(text(frame, "outcome")?.iter());
    let all = ids.zip(times).zip(ways).zip(words).enumerate();
    for (row, ((((customer, reference), (day, hour)), (channel, direction)), (event, status))) in all {
        events.push(Event {
            customer: customer.unwrap_or_default(),
            kind: CONTACT,
            event: event.unwrap_or_default(),
            day,
            hour,
            moment: day.map(|day| start_of(day) + i64::from(hour.unwrap_or(0)) * MICROSECONDS_PER_HOUR),
            reference,
            channel,
            direction,
            status,
            place: places.at(row),
            ..Event::default()
        });
    }
    Ok(())
}

/// A case is opened, and may be closed.
fn add_cases<'e>(frame: &'e DataFrame, events: &mut Vec<Event<'e>>) -> Result<(), TableError> {
    if frame.height() == 0 {
        return Ok(());
    }
    let places = Places::of(frame)?;
    let ids = text(frame, "customer_id")?.iter().zip(text(frame, "case_id")?.iter());
    let days = timestamps(frame, "opened_at")?
        .iter()
        .zip(dates(frame, "closed_on")?.iter());
    let words = text(frame, "kind")?.iter().zip(text(frame, "severity")?.iter());
    let facts = decimal(frame, "score")?
        .iter()
        .zip(frame.column("is_open")?.bool()?.iter());
    let all = ids.zip(days).zip(words).zip(facts).enumerate();
    for (row, ((((customer, reference), (opened_at, closed_on)), (subject, severity)), (score, is_open))) in all {
        let opened = Event {
            customer: customer.unwrap_or_default(),
            kind: CASE,
            event: "opened",
            day: opened_at.and_then(day_of),
            hour: opened_at.and_then(hour_of),
            moment: opened_at,
            reference,
            subject,
            status: is_open.map(|is_open| if is_open { "open" } else { "closed" }),
            severity,
            score,
            place: places.at(row),
            ..Event::default()
        };
        events.push(opened);
        if closed_on.is_some() {
            events.push(Event {
                event: "closed",
                day: closed_on,
                hour: None,
                // Of one that was closed on the day on which it was opened: not before that.
                moment: closed_on.map(|day| opened_at.map_or(start_of(day), |opened| opened.max(start_of(day)))),
                ..opened
            });
        }
    }
    Ok(())
}

fn add_consents<'e>(frame: &'e DataFrame, events: &mut Vec<Event<'e>>) -> Result<(), TableError> {
    if frame.height() == 0 {
        return Ok(());
    }
    let places = Places::of(frame)?;
    let ways = text(frame, "channel")?.iter().zip(text(frame, "purpose")?.iter());
    let words = text(frame, "status")?.iter().zip(timestamps(frame, "since")?.iter());
    let all = text(frame, "customer_id")?.iter().zip(ways).zip(words).enumerate();
    for (row, ((customer, (channel, purpose)), (status, since))) in all {
        events.push(Event {
            customer: customer.unwrap_or_default(),
            kind: CONSENT,
            event: status.unwrap_or_default(),
            day: since.and_then(day_of),
            hour: since.and_then(hour_of),
            moment: since.map(|since| holds_from(since, status)),
            channel,
            purpose,
            place: places.at(row),
            ..Event::default()
        });
    }
    Ok(())
}

fn add_suppressions<'e>(frame: &'e DataFrame, events: &mut Vec<Event<'e>>) -> Result<(), TableError> {
    if frame.height() == 0 {
        return Ok(());
    }
    let places = Places::of(frame)?;
    let ways = text(frame, "channel")?.iter().zip(text(frame, "purpose")?.iter());
    let words = text(frame, "reason")?.iter().zip(dates(frame, "since")?.iter());
    let all = text(frame, "customer_id")?.iter().zip(ways).zip(words).enumerate();
    for (row, ((customer, (channel, purpose)), (status, day))) in all {
        // What closes an address alone is nobody's event.
        let Some(customer) = customer else { continue };
        events.push(Event {
            customer,
            kind: SUPPRESSION,
            event: "suppressed",
            day,
            moment: day.map(start_of),
            channel,
            purpose,
            status,
            place: places.at(row),
            ..Event::default()
        });
    }
    Ok(())
}

/// Where rows stand in the files.
struct Places {
    sources: Vec<Option<i32>>,
    files: Vec<Option<i32>>,
    rows: Vec<Option<i64>>,
}

impl Places {
    fn of(frame: &DataFrame) -> Result<Self, TableError> {
        Ok(Self {
            sources: int32(frame, "source_index")?.iter().collect(),
            files: int32(frame, "file_index")?.iter().collect(),
            rows: int64(frame, "row")?.iter().collect(),
        })
    }

    fn at(&self, row: usize) -> (i32, i32, i64) {
        let source = self.sources[row].unwrap_or_default();
        (
            source,
            self.files[row].unwrap_or_default(),
            self.rows[row].unwrap_or_default(),
        )
    }
}

/// The first moment of a day.
fn start_of(day: i32) -> i64 {
    i64::from(day) * MICROSECONDS_PER_DAY
}

/// A withdrawal of which only the day is known holds to its end: nobody knows what came first. The lists read consents
/// in the same way.
fn holds_from(since: i64, status: Option<&str>) -> i64 {
    let is_whole_day = status != Some("granted") && since.rem_euclid(MICROSECONDS_PER_DAY) == 0;
    since + if is_whole_day { MICROSECONDS_PER_DAY - 1 } else { 0 }
}

fn day_of(microseconds: i64) -> Option<i32> {
    i32::try_from(microseconds.div_euclid(MICROSECONDS_PER_DAY)).ok()
}

/// None at midnight sharp: most such times are days.
fn hour_of(microseconds: i64) -> Option<i32> {
    let of_day = microseconds.rem_euclid(MICROSECONDS_PER_DAY);
    i32::try_from(of_day / MICROSECONDS_PER_HOUR)
        .ok()
        .filter(|_| of_day != 0)
}

fn frame_of(events: &[(i32, &Event<'_>)], sources: &[&str]) -> Result<DataFrame, TableError> {
    let of_events = || events.iter().map(|(_, event)| *event);
    let source = |event: &Event<'_>| {
        let place = usize::try_from(event.place.0).ok();
        place.and_then(|place| sources.get(place)).copied().or(Some(""))
    };
    let kind = |event: &Event<'_>| Some(EVENT_KINDS[event.kind]);
    let positions: Vec<i32> = events.iter().map(|(position, _)| *position).collect();
    let days = Int32Chunked::from_iter_options("occurred_on".into(), of_events().map(|event| event.day));
    let hours = Int32Chunked::from_iter_options("occurred_hour".into(), of_events().map(|event| event.hour));
    let line_counts = Int64Chunked::from_iter_options("line_count".into(), of_events().map(|event| event.line_count));
    let score = of_events().map(|event| event.score);
    let amount = of_events().map(|event| event.amount);
    let returned_amount = of_events().map(|event| event.returned_amount);
    let columns = vec![
        words("customer_id", of_events().map(|event| Some(event.customer))),
        Column::new("position".into(), positions),
        words("kind", of_events().map(kind)),
        words("event", of_events().map(|event| Some(event.event))),
        date_column("occurred_on", days),
        hours.into_series().into_column(),
        words("reference", of_events().map(|event| event.reference)),
        words("channel", of_events().map(|event| event.channel)),
        words("purpose", of_events().map(|event| event.purpose)),
        words("direction", of_events().map(|event| event.direction)),
        words("subject", of_events().map(|event| event.subject)),
        words("status", of_events().map(|event| event.status)),
        words("severity", of_events().map(|event| event.severity)),
        optional_decimal_column("score", score, ColumnType::QUANTITY),
        optional_decimal_column("amount", amount, ColumnType::SUM),
        optional_decimal_column("returned_amount", returned_amount, ColumnType::SUM),
        line_counts.into_series().into_column(),
        words("source", of_events().map(source)),
    ];
    Ok(DataFrame::new(events.len(), columns)?)
}

fn words<'w>(name: &str, values: impl Iterator<Item = Option<&'w str>>) -> Column {
    StringChunked::from_iter_options(name.into(), values)
        .into_series()
        .into_column()
}

#[cfg(test)]
mod tests {
    use polars::prelude::{DataType, TimeUnit, df};

    use super::*;

    /// Words of one customer, each of a channel, with what was said and when: minutes after 2024-01-01 00:00.
    fn consents(words: &[(&str, &str, i64)]) -> DataFrame {
        let since: Vec<i64> = words
            .iter()
            .map(|(_, _, minutes)| start_of(19_723) + minutes * MICROSECONDS_PER_HOUR / 60)
            .collect();
        let height = words.len();
        let mut frame = df!(
            "customer_id" => vec!["ann"; height],
            "channel" => words.iter().map(|(channel, ..)| *channel).collect::<Vec<_>>(),
            "purpose" => vec!["marketing"; height],
            "status" => words.iter().map(|(_, status, _)| *status).collect::<Vec<_>>(),
            "since" => since,
            "source_index" => vec![0; height],
            "file_index" => vec![0; height],
            "row" => (0_i64..).take(height).collect::<Vec<_>>(),
        )
        .expect("a frame");
        let since = frame.column("since").expect("there");
        let since = since
            .cast(&DataType::Datetime(TimeUnit::Microseconds, None))
            .expect("times");
        frame.with_column(since).expect("one height");
        frame
    }

    fn told(words: &[(&str, &str, i64)], per_kind: usize) -> Vec<String> {
        let parts = EventParts {
            consents: consents(words),
            ..EventParts::default()
        };
        let events = customer_events(&parts, per_kind, &["rights"])
            .expect("events")
            .into_frame();
        let ways = text(&events, "channel").expect("channels").iter();
        let words = ways.zip(text(&events, "event").expect("words").iter());
        words
            .map(|(channel, word)| format!("{} {}", channel.unwrap_or_default(), word.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn what_was_said_later_within_an_hour_is_the_last_word() {
        let words = [("email", "withdrawn", 605), ("email", "granted", 650)];
        assert_eq!(told(&words, 10), ["email granted", "email withdrawn"]);
        let at_once = [("email", "granted", 605), ("email", "withdrawn", 605)];
        assert_eq!(told(&at_once, 10), ["email withdrawn", "email granted"]);
        let of_a_day = [("email", "withdrawn", 0), ("email", "granted", 650)];
        assert_eq!(
            told(&of_a_day, 10),
            ["email withdrawn", "email granted"],
            "the day to its end"
        );
    }

    #[test]
    fn the_last_word_of_every_way_is_told_however_many_there_are() {
        let words = [
            ("email", "withdrawn", 1),
            ("sms", "granted", 2),
            ("sms", "withdrawn", 3),
            ("post", "granted", 4),
        ];
        assert_eq!(told(&words, 1), ["post granted", "sms withdrawn", "email withdrawn"]);
    }
}
