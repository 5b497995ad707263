//! The clean tables of interactions, cases and consents.
//!
//! What lies behind the day of the run is left out here, once, so that no feature can see it; but for withdrawals of
//! consent, which count whatever their date.

use std::collections::HashSet;

use cartera_table::contracts::{
    Cases, Consents, Interactions, SourceCampaigns, SourceCases, SourceConsents, SourceInteractions,
};
use cartera_table::frame::{boolean, date_column, int32, text, timestamps};
use cartera_table::{AsOf, MICROSECONDS_PER_DAY, Table, TableError};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray, StringChunkedBuilder,
};

use crate::campaign_days::campaign_days;
use crate::identity::Identity;

/// Contacts up to a day. One without a time has the first day of its campaign where it was outbound, which is when
/// it is known, and the last one where it is an answer; without either it is left out.
///
/// # Errors
/// When the engine fails.
pub fn interactions(
    source: &Table<SourceInteractions>,
    campaigns: Option<&Table<SourceCampaigns>>,
    identity: &Identity,
    as_of: AsOf,
) -> Result<Table<Interactions>, TableError> {
    let frame = source.frame();
    let campaign_days = campaigns.map(campaign_days).transpose()?.unwrap_or_default();
    let times = timestamps(frame, "occurred_at")?;
    let directions = text(frame, "direction")?.iter();
    let undated = text(frame, "campaign_id")?.iter().zip(directions);
    let days: Vec<Option<i32>> = times
        .iter()
        .zip(undated)
        .map(|(time, (campaign, direction))| match time {
            Some(time) => day_of(time),
            None => {
                let days = campaign_days.get(campaign?)?;
                if direction == Some("outbound") {
                    days.first
                } else {
                    days.last
                }
            }
        })
        .collect();
    let last_day = as_of.epoch_days();
    let keep: Vec<bool> = days.iter().map(|day| day.is_some_and(|day| day <= last_day)).collect();
    let with_hours = sources_with_hours(frame, &keep)?;
    let sources = int32(frame, "source_index")?.iter();
    let hours = times.iter().zip(sources).map(|(time, source)| {
        let time = time.filter(|_| source.is_some_and(|source| with_hours.contains(&source)))?;
        i32::try_from(time.rem_euclid(MICROSECONDS_PER_DAY) / MICROSECONDS_PER_HOUR).ok()
    });
    let hours = Int32Chunked::from_iter_options("occurred_hour".into(), hours);
    let mut clean = with_customers(frame, identity)?;
    clean.with_column(date_column(
        "occurred_on",
        Int32Chunked::from_iter_options("occurred_on".into(), days.into_iter()),
    ))?;
    clean.with_column(hours.into_series().into_column())?;
    Table::sorted(filtered(&clean, &keep)?)
}

/// Cases opened up to a day. `tells_closing` says of each source of the pipeline whether it tells when a case was
/// closed, or that it is resolved.
///
/// # Errors
/// When the engine fails.
pub fn cases(
    source: &Table<SourceCases>,
    tells_closing: &[bool],
    identity: &Identity,
    as_of: AsOf,
) -> Result<Table<Cases>, TableError> {
    let frame = source.frame();
    let last_day = as_of.epoch_days();
    let days: Vec<Option<i32>> = timestamps(frame, "opened_at")?
        .iter()
        .map(|time| time.and_then(day_of))
        .collect();
    let keep: Vec<bool> = days.iter().map(|day| day.is_some_and(|day| day <= last_day)).collect();
    let endings = timestamps(frame, "closed_at")?
        .iter()
        .zip(boolean(frame, "resolved")?.iter());
    let is_open: BooleanChunked = endings
        .zip(int32(frame, "source_index")?.iter())
        .map(|((closed_at, resolved), source)| {
            let source = usize::try_from(source?).ok()?;
            let tells = tells_closing.get(source).copied().unwrap_or(false);
            tells.then(|| match closed_at {
                Some(time) => day_of(time).is_some_and(|day| day > last_day),
                None => resolved != Some(true),
            })
        })
        .collect();
    let closed = timestamps(frame, "closed_at")?.iter();
    let closed = closed.map(|time| time.and_then(day_of).filter(|&day| day <= last_day));
    let mut clean = with_customers(frame, identity)?;
    clean.with_column(date_column(
        "closed_on",
        Int32Chunked::from_iter_options("closed_on".into(), closed),
    ))?;
    clean.with_column(date_column(
        "opened_on",
        Int32Chunked::from_iter_options("opened_on".into(), days.into_iter()),
    ))?;
    clean.with_column(is_open.with_name("is_open".into()).into_series().into_column())?;
    Table::sorted(filtered(&clean, &keep)?)
}

/// Grants up to a day and all withdrawals. Channels and purposes are in small letters, so that what was granted for
/// `Email` is withdrawn for `email` too.
///
/// # Errors
/// When the engine fails.
pub fn consents(
    source: &Table<SourceConsents>,
    identity: &Identity,
    as_of: AsOf,
) -> Result<Table<Consents>, TableError> {
    let frame = source.frame();
    let last_day = as_of.epoch_days();
    let since = timestamps(frame, "since")?.iter();
    let keep: Vec<bool> = since
        .zip(text(frame, "status")?.iter())
        .map(|(since, status)| status == Some("withdrawn") || since.and_then(day_of).is_some_and(|day| day <= last_day))
        .collect();
    let mut clean = with_customers(frame, identity)?;
    for name in ["channel", "purpose"] {
        let column = in_small_letters(&clean, name)?;
        clean.with_column(column)?;
    }
    Table::sorted(filtered(&clean, &keep)?)
}

const MICROSECONDS_PER_HOUR: i64 = MICROSECONDS_PER_DAY / 24;

/// The day of a wall-clock time.
fn day_of(microseconds: i64) -> Option<i32> {
    i32::try_from(microseconds.div_euclid(MICROSECONDS_PER_DAY)).ok()
}

/// The sources of which some time is not midnight, among the rows that count.
fn sources_with_hours(frame: &DataFrame, keep: &[bool]) -> Result<HashSet<i32>, TableError> {
    let times = timestamps(frame, "occurred_at")?.iter();
    let of_sources = times.zip(int32(frame, "source_index")?.iter()).zip(keep);
    Ok(of_sources
        .filter(|((time, _), keep)| **keep && time.is_some_and(|time| time % MICROSECONDS_PER_DAY != 0))
        .filter_map(|((_, source), _)| source)
        .collect())
}

/// The frame with the customers of its keys.
pub(crate) fn with_customers(frame: &DataFrame, identity: &Identity) -> Result<DataFrame, TableError> {
    let mut ids = StringChunkedBuilder::new("customer_id".into(), frame.height());
    let spaces = text(frame, "key_space")?.iter();
    for (space, key) in spaces.zip(text(frame, "customer_key")?.iter()) {
        ids.append_option(space.zip(key).map(|(space, key)| identity.customer_id(space, key)));
    }
    let mut frame = frame.clone();
    frame.with_column(ids.finish().into_series().into_column())?;
    Ok(frame)
}

fn in_small_letters(frame: &DataFrame, name: &str) -> Result<Column, TableError> {
    let mut builder = StringChunkedBuilder::new(name.into(), frame.height());
    for value in text(frame, name)?.iter() {
        builder.append_option(value.map(|value| value.trim().to_lowercase()));
    }
    Ok(builder.finish().into_series().into_column())
}

fn filtered(frame: &DataFrame, keep: &[bool]) -> Result<DataFrame, TableError> {
    Ok(frame.filter(&BooleanChunked::from_slice("keep".into(), keep))?)
}

#[cfg(test)]
pub(crate) mod tests;
