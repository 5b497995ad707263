//! Writes the files of the made-up retailer: only this crate writes files.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use cartera_sample::{SampleParams, SampleTotals, SampleValidParams, customer_truth, order_lines};

use crate::error::PipelineError;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleRequest {
    /// Customers of the retailer.
    pub customers: u64,
    /// The same seed gives the same files.
    pub seed: u64,
    /// Defects of each kind to plant.
    pub defects_per_kind: u32,
}

/// What was written.
#[derive(Debug)]
pub struct SampleReport {
    /// The lines.
    pub order_lines: PathBuf,
    /// The truth of each customer.
    pub truth: PathBuf,
    /// The totals of the lines.
    pub totals: SampleTotals,
}

/// Writes `order_lines.csv` and `truth_customers.csv` into a folder, which is made where it is missing.
///
/// # Errors
/// When the request is refused or the disk is.
pub fn write_sample(folder: &Path, request: &SampleRequest) -> Result<SampleReport, PipelineError> {
    let mut params = SampleParams::new(request.customers, request.seed);
    params.defects_per_kind = request.defects_per_kind;
    let params: SampleValidParams = params.check()?;
    fs::create_dir_all(folder).map_err(|cause| PipelineError::Write {
        path: folder.to_owned(),
        cause,
    })?;
    let lines_path = folder.join("order_lines.csv");
    let truth_path = folder.join("truth_customers.csv");
    let totals = write_file(&lines_path, |out| order_lines(&params, out))?;
    write_file(&truth_path, |out| customer_truth(&params, out))?;
    Ok(SampleReport {
        order_lines: lines_path,
        truth: truth_path,
        totals,
    })
}

fn write_file<R>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<R, cartera_sample::SampleError>,
) -> Result<R, PipelineError> {
    let failed = |cause| PipelineError::Write {
        path: path.to_owned(),
        cause,
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).map_err(failed)?);
    let result = write(&mut out)?;
    out.flush().map_err(failed)?;
    Ok(result)
}
