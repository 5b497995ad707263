//! Counts by campaign and month, on plain numbers.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::calendar::month_of;

/// What names no campaign.
pub(super) const NO_CAMPAIGN: u32 = 0;
/// The month of what has no day.
pub(super) const NO_MONTH: i32 = i32::MIN;

/// An interaction, as far as its campaign goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Touch {
    /// Counted from 1, by name; or [`NO_CAMPAIGN`].
    pub(super) campaign: u32,
    pub(super) day: i32,
    pub(super) is_contact: bool,
    pub(super) is_response: bool,
}

/// A customer's first order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FirstOrder {
    pub(super) day: i32,
    /// Ten-thousandths.
    pub(super) sales: i128,
}

/// What is told of a campaign and month; money in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) contacts: i64,
    pub(super) contacted_customers: i64,
    pub(super) responses: i64,
    pub(super) responding_customers: i64,
    pub(super) customers_won: i64,
    pub(super) first_order_sales: i128,
    pub(super) contact_cost: i128,
    pub(super) campaign_cost: i128,
    pub(super) further_cost: i128,
}

impl Counts {
    pub(super) fn cost(&self) -> i128 {
        self.contact_cost + self.campaign_cost + self.further_cost
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.contacts += other.contacts;
        self.contacted_customers += other.contacted_customers;
        self.responses += other.responses;
        self.responding_customers += other.responding_customers;
        self.customers_won += other.customers_won;
        self.first_order_sales += other.first_order_sales;
        self.contact_cost += other.contact_cost;
        self.campaign_cost += other.campaign_cost;
        self.further_cost += other.further_cost;
    }
}

/// Counts of a campaign and month, and the last customer who was counted.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    counts: Counts,
    last_contacted: u32,
    last_responding: u32,
}

/// The counts while customers are gone through, one after the other.
#[derive(Debug, Default)]
pub(super) struct Tally {
    cells: HashMap<(u32, i32), Cell>,
    /// Number of the customer, from 1.
    customer: u32,
    first_order: Option<FirstOrder>,
    attribution_days: i32,
    winner: Option<Winner>,
}

/// How the touches that can win a customer are ranked: the last day, an answer first, the first campaign.
type Winner = (i32, bool, Reverse<u32>);

impl Tally {
    pub(super) fn new(attribution_days: i32) -> Self {
        Self {
            attribution_days,
            ..Self::default()
        }
    }

    /// The next customer, whose touches follow.
    pub(super) fn begin(&mut self, first_order: Option<FirstOrder>) {
        self.end();
        self.customer += 1;
        self.first_order = first_order;
    }

    /// A touch of the customer, in any order of days.
    pub(super) fn touch(&mut self, touch: Touch) {
        if !touch.is_contact && !touch.is_response {
            return;
        }
        let customer = self.customer;
        let cell = self.cells.entry((touch.campaign, month_of(touch.day))).or_default();
        if touch.is_contact {
            cell.counts.contacts += 1;
            cell.counts.contacted_customers += i64::from(cell.last_contacted != customer);
            cell.last_contacted = customer;
        }
        if touch.is_response {
            cell.counts.responses += 1;
            cell.counts.responding_customers += i64::from(cell.last_responding != customer);
            cell.last_responding = customer;
        }
        let can_win = |order: FirstOrder| {
            let days = i64::from(order.day) - i64::from(touch.day);
            (0..=i64::from(self.attribution_days)).contains(&days)
        };
        if touch.campaign != NO_CAMPAIGN && self.first_order.is_some_and(can_win) {
            let found = (touch.day, touch.is_response, Reverse(touch.campaign));
            self.winner = self.winner.max(Some(found));
        }
    }

    /// A cost.
    pub(super) fn cost(&mut self, campaign: u32, day: Option<i32>) -> &mut Counts {
        let month = day.map_or(NO_MONTH, month_of);
        &mut self.cells.entry((campaign, month)).or_default().counts
    }

    /// Credits the customer to the campaign that won them.
    fn end(&mut self) {
        if let (Some((_, _, Reverse(campaign))), Some(order)) = (self.winner.take(), self.first_order.take()) {
            let cell = self.cells.entry((campaign, month_of(order.day))).or_default();
            cell.counts.customers_won += 1;
            cell.counts.first_order_sales += order.sales;
        }
    }

    /// The counts by campaign and month, in that order.
    pub(super) fn finish(mut self) -> Vec<((u32, i32), Counts)> {
        self.end();
        let cells = self.cells.into_iter();
        let mut rows: Vec<_> = cells.map(|(key, cell)| (key, cell.counts)).collect();
        rows.retain(|(_, counts)| *counts != Counts::default());
        rows.sort_unstable_by_key(|(key, _)| *key);
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: FirstOrder = FirstOrder {
        day: 100,
        sales: 70_000,
    };

    fn contact(campaign: u32, day: i32) -> Touch {
        Touch {
            campaign,
            day,
            is_contact: true,
            is_response: false,
        }
    }

    fn answer(campaign: u32, day: i32) -> Touch {
        Touch {
            is_contact: false,
            is_response: true,
            ..contact(campaign, day)
        }
    }

    /// The campaigns that won a customer with these touches, and the month.
    fn winners(touches: &[Touch]) -> Vec<(u32, i32)> {
        let mut tally = Tally::new(30);
        tally.begin(Some(ORDER));
        touches.iter().for_each(|touch| tally.touch(*touch));
        let rows = tally.finish();
        let won = rows.iter().filter(|(_, counts)| counts.customers_won > 0);
        won.map(|(key, counts)| {
            assert_eq!((counts.customers_won, counts.first_order_sales), (1, ORDER.sales));
            *key
        })
        .collect()
    }

    #[test]
    fn the_last_touch_wins_the_customer_once() {
        let month = month_of(ORDER.day);
        assert_eq!(winners(&[contact(1, 80), contact(2, 90), contact(1, 85)]), [(2, month)]);
        assert_eq!(
            winners(&[contact(1, 90), contact(2, 90)]),
            [(1, month)],
            "the first by id"
        );
        assert_eq!(
            winners(&[contact(1, 90), answer(2, 90)]),
            [(2, month)],
            "an answer goes first"
        );
        assert_eq!(
            winners(&[contact(2, 101), contact(1, 100)]),
            [(1, month)],
            "not after the order"
        );
        assert_eq!(winners(&[contact(3, 70)]), [(3, month)], "thirty days before");
        assert!(winners(&[contact(3, 69)]).is_empty(), "too long ago");
        assert!(winners(&[contact(NO_CAMPAIGN, 99)]).is_empty());
        assert!(winners(&[]).is_empty());
    }

    #[test]
    fn customers_count_once_a_month_and_touches_each() {
        let mut tally = Tally::new(30);
        tally.begin(None);
        // 1970-01-31, twice, and 1970-02-01.
        for day in [30, 30, 31] {
            tally.touch(contact(1, day));
        }
        tally.begin(None);
        tally.touch(contact(1, 5));
        tally.touch(answer(1, 6));
        tally.touch(Touch {
            is_contact: false,
            ..contact(1, 7)
        });
        tally.cost(1, Some(40)).campaign_cost += 9;
        tally.cost(NO_CAMPAIGN, None).contact_cost += 0;
        let rows = tally.finish();
        let months: Vec<_> = rows.iter().map(|((campaign, month), _)| (*campaign, *month)).collect();
        assert_eq!(
            months,
            [(1, month_of(0)), (1, month_of(31))],
            "what comes to nothing is no row"
        );
        let january = rows[0].1;
        assert_eq!((january.contacts, january.contacted_customers), (3, 2));
        assert_eq!((january.responses, january.responding_customers), (1, 1));
        let february = rows[1].1;
        assert_eq!(
            (february.contacts, february.contacted_customers, february.cost()),
            (1, 1, 9)
        );
    }
}
