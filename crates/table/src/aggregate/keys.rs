//! Group keys: each row's key columns as bytes in one arena, found again through a hash table.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use polars::prelude::{
    Column, DataFrame, DataType, IdxCa, IdxSize, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray,
    StringChunkedBuilder,
};

use crate::contract::ColumnType;
use crate::error::TableError;
use crate::frame::date_column;

/// Any fixed number: it only has to be the same on every machine.
const HASHER: FixedState = FixedState::with_seed(0x63_61_72_74_65_72_61);

/// An independent one, for hashes of 128 bits.
const SECOND_HASHER: FixedState = FixedState::with_seed(0x70_6f_72_74_66_6f_6c_69);

/// The length that stands for a null text; no key is that long.
const NULL_TEXT: u32 = u32::MAX;

/// The groups found so far.
pub(super) struct Groups {
    arena: Vec<u8>,
    ends: Vec<usize>,
    hashes: Vec<u64>,
    table: HashTable<u32>,
    types: Vec<DataType>,
}

impl Groups {
    pub(super) fn new() -> Self {
        Self {
            arena: Vec::new(),
            ends: Vec::new(),
            hashes: Vec::new(),
            table: HashTable::new(),
            types: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn key(&self, group: usize) -> &[u8] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.arena[start..self.ends[group]]
    }

    /// The group of each row of a frame, new ones added.
    pub(super) fn of_rows(&mut self, frame: &DataFrame, keys: &[&str]) -> Result<Vec<u32>, TableError> {
        self.check_types(frame, keys)?;
        let mut readers = readers(frame, keys)?;
        // Room for as many new keys as the rows usually bring: growing step by step would copy the arena again and again.
        self.arena.reserve(frame.height() * 16);
        self.ends.reserve(frame.height() / 2);
        self.hashes.reserve(frame.height() / 2);
        let hashes = &self.hashes;
        self.table.reserve(frame.height() / 2, |&group| hashes[group as usize]);
        let mut groups = Vec::with_capacity(frame.height());
        let mut previous: Option<u32> = None;
        let mut scratch = Vec::with_capacity(64);
        for _ in 0..frame.height() {
            scratch.clear();
            for reader in &mut readers {
                reader.write_next(&mut scratch);
            }
            // Lines of an order stand together in most exports: then the table need not be asked.
            let group = match previous {
                Some(group) if self.key(group as usize) == scratch => group,
                _ => self.find_or_add(&scratch)?,
            };
            previous = Some(group);
            groups.push(group);
        }
        Ok(groups)
    }

    /// Keys are written back as what they were read as, so only types that both sides know may pass, the
    /// same in all frames.
    fn check_types(&mut self, frame: &DataFrame, keys: &[&str]) -> Result<(), TableError> {
        let types = keys
            .iter()
            .map(|key| Ok(frame.column(key)?.dtype().clone()))
            .collect::<Result<Vec<_>, TableError>>()?;
        if self.types.is_empty() {
            self.types = types.clone();
        }
        for ((key, found), expected) in keys.iter().zip(&types).zip(&self.types) {
            if found != expected || !matches!(found, DataType::String | DataType::Int32 | DataType::Date) {
                return Err(TableError::OtherType {
                    table: "aggregation".into(),
                    column: (*key).to_owned(),
                    found: found.to_string(),
                    expected: format!("a key of text, i32 or date, as {expected} before"),
                });
            }
        }
        Ok(())
    }

    fn find_or_add(&mut self, key: &[u8]) -> Result<u32, TableError> {
        let hash = HASHER.hash_one(key);
        if let Some(&group) = self.table.find(hash, |&group| {
            self.hashes[group as usize] == hash && self.key(group as usize) == key
        }) {
            return Ok(group);
        }
        let group = u32::try_from(self.ends.len()).map_err(|_| TableError::Overflow {
            what: "number of groups".into(),
        })?;
        self.arena.extend_from_slice(key);
        self.ends.push(self.arena.len());
        self.hashes.push(hash);
        let hashes = &self.hashes;
        self.table.insert_unique(hash, group, |&group| hashes[group as usize]);
        Ok(group)
    }

    /// The key columns of all groups, in their order.
    pub(super) fn columns(&self, names: &[&str]) -> Vec<Column> {
        let mut writers: Vec<KeyWriter> = names
            .iter()
            .zip(&self.types)
            .map(|(name, data_type)| KeyWriter::new(name, data_type, self.len()))
            .collect();
        for group in 0..self.len() {
            let mut rest = self.key(group);
            for writer in &mut writers {
                rest = writer.read_one(rest);
            }
        }
        writers.into_iter().map(KeyWriter::finish).collect()
    }
}

/// Reads a key column row by row.
enum KeyReader<'a> {
    Text(Box<dyn Iterator<Item = Option<&'a str>> + 'a>),
    Whole(Box<dyn Iterator<Item = Option<i32>> + 'a>),
    /// Only hashed, never written back.
    Wide(Box<dyn Iterator<Item = Option<i128>> + 'a>),
}

impl<'a> KeyReader<'a> {
    fn new(column: &'a Column) -> Result<Self, TableError> {
        Ok(match column.dtype() {
            DataType::String => Self::Text(Box::new(column.str()?.iter())),
            DataType::Boolean => Self::Whole(Box::new(column.bool()?.iter().map(|value| value.map(i32::from)))),
            DataType::Int32 => Self::Whole(Box::new(column.i32()?.iter())),
            DataType::Date => Self::Whole(Box::new(column.date()?.physical().iter())),
            DataType::Int64 => Self::Wide(Box::new(column.i64()?.iter().map(|value| value.map(i128::from)))),
            DataType::Datetime(..) => Self::Wide(Box::new(
                column.datetime()?.physical().iter().map(|value| value.map(i128::from)),
            )),
            DataType::Decimal(..) => Self::Wide(Box::new(column.decimal()?.physical().iter())),
            other => {
                return Err(TableError::OtherType {
                    table: "aggregation".into(),
                    column: column.name().to_string(),
                    found: other.to_string(),
                    expected: "text, a date, a flag, a whole number or a decimal".into(),
                });
            }
        })
    }

    /// Appends the next value; says whether it is null.
    fn write_next(&mut self, key: &mut Vec<u8>) -> bool {
        match self {
            Self::Text(values) => match values.next().flatten() {
                // A text of 4 GiB cannot be: records are bounded far below.
                #[expect(clippy::cast_possible_truncation, reason = "see above")]
                Some(text) => {
                    key.extend_from_slice(&(text.len() as u32).to_ne_bytes());
                    key.extend_from_slice(text.as_bytes());
                    false
                }
                None => {
                    key.extend_from_slice(&NULL_TEXT.to_ne_bytes());
                    true
                }
            },
            Self::Whole(values) => {
                let value = values.next().flatten();
                key.push(u8::from(value.is_some()));
                key.extend_from_slice(&value.unwrap_or_default().to_ne_bytes());
                value.is_none()
            }
            Self::Wide(values) => {
                let value = values.next().flatten();
                key.push(u8::from(value.is_some()));
                key.extend_from_slice(&value.unwrap_or_default().to_ne_bytes());
                value.is_none()
            }
        }
    }

    fn skip_next(&mut self) {
        match self {
            Self::Text(values) => drop(values.next()),
            Self::Whole(values) => drop(values.next()),
            Self::Wide(values) => drop(values.next()),
        }
    }
}

/// Builds a key column from the bytes of the groups.
enum KeyWriter {
    Text(StringChunkedBuilder),
    Whole {
        name: String,
        is_date: bool,
        values: Vec<Option<i32>>,
    },
}

impl KeyWriter {
    fn new(name: &str, data_type: &DataType, height: usize) -> Self {
        match data_type {
            DataType::String => Self::Text(StringChunkedBuilder::new(name.into(), height)),
            other => Self::Whole {
                name: name.to_owned(),
                is_date: *other == ColumnType::Date.data_type(),
                values: Vec::with_capacity(height),
            },
        }
    }

    /// Takes this column's part off the front of a key.
    fn read_one<'k>(&mut self, key: &'k [u8]) -> &'k [u8] {
        match self {
            Self::Text(builder) => {
                let (length, rest) = key.split_at(4);
                let length = u32::from_ne_bytes(length.try_into().unwrap_or_default());
                if length == NULL_TEXT {
                    builder.append_null();
                    return rest;
                }
                let (text, rest) = rest.split_at(length as usize);
                // SAFETY: the bytes were copied from a `str` of that length by `KeyReader::write_next`.
                builder.append_value(unsafe { std::str::from_utf8_unchecked(text) });
                rest
            }
            Self::Whole { values, .. } => {
                let (bytes, rest) = key.split_at(5);
                let value = i32::from_ne_bytes(bytes[1..].try_into().unwrap_or_default());
                values.push((bytes[0] == 1).then_some(value));
                rest
            }
        }
    }

    fn finish(self) -> Column {
        match self {
            Self::Text(builder) => builder.finish().into_series().into_column(),
            Self::Whole { name, is_date, values } => {
                let values = Int32Chunked::from_iter_options(name.as_str().into(), values.into_iter());
                if is_date {
                    date_column(&name, values)
                } else {
                    values.into_series().into_column()
                }
            }
        }
    }
}

fn readers<'a>(frame: &'a DataFrame, columns: &[&str]) -> Result<Vec<KeyReader<'a>>, TableError> {
    columns
        .iter()
        .map(|column| KeyReader::new(frame.column(column)?))
        .collect()
}

pub(super) fn row_hashes(frame: &DataFrame, columns: &[&str]) -> Result<Vec<[u64; 2]>, TableError> {
    let mut readers = readers(frame, columns)?;
    let mut key = Vec::with_capacity(128);
    Ok((0..frame.height())
        .map(|_| {
            key.clear();
            for reader in &mut readers {
                reader.write_next(&mut key);
            }
            [HASHER.hash_one(key.as_slice()), SECOND_HASHER.hash_one(key.as_slice())]
        })
        .collect())
}

pub(super) fn partition_by(
    frame: &DataFrame,
    columns: &[&str],
    partitions: usize,
) -> Result<Vec<DataFrame>, TableError> {
    let mut readers = readers(frame, columns)?;
    let mut rows: Vec<Vec<IdxSize>> = vec![Vec::new(); partitions.max(1)];
    let mut key = Vec::with_capacity(32);
    for row in 0..IdxSize::try_from(frame.height()).map_err(|_| TableError::Overflow {
        what: "number of rows".into(),
    })? {
        key.clear();
        let mut is_null = true;
        for reader in &mut readers {
            // The first column that is not null decides; the others are read on all the same.
            if is_null {
                key.clear();
                is_null = reader.write_next(&mut key);
            } else {
                reader.skip_next();
            }
        }
        let hash = HASHER.hash_one(key.as_slice());
        // The upper half of the hash: the lower one places keys in the tables of each partition.
        let partition = ((hash >> 32) as usize) % rows.len();
        rows[partition].push(row);
    }
    rows.into_iter()
        .map(|rows| Ok(frame.take(&IdxCa::from_vec("rows".into(), rows))?))
        .collect()
}
