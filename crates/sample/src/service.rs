//! What happens around an order: complaints, incidents, surveys, and calls to the call centre.

use rand_chacha::ChaCha8Rng;

use crate::channel::Key;
use crate::header::OrderHeader;
use crate::history::{Life, OPEN_SECONDS, OPENING_SECOND, SECONDS_PER_DAY};
use crate::person::PersonTables;
use crate::row::push_order_id;
use crate::stream::{Purpose, below, chance, pick, stream, unit};
use crate::table_text::Cents;
use crate::whole::Scene;

/// Share of the orders about which nobody complains but something goes wrong. It changes nothing.
const INCIDENT_SHARE: f64 = 0.03;
/// Share of the orders after which a survey is answered.
const SURVEY_SHARE: f64 = 0.06;
/// Share of the orders about which somebody asks the call centre.
const QUESTION_SHARE: f64 = 0.02;
/// Share of the complaints and incidents that are told by phone.
const CASE_CALL_SHARE: f64 = 0.5;
/// What an inbound call costs.
const CALL_CENTS: i64 = 450;
const RESOLVED_SHARE: f64 = 0.8;
/// Score of somebody content, and what lowers it: dropout probability (times 12), a complaint (by 4), an incident (by 1).
const CONTENT_SCORE: f64 = 9.0;

/// Writes the cases, calls and claims of one person.
pub(crate) fn write_service(
    scene: &Scene<'_>,
    number: u32,
    life: &Life,
    orders: &[OrderHeader],
    out: &mut PersonTables,
) {
    let mut service = Service {
        scene,
        life,
        rng: stream(scene.params.params().seed, Purpose::Service, u64::from(number)),
        out,
        has_complained: false,
    };
    for order in orders.iter().filter(|order| !order.is_return()) {
        service.after(order);
    }
}

struct Service<'a, 's> {
    scene: &'a Scene<'s>,
    life: &'a Life,
    rng: ChaCha8Rng,
    out: &'a mut PersonTables,
    has_complained: bool,
}

/// An order that something happens to.
struct Subject {
    key: Key,
    second: u32,
    /// Its number in the history as digits; the order id is `O` and these.
    digits: String,
}

impl Service<'_, '_> {
    fn after(&mut self, order: &OrderHeader) {
        let fields = order.unpack();
        let complains = self.life.complaints.contains(&fields.sequence);
        let is_incident = chance(&mut self.rng, INCIDENT_SHARE) && !complains;
        let answers = chance(&mut self.rng, SURVEY_SHARE);
        let asks = chance(&mut self.rng, QUESTION_SHARE);
        if !(complains || is_incident || answers || asks) {
            return;
        }
        let mut id = Vec::new();
        push_order_id(&mut id, false, self.scene.history.number_of(order));
        let subject = Subject {
            key: Key {
                channel: fields.channel,
                person: fields.owner,
            },
            second: fields.second,
            digits: String::from_utf8_lossy(&id[1..]).into_owned(),
        };
        self.has_complained |= complains;
        if complains || is_incident {
            self.case(&subject, complains);
        }
        if answers {
            self.survey(&subject, is_incident);
        }
        if asks {
            let second = self.later(subject.second, 5);
            self.call(&subject.key, second, "informed");
        }
    }

    /// A moment in opening hours, some days after another; nothing after the history.
    fn later(&mut self, second: u32, most_days: u32) -> Option<u32> {
        let day = second / SECONDS_PER_DAY + 1 + below(&mut self.rng, most_days);
        let of_day = OPENING_SECOND + below(&mut self.rng, OPEN_SECONDS);
        (day < self.scene.params.params().days).then_some(day * SECONDS_PER_DAY + of_day)
    }

    fn case(&mut self, subject: &Subject, is_complaint: bool) {
        let opened = self.later(subject.second, 10);
        let closed = self.later(opened.unwrap_or(subject.second), 14);
        let is_resolved = chance(&mut self.rng, RESOLVED_SHARE);
        let severity = *pick(&mut self.rng, &["low", "low", "medium", "medium", "high"]);
        let claim_cents = 300 + i64::from(below(&mut self.rng, if is_complaint { 4_000 } else { 1_200 }));
        let calls = chance(&mut self.rng, CASE_CALL_SHARE);
        let Some(opened) = opened else { return };
        let (letter, kind) = if is_complaint {
            ("C", "complaint")
        } else {
            ("I", "incident")
        };
        let closed_text = closed.map_or(String::new(), |second| self.scene.texts.moment_text(second));
        self.out.cases.row(&[
            &format_args!("{letter}{}", subject.digits),
            &subject.key,
            &self.scene.texts.moment_text(opened),
            &closed_text,
            &kind,
            &"",
            &severity,
            &format_args!("O{}", subject.digits),
            &(is_resolved && closed.is_some()),
        ]);
        self.out.costs.row(&[
            &format_args!("V{}", subject.digits),
            &"cost_to_serve",
            &self.scene.texts.day_text(opened / SECONDS_PER_DAY),
            &Cents(claim_cents),
            &"EUR",
            &subject.key,
            &"",
            &"",
        ]);
        if calls {
            let outcome = if is_resolved { "resolved" } else { "unresolved" };
            self.call(&subject.key, Some(opened), outcome);
        }
    }

    fn survey(&mut self, subject: &Subject, is_incident: bool) {
        let answered = self.later(subject.second, 5);
        let noise = 2.0 * (unit(&mut self.rng) + unit(&mut self.rng) - 1.0);
        let lowered = 12.0 * self.life.traits.dropout_probability
            + if self.has_complained { 4.0 } else { 0.0 }
            + if is_incident { 1.0 } else { 0.0 };
        let score = (CONTENT_SCORE - lowered + noise).round().clamp(0.0, 10.0);
        let Some(answered) = answered else { return };
        let moment = self.scene.texts.moment_text(answered);
        self.out.cases.row(&[
            &format_args!("S{}", subject.digits),
            &subject.key,
            &moment,
            &moment,
            &"survey",
            &score,
            &"",
            &format_args!("O{}", subject.digits),
            &"",
        ]);
    }

    fn call(&mut self, key: &Key, second: Option<u32>, outcome: &str) {
        let Some(second) = second else { return };
        self.out.interactions.row(&[
            key,
            &"",
            &self.scene.texts.moment_text(second),
            &"phone",
            &"inbound",
            &"call",
            &outcome,
            &Cents(CALL_CENTS),
        ]);
    }
}
