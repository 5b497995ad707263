//! The parameters of all segmentations, as configured and as checked.

use serde::Deserialize;

use crate::columns;
use crate::error::SegmentError;
use crate::k_means::{KMeansParams, KMeansValidParams};
use crate::pareto::{ParetoParams, ParetoValidParams};
use crate::rfm_map::{RfmMap, RfmMapParams};

/// Parameters of the segmentations; only what [`Self::check`] returns can run.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SegmentParams {
    /// Names of RFM segments. Default: the built-in map.
    pub rfm_map: RfmMapParams,
    /// Pareto classes. Default: net sales, 80 % and 95 %.
    pub pareto: ParetoParams,
    /// k-means clusters. Default: five clusters of recency, orders and net sales.
    pub k_means: KMeansParams,
}

/// Checked parameters of the segmentations.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentValidParams {
    pub(crate) rfm_map: RfmMap,
    pub(crate) pareto: ParetoValidParams,
    pub(crate) k_means: KMeansValidParams,
}

impl SegmentParams {
    /// Checks the parameters. `rfm_bins` is the number of bins that the scores of
    /// `customer_features` were made with, 3 to 10.
    ///
    /// # Errors
    /// The first parameter that cannot be, with what it may be.
    ///
    /// ```
    /// use cartera_segment::SegmentParams;
    /// assert!(SegmentParams::default().check(5).is_ok());
    /// assert!(SegmentParams::default().check(2).is_err());
    /// ```
    pub fn check(&self, rfm_bins: u8) -> Result<SegmentValidParams, SegmentError> {
        Ok(SegmentValidParams {
            rfm_map: self.rfm_map.check(rfm_bins)?,
            pareto: self.pareto.check(&columns::money_names())?,
            k_means: self.k_means.check(&columns::numeric_names())?,
        })
    }
}
