//! The stage: one table of customers in, their segments out.

use cartera_table::contracts::{CustomerFeatures, CustomerSegments, ParetoCurve, SegmentProfiles};
use cartera_table::{ColumnDef, Money, Table, frame};
use polars::prelude::DataFrame;

use crate::columns;
use crate::error::SegmentError;
use crate::k_means::{Clustering, KMeansValidParams, cluster};
use crate::labels::{Labels, OUTSIDE};
use crate::params::SegmentValidParams;
use crate::pareto::{ParetoClass, ParetoRanking, ParetoValidParams, curve};
use crate::profiles::{Profile, ProfiledFeature, profiles};
use crate::rfm_map::rfm_labels;
use crate::summary::{
    ClusterSummary, KMeansSummary, ParetoClassSummary, ParetoSummary, RfmSegmentSummary, SegmentSummary,
};
use crate::tables;

/// Customers in segments.
#[derive(Debug, Clone)]
pub struct Segmentation {
    /// The labels of every customer.
    pub segments: Table<CustomerSegments>,
    /// What each segment looks like.
    pub profiles: Table<SegmentProfiles>,
    /// How concentrated the measure is.
    pub pareto_curve: Table<ParetoCurve>,
    /// The same in figures.
    pub summary: SegmentSummary,
}

/// Puts customers into named RFM segments, Pareto classes and k-means clusters.
///
/// Customers without an order are `no_orders`, take part in the Pareto classes, and are in no
/// cluster. Segments without customers have no profile.
///
/// # Errors
/// When scores do not fit `params`, when a k-means feature has no finite value for a customer with
/// orders, when a total overflows, or when a table breaks its contract.
pub fn segment(features: &Table<CustomerFeatures>, params: &SegmentValidParams) -> Result<Segmentation, SegmentError> {
    let customers = features.frame();
    let rfm_segment = rfm_labels(customers, &params.rfm_map)?;
    let pareto = Pareto::of(customers, &params.pareto)?;
    let clusters = Clusters::of(customers, &params.k_means)?;

    let mut labels = vec![&rfm_segment, &pareto.labels];
    labels.extend(clusters.as_ref().map(|clusters| &clusters.labels));
    let read = |column: &&'static ColumnDef| {
        Ok(ProfiledFeature {
            values: columns::read(customers, column)?,
            is_additive: columns::is_additive(column),
        })
    };
    let profiles = profiles(&labels, &columns::numeric(), read)?;
    Ok(Segmentation {
        segments: tables::customer_segments(
            customers,
            &rfm_segment,
            &pareto.labels,
            clusters.as_ref().map(|clusters| &clusters.labels),
        )?,
        profiles: tables::segment_profiles(&profiles)?,
        pareto_curve: tables::pareto_curve(params.pareto.measure, &curve(&pareto.ranking))?,
        summary: SegmentSummary {
            rfm_segments: rfm_summary(&profiles),
            pareto: pareto.summary(&params.pareto),
            k_means: clusters.map(|clusters| clusters.summary(&params.k_means)),
        },
    })
}

/// Customers ranked by the Pareto measure.
struct Pareto {
    values: Vec<i128>,
    ranking: ParetoRanking,
    labels: Labels,
}

impl Pareto {
    fn of(customers: &DataFrame, params: &ParetoValidParams) -> Result<Self, SegmentError> {
        let values = columns::read_money(customers, params.measure)?;
        let ranking = ParetoRanking::new(&values).ok_or_else(|| SegmentError::Overflow {
            column: params.measure.into(),
        })?;
        let classes = ranking.classes(&values, params.class_a_share, params.class_b_share);
        let labels = Labels {
            segmentation: "pareto_class",
            names: ParetoClass::ALL.map(|class| class.name().to_owned()).to_vec(),
            codes: classes.into_iter().map(ParetoClass::code).collect(),
        };
        Ok(Self {
            values,
            ranking,
            labels,
        })
    }

    fn summary(&self, params: &ParetoValidParams) -> ParetoSummary {
        let total = self.ranking.total();
        let top = self.ranking.top_20_percent();
        let classes = ParetoClass::ALL.map(|class| {
            let values = || {
                self.labels
                    .codes
                    .iter()
                    .zip(&self.values)
                    .filter(|&(&code, _)| code == class.code())
                    .map(|(_, &value)| value)
            };
            // Within the ranking's total, which did not overflow.
            let value: i128 = values().filter(|&value| value > 0).sum();
            ParetoClassSummary {
                class: class.name().to_owned(),
                customer_count: values().count(),
                value: Money(value),
                value_share: if total == 0 { 0.0 } else { value as f64 / total as f64 },
            }
        });
        let mut notes = Vec::new();
        if total == 0 {
            notes.push(format!(
                "no customer has a positive {}: all are in class C and every share is 0",
                params.measure
            ));
        }
        ParetoSummary {
            measure: params.measure.to_owned(),
            customer_count: self.ranking.customer_count(),
            total: Money(total),
            top_20_percent_customer_count: top,
            top_20_percent_share: self.ranking.share_of_first(top),
            class_a_share: params.class_a_share.as_f64(),
            customers_to_class_a_share: self.ranking.customers_to_reach(params.class_a_share),
            class_b_share: params.class_b_share.as_f64(),
            customers_to_class_b_share: self.ranking.customers_to_reach(params.class_b_share),
            classes: classes.to_vec(),
            notes,
        }
    }
}

/// Customers with orders, in clusters.
struct Clusters {
    clustering: Clustering,
    labels: Labels,
}

impl Clusters {
    /// Clusters the customers with orders; none when there are none.
    fn of(customers: &DataFrame, params: &KMeansValidParams) -> Result<Option<Self>, SegmentError> {
        let order_count = frame::int64(customers, "order_count")?;
        // Frames have at most 2^32 rows.
        let rows: Vec<u32> = (0_u32..)
            .zip(order_count.iter())
            .filter(|(_, orders)| orders.is_some_and(|orders| orders > 0))
            .map(|(row, _)| row)
            .collect();
        if rows.is_empty() {
            return Ok(None);
        }
        let features = columns::read_all(customers, &params.features)?;
        for feature in &features {
            if let Some((row, value)) = feature.first_unusable(&rows) {
                let customer_id = columns::customer_id(customers, row)?;
                return Err(SegmentError::KMeansValue {
                    feature: feature.name.into(),
                    customer_id,
                    value,
                });
            }
        }
        let net_sales = columns::read_money(customers, "net_sales")?;
        let clustering = cluster(&features, &rows, &net_sales, params)?;
        let mut codes = vec![OUTSIDE; customers.height()];
        for (&row, &label) in rows.iter().zip(&clustering.labels) {
            codes[row as usize] = label;
        }
        let names = (1..=clustering.clusters.len())
            .map(|cluster_id| cluster_id.to_string())
            .collect();
        Ok(Some(Self {
            clustering,
            labels: Labels {
                segmentation: "cluster_id",
                names,
                codes,
            },
        }))
    }

    fn summary(self, params: &KMeansValidParams) -> KMeansSummary {
        let Clustering {
            labels,
            clusters,
            features,
            fitted_customer_count,
            mean_squared_distance,
            notes,
        } = self.clustering;
        KMeansSummary {
            features: features.into_iter().map(str::to_owned).collect(),
            customer_count: labels.len(),
            fitted_customer_count,
            seed: params.seed,
            mean_squared_distance,
            clusters: clusters
                .into_iter()
                .zip(1..)
                .map(|(cluster, cluster_id)| ClusterSummary {
                    cluster_id,
                    customer_count: cluster.customer_count,
                    net_sales: Money(cluster.worth),
                    center: cluster.center,
                })
                .collect(),
            notes,
        }
    }
}

/// Customers and net sales of the named segments, as the profiles have them.
fn rfm_summary(profiles: &[Profile]) -> Vec<RfmSegmentSummary> {
    let mut segments: Vec<RfmSegmentSummary> = profiles
        .iter()
        .filter(|profile| profile.segmentation == "rfm_segment" && profile.feature == "net_sales")
        .map(|profile| RfmSegmentSummary {
            segment: profile.segment.clone(),
            customer_count: profile.customer_count,
            net_sales: Money(profile.total.unwrap_or(0)),
        })
        .collect();
    segments.sort_by(|left, right| {
        right
            .net_sales
            .cmp(&left.net_sales)
            .then_with(|| left.segment.cmp(&right.segment))
    });
    segments
}
