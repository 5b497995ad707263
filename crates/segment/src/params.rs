//! The parameters of all segmentations, as configured and as checked.

use serde::Deserialize;

use crate::categories::category_names;
use crate::columns;
use crate::error::SegmentError;
use crate::k_means::{KMeansParams, KMeansValidParams};
use crate::pareto::{ParetoParams, ParetoValidParams};
use crate::profiles::{ProfileParams, ProfileValidParams};
use crate::rfm_map::{NO_ORDERS, RfmMap, RfmMapParams};
use crate::signals::RankedSegmentation;
use crate::tiers::{NO_VALUE, VALUE_MEASURES, ValueTierParams, ValueTierValidParams};

/// Parameters of the segmentations; only what [`Self::check`] returns can run.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SegmentParams {
    /// Names of RFM segments. Default: the built-in map.
    pub rfm_map: RfmMapParams,
    /// Pareto classes. Default: by net sales, net profit and net integral value, 80 % and 95 %.
    pub pareto: ParetoParams,
    /// Tiers of value. Default: platinum, gold, silver and bronze.
    pub value_tiers: ValueTierParams,
    /// What is told of segments. Default: ten values of each category.
    pub profiles: ProfileParams,
    /// k-means clusters. Default: as many as the customers fall into.
    pub k_means: KMeansParams,
}

/// Checked parameters of the segmentations.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentValidParams {
    pub(crate) rfm_map: RfmMap,
    pub(crate) pareto: ParetoValidParams,
    pub(crate) value_tiers: ValueTierValidParams,
    pub(crate) profiles: ProfileValidParams,
    pub(crate) k_means: KMeansValidParams,
}

impl SegmentValidParams {
    /// The segmentations whose segments follow from the rank of customers by a column.
    #[must_use]
    pub fn ranked(&self) -> Vec<RankedSegmentation> {
        let of = |segmentation, measures| RankedSegmentation { segmentation, measures };
        let mut ranked = vec![of(
            "pareto_class",
            self.pareto.measures.iter().take(1).copied().collect(),
        )];
        for (segmentation, measure) in [("pareto_class_profit", "net_profit"), ("pareto_class_vin", "vin")] {
            if self.pareto.measures.contains(&measure) {
                ranked.push(of(segmentation, vec![measure]));
            }
        }
        let measures = self
            .value_tiers
            .measure
            .map_or(VALUE_MEASURES.to_vec(), |measure| vec![measure]);
        ranked.push(of("value_tier", measures));
        ranked
    }

    /// The values of the columns of `customer_segments` that the parameters decide.
    #[must_use]
    pub fn labels(&self) -> Vec<(&'static str, Vec<String>)> {
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let classes = || owned(vec!["A", "B", "C"]);
        vec![
            ("rfm_segment", owned(self.rfm_segment_names())),
            ("value_tier", owned(self.value_tier_names())),
            ("pareto_class", classes()),
            ("pareto_class_profit", classes()),
            ("pareto_class_vin", classes()),
        ]
    }

    /// All that `value_tier` can be, best first.
    pub(crate) fn value_tier_names(&self) -> Vec<&str> {
        let names = self.value_tiers.names.iter().map(String::as_str);
        names.chain([NO_VALUE]).collect()
    }

    /// All that `rfm_segment` can be.
    pub(crate) fn rfm_segment_names(&self) -> Vec<&str> {
        let names = self.rfm_map.names().iter().map(String::as_str);
        names.chain([NO_ORDERS]).collect()
    }
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
            pareto: self.pareto.check(&columns::money_names(), &category_names())?,
            value_tiers: self.value_tiers.check(&columns::money_names())?,
            profiles: self.profiles.check()?,
            k_means: self.k_means.check(&columns::numeric_names())?,
        })
    }
}
