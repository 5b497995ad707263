//! What each segment looks like beside the whole base.

mod profile;
mod statistics;

pub(crate) use profile::{Profile, ProfiledFeature, profiles};
