//! Purchases of the whole base by day: what the models' total over time is held against.

use super::HistoryWindow;
use super::customer::PurchaseDay;

/// Purchases of the customers that were known at the cut, by day since the first of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PurchaseCounts {
    /// Customers whose first purchase it was.
    pub(crate) first: Vec<u64>,
    /// Purchases after the first.
    pub(crate) repeats: Vec<u64>,
}

impl PurchaseCounts {
    pub(crate) fn new(window: &HistoryWindow) -> Self {
        let days = usize::try_from(window.last_day - window.first_day + 1).unwrap_or(0);
        Self {
            first: vec![0; days],
            repeats: vec![0; days],
        }
    }

    /// Adds a customer: up to the cut what was known then, after it what is known now.
    pub(crate) fn add(&mut self, then: &[PurchaseDay], now: &[PurchaseDay], window: &HistoryWindow) {
        let Some(cut) = window.cut else { return };
        let place = |day: i32| usize::try_from(day - window.first_day).ok();
        let until_cut = then.iter().filter(|(day, _)| *day <= cut);
        let after = now.iter().filter(|(day, _)| *day > cut);
        for (index, (day, _)) in until_cut.chain(after).enumerate() {
            let counts = if index == 0 { &mut self.first } else { &mut self.repeats };
            if let Some(count) = place(*day).and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }

    /// Adds those of another partition.
    pub fn merge(&mut self, other: &Self) {
        for (mine, others) in [(&mut self.first, &other.first), (&mut self.repeats, &other.repeats)] {
            if mine.len() < others.len() {
                mine.resize(others.len(), 0);
            }
            mine.iter_mut().zip(others).for_each(|(mine, other)| *mine += other);
        }
    }
}
