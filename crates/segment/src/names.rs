//! Names of segments that a pipeline chooses.

/// What a name must look like, for messages.
pub(crate) const SLUG: &str = "it must be lower-case words of a-z and 0-9 joined by _, starting with a letter";

/// Whether a name can stand in published files and in queries.
pub(crate) fn is_slug(name: &str) -> bool {
    let starts_with_letter = name.starts_with(|first: char| first.is_ascii_lowercase());
    let words_are_plain = name.split('_').all(|word| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    starts_with_letter && words_are_plain
}
