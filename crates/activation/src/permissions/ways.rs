//! Channels and purposes as codes.
//!
//! Only those that some list or action asks for are looked at, so that what a source says of others costs nothing.

use super::unknown::UnknownWords;
use super::words::{WordKind, further_meanings, is_every};

/// A channel with a purpose that somebody is to be contacted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way(pub(super) u16);

/// What a word of a source stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    Every,
    One(u16),
    /// All asked words with one of these well-known meanings, and one word beside them.
    Some(u32, Option<u16>),
    /// None that anybody asks for.
    Other,
}

/// Whether a row opens a way or closes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It opens what it names, word for word.
    Opens,
    /// It closes all that it may name.
    Closes,
}

/// The words that are asked for, in the one form of each.
#[derive(Debug, Clone)]
struct Words {
    kind: WordKind,
    asked: Vec<String>,
    /// What each may mean.
    meanings: Vec<u32>,
}

impl Words {
    fn new(kind: WordKind) -> Self {
        Self {
            kind,
            asked: Vec::new(),
            meanings: Vec::new(),
        }
    }

    fn add(&mut self, text: &str) -> u16 {
        let place = self.find(text).unwrap_or_else(|| {
            let word = self.kind.canonical(text).into_owned();
            self.meanings.push(self.kind.meanings(&word));
            self.asked.push(word);
            self.asked.len() - 1
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    fn find(&self, text: &str) -> Option<usize> {
        let word = self.kind.canonical(text);
        self.asked.iter().position(|known| *known == word)
    }

    fn meaning(&self, text: &str, effect: Effect) -> Meaning {
        if is_every(text) {
            return Meaning::Every;
        }
        let own = self.find(text).and_then(|place| u16::try_from(place).ok());
        if effect == Effect::Opens {
            return own.map_or(Meaning::Other, Meaning::One);
        }
        let meanings = self.kind.meanings(&self.kind.canonical(text)) | further_meanings(self.kind, text);
        match (meanings, own) {
            (0, None) => Meaning::Every,
            (0, Some(own)) => Meaning::One(own),
            (meanings, own) => Meaning::Some(meanings, own),
        }
    }

    fn covers(&self, meaning: Meaning, code: u16) -> bool {
        match meaning {
            Meaning::Every => true,
            Meaning::One(own) => own == code,
            Meaning::Some(meanings, own) => {
                own == Some(code)
                    || self
                        .meanings
                        .get(usize::from(code))
                        .is_some_and(|of| of & meanings != 0)
            }
            Meaning::Other => false,
        }
    }

    /// Whether the word is neither one that is asked for nor one that is known.
    fn is_unknown(&self, text: &str) -> bool {
        !is_every(text) && self.meaning(text, Effect::Closes) == Meaning::Every
    }
}

/// All ways that are asked for.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    channels: Words,
    purposes: Words,
    ways: Vec<(u16, u16)>,
}

impl Ways {
    pub(super) fn new<S: AsRef<str>>(asked: &[(S, S)]) -> Self {
        let mut ways = Self {
            channels: Words::new(WordKind::Channel),
            purposes: Words::new(WordKind::Purpose),
            ways: Vec::new(),
        };
        for (channel, purpose) in asked {
            let way = (ways.channels.add(channel.as_ref()), ways.purposes.add(purpose.as_ref()));
            if !ways.ways.contains(&way) {
                ways.ways.push(way);
            }
        }
        ways
    }

    pub(super) fn len(&self) -> usize {
        self.ways.len()
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = Way> + use<> {
        (0..self.ways.len() as u16).map(Way)
    }

    pub(super) fn find(&self, channel: &str, purpose: &str) -> Option<Way> {
        let channel = self.channels.find(channel)?;
        let purpose = self.purposes.find(purpose)?;
        let is_it = |way: &(u16, u16)| usize::from(way.0) == channel && usize::from(way.1) == purpose;
        u16::try_from(self.ways.iter().position(is_it)?).ok().map(Way)
    }

    /// Code of the way's channel.
    pub(super) fn channel(&self, way: Way) -> u16 {
        self.ways[usize::from(way.0)].0
    }

    /// All channels, by their codes.
    pub(super) fn channels(&self) -> &[String] {
        &self.channels.asked
    }

    /// Ways that channel and purpose of a row cover.
    pub(super) fn covered(&self, channel: Meaning, purpose: Meaning) -> impl Iterator<Item = usize> + '_ {
        let covers =
            move |way: &(u16, u16)| self.channels.covers(channel, way.0) && self.purposes.covers(purpose, way.1);
        self.ways
            .iter()
            .enumerate()
            .filter(move |(_, way)| covers(way))
            .map(|(place, _)| place)
    }

    pub(super) fn channel_of(&self, text: &str, effect: Effect) -> Meaning {
        self.channels.meaning(text, effect)
    }

    pub(super) fn purpose_of(&self, text: &str, effect: Effect) -> Meaning {
        self.purposes.meaning(text, effect)
    }

    /// Counts the words of a row that close everything because nobody asks for them or knows them.
    pub(super) fn note_unknown(&self, channel: Option<&str>, purpose: Option<&str>, unknown: &mut UnknownWords) {
        for (words, text) in [(&self.channels, channel), (&self.purposes, purpose)] {
            if let Some(text) = text.filter(|text| !text.trim().is_empty() && words.is_unknown(text)) {
                unknown.add(words.kind, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Effect::{Closes, Opens};
    use super::*;

    fn covered(ways: &Ways, channel: &str, effect: Effect) -> Vec<usize> {
        let purpose = ways.purpose_of("marketing", effect);
        ways.covered(ways.channel_of(channel, effect), purpose).collect()
    }

    #[test]
    fn words_are_compared_without_capitals_blanks_and_hyphens() {
        let ways = Ways::new(&[
            ("correo", "marketing"),
            ("SMS ", "Publicidad"),
            (" E-Mail", "Marketing"),
        ]);
        assert_eq!(ways.len(), 2);
        assert_eq!(ways.find("EMAIL", " marketing "), Some(Way(0)));
        assert_eq!(ways.find("sms", "advertising"), Some(Way(1)));
        assert_eq!(ways.find("sms", "service"), None);
        for effect in [Opens, Closes] {
            assert_eq!(covered(&ways, " All", effect), [0, 1]);
            assert_eq!(covered(&ways, "todas", effect), [0, 1]);
            assert_eq!(covered(&ways, "Sms", effect), [1]);
            assert_eq!(covered(&ways, "correo electrónico", effect), [0]);
            assert!(covered(&ways, "fax", effect).is_empty());
        }
    }

    #[test]
    fn an_unknown_word_closes_everything_and_opens_nothing() {
        let ways = Ways::new(&[("email", "marketing"), ("sms", "marketing"), ("kiosk", "marketing")]);
        assert_eq!(covered(&ways, "carrier pigeon", Closes), [0, 1, 2]);
        assert!(covered(&ways, "carrier pigeon", Opens).is_empty());
        assert_eq!(covered(&ways, "Kiosk", Closes), [2], "a list has it");
        assert_eq!(covered(&ways, "newsletter", Closes), [0]);
        assert!(covered(&ways, "newsletter", Opens).is_empty());
        assert_eq!(covered(&ways, "mobile", Closes), [1]);
        let purposes = |text, effect| {
            let purpose = ways.purpose_of(text, effect);
            ways.covered(Meaning::Every, purpose).count()
        };
        assert_eq!(purposes("x17", Closes), 3);
        assert_eq!((purposes("x17", Opens), purposes("profiling", Closes)), (0, 0));
        assert!(ways.channels.is_unknown("carrier pigeon"));
        for known in ["kiosk", "fax", "all", "newsletter"] {
            assert!(!ways.channels.is_unknown(known), "{known}");
        }
    }
}
