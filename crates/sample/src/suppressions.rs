//! `suppressions.csv`: who must not be contacted, customers and strangers.

use std::fmt::Display;

use rand_chacha::ChaCha8Rng;

use crate::campaign::ContactChannel;
use crate::channel::Key;
use crate::details::{Details, draw_email, draw_phone};
use crate::history::{Life, draw_country};
use crate::names::REGIONS;
use crate::person::PersonTables;
use crate::stream::{Purpose, below, chance, pick, stream};
use crate::whole::Scene;

/// Share of the people who must not be contacted.
const SUPPRESSED_SHARE: f64 = 0.05;
/// Strangers beside each person: the list of those who want no advertisement from anybody has all of them.
const STRANGER_SHARE: f64 = 0.5;
/// Share of the dates that lie after the history; a suppression counts all the same.
const LATER_SHARE: f64 = 0.1;
/// Days after the history in which such a date may lie.
const LATER_DAYS: u32 = 60;
/// Why, in turns by the number of the person, so that a small sample has them all; nothing is the first one too.
const REASONS: [&str; 8] = [
    "do_not_contact",
    "",
    "do_not_contact",
    "complaint",
    "competitor",
    "deceased",
    "staff",
    "other",
];

/// Writes the suppressions of one person, and those of strangers that come by.
pub(crate) fn write_suppressions(scene: &Scene<'_>, number: u32, life: &Life, joined_day: u32, out: &mut PersonTables) {
    let mut rng = stream(scene.params.params().seed, Purpose::Suppressions, u64::from(number));
    if chance(&mut rng, SUPPRESSED_SHARE) {
        write_own(scene, number, life, joined_day, (&mut rng, &mut *out));
    }
    if chance(&mut rng, STRANGER_SHARE) {
        write_stranger(scene, (&mut rng, out));
    }
}

fn write_own(
    scene: &Scene<'_>,
    number: u32,
    life: &Life,
    joined_day: u32,
    (rng, out): (&mut ChaCha8Rng, &mut PersonTables),
) {
    let traits = &life.traits;
    let details = Details::draw(scene.params, number, traits.country);
    let key = Key {
        channel: traits.channels.first,
        person: number,
    };
    let reason = REASONS[number as usize % REASONS.len()];
    let way = below(rng, 4);
    let has_other_spelling = chance(rng, 0.5);
    let channel = pick(rng, &ContactChannel::ALL).name();
    let is_of_one_channel = chance(rng, 0.4) && matches!(reason, "do_not_contact" | "complaint");
    let is_of_marketing = chance(rng, 0.3) && is_of_one_channel;
    let days = scene.params.params().days;
    let since = if chance(rng, LATER_SHARE) {
        days + below(rng, LATER_DAYS)
    } else {
        joined_day + below(rng, days - joined_day)
    };
    // Another system, another spelling: what is compared has to be made alike first.
    let email = if has_other_spelling {
        details.email.to_uppercase()
    } else {
        details.email
    };
    let phone = if has_other_spelling {
        details.phone.replace(' ', "")
    } else {
        details.phone
    };
    let nothing: &dyn Display = &"";
    let (key, email, phone): (&dyn Display, &dyn Display, &dyn Display) = match way {
        2 => (nothing, &email, nothing),
        3 if !phone.is_empty() => (nothing, nothing, &phone),
        _ => (&key, nothing, nothing),
    };
    out.suppressions.row(&[
        key,
        email,
        phone,
        if is_of_one_channel { &channel } else { nothing },
        if is_of_marketing { &"marketing" } else { nothing },
        &reason,
        &scene.params.day(since),
    ]);
}

/// Somebody who is no customer.
fn write_stranger(scene: &Scene<'_>, (rng, out): (&mut ChaCha8Rng, &mut PersonTables)) {
    let region = &REGIONS[usize::from(draw_country(rng))];
    let (given_name, family_name) = (*pick(rng, &region.given), *pick(rng, &region.family));
    let email = draw_email(rng, given_name, family_name);
    let phone = draw_phone(rng, region);
    let since = scene.params.day(below(rng, scene.params.params().days));
    let row: [&dyn Display; 7] = if chance(rng, 0.5) {
        [&"", &email, &"", &"email", &"marketing", &"do_not_contact", &since]
    } else {
        [&"", &"", &phone, &"phone", &"marketing", &"do_not_contact", &since]
    };
    out.suppressions.row(&row);
}
