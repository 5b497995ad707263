//! The stage of every customer's life as a segmentation.

use cartera_table::contracts::STAGES;
use cartera_table::frame;
use polars::prelude::DataFrame;

use crate::error::SegmentError;
use crate::labels::{Labels, OUTSIDE};

/// The stages as they stand in `customer_features`, whose contract knows no others.
pub(crate) fn lifecycle_labels(customers: &DataFrame) -> Result<Labels, SegmentError> {
    let code = |stage: Option<&str>| {
        let place = STAGES.iter().position(|known| Some(*known) == stage);
        place.map_or(OUTSIDE, |place| place as u16)
    };
    Ok(Labels {
        segmentation: "lifecycle_stage",
        names: STAGES.iter().map(|&stage| stage.to_owned()).collect(),
        codes: frame::text(customers, "lifecycle_stage")?.iter().map(code).collect(),
    })
}
