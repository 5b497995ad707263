//! The customers whom models are tried on: those known at the cut.

use cartera_clv::History;

use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::history::{Histories, Holdout, holdouts};

/// A customer as of the cut, and what came after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    pub(super) history: History,
    pub(super) value_count: u32,
    pub(super) value_mean: f64,
    pub(super) holdout: Holdout,
}

/// The customers known at the cut, by their ids, and how many came later.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    pub(super) customers: Vec<Subject>,
    pub(super) excluded: u64,
}

impl Subjects {
    pub(super) fn read(base: &CustomerBase) -> Result<Self, FeatureError> {
        let frame = base.frame();
        let now = Histories::now(frame)?.iter();
        let then = Histories::at_cut(frame)?.iter();
        let mut subjects = Self::default();
        for ((now, then), holdout) in now.zip(then).zip(holdouts(frame)?) {
            match then.zip(holdout) {
                Some(((history, value_count, value_mean), holdout)) => subjects.customers.push(Subject {
                    history,
                    value_count,
                    value_mean,
                    holdout,
                }),
                None if now.is_some() => subjects.excluded += 1,
                None => {}
            }
        }
        Ok(subjects)
    }
}
