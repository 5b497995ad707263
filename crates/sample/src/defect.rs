//! Defects planted on purpose, so that a reader can be held against a known list.

use crate::header::OrderHeader;
use crate::params::SampleValidParams;
use crate::row::{Column, Row};
use crate::stream::{Purpose, below, stream};
use crate::{SampleError, SampleFile};

/// What is wrong with a planted line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DefectKind {
    /// The thirteenth month: `2025-13-07`.
    MonthThirteen,
    /// 31 February.
    ThirtyFirstOfFebruary,
    /// The letter O for the last digit of the price.
    LetterInPrice,
    /// No order id.
    MissingOrderId,
    /// The last field, and its comma, are gone.
    MissingColumn,
    /// A quote opens the product name and nothing closes it.
    StrayQuote,
    /// A Latin-1 letter in the product id of a UTF-8 file.
    InvalidUtf8,
    /// A NUL byte in the product id.
    NulByte,
    /// A price of 20 digits.
    AbsurdPrice,
    /// An order of the year 2099.
    FutureDate,
    /// A currency that does not exist: `EURO`.
    UnknownCurrency,
    /// A currency that exists, but has no rate: Swiss francs.
    NoRate,
    /// The line before, once more, byte for byte: somebody bought the same twice. To be kept.
    RepeatedLine,
}

impl DefectKind {
    /// Every kind, in the order in which they are documented.
    pub const ALL: [Self; 13] = [
        Self::MonthThirteen,
        Self::ThirtyFirstOfFebruary,
        Self::LetterInPrice,
        Self::MissingOrderId,
        Self::MissingColumn,
        Self::StrayQuote,
        Self::InvalidUtf8,
        Self::NulByte,
        Self::AbsurdPrice,
        Self::FutureDate,
        Self::UnknownCurrency,
        Self::NoRate,
        Self::RepeatedLine,
    ];

    /// A stable name for tables and tests.
    pub fn slug(self) -> &'static str {
        match self {
            Self::MonthThirteen => "month_thirteen",
            Self::ThirtyFirstOfFebruary => "thirty_first_of_february",
            Self::LetterInPrice => "letter_in_price",
            Self::MissingOrderId => "missing_order_id",
            Self::MissingColumn => "missing_column",
            Self::StrayQuote => "stray_quote",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::NulByte => "nul_byte",
            Self::AbsurdPrice => "absurd_price",
            Self::FutureDate => "future_date",
            Self::UnknownCurrency => "unknown_currency",
            Self::NoRate => "no_rate",
            Self::RepeatedLine => "repeated_line",
        }
    }

    /// The reason that a run gives for setting the line aside; nothing for a line that is to be kept.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::MonthThirteen | Self::ThirtyFirstOfFebruary => Some("no_such_day"),
            Self::LetterInPrice => Some("not_a_number"),
            Self::MissingOrderId => Some("missing"),
            Self::MissingColumn => Some("wrong_field_count"),
            Self::StrayQuote => Some("unclosed_quote"),
            Self::InvalidUtf8 => Some("invalid_utf8"),
            Self::NulByte => Some("control_character"),
            Self::AbsurdPrice => Some("number_out_of_range"),
            Self::FutureDate => Some("after_today"),
            Self::UnknownCurrency => Some("unknown_currency"),
            Self::NoRate => Some("no_rate"),
            Self::RepeatedLine => None,
        }
    }

    /// Whether the line must not be counted as a sale. Only a repeated line may be.
    pub fn spoils_the_line(self) -> bool {
        self != Self::RepeatedLine
    }

    /// Whether quantity and unit price can still be read from the line.
    pub fn amount_is_readable(self) -> bool {
        !matches!(
            self,
            Self::LetterInPrice | Self::MissingColumn | Self::StrayQuote | Self::AbsurdPrice
        )
    }

    /// What stands in a field instead of the truth, or nothing where the truth stays.
    fn replacement(self, column: Column) -> Option<&'static [u8]> {
        match (self, column) {
            (Self::MonthThirteen, Column::OrderedAt) => Some(b"2025-13-07 10:15:00"),
            (Self::ThirtyFirstOfFebruary, Column::OrderedAt) => Some(b"2025-02-31 10:15:00"),
            (Self::FutureDate, Column::OrderedAt) => Some(b"2099-01-01 09:00:00"),
            (Self::MissingOrderId, Column::OrderId) => Some(b""),
            (Self::StrayQuote, Column::ProductName) => Some(b"\"Oak Frame"),
            (Self::InvalidUtf8, Column::ProductId) => Some(b"P\xE90025"),
            (Self::NulByte, Column::ProductId) => Some(b"P\x000025"),
            (Self::UnknownCurrency, Column::Currency) => Some(b"EURO"),
            (Self::NoRate, Column::Currency) => Some(b"CHF"),
            (Self::AbsurdPrice, Column::UnitPrice) => Some(b"99999999999999999999.99"),
            _ => None,
        }
    }

    /// Appends `row` with this defect. A repeated line is written twice.
    pub(crate) fn push(self, row: &Row<'_>, out: &mut Vec<u8>) {
        if self == Self::RepeatedLine {
            row.push(out);
            row.push(out);
            return;
        }
        for column in Column::ALL {
            if self == Self::MissingColumn && column == Column::Discount {
                continue;
            }
            if column != Column::OrderId {
                out.push(b',');
            }
            match self.replacement(column) {
                Some(text) => out.extend_from_slice(text),
                None => row.push_field(column, out),
            }
            if self == Self::LetterInPrice && column == Column::UnitPrice {
                out.pop();
                out.push(b'O');
            }
        }
        out.push(b'\n');
    }
}

/// One defect and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantedDefect {
    /// What is wrong.
    pub kind: DefectKind,
    /// The file in which it stands.
    pub file: SampleFile,
    /// The row in the file, 1 being the first after the header. Of a repeated line, the second copy.
    pub row: u64,
    /// The order to which the line truly belongs.
    pub order_id: String,
    /// The true amount of the line, in cents.
    pub amount_cents: i64,
}

/// Which orders carry which defect, by place in the orders of the file, ascending.
#[derive(Debug, Default)]
pub(crate) struct DefectPlan {
    places: Vec<(usize, DefectKind)>,
}

impl DefectPlan {
    /// Draws the places among the orders, returns aside, of the first half of `orders`.
    pub(crate) fn draw(params: &SampleValidParams, orders: &[OrderHeader]) -> Result<Self, SampleError> {
        let per_kind = params.params().defects_per_kind as usize;
        let needed = per_kind * DefectKind::ALL.len();
        if needed == 0 {
            return Ok(Self::default());
        }
        let half = &orders[..orders.len() / 2];
        let mut candidates: Vec<usize> = half
            .iter()
            .enumerate()
            .filter(|(_, order)| !order.is_return())
            .map(|(place, _)| place)
            .collect();
        if candidates.len() < needed {
            return Err(SampleError::TooFewOrders {
                needed,
                found: candidates.len(),
            });
        }
        let mut rng = stream(params.params().seed, Purpose::Defects, 0);
        let kinds = DefectKind::ALL
            .into_iter()
            .flat_map(|kind| std::iter::repeat_n(kind, per_kind));
        let mut places: Vec<(usize, DefectKind)> = kinds
            .map(|kind| {
                let pick = below(&mut rng, candidates.len() as u32) as usize;
                (candidates.swap_remove(pick), kind)
            })
            .collect();
        places.sort_unstable();
        Ok(Self { places })
    }

    /// The defect of the order at `place`.
    pub(crate) fn at(&self, place: usize) -> Option<DefectKind> {
        let index = self.places.binary_search_by_key(&place, |&(place, _)| place).ok()?;
        self.places.get(index).map(|&(_, kind)| kind)
    }
}
