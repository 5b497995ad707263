//! What a sample holds, counted while it is written, for tests and callers to hold a run against.

use crate::{Currency, DefectKind, PlantedDefect};

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
    /// Sum of quantity times unit price, in cents of each line's own currency, exact.
    pub amount_cents: i64,
    /// The same in ten-thousandths of a euro, each line converted by the rate of its day and rounded half-even once.
    pub converted: i64,
}

impl LineTotals {
    pub(crate) fn add(&mut self, more: Self) {
        self.lines += more.lines;
        self.amount_cents += more.amount_cents;
        self.converted += more.converted;
    }
}

/// What the order lines hold.
///
/// A line is *sound* unless a defect that [spoils](DefectKind::spoils_the_line) it was planted on
/// it. Every line of the file is either sound and in one cell, or spoilt and in
/// [`planted`](Self::planted).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleTotals {
    /// Lines, sound or spoilt, headers aside.
    pub lines: u64,
    /// Bytes, headers included.
    pub bytes: u64,
    /// Customer keys with at least one sound line.
    pub customers: u64,
    /// Orders with at least one sound line, guests included, returns aside.
    pub orders: u64,
    /// Of [`orders`](Self::orders), those of guests.
    pub guest_orders: u64,
    /// Returns with at least one sound line.
    pub returns: u64,
    /// Sound lines of products that `products.csv` does not have, shipping aside.
    pub lines_without_product: u64,
    /// Every planted defect, in the order of the file, or of both files.
    pub planted: Vec<PlantedDefect>,
    cells: [[[LineTotals; Currency::ALL.len()]; LineKind::ALL.len()]; Party::ALL.len()],
}

impl SampleTotals {
    /// The sound lines of one party, kind and currency.
    pub fn cell(&self, party: Party, kind: LineKind, currency: Currency) -> LineTotals {
        self.cells[party as usize][kind as usize][currency as usize]
    }

    /// The sound lines that `is_wanted` wants.
    pub fn sum(&self, is_wanted: impl Fn(Party, LineKind, Currency) -> bool) -> LineTotals {
        let mut sum = LineTotals::default();
        for (party, kind, currency) in cells() {
            if is_wanted(party, kind, currency) {
                sum.add(self.cell(party, kind, currency));
            }
        }
        sum
    }

    /// All sound lines.
    pub fn sound(&self) -> LineTotals {
        self.sum(|_, _, _| true)
    }

    /// How many defects of one kind were planted.
    pub fn defects(&self, kind: DefectKind) -> u64 {
        self.planted.iter().filter(|defect| defect.kind == kind).count() as u64
    }

    pub(crate) fn cell_mut(&mut self, party: Party, kind: LineKind, currency: Currency) -> &mut LineTotals {
        &mut self.cells[party as usize][kind as usize][currency as usize]
    }

    /// Adds the part of the file that follows. Customers are not added: they come back in any part.
    pub(crate) fn append(&mut self, mut part: Self) {
        for defect in &mut part.planted {
            defect.row += self.lines;
        }
        self.add_file(part);
    }

    /// Adds another file, whose rows are counted anew.
    pub(crate) fn add_file(&mut self, part: Self) {
        self.lines += part.lines;
        self.bytes += part.bytes;
        self.orders += part.orders;
        self.guest_orders += part.guest_orders;
        self.returns += part.returns;
        self.lines_without_product += part.lines_without_product;
        for (party, kind, currency) in cells() {
            self.cell_mut(party, kind, currency)
                .add(part.cell(party, kind, currency));
        }
        self.planted.extend(part.planted);
    }
}

fn cells() -> impl Iterator<Item = (Party, LineKind, Currency)> {
    Party::ALL.into_iter().flat_map(|party| {
        LineKind::ALL
            .into_iter()
            .flat_map(move |kind| Currency::ALL.into_iter().map(move |currency| (party, kind, currency)))
    })
}
