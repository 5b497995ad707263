//! The customers of the last run, so that the next one works on those that something happened to.

use std::path::Path;

use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use super::container::{Container, Damage, frame_bytes, frame_of, packed_bytes};
use crate::error::PipelineError;

/// The customers of one partition.
#[derive(Debug, Clone, Default)]
pub(crate) struct StatePartition {
    /// One row a customer.
    pub(crate) customers: DataFrame,
    /// One row a customer and day with a line.
    pub(crate) customer_days: DataFrame,
    /// One row an order of a guest.
    pub(crate) guest_orders: DataFrame,
    /// The source keys of the customers.
    pub(crate) links: DataFrame,
    /// One row a customer and channel, where that is asked for.
    pub(crate) channels: DataFrame,
    /// The last orders of the customers, where these are asked for.
    pub(crate) last_orders: DataFrame,
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
const FRAMES: usize = 6;

impl CustomersState {
    pub(super) fn open(path: &Path) -> Result<Self, Damage> {
        let (container, facts) = Container::open(path)?;
        Ok(Self { container, facts })
    }

    /// Keeps the customers of a run, as they are made: `next` gives the following partitions until there are none.
    pub(crate) fn write(
        path: &Path,
        declared: &str,
        segments: Vec<(usize, String)>,
        mut next: impl FnMut() -> Result<Option<Vec<StatePartition>>, PipelineError>,
    ) -> Result<(), PipelineError> {
        let mut failure = None;
        let groups = std::iter::from_fn(|| match next() {
            Ok(group) => group,
            Err(error) => {
                failure = Some(error);
                None
            }
        });
        let frames = groups.flatten().flat_map(|partition| {
            let StatePartition {
                customers,
                customer_days,
                guest_orders,
                links,
                channels,
                last_orders,
            } = partition;
            let [customers, customer_days, guest_orders, links, channels] =
                [customers, customer_days, guest_orders, links, channels].map(|frame| frame_bytes(&frame));
            [
                customers,
                customer_days,
                guest_orders,
                links,
                channels,
                packed_bytes(&last_orders),
            ]
        });
        let declared = declared.to_owned();
        let written = Container::write(path, frames, &StateFacts { declared, segments });
        // What stopped the making says more than what became of the file, which nobody will take over.
        failure.map_or(written, Err)
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
            customer_days: frame(1)?,
            guest_orders: frame(2)?,
            links: frame(3)?,
            channels: frame(4)?,
            last_orders: frame(5)?,
        })
    }
}
