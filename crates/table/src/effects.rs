//! What each policy did, in rows and money.
//!
//! Policies overlap: a return whose sign was turned may also have found its sale. So their effects
//! are no cells of the [`Ledger`](crate::Ledger), which are disjoint, but stand beside it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::ledger::Count;
use crate::money::Money;
use crate::slug::Slug;

/// What a policy did to lines of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Effect {
    /// The policy, as its key is called in a pipeline file.
    #[serde(deserialize_with = "crate::slug::required")]
    pub policy: Slug,
    /// What it did, a slug.
    #[serde(deserialize_with = "crate::slug::required")]
    pub effect: Slug,
    /// Place of the source in the pipeline.
    pub source_index: usize,
}

/// The effects, and the rows and the money of each. Shared by worker threads.
#[derive(Debug, Default)]
pub struct PolicyEffects {
    effects: Mutex<BTreeMap<Effect, Count>>,
}

impl PolicyEffects {
    /// Adds rows and their amount in the pipeline's currency.
    pub fn add(&self, effect: Effect, rows: u64, amount: Money) {
        if rows == 0 {
            return;
        }
        let mut effects = self.effects.lock().unwrap_or_else(PoisonError::into_inner);
        effects.entry(effect).or_default().add(Count {
            rows,
            amount,
            ..Count::default()
        });
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.effects.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// All effects in their order.
    #[must_use]
    pub fn list(&self) -> Vec<(Effect, Count)> {
        let effects = self.effects.lock().unwrap_or_else(PoisonError::into_inner);
        effects.iter().map(|(&effect, &count)| (effect, count)).collect()
    }
}
