//! `order_lines.csv`: orders in time order, their lines drawn in parallel chunks.

use std::io::Write;

use crate::basket::Basket;
use crate::defect::{DefectKind, DefectPlan, PlantedDefect};
use crate::header::{OrderFields, OrderHeader, orders_by_time};
use crate::ordered::produce_in_order;
use crate::row::{ORDER_LINES_HEADER, Row, Texts, push_order_id};
use crate::{Party, SampleError, SampleTotals, SampleValidParams};

/// Orders of one chunk: about half a megabyte of text.
const ORDERS_PER_CHUNK: usize = 2_048;
/// A little above the usual size, so that the buffer seldom grows.
const CHUNK_BYTES: usize = 640 * 1024;
const SECONDS_PER_DAY: u32 = 86_400;

/// Writes the order lines of the history, or of its window, and says what they add up to.
///
/// The lines stand in time order, as a shop system exports them; the orders are numbered in it.
/// Give a buffered or a plain file alike: writes are half a megabyte each.
///
/// # Errors
///
/// [`SampleError::Write`] when `out` refuses the bytes, and [`SampleError::TooFewOrders`] when the
/// first half of the file has no room for the defects.
pub fn order_lines(params: &SampleValidParams, out: &mut dyn Write) -> Result<SampleTotals, SampleError> {
    let texts = Texts::new(params)?;
    let all_orders = orders_by_time(params);
    let days = params.window_days();
    let place_of_day = |day: u32| all_orders.partition_point(|order| order.second() < day * SECONDS_PER_DAY);
    // A window that misses the history ends where it starts, or before.
    let first = place_of_day(days.start);
    let orders = &all_orders[first..place_of_day(days.end).max(first)];
    let chunks = Chunks {
        params,
        texts: &texts,
        orders,
        orders_before: first,
        plan: DefectPlan::draw(params, orders)?,
    };

    let mut totals = SampleTotals::default();
    totals.bytes = ORDER_LINES_HEADER.len() as u64;
    let mut customers = CustomerSet::new(params.params().customers);
    out.write_all(ORDER_LINES_HEADER.as_bytes())?;
    let mut written = orders.chunks(ORDERS_PER_CHUNK);
    produce_in_order(
        orders.len().div_ceil(ORDERS_PER_CHUNK),
        |chunk| chunks.draw(chunk),
        |chunk| {
            out.write_all(&chunk.text)?;
            totals.append(chunk.totals);
            for (place, order) in written.next().unwrap_or_default().iter().enumerate() {
                if order.party() == Party::Customer && !chunk.orders_without_sound_line.contains(&place) {
                    customers.insert(order.owner());
                }
            }
            Ok::<(), SampleError>(())
        },
    )?;
    out.flush()?;
    totals.customers = customers.count;
    Ok(totals)
}

/// What every chunk is drawn from.
struct Chunks<'a> {
    params: &'a SampleValidParams,
    texts: &'a Texts,
    orders: &'a [OrderHeader],
    /// Orders of the history before the first of `orders`.
    orders_before: usize,
    plan: DefectPlan,
}

impl Chunks<'_> {
    fn draw(&self, chunk: usize) -> Chunk {
        let first = chunk * ORDERS_PER_CHUNK;
        let last = self.orders.len().min(first + ORDERS_PER_CHUNK);
        let mut out = Chunk {
            text: Vec::with_capacity(CHUNK_BYTES),
            ..Chunk::default()
        };
        let mut basket = Basket::default();
        for place in first..last {
            let order = self.orders[place].unpack();
            basket.fill(self.params, &order);
            let mut sound_lines = 0;
            for (line_number, line) in (1..).zip(&basket.lines) {
                let row = Row {
                    texts: self.texts,
                    order: &order,
                    order_number: (self.orders_before + place + 1) as u64,
                    line_number,
                    line,
                    channel: basket.channel,
                };
                // A defect sits on the first line, which of an order is always a sale.
                sound_lines += match self.plan.at(place).filter(|_| line_number == 1) {
                    Some(kind) => out.push_defect(kind, &row),
                    None => out.push_sound(&row),
                };
            }
            if sound_lines == 0 {
                out.orders_without_sound_line.push(place - first);
            } else {
                out.count_order(&order);
            }
        }
        out.totals.bytes = out.text.len() as u64;
        out
    }
}

/// A run of orders as text.
#[derive(Default)]
struct Chunk {
    text: Vec<u8>,
    totals: SampleTotals,
    /// Places in the chunk; hardly ever any.
    orders_without_sound_line: Vec<usize>,
}

impl Chunk {
    /// Writes a sound line and says how many sound lines that makes.
    fn push_sound(&mut self, row: &Row<'_>) -> u32 {
        row.push(&mut self.text);
        self.totals.lines += 1;
        self.count_line(row);
        1
    }

    /// Writes a line with a defect and says how many sound lines that makes.
    fn push_defect(&mut self, kind: DefectKind, row: &Row<'_>) -> u32 {
        let sound_lines = if kind == DefectKind::RepeatedLine { 2 } else { 0 };
        kind.push(row, &mut self.text);
        self.totals.lines += u64::from(sound_lines.max(1));
        for _ in 0..sound_lines {
            self.count_line(row);
        }
        let mut order_id = Vec::new();
        push_order_id(&mut order_id, row.order.is_return, row.order_number);
        self.totals.planted.push(PlantedDefect {
            kind,
            row: self.totals.lines,
            order_id: String::from_utf8_lossy(&order_id).into_owned(),
            amount_cents: row.line.amount_cents(),
        });
        sound_lines
    }

    fn count_line(&mut self, row: &Row<'_>) {
        self.totals
            .cell_mut(row.order.party, row.line.kind)
            .add(1, row.line.amount_cents());
    }

    fn count_order(&mut self, order: &OrderFields) {
        if order.is_return {
            self.totals.returns += 1;
            return;
        }
        self.totals.orders += 1;
        if order.party == Party::Guest {
            self.totals.guest_orders += 1;
        }
    }
}

/// The customers seen, one bit each.
struct CustomerSet {
    bits: Vec<u64>,
    count: u64,
}

impl CustomerSet {
    fn new(customers: u64) -> Self {
        // Customers are numbered from 1.
        Self {
            bits: vec![0; customers as usize / 64 + 1],
            count: 0,
        }
    }

    fn insert(&mut self, customer: u32) {
        let (word, bit) = (&mut self.bits[customer as usize / 64], 1 << (customer % 64));
        self.count += u64::from(*word & bit == 0);
        *word |= bit;
    }
}
