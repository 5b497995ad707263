//! Customers in clusters, as labels, tables and figures.

use cartera_table::Money;
use polars::prelude::DataFrame;

use super::base::Buyers;
use super::contrast::Contrast;
use super::feature_params::NullRule;
use super::model::ClusterModel;
use super::names::{describe, unlike};
use super::night::{Night, RefitOverlap, Settled};
use super::outcome::{ClusterDecision, ClusterOutcome, ClusterTables};
use super::params::KMeansValidParams;
use super::tables;
use crate::columns;
use crate::described::Told;
use crate::error::SegmentError;
use crate::labels::{Labels, OUTSIDE};
use crate::segmentation::Before;
use crate::summary::{ClusterSummary, KMeansSummary};

/// Customers in clusters.
pub(crate) struct Clusters {
    /// By cluster, in the order of their ids.
    pub(crate) labels: Labels,
    /// The clusters' ids, by the codes of the labels.
    pub(crate) cluster_ids: Vec<i32>,
    pub(crate) outcome: ClusterOutcome,
    pub(crate) tables: ClusterTables,
    pub(crate) summary: KMeansSummary,
}

impl Clusters {
    /// What sets each cluster apart tonight.
    pub(crate) fn told(&self) -> Vec<Told<'_>> {
        let clusters = self.summary.clusters.iter();
        clusters
            .map(|cluster| Told {
                segmentation: self.labels.segmentation,
                segment: &cluster.cluster,
                description: &cluster.description,
            })
            .collect()
    }

    /// Puts the customers with orders into clusters; none where there are none, and no model either.
    pub(crate) fn of(
        customers: &DataFrame,
        before: Before<'_>,
        params: &KMeansValidParams,
    ) -> Result<Option<Self>, SegmentError> {
        let buyers = Buyers::of(customers)?;
        let Some(columns) = buyers.read(customers, &params.basis.features)? else {
            return Ok(None);
        };
        let net_sales = columns::read_money(customers, "net_sales")?;
        let night = Night {
            worth: buyers.rows.iter().map(|&row| net_sales[row as usize]).collect(),
            customers,
            buyers,
            columns,
            before,
            params,
        };
        drop(net_sales);
        let Some(mut settled) = night.settle()? else {
            return Ok(None);
        };
        let mut notes = night.notes_on_nulls(&settled.model);
        notes.append(&mut settled.notes);
        let clusters = settled.model.ids_and_names();
        let is_there = |id: &i32| clusters.iter().any(|(there, _)| there == id);
        for (id, name) in params.names.iter().filter(|(id, _)| !is_there(id)) {
            notes.push(format!("there is no cluster {id} that could be named {name}"));
        }
        let names = named(&clusters, params);
        let contrasts = night.contrasts(&settled.scored.labels, settled.model.clusters.len())?;
        let movers_share = night.movers(&settled.model, &settled.scored)?;
        let summary = night.summary(&settled, &names, &contrasts, movers_share, notes)?;
        // The new clusters of a candidate are not those of the model.
        let refit = settled.refit.as_ref().map(|refit| RefitOverlap {
            from: renamed(&refit.from, params),
            to: renamed(&refit.to, params),
            overlap: refit.overlap.clone(),
        });
        let about_the_new_model = match settled.candidate {
            Some(_) => ClusterDecision::Candidate,
            None => settled.decision,
        };
        let tables = ClusterTables {
            features: tables::cluster_features(Some(&settled.model), &names, &contrasts)?,
            drift: tables::cluster_drift(&settled.drift)?,
            refit: tables::cluster_refit(refit.as_ref(), about_the_new_model)?,
        };
        let mut codes = vec![OUTSIDE; customers.height()];
        for (&row, &label) in night.buyers.rows.iter().zip(&settled.scored.labels) {
            codes[row as usize] = label;
        }
        Ok(Some(Self {
            labels: Labels {
                segmentation: "cluster",
                names,
                codes,
            },
            cluster_ids: settled.model.clusters.iter().map(|cluster| cluster.id).collect(),
            outcome: ClusterOutcome {
                model: settled.model,
                candidate: settled.candidate,
                decision: settled.decision,
                reasons: settled.reasons,
                adjusted_rand: settled.adjusted_rand,
                movers_share,
            },
            tables,
            summary,
        }))
    }
}

/// The names of clusters: those of the parameters win, and where one of them is a generated name of another cluster,
/// that one gives way.
fn named(clusters: &[(i32, String)], params: &KMeansValidParams) -> Vec<String> {
    let chosen = |id: i32| params.names.get(&id);
    let mut taken: Vec<String> = clusters.iter().filter_map(|(id, _)| chosen(*id).cloned()).collect();
    let name_of = |(id, generated): &(i32, String)| {
        if let Some(name) = chosen(*id) {
            return name.clone();
        }
        let name = if taken.contains(generated) {
            unlike(generated, &taken)
        } else {
            generated.clone()
        };
        taken.push(name.clone());
        name
    };
    clusters.iter().map(name_of).collect()
}

fn renamed(clusters: &[(i32, String)], params: &KMeansValidParams) -> Vec<(i32, String)> {
    let ids = clusters.iter().map(|(id, _)| *id);
    ids.zip(named(clusters, params)).collect()
}

impl Night<'_> {
    /// What stands for values that are missing, in words.
    fn notes_on_nulls(&self, model: &ClusterModel) -> Vec<String> {
        let mut notes = Vec::new();
        for (feature, column) in self.params.basis.features.iter().zip(&self.columns) {
            let is_used = model
                .coordinates
                .iter()
                .any(|coordinate| coordinate.feature.name == feature.name);
            // Who has only sales should not be told every night that there are no margins.
            if column.null_count == 0 || (column.is_empty() && !is_used) {
                continue;
            }
            let what = match feature.nulls {
                NullRule::Median => "they count as the median of the fit",
                NullRule::Zero => "they count as zero",
                NullRule::Outside => "they are in no cluster",
            };
            notes.push(format!(
                "{} of {} customers with orders have no {}: {what}",
                column.null_count,
                column.values.len(),
                feature.name
            ));
        }
        notes
    }

    fn summary(
        &self,
        settled: &Settled,
        names: &[String],
        contrasts: &[Contrast],
        movers_share: Option<f64>,
        notes: Vec<String>,
    ) -> Result<KMeansSummary, SegmentError> {
        let Settled { model, scored, .. } = settled;
        let mut totals = vec![(0_usize, 0_i128); model.clusters.len()];
        for (&label, &worth) in scored.labels.iter().zip(&self.worth) {
            if let Some((count, sum)) = totals.get_mut(usize::from(label)) {
                *count += 1;
                *sum = sum.checked_add(worth).ok_or_else(|| SegmentError::Overflow {
                    column: "net_sales".into(),
                })?;
            }
        }
        let of_cluster = |(place, (customer_count, net_sales)): (usize, (usize, i128))| {
            let cluster = &model.clusters[place];
            ClusterSummary {
                cluster_id: cluster.id,
                cluster: names[place].clone(),
                description: describe(place, customer_count, scored.customer_count, contrasts),
                customer_count,
                net_sales: Money(net_sales),
                center: model
                    .coordinates
                    .iter()
                    .zip(&cluster.centroid)
                    .map(|(coordinate, &position)| coordinate.value_at(position))
                    .collect(),
            }
        };
        Ok(KMeansSummary {
            features: model
                .coordinates
                .iter()
                .map(|coordinate| coordinate.feature.name.clone())
                .collect(),
            customer_count: scored.customer_count,
            fitted_as_of: model.fitted_as_of.to_string(),
            fitted_customer_count: model.fit.fitted_customer_count,
            seed: model.fit.seed,
            k_trials: model.fit.k_trials.clone(),
            mean_squared_distance: scored.squared_distance / scored.customer_count.max(1) as f64,
            decision: settled.decision.slug(),
            reasons: settled.reasons.clone(),
            adjusted_rand: settled.adjusted_rand,
            min_adjusted_rand: self.params.min_adjusted_rand,
            movers_share,
            has_candidate: settled.candidate.is_some(),
            clusters: totals.into_iter().enumerate().map(of_cluster).collect(),
            notes,
        })
    }
}
