//! A set of keys that many threads look into: how many rows find their partner, and which keys find a row.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Any fixed number.
const HASHER: FixedState = FixedState::with_seed(0x6b_65_79_73);

/// Distinct keys, each with a mark that says whether it was found.
#[derive(Debug, Default)]
pub struct KeySet {
    keys: Vec<Box<str>>,
    places: HashTable<u32>,
    found: Vec<AtomicBool>,
}

impl KeySet {
    /// Adds a key; one that is there already changes nothing.
    ///
    /// Keys beyond 4,294,967,295 are left out, which no table in memory has.
    pub fn insert(&mut self, key: &str) {
        let hash = HASHER.hash_one(key);
        if self.place(hash, key).is_some() {
            return;
        }
        let Ok(place) = u32::try_from(self.keys.len()) else {
            return;
        };
        self.keys.push(key.into());
        self.found.push(AtomicBool::new(false));
        let keys = &self.keys;
        self.places
            .insert_unique(hash, place, |&place| HASHER.hash_one(&*keys[place as usize]));
    }

    /// How many of the keys given are in the set, out of how many; those that are there are marked.
    pub fn look_up<'k>(&self, keys: impl Iterator<Item = Option<&'k str>>) -> Matches {
        let mut matches = Matches::default();
        let mut last: Option<(&str, bool)> = None;
        for key in keys.flatten() {
            matches.total += 1;
            // Rows of one key often stand together: then the set need not be asked.
            let is_there = match last {
                Some((known, is_there)) if known == key => is_there,
                _ => self.mark(key),
            };
            last = Some((key, is_there));
            matches.matched += u64::from(is_there);
        }
        matches
    }

    /// The same for rows that were counted by key.
    pub fn look_up_counted<'k>(&self, keys: impl Iterator<Item = (&'k str, u64)>) -> Matches {
        let mut matches = Matches::default();
        for (key, rows) in keys {
            matches.total += rows;
            if self.mark(key) {
                matches.matched += rows;
            }
        }
        matches
    }

    /// How many keys of the set were found so far, out of all.
    #[must_use]
    pub fn found(&self) -> Matches {
        let found = self.found.iter().filter(|found| found.load(Ordering::Relaxed));
        Matches {
            matched: found.count() as u64,
            total: self.keys.len() as u64,
        }
    }

    fn mark(&self, key: &str) -> bool {
        let Some(place) = self.place(HASHER.hash_one(key), key) else {
            return false;
        };
        let found = &self.found[place as usize];
        // Writing again what is there would take the cache line from the other threads.
        if !found.load(Ordering::Relaxed) {
            found.store(true, Ordering::Relaxed);
        }
        true
    }

    fn place(&self, hash: u64, key: &str) -> Option<u32> {
        self.places
            .find(hash, |&place| &*self.keys[place as usize] == key)
            .copied()
    }
}

/// How many find their partner, out of how many that name one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matches {
    /// Those that find it.
    pub matched: u64,
    /// All that name one.
    pub total: u64,
}

impl Matches {
    /// Adds other ones.
    pub fn add(&mut self, other: Self) {
        self.matched += other.matched;
        self.total += other.total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_counted_and_every_key_marked_once() {
        let mut set = KeySet::default();
        for key in ["tea", "mug", "pot", "tea", ""] {
            set.insert(key);
        }
        let rows = [
            Some("tea"),
            Some("tea"),
            None,
            Some("cup"),
            Some("cup"),
            Some("mug"),
            Some("tea"),
        ];
        assert_eq!(set.look_up(rows.into_iter()), Matches { matched: 4, total: 6 });
        assert_eq!(set.found(), Matches { matched: 2, total: 4 });
        assert_eq!(set.look_up([Some("")].into_iter()), Matches { matched: 1, total: 1 });
        assert_eq!(set.found(), Matches { matched: 3, total: 4 });
    }
}
