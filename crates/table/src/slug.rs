//! Slugs of reasons and columns, as they come back from a file.
//!
//! In the program they are constants; what was kept between two runs brings them as texts. There are a few
//! dozen of them, so that each is kept once for as long as the program runs.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer};

/// A constant text. By this name deriving does not take it for a text borrowed from what is read.
pub type Slug = &'static str;

static KNOWN: Mutex<BTreeSet<Slug>> = Mutex::new(BTreeSet::new());

/// The constant of that text.
#[must_use]
pub fn intern(text: &str) -> Slug {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(slug) = known.get(text) {
        return slug;
    }
    let slug: Slug = Box::leak(text.into());
    known.insert(slug);
    slug
}

/// For `deserialize_with`.
pub(crate) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Slug, D::Error> {
    Ok(intern(&String::deserialize(deserializer)?))
}

/// For `deserialize_with`.
pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Slug>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(|text| intern(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_slug() {
        let first = intern("no_such_day");
        let second = intern(&String::from("no_such_day"));
        assert!(std::ptr::eq(first, second));
    }
}
