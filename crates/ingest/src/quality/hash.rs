//! Hashes of cells: the same on every run, so that what is estimated from them is the same too.

use std::hash::{BuildHasher, Hasher};

use cartera_raw::{Column, TextColumn};
use foldhash::quality::FixedState;

/// The hash of a cell without a value. No value has it.
pub(super) const NO_VALUE: u64 = 0;

const SEED: u64 = 0x6361_7274_6572_6131;

/// The hashes of a column's cells, in a buffer that is used again for the next column.
pub(super) fn of_column(column: &Column, hashes: &mut Vec<u64>) {
    hashes.clear();
    match column {
        Column::Text(texts) => of_texts(texts, hashes),
        Column::Decimal(numbers) | Column::Timestamp(numbers) => {
            hashes.extend(numbers.values.iter().map(|&value| of_number(value)));
        }
        Column::Date(days) => hashes.extend(days.values.iter().map(|&day| of_number(day.into()))),
    }
    if let Some(validity) = column.validity() {
        for (row, hash) in hashes.iter_mut().enumerate() {
            if !validity.get(row) {
                *hash = NO_VALUE;
            }
        }
    }
}

fn of_texts(texts: &TextColumn, hashes: &mut Vec<u64>) {
    let state = FixedState::with_seed(SEED);
    hashes.extend(texts.offsets.windows(2).map(|ends| {
        let mut hasher = state.build_hasher();
        hasher.write(&texts.bytes[ends[0] as usize..ends[1] as usize]);
        hasher.finish().max(1)
    }));
}

/// The finalizer of MurmurHash3: every bit of the number reaches every bit of the hash.
#[inline(always)]
fn of_number(number: i64) -> u64 {
    mix(number.cast_unsigned() ^ SEED).max(1)
}

#[inline(always)]
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    hash ^ (hash >> 33)
}

/// Adds a column to the hashes of whole rows, which [`finish_rows`] makes even.
pub(super) fn add_to_rows(rows: &mut [u64], cells: &[u64]) {
    for (row, &cell) in rows.iter_mut().zip(cells) {
        *row = (row.rotate_left(5) ^ cell).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

pub(super) fn finish_rows(rows: &mut [u64]) {
    for row in rows {
        *row = mix(*row).max(1);
    }
}

/// Adds a column to the hashes of keys: a key with a part that has no value is none.
pub(super) fn add_to_keys(keys: &mut [u64], cells: &[u64]) {
    for (key, &cell) in keys.iter_mut().zip(cells) {
        *key = if *key == NO_VALUE || cell == NO_VALUE {
            NO_VALUE
        } else {
            mix(key.rotate_left(5) ^ cell).max(1)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Column {
        let mut column = TextColumn {
            offsets: vec![0],
            bytes: Vec::new(),
            validity: None,
        };
        for value in values {
            column.bytes.extend_from_slice(value.as_bytes());
            column.offsets.push(u32::try_from(column.bytes.len()).expect("short"));
        }
        Column::Text(column)
    }

    #[test]
    fn equal_texts_have_equal_hashes_wherever_they_stand() {
        let mut hashes = Vec::new();
        of_column(&texts(&["tea", "mug", "tea", "a long name of a product"]), &mut hashes);
        let mut alone = Vec::new();
        of_column(&texts(&["tea"]), &mut alone);
        assert_eq!(hashes[0], hashes[2]);
        assert_eq!(hashes[0], alone[0]);
        assert_eq!(hashes.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn a_key_with_an_empty_part_is_none() {
        let mut keys = vec![1; 3];
        add_to_keys(&mut keys, &[5, NO_VALUE, 5]);
        add_to_keys(&mut keys, &[7, 7, 7]);
        assert_eq!(keys[1], NO_VALUE);
        assert_eq!(keys[0], keys[2]);
        assert_ne!(keys[0], NO_VALUE);
    }
}
