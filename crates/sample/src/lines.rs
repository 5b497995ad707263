//! `order_lines.csv`: orders in time order, their lines drawn in parallel chunks.

use std::io::{self, Write};
use std::ops::Range;

use crate::basket::Basket;
use crate::channel::Channel;
use crate::defect::{DefectKind, DefectPlan, PlantedDefect};
use crate::header::{History, OrderFields};
use crate::history::SECONDS_PER_DAY;
use crate::ordered::produce_in_order;
use crate::row::{Row, Texts, push_order_id};
use crate::totals::LineKind;
use crate::whole::{FileTotals, Scene};
use crate::{Party, SampleError, SampleFile, SampleTotals, SampleValidParams};

/// Orders of one chunk: about half a megabyte of text.
const ORDERS_PER_CHUNK: usize = 2_048;
/// A little above the usual size, so that the buffer seldom grows.
const CHUNK_BYTES: usize = 680 * 1024;

/// Writes the order lines of the history, or of its window, and says what they add up to.
///
/// The lines stand in time order, as a shop system exports them; the orders are numbered in it.
/// Give a buffered or a plain file alike: writes are half a megabyte each. It is one file, whatever
/// [`split_last_days`](crate::SampleParams::split_last_days) says.
///
/// # Errors
///
/// [`SampleError::Write`] when `out` refuses the bytes, and [`SampleError::TooFewOrders`] when the
/// first half of the file has no room for the defects.
pub fn order_lines(params: &SampleValidParams, out: &mut dyn Write) -> Result<SampleTotals, SampleError> {
    let texts = Texts::new(params)?;
    let history = History::draw(params);
    let mut writer = LinesWriter::new(&Scene {
        params,
        texts: &texts,
        history: &history,
    })?;
    writer.write(SampleFile::OrderLines, params.window_days(), &mut |bytes| {
        out.write_all(bytes)
    })?;
    out.flush()?;
    Ok(writer.finish())
}

/// Writes the order lines of the window into one file after the other.
pub(crate) struct LinesWriter<'a> {
    chunks: Chunks<'a>,
    totals: SampleTotals,
    keys: KeySet,
}

impl<'a> LinesWriter<'a> {
    pub(crate) fn new(scene: &Scene<'a>) -> Result<Self, SampleError> {
        let window = scene.history.places(scene.params.window_days());
        Ok(Self {
            chunks: Chunks {
                params: scene.params,
                texts: scene.texts,
                history: scene.history,
                plan: DefectPlan::draw(scene.params, &scene.history.orders[window.clone()])?,
                window_start: window.start,
            },
            totals: SampleTotals::default(),
            keys: KeySet::new(scene.params.params().customers),
        })
    }

    /// Writes the orders of some days as a file of its own.
    pub(crate) fn write(
        &mut self,
        file: SampleFile,
        days: Range<u32>,
        write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<FileTotals, SampleError> {
        let Self { chunks, totals, keys } = self;
        let places = chunks.history.places(days);
        let header = file.header().as_bytes();
        let mut of_file = SampleTotals::default();
        of_file.bytes = header.len() as u64;
        write(header)?;
        let mut written = chunks.history.orders[places.clone()].chunks(ORDERS_PER_CHUNK);
        let chunk_places = |chunk: usize| {
            let first = places.start + chunk * ORDERS_PER_CHUNK;
            first..places.end.min(first + ORDERS_PER_CHUNK)
        };
        produce_in_order(
            places.len().div_ceil(ORDERS_PER_CHUNK),
            |chunk| chunks.draw(file, chunk_places(chunk)),
            |chunk| {
                write(&chunk.text)?;
                of_file.append(chunk.totals);
                for (place, order) in written.next().unwrap_or_default().iter().enumerate() {
                    if order.party() == Party::Customer && !chunk.orders_without_sound_line.contains(&place) {
                        keys.insert(order.owner(), order.channel());
                    }
                }
                Ok::<(), SampleError>(())
            },
        )?;
        let file_totals = FileTotals {
            rows: of_file.lines,
            bytes: of_file.bytes,
        };
        totals.add_file(of_file);
        Ok(file_totals)
    }

    /// What all files add up to.
    pub(crate) fn finish(mut self) -> SampleTotals {
        self.totals.customers = self.keys.count;
        self.totals
    }
}

/// What every chunk is drawn from.
struct Chunks<'a> {
    params: &'a SampleValidParams,
    texts: &'a Texts,
    history: &'a History,
    plan: DefectPlan,
    /// Place of the first order to which the plan refers.
    window_start: usize,
}

impl Chunks<'_> {
    fn draw(&self, file: SampleFile, places: Range<usize>) -> Chunk<'_> {
        let first = places.start;
        let mut out = Chunk::new(self.params, file);
        let mut basket = Basket::new();
        for place in places {
            let order = self.history.orders[place].unpack();
            basket.fill(self.params, &order);
            let mut sound_lines = 0;
            for (line_number, line) in (1..).zip(&basket.lines) {
                let row = Row {
                    texts: self.texts,
                    order: &order,
                    order_number: (place + 1) as u64,
                    line_number,
                    line,
                    currency: basket.currency,
                };
                // A defect sits on the first line, which of an order is always a sale.
                let defect = self.plan.at(place - self.window_start);
                sound_lines += match defect.filter(|_| line_number == 1) {
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
struct Chunk<'a> {
    params: &'a SampleValidParams,
    file: SampleFile,
    text: Vec<u8>,
    totals: SampleTotals,
    /// Places in the chunk; hardly ever any.
    orders_without_sound_line: Vec<usize>,
}

impl<'a> Chunk<'a> {
    fn new(params: &'a SampleValidParams, file: SampleFile) -> Self {
        Self {
            params,
            file,
            text: Vec::with_capacity(CHUNK_BYTES),
            totals: SampleTotals::default(),
            orders_without_sound_line: Vec::new(),
        }
    }

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
            file: self.file,
            row: self.totals.lines,
            order_id: String::from_utf8_lossy(&order_id).into_owned(),
            amount_cents: row.line.amount_cents(),
        });
        sound_lines
    }

    fn count_line(&mut self, row: &Row<'_>) {
        let totals = row
            .line
            .totals(self.params, row.currency, row.order.second / SECONDS_PER_DAY);
        self.totals
            .cell_mut(row.order.party, row.line.kind, row.currency)
            .add(totals);
        let is_product = row.line.kind != LineKind::Shipping;
        self.totals.lines_without_product += u64::from(is_product && !row.texts.is_listed(row.line.product));
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

/// The keys seen, one bit each.
struct KeySet {
    bits: Vec<u64>,
    count: u64,
}

impl KeySet {
    /// Bits of one customer: one a channel, and one to spare.
    const BITS: usize = 4;

    fn new(customers: u64) -> Self {
        // Customers are numbered from 1.
        Self {
            bits: vec![0; customers as usize * Self::BITS / 64 + 1],
            count: 0,
        }
    }

    fn insert(&mut self, customer: u32, channel: Channel) {
        let place = (customer as usize - 1) * Self::BITS + channel as usize;
        let (word, bit) = (&mut self.bits[place / 64], 1 << (place % 64));
        self.count += u64::from(*word & bit == 0);
        *word |= bit;
    }
}
