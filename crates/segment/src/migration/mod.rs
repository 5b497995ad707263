//! Who changed segments since the last run.

mod counts;
mod moves;
mod prior;
mod walk;

pub(crate) use counts::{Migration, migrations};
pub(crate) use moves::{Direction, Moves, moves};
pub(crate) use prior::{Prior, SegmentsBefore};
