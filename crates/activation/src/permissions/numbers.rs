//! Telephone numbers, compared in whatever form they are written.
//!
//! Here the error to avoid is to contact somebody who must not be: unless both numbers have a calling code of their own,
//! their ends decide.

use std::collections::HashMap;

use cartera_table::phone_numbers;

use crate::contact::phone_e164;

/// Digits that two telephone numbers share at the least where only their ends can be compared.
const COMPARED_DIGITS: usize = 7;
/// Digits by which ends are compared at the most.
const MOST_COMPARED_DIGITS: usize = 10;

/// A number that is written somewhere.
#[derive(Debug, Clone)]
pub(super) struct Number {
    /// As it is read; none where it cannot be read for sure.
    e164: Option<String>,
    /// Whether its calling code is written, and not that of a country that it was taken for.
    has_own_code: bool,
    digits: String,
}

impl Number {
    pub(super) fn new(text: &str, country: Option<&str>) -> Self {
        let digits_and_sign =
            text.trim_start_matches(|character: char| !character.is_ascii_digit() && character != '+');
        Self {
            e164: phone_e164(text, country),
            has_own_code: digits_and_sign.starts_with('+') || digits_and_sign.starts_with("00"),
            digits: digits(text),
        }
    }

    /// Its digits as they are written, and as they are read.
    fn forms(&self) -> impl Iterator<Item = &str> {
        let read = self.e164.as_deref().map(|e164| &e164[1..]);
        std::iter::once(self.digits.as_str()).chain(read)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        if let (Some(one), Some(two)) = (&self.e164, &other.e164)
            && self.has_own_code
            && other.has_own_code
        {
            return one == two;
        }
        let mut pairs = self.forms().flat_map(|one| other.forms().map(move |two| (one, two)));
        pairs.any(|(one, two)| ends_agree(one, two))
    }
}

fn ends_agree(one: &str, other: &str) -> bool {
    let shorter = one.len().min(other.len());
    if shorter < COMPARED_DIGITS {
        return one == other;
    }
    let compared = shorter.min(MOST_COMPARED_DIGITS);
    one[one.len() - compared..] == other[other.len() - compared..]
}

/// Numbers by their last digits, so that others need be read only where these agree.
pub(super) struct PhoneBook {
    /// What each is told for.
    entries: Vec<(u32, Number)>,
    by_tail: HashMap<String, Vec<usize>>,
}

impl PhoneBook {
    /// All numbers of these texts, each with a place and the country of numbers without a calling code.
    pub(super) fn new<'t>(texts: impl Iterator<Item = (u32, &'t str, Option<&'t str>)>) -> Self {
        let mut book = Self {
            entries: Vec::new(),
            by_tail: HashMap::new(),
        };
        for (place, text, country) in texts {
            for text in phone_numbers(text) {
                let number = Number::new(text, country);
                if number.digits.is_empty() {
                    continue;
                }
                for tail in tails(&number.digits, number.e164.as_deref()) {
                    book.by_tail.entry(tail).or_default().push(book.entries.len());
                }
                book.entries.push((place, number));
            }
        }
        book
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds the places of all entries that are one of the numbers in a text.
    pub(super) fn find(&self, text: &str, country: Option<&str>, found: &mut Vec<u32>) {
        for text in phone_numbers(text) {
            self.find_one(text, country, found);
        }
    }

    fn find_one(&self, text: &str, country: Option<&str>, found: &mut Vec<u32>) {
        let own_digits = digits(text);
        if own_digits.is_empty() {
            return;
        }
        // Only an extension can make the last digits of a text others than those of its number.
        let has_words = text
            .bytes()
            .any(|byte| byte.is_ascii_alphabetic() || b"#;,/".contains(&byte));
        let mut own = None;
        if has_words {
            own = Some(Number::new(text, country));
        }
        let read = own.as_ref().and_then(|own| own.e164.clone());
        for tail in tails(&own_digits, read.as_deref()) {
            for &at in self.by_tail.get(&tail).into_iter().flatten() {
                let (place, entry) = &self.entries[at];
                if found.contains(place) {
                    continue;
                }
                let own = own.get_or_insert_with(|| Number::new(text, country));
                if entry.is_same(own) {
                    found.push(*place);
                }
            }
        }
    }
}

/// The digits without the zeros that lead a number to another country or area.
fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// The last digits of a number as it is written, and as it is read where they differ.
fn tails(digits: &str, e164: Option<&str>) -> Vec<String> {
    let tail = |digits: &str| digits[digits.len().saturating_sub(COMPARED_DIGITS)..].to_owned();
    let mut tails = vec![tail(digits)];
    if let Some(read) = e164.map(|e164| tail(&e164[1..])).filter(|read| *read != tails[0]) {
        tails.push(read);
    }
    tails
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: (&str, Option<&str>), other: (&str, Option<&str>)) -> bool {
        Number::new(one.0, one.1).is_same(&Number::new(other.0, other.1))
    }

    #[test]
    fn ends_decide_unless_both_have_their_calling_code() {
        let spanish = ("+34 600 111 217", None);
        assert!(same(spanish, ("600111217", Some("FR"))), "a wrong country");
        assert!(same(spanish, ("600111217", None)));
        assert!(same(spanish, ("34600111217", None)));
        assert!(!same(spanish, ("+33 600 111 217", None)));
        assert!(!same(spanish, ("0033600111217", None)));
        assert!(
            !same(("202-555-0173", Some("US")), ("302-555-0173", Some("US"))),
            "another area"
        );
        assert!(same(("+44 (0)20 7946 0958", None), ("020 7946 0958", Some("GB"))));
        assert!(!same(("4711", None), ("34711", None)));
    }

    #[test]
    fn each_number_of_a_cell_is_found() {
        let book = PhoneBook::new([(7, "600111205 / 600999213", None), (8, "34600111217.0", None)].into_iter());
        let found = |text| {
            let mut found = Vec::new();
            book.find(text, Some("ES"), &mut found);
            found
        };
        assert_eq!(found("+34 600 111 205"), [7]);
        assert_eq!(found("600000000; 600 999 213"), [7]);
        assert_eq!(found("600111217"), [8]);
        assert_eq!(found("600111217 / 600111205"), [8, 7]);
        assert!(found("600111200").is_empty());
    }
}
