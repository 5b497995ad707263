//! What each segment looks like beside the whole base.

mod effect;
mod keys;
mod mix;
mod overview;
mod params;
mod profile;
mod statistics;

pub(crate) use keys::Keys;
pub(crate) use mix::{Mix, mix};
pub(crate) use overview::{Overview, overview};
pub use params::ProfileParams;
pub(crate) use params::ProfileValidParams;
pub(crate) use profile::{Profile, ProfiledFeature, profiles};
pub(crate) use statistics::{Overflow, segments};
