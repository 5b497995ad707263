//! Where every line and every cent went: one block that adds up.

use std::collections::BTreeMap;
use std::io;

use cartera_pipeline::config::PipelineConfig;
use cartera_pipeline::store::LedgerRecord;
use cartera_table::{Money, SourceTable};

use super::{Page, Seen};
use crate::number::{count, counted, money};
use crate::summary::money_of;

/// Currencies that have a column; further ones are told below.
const CURRENCIES: usize = 3;
/// Tables that lost rows and are named.
const LOSSY_TABLES: usize = 2;
/// What an amount is called whose currency could not be read.
const UNKNOWN: &str = "unknown";

/// A line of the block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Went {
    rows: u64,
    amounts: BTreeMap<String, i128>,
}

impl Went {
    fn add(&mut self, record: &LedgerRecord) {
        self.rows += record.rows;
        let currency = record.currency.clone().unwrap_or_else(|| UNKNOWN.to_owned());
        *self.amounts.entry(currency).or_default() += money_of(&record.amount);
    }

    fn add_all(&mut self, other: &Self) {
        self.rows += other.rows;
        for (currency, amount) in &other.amounts {
            *self.amounts.entry(currency.clone()).or_default() += amount;
        }
    }
}

pub(super) fn rows(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let of_lines: Vec<&LedgerRecord> = seen
        .ledger
        .iter()
        .filter(|record| is_of_lines(seen.config, &record.source))
        .collect();
    let parts = parts(&of_lines);
    let mut read = Went {
        rows: seen.totals.rows_in,
        ..Went::default()
    };
    for (currency, amount) in &seen.totals.amounts_in {
        read.amounts.insert(currency.clone(), money_of(amount));
    }
    let currencies = currencies(&seen.totals.currency, &of_lines);
    let (shown, others) = currencies.split_at(currencies.len().min(CURRENCIES));
    let title = format!("order lines of {}", counted(seen.file_count as u64, "file"));
    let mut header = format!("{title:<36}{:>12}", "rows");
    for currency in shown {
        header.push_str(&format!("{currency:>14}"));
    }
    page.line(&page.paint.heading(header))?;
    for (name, went) in &parts {
        page.line(&line(name, went, shown))?;
    }
    // Both sides are counted where the rows are; the run would have stopped otherwise, and yet it is looked at here.
    let balances = balances(&parts, &read);
    let verdict = match balances {
        true => page.paint.good("balances"),
        false => page.paint.bad("DOES NOT BALANCE"),
    };
    page.line(&format!("{}  {verdict}", line("all that was read", &read, shown)))?;
    further_currencies(page, seen, &of_lines, &read, others)?;
    other_tables(page, seen)
}

/// Order lines stand in the block; rows of other tables below it.
pub(super) fn is_of_lines(config: &PipelineConfig, source: &str) -> bool {
    let mut sources = config.sources.iter().map(|source| &source.params);
    sources.any(|params| params.table == SourceTable::OrderLines && params.name == source)
}

/// The rows of the ledger by where they went; what nothing went to is left out.
fn parts(records: &[&LedgerRecord]) -> Vec<(&'static str, Went)> {
    let name = |record: &LedgerRecord| match (record.disposition.as_str(), record.party.as_deref()) {
        ("kept", Some("guest")) => 1,
        ("kept", _) => 0,
        ("merged", _) => 2,
        ("out_of_scope", _) => 3,
        _ => 4,
    };
    let names = [
        "kept, of customers",
        "kept, of guests: in totals only",
        "merged with equal lines",
        "out of scope",
        "set aside as defective",
    ];
    let mut parts = names.map(|name| (name, Went::default()));
    for record in records {
        parts[name(record)].1.add(record);
    }
    parts.into_iter().filter(|(_, went)| went.rows > 0).collect()
}

fn balances(parts: &[(&str, Went)], read: &Went) -> bool {
    let mut all = Went::default();
    for (_, went) in parts {
        all.add_all(went);
    }
    let significant = |went: &Went| -> BTreeMap<String, i128> {
        let amounts = went.amounts.iter().filter(|(_, amount)| **amount != 0);
        amounts.map(|(currency, amount)| (currency.clone(), *amount)).collect()
    };
    all.rows == read.rows && significant(&all) == significant(read)
}

/// The pipeline's first, then those with most rows.
fn currencies(own: &str, records: &[&LedgerRecord]) -> Vec<String> {
    let mut rows: BTreeMap<&str, u64> = BTreeMap::from([(own, 0)]);
    for record in records {
        if let Some(currency) = &record.currency {
            *rows.entry(currency).or_default() += record.rows;
        }
    }
    if records
        .iter()
        .any(|record| record.currency.is_none() && money_of(&record.amount) != 0)
    {
        rows.insert(UNKNOWN, 0);
    }
    let mut found: Vec<(&str, u64)> = rows.into_iter().collect();
    found.sort_by_key(|(currency, rows)| (*currency != own, std::cmp::Reverse(*rows), currency.to_owned()));
    found.into_iter().map(|(currency, _)| currency.to_owned()).collect()
}

fn line(name: &str, went: &Went, currencies: &[String]) -> String {
    let mut line = format!("  {name:<34}{:>12}", count(went.rows));
    for currency in currencies {
        let amount = Money(went.amounts.get(currency).copied().unwrap_or_default());
        line.push_str(&format!("{:>14}", money(&amount.to_string())));
    }
    line
}

/// Currencies without a column, and what the kept lines come to in that of the pipeline.
fn further_currencies(
    page: &mut Page<'_>,
    seen: &Seen<'_>,
    records: &[&LedgerRecord],
    read: &Went,
    others: &[String],
) -> io::Result<()> {
    let mut words: Vec<String> = others
        .iter()
        .map(|currency| {
            let amount = Money(read.amounts.get(currency).copied().unwrap_or_default());
            format!("{currency} {}", money(&amount.to_string()))
        })
        .collect();
    let own = &seen.totals.currency;
    if read.amounts.keys().any(|currency| currency != own) {
        let converted = records.iter().filter_map(|record| record.converted_amount.as_deref());
        let converted: i128 = converted.map(money_of).sum();
        words.push(format!(
            "the kept lines count as {} {own}",
            money(&Money(converted).to_string())
        ));
    }
    match words.is_empty() {
        true => Ok(()),
        false => page.entry("further", &words.join("; "), 2),
    }
}

/// How many there are, and those that lost rows.
fn other_tables(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let others: Vec<_> = seen
        .source_tables
        .iter()
        .filter(|table| table.table != SourceTable::OrderLines.name())
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    let (kept, read) = others.iter().fold((0, 0), |(kept, read), table| {
        (kept + table.rows_kept, read + table.rows_in)
    });
    let mut text = format!("{}: {} of {} rows kept", others.len(), count(kept), count(read));
    let mut lossy: Vec<_> = others.iter().filter(|table| table.rows_kept < table.rows_in).collect();
    lossy.sort_by_key(|table| std::cmp::Reverse(table.rows_in - table.rows_kept));
    let named: Vec<String> = lossy
        .iter()
        .take(LOSSY_TABLES)
        .map(|table| format!("{} {} of {}", table.table, count(table.rows_kept), count(table.rows_in)))
        .collect();
    if !named.is_empty() {
        text.push_str(&format!("; {}", named.join(", ")));
    }
    page.entry("other tables", &text, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(disposition: &str, party: &str, currency: &str, rows: u64, amount: &str) -> LedgerRecord {
        LedgerRecord {
            source: "shop".into(),
            disposition: disposition.into(),
            party: Some(party.into()),
            currency: Some(currency.into()).filter(|currency: &String| !currency.is_empty()),
            rows,
            amount: amount.into(),
            ..LedgerRecord::default()
        }
    }

    #[test]
    fn rows_are_told_by_where_they_went_and_add_up() {
        let records = [
            record("kept", "customer", "EUR", 3, "10.50"),
            record("kept", "customer", "USD", 1, "2.00"),
            record("kept", "guest", "EUR", 1, "1.25"),
            record("quarantined", "customer", "", 2, "0.00"),
        ];
        let records: Vec<&LedgerRecord> = records.iter().collect();
        let parts = parts(&records);
        let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            [
                "kept, of customers",
                "kept, of guests: in totals only",
                "set aside as defective"
            ]
        );
        let mut read = Went {
            rows: 7,
            amounts: BTreeMap::from([("EUR".to_owned(), 117_500), ("USD".to_owned(), 20_000)]),
        };
        assert!(balances(&parts, &read));
        read.amounts.insert("USD".to_owned(), 20_001);
        assert!(!balances(&parts, &read), "a hundredth of a cent is missing");
        read.amounts.insert("USD".to_owned(), 20_000);
        read.rows = 8;
        assert!(!balances(&parts, &read), "a row is missing");
        assert_eq!(currencies("EUR", &records), ["EUR", "USD"]);
    }
}
