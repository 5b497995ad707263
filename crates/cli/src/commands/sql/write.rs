//! Answers as files.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;

use cartera_pipeline::sql::SqlAnswer;
use cartera_pipeline::store::write_answer;
use polars::prelude::ParquetWriter;

use super::print;
use crate::render;

/// Form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Parquet,
    Csv,
    Json,
    Ndjson,
}

impl Form {
    /// As the file's name says.
    pub(super) fn of(path: &Path) -> anyhow::Result<Self> {
        match path.extension().and_then(OsStr::to_str) {
            Some("parquet") => Ok(Self::Parquet),
            Some("csv") => Ok(Self::Csv),
            Some("json") => Ok(Self::Json),
            Some("ndjson" | "jsonl") => Ok(Self::Ndjson),
            _ => anyhow::bail!(
                "{} does not say its form: name it .parquet, .csv, .json or .ndjson",
                path.display()
            ),
        }
    }
}

/// Writes the answer in one piece; says how many bytes it took.
pub(super) fn write(path: &Path, form: Form, answer: &SqlAnswer) -> anyhow::Result<u64> {
    let mut write = |out: &mut dyn Write| match form {
        Form::Parquet => {
            let mut rows = answer.rows.clone();
            ParquetWriter::new(out)
                .finish(&mut rows)
                .map(|_| ())
                .map_err(io::Error::other)
        }
        Form::Csv => render::as_csv(out, &answer.rows),
        Form::Json => print::as_json(out, &answer.rows),
        Form::Ndjson => print::as_ndjson(out, &answer.rows),
    };
    Ok(write_answer(path, answer.personal, &mut write)?)
}
