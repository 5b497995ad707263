//! The cluster of a customer, and why: its distance by the model that the run scored customers with.

use cartera_report::customer::{Cluster, ClusterFeature, NextCluster};
use cartera_segment::{ClusterModel, ClusterPlace};
use cartera_table::Contract;
use cartera_table::contracts::{ClusterFeatures, CustomerFeatures, CustomerSegments};

use super::cells::rows;
use super::tables::CustomerTables;
use crate::error::PipelineError;
use crate::run::CLUSTERS;
use crate::store::read::{ReadOptions, read_frame};
use crate::store::{PublishedRun, Warehouse};

/// Where the customer stands; none outside of clusters.
pub(super) fn cluster(
    warehouse: &Warehouse,
    run: &PublishedRun,
    tables: &CustomerTables,
) -> Result<Option<Cluster>, PipelineError> {
    let row = rows(tables.of::<CustomerSegments>()).next();
    let Some((cluster_id, cluster)) = row.and_then(|row| row.whole("cluster_id").zip(row.text("cluster"))) else {
        return Ok(None);
    };
    let mut told = Cluster {
        cluster_id,
        cluster,
        distance: None,
        next: None,
        features: Vec::new(),
    };
    if let Some(places) = places(warehouse, run, tables)? {
        explain(&mut told, &places, &names(run)?);
    }
    Ok(Some(told))
}

/// The clusters by their distance; none where there is no model, or it is of another version.
fn places(
    warehouse: &Warehouse,
    run: &PublishedRun,
    tables: &CustomerTables,
) -> Result<Option<Vec<ClusterPlace>>, PipelineError> {
    let models = &run.manifest.record.models;
    let Some(record) = models.iter().find(|record| record.name == CLUSTERS) else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&warehouse.model(&record.hash)?).into_owned();
    let features = tables.of::<CustomerFeatures>();
    if features.height() == 0 {
        return Ok(None);
    }
    match ClusterModel::from_json(&text) {
        Ok(model) => Ok(model.places(features)?),
        // What another version wrote still stands in the tables.
        Err(_) => Ok(None),
    }
}

/// The clusters' names, as the run calls them.
fn names(run: &PublishedRun) -> Result<Vec<(i64, String)>, PipelineError> {
    let path = run.table_path(ClusterFeatures::INFO.name)?;
    let table = read_frame(&path, &ClusterFeatures::INFO, &ReadOptions::default())?;
    let named = rows(&table).filter_map(|row| row.whole("cluster_id").zip(row.text("cluster")));
    Ok(named.collect())
}

fn explain(told: &mut Cluster, places: &[ClusterPlace], names: &[(i64, String)]) {
    let is_own = |place: &&ClusterPlace| i64::from(place.id) == told.cluster_id;
    let Some(own) = places.iter().find(is_own) else { return };
    let next = places.iter().find(|place| !is_own(place));
    let name = |place: &ClusterPlace| {
        let named = names.iter().find(|(id, _)| *id == i64::from(place.id));
        named.map_or_else(|| place.name.clone(), |(_, name)| name.clone())
    };
    told.features = own
        .features
        .iter()
        .enumerate()
        .map(|(index, feature)| {
            let of_next = next.and_then(|next| next.features.get(index));
            ClusterFeature {
                feature: feature.feature.clone(),
                value: feature.value,
                center: feature.center,
                next_center: of_next.map(|of_next| of_next.center),
                pull: of_next.map(|of_next| of_next.squared_distance - feature.squared_distance),
            }
        })
        .collect();
    let pull = |feature: &ClusterFeature| feature.pull.unwrap_or_default();
    told.features.sort_by(|one, other| pull(other).total_cmp(&pull(one)));
    told.distance = Some(own.distance);
    told.next = next.map(|next| NextCluster {
        cluster_id: next.id.into(),
        cluster: name(next),
        distance: next.distance,
    });
}
