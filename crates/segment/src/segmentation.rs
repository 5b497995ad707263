//! The stage: one table of customers in, their segments out.

use cartera_table::contracts::{self, CustomerFeatures, CustomerSegments, ParetoCurve, RfmMatrix, SegmentProfiles};
use cartera_table::{Money, Table};

use crate::described::{Compared, Described, describe};
use crate::error::SegmentError;
use crate::k_means::{ClusterOutcome, ClusterRequest, ClusterTables, Clusters};
use crate::lifecycle::lifecycle_labels;
use crate::migration::Prior;
use crate::params::SegmentValidParams;
use crate::pareto::Pareto;
use crate::profiles::Profile;
use crate::rfm_map::{rfm_labels, rfm_matrix};
use crate::summary::{RfmSegmentSummary, SegmentSummary};
use crate::tables;
use crate::tiers::Tiers;
use crate::worth::Worth;

/// Customers in segments.
#[derive(Debug, Clone)]
pub struct Segmentation {
    /// The labels of every customer.
    pub segments: Table<CustomerSegments>,
    /// What each segment looks like.
    pub profiles: Table<SegmentProfiles>,
    /// The same in short, beside each other, and who moved.
    pub described: Described,
    /// How concentrated value is.
    pub pareto: Table<contracts::Pareto>,
    /// The curves behind it.
    pub pareto_curve: Table<ParetoCurve>,
    /// The tables of the clusters.
    pub cluster_tables: ClusterTables,
    /// The model of the clusters and what was done about it; none where there is neither a model nor an order.
    pub clusters: Option<ClusterOutcome>,
    /// Customers by recency and frequency.
    pub rfm_matrix: Table<RfmMatrix>,
    /// The same in figures.
    pub summary: SegmentSummary,
}

/// What the newest run of an earlier day left.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before<'b> {
    /// The segments of its customers.
    pub segments: Option<&'b Table<CustomerSegments>>,
    /// The segmentations that it defined otherwise: of these nobody moved, the definition did.
    pub redefined: &'b [&'static str],
    /// The models of its clusters, and what is asked of them tonight.
    pub clusters: ClusterRequest<'b>,
}

/// Puts customers into named RFM segments, Pareto classes, tiers of value and k-means clusters.
///
/// Customers without an order are `no_orders`, take part in the Pareto classes and tiers, and are in no
/// cluster. Segments without customers have no profile.
///
/// # Errors
/// When scores do not fit `params`, when a k-means feature is NaN or infinite for a customer with orders, or one that
/// was listed is null for all of them, when a total overflows, or when a table breaks its contract.
pub fn segment(
    features: &Table<CustomerFeatures>,
    before: Before<'_>,
    params: &SegmentValidParams,
) -> Result<Segmentation, SegmentError> {
    let customers = features.frame();
    let prior = before
        .segments
        .map(|segments| Prior::new(customers, segments))
        .transpose()?;
    let rfm_segment = rfm_labels(customers, &params.rfm_map)?;
    let lifecycle_stage = lifecycle_labels(customers)?;
    let pareto = Pareto::of(customers, &params.pareto)?;
    let tiers = Tiers::of(customers, prior.as_ref(), &params.value_tiers)?;
    let clusters = Clusters::of(customers, before, &params.k_means)?;

    let mut labels = vec![&rfm_segment, &lifecycle_stage];
    labels.extend(&pareto.labels);
    labels.push(&tiers.labels);
    labels.extend(clusters.as_ref().map(|clusters| &clusters.labels));
    let cluster_ids: &[i32] = clusters.as_ref().map_or(&[], |clusters| &clusters.cluster_ids);
    let told = clusters.as_ref().map(Clusters::told).unwrap_or_default();
    let worth = Worth::read(customers)?;
    let cells = rfm_matrix(customers, params.rfm_map.bins(), &rfm_segment, &worth)?;
    let description = describe(
        customers,
        &labels,
        &told,
        Compared {
            prior: prior.as_ref(),
            redefined: before.redefined,
            cluster_ids,
        },
        &worth,
        &params.profiles,
    )?;
    let mut measures = pareto.summaries(&params.pareto).into_iter();
    let segments = tables::customer_segments(customers, &labels, cluster_ids)?;
    let (cluster_tables, clusters, k_means) = match clusters {
        Some(clusters) => (clusters.tables, Some(clusters.outcome), Some(clusters.summary)),
        None => (ClusterTables::empty()?, None, None),
    };
    Ok(Segmentation {
        segments,
        pareto: tables::pareto(&pareto.measures, &params.pareto)?,
        pareto_curve: tables::pareto_curve(&pareto.measures)?,
        rfm_matrix: tables::rfm_matrix(&cells)?,
        summary: SegmentSummary {
            rfm_segments: rfm_summary(&description.profiles),
            pareto: measures.next().unwrap_or_default(),
            pareto_by_other_measures: measures.collect(),
            value_tiers: tiers.summary,
            moves: description.moves,
            redefined: before.redefined.iter().map(|&name| name.to_owned()).collect(),
            k_means,
        },
        profiles: description.profile_table,
        described: description.tables,
        cluster_tables,
        clusters,
    })
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
