//! The typed columns of a block, laid out as Arrow lays them out, so that they are taken over whole.

/// One column of a parsed block; it has one value for each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// Trimmed text.
    Text(TextColumn),
    /// Decimals, as integers of the declared scale.
    Decimal(ValueColumn<i64>),
    /// Days since 1970-01-01, of the wall clock.
    Date(ValueColumn<i32>),
    /// Microseconds since 1970-01-01 00:00:00: of UTC when the format has an offset, else of the
    /// wall clock.
    Timestamp(ValueColumn<i64>),
}

impl Column {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(column) => column.len(),
            Self::Decimal(column) | Self::Timestamp(column) => column.values.len(),
            Self::Date(column) => column.values.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which rows have a value; `None` when all have.
    pub fn validity(&self) -> Option<&Bitmap> {
        match self {
            Self::Text(column) => column.validity.as_ref(),
            Self::Decimal(column) | Self::Timestamp(column) => column.validity.as_ref(),
            Self::Date(column) => column.validity.as_ref(),
        }
    }
}

/// Numbers, zero where the row has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ValueColumn<T> {
    /// One value for each row.
    pub values: Vec<T>,
    /// Which rows have a value; `None` when all have.
    pub validity: Option<Bitmap>,
}

impl<T: Copy> ValueColumn<T> {
    /// The value of a row; `None` when it has none, or there is no such row.
    pub fn get(&self, row: usize) -> Option<T> {
        let value = *self.values.get(row)?;
        has_value(self.validity.as_ref(), row).then_some(value)
    }

    /// The values of all rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<T>> {
        (0..self.values.len()).map(|row| self.get(row))
    }
}

/// Texts, end to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextColumn {
    /// Where each text starts in `bytes`, and one more: where the last one ends.
    pub offsets: Vec<u32>,
    /// The texts, in UTF-8, cut at character boundaries by `offsets`.
    pub bytes: Vec<u8>,
    /// Which rows have a text; `None` when all have.
    pub validity: Option<Bitmap>,
}

impl TextColumn {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of a row; `None` when it has none, or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let start = *self.offsets.get(row)? as usize;
        let end = *self.offsets.get(row + 1)? as usize;
        let text = std::str::from_utf8(self.bytes.get(start..end)?).ok()?;
        has_value(self.validity.as_ref(), row).then_some(text)
    }

    /// The texts of all rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.len()).map(|row| self.get(row))
    }
}

fn has_value(validity: Option<&Bitmap>, row: usize) -> bool {
    validity.is_none_or(|validity| validity.get(row))
}

/// One bit for each row, the lowest bit of a byte first, as in Arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    bytes: Vec<u8>,
    length: usize,
    unset_count: usize,
}

impl Bitmap {
    /// All bits set but those listed, each once; `None` when there is nothing to list.
    pub(crate) fn all_but(unset: &[u32], length: usize) -> Option<Self> {
        if unset.is_empty() {
            return None;
        }
        let mut bytes = vec![0xFF_u8; length.div_ceil(8)];
        for &row in unset {
            bytes[row as usize / 8] &= !(1 << (row % 8));
        }
        if let Some(last) = bytes.last_mut()
            && !length.is_multiple_of(8)
        {
            // Nothing stands beyond the last row.
            *last &= (1 << (length % 8)) - 1;
        }
        Some(Self {
            bytes,
            length,
            unset_count: unset.len(),
        })
    }

    /// Whether the bit of a row is set; false beyond the last one.
    pub fn get(&self, row: usize) -> bool {
        row < self.length && self.bytes[row / 8] >> (row % 8) & 1 == 1
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Rows whose bit is not set: those without a value.
    pub fn unset_count(&self) -> usize {
        self.unset_count
    }

    /// The bits, zeros beyond the last row.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Hands over the bits.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_arrow() {
        assert_eq!(Bitmap::all_but(&[], 5), None);
        let bitmap = Bitmap::all_but(&[0, 9], 11).expect("two rows without a value");
        assert_eq!(bitmap.as_bytes(), [0b1111_1110, 0b0000_0101]);
        assert_eq!((bitmap.len(), bitmap.unset_count()), (11, 2));
        let set: Vec<bool> = (0..13).map(|row| bitmap.get(row)).collect();
        assert_eq!(set.iter().filter(|&&bit| bit).count(), 9);
        assert!(!set[0] && set[1] && !set[9] && set[10] && !set[11]);
    }
}
