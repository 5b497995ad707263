//! What happened with customers lately, kept aside while the run goes on and put together when tables are written.
//!
//! Events of ten million customers are more than fits in memory beside all else, and what they are made of is there at
//! different times: orders while customers are made, the others when features are. So rows wait on disk by ranges of
//! customers, and each range becomes a part of the table. Where the ranges begin changes no table: they follow one
//! another in the order of the customers.

use std::path::Path;
use std::sync::OnceLock;

use cartera_activation::{ContactRulesValidParams, suppressed_by_address};
use cartera_normalize::{EventParts, customer_events};
use cartera_table::contracts::{CustomerEvents, Customers};
use cartera_table::frame::text;
use cartera_table::{Spill, Table, TableError};
use polars::prelude::{DataFrame, IdxCa, IdxSize};
use rayon::prelude::*;

use super::customers::stacked;
use super::relations::CleanRelations;
use crate::error::PipelineError;
use crate::store::{DiskSpill, StoreError, create_private_folder};

/// Ranges of customers.
const RANGES: usize = 128;
/// Ranges that are put together at a time.
const AT_ONCE: usize = 4;
/// Bytes of rows of one kind that wait in memory.
const BUDGET_BYTES: usize = 96 << 20;
/// Rows of a large table that are handed over at a time.
const SLICE_ROWS: usize = 1 << 20;
/// A folder for each kind of event.
const KINDS: [&str; 5] = ["orders", "contacts", "cases", "consents", "suppressions"];

/// The rows that events are made of, by range.
pub(super) struct EventShelves {
    per_kind: usize,
    kinds: Vec<DiskSpill>,
    /// The first customer of each range but the first.
    starts: OnceLock<Vec<String>>,
}

impl EventShelves {
    /// Shelves below a folder that is for the owner alone; `per_kind` events of each kind a customer are told.
    pub(super) fn new(folder: &Path, per_kind: usize) -> Result<Self, StoreError> {
        let shelf = |kind: &&str| {
            let folder = folder.join(format!("events-{kind}"));
            create_private_folder(&folder)?;
            Ok(DiskSpill::new(folder, RANGES, BUDGET_BYTES))
        };
        Ok(Self {
            per_kind,
            kinds: KINDS.iter().map(shelf).collect::<Result<_, StoreError>>()?,
            starts: OnceLock::new(),
        })
    }

    /// Puts aside the last orders of some partitions. A partition is a sample of all customers, so that the first ones
    /// tell where ranges of like size begin.
    pub(super) fn add_orders<'f>(&self, partitions: impl Iterator<Item = &'f DataFrame>) -> Result<(), TableError> {
        let frames: Vec<&DataFrame> = partitions.filter(|frame| frame.height() > 0).collect();
        if self.starts.get().is_none() && !frames.is_empty() {
            let starts = starts_of(&frames)?;
            self.starts.get_or_init(|| starts);
        }
        frames.into_iter().try_for_each(|frame| self.add(0, frame))
    }

    /// Puts aside what the clean tables tell. A suppression that names an address is one of everybody who has it, as the
    /// lists read it.
    pub(super) fn add_relations(
        &self,
        relations: &CleanRelations,
        customers: &Table<Customers>,
        rules: &ContactRulesValidParams,
    ) -> Result<(), TableError> {
        if let Some(suppressions) = &relations.suppressions {
            self.add(4, &suppressed_by_address(suppressions, customers.frame(), rules)?)?;
        }
        let tables = [
            relations.interactions.as_ref().map(Table::frame),
            relations.cases.as_ref().map(Table::frame),
            relations.consents.as_ref().map(Table::frame),
            relations.suppressions.as_ref().map(Table::frame),
        ];
        for (kind, frame) in (1..).zip(tables) {
            let Some(frame) = frame else { continue };
            for start in (0..frame.height()).step_by(SLICE_ROWS) {
                let start = i64::try_from(start).unwrap_or(i64::MAX);
                self.add(kind, &frame.slice(start, SLICE_ROWS))?;
            }
        }
        Ok(())
    }

    /// Forgets everything, for a run that begins again.
    pub(super) fn clear(&self) -> Result<(), TableError> {
        for kind in &self.kinds {
            for range in 0..RANGES {
                drop(kind.take(range)?);
            }
        }
        Ok(())
    }

    /// The table, range after range. Nothing stays on the shelves.
    pub(super) fn tables<'s>(
        &'s self,
        sources: &'s [&'s str],
    ) -> impl Iterator<Item = Result<Table<CustomerEvents>, PipelineError>> + 's {
        (0..RANGES).step_by(AT_ONCE).flat_map(move |first| {
            let ranges = first..(first + AT_ONCE).min(RANGES);
            let tables: Vec<_> = ranges.into_par_iter().map(|range| self.table(range, sources)).collect();
            tables
        })
    }

    fn table(&self, range: usize, sources: &[&str]) -> Result<Table<CustomerEvents>, PipelineError> {
        let take = |kind: usize| stacked(self.kinds[kind].take(range)?);
        let parts = EventParts {
            orders: take(0)?,
            contacts: take(1)?,
            cases: take(2)?,
            consents: take(3)?,
            suppressions: take(4)?,
        };
        Ok(customer_events(&parts, self.per_kind, sources)?)
    }

    fn add(&self, kind: usize, frame: &DataFrame) -> Result<(), TableError> {
        let mut rows: Vec<Vec<IdxSize>> = vec![Vec::new(); RANGES];
        let starts = self.starts.get().map_or(&[][..], Vec::as_slice);
        for (row, customer) in (0..).zip(text(frame, "customer_id")?.iter()) {
            // What names no customer is nobody's event.
            let Some(customer) = customer else { continue };
            rows[starts.partition_point(|start| start.as_str() <= customer)].push(row);
        }
        for (range, rows) in rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            let rows = IdxCa::from_vec("row".into(), rows);
            self.kinds[kind].push(range, frame.take(&rows)?)?;
        }
        Ok(())
    }
}

/// Customers at even distances among those of some partitions.
fn starts_of(frames: &[&DataFrame]) -> Result<Vec<String>, TableError> {
    let mut customers: Vec<&str> = Vec::new();
    for frame in frames {
        customers.extend(text(frame, "customer_id")?.iter().flatten());
    }
    customers.sort_unstable();
    customers.dedup();
    let mut starts: Vec<String> = (1..RANGES)
        .map(|range| customers[range * customers.len() / RANGES].to_owned())
        .collect();
    starts.dedup();
    Ok(starts)
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    #[test]
    fn ranges_follow_one_another_and_lose_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelves = EventShelves::new(folder.path(), 10).expect("shelves");
        let ids: Vec<String> = (0..1_000).map(|id| format!("c{id:04}")).collect();
        let orders = |ids: &[String]| {
            let height = ids.len();
            let mut frame = df!(
                "customer_id" => ids, "source_index" => vec![0; height], "order_id" => vec!["1"; height],
                "line_count" => vec![1_i64; height], "event" => vec!["ordered"; height], "status" => vec!["kept"; height],
            )
            .expect("a frame");
            for name in ["returned_amount", "net_sales"] {
                let money = cartera_table::frame::sum_column(name, vec![0; height]);
                frame.with_column(money).expect("one height");
            }
            let days = polars::prelude::Int32Chunked::from_vec("occurred_on".into(), vec![19_000; height]);
            let days = cartera_table::frame::date_column("occurred_on", days);
            frame.with_column(days).expect("one height");
            frame
        };
        // The first partitions know every other customer only.
        let (some, others): (Vec<String>, Vec<String>) = ids.iter().cloned().partition(|id| id.ends_with(['1', '3']));
        shelves.add_orders([&orders(&some)].into_iter()).expect("added");
        shelves.add_orders([&orders(&others)].into_iter()).expect("added");
        let mut found = Vec::new();
        for table in shelves.tables(&["lines"]) {
            let frame = table.expect("a table").into_frame();
            let of_part = text(&frame, "customer_id").expect("ids");
            found.extend(of_part.iter().flatten().map(str::to_owned));
        }
        assert_eq!(found, ids);
        assert!(
            shelves
                .tables(&["lines"])
                .all(|table| table.expect("a table").height() == 0)
        );
    }
}
