//! Who came, stayed and went since the run before.

use std::collections::BTreeMap;
use std::ops::Range;

use cartera_table::TableError;
use cartera_table::frame::{dates, text};
use polars::prelude::{DataFrame, Int32Chunked, StringChunked};

use super::waterfall::{Decision, ListOutcome, NONE};
use crate::permissions::Ids;

/// Day of somebody who is kept out.
pub(super) const NO_DAY: i32 = i32::MIN;

/// The decision of rows that stand for what an earlier run of the same day had: those customers are told as removed where
/// they are not contacted any more, and count for nothing else.
pub const SUPERSEDED: &str = "superseded";

/// The decision of rows that stand for whom an earlier run of the same day removed: where they are contacted after all they
/// are told as added, because somebody may have taken them off already; they count for nothing else.
pub const TAKEN_OFF: &str = "taken_off";

/// Decisions of the newest run of an earlier day, and contacts and removals of earlier runs of this one.
pub(super) struct Before {
    lists: StringChunked,
    customers: StringChunked,
    decisions: StringChunked,
    since: Int32Chunked,
    /// The rows of each list.
    ranges: BTreeMap<String, Vec<Range<usize>>>,
}

/// One row of `target_changes`, of a list that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change<'c> {
    pub(super) customer_id: &'c str,
    pub(super) change: &'static str,
    /// Why somebody was removed.
    pub(super) reason: Option<&'static str>,
    /// Whether it is told only because of an earlier run of the same day, which had the customer or removed them.
    pub(super) is_superseded: bool,
}

/// What a list looks like beside its last publication.
pub(super) struct Compared<'c> {
    /// By customer.
    pub(super) changes: Vec<Change<'c>>,
    /// First day with the same decision of each candidate; `NO_DAY` where kept out.
    pub(super) since: Vec<i32>,
}

impl Before {
    /// Of rows of `target_decisions` in their order; without any where there is no run before.
    pub(super) fn new(decisions: Option<&DataFrame>) -> Result<Self, TableError> {
        let empty = DataFrame::empty_with_schema(&cartera_table::frame::schema(
            &<cartera_table::contracts::TargetDecisions as cartera_table::Contract>::INFO,
        ));
        let frame = decisions.unwrap_or(&empty);
        let whole = |name| Ok::<_, TableError>(text(frame, name)?.rechunk().into_owned());
        let mut before = Self {
            lists: whole("list")?,
            customers: whole("customer_id")?,
            decisions: whole("decision")?,
            since: dates(frame, "listed_since")?.rechunk().into_owned(),
            ranges: BTreeMap::new(),
        };
        let mut start = 0;
        for row in 1..=before.lists.len() {
            if row == before.lists.len() || before.lists.get(row) != before.lists.get(start) {
                let list = before.lists.get(start).unwrap_or_default().to_owned();
                before.ranges.entry(list).or_default().push(start..row);
                start = row;
            }
        }
        Ok(before)
    }

    /// Lists that had customers to be contacted and are not among those of today.
    pub(super) fn gone<'b>(&'b self, today: &[&str]) -> Vec<(&'b str, Vec<Change<'b>>)> {
        let gone = self.ranges.keys().filter(|list| !today.contains(&list.as_str()));
        gone.map(|list| {
            let contacted = self
                .ranges_of(list)
                .flat_map(|range| self.members(range))
                .filter(|member| member.was.is_contact());
            let removed = contacted.map(|member| removed(&member, "no_list")).collect();
            (list.as_str(), by_customer(removed))
        })
        .filter(|(_, changes)| !changes.is_empty())
        .collect()
    }

    fn ranges_of(&self, list: &str) -> impl Iterator<Item = Range<usize>> {
        self.ranges.get(list).into_iter().flatten().cloned()
    }

    /// All of some rows whom no rule kept out.
    fn members(&self, rows: Range<usize>) -> impl Iterator<Item = Member<'_>> {
        rows.filter_map(|row| {
            let decision = self.decisions.get(row)?;
            let was = match decision {
                SUPERSEDED => Was::Superseded,
                TAKEN_OFF => Was::TakenOff,
                _ => Was::Decided(Decision::ALL.into_iter().find(|known| known.slug() == decision)?),
            };
            let customer_id = self.customers.get(row)?;
            (was != Was::Decided(Decision::Excluded)).then_some(Member { row, customer_id, was })
        })
    }

    /// Holds a list against its last publication.
    pub(super) fn compare<'c>(&'c self, outcome: &ListOutcome<'_>, ids: &'c Ids, today: i32) -> Compared<'c> {
        let mut since: Vec<i32> = outcome
            .ranks
            .iter()
            .map(|&rank| if rank == NONE { NO_DAY } else { today })
            .collect();
        let mut was_contact = vec![false; outcome.rows.len()];
        let mut was_taken_off = vec![false; outcome.rows.len()];
        let mut changes = Vec::new();
        let members = self.ranges_of(&outcome.target.name).flat_map(|range| {
            let mut cursor = ids.cursor();
            let found = move |member: Member<'c>| (cursor.find(member.customer_id), member);
            self.members(range).map(found)
        });
        for (row, member) in members {
            let place = row.and_then(|row| outcome.rows.binary_search(&row).ok());
            if let Some(place) = place.filter(|&place| member.was == Was::Decided(outcome.decisions[place])) {
                since[place] = self.since.get(member.row).unwrap_or(today).min(today);
            }
            if let (Was::TakenOff, Some(place)) = (member.was, place) {
                was_taken_off[place] = true;
            }
            if !member.was.is_contact() {
                continue;
            }
            let reason = match (row, place) {
                (None, _) => "not_a_customer",
                (_, None) => "condition",
                (_, Some(place)) => {
                    was_contact[place] |= member.was != Was::Superseded;
                    match outcome.decisions[place] {
                        Decision::Contact => continue,
                        Decision::Excluded => outcome.refusals[place].reason.slug(),
                        held_out => held_out.slug(),
                    }
                }
            };
            changes.push(removed(&member, reason));
        }
        let was = was_contact.into_iter().zip(was_taken_off);
        let contacts = outcome.decisions.iter().zip(was).zip(&outcome.rows);
        changes.extend(
            contacts
                .filter(|((decision, _), _)| **decision == Decision::Contact)
                .map(|((_, (was_contact, was_taken_off)), &row)| Change {
                    customer_id: ids.get(row as usize),
                    change: if was_contact && !was_taken_off { "kept" } else { "added" },
                    reason: None,
                    is_superseded: was_contact && was_taken_off,
                }),
        );
        Compared {
            changes: by_customer(changes),
            since,
        }
    }
}

/// What somebody was in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Was {
    Decided(Decision),
    /// To be contacted by an earlier run of the same day, which somebody may have used.
    Superseded,
    /// Removed by an earlier run of the same day.
    TakenOff,
}

impl Was {
    fn is_contact(self) -> bool {
        matches!(self, Self::Decided(Decision::Contact) | Self::Superseded)
    }
}

#[derive(Debug, Clone, Copy)]
struct Member<'b> {
    row: usize,
    customer_id: &'b str,
    was: Was,
}

/// Each customer once, in order: of two rows that of the run before.
fn by_customer(mut changes: Vec<Change<'_>>) -> Vec<Change<'_>> {
    changes.sort_unstable_by_key(|change| (change.customer_id, change.is_superseded));
    changes.dedup_by_key(|change| change.customer_id);
    changes
}

fn removed<'c>(member: &Member<'c>, reason: &'static str) -> Change<'c> {
    Change {
        customer_id: member.customer_id,
        change: "removed",
        reason: Some(reason),
        is_superseded: member.was == Was::Superseded,
    }
}
