//! Writes the files of the made-up retailer: only this crate writes files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use cartera_sample::{SampleContents, SampleFile, SampleParams, SampleValidParams};

use crate::error::PipelineError;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleRequest {
    /// Customers of the retailer.
    pub customers: u64,
    /// The same seed gives the same files.
    pub seed: u64,
    /// Defects of each kind to plant.
    pub defects_per_kind: u32,
    /// Share of the customers who have a second key; none for the default.
    pub second_key_share: Option<f64>,
    /// Writes the order lines of this many last days to a file of their own.
    pub split_last_days: Option<u32>,
}

impl SampleRequest {
    /// A retailer without defects, in one file of order lines.
    pub fn new(customers: u64, seed: u64) -> Self {
        Self {
            customers,
            seed,
            defects_per_kind: 0,
            second_key_share: None,
            split_last_days: None,
        }
    }

    fn check(&self) -> Result<SampleValidParams, PipelineError> {
        let defaults = SampleParams::new(self.customers, self.seed);
        let params = SampleParams {
            defects_per_kind: self.defects_per_kind,
            second_key_share: self.second_key_share.unwrap_or(defaults.second_key_share),
            split_last_days: self.split_last_days,
            ..defaults
        };
        Ok(params.check()?)
    }
}

/// What was written.
#[derive(Debug)]
pub struct SampleReport {
    /// Every file, in the order of [`SampleFile::ALL`].
    pub files: Vec<(SampleFile, PathBuf)>,
    /// What they hold.
    pub contents: SampleContents,
}

/// Writes all files of a sample into a folder, which is made where it is missing.
///
/// # Errors
/// When the request is refused or the disk is.
pub fn write_sample(folder: &Path, request: &SampleRequest) -> Result<SampleReport, PipelineError> {
    let params = request.check()?;
    fs::create_dir_all(folder).map_err(|cause| PipelineError::Write {
        path: folder.to_owned(),
        cause,
    })?;
    let mut files = OpenFiles {
        folder,
        open: BTreeMap::new(),
        refused: None,
    };
    let contents = cartera_sample::write_sample(&params, &mut |file, bytes| files.write(file, bytes));
    // The path is known here alone: the generator has seen an error without one.
    if let Some(refused) = files.refused.take() {
        return Err(refused);
    }
    Ok(SampleReport {
        files: files.close()?,
        contents: contents?,
    })
}

/// The files of a sample while they are written; several grow at once.
struct OpenFiles<'a> {
    folder: &'a Path,
    open: BTreeMap<SampleFile, BufWriter<File>>,
    refused: Option<PipelineError>,
}

impl OpenFiles<'_> {
    fn write(&mut self, file: SampleFile, bytes: &[u8]) -> io::Result<()> {
        self.try_write(file, bytes).map_err(|cause| {
            let kind = cause.kind();
            self.refused = Some(self.failed(file, cause));
            kind.into()
        })
    }

    fn try_write(&mut self, file: SampleFile, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(file.name());
        let writer = match self.open.entry(file) {
            std::collections::btree_map::Entry::Occupied(open) => open.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                new.insert(BufWriter::with_capacity(1 << 18, File::create(path)?))
            }
        };
        writer.write_all(bytes)
    }

    fn close(mut self) -> Result<Vec<(SampleFile, PathBuf)>, PipelineError> {
        let mut paths = Vec::new();
        for (file, mut writer) in std::mem::take(&mut self.open) {
            writer.flush().map_err(|cause| self.failed(file, cause))?;
            paths.push((file, self.folder.join(file.name())));
        }
        Ok(paths)
    }

    fn failed(&self, file: SampleFile, cause: io::Error) -> PipelineError {
        PipelineError::Write {
            path: self.folder.join(file.name()),
            cause,
        }
    }
}
