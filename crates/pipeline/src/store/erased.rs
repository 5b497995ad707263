//! Who was erased: salted hashes of their keys, and what was done.
//!
//! ```text
//! <warehouse>/erased.json   for the owner alone
//! ```
//!
//! It never holds a key. It is written and synced beside its place and moved there by one rename, before anything else
//! of an erasure happens: from then on every run leaves the person out, whatever becomes of the rest. Pruning does not
//! touch it. Without it, the same raw files would bring everybody back, so that a run stops where it is damaged, or
//! where runs were made without keys that it does not know.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use cartera_table::{AsOf, ErasedHash, ErasedKeys};
use serde::{Deserialize, Serialize};

use super::durable::{remove_any, sync_folder, write_new_private};
use super::error::StoreError;
use super::run_ref::{RunRef, as_of_text};
use super::warehouse::Warehouse;

/// The file's name in the warehouse.
pub(crate) const ERASED_FILE: &str = "erased.json";

/// The format that this build writes, and the newest that it reads.
const FORMAT_VERSION: u32 = 1;

/// All erasures of a warehouse, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedRecord {
    salt: ErasedHash,
    /// One for each key.
    pub erasures: Vec<Erasure>,
}

/// One key that was erased, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Salted hash of key space and key, in hexadecimal digits.
    #[serde(with = "hexadecimal")]
    pub hash: ErasedHash,
    /// When it was asked for.
    pub erased_at: String,
    /// When the last run that told of the person was gone; none while there is still one.
    pub finished_at: Option<String>,
    /// The first day whose run told of the person; none where no run did.
    #[serde(with = "optional_as_of_text", default)]
    pub from_as_of: Option<AsOf>,
    /// Runs that were made anew.
    #[serde(default)]
    pub replaced: Vec<ReplacedRun>,
    /// Runs that are gone and were not made anew.
    #[serde(default)]
    pub deleted: Vec<RunRef>,
}

/// A run that stands in the place of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedRun {
    /// The one that is gone.
    pub old: RunRef,
    /// The one that stands there now.
    pub new: RunRef,
}

/// What stands in the file.
#[derive(Serialize, Deserialize)]
struct Document {
    format_version: u32,
    /// How keys become hashes, for whoever looks into the file.
    hashing: String,
    #[serde(with = "hexadecimal")]
    salt: ErasedHash,
    erasures: Vec<Erasure>,
}

impl ErasedRecord {
    /// Nobody was erased yet; `salt` is what keys will be hashed with.
    #[must_use]
    pub fn new(salt: ErasedHash) -> Self {
        Self {
            salt,
            erasures: Vec::new(),
        }
    }

    /// The keys as the readers take them.
    #[must_use]
    pub fn keys(&self) -> ErasedKeys {
        self.first_keys(self.erasures.len())
    }

    /// Those of the oldest erasures.
    fn first_keys(&self, count: usize) -> ErasedKeys {
        ErasedKeys::new(self.salt, self.erasures.iter().take(count).map(|erasure| erasure.hash))
    }

    /// Those that are not done.
    pub fn unfinished(&self) -> impl Iterator<Item = &Erasure> {
        self.erasures.iter().filter(|erasure| erasure.finished_at.is_none())
    }

    /// Whether a run of this day, made without so many keys, tells of somebody who was erased since. From the first day
    /// on that told of a person all runs are replaced.
    pub(crate) fn is_told_of(&self, as_of: AsOf, known_keys: u64) -> bool {
        let known = usize::try_from(known_keys).unwrap_or(usize::MAX);
        let later = self.erasures.iter().skip(known);
        later.filter_map(|erasure| erasure.from_as_of).any(|from| from <= as_of)
    }

    /// What is there; none where nobody was ever erased.
    pub(crate) fn read(root: &Path) -> Result<Option<Self>, StoreError> {
        let path = root.join(ERASED_FILE);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io("read", &path)(error)),
        };
        let document: Document = serde_json::from_slice(&text).map_err(|source| StoreError::Erased {
            path: path.clone(),
            source,
        })?;
        if document.format_version > FORMAT_VERSION {
            return Err(StoreError::NewerErased {
                path,
                found: document.format_version,
                supported: FORMAT_VERSION,
            });
        }
        Ok(Some(Self {
            salt: document.salt,
            erasures: document.erasures,
        }))
    }

    /// Puts it in the place of what was there, in one piece.
    pub(crate) fn write(&self, root: &Path, staging: &Path) -> Result<(), StoreError> {
        let document = Document {
            format_version: FORMAT_VERSION,
            hashing: "BLAKE3, keyed with the salt, of: length of the key space as 8 bytes, key space, key".to_owned(),
            salt: self.salt,
            erasures: self.erasures.clone(),
        };
        let path = root.join(ERASED_FILE);
        let mut text = serde_json::to_vec_pretty(&document).map_err(|source| StoreError::Erased {
            path: path.clone(),
            source,
        })?;
        text.push(b'\n');
        let fresh = staging.join(ERASED_FILE);
        remove_any(&fresh)?;
        write_new_private(&fresh, &text)?;
        fs::rename(&fresh, &path).map_err(StoreError::io("replace", &path))?;
        sync_folder(root)
    }
}

/// Refuses a record that does not know all keys that a run was made without: somebody who was erased would come back.
/// Erasures are the oldest first, so that those of a run are the first ones.
pub(crate) fn check_complete(warehouse: &Warehouse, record: Option<&ErasedRecord>) -> Result<(), StoreError> {
    let path = || warehouse.root().join(ERASED_FILE);
    let found = record.map_or(0, |record| record.erasures.len());
    let mut hashes: BTreeMap<usize, Option<String>> = BTreeMap::new();
    for run in &warehouse.runs()?.runs {
        let without = &run.manifest.record.erased_keys;
        let Some(count) = usize::try_from(without.count).ok().filter(|count| *count <= found) else {
            return Err(StoreError::LostErased {
                path: path(),
                run: run.reference,
                expected: without.count,
                found: found as u64,
            });
        };
        let first = || record.and_then(|record| record.first_keys(count).content_hash());
        if *hashes.entry(count).or_insert_with(first) != without.hash {
            return Err(StoreError::OtherErased {
                path: path(),
                run: run.reference,
            });
        }
    }
    Ok(())
}

/// Hashes in JSON, as 64 hexadecimal digits.
mod hexadecimal {
    use std::fmt::Write;

    use cartera_table::{ERASED_HASH_BYTES, ErasedHash};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(hash: &ErasedHash, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(2 * ERASED_HASH_BYTES);
        for byte in hash {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ErasedHash, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || D::Error::custom(format_args!("expected {} hexadecimal digits", 2 * ERASED_HASH_BYTES));
        if text.len() != 2 * ERASED_HASH_BYTES || !text.is_ascii() {
            return Err(wrong());
        }
        let mut hash = [0; ERASED_HASH_BYTES];
        for (place, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).map_err(|_| wrong())?;
        }
        Ok(hash)
    }
}

/// Days in JSON that may be missing.
mod optional_as_of_text {
    use cartera_table::AsOf;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::as_of_text;

    #[derive(Serialize, Deserialize)]
    struct Day(#[serde(with = "as_of_text")] AsOf);

    #[expect(clippy::ref_option, reason = "serde asks for it")]
    pub(super) fn serialize<S: Serializer>(day: &Option<AsOf>, serializer: S) -> Result<S::Ok, S::Error> {
        day.map(Day).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AsOf>, D::Error> {
        Ok(Option::<Day>::deserialize(deserializer)?.map(|Day(day)| day))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn record() -> ErasedRecord {
        let mut record = ErasedRecord::new([3; 32]);
        let run = |text: &str| text.parse().expect("a run");
        record.erasures.push(Erasure {
            hash: record.keys().hash_of("main", "ann"),
            erased_at: "2026-01-01T12:00:00Z".to_owned(),
            finished_at: None,
            from_as_of: Some(AsOf("2025-12-31".parse().expect("a day"))),
            replaced: vec![ReplacedRun {
                old: run("2025-12-31/1"),
                new: run("2025-12-31/2"),
            }],
            deleted: vec![run("2025-12-30/1")],
        });
        record
    }

    #[test]
    fn it_is_read_as_it_was_written_and_nobody_else_can_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let staging = folder.path().join(".staging");
        fs::create_dir(&staging).expect("made");
        assert_eq!(ErasedRecord::read(folder.path()).expect("nothing there"), None);
        for _ in 0..2 {
            record().write(folder.path(), &staging).expect("written");
        }
        assert_eq!(ErasedRecord::read(folder.path()).expect("read"), Some(record()));
        let path = folder.path().join(ERASED_FILE);
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!fs::read_to_string(&path).expect("text").contains("ann"));
        assert!(record().keys().contains("main", "ann"));
    }

    #[test]
    fn damage_and_newer_formats_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let staging = folder.path().join(".staging");
        fs::create_dir(&staging).expect("made");
        record().write(folder.path(), &staging).expect("written");
        let path = folder.path().join(ERASED_FILE);
        let text = fs::read_to_string(&path).expect("text");
        fs::write(&path, text.replace("0303", "03x3")).expect("written");
        assert!(matches!(
            ErasedRecord::read(folder.path()),
            Err(StoreError::Erased { .. })
        ));
        fs::write(&path, text.replace("\"format_version\": 1", "\"format_version\": 9")).expect("written");
        assert!(matches!(
            ErasedRecord::read(folder.path()),
            Err(StoreError::NewerErased { found: 9, .. })
        ));
    }
}
