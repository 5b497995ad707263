//! Customers by recency and frequency, the two scores that say who is still there.

use cartera_table::contracts::CustomerFeatures;
use cartera_table::{Contract, TableError, frame};
use polars::prelude::DataFrame;

use crate::columns;
use crate::cross::{Codes, cross};
use crate::error::SegmentError;
use crate::labels::{Labels, OUTSIDE};
use crate::profiles::{Keys, Overflow, segments};
use crate::worth::Worth;

/// Money that is summed up beside net sales and net integral value.
const MONEY: [&str; 3] = ["gross_margin", "net_profit", "clv_horizon"];

/// Decimals of money.
const SCALE: u8 = 4;

/// One row of `rfm_matrix`; the fields are its columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MatrixCell {
    pub(crate) recency_score: i32,
    pub(crate) frequency_score: i32,
    pub(crate) customers: usize,
    pub(crate) customer_share: Option<f64>,
    pub(crate) net_sales: i128,
    /// Of [`MONEY`], in this order.
    pub(crate) money: [Option<i128>; 3],
    pub(crate) vin: Option<i128>,
    pub(crate) median_net_sales: Option<f64>,
    pub(crate) main_segment: Option<String>,
}

/// All cells of `bins` by `bins`; `rfm` has checked that scores stay within them.
pub(crate) fn rfm_matrix(
    customers: &DataFrame,
    bins: u8,
    rfm: &Labels,
    worth: &Worth,
) -> Result<Vec<MatrixCell>, SegmentError> {
    let labels = cells_of(customers, bins)?;
    let sizes = labels.sizes();
    let scored: usize = sizes.iter().sum();
    let mut cells: Vec<MatrixCell> = (0..sizes.len())
        .map(|cell| MatrixCell {
            recency_score: (cell / usize::from(bins)) as i32 + 1,
            frequency_score: (cell % usize::from(bins)) as i32 + 1,
            customers: sizes[cell],
            customer_share: (scored > 0).then(|| sizes[cell] as f64 / scored as f64),
            net_sales: 0,
            money: [None; 3],
            vin: None,
            median_net_sales: None,
            main_segment: None,
        })
        .collect();
    add_segments(&mut cells, &labels, rfm, worth)?;
    for (cell, split) in cells.iter_mut().zip(split(customers, "net_sales", &labels, &sizes)?) {
        cell.median_net_sales = split.median;
    }
    for (place, name) in MONEY.into_iter().enumerate() {
        for (cell, split) in cells.iter_mut().zip(split(customers, name, &labels, &sizes)?) {
            cell.money[place] = split.sum;
        }
    }
    Ok(cells)
}

/// One column in a cell.
struct Split {
    sum: Option<i128>,
    median: Option<f64>,
}

/// A column of money, cell by cell.
fn split(
    customers: &DataFrame,
    name: &'static str,
    labels: &Labels,
    sizes: &[usize],
) -> Result<Vec<Split>, SegmentError> {
    let column = CustomerFeatures::INFO.column(name);
    let column = column.ok_or_else(|| TableError::MissingColumn {
        table: CustomerFeatures::INFO.name.into(),
        column: name.into(),
    })?;
    let keys = Keys::new(columns::read(customers, column)?);
    let overflow = |Overflow| SegmentError::Overflow { column: name.into() };
    let of_cells = segments(&keys, labels, sizes, None, &mut Vec::new()).map_err(overflow)?;
    of_cells
        .into_iter()
        .map(|cell| {
            let sum = cell.totals.sum.unscaled_at(SCALE).map_err(overflow)?;
            Ok(Split {
                sum: sum.filter(|_| cell.totals.value_count > 0),
                median: cell.median,
            })
        })
        .collect()
}

/// The cell of every customer with scores.
fn cells_of(customers: &DataFrame, bins: u8) -> Result<Labels, TableError> {
    let recency = frame::int32(customers, "recency_score")?;
    let frequency = frame::int32(customers, "frequency_score")?;
    let code = |(recency, frequency): (Option<i32>, Option<i32>)| match (recency, frequency) {
        // Scores are 1 to at most 10.
        (Some(recency), Some(frequency)) => ((recency - 1) * i32::from(bins) + frequency - 1) as u16,
        _ => OUTSIDE,
    };
    Ok(Labels {
        segmentation: "rfm_matrix",
        names: vec![String::new(); usize::from(bins) * usize::from(bins)],
        codes: recency.iter().zip(frequency.iter()).map(code).collect(),
    })
}

fn added(column: &str, sum: i128, value: i128) -> Result<i128, SegmentError> {
    sum.checked_add(value)
        .ok_or_else(|| SegmentError::Overflow { column: column.into() })
}

/// What customers bring, and the segment that most of them are in.
fn add_segments(cells: &mut [MatrixCell], labels: &Labels, rfm: &Labels, worth: &Worth) -> Result<(), SegmentError> {
    let by_segment = cross(
        Codes {
            codes: &labels.codes,
            names: labels.names.len(),
        },
        Codes {
            codes: &rfm.codes,
            names: rfm.names.len(),
        },
        worth,
    )?;
    let mut most = vec![0_usize; cells.len()];
    for part in by_segment {
        let (Some(place), Some(segment)) = (part.left, part.right) else {
            continue;
        };
        let (cell, name) = (&mut cells[place], &rfm.names[segment]);
        cell.net_sales = added("net_sales", cell.net_sales, part.sum.net_sales)?;
        cell.vin = match (cell.vin, part.sum.vin) {
            (Some(sum), Some(vin)) => Some(added("vin", sum, vin)?),
            (sum, vin) => sum.or(vin),
        };
        let is_first = cell.main_segment.as_ref().is_none_or(|main| name < main);
        if part.sum.customers > most[place] || (part.sum.customers == most[place] && is_first) {
            most[place] = part.sum.customers;
            cell.main_segment = Some(name.clone());
        }
    }
    Ok(())
}
