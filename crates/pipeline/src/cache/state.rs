//! The customers of the last run, so that the next one works on those that something happened to.

use std::path::Path;

use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use super::container::{Container, Damage, frame_bytes, frame_of};
use crate::error::PipelineError;

/// The customers of one partition.
#[derive(Debug, Clone, Default)]
pub(crate) struct StatePartition {
    /// One row a customer.
    pub(crate) customers: DataFrame,
    /// One row an order of a guest.
    pub(crate) guest_orders: DataFrame,
    /// The source keys of the customers.
    pub(crate) links: DataFrame,
}

/// The customers of a run, on disk.
#[derive(Debug)]
pub(crate) struct CustomersState {
    container: Container,
    facts: StateFacts,
}

#[derive(Debug, Serialize, Deserialize)]
struct StateFacts {
    /// Hash of all that decides what parts of orders come to.
    declared: String,
    /// The segments, each with its source: as often as it stands in the files.
    segments: Vec<(usize, String)>,
}

/// Frames of a partition.
const FRAMES: usize = 3;

impl CustomersState {
    pub(super) fn open(path: &Path) -> Result<Self, Damage> {
        let (container, facts) = Container::open(path)?;
        Ok(Self { container, facts })
    }

    /// Keeps the customers of a run.
    pub(crate) fn write<'p>(
        path: &Path,
        declared: &str,
        segments: Vec<(usize, String)>,
        partitions: impl IntoIterator<Item = &'p StatePartition>,
    ) -> Result<(), PipelineError> {
        // One by one: together they would be in memory twice.
        let frames = partitions.into_iter().flat_map(|partition| {
            let StatePartition {
                customers,
                guest_orders,
                links,
            } = partition;
            [customers, guest_orders, links].map(frame_bytes)
        });
        let declared = declared.to_owned();
        Container::write(path, frames, &StateFacts { declared, segments })
    }

    /// Whether it was made by the same rules.
    pub(crate) fn is_of(&self, declared: &str) -> bool {
        self.facts.declared == declared
    }

    /// The segments that it was made of.
    pub(crate) fn segments(&self) -> &[(usize, String)] {
        &self.facts.segments
    }

    /// The customers of a partition.
    pub(crate) fn partition(&self, partition: usize) -> Result<StatePartition, PipelineError> {
        let frame = |place: usize| -> Result<DataFrame, PipelineError> {
            Ok(frame_of(&self.container.frame(partition * FRAMES + place)?)?.unwrap_or_default())
        };
        Ok(StatePartition {
            customers: frame(0)?,
            guest_orders: frame(1)?,
            links: frame(2)?,
        })
    }
}
