//! How the same person looks under a second key: the differences that identity resolution must bridge.

use rand_chacha::ChaCha8Rng;

use crate::SampleValidParams;
use crate::details::{Address, Details, draw_email};
use crate::names::REGIONS;
use crate::stream::{Purpose, below, chance, stream};

/// What is different under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Variant {
    /// The first key: what is true.
    Original,
    /// The second key, with nothing different.
    Exact,
    /// A slip in a name, and the phone number written in another way.
    Typo,
    /// Fields left empty.
    Missing,
    /// Another mail address.
    NewEmail,
    /// Given and family name in each other's place.
    SwappedNames,
    /// Another address.
    Moved,
}

impl Variant {
    /// The stable name in `truth_identity.csv`.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Exact => "exact",
            Self::Typo => "typo",
            Self::Missing => "missing",
            Self::NewEmail => "new_email",
            Self::SwappedNames => "swapped_names",
            Self::Moved => "moved",
        }
    }
}

/// The record of the second key of a person.
pub(crate) fn second_record(
    params: &SampleValidParams,
    person: u32,
    country: u8,
    original: &Details,
) -> (Variant, Details) {
    let mut rng = stream(params.params().seed, Purpose::SecondKey, u64::from(person));
    let mut record = original.clone();
    let variant = match below(&mut rng, 100) {
        0..15 => Variant::Exact,
        15..50 => Variant::Typo,
        50..70 => Variant::Missing,
        70..82 => Variant::NewEmail,
        82..92 => Variant::SwappedNames,
        _ => Variant::Moved,
    };
    match variant {
        Variant::Original | Variant::Exact => {}
        Variant::Typo => {
            let name = if chance(&mut rng, 0.6) {
                &mut record.family_name
            } else {
                &mut record.given_name
            };
            *name = with_typo(&mut rng, name);
            record.phone = record
                .phone
                .split_once(' ')
                .map_or(String::new(), |(_, number)| number.to_owned());
            if chance(&mut rng, 0.5) {
                record.email.clear();
            }
        }
        Variant::Missing => {
            if chance(&mut rng, 0.5) {
                record.email.clear();
                record.birth_date.clear();
            } else {
                record.phone.clear();
                record.address.street.clear();
            }
            record.household_id.clear();
        }
        Variant::NewEmail => record.email = draw_email(&mut rng, &original.given_name, &original.family_name),
        Variant::SwappedNames => std::mem::swap(&mut record.given_name, &mut record.family_name),
        Variant::Moved => {
            record.address = Address::draw(&mut rng, &REGIONS[usize::from(country)]);
            record.household_id.clear();
        }
    }
    (variant, record)
}

/// One slip of the fingers: two letters changed over, one lost, one doubled, or one replaced. Never
/// the text that was given.
fn with_typo(rng: &mut ChaCha8Rng, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let place = 1 + below(rng, letters.len().saturating_sub(2).max(1) as u32) as usize;
    let place = place.min(letters.len().saturating_sub(1));
    match below(rng, 4) {
        0 if letters.len() > place + 1 && letters[place] != letters[place + 1] => letters.swap(place, place + 1),
        1 if letters.len() > 2 => drop(letters.remove(place)),
        2 => letters.insert(place, letters[place]),
        _ => letters[place] = if letters[place] == 'e' { 'a' } else { 'e' },
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_small_and_never_nothing() {
        let mut rng = stream(1, Purpose::SecondKey, 1);
        for text in ["García López", "Gil", "Bos", "Anna", "Eva", "Jo"] {
            for _ in 0..500 {
                let typed = with_typo(&mut rng, text);
                assert_ne!(typed, text);
                let (before, after) = (text.chars().count(), typed.chars().count());
                assert!(before.abs_diff(after) <= 1, "{typed}");
            }
        }
    }
}
