//! What each customer allowed. What is not known to be allowed is not.

use cartera_table::contracts::Consents;
use cartera_table::frame::{text, timestamps};
use cartera_table::{MICROSECONDS_PER_DAY, Table, TableError};
use polars::prelude::{Int64Chunked, StringChunked};
use rayon::prelude::*;

use super::reason::{Detail, Reason, Refusal};
use super::rows::{Ids, parts};
use super::unknown::UnknownWords;
use super::ways::{Effect, Meaning, Way, Ways};

/// No row says anything.
const NO_WORD: i32 = i32::MIN;
/// The last word is a grant. Any other number is the day of a withdrawal.
const GRANTED: i32 = i32::MAX;
/// Parts of the table whose results wait at once.
const WAITING_PARTS: usize = 64;

/// Row, way and last word.
type OfWay = (u32, u16, i32);

/// The last word of each customer by way.
#[derive(Debug, Clone)]
pub(super) struct LastWords {
    by_way: Vec<Vec<i32>>,
    /// Words of withdrawals that closed everything.
    pub(super) unknown: UnknownWords,
}

impl LastWords {
    /// Of rows that cover a way the latest decides; of two at the same time the withdrawal.
    pub(super) fn new(consents: Option<&Table<Consents>>, ids: &Ids, ways: &Ways) -> Result<Self, TableError> {
        let mut by_way = vec![vec![NO_WORD; ids.len()]; ways.len()];
        let Some(consents) = consents else {
            return Ok(Self {
                by_way,
                unknown: UnknownWords::default(),
            });
        };
        let mut unknown = UnknownWords::default();
        let columns = Columns::new(consents)?;
        for waiting in parts(&columns.customers).chunks(WAITING_PARTS) {
            let found: Vec<(Vec<OfWay>, UnknownWords)> = waiting
                .par_iter()
                .map(|part| columns.last_words(part.clone(), ids, ways))
                .collect();
            for (of_part, unknown_of_part) in found {
                for (row, way, word) in of_part {
                    by_way[usize::from(way)][row as usize] = word;
                }
                unknown.merge(unknown_of_part);
            }
        }
        Ok(Self { by_way, unknown })
    }

    pub(super) fn check(&self, row: u32, way: Way) -> Result<(), Refusal> {
        match self.by_way[usize::from(way.0)][row as usize] {
            GRANTED => Ok(()),
            NO_WORD => Err(Refusal::plain(Reason::NoConsent)),
            day => Err(Refusal::new(Reason::ConsentWithdrawn, Detail::Day(day))),
        }
    }

    pub(super) fn is_granted(&self, row: u32, way: Way) -> bool {
        self.by_way[usize::from(way.0)][row as usize] == GRANTED
    }

    /// The day of the withdrawal that is the last word; none where it is no withdrawal.
    pub(super) fn withdrawn_on(&self, row: u32, way: Way) -> Option<i32> {
        let word = self.by_way[usize::from(way.0)][row as usize];
        (word != GRANTED && word != NO_WORD).then_some(word)
    }

    /// Takes a grant back.
    pub(super) fn close(&mut self, row: u32, way: Way, day: i32) {
        let word = &mut self.by_way[usize::from(way.0)][row as usize];
        // Of several the last, whatever the order.
        *word = if *word == GRANTED { day } else { day.max(*word) };
    }
}

/// What was said and when; of two at the same time the withdrawal is the greater one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    since: i64,
    is_withdrawn: bool,
}

struct Columns {
    customers: StringChunked,
    channels: StringChunked,
    purposes: StringChunked,
    statuses: StringChunked,
    since: Int64Chunked,
}

impl Columns {
    fn new(consents: &Table<Consents>) -> Result<Self, TableError> {
        let frame = consents.frame();
        let whole = |name| Ok::<_, TableError>(text(frame, name)?.rechunk().into_owned());
        Ok(Self {
            customers: whole("customer_id")?,
            channels: whole("channel")?,
            purposes: whole("purpose")?,
            statuses: whole("status")?,
            since: timestamps(frame, "since")?.rechunk().into_owned(),
        })
    }

    /// Row, way and last word of the customers of a part, as far as they said anything.
    fn last_words(&self, part: std::ops::Range<usize>, ids: &Ids, ways: &Ways) -> (Vec<OfWay>, UnknownWords) {
        let (mut found, mut unknown) = (Vec::new(), UnknownWords::default());
        let mut cursor = ids.cursor();
        let mut words: Vec<Option<Word>> = vec![None; ways.len()];
        let mut at = part.start;
        while at < part.end {
            let customer = self.customers.get(at);
            let row = customer.and_then(|customer| cursor.find(customer));
            words.fill(None);
            while at < part.end && self.customers.get(at) == customer {
                if row.is_some() {
                    self.add(at, ways, &mut words, &mut unknown);
                }
                at += 1;
            }
            let Some(row) = row else { continue };
            for (way, word) in words.iter().enumerate() {
                if let Some(word) = word {
                    found.push((row, way as u16, stored(*word)));
                }
            }
        }
        (found, unknown)
    }

    fn add(&self, at: usize, ways: &Ways, words: &mut [Option<Word>], unknown: &mut UnknownWords) {
        let is_withdrawn = self.statuses.get(at) != Some("granted");
        // A contract keeps these from being null; were one, only a withdrawal would count.
        let of = |meaning: Option<Meaning>| match meaning {
            Some(meaning) => meaning,
            None if is_withdrawn => Meaning::Every,
            None => Meaning::Other,
        };
        let effect = if is_withdrawn { Effect::Closes } else { Effect::Opens };
        let (channel_text, purpose_text) = (self.channels.get(at), self.purposes.get(at));
        let channel = of(channel_text.map(|text| ways.channel_of(text, effect)));
        let purpose = of(purpose_text.map(|text| ways.purpose_of(text, effect)));
        if is_withdrawn {
            ways.note_unknown(channel_text, purpose_text, unknown);
        }
        let since = self.since.get(at);
        let since = since.unwrap_or(if is_withdrawn { i64::MAX } else { i64::MIN });
        // A withdrawal of which only the day is known holds to its end: nobody knows what came first.
        let is_whole_day = is_withdrawn && since != i64::MAX && since % MICROSECONDS_PER_DAY == 0;
        let word = Word {
            since: if is_whole_day {
                since + MICROSECONDS_PER_DAY - 1
            } else {
                since
            },
            is_withdrawn,
        };
        for way in ways.covered(channel, purpose) {
            words[way] = words[way].max(Some(word));
        }
    }
}

/// A grant, or the day of a withdrawal.
fn stored(word: Word) -> i32 {
    if !word.is_withdrawn {
        return GRANTED;
    }
    let day = word.since.div_euclid(MICROSECONDS_PER_DAY);
    i32::try_from(day).map_or(GRANTED - 1, |day| day.clamp(NO_WORD + 1, GRANTED - 1))
}
