//! One address, several customers: what one of them took back holds for the address.

use std::collections::HashMap;
use std::hash::BuildHasher;

use cartera_table::phone_numbers;
use foldhash::fast::FixedState;
use polars::prelude::StringChunked;
use rayon::prelude::*;

use super::consents::LastWords;
use super::mailboxes::known_mailboxes;
use super::numbers::Number;
use super::people::People;
use super::reason::ContactDetail;
use super::rows::ROWS_OF_WORKER;
use super::ways::{Way, Ways};

/// Nobody else has the customer's address.
const ALONE: u32 = u32::MAX;
/// Any fixed number: it decides nothing.
const HASHER: FixedState = FixedState::with_seed(0x61_64_64_72);
/// Last digits by which customers with one number are looked for.
const TAIL_DIGITS: usize = 9;
/// Digits of a number at the least.
const FEWEST_DIGITS: usize = 7;

/// Ways of writing the numbers of one end that are held against each other; where there are more, all are one.
const MOST_FORMS: usize = 4;

/// A hash of an address or of the end of a number, and the row of the customer files that has it. By row.
type Keys = Vec<(u64, u32)>;

/// Closes for all who have an address what one of them took back, and tells who shares a mailbox: a code for each that
/// two or more customers have, `u32::MAX` for the others. No codes where no way asks for mailboxes.
pub(super) fn close_shared(
    words: &mut LastWords,
    people: &People,
    ways: &Ways,
    default_country: Option<&str>,
    height: usize,
) -> Vec<u32> {
    let of_detail = |detail: ContactDetail| -> Vec<Way> {
        let is_of =
            |way: &Way| ContactDetail::of_channel(&ways.channels()[usize::from(ways.channel(*way))]) == Some(detail);
        ways.all().filter(is_of).collect()
    };
    let by_phone = of_detail(ContactDetail::Phone);
    if !by_phone.is_empty() {
        let keys = keys(people, people.phones.as_ref(), |text, at, keys| {
            keys.extend(
                phone_numbers(text)
                    .into_iter()
                    .filter_map(|text| tail_key(text, people.country(at, default_country))),
            );
        });
        let sameness = SameNumber {
            people,
            default_country,
        };
        for way in by_phone {
            close(words, way, people, &keys, &sameness);
        }
    }
    let by_mail = of_detail(ContactDetail::Email);
    if by_mail.is_empty() {
        return Vec::new();
    }
    let keys = keys(people, people.emails.as_ref(), |text, _, keys| {
        keys.extend(known_mailboxes(text).map(|mailbox| HASHER.hash_one(mailbox)));
    });
    for way in by_mail {
        close(words, way, people, &keys, &SameMailbox);
    }
    sharers(people, keys, height)
}

/// The keys of a column, by row of the customer files; only of customers of the base.
fn keys(people: &People, texts: Option<&StringChunked>, add: impl Fn(&str, usize, &mut Vec<u64>) + Sync) -> Keys {
    let Some(texts) = texts else { return Vec::new() };
    let parts: Vec<usize> = (0..texts.len()).step_by(ROWS_OF_WORKER).collect();
    let of_part = |&start: &usize| {
        let (mut found, mut keys) = (Vec::new(), Vec::new());
        for at in start..(start + ROWS_OF_WORKER).min(texts.len()) {
            let Some(text) = texts.get(at).filter(|_| people.rows[at] != u32::MAX) else {
                continue;
            };
            keys.clear();
            add(text, at, &mut keys);
            found.extend(keys.iter().map(|&key| (key, at as u32)));
        }
        found
    };
    let found: Vec<Keys> = parts.par_iter().map(of_part).collect();
    found.concat()
}

/// Which rows of the customer files with one key have one address.
trait Sameness: Sync {
    /// Whether both write it alike, so that one of them is enough to be compared with.
    fn is_alike(&self, one: u32, other: u32) -> bool;
    /// Whether it is one.
    fn is_same(&self, one: u32, other: u32) -> bool;
}

/// The key of a mailbox is that of no other one.
struct SameMailbox;

impl Sameness for SameMailbox {
    fn is_alike(&self, _: u32, _: u32) -> bool {
        true
    }

    fn is_same(&self, _: u32, _: u32) -> bool {
        true
    }
}

/// The key of a number is its end, which others may have too.
struct SameNumber<'p> {
    people: &'p People,
    default_country: Option<&'p str>,
}

impl SameNumber<'_> {
    fn text(&self, at: u32) -> &str {
        let phones = self.people.phones.as_ref();
        phones.and_then(|phones| phones.get(at as usize)).unwrap_or_default()
    }

    fn country(&self, at: u32) -> Option<&str> {
        self.people.country(at as usize, self.default_country)
    }

    fn numbers(&self, at: u32) -> Vec<Number> {
        let country = self.country(at);
        let texts = phone_numbers(self.text(at)).into_iter();
        texts.map(|text| Number::new(text, country)).collect()
    }
}

impl Sameness for SameNumber<'_> {
    fn is_alike(&self, one: u32, other: u32) -> bool {
        self.text(one) == self.text(other) && self.country(one) == self.country(other)
    }

    fn is_same(&self, one: u32, other: u32) -> bool {
        let others = self.numbers(other);
        let is_of_other = |one: &Number| others.iter().any(|other| one.is_same(other));
        self.is_alike(one, other) || self.numbers(one).iter().any(is_of_other)
    }
}

/// Closes a way for all who share a key with somebody who took it back.
fn close(words: &mut LastWords, way: Way, people: &People, keys: &[(u64, u32)], sameness: &impl Sameness) {
    let mut withdrawn: HashMap<u64, Vec<(u32, i32)>, FixedState> = HashMap::with_hasher(HASHER);
    for &(key, at) in keys {
        let Some(day) = words.withdrawn_on(people.rows[at as usize], way) else {
            continue;
        };
        let known = withdrawn.entry(key).or_default();
        let is_full = known.len() == MOST_FORMS;
        match known
            .iter_mut()
            .find(|(other, _)| is_full || sameness.is_alike(at, *other))
        {
            Some(alike) => alike.1 = alike.1.max(day),
            None => known.push((at, day)),
        }
    }
    if withdrawn.is_empty() {
        return;
    }
    let last_day = |&(key, at): &(u64, u32)| {
        let row = people.rows[at as usize];
        if !words.is_granted(row, way) {
            return None;
        }
        let known = withdrawn.get(&key)?;
        let is_full = known.len() == MOST_FORMS;
        let same = known
            .iter()
            .filter(|(other, _)| is_full || sameness.is_same(at, *other));
        same.map(|&(_, day)| (row, day)).max()
    };
    let closed: Vec<(u32, i32)> = keys
        .par_iter()
        .with_min_len(ROWS_OF_WORKER / 16)
        .filter_map(last_day)
        .collect();
    for (row, day) in closed {
        words.close(row, way, day);
    }
}

/// A code for each mailbox of several customers. A customer with several mailboxes is told by the first.
fn sharers(people: &People, mut keys: Keys, height: usize) -> Vec<u32> {
    let mut codes = vec![ALONE; height];
    let mut seen = super::rows::RowSet::new(height);
    keys.retain_mut(|(_, at)| {
        *at = people.rows[*at as usize];
        let is_first = !seen.contains(*at);
        seen.insert(*at);
        is_first
    });
    keys.par_sort_unstable();
    let groups = keys
        .chunk_by(|one, other| one.0 == other.0)
        .filter(|group| group.len() > 1);
    for (code, group) in (0..).zip(groups) {
        for &(_, row) in group {
            codes[row as usize] = code;
        }
    }
    codes
}

/// The end of a number. Only an extension can make it another than that of the number as it is read.
fn tail_key(text: &str, country: Option<&str>) -> Option<u64> {
    let has_words = text.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'#');
    let read = has_words.then(|| crate::contact::phone_e164(text, country)).flatten();
    let digits: Vec<u8> = read
        .as_deref()
        .unwrap_or(text)
        .bytes()
        .filter(u8::is_ascii_digit)
        .collect();
    let first = digits.iter().position(|digit| *digit != b'0')?;
    let digits = &digits[first..];
    let tail = &digits[digits.len().saturating_sub(TAIL_DIGITS)..];
    (tail.len() >= FEWEST_DIGITS).then(|| HASHER.hash_one(tail))
}

impl People {
    fn country<'c>(&'c self, at: usize, default_country: Option<&'c str>) -> Option<&'c str> {
        let own = self.countries.as_ref().and_then(|countries| countries.get(at));
        own.or(default_country)
    }
}
