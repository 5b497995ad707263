//! Fits a model to tonight's customers.

use cartera_table::AsOf;

use super::agreement::Overlap;
use super::assign::Centroids;
use super::base::{Scored, clusterable, score};
use super::choose_k::{KTrial, best_k, try_ks};
use super::contrast::Contrast;
use super::drift::BaseShares;
use super::fit::{Points, fit_centroids};
use super::model::{ClusterModel, FeatureBase, FitFigures, ModelCluster};
use super::names::{name_of, still_holds};
use super::order::order_by_worth;
use super::params::{ClusterCount, KMeansValidParams};
use super::points::{Coordinate, FeatureColumn, evenly_spaced, points};
use crate::error::SegmentError;

/// What a model is made with besides its clusters.
pub(crate) struct FitContext<'f> {
    /// The model before.
    pub(crate) before: Option<&'f ClusterModel>,
    /// Its clusters against the new ones; none where it cannot score tonight's customers.
    pub(crate) overlap: Option<&'f Overlap>,
    pub(crate) as_of: AsOf,
    pub(crate) was_asked_for: bool,
    pub(crate) params: &'f KMeansValidParams,
}

/// A model with ids and names.
pub(crate) struct Named {
    pub(crate) model: ClusterModel,
    /// For each cluster before it had an id its place in the model, which is in the order of ids.
    pub(crate) places: Vec<usize>,
    /// What has to be said of it, in words.
    pub(crate) notes: Vec<String>,
}

/// Clusters that have no ids and no names yet.
pub(crate) struct Anonymous {
    coordinates: Vec<Coordinate>,
    centroids: Centroids,
    /// Highest mean worth first; none is empty.
    pub(crate) scored: Scored,
    fitted_customer_count: usize,
    k_trials: Vec<KTrial>,
    /// What was done otherwise than asked for, in words.
    notes: Vec<String>,
}

impl Anonymous {
    /// Number of clusters.
    pub(crate) fn count(&self) -> usize {
        if self.coordinates.is_empty() {
            1
        } else {
            self.centroids.iter().len()
        }
    }

    /// Fits clusters to buyers. `worth`, one number a buyer, orders them; `present` is the number of clusters of the
    /// model before, where that was asked for in the same way.
    pub(crate) fn fit(
        columns: &[FeatureColumn],
        worth: &[i128],
        present: Option<usize>,
        params: &KMeansValidParams,
    ) -> Result<Self, SegmentError> {
        let features = &params.basis.features;
        let places = clusterable(features, columns, worth.len());
        let sample: Vec<usize> = evenly_spaced(places.len(), params.fit_sample)
            .into_iter()
            .map(|index| places[index])
            .collect();
        let mut notes = Vec::new();
        let (mut coordinates, mut used) = (Vec::new(), Vec::new());
        for (feature, column) in features.iter().zip(columns) {
            let values = sample.iter().map(|&place| column.values[place]);
            match Coordinate::fit(feature, values, params.basis.outlier_distance) {
                Some(coordinate) => {
                    coordinates.push(coordinate);
                    used.push(column);
                }
                // Who has only sales should not be told every night that there are no margins.
                None if column.is_empty() && !params.are_features_listed => {}
                None => notes.push(format!("feature {} has one value only and was left out", feature.name)),
            }
        }
        let sampled = points(&coordinates, &used, &sample);
        let (centroids, k_trials) = choose(Points::new(&sampled, coordinates.len()), present, params, &mut notes)?;
        drop(sampled);
        let scored = score(&coordinates, &used, &centroids, &places, worth.len());
        let mut anonymous = Self {
            coordinates,
            centroids,
            scored,
            fitted_customer_count: sample.len(),
            k_trials,
            notes,
        };
        anonymous.put_in_order(worth)?;
        Ok(anonymous)
    }

    /// Orders the clusters by what they are worth, and leaves out those that are nearest to nobody.
    fn put_in_order(&mut self, worth: &[i128]) -> Result<(), SegmentError> {
        let count = self.count();
        let order = order_by_worth(&self.scored.labels, worth, count, &self.centroids)?;
        if order.len() < count {
            self.notes.push(format!(
                "{} clusters were nearest to no customer and were left out",
                count - order.len()
            ));
        }
        let mut new_labels = vec![crate::labels::OUTSIDE; count];
        for (new, &label) in (0_u16..).zip(&order) {
            new_labels[label] = new;
        }
        for label in &mut self.scored.labels {
            // Who stands outside is past the end.
            *label = new_labels.get(usize::from(*label)).copied().unwrap_or(*label);
        }
        if !self.coordinates.is_empty() {
            let width = self.centroids.width;
            let values = order
                .iter()
                .flat_map(|&label| &self.centroids.values[label * width..(label + 1) * width]);
            self.centroids.values = values.copied().collect();
        }
        Ok(())
    }

    /// Gives ids and names: those of the old cluster that a new one has most customers in common with, else new ones.
    /// A name that has become untrue goes, though its cluster keeps the id.
    pub(crate) fn named(mut self, fit: &FitContext<'_>, columns: &[FeatureColumn], contrasts: &[Contrast]) -> Named {
        let (count, params) = (self.count(), fit.params);
        let partners = fit.overlap.map_or_else(|| vec![None; count], Overlap::partners);
        let old = |place: usize| fit.before.map(|model| &model.clusters[place]);
        let partners: Vec<Option<&ModelCluster>> = partners.into_iter().map(|partner| partner.and_then(old)).collect();
        let mut next_id = fit.before.map_or(1, |model| model.next_cluster_id);
        // Also the names of clusters that are no more: tomorrow they would mean others.
        let names = |model: &ClusterModel| model.clusters.iter().map(|old| old.name.clone()).collect();
        let mut taken: Vec<String> = fit.before.map_or_else(Vec::new, names);
        let mut sizes = vec![0_u64; count];
        for &label in &self.scored.labels {
            if let Some(size) = sizes.get_mut(usize::from(label)) {
                *size += 1;
            }
        }
        let width = self.coordinates.len();
        let mut clusters: Vec<(usize, ModelCluster)> = (0..count)
            .map(|place| {
                let (id, name) = match partners[place] {
                    Some(old) if still_holds(&old.name, place, contrasts) => (old.id, old.name.clone()),
                    partner => {
                        let name = name_of(place, contrasts, &taken);
                        taken.push(name.clone());
                        let id = partner.map_or(next_id, |old| old.id);
                        next_id = next_id.max(id + 1);
                        if let Some(old) = partner.filter(|old| !params.names.contains_key(&old.id)) {
                            let note = format!(
                                "cluster {id} is called {name} now: {} is no longer true of it",
                                old.name
                            );
                            self.notes.push(note);
                        }
                        (id, name)
                    }
                };
                let cluster = ModelCluster {
                    id,
                    name,
                    fitted_customer_count: sizes[place],
                    centroid: self.centroids.values[place * width..(place + 1) * width].to_vec(),
                };
                (place, cluster)
            })
            .collect();
        clusters.sort_by_key(|(_, cluster)| cluster.id);
        let mut place_in_model = vec![0; count];
        for (new, (old, _)) in clusters.iter().enumerate() {
            place_in_model[*old] = new;
        }
        let base = columns.iter().map(|column| FeatureBase {
            feature: column.name.clone(),
            spread: BaseShares::of(column),
        });
        let model = ClusterModel {
            format: ClusterModel::FORMAT,
            fitted_as_of: fit.as_of,
            basis: params.basis.clone(),
            base: base.collect(),
            next_cluster_id: next_id,
            fit: FitFigures {
                was_asked_for: fit.was_asked_for,
                seed: params.effort.seed,
                customer_count: self.scored.customer_count as u64,
                fitted_customer_count: self.fitted_customer_count as u64,
                mean_squared_distance: self.scored.squared_distance / (self.scored.customer_count.max(1) as f64),
                k_trials: self.k_trials,
            },
            coordinates: self.coordinates,
            clusters: clusters.into_iter().map(|(_, cluster)| cluster).collect(),
        };
        Named {
            model,
            places: place_in_model,
            notes: self.notes,
        }
    }
}

/// Centroids of as many clusters as are asked for, or as the points fall into.
fn choose(
    points: Points<'_>,
    present: Option<usize>,
    params: &KMeansValidParams,
    notes: &mut Vec<String>,
) -> Result<(Centroids, Vec<KTrial>), SegmentError> {
    let asked = match params.basis.k {
        ClusterCount::Fixed(k) => Some(k),
        ClusterCount::Auto(_) => None,
    };
    if points.count() == 0 {
        if let Some(k) = asked.filter(|k| *k > 1) {
            notes.push(format!("no feature tells customers apart: 1 cluster instead of {k}"));
        }
        let none = Centroids {
            values: Vec::new(),
            width: 1,
        };
        return Ok((none, Vec::new()));
    }
    let (k, trials) = match (asked, params.basis.k_min, params.basis.k_max) {
        (None, Some(least), Some(most)) => {
            let trials = try_ks(points, least, most, params.effort)?;
            (best_k(&trials, present).unwrap_or(1), trials)
        }
        (asked, ..) => (asked.unwrap_or(1), Vec::new()),
    };
    let distinct = points.distinct(k);
    if distinct < k {
        notes.push(format!(
            "customers have {distinct} distinct values of the features: {distinct} clusters instead of {k}"
        ));
    }
    Ok((fit_centroids(points, k, params.effort)?, trials))
}
