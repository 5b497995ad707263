//! Development only: folders with pipelines in them, real data where it is present, table asserts, and a browser.

mod browser;

pub use browser::{Browser, View};

mod postgres;

use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;
use tempfile::TempDir;

pub use postgres::PostgresServer;

/// A temporary folder with raw files, a pipeline and its warehouse.
#[derive(Debug)]
pub struct Workshop {
    folder: TempDir,
}

impl Default for Workshop {
    fn default() -> Self {
        Self::new()
    }
}

impl Workshop {
    /// An empty folder.
    ///
    /// # Panics
    /// When the system gives none; likewise below: this is for tests.
    #[must_use]
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("the system gives temporary folders"),
        }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder that the pipelines of [`Self::pipeline`] publish in.
    #[must_use]
    pub fn warehouse(&self) -> PathBuf {
        self.path().join("warehouse")
    }

    /// Writes a file.
    ///
    /// # Panics
    /// When the disk refuses.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(&path, content).expect("written");
        path
    }

    /// Writes `pipeline.toml` for files of lines with the columns
    /// `order,line,customer,day,product,quantity,price`, with further sections at the end.
    pub fn pipeline(&self, files: &str, further: &str) -> PathBuf {
        let text = format!(
            r#"[pipeline]
name = "test"
warehouse = "warehouse"
as_of = "2024-12-31"
time_zone = "Europe/Madrid"
currency = "EUR"

[[source]]
name = "shop"
table = "order_lines"
path = "{files}"

[source.format]
date_format = "%Y-%m-%d"

[source.columns]
customer_key = "customer"
order_id = "order"
line_number = "line"
product_id = "product"
ordered_at = "day"
quantity = "quantity"
unit_price = "price"

{further}"#
        );
        self.file("pipeline.toml", text)
    }
}

/// The header of the files that [`Workshop::pipeline`] reads.
pub const HEADER: &str = "order,line,customer,day,product,quantity,price\n";

/// A folder of the real data, or none after saying that the test was skipped.
///
/// It is looked for in `CARTERA_REAL_DATA`, else beside the repository.
#[must_use]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub fn real_data(folder: &str) -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let root = std::env::var_os("CARTERA_REAL_DATA").map_or(default, PathBuf::from);
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!(
        "SKIPPED: this test needs the real data {folder}, and {} is not there",
        path.display()
    );
    None
}

/// The files of a folder and of the folders in it with their contents, sorted by name, without those named.
///
/// # Panics
/// When the folder cannot be read.
#[must_use]
pub fn contents(folder: &Path, except: &[&str]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        if except.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            let inner = contents(&entry.path(), except).into_iter();
            files.extend(inner.map(|(inner, content)| (format!("{name}/{inner}"), content)));
        } else {
            files.push((name, fs::read(entry.path()).expect("a file")));
        }
    }
    files.sort();
    files
}

/// One row of a frame, found by the text in a column, as (column, text) pairs; nulls are left out.
///
/// # Panics
/// When there is no such row.
#[must_use]
pub fn row(frame: &DataFrame, key: &str, value: &str) -> Vec<(String, String)> {
    let keys = frame.column(key).expect("a column").str().expect("text");
    let place = keys
        .iter()
        .position(|found| found == Some(value))
        .unwrap_or_else(|| panic!("no row with {key} = {value}"));
    frame
        .columns()
        .iter()
        .filter_map(|column| {
            let value = column.get(place).expect("a row");
            (!value.is_null()).then(|| {
                (
                    column.name().to_string(),
                    value.to_string().trim_matches('"').to_owned(),
                )
            })
        })
        .collect()
}
