//! The rows or keys with the smallest hashes: a random sample that is the same however the rows are grouped.
//!
//! What is among the smallest of all was among the smallest of every part that it stood in, so that no
//! occurrence of it was ever dropped: the counts of what is left are exact.

use serde::{Deserialize, Serialize};

/// At most `limit` different hashes, the smallest ones, each with how often it occurred and with what was kept
/// of its first occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BottomSample<V> {
    limit: usize,
    /// Ascending by hash.
    entries: Vec<Entry<V>>,
}

/// One sampled hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry<V> {
    hash: u64,
    pub(crate) count: u64,
    pub(crate) kept: V,
}

impl<V> BottomSample<V> {
    #[cfg(test)]
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            entries: Vec::new(),
        }
    }

    /// The sample of some rows. Hashes above `bound` are passed over: somebody knows already that they will not be
    /// among the smallest.
    pub(crate) fn of(limit: usize, hashes: &[u64], bound: u64, keep: impl Fn(usize) -> V) -> Self {
        // No value hashes to zero, so that keys without a value fall out here.
        let mut rows: Vec<(u64, usize)> = hashes
            .iter()
            .enumerate()
            .filter(|(_, hash)| (1..=bound).contains(*hash))
            .map(|(row, &hash)| (hash, row))
            .collect();
        rows.sort_unstable();
        let entries = rows
            .chunk_by(|one, next| one.0 == next.0)
            .take(limit)
            .map(|equal| Entry {
                hash: equal[0].0,
                count: equal.len() as u64,
                kept: keep(equal[0].1),
            })
            .collect();
        Self { limit, entries }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        if self.entries.is_empty() {
            self.entries = other.entries;
            return;
        }
        let bound = self.bound();
        let mut merged = Vec::with_capacity((self.entries.len() + other.entries.len()).min(self.limit));
        let mut own = std::mem::take(&mut self.entries).into_iter().peekable();
        let mut others = other
            .entries
            .into_iter()
            .take_while(|entry| entry.hash <= bound)
            .peekable();
        while merged.len() < self.limit {
            let next = match (own.peek(), others.peek()) {
                (Some(one), Some(two)) if one.hash == two.hash => {
                    let count = others.next().map_or(0, |entry| entry.count);
                    own.next().map(|entry| Entry {
                        count: entry.count + count,
                        ..entry
                    })
                }
                (Some(one), Some(two)) if two.hash < one.hash => others.next(),
                (Some(_), _) => own.next(),
                (None, _) => others.next(),
            };
            match next {
                Some(entry) => merged.push(entry),
                None => break,
            }
        }
        self.entries = merged;
    }

    /// The largest hash that can still be among the smallest.
    pub(crate) fn bound(&self) -> u64 {
        match self.entries.last() {
            Some(last) if self.is_full() => last.hash,
            _ => u64::MAX,
        }
    }

    /// Whether there may be more than the sample holds.
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= self.limit
    }

    pub(crate) fn entries(&self) -> &[Entry<V>] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_are_kept_with_their_exact_counts() {
        let hashes = [9, 3, 3, 7, 0, 1, 9, 3];
        let sample = BottomSample::of(3, &hashes, u64::MAX, |row| row);
        let seen: Vec<_> = sample
            .entries()
            .iter()
            .map(|entry| (entry.hash, entry.count, entry.kept))
            .collect();
        assert_eq!(seen, [(1, 1, 5), (3, 3, 1), (7, 1, 3)]);
        assert_eq!((sample.bound(), sample.is_full()), (7, true));
    }

    #[test]
    fn any_grouping_and_any_bound_gives_the_same() {
        let hashes: Vec<u64> = (0..1_000_u64).map(|i| i * i * 7 % 613 + 1).collect();
        let whole = BottomSample::of(50, &hashes, u64::MAX, |_| ());
        for size in [1, 7, 64, 400] {
            let mut merged = BottomSample::new(50);
            for part in hashes.chunks(size).rev() {
                merged.merge(BottomSample::of(50, part, merged.bound(), |_| ()));
            }
            assert_eq!(merged, whole, "parts of {size}");
        }
    }
}
