//! Runs an aggregation: groups first, then one tight loop a column.

use polars::prelude::{
    Column, DataFrame, DataType, Int32Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray,
};

use super::keys::Groups;
use super::{Aggregate, AggregateKind, Aggregation};
use crate::contract::ColumnType;
use crate::error::TableError;
use crate::frame::{boolean, date_column, decimal_column};

pub(super) fn run(aggregation: &Aggregation, frames: &[DataFrame]) -> Result<DataFrame, TableError> {
    let Some(first) = frames.first() else {
        return Ok(DataFrame::empty());
    };
    let mut groups = Groups::new();
    let mut states = aggregation
        .aggregates
        .iter()
        .map(|aggregate| State::new(aggregate, first))
        .collect::<Result<Vec<_>, _>>()?;
    for frame in frames {
        let of_rows = groups.of_rows(frame, aggregation.keys)?;
        for (state, aggregate) in states.iter_mut().zip(aggregation.aggregates) {
            state.update(aggregate, frame, &of_rows, groups.len())?;
        }
    }
    let mut columns = groups.columns(aggregation.keys);
    for (state, aggregate) in states.into_iter().zip(aggregation.aggregates) {
        columns.push(state.finish(aggregate.name)?);
    }
    Ok(DataFrame::new(groups.len(), columns)?)
}

/// The values of one aggregate, by group.
enum State {
    Sum {
        sums: Vec<i128>,
        output: SumType,
    },
    Extreme {
        values: Vec<Option<i64>>,
        largest: bool,
        data_type: DataType,
    },
    Count(Vec<i64>),
    Distinct {
        pairs: Vec<(u32, i64)>,
        groups: usize,
    },
}

enum SumType {
    Whole,
    Decimal { scale: u8 },
}

impl State {
    fn new(aggregate: &Aggregate, frame: &DataFrame) -> Result<Self, TableError> {
        let Some(name) = aggregate.column else {
            return Ok(Self::Count(Vec::new()));
        };
        let data_type = frame.column(name)?.dtype().clone();
        let is_narrow = matches!(data_type, DataType::Int32 | DataType::Int64 | DataType::Date);
        if !is_narrow && !matches!(aggregate.kind, AggregateKind::Sum | AggregateKind::Count) {
            return Err(TableError::OtherType {
                table: "aggregation".into(),
                column: name.into(),
                found: data_type.to_string(),
                expected: "i32, i64 or date".into(),
            });
        }
        Ok(match aggregate.kind {
            AggregateKind::Sum => Self::Sum {
                sums: Vec::new(),
                output: match data_type {
                    DataType::Decimal(_, scale) => SumType::Decimal {
                        scale: u8::try_from(scale).unwrap_or(u8::MAX),
                    },
                    _ => SumType::Whole,
                },
            },
            AggregateKind::Min | AggregateKind::Max => Self::Extreme {
                values: Vec::new(),
                largest: aggregate.kind == AggregateKind::Max,
                data_type,
            },
            AggregateKind::Count => Self::Count(Vec::new()),
            AggregateKind::CountDistinct => Self::Distinct {
                pairs: Vec::new(),
                groups: 0,
            },
        })
    }

    fn update(
        &mut self,
        aggregate: &Aggregate,
        frame: &DataFrame,
        of_rows: &[u32],
        groups: usize,
    ) -> Result<(), TableError> {
        let filter: Option<Vec<bool>> = match aggregate.filter {
            Some(name) => Some(boolean(frame, name)?.iter().map(|value| value == Some(true)).collect()),
            None => None,
        };
        let counts = |row: usize| filter.as_ref().is_none_or(|filter| filter[row]);
        match self {
            Self::Count(values) => {
                values.resize(groups, 0);
                for (row, &group) in of_rows.iter().enumerate() {
                    values[group as usize] += i64::from(counts(row));
                }
            }
            Self::Sum { sums, .. } => {
                sums.resize(groups, 0);
                let mut overflow = false;
                each_value(value_column(aggregate, frame)?, |row, value| {
                    if counts(row) {
                        let sum = &mut sums[of_rows[row] as usize];
                        match sum.checked_add(value) {
                            Some(total) => *sum = total,
                            None => overflow = true,
                        }
                    }
                })?;
                if overflow {
                    return Err(TableError::Overflow {
                        what: format!("sum {}", aggregate.name),
                    });
                }
            }
            Self::Extreme { values, largest, .. } => {
                values.resize(groups, None);
                each_value(value_column(aggregate, frame)?, |row, value| {
                    if counts(row) {
                        // Dates and whole numbers were widened from at most 64 bits.
                        let value = i64::try_from(value).unwrap_or(i64::MAX);
                        let slot = &mut values[of_rows[row] as usize];
                        *slot = Some(match *slot {
                            None => value,
                            Some(old) if *largest => old.max(value),
                            Some(old) => old.min(value),
                        });
                    }
                })?;
            }
            Self::Distinct { pairs, groups: known } => {
                *known = groups;
                each_value(value_column(aggregate, frame)?, |row, value| {
                    if counts(row) {
                        pairs.push((of_rows[row], i64::try_from(value).unwrap_or(i64::MAX)));
                    }
                })?;
            }
        }
        Ok(())
    }

    fn finish(self, name: &str) -> Result<Column, TableError> {
        Ok(match self {
            Self::Count(values) => Column::new(name.into(), values),
            Self::Distinct { mut pairs, groups } => {
                pairs.sort_unstable();
                pairs.dedup();
                let mut counts = vec![0i64; groups];
                for (group, _) in pairs {
                    counts[group as usize] += 1;
                }
                Column::new(name.into(), counts)
            }
            Self::Sum {
                sums,
                output: SumType::Decimal { scale },
            } => decimal_column(name, sums, ColumnType::Decimal { precision: 38, scale }),
            Self::Sum {
                sums,
                output: SumType::Whole,
            } => {
                let sums: Result<Vec<i64>, _> = sums.into_iter().map(i64::try_from).collect();
                Column::new(
                    name.into(),
                    sums.map_err(|_| TableError::Overflow {
                        what: format!("sum {name}"),
                    })?,
                )
            }
            Self::Extreme { values, data_type, .. } => match data_type {
                DataType::Int64 => Int64Chunked::from_iter_options(name.into(), values.into_iter())
                    .into_series()
                    .into_column(),
                other => {
                    let narrow = values
                        .into_iter()
                        .map(|value| value.and_then(|value| i32::try_from(value).ok()));
                    let narrow = Int32Chunked::from_iter_options(name.into(), narrow);
                    if other == DataType::Date {
                        date_column(name, narrow)
                    } else {
                        narrow.into_series().into_column()
                    }
                }
            },
        })
    }
}

fn value_column<'a>(aggregate: &Aggregate, frame: &'a DataFrame) -> Result<&'a Column, TableError> {
    Ok(frame.column(aggregate.column.unwrap_or(aggregate.name))?)
}

/// Calls with each value that is not null and its row.
fn each_value(column: &Column, mut call: impl FnMut(usize, i128)) -> Result<(), TableError> {
    // A column that a source has nothing for need not even be laid out.
    if column.null_count() == column.len() {
        return Ok(());
    }
    macro_rules! each {
        ($values:expr) => {{
            let values = $values;
            match values.cont_slice() {
                Ok(slice) => slice
                    .iter()
                    .enumerate()
                    .for_each(|(row, &value)| call(row, i128::from(value))),
                Err(_) => values.iter().enumerate().for_each(|(row, value)| {
                    if let Some(value) = value {
                        call(row, i128::from(value));
                    }
                }),
            }
        }};
    }
    match column.dtype() {
        DataType::Int32 => each!(column.i32()?),
        DataType::Int64 => each!(column.i64()?),
        DataType::Date => each!(column.date()?.physical()),
        DataType::Decimal(..) => each!(column.decimal()?.physical()),
        other => {
            return Err(TableError::OtherType {
                table: "aggregation".into(),
                column: column.name().to_string(),
                found: other.to_string(),
                expected: "i32, i64, date or decimal".into(),
            });
        }
    }
    Ok(())
}
