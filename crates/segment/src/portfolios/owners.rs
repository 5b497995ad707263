//! The source of owners as plain rows, and who looked after whom before.

use std::collections::HashMap;

use cartera_table::contracts::{Customers, SourceOwners};
use cartera_table::{AsOf, Table, TableError, frame};
use polars::prelude::{DataFrame, StringChunked};

use super::assign::{NOBODY, Owner};
use super::coverage::{Named, Takes};

/// The source of owners.
#[derive(Debug)]
pub(crate) struct Owners {
    /// In the order of their ids.
    pub(crate) rows: Vec<Owner>,
    /// What they name of customers.
    pub(crate) named: Named,
    /// The ids of those who stop before they start, and are therefore never active.
    pub(crate) never_active: Vec<String>,
}

/// Reads the source of owners.
pub(crate) fn owners(table: &Table<SourceOwners>, as_of: AsOf) -> Result<Owners, TableError> {
    let rows = table.frame();
    let mut named = Named::default();
    let (territories, value_tiers) = (frame::text(rows, "territories")?, frame::text(rows, "value_tiers")?);
    let rfm_segments = frame::text(rows, "rfm_segments")?;
    let customers = frame::int64(rows, "capacity_customers")?;
    let workload = frame::decimal(rows, "capacity_workload")?;
    let (from, until) = (frame::dates(rows, "active_from")?, frame::dates(rows, "active_until")?);
    let day = as_of.epoch_days();
    let owner = |row: usize| Owner {
        takes: Takes {
            territories: named.territories.add_list(territories.get(row)),
            value_tiers: named.value_tiers.add_list(value_tiers.get(row)),
            rfm_segments: named.rfm_segments.add_list(rfm_segments.get(row)),
        },
        is_active: from.get(row).is_none_or(|from| from <= day) && until.get(row).is_none_or(|until| day <= until),
        // The reader lets no negative ones through.
        capacity_customers: customers.get(row).and_then(|most| u64::try_from(most).ok()),
        capacity_workload: workload.get(row).and_then(|most| u64::try_from(most).ok()),
    };
    let owner_rows = (0..table.height()).map(owner).collect();
    let ids = frame::text(rows, "owner_id")?.iter().enumerate();
    let stops_first = |row: usize| {
        from.get(row)
            .zip(until.get(row))
            .is_some_and(|(from, until)| until < from)
    };
    let never_active = ids.filter_map(|(row, id)| id.filter(|_| stops_first(row)));
    Ok(Owners {
        never_active: never_active.map(str::to_owned).collect(),
        rows: owner_rows,
        named,
    })
}

/// Who looked after each customer so far, as places in `names` or [`NOBODY`].
#[derive(Debug)]
pub(crate) struct Previous<'t> {
    /// By the customer files, of several rows of a customer by the first one that tells.
    pub(crate) by_file: Vec<u32>,
    /// By the portfolios of the run before: who did then, else who did last.
    pub(crate) by_run: Vec<u32>,
    /// Whether the customer had nobody in the run before.
    pub(crate) is_past: Vec<bool>,
    /// The ids of the owners of today, in their order, and behind them those who are gone.
    pub(crate) names: Vec<&'t str>,
    /// Names from here on stand in the customer files alone, where anything may stand in place of an id.
    first_of_files: usize,
    codes: HashMap<&'t str, u32>,
}

impl<'t> Previous<'t> {
    /// `customer_ids` are in their order; of the run before the columns `customer_id`, `owner_id` and
    /// `previous_owner_id`.
    pub(crate) fn new(
        customer_ids: &StringChunked,
        owners: &'t Table<SourceOwners>,
        customers: &'t Table<Customers>,
        before: Option<&'t DataFrame>,
    ) -> Result<Self, TableError> {
        let names: Vec<&str> = frame::text(owners.frame(), "owner_id")?.iter().flatten().collect();
        let height = customer_ids.len();
        let mut found = Self {
            by_file: Vec::new(),
            by_run: vec![NOBODY; height],
            is_past: vec![false; height],
            codes: names.iter().zip(0_u32..).map(|(&name, code)| (name, code)).collect(),
            first_of_files: 0,
            names,
        };
        if let Some(before) = before {
            found.by_run = found.look_at(customer_ids, before, "owner_id")?;
            let last = found.look_at(customer_ids, before, "previous_owner_id")?;
            let rows = found.by_run.iter_mut().zip(&mut found.is_past).zip(last);
            for ((by_run, is_past), last) in rows.filter(|((by_run, _), _)| **by_run == NOBODY) {
                (*by_run, *is_past) = (last, last != NOBODY);
            }
        }
        found.first_of_files = found.names.len();
        found.by_file = found.look_at(customer_ids, customers.frame(), "owner_id")?;
        Ok(found)
    }

    /// The id of an owner of today or of the run before.
    pub(crate) fn name(&self, owner: u32) -> Option<&'t str> {
        self.names[..self.first_of_files].get(owner as usize).copied()
    }

    /// The owners of a column of a table, which is sorted by customer as the customers are.
    fn look_at(
        &mut self,
        customer_ids: &StringChunked,
        table: &'t DataFrame,
        column: &str,
    ) -> Result<Vec<u32>, TableError> {
        let ids = frame::text(table, "customer_id")?.iter();
        let owners = frame::text(table, column)?.iter();
        let mut told = ids.zip(owners).peekable();
        let mut found = vec![NOBODY; customer_ids.len()];
        for (found, customer_id) in found.iter_mut().zip(customer_ids.iter()) {
            while told.next_if(|(id, _)| *id < customer_id).is_some() {}
            while let Some((_, owner)) = told.next_if(|(id, _)| *id == customer_id) {
                if let (Some(owner), NOBODY) = (owner, *found) {
                    *found = self.code(owner);
                }
            }
        }
        Ok(found)
    }

    fn code(&mut self, owner: &'t str) -> u32 {
        let names = &mut self.names;
        *self.codes.entry(owner).or_insert_with(|| {
            names.push(owner);
            names.len() as u32 - 1
        })
    }
}
