//! What the tests share: files in a folder, sources over them, and books that are checked after each reading.

use std::collections::BTreeMap;
use std::fs;

use cartera_ingest::quality::QualityBook;
use cartera_ingest::{
    ColumnParams, ColumnsParams, FormatParams, Intake, LineSource, ReadParams, ReadSinks, SourceDefaults, SourceParams,
    SourceRows, SourceTableParams, source_files, source_table,
};
use cartera_table::{
    Contract, Count, Currency, Defect, Disposition, ErasedKeys, Ledger, Progress, Quarantine, SourceDenial,
    SourceDenials, Table,
};
use jiff::tz::TimeZone;
use tempfile::TempDir;

/// Nobody looks.
struct Blind;

impl Progress for Blind {
    fn advance(&self, _: u64, _: u64) {}
}

/// Files and the sources over them.
pub(crate) struct Sources {
    folder: TempDir,
    sources: Vec<LineSource>,
    erased: ErasedKeys,
}

/// What was read, with its books, which balance.
pub(crate) struct Reading<T: Contract> {
    pub(crate) table: Table<T>,
    /// Rows of erased keys whose money counts.
    pub(crate) erased: Option<Table<T>>,
    pub(crate) defects: Vec<Defect>,
    pub(crate) denials: Vec<SourceDenial>,
    counts: BTreeMap<(Disposition, Option<&'static str>), Count>,
}

impl Sources {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            sources: Vec::new(),
            erased: ErasedKeys::default(),
        }
    }

    /// Erases a key.
    pub(crate) fn without(mut self, key_space: &str, key: &str) -> Self {
        self.erased = ErasedKeys::new([1; 32], [ErasedKeys::new([1; 32], []).hash_of(key_space, key)]);
        self
    }

    /// Adds a source of a table over some files.
    pub(crate) fn with<const N: usize, F: AsRef<[u8]>>(
        self,
        table: &str,
        columns: [(&str, ColumnParams); N],
        files: &[F],
    ) -> Self {
        self.with_params(table, columns, files, |_| {})
    }

    pub(crate) fn with_params<const N: usize, F: AsRef<[u8]>>(
        mut self,
        table: &str,
        columns: [(&str, ColumnParams); N],
        files: &[F],
        change: impl FnOnce(&mut SourceParams),
    ) -> Self {
        let index = self.sources.len();
        let paths: Vec<_> = files
            .iter()
            .enumerate()
            .map(|(number, text)| {
                let path = self.folder.path().join(format!("{index}-{number}.csv"));
                fs::write(&path, text).expect("written");
                path
            })
            .collect();
        let mut params = SourceParams {
            name: format!("source-{index}"),
            table: table.to_owned(),
            path: Some("unused".to_owned()),
            format: FormatParams {
                date_format: Some("%Y-%m-%d".to_owned()),
                ..FormatParams::default()
            },
            columns: ColumnsParams::from(columns),
            ..SourceParams::default()
        };
        change(&mut params);
        let defaults = SourceDefaults {
            time_zone: &TimeZone::UTC,
            currency: Currency::parse("EUR").expect("a currency"),
        };
        self.sources.push(LineSource {
            params: params.check(&defaults).expect("valid"),
            files: source_files(paths).expect("there"),
            source_index: index,
        });
        self
    }

    /// Reads a table in small blocks by several threads, and checks that every row of every source went to one
    /// place.
    pub(crate) fn read<T: Contract>(&self) -> Reading<T> {
        let (intake, quarantine, ledger) = (Intake::default(), Quarantine::default(), Ledger::default());
        let denials = SourceDenials::default();
        let sinks = ReadSinks {
            intake: &intake,
            quarantine: &quarantine,
            denials: &denials,
            ledger: &ledger,
            quality: &QualityBook::default(),
            specs: &[],
            progress: &Blind,
        };
        let params = SourceTableParams {
            read: ReadParams {
                threads: 3,
                block_bytes: 64,
                segment_bytes: 1 << 20,
            },
            time_zone: &TimeZone::get("Europe/Madrid").expect("a zone"),
            erased: &self.erased,
        };
        let SourceRows { table, erased } =
            source_table::<T>(&self.sources, params, sinks).unwrap_or_else(|error| panic!("{error}"));
        for source in &self.sources {
            let index = source.source_index;
            ledger
                .balance(
                    index,
                    &source.params.name,
                    intake.of_source(index),
                    &intake.currencies_of_source(index),
                )
                .unwrap_or_else(|error| panic!("{error}"));
        }
        let mut counts: BTreeMap<_, Count> = BTreeMap::new();
        for (cell, count) in ledger.cells() {
            counts.entry((cell.disposition, cell.reason)).or_default().add(count);
        }
        Reading {
            table,
            erased,
            defects: quarantine.take(),
            denials: denials.take(),
            counts,
        }
    }
}

impl<T: Contract> Reading<T> {
    /// Rows and ten-thousandths of money of a disposition and reason.
    pub(crate) fn count(&self, disposition: Disposition, reason: Option<&'static str>) -> (u64, i128) {
        let count = self.counts.get(&(disposition, reason)).copied().unwrap_or_default();
        (count.rows, count.amount.0)
    }

    /// A column as text, nulls as `-`.
    pub(crate) fn column(&self, name: &str) -> Vec<String> {
        let column = self.table.frame().column(name).expect("a column");
        (0..column.len())
            .map(|row| {
                let value = column.get(row).expect("a row");
                if value.is_null() {
                    "-".to_owned()
                } else {
                    value.to_string().trim_matches('"').to_owned()
                }
            })
            .collect()
    }

    /// Row, column, value and reason of each defect.
    pub(crate) fn reasons(&self) -> Vec<(u64, &'static str, &str, &'static str)> {
        let defects = self.defects.iter();
        defects
            .map(|defect| {
                let value = defect.value.as_deref().unwrap_or_default();
                (defect.row, defect.column.unwrap_or("-"), value, defect.reason)
            })
            .collect()
    }
}

/// A column by its header name.
pub(crate) fn named(name: &str) -> ColumnParams {
    ColumnParams::named(name)
}

/// A column whose values are translated.
pub(crate) fn translated<const N: usize>(name: &str, values: [(&str, &str); N]) -> ColumnParams {
    let owned = |(theirs, ours): (&str, &str)| (theirs.to_owned(), ours.to_owned());
    ColumnParams {
        values: values.into_iter().map(owned).collect(),
        ..named(name)
    }
}

/// A column of dates in a format of its own.
pub(crate) fn dated(name: &str, format: &str) -> ColumnParams {
    ColumnParams {
        format: Some(format.to_owned()),
        ..named(name)
    }
}
