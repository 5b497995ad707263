//! What a sample holds, counted while it is written, for tests and callers to hold a run against.

use crate::{DefectKind, PlantedDefect};

/// Who placed an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Party {
    /// A customer with an id.
    Customer,
    /// Nobody known: the customer id is empty.
    Guest,
}

impl Party {
    /// Every party.
    pub const ALL: [Self; 2] = [Self::Customer, Self::Guest];
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineKind {
    /// A product that was bought.
    Sale,
    /// A product of zero price.
    Free,
    /// A product that came back: order id with `R`, negative quantity.
    Return,
    /// Postage: product `SHIP`.
    Shipping,
}

impl LineKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Sale, Self::Free, Self::Return, Self::Shipping];
}

/// Lines and what they add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineTotals {
    /// Number of lines.
    pub lines: u64,
    /// Sum of quantity times unit price, in cents, exact.
    pub amount_cents: i64,
}

impl LineTotals {
    pub(crate) fn add(&mut self, lines: u64, amount_cents: i64) {
        self.lines += lines;
        self.amount_cents += amount_cents;
    }
}

/// What one file of order lines holds.
///
/// A line is *sound* unless a defect that [spoils](DefectKind::spoils_the_line) it was planted on
/// it. Every line of the file is either sound and in one cell, or spoilt and in
/// [`planted`](Self::planted).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleTotals {
    /// Lines in the file, sound or spoilt, the header aside.
    pub lines: u64,
    /// Bytes in the file, the header included.
    pub bytes: u64,
    /// Customers with at least one sound line, guests aside.
    pub customers: u64,
    /// Orders with at least one sound line, guests included, returns aside.
    pub orders: u64,
    /// Of [`orders`](Self::orders), those of guests.
    pub guest_orders: u64,
    /// Returns with at least one sound line.
    pub returns: u64,
    /// Every planted defect, in the order of the file.
    pub planted: Vec<PlantedDefect>,
    cells: [[LineTotals; LineKind::ALL.len()]; Party::ALL.len()],
}

impl SampleTotals {
    /// The sound lines of one party and kind.
    pub fn cell(&self, party: Party, kind: LineKind) -> LineTotals {
        self.cells[party as usize][kind as usize]
    }

    /// All sound lines.
    pub fn sound(&self) -> LineTotals {
        let mut sum = LineTotals::default();
        for cell in self.cells.iter().flatten() {
            sum.add(cell.lines, cell.amount_cents);
        }
        sum
    }

    /// How many defects of one kind were planted.
    pub fn defects(&self, kind: DefectKind) -> u64 {
        self.planted.iter().filter(|defect| defect.kind == kind).count() as u64
    }

    pub(crate) fn cell_mut(&mut self, party: Party, kind: LineKind) -> &mut LineTotals {
        &mut self.cells[party as usize][kind as usize]
    }

    /// Adds the part of the file that follows. Customers are not added: they come back in any part.
    pub(crate) fn append(&mut self, mut part: Self) {
        let rows_before = self.lines;
        self.lines += part.lines;
        self.bytes += part.bytes;
        self.orders += part.orders;
        self.guest_orders += part.guest_orders;
        self.returns += part.returns;
        self.planted.extend(part.planted.drain(..).map(|mut defect| {
            defect.row += rows_before;
            defect
        }));
        for party in Party::ALL {
            for kind in LineKind::ALL {
                let LineTotals { lines, amount_cents } = part.cell(party, kind);
                self.cell_mut(party, kind).add(lines, amount_cents);
            }
        }
    }
}
