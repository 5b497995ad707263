//! The keys of people who were erased, as salted hashes: enough to know a key again, not to tell it.
//!
//! Whoever has the salt can try keys, so that the hashes are kept as privately as what they stand for.

use std::collections::BTreeSet;

/// Bytes of a salt, and of a hash.
pub const ERASED_HASH_BYTES: usize = 32;

/// A salt, or the hash of a key.
pub type ErasedHash = [u8; ERASED_HASH_BYTES];

/// What stands where something told of an erased person.
pub const ERASED_VALUE: &str = "(erased)";

/// The keys that no table may hold any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErasedKeys {
    salt: ErasedHash,
    hashes: BTreeSet<ErasedHash>,
}

impl ErasedKeys {
    /// The keys with these hashes, all made with that salt.
    #[must_use]
    pub fn new(salt: ErasedHash, hashes: impl IntoIterator<Item = ErasedHash>) -> Self {
        Self {
            salt,
            hashes: hashes.into_iter().collect(),
        }
    }

    /// The hash of a key: BLAKE3 of key space and key, keyed with the salt.
    #[must_use]
    pub fn hash_of(&self, key_space: &str, key: &str) -> ErasedHash {
        let mut hasher = blake3::Hasher::new_keyed(&self.salt);
        // The length tells where the key space ends: without it two pairs could read the same.
        hasher.update(&(key_space.len() as u64).to_le_bytes());
        hasher.update(key_space.as_bytes());
        hasher.update(key.as_bytes());
        *hasher.finalize().as_bytes()
    }

    /// Whether nobody was erased.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// How many keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether a key was erased. Nothing is hashed where nobody was.
    #[must_use]
    pub fn contains(&self, key_space: &str, key: &str) -> bool {
        !self.hashes.is_empty() && self.hashes.contains(&self.hash_of(key_space, key))
    }

    /// The hash of all of them in hexadecimal digits, which what depends on them is told apart by; none where nobody
    /// was erased.
    #[must_use]
    pub fn content_hash(&self) -> Option<String> {
        if self.hashes.is_empty() {
            return None;
        }
        let mut hasher = blake3::Hasher::new_keyed(&self.salt);
        for hash in &self.hashes {
            hasher.update(hash);
        }
        Some(hasher.finalize().to_hex().to_string())
    }

    /// Those of one key space.
    #[must_use]
    pub fn of_key_space<'e>(&'e self, key_space: &'e str) -> ErasedOfSource<'e> {
        ErasedOfSource {
            keys: (!self.is_empty()).then_some((self, key_space)),
        }
    }
}

/// The erased keys as one source has them.
#[derive(Debug, Clone, Copy)]
pub struct ErasedOfSource<'e> {
    keys: Option<(&'e ErasedKeys, &'e str)>,
}

impl ErasedOfSource<'_> {
    /// Nobody was erased, or it does not matter.
    #[must_use]
    pub fn nobody() -> Self {
        Self { keys: None }
    }

    /// Whether anybody was erased.
    #[must_use]
    pub fn has_any(&self) -> bool {
        self.keys.is_some()
    }

    /// Whether a key was erased.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.keys.is_some_and(|(keys, key_space)| keys.contains(key_space, key))
    }

    /// Of each key whether it was erased; none where none was.
    #[must_use]
    pub fn among<'k>(&self, keys: impl Iterator<Item = Option<&'k str>>) -> Option<Vec<bool>> {
        self.keys?;
        let mut last: Option<(&str, bool)> = None;
        let mut is_any = false;
        let is_erased = keys
            .map(|key| {
                let key = key?;
                // Lines of one key often stand together: then it need not be hashed again.
                let is_erased = match last {
                    Some((known, is_erased)) if known == key => is_erased,
                    _ => self.contains(key),
                };
                last = Some((key, is_erased));
                is_any |= is_erased;
                Some(is_erased)
            })
            .map(|is_erased| is_erased.unwrap_or(false))
            .collect();
        is_any.then_some(is_erased)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(keys: &[(&str, &str)]) -> ErasedKeys {
        let none = ErasedKeys::new([7; 32], []);
        ErasedKeys::new([7; 32], keys.iter().map(|(space, key)| none.hash_of(space, key)))
    }

    #[test]
    fn a_key_is_known_again_in_its_own_key_space_alone() {
        let keys = erased(&[("web", "17850")]);
        assert!(keys.contains("web", "17850"));
        assert!(!keys.contains("shop", "17850") && !keys.contains("web", "1785") && !keys.contains("web1", "7850"));
        assert!(!ErasedKeys::default().contains("web", "17850"));
    }

    #[test]
    fn another_salt_gives_other_hashes() {
        let [one, other] = [[1; 32], [2; 32]].map(|salt| ErasedKeys::new(salt, []).hash_of("main", "ann"));
        assert_ne!(one, other);
    }

    #[test]
    fn the_hash_of_all_depends_on_all_and_on_no_order() {
        assert_eq!(ErasedKeys::default().content_hash(), None);
        let (ann, bob) = (("main", "ann"), ("main", "bob"));
        assert_eq!(erased(&[ann, bob]).content_hash(), erased(&[bob, ann]).content_hash());
        assert_ne!(erased(&[ann]).content_hash(), erased(&[ann, bob]).content_hash());
    }

    #[test]
    fn keys_are_marked_row_by_row() {
        let keys = erased(&[("main", "ann")]);
        let of_source = keys.of_key_space("main");
        let rows = [Some("ann"), Some("ann"), None, Some("bob"), Some("ann")];
        assert_eq!(
            of_source.among(rows.into_iter()),
            Some(vec![true, true, false, false, true])
        );
        assert_eq!(of_source.among([Some("bob"), None].into_iter()), None);
        assert_eq!(ErasedOfSource::nobody().among(rows.into_iter()), None);
    }
}
