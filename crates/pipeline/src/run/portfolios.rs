//! Portfolios, and whether what was written of them holds.

use std::collections::BTreeMap;

use cartera_segment::{PortfolioSources, PortfolioTables, portfolios};
use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Customers, PortfolioOwners, Portfolios};
use cartera_table::frame::{decimal, int64, text};
use cartera_table::{AsOf, Contract, Table};
use polars::prelude::DataFrame;

use super::inputs::Work;
use super::observer::Stage;
use super::stages::{Computed, StageTimer};
use super::tables::SourceTables;
use crate::error::PipelineError;
use crate::store::Staging;
use crate::store::read::{ReadOptions, read_frame, read_table, recount};

/// What portfolios are made of, beside the owners.
#[derive(Clone, Copy)]
pub(super) struct Base<'b> {
    pub(super) features: &'b Table<CustomerFeatures>,
    pub(super) segments: &'b Table<CustomerSegments>,
    /// Those of the customer files.
    pub(super) customers: &'b Table<Customers>,
    /// Who looked after them in the run before.
    pub(super) before: Option<&'b DataFrame>,
    pub(super) as_of: AsOf,
}

/// The portfolios; a stage of its own where there are owners.
pub(super) fn portfolios_of(
    work: &Work<'_>,
    timer: &mut StageTimer<'_>,
    tables: &SourceTables,
    base: Base<'_>,
) -> Result<PortfolioTables, PipelineError> {
    let sources = PortfolioSources {
        features: base.features,
        segments: base.segments,
        owners: tables.owners.as_ref(),
        customers: base.customers,
        before: base.before,
        as_of: base.as_of,
    };
    let make = || -> Result<(PortfolioTables, u64), PipelineError> {
        let made = portfolios(sources, &work.config.portfolios)?;
        let rows = made.portfolios.height() as u64;
        Ok((made, rows))
    };
    if tables.owners.is_none() {
        return Ok(make()?.0);
    }
    timer.time(Stage::Portfolios, None, make)
}

/// What an owner holds, as the rows of the customers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Held {
    customers: i64,
    workload: i128,
}

/// Counts again what was written: every customer stands there once, every owner has what the table of owners says, and
/// nobody is over capacity.
pub(super) fn portfolios_agree(staging: &Staging<'_>, computed: &Computed<'_>) -> Result<(), PipelineError> {
    if computed.portfolios.summary.is_none() {
        return Ok(());
    }
    let customers = recount(&staging.table_path(CustomerFeatures::INFO.name), &[])?.rows;
    let path = staging.table_path(Portfolios::INFO.name);
    // The table was checked to have no customer twice.
    let written = recount(&path, &[])?.rows;
    if written != customers {
        return Err(disagrees(format!(
            "customers: {written} stand in it, there are {customers}"
        )));
    }
    let columns = ["owner_id", "workload"].map(str::to_owned).to_vec();
    let options = ReadOptions {
        columns: Some(columns),
        rows: None,
    };
    let written = read_frame(&path, &Portfolios::INFO, &options)?;
    let mut held: BTreeMap<&str, Held> = BTreeMap::new();
    for (owner, workload) in text(&written, "owner_id")?
        .iter()
        .zip(decimal(&written, "workload")?.iter())
    {
        if let Some(owner) = owner {
            let held = held.entry(owner).or_default();
            held.customers += 1;
            held.workload += workload.unwrap_or_default();
        }
    }
    let owners = read_table::<PortfolioOwners>(&staging.table_path(PortfolioOwners::INFO.name))?;
    check_owners(&owners, held)
}

fn check_owners(owners: &Table<PortfolioOwners>, mut held: BTreeMap<&str, Held>) -> Result<(), PipelineError> {
    let frame = owners.frame();
    let (customers, most) = (int64(frame, "customers")?, int64(frame, "capacity_customers")?);
    let (workload, most_work) = (decimal(frame, "workload")?, decimal(frame, "capacity_workload")?);
    for (row, owner) in text(frame, "owner_id")?.iter().enumerate() {
        let owner = owner.unwrap_or_default();
        let found = held.remove(owner).unwrap_or_default();
        let told = Held {
            customers: customers.get(row).unwrap_or_default(),
            workload: workload.get(row).unwrap_or_default(),
        };
        if found != told {
            return Err(disagrees(format!(
                "{owner} has {found:?} by the customers and {told:?} by the owners"
            )));
        }
        let is_over = most.get(row).is_some_and(|most| found.customers > most)
            || most_work.get(row).is_some_and(|most| found.workload > most);
        if is_over {
            return Err(disagrees(format!("{owner} is over capacity with {found:?}")));
        }
    }
    match held.first_key_value() {
        None => Ok(()),
        Some((owner, found)) => Err(disagrees(format!("{owner} has {found:?} and is no owner"))),
    }
}

fn disagrees(detail: String) -> PipelineError {
    PipelineError::Recount {
        table: Portfolios::INFO.name,
        detail,
    }
}

#[cfg(test)]
mod tests {
    use cartera_table::frame::{null_column, sum_column};
    use polars::prelude::Column;

    use super::*;

    /// Two owners, of whom the first has at most two customers and five units of work.
    fn owners(customers: [i64; 2], workload: [i128; 2]) -> Table<PortfolioOwners> {
        let columns = PortfolioOwners::INFO.columns.iter().map(|column| match column.name {
            "owner_id" => Column::new("owner_id".into(), ["ann", "bob"]),
            "is_active" => Column::new("is_active".into(), [true, true]),
            "customers" => Column::new("customers".into(), customers),
            "workload" => sum_column("workload", workload.to_vec()),
            "capacity_customers" => Column::new("capacity_customers".into(), [Some(2_i64), None]),
            "capacity_workload" => sum_column("capacity_workload", vec![50_000, 1_000_000]),
            "value" => sum_column("value", vec![0, 0]),
            name if !column.nullable => Column::new(name.into(), [0_i64, 0]),
            name => null_column(name, column.column_type, 2),
        });
        Table::new(DataFrame::new(2, columns.collect()).expect("one height")).expect("valid")
    }

    fn held(ann: (i64, i128)) -> BTreeMap<&'static str, Held> {
        let (customers, workload) = ann;
        let bob = Held {
            customers: 3,
            workload: 90_000,
        };
        BTreeMap::from([("ann", Held { customers, workload }), ("bob", bob)])
    }

    fn refusal(owners: &Table<PortfolioOwners>, held: BTreeMap<&str, Held>) -> String {
        check_owners(owners, held).expect_err("refused").to_string()
    }

    #[test]
    fn portfolios_that_do_not_hold_are_refused() {
        let sound = owners([2, 3], [50_000, 90_000]);
        assert!(check_owners(&sound, held((2, 50_000))).is_ok());
        assert!(refusal(&sound, held((1, 50_000))).contains("ann has"));
        let over = owners([3, 3], [50_000, 90_000]);
        assert!(refusal(&over, held((3, 50_000))).contains("ann is over capacity"));
        let over = owners([2, 3], [50_001, 90_000]);
        assert!(refusal(&over, held((2, 50_001))).contains("ann is over capacity"));
        let mut stranger = held((2, 50_000));
        stranger.insert("zoe", Held::default());
        assert!(refusal(&sound, stranger).contains("zoe has"));
    }
}
