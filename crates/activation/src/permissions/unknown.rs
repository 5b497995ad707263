//! Words that closed everything because nobody knows them: whoever runs the lists has to hear of it.

use std::collections::BTreeMap;

use super::words::WordKind;

/// Words that are told one by one; there are more only where a wrong column was taken for the channel.
const MOST_TOLD: usize = 5;
/// Words that are counted one by one.
const MOST_COUNTED: usize = 64;
/// Letters of a word that is told.
const LONGEST_TOLD: usize = 24;

/// How many rows have each unknown word.
#[derive(Debug, Clone, Default)]
pub(super) struct UnknownWords {
    counts: BTreeMap<(WordKind, String), u64>,
}

impl UnknownWords {
    pub(super) fn add(&mut self, kind: WordKind, text: &str) {
        self.add_many(kind, text.trim().to_lowercase(), 1);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for ((kind, word), count) in other.counts {
            self.add_many(kind, word, count);
        }
    }

    fn add_many(&mut self, kind: WordKind, word: String, count: u64) {
        // What does not look like a word may be somebody's address.
        let is_word = word.len() <= LONGEST_TOLD && !word.contains(|letter: char| letter == '@' || letter.is_numeric());
        let key = (kind, if is_word { word } else { String::new() });
        let is_full = self.counts.len() >= MOST_COUNTED && !self.counts.contains_key(&key);
        let key = if is_full { (kind, String::new()) } else { key };
        *self.counts.entry(key).or_default() += count;
    }

    /// A note for each word, the most frequent first.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for kind in [WordKind::Channel, WordKind::Purpose] {
            let of_kind = self.counts.iter().filter(|((of, _), _)| *of == kind);
            let mut words: Vec<(&str, u64)> = of_kind.map(|((_, word), count)| (word.as_str(), *count)).collect();
            words.sort_by_key(|&(word, count)| (word.is_empty(), std::cmp::Reverse(count)));
            let told = words
                .iter()
                .take_while(|(word, _)| !word.is_empty())
                .count()
                .min(MOST_TOLD);
            let name = kind.name();
            for &(word, count) in &words[..told] {
                let rows = rows_close(count);
                notes.push(format!(
                    "{rows} {name} `{word}`, which no list has and which is not known: it counts for every {name}"
                ));
            }
            let others: u64 = words[told..].iter().map(|(_, count)| count).sum();
            if others > 0 {
                let rows = rows_close(others);
                notes.push(format!(
                    "{rows} a {name} that is not known: each counts for every {name}"
                ));
            }
        }
        notes
    }
}

fn rows_close(count: u64) -> String {
    if count == 1 {
        "1 row of consents or suppressions closes".to_owned()
    } else {
        format!("{count} rows of consents or suppressions close")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_and_addresses_are_not() {
        let mut words = UnknownWords::default();
        for text in ["Pigeon", "pigeon ", "ana@x.org", "600111222"] {
            words.add(WordKind::Channel, text);
        }
        let mut more = UnknownWords::default();
        more.add(WordKind::Purpose, "x");
        words.merge(more);
        assert_eq!(
            words.notes(),
            [
                "2 rows of consents or suppressions close channel `pigeon`, which no list has and which is not known: it counts for every channel",
                "2 rows of consents or suppressions close a channel that is not known: each counts for every channel",
                "1 row of consents or suppressions closes purpose `x`, which no list has and which is not known: it counts for every purpose",
            ]
        );
    }
}
