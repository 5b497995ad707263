//! Columns of published tables. What a run of another version does not have is not there, and no error.

use cartera_table::Contract;
use polars::prelude::DataFrame;

use crate::error::PipelineError;
use crate::store::read::{ReadOptions, read_frame};
use crate::store::{PublishedRun, StoreError};

/// Some columns of a table; none where the run has not all of them.
pub(super) fn columns<T: Contract>(run: &PublishedRun, names: &[&str]) -> Result<Option<DataFrame>, PipelineError> {
    let Ok(path) = run.table_path(T::INFO.name) else {
        return Ok(None);
    };
    let options = ReadOptions {
        columns: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        rows: None,
    };
    match read_frame(&path, &T::INFO, &options) {
        Ok(frame) => Ok(Some(frame)),
        Err(StoreError::NoColumn { .. } | StoreError::OtherType { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The same columns of both runs; none where one of them has not all.
pub(super) fn columns_of_both<T: Contract>(
    (before, after): (&PublishedRun, &PublishedRun),
    names: &[&str],
) -> Result<Option<(DataFrame, DataFrame)>, PipelineError> {
    let Some(of_before) = columns::<T>(before, names)? else {
        return Ok(None);
    };
    Ok(columns::<T>(after, names)?.map(|of_after| (of_before, of_after)))
}
