//! The text of a pipeline file with the place of every key and value.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, ConfigProblem, Diagnostic};
use super::excerpt::Excerpt;

/// A pipeline file that is TOML, whatever its keys are.
///
/// Keys are named by dotted paths in which entries of lists count from 0: `source.0.columns.amount`.
pub(crate) struct Document<'a> {
    pub(crate) path: &'a Path,
    text: &'a str,
    root: DeTable<'a>,
}

/// A key or a list entry: its dotted path, where its name stands and where its value stands.
struct Entry<'d, 'a> {
    path: String,
    /// Absent for entries of lists, which have no name.
    name: Option<Range<usize>>,
    value: &'d DeValue<'a>,
    value_span: Range<usize>,
}

impl<'a> Document<'a> {
    /// Reads the text as TOML.
    pub(crate) fn parse(path: &'a Path, text: &'a str) -> Result<Self, ConfigError> {
        match DeTable::parse(text) {
            Ok(root) => Ok(Self {
                path,
                text,
                root: root.into_inner(),
            }),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let problem = ConfigProblem::Syntax {
                    message: error.message().to_owned(),
                };
                Err(Diagnostic::new(Excerpt::new(path, text, span), problem).into())
            }
        }
    }

    /// The folder that relative paths start from.
    pub(crate) fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// A section as typed, for the parameters whose meaning other crates own.
    pub(crate) fn section(&self, name: &str) -> Option<toml::Value> {
        let table: toml::Table = toml::from_str(self.text).ok()?;
        table.get(name).cloned()
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries().iter().any(|entry| entry.path == key)
    }

    /// An error at a key's value; where the key is absent, at the nearest section around it.
    pub(crate) fn error_at(&self, key: &str, problem: ConfigProblem) -> ConfigError {
        Diagnostic::new(self.excerpt(key), problem).into()
    }

    /// An error at a key's name; where the key is absent, at the nearest section around it.
    pub(crate) fn error_at_name(&self, key: &str, problem: ConfigProblem) -> ConfigError {
        let name = self
            .entries()
            .into_iter()
            .find(|entry| entry.path == key)
            .and_then(|entry| entry.name);
        match name {
            Some(span) => self.error_in(span, problem),
            None => self.error_at(key, problem),
        }
    }

    /// An error at a byte range.
    pub(crate) fn error_in(&self, span: Range<usize>, problem: ConfigProblem) -> ConfigError {
        Diagnostic::new(Excerpt::new(self.path, self.text, span), problem).into()
    }

    /// The place of a key's value, or of the nearest section around an absent key.
    pub(crate) fn excerpt(&self, key: &str) -> Excerpt {
        let entries = self.entries();
        let mut wanted = key;
        let span = loop {
            if let Some(entry) = entries.iter().find(|entry| entry.path == wanted) {
                break entry.value_span.clone();
            }
            match wanted.rsplit_once('.') {
                Some((parent, _)) => wanted = parent,
                None => break 0..0,
            }
        };
        Excerpt::new(self.path, self.text, span)
    }

    /// The dotted path of the key or value that stands exactly at a byte range.
    pub(crate) fn key_at(&self, span: &Range<usize>) -> Option<String> {
        self.entries()
            .into_iter()
            .filter(|entry| entry.name.as_ref() == Some(span) || entry.value_span == *span)
            // A header is the value of a list and of its first entry: the innermost is meant.
            .max_by_key(|entry| entry.path.len())
            .map(|entry| entry.path)
    }

    /// The key of a section that a message of another crate talks about: the one most of whose
    /// path the message names; the section itself when it names none.
    pub(crate) fn key_named_in(&self, sections: &[&str], message: &str) -> String {
        let words: Vec<&str> = message
            .split(|character: char| !character.is_alphanumeric() && character != '_')
            .collect();
        let named = |path: &str| path.split('.').filter(|part| words.contains(part)).count();
        let mut best = (0, sections.first().copied().unwrap_or_default().to_owned());
        for entry in self.entries() {
            let mut parts = entry.path.split('.');
            let in_sections = parts.next().is_some_and(|part| sections.contains(&part));
            // Messages count list entries in their own way, so that only the list is sure.
            let in_list = parts.any(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
            let count = named(&entry.path);
            let last_is_named = entry.path.rsplit('.').next().is_some_and(|last| words.contains(&last));
            if in_sections && !in_list && last_is_named && count > best.0 {
                best = (count, entry.path);
            }
        }
        best.1
    }

    /// Every key and list entry, in the order of the text.
    fn entries(&self) -> Vec<Entry<'_, 'a>> {
        let mut entries = Vec::new();
        collect_table(&self.root, "", &mut entries);
        entries.sort_by_key(|entry| {
            let place = entry.name.as_ref().unwrap_or(&entry.value_span).start;
            (place, entry.path.len())
        });
        entries
    }

    /// Whether the value of a key is a list of tables, as `[[key]]` writes it.
    pub(crate) fn is_list_entry(&self, key: &str) -> bool {
        self.entries()
            .iter()
            .any(|entry| entry.path == key && entry.name.is_none() && entry.value.is_table())
    }
}

fn collect_table<'d, 'a>(table: &'d DeTable<'a>, parent: &str, entries: &mut Vec<Entry<'d, 'a>>) {
    for (name, value) in table {
        let path = join(parent, name.get_ref());
        collect_value(path, Some(name.span()), value, entries);
    }
}

fn collect_value<'d, 'a>(
    path: String,
    name: Option<Range<usize>>,
    value: &'d toml::Spanned<DeValue<'a>>,
    entries: &mut Vec<Entry<'d, 'a>>,
) {
    entries.push(Entry {
        path: path.clone(),
        name,
        value: value.get_ref(),
        value_span: value.span(),
    });
    match value.get_ref() {
        DeValue::Table(table) => collect_table(table, &path, entries),
        DeValue::Array(array) => {
            for (index, entry) in array.iter().enumerate() {
                collect_value(join(&path, &index.to_string()), None, entry, entries);
            }
        }
        _ => {}
    }
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[rfm.recency]\nbins = 5\n[rfm.monetary]\nbins = 9\n[[source]]\nname = 'a'\n[[source]]\nname = 'b'\nformat.header = true\n";

    fn document() -> Document<'static> {
        Document::parse(Path::new("p.toml"), TEXT).expect("it is TOML")
    }

    fn place(key: &str) -> (usize, usize) {
        let excerpt = document().excerpt(key);
        (excerpt.line, excerpt.column)
    }

    #[test]
    fn keys_are_found_by_path() {
        assert_eq!(place("rfm.monetary.bins"), (4, 8));
        assert_eq!(place("source.1.name"), (8, 8));
        assert_eq!(place("source.1.format.header"), (9, 17));
    }

    #[test]
    fn absent_keys_stand_at_their_section() {
        assert_eq!(place("source.1.path"), (7, 1));
        assert_eq!(place("source.1.columns.amount"), (7, 1));
        assert_eq!(place("limits.max"), (1, 1));
    }

    #[test]
    fn paths_are_found_by_place() {
        let start = TEXT.find("'b'").expect("it is there");
        let key = document().key_at(&(start..start + 3));
        assert_eq!(key.as_deref(), Some("source.1.name"));
    }

    #[test]
    fn the_key_that_a_message_names_best_is_found() {
        let key = |message| document().key_named_in(&["rfm"], message);
        assert_eq!(key("monetary has 9 bins"), "rfm.monetary.bins");
        assert_eq!(key("something is wrong with it"), "rfm");
        assert_eq!(key("name"), "rfm");
    }
}
