//! The customers of a list with all that its files need of them.

use cartera_table::ColumnType;
use cartera_table::frame::{int64, text};
use polars::prelude::{ChunkTake, DataFrame, IdxCa, NewChunkedArray};
use rayon::prelude::*;

use super::FileValidParams;
use super::error::FilesError;
use crate::base::Base;
use crate::permissions::Ids;

const ID: &str = "customer_id";

/// The customers of a list by rank, or by customer where none is told, with what the base knows of them. `people` comes by
/// customer and has `customer_id` and, where they are told, `rank`, `expected_value` and `listed_since` of
/// `target_decisions`; the base has the columns that [`FileValidParams::base_columns`] asks for. A customer whom the base
/// does not know has nulls.
///
/// # Errors
/// When `people` has no customers, or the base lacks a column.
pub fn members(people: &DataFrame, base: &Base, params: &FileValidParams) -> Result<DataFrame, FilesError> {
    const OF_LIST: [(&str, ColumnType); 3] = [
        ("rank", ColumnType::Int64),
        ("expected_value", ColumnType::Float64),
        ("listed_since", ColumnType::Date),
    ];
    let order = by_rank(people)?;
    let mut columns = vec![people.column(ID)?.take(&order)?];
    for (name, column_type) in OF_LIST {
        columns.push(match people.column(name) {
            Ok(told) => told.take(&order)?,
            Err(_) => cartera_table::frame::null_column(name, column_type, people.height()),
        });
    }
    let rows = rows_of(people, base)?.take(&order)?;
    for name in params.base_columns().iter().filter(|name| *name != ID) {
        columns.push(base.frame().column(name)?.take(&rows)?);
    }
    let mut members = DataFrame::new(people.height(), columns)?;
    members.rechunk_mut();
    Ok(members)
}

fn by_rank(people: &DataFrame) -> Result<IdxCa, FilesError> {
    let mut order: Vec<u32> = (0..).take(people.height()).collect();
    if people.column("rank").is_ok() {
        let ranks: Vec<Option<i64>> = int64(people, "rank")?.iter().collect();
        order.par_sort_by_key(|&place| ranks[place as usize]);
    }
    Ok(IdxCa::from_vec("place".into(), order))
}

/// The row of the base of each of them: a walk over both, which are by customer.
fn rows_of(people: &DataFrame, base: &Base) -> Result<IdxCa, FilesError> {
    let ids = Ids::new(text(base.frame(), ID)?);
    let mut cursor = ids.cursor();
    let people = text(people, ID)?.iter();
    let rows = people.map(|id| id.and_then(|id| cursor.find(id)));
    Ok(IdxCa::from_iter_options("row".into(), rows))
}
