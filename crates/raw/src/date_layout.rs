//! The fast way through cells that all look alike, as dates mostly do.

use crate::date_format::{Item, NumberField};
use crate::date_parse::Parts;

/// A pattern of complete numbers and literals, whose cells all look alike: the usual case, checked
/// and read without a branch a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FixedLayout {
    length: usize,
    /// Three overlapping words that cover the cell.
    words: [Word; 3],
    year: usize,
    month: usize,
    day: usize,
    hour: Option<usize>,
    minute: Option<usize>,
    second: Option<usize>,
}

/// What eight bytes of a cell must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    position: usize,
    /// The literals, and `0` for each digit: a digit differs from it by 0 to 9, a literal by 0.
    template: u64,
    /// What lifts a byte that differs by more to 128 or above.
    lift: u64,
}

const WORD_BYTES: usize = 8;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

impl FixedLayout {
    /// The layout of a pattern, if it has one of 8 to 24 bytes with a year of four digits.
    pub(crate) fn new(items: &[Item]) -> Option<Self> {
        // Each byte of the cell: its template and the largest difference from it.
        let mut bytes: Vec<(u8, u8)> = Vec::new();
        let mut position_of = |wanted: NumberField| {
            bytes.clear();
            let mut found = None;
            for &item in items {
                match item {
                    Item::Literal(byte) => bytes.push((byte, 0)),
                    Item::Number { field, digits, .. } => {
                        if field == wanted {
                            found = Some(bytes.len());
                        }
                        bytes.extend(std::iter::repeat_n((b'0', 9), usize::from(digits)));
                    }
                    _ => return None,
                }
            }
            found
        };
        let year = position_of(NumberField::Year)?;
        let month = position_of(NumberField::Month)?;
        let day = position_of(NumberField::Day)?;
        let [hour, minute, second] =
            [NumberField::Hour, NumberField::Minute, NumberField::Second].map(&mut position_of);
        let length = bytes.len();
        if !(WORD_BYTES..=3 * WORD_BYTES).contains(&length) {
            return None;
        }
        let last = length - WORD_BYTES;
        let words = [0, last.min(WORD_BYTES), last].map(|position| {
            let covered = &bytes[position..position + WORD_BYTES];
            let gather = |byte_of: fn(&(u8, u8)) -> u8| {
                covered
                    .iter()
                    .rev()
                    .fold(0, |word, pair| (word << 8) | u64::from(byte_of(pair)))
            };
            Word {
                position,
                template: gather(|&(template, _)| template),
                lift: gather(|&(_, largest)| 0x7F - largest),
            }
        });
        Some(Self {
            length,
            words,
            year,
            month,
            day,
            hour,
            minute,
            second,
        })
    }

    /// The numbers of a cell that looks as it should, digit by digit.
    #[inline(always)]
    pub(crate) fn read(&self, cell: &[u8]) -> Option<Parts> {
        if cell.len() != self.length {
            return None;
        }
        let mut wrong = 0;
        for word in &self.words {
            let bytes = cell.get(word.position..)?.first_chunk::<WORD_BYTES>()?;
            let difference = u64::from_le_bytes(*bytes) ^ word.template;
            wrong |= difference | ((difference & !HIGH_BITS) + word.lift);
        }
        if wrong & HIGH_BITS != 0 {
            return None;
        }
        let two = |position: usize| Some(two_digits(cell.get(position..)?.first_chunk()?));
        let optional = |position: Option<usize>| position.map_or(Some(0), two);
        Some(Parts {
            year: two(self.year)? * 100 + two(self.year + 2)?,
            month: two(self.month)?,
            day: two(self.day)?,
            hour: optional(self.hour)?,
            minute: optional(self.minute)?,
            second: optional(self.second)?,
            ..Parts::default()
        })
    }
}

#[inline(always)]
fn two_digits(&[tens, ones]: &[u8; 2]) -> u32 {
    u32::from(tens & 0x0F) * 10 + u32::from(ones & 0x0F)
}

#[cfg(test)]
mod tests {
    use crate::date_format::DateFormat;

    #[test]
    fn the_fixed_layout_says_what_the_items_say() {
        for pattern in ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%dT%H:%M:%S.000Z"] {
            let format = DateFormat::new(pattern).expect("a good pattern");
            assert!(format.fixed_layout().is_some(), "{pattern}");
            let good = pattern
                .replace("%Y", "2009")
                .replace("%m", "12")
                .replace("%d", "19")
                .replace("%H", "10")
                .replace("%M", "50")
                .replace("%S", "39");
            for position in 0..good.len() {
                for byte in 0..=255 {
                    let mut cell = good.clone().into_bytes();
                    cell[position] = byte;
                    assert_eq!(format.parse(&cell), format.parse_by_items(&cell), "{cell:?}");
                }
            }
        }
    }
}
