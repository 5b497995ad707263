//! Who is held out: a draw that falls the same way every night.
//!
//! A customer is drawn by a hash of the salt, the list and the customer's key, and by nothing else: not by who else is
//! there, in which order, or on which day. So who is in control stays in control. When two customers turn out to be one,
//! either key is enough: else somebody held out until yesterday would be contacted today.

use std::collections::BTreeMap;

use cartera_table::contracts::IdentityLinks;
use cartera_table::frame::text;
use cartera_table::{Table, TableError};
use polars::prelude::StringChunked;
use sha2::{Digest, Sha256};

use crate::permissions::Ids;

/// The key space of sources that name none.
const MAIN_KEY_SPACE: &str = "main";
/// No link.
const NONE: u32 = u32::MAX;

/// A draw with its own salt and name.
#[derive(Debug, Clone)]
pub struct Draw {
    started: Sha256,
    share: f64,
}

impl Draw {
    /// Of a list's own control group.
    #[must_use]
    pub fn of_list(salt: &str, list: &str, share: f64) -> Self {
        Self::new(salt, &format!("list/{list}"), share)
    }

    /// Of the control group of all lists.
    #[must_use]
    pub fn of_all(salt: &str, share: f64) -> Self {
        Self::new(salt, "global", share)
    }

    fn new(salt: &str, name: &str, share: f64) -> Self {
        let mut started = Sha256::new();
        for part in [salt, name] {
            started.update(part.as_bytes());
            started.update([0]);
        }
        Self { started, share }
    }

    /// Whether a key is drawn.
    ///
    /// # Formula
    /// `SHA-256(salt 00 name 00 key)`: its first eight bytes as a big-endian number, the upper 53 bits of it divided by
    /// 2^53, are below the share. The name is `list/` and the list's name, or `global`.
    ///
    /// ```
    /// use cartera_activation::Draw;
    ///
    /// // int.from_bytes(hashlib.sha256(b"shop\0list/win_back\0c-17").digest()[:8], "big") / 2**64 is 0.2075
    /// let draw = |share| Draw::of_list("shop", "win_back", share).has("c-17");
    /// assert_eq!((draw(0.2074), draw(0.2075)), (false, true));
    /// ```
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.share > 0.0 && self.number(key) < self.share
    }

    fn number(&self, key: &str) -> f64 {
        let mut hash = self.started.clone();
        hash.update(key.as_bytes());
        let digest = hash.finalize();
        let first = digest
            .iter()
            .take(8)
            .fold(0u64, |number, &byte| number << 8 | u64::from(byte));
        // 53 bits fit.
        (first >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The keys of each customer that draws look at: the source key, with its key space before it (`web:17`) where that is not
/// `main`. It does not depend on how many key spaces there are, so that a new source redraws nobody.
#[derive(Debug, Clone)]
pub struct CustomerKeys {
    spaces: StringChunked,
    keys: StringChunked,
    /// The first link of each row of the base, and the next one of each link.
    first: Vec<u32>,
    next: Vec<u32>,
}

impl CustomerKeys {
    /// From all links; a customer without one has its id as key.
    ///
    /// # Errors
    /// When a table breaks its contract.
    pub fn new(links: &Table<IdentityLinks>, base_ids: &StringChunked) -> Result<Self, TableError> {
        let ids = Ids::new(base_ids);
        let frame = links.frame();
        let whole = |name| Ok::<_, TableError>(text(frame, name)?.rechunk().into_owned());
        let (spaces, keys) = (whole("key_space")?, whole("source_key")?);
        let mut first = vec![NONE; ids.len()];
        let mut next = vec![NONE; links.height()];
        // Customers of a key space come in the order of their keys: a cursor for each space goes forward only.
        let mut cursors = BTreeMap::new();
        for (link, customer) in text(frame, "customer_id")?.iter().enumerate() {
            let space = spaces.get(link).unwrap_or_default();
            let cursor = cursors.entry(space).or_insert_with(|| ids.cursor());
            if let Some(row) = customer.and_then(|customer| cursor.find(customer)) {
                next[link] = std::mem::replace(&mut first[row as usize], link as u32);
            }
        }
        drop(cursors);
        Ok(Self {
            spaces,
            keys,
            first,
            next,
        })
    }

    /// Whether a draw has any key of a customer.
    pub(crate) fn is_drawn(&self, row: u32, customer_id: &str, draw: &Draw) -> bool {
        let mut link = self.first[row as usize];
        if link == NONE {
            return draw.has(customer_id);
        }
        while link != NONE {
            let place = link as usize;
            let key = self.keys.get(place).unwrap_or_default();
            let is_drawn = match self.spaces.get(place).filter(|space| *space != MAIN_KEY_SPACE) {
                None => draw.has(key),
                Some(space) => draw.has(&format!("{space}:{key}")),
            };
            if is_drawn {
                return true;
            }
            link = self.next[place];
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_can_be_computed_again_elsewhere() {
        // python: int.from_bytes(hashlib.sha256(b"shop\0list/win_back\0c-17").digest()[:8], "big") / 2**64
        let number = Draw::of_list("shop", "win_back", 0.5).number("c-17");
        assert!((number - 0.207_474_522_847_799_2).abs() < 1e-12, "{number}");
        let number = Draw::of_all("shop", 0.5).number("c-17");
        assert!((number - 0.716_633_628_657_492_6).abs() < 1e-12, "{number}");
    }

    #[test]
    fn a_share_is_kept_to() {
        let draw = Draw::of_list("salt", "list", 0.1);
        let drawn = (0..100_000).filter(|key| draw.has(&key.to_string())).count();
        // Four standard deviations of a binomial draw.
        assert!((9_620..=10_380).contains(&drawn), "{drawn}");
    }

    #[test]
    fn names_and_keys_do_not_run_into_each_other() {
        let number = |salt: &str, list: &str, key: &str| Draw::of_list(salt, list, 1.0).number(key);
        let numbers = [
            number("a", "b", "c"),
            number("ab", "", "c"),
            number("a", "bc", ""),
            number("", "ab", "c"),
        ];
        for (place, one) in numbers.iter().enumerate() {
            assert!(numbers[..place].iter().all(|other| other != one), "{numbers:?}");
        }
    }
}
