//! The costs that are no single person's: campaigns and carriers.

use std::collections::BTreeMap;

use crate::campaign::EFFECT_DAYS;
use crate::channel::Channel;
use crate::currency::Currency;
use crate::history::SECONDS_PER_DAY;
use crate::table_text::{Cents, TableText};
use crate::whole::Scene;

/// What a carrier takes for one order, in cents of the order's currency.
const CARRIAGE_CENTS: i64 = 410;

/// The first rows of `costs.csv`: two invoices a campaign, and one a month, channel and currency for carriage.
pub(crate) fn general_costs(scene: &Scene<'_>) -> TableText {
    let mut table = TableText::default();
    for campaign in &scene.params.campaigns {
        let first_cents = campaign.fixed_cents / 2;
        let invoices = [
            (1, campaign.first_day, first_cents),
            (
                2,
                campaign.first_day + EFFECT_DAYS - 1,
                campaign.fixed_cents - first_cents,
            ),
        ];
        for (invoice, day, cents) in invoices {
            table.row(&[
                &format_args!("{}-{invoice}", campaign.id),
                &"campaign",
                &scene.texts.day_text(day),
                &Cents(cents),
                &"EUR",
                &"",
                &campaign.id,
                &"",
            ]);
        }
    }
    for ((last_day, channel, currency), orders) in shipped_orders(scene) {
        let day = scene.texts.day_text(last_day);
        table.row(&[
            &format_args!("F{}-{}-{}", &day[..7], channel.name(), currency.code()),
            &"shipping",
            &day,
            &Cents(orders * CARRIAGE_CENTS),
            &currency.code(),
            &"",
            &"",
            &channel.name(),
        ]);
    }
    table
}

/// How many orders were sent home, by month (its last day in the history), channel and currency. Guests' too.
fn shipped_orders(scene: &Scene<'_>) -> BTreeMap<(u32, Channel, Currency), i64> {
    let days = scene.params.params().days;
    let mut month_ends = vec![days - 1; days as usize];
    for day in (0..days - 1).rev() {
        let (month, next) = (scene.texts.day_text(day), scene.texts.day_text(day + 1));
        month_ends[day as usize] = if month[..7] == next[..7] {
            month_ends[day as usize + 1]
        } else {
            day
        };
    }
    let mut counts = BTreeMap::new();
    for order in scene.history.orders.iter().filter(|order| !order.is_return()) {
        let channel = order.channel();
        if channel != Channel::Shop {
            let month_end = month_ends[(order.second() / SECONDS_PER_DAY) as usize];
            let currency = Currency::of_order(channel, order.unpack().country);
            *counts.entry((month_end, channel, currency)).or_insert(0) += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Party;
    use crate::header::History;
    use crate::row::Texts;

    #[test]
    fn every_order_that_is_sent_home_is_on_one_invoice() {
        let params = crate::SampleParams::new(300, 1).check().unwrap();
        let (texts, history) = (Texts::new(&params).unwrap(), History::draw(&params));
        let scene = Scene {
            params: &params,
            texts: &texts,
            history: &history,
        };
        let shipped = shipped_orders(&scene);
        let sent = history
            .orders
            .iter()
            .filter(|order| !order.is_return() && order.channel() != Channel::Shop);
        assert_eq!(shipped.values().sum::<i64>(), sent.count() as i64);
        assert!(
            history
                .orders
                .iter()
                .any(|order| order.party() == Party::Guest && order.channel() == Channel::Web)
        );
        assert!(
            shipped
                .keys()
                .all(|&(day, _, _)| day == 730 || texts.day_text(day + 1).ends_with("-01"))
        );
    }
}
