//! Who it is, where the customer stands, and who looks after it.

use cartera_report::customer::{CustomerView, Detail, PersonStatus};

use super::screen::{Screen, joined, words};
use crate::number;

/// Keys that are named.
const KEYS: usize = 6;

pub(super) fn add(screen: &mut Screen, view: &CustomerView) {
    screen.title(&format!(
        "Customer {} · {} as of {}, run {} · money in {}",
        view.customer_id, view.pipeline, view.as_of, view.run, view.currency
    ));
    let person = match view.person.status {
        PersonStatus::Shown => details(&view.person.details),
        PersonStatus::Hidden => "hidden: --personal shows it".to_owned(),
        PersonStatus::NotKnown => String::new(),
    };
    screen.field(
        "Who",
        &joined([Some(person), Some(details(&view.traits))].map(not_empty)),
        3,
    );
    screen.field("Keys", &keys(view), 2);
    screen.field("Stage", &stage(view), 1);
    screen.field("Owner", &owner(view), 1);
}

fn not_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn details(details: &[Detail]) -> String {
    joined(
        details
            .iter()
            .map(|detail| Some(format!("{} {}", words(detail.name), detail.value))),
    )
}

fn keys(view: &CustomerView) -> String {
    let named = view.keys.iter().take(KEYS).map(|key| {
        let score = key.score.filter(|score| *score < 1.0).map(number::percent);
        let score = score.map_or_else(String::new, |score| format!(" {score}"));
        format!("{}:{} ({}{score})", key.key_space, key.source_key, words(&key.rule))
    });
    let more = view.keys.len().saturating_sub(KEYS);
    joined(named.map(Some).chain([(more > 0).then(|| format!("and {more} more"))]))
}

fn stage(view: &CustomerView) -> String {
    let Some(stage) = &view.lifecycle else {
        return String::new();
    };
    let since = stage
        .lifecycle_since
        .map_or_else(String::new, |day| format!(" since {day}"));
    let is_same = stage.previous_stage.as_ref() == Some(&stage.lifecycle_stage);
    let before = stage.previous_stage.as_ref().filter(|_| !is_same);
    let before = before.map_or_else(String::new, |stage| format!(", {} before", words(stage)));
    format!("{}{since}{before}", words(&stage.lifecycle_stage))
}

fn owner(view: &CustomerView) -> String {
    let Some(owner) = &view.owner else {
        return String::new();
    };
    let reason = words(&owner.reason);
    match &owner.owner_id {
        Some(id) => {
            let before = owner.previous_owner_id.as_ref().filter(|before| *before != id);
            let before = before.map_or_else(String::new, |before| format!(", {before} before"));
            format!("{id} ({reason}{before})")
        }
        None => format!("nobody: {reason}"),
    }
}
