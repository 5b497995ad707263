//! A published table piece by piece, for readers that hand it on: memory does not grow with its rows.

use std::fs::File;
use std::path::PathBuf;

use polars::prelude::{DataFrame, ParquetReader, SerReader};

use super::error::StoreError;
use super::parquet::ROW_GROUP_ROWS;
use super::warehouse::PublishedRun;

/// The rows of a table, a row group at a time.
#[derive(Debug)]
pub struct TableFrames {
    path: PathBuf,
    rows: usize,
    next_row: usize,
}

impl PublishedRun {
    /// The rows of one of its tables, in order, with all its columns.
    ///
    /// # Errors
    /// When the run has no such table, or its file cannot be opened.
    pub fn frames(&self, table: &str) -> Result<TableFrames, StoreError> {
        TableFrames::open(self.table_path(table)?)
    }
}

impl TableFrames {
    fn open(path: PathBuf) -> Result<Self, StoreError> {
        let file = File::open(&path).map_err(StoreError::io("open", &path))?;
        let rows = ParquetReader::new(file).num_rows().map_err(StoreError::frame(&path))?;
        Ok(Self {
            path,
            rows,
            next_row: 0,
        })
    }

    /// Rows of the whole table.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows as u64
    }

    fn read(&self) -> Result<DataFrame, StoreError> {
        let file = File::open(&self.path).map_err(StoreError::io("open", &self.path))?;
        let reader = ParquetReader::new(file).with_slice(Some((self.next_row, ROW_GROUP_ROWS)));
        reader.finish().map_err(StoreError::frame(&self.path))
    }
}

impl Iterator for TableFrames {
    type Item = Result<DataFrame, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next_row >= self.rows {
            return None;
        }
        let frame = self.read();
        // After an error there is nothing more to be had.
        self.next_row = match &frame {
            Ok(_) => self.next_row + ROW_GROUP_ROWS,
            Err(_) => self.rows,
        };
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use cartera_table::Contract;
    use cartera_table::contracts::IdentityLinks;
    use polars::functions::concat_df_diagonal;

    use super::*;
    use crate::store::FileStamp;
    use crate::store::parquet::write_table;
    use crate::store::test_support::links;

    #[test]
    fn the_pieces_are_the_table() {
        const STAMP: FileStamp<'_> = FileStamp {
            fingerprint: "f",
            version: "0",
        };
        let folder = tempfile::tempdir().expect("a folder");
        let names: Vec<String> = (0..ROW_GROUP_ROWS + 3).map(|row| format!("{row:07}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for rows in [0, 1, ROW_GROUP_ROWS, ROW_GROUP_ROWS + 3] {
            let table = links(&names[..rows]);
            let path = folder.path().join(format!("{rows}.parquet"));
            write_table(table.frame(), &IdentityLinks::INFO, &STAMP, &path).expect("written");
            let frames = TableFrames::open(path).expect("opened");
            assert_eq!(frames.rows(), rows as u64);
            let frames: Vec<DataFrame> = frames.collect::<Result<_, _>>().expect("read");
            assert_eq!(frames.len(), rows.div_ceil(ROW_GROUP_ROWS));
            if rows > 0 {
                let whole = concat_df_diagonal(&frames).expect("equal columns");
                assert!(whole.equals_missing(table.frame()), "{rows} rows");
            }
        }
    }

    #[test]
    fn a_file_that_ends_early_is_an_error_and_no_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cut.parquet");
        std::fs::write(&path, b"PAR1").expect("written");
        assert!(TableFrames::open(path).is_err());
    }
}
