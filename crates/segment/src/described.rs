//! What segments look like, how they cut each other, and who moved: whatever the segmentations are.

use cartera_table::contracts::{
    SegmentMigrations, SegmentMix, SegmentMoves, SegmentOverlap, SegmentProfiles, Segments,
};
use cartera_table::{ColumnDef, Table};
use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::categories::{Category, category_names};
use crate::columns;
use crate::error::SegmentError;
use crate::labels::Labels;
use crate::migration::{Direction, Migration, Moves, Prior, migrations, moves};
use crate::overlap::overlaps;
use crate::profiles::{Mix, Profile, ProfileValidParams, ProfiledFeature, mix, overview, profiles};
use crate::summary::MovesSummary;
use crate::tables;
use crate::worth::Worth;

/// Tables about segments.
#[derive(Debug, Clone)]
pub struct Described {
    /// Each segment at a glance.
    pub segments: Table<Segments>,
    /// Each segment by category.
    pub mix: Table<SegmentMix>,
    /// Any two segmentations beside each other.
    pub overlap: Table<SegmentOverlap>,
    /// From which segment to which since the run before.
    pub migrations: Table<SegmentMigrations>,
    /// The customers who moved.
    pub moves: Table<SegmentMoves>,
}

/// The description of a segment that was made tonight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'t> {
    pub(crate) segmentation: &'static str,
    pub(crate) segment: &'t str,
    pub(crate) description: &'t str,
}

/// What segments are compared with.
#[derive(Clone, Copy)]
pub(crate) struct Compared<'c> {
    /// The segments of the run before.
    pub(crate) prior: Option<&'c Prior<'c>>,
    /// The segmentations that it defined otherwise.
    pub(crate) redefined: &'c [&'static str],
    /// The numbers of tonight's clusters, by which they are the same as those before.
    pub(crate) cluster_ids: &'c [i32],
}

/// The tables, and what a summary is made of.
pub(crate) struct Description {
    pub(crate) tables: Described,
    /// Each segment in each feature.
    pub(crate) profile_table: Table<SegmentProfiles>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) moves: Vec<MovesSummary>,
}

/// Describes the segments of these segmentations, which stand in the order of the columns of `customer_segments`.
/// `cluster_ids` are the numbers of the clusters by their codes.
pub(crate) fn describe(
    customers: &DataFrame,
    labels: &[&Labels],
    told: &[Told<'_>],
    compared: Compared<'_>,
    worth: &Worth,
    params: &ProfileValidParams,
) -> Result<Description, SegmentError> {
    let read = |column: &&'static ColumnDef| {
        Ok(ProfiledFeature {
            values: columns::read(customers, column)?,
            is_additive: columns::is_additive(column),
        })
    };
    let profiles = profiles(labels, &columns::numeric(), read)?;
    let mixes = mixes(customers, labels, params)?;
    let (migrations, moves) = migrated(labels, compared, worth)?;
    let summaries = moves.iter().map(summary).collect();
    Ok(Description {
        tables: Described {
            segments: tables::segments(&overview(&profiles), told)?,
            mix: tables::segment_mix(&mixes)?,
            overlap: tables::segment_overlap(&overlaps(labels, worth)?)?,
            migrations: tables::segment_migrations(&migrations, compared.redefined)?,
            moves: tables::segment_moves(customers, worth, moves)?,
        },
        profile_table: tables::segment_profiles(&profiles)?,
        profiles,
        moves: summaries,
    })
}

/// The mix of all segments in every category of which anything is known.
fn mixes(customers: &DataFrame, labels: &[&Labels], params: &ProfileValidParams) -> Result<Vec<Mix>, SegmentError> {
    let of_categories: Vec<Vec<Mix>> = category_names()
        .into_par_iter()
        .map(|name| {
            let category = Category::read(customers, name)?;
            Ok(category.map_or_else(Vec::new, |category| mix(labels, &category, params.top_values)))
        })
        .collect::<Result<_, SegmentError>>()?;
    Ok(of_categories.into_iter().flatten().collect())
}

/// Who came from where. Moves are told of segmentations that the run before had too, and defined as today.
fn migrated(
    labels: &[&Labels],
    compared: Compared<'_>,
    worth: &Worth,
) -> Result<(Vec<Migration>, Vec<Moves>), SegmentError> {
    let Compared {
        prior,
        redefined,
        cluster_ids,
    } = compared;
    let of_segmentations: Vec<(Vec<Migration>, Option<Moves>)> = labels
        .par_iter()
        .map(|labels| {
            let Some(prior) = prior else {
                return Ok((migrations(labels, None, worth)?, None));
            };
            let before = match labels.segmentation {
                // Whoever gives a cluster another name moves nobody.
                "cluster" => prior.clusters_of(cluster_ids, &labels.names)?,
                segmentation => prior.segments_of(segmentation, &labels.names)?,
            };
            let migrations = migrations(labels, Some(&before), worth)?;
            let is_comparable = prior.has(labels.segmentation)? && !redefined.contains(&labels.segmentation);
            let moves = is_comparable.then(|| moves(labels, before, |row| prior.was_there(row)));
            Ok((migrations, moves))
        })
        .collect::<Result<_, SegmentError>>()?;
    let (migrations, moves): (Vec<_>, Vec<_>) = of_segmentations.into_iter().unzip();
    Ok((
        migrations.into_iter().flatten().collect(),
        moves.into_iter().flatten().collect(),
    ))
}

fn summary(moves: &Moves) -> MovesSummary {
    MovesSummary {
        segmentation: moves.segmentation.to_owned(),
        customer_count: moves.compared,
        moved_count: moves.rows.len(),
        up_count: moves.count(Direction::Up),
        down_count: moves.count(Direction::Down),
    }
}
