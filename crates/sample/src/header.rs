//! An order in 16 bytes: all that must be held to write a history in time order.
//!
//! The lines of an order are drawn from its own stream when they are written, so they need no room.

use crate::channel::Channel;
use crate::history::{SECONDS_PER_DAY, place_customer_orders, place_guest_orders};
use crate::ordered::produce_in_order;
use crate::{Party, SampleValidParams};

/// Customers drawn together. It fixes how guests are spread, so it is part of what a seed means.
pub(crate) const CUSTOMERS_PER_BLOCK: u64 = 512;

const RETURN_BIT: u32 = 1 << 31;
const GUEST_BIT: u32 = 1 << 30;
const COUNTRY_SHIFT: u32 = 26;
const COUNTRY_MASK: u32 = 0xF;
const CHANNEL_SHIFT: u32 = 24;
const CHANNEL_MASK: u32 = 0x3;

/// Most orders that one customer, or one block of guests, can place.
pub(crate) const MAX_ORDERS: u32 = (1 << CHANNEL_SHIFT) - 1;

/// One order or return. Its order is that of the file: by time, then by who, then by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrderHeader {
    second: u32,
    owner: u32,
    tag: u32,
    value_cents: u32,
}

/// What is packed into an [`OrderHeader`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OrderFields {
    /// Seconds since the start of the first day.
    pub(crate) second: u32,
    pub(crate) party: Party,
    /// The customer's number from 1, or the block of the guest.
    pub(crate) owner: u32,
    /// The place of the order among those of its owner. A return has that of the returned order.
    pub(crate) sequence: u32,
    pub(crate) country: u8,
    pub(crate) channel: Channel,
    pub(crate) is_return: bool,
    /// What the products of the order cost before each price is rounded.
    pub(crate) value_cents: u32,
}

impl OrderHeader {
    pub(crate) fn pack(fields: OrderFields) -> Self {
        let flag = |on: bool, bit: u32| if on { bit } else { 0 };
        Self {
            second: fields.second,
            owner: fields.owner,
            tag: flag(fields.is_return, RETURN_BIT)
                | flag(fields.party == Party::Guest, GUEST_BIT)
                | (u32::from(fields.country) & COUNTRY_MASK) << COUNTRY_SHIFT
                | (fields.channel as u32 & CHANNEL_MASK) << CHANNEL_SHIFT
                | fields.sequence.min(MAX_ORDERS),
            value_cents: fields.value_cents,
        }
    }

    pub(crate) fn unpack(self) -> OrderFields {
        OrderFields {
            second: self.second,
            party: self.party(),
            owner: self.owner,
            sequence: self.tag & MAX_ORDERS,
            country: (self.tag >> COUNTRY_SHIFT & COUNTRY_MASK) as u8,
            channel: self.channel(),
            is_return: self.is_return(),
            value_cents: self.value_cents,
        }
    }

    pub(crate) fn second(self) -> u32 {
        self.second
    }

    pub(crate) fn owner(self) -> u32 {
        self.owner
    }

    pub(crate) fn channel(self) -> Channel {
        match self.tag >> CHANNEL_SHIFT & CHANNEL_MASK {
            0 => Channel::Web,
            1 => Channel::Shop,
            _ => Channel::Phone,
        }
    }

    pub(crate) fn is_return(self) -> bool {
        self.tag & RETURN_BIT != 0
    }

    pub(crate) fn party(self) -> Party {
        if self.tag & GUEST_BIT != 0 {
            Party::Guest
        } else {
            Party::Customer
        }
    }
}

/// The numbers of the customers in `block`, from 1.
pub(crate) fn customers_in_block(params: &SampleValidParams, block: usize) -> std::ops::Range<u64> {
    let first = block as u64 * CUSTOMERS_PER_BLOCK + 1;
    first..(first + CUSTOMERS_PER_BLOCK).min(params.params().customers + 1)
}

/// How many blocks of customers there are.
pub(crate) fn block_count(params: &SampleValidParams) -> usize {
    params.params().customers.div_ceil(CUSTOMERS_PER_BLOCK) as usize
}

/// Every order of the history, in time order.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) orders: Vec<OrderHeader>,
}

impl History {
    pub(crate) fn draw(params: &SampleValidParams) -> Self {
        Self {
            orders: orders_by_time(params),
        }
    }

    /// The places of the orders of some days.
    pub(crate) fn places(&self, days: std::ops::Range<u32>) -> std::ops::Range<usize> {
        let place_of_day = |day: u32| {
            let second = u64::from(day) * u64::from(SECONDS_PER_DAY);
            self.orders.partition_point(|order| u64::from(order.second) < second)
        };
        // A window that misses the history ends where it starts, or before.
        let first = place_of_day(days.start);
        first..place_of_day(days.end).max(first)
    }

    /// The number of an order in its id, from 1.
    pub(crate) fn number_of(&self, order: &OrderHeader) -> u64 {
        self.orders.partition_point(|other| other < order) as u64 + 1
    }
}

fn orders_by_time(params: &SampleValidParams) -> Vec<OrderHeader> {
    use rayon::slice::ParallelSliceMut;

    let blocks = block_count(params);
    let mut headers: Vec<OrderHeader> = Vec::new();
    let mut blocks_seen = 0;
    let produce = |block: usize| {
        let mut orders = Vec::new();
        for customer in customers_in_block(params, block) {
            place_customer_orders(params, customer as u32, &mut orders);
        }
        place_guest_orders(params, block as u32, &mut orders);
        orders
    };
    let collected: Result<(), std::convert::Infallible> = produce_in_order(blocks, produce, |orders| {
        blocks_seen += 1;
        // Growing moves everything and needs the room twice: foresee the size, with a wide margin. Room
        // that is never touched costs no memory.
        if headers.len() + orders.len() > headers.capacity() {
            let so_far = headers.len() + orders.len();
            let expected = so_far / blocks_seen * blocks;
            headers.reserve_exact((expected + expected / 4).max(so_far) - headers.len());
        }
        headers.extend_from_slice(&orders);
        Ok(())
    });
    let Ok(()) = collected;
    headers.par_sort_unstable();
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_16_bytes_and_keeps_every_field() {
        assert_eq!(size_of::<OrderHeader>(), 16);
        for (party, is_return, channel) in [
            (Party::Customer, true, Channel::Web),
            (Party::Guest, false, Channel::Shop),
            (Party::Customer, false, Channel::Phone),
        ] {
            let fields = OrderFields {
                second: 63_158_399,
                party,
                owner: 9_999_999,
                sequence: MAX_ORDERS,
                country: 9,
                channel,
                is_return,
                value_cents: u32::MAX,
            };
            assert_eq!(OrderHeader::pack(fields).unpack(), fields);
        }
    }

    #[test]
    fn orders_are_strictly_ordered_so_that_ties_in_time_cannot_swap() {
        let params = crate::SampleParams::new(3_000, 1).check().unwrap();
        let history = History::draw(&params);
        let orders = &history.orders;
        assert!((0..orders.len()).all(|place| history.number_of(&orders[place]) == place as u64 + 1));
        assert!(orders.is_sorted_by(|one, next| one < next));
        let same_second = orders.windows(2).filter(|pair| pair[0].second == pair[1].second);
        assert!(same_second.count() > 0, "the test is too weak: no ties");
    }
}
