//! What the newest run of an earlier day left, customer by customer.

use std::cmp::Ordering;

use cartera_table::{AsOf, ColumnType, TableError, frame};
use polars::prelude::{Column, DataFrame, Int128Chunked};

use super::cells::numbers;
use super::rule::{Layout, Place};

/// What the newest run of an earlier day left.
#[derive(Debug, Clone, Copy)]
pub struct SignalsBefore<'b> {
    /// The day of that run.
    pub as_of: AsOf,
    /// Its customers, sorted: `customer_id` and the columns that [`columns_before`] names; none where there is none.
    ///
    /// [`columns_before`]: super::SignalsValidParams::columns_before
    pub features: Option<&'b DataFrame>,
    /// Its signals, sorted: `customer_id`, `signal` and `since`; none where it told of none.
    pub signals: Option<&'b DataFrame>,
}

/// The row of the run before that is no row.
const NOWHERE: u32 = u32::MAX;

/// The features of the run before, beside those of this one.
pub(crate) struct PriorFeatures {
    /// Days from that run to this one.
    pub(crate) days_ago: f64,
    /// The row of each customer there.
    rows: Vec<u32>,
    /// By place; none where the column is not compared.
    columns: Vec<Option<(Column, ColumnType)>>,
}

impl PriorFeatures {
    /// Walks both lists of customers, which are sorted.
    pub(crate) fn new(now: &DataFrame, before: &DataFrame, layout: &Layout, days_ago: i32) -> Result<Self, TableError> {
        let mut rows = Vec::with_capacity(now.height());
        let mut others = frame::text(before, "customer_id")?.iter().zip(0_u32..).peekable();
        for id in frame::text(now, "customer_id")?.iter() {
            while others.next_if(|(other, _)| *other < id).is_some() {}
            let same = others.peek().filter(|(other, _)| *other == id);
            rows.push(same.map_or(NOWHERE, |(_, row)| *row));
        }
        let columns = layout.columns.iter().map(|used| {
            let column = used.is_compared.then(|| before.column(used.column.name)).transpose()?;
            // One piece, so that a row is found at once.
            let whole = column.map(|column| (column.rechunk(), used.column.column_type));
            Ok(whole)
        });
        Ok(Self {
            days_ago: f64::from(days_ago),
            rows,
            columns: columns.collect::<Result<_, TableError>>()?,
        })
    }

    /// The numbers of some customers, in their order; empty where the column is not compared.
    pub(crate) fn numbers(&self, place: Place, start: usize, length: usize) -> Result<Vec<f64>, TableError> {
        let Some((column, column_type)) = &self.columns[place] else {
            return Ok(Vec::new());
        };
        let rows = &self.rows[start..start + length];
        let known: Vec<u32> = rows.iter().copied().filter(|row| *row != NOWHERE).collect();
        let Some((&first, &last)) = known.first().zip(known.last()) else {
            return Ok(vec![f64::NAN; length]);
        };
        // Both lists are sorted, so that the customers of a stretch lie in a stretch.
        let stretch = column.slice(i64::from(first), (last - first + 1) as usize);
        let stretch = numbers(&stretch, *column_type)?;
        let number = |row: &u32| match *row {
            NOWHERE => f64::NAN,
            row => stretch[(row - first) as usize],
        };
        Ok(rows.iter().map(number).collect())
    }

    /// The exact money of a customer; none where it is not known.
    pub(crate) fn money(&self, place: Place, row: usize) -> Result<Option<i128>, TableError> {
        let row = self.rows[row];
        match &self.columns[place] {
            Some((column, _)) if row != NOWHERE => {
                let money: &Int128Chunked = column.decimal()?.physical();
                Ok(money.get(row as usize))
            }
            _ => Ok(None),
        }
    }
}

/// The signals of the run before, walked along with those of this one.
pub(crate) struct PriorSignals<'b> {
    entries: Vec<(&'b str, &'b str, i32)>,
    next: usize,
    /// Those that are passed and were not asked for.
    pub(crate) gone: Vec<&'b str>,
}

impl<'b> PriorSignals<'b> {
    pub(crate) fn new(signals: &'b DataFrame) -> Result<Self, TableError> {
        let customers = frame::text(signals, "customer_id")?.iter();
        let names = frame::text(signals, "signal")?.iter();
        let since = frame::dates(signals, "since")?.iter();
        let entries = customers.zip(names).zip(since);
        Ok(Self {
            entries: entries
                .filter_map(|((customer, name), since)| Some((customer?, name?, since?)))
                .collect(),
            next: 0,
            gone: Vec::new(),
        })
    }

    /// Since when the signal held in the run before; to be asked in the order of customers and signals.
    pub(crate) fn since(&mut self, customer: &str, signal: &str) -> Option<i32> {
        while let Some(&(other, name, since)) = self.entries.get(self.next) {
            match (other, name).cmp(&(customer, signal)) {
                Ordering::Less => self.gone.push(name),
                Ordering::Equal => {
                    self.next += 1;
                    return Some(since);
                }
                Ordering::Greater => return None,
            }
            self.next += 1;
        }
        None
    }

    /// The names of all signals that were there and are not any more.
    pub(crate) fn finish(mut self) -> Vec<&'b str> {
        let rest = &self.entries[self.next..];
        self.gone.extend(rest.iter().map(|(_, name, _)| *name));
        self.gone
    }
}
