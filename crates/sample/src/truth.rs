//! `truth_customers.csv`: what is true of each person, for scoring models and checking sums.
//!
//! The same streams are drawn again, so nothing has to be kept from the writing of the lines.

use crate::basket::Basket;
use crate::channel::Key;
use crate::currency::Currency;
use crate::header::OrderHeader;
use crate::history::{Ending, Life, SECONDS_PER_DAY};
use crate::person::{PersonTables, person_id};
use crate::row::COUNTRIES;
use crate::table_text::TenThousandths;
use crate::totals::LineKind;
use crate::whole::Scene;
use crate::{LineTotals, SampleValidParams};

/// What the people of a sample add up to, whatever the window and the defects. Guests are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TruthTotals {
    /// People.
    pub people: u64,
    /// Their keys.
    pub keys: u64,
    /// People who are still active when the history ends.
    pub alive_at_end: u64,
    /// People who left because of a complaint.
    pub ended_by_complaint: u64,
    /// Complaints.
    pub complaints: u64,
    /// Orders, returns aside.
    pub orders: u64,
    /// Lines of every kind and what they add up to, shipping included.
    pub lines: LineTotals,
}

impl TruthTotals {
    pub(crate) fn append(&mut self, part: &Self) {
        self.people += part.people;
        self.keys += part.keys;
        self.alive_at_end += part.alive_at_end;
        self.ended_by_complaint += part.ended_by_complaint;
        self.complaints += part.complaints;
        self.orders += part.orders;
        self.lines.add(part.lines);
    }
}

/// Writes the row of one person and counts it.
pub(crate) fn write_truth(
    scene: &Scene<'_>,
    number: u32,
    life: &Life,
    (orders, basket): (&[OrderHeader], &mut Basket),
    out: &mut PersonTables,
) {
    let traits = &life.traits;
    let sums = CustomerSums::of(scene.params, orders, basket);
    let key = |channel| Key {
        channel,
        person: number,
    };
    let second_key = traits
        .channels
        .second
        .map_or(String::new(), |channel| key(channel).to_string());
    let ended_by = match life.ending {
        Ending::None => "",
        Ending::Own => "own",
        Ending::Complaint => "complaint",
    };
    let euros = |kind: LineKind| sums.by_kind[kind as usize].converted;
    let (sales, returned) = (euros(LineKind::Sale), euros(LineKind::Return));
    out.truth_customers.row(&[
        &person_id(number),
        &key(traits.channels.first),
        &second_key,
        &COUNTRIES[usize::from(traits.country)].code,
        &scene.texts.day_text(sums.first_second / SECONDS_PER_DAY),
        &format_args!("{:.9}", traits.purchases_per_week),
        &format_args!("{:.9}", traits.dropout_probability),
        &format_args!("{:.4}", scene.params.params().spend.p / traits.spend_rate),
        &(life.ending == Ending::None),
        &ended_by,
        &life.complaints.len(),
        &sums.orders,
        &scene.texts.day_text(sums.last_second / SECONDS_PER_DAY),
        &sums.all_lines().lines,
        &TenThousandths(sales),
        &TenThousandths(returned),
        &TenThousandths(euros(LineKind::Shipping)),
        &TenThousandths(sales + returned),
    ]);
    out.totals.append(&TruthTotals {
        people: 1,
        keys: traits.channels.all().count() as u64,
        alive_at_end: u64::from(life.ending == Ending::None),
        ended_by_complaint: u64::from(life.ending == Ending::Complaint),
        complaints: life.complaints.len() as u64,
        orders: sums.orders,
        lines: sums.all_lines(),
    });
}

/// The orders of one customer, added up.
struct CustomerSums {
    orders: u64,
    first_second: u32,
    last_second: u32,
    by_kind: [LineTotals; LineKind::ALL.len()],
}

impl CustomerSums {
    fn of(params: &SampleValidParams, orders: &[OrderHeader], basket: &mut Basket) -> Self {
        let mut sums = Self {
            orders: 0,
            first_second: u32::MAX,
            last_second: 0,
            by_kind: [LineTotals::default(); LineKind::ALL.len()],
        };
        for order in orders {
            let fields = order.unpack();
            if !fields.is_return {
                sums.orders += 1;
                sums.first_second = sums.first_second.min(fields.second);
                sums.last_second = sums.last_second.max(fields.second);
            }
            basket.fill(params, &fields);
            let currency = Currency::of_order(fields.channel, fields.country);
            let day = fields.second / SECONDS_PER_DAY;
            for line in &basket.lines {
                sums.by_kind[line.kind as usize].add(line.totals(params, currency, day));
            }
        }
        sums
    }

    fn all_lines(&self) -> LineTotals {
        let mut all = LineTotals::default();
        for kind in self.by_kind {
            all.add(kind);
        }
        all
    }
}
