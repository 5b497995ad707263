//! The customers of a stretch, column by column, as the rules look at them.

use cartera_table::{ColumnType, TableError};
use polars::prelude::{Column, DataFrame, Int32Chunked, Int128Chunked, StringChunked};

use super::base::Base;
use super::before::PriorFeatures;
use super::rule::{Layout, Place};
use crate::values::{power_of_ten, real_of};

/// A stretch of customers.
pub(crate) struct Stretch<'s> {
    pub(crate) layout: &'s Layout,
    pub(crate) base: &'s Base,
    /// The first customer of it.
    pub(crate) start: usize,
    pub(crate) length: usize,
    /// By place.
    pub(crate) now: Vec<Cells>,
    /// Numbers of the run before, by place; empty where nobody compares them or nothing is known.
    pub(crate) before: Vec<Vec<f64>>,
    pub(crate) prior: Option<&'s PriorFeatures>,
}

/// A column of a stretch.
pub(crate) enum Cells {
    /// Not a number where it is null.
    Numbers(Vec<f64>),
    /// Likewise, with the exact values.
    Money(Vec<f64>, Int128Chunked),
    Texts(StringChunked),
    Days(Int32Chunked),
}

impl Cells {
    fn new(column: &Column, column_type: ColumnType) -> Result<Self, TableError> {
        Ok(match column_type {
            ColumnType::Text => Self::Texts(column.str()?.clone()),
            ColumnType::Date => Self::Days(column.date()?.physical().clone()),
            ColumnType::Decimal { .. } => {
                Self::Money(numbers(column, column_type)?, column.decimal()?.physical().clone())
            }
            _ => Self::Numbers(numbers(column, column_type)?),
        })
    }
}

impl<'s> Stretch<'s> {
    /// The customers from `start` on.
    pub(crate) fn new(
        [features, segments]: [&DataFrame; 2],
        layout: &'s Layout,
        base: &'s Base,
        prior: Option<&'s PriorFeatures>,
        (start, length): (usize, usize),
    ) -> Result<Self, TableError> {
        let now = layout.columns.iter().map(|used| {
            let from = if used.is_label { segments } else { features };
            let column = from.column(used.column.name)?.slice(start as i64, length);
            Cells::new(&column, used.column.column_type)
        });
        let before = (0..layout.columns.len()).map(|place| match prior {
            Some(prior) => prior.numbers(place, start, length),
            None => Ok(Vec::new()),
        });
        Ok(Self {
            now: now.collect::<Result<_, _>>()?,
            before: before.collect::<Result<_, _>>()?,
            layout,
            base,
            start,
            length,
            prior,
        })
    }

    /// The number of a customer of the stretch, not a number where it is not known.
    pub(crate) fn number(&self, place: Place, row: usize) -> f64 {
        match &self.now[place] {
            Cells::Numbers(numbers) | Cells::Money(numbers, _) => numbers[row],
            Cells::Texts(_) | Cells::Days(_) => f64::NAN,
        }
    }

    /// Likewise in the run before.
    pub(crate) fn number_before(&self, place: Place, row: usize) -> f64 {
        self.before[place].get(row).copied().unwrap_or(f64::NAN)
    }

    /// The text of a customer of the stretch.
    pub(crate) fn text(&self, place: Place, row: usize) -> Option<&str> {
        match &self.now[place] {
            Cells::Texts(texts) => texts.get(row),
            _ => None,
        }
    }

    /// The exact money of a customer of the stretch.
    pub(crate) fn money(&self, place: Place, row: usize) -> Option<i128> {
        match &self.now[place] {
            Cells::Money(_, money) => money.get(row),
            _ => None,
        }
    }

    /// The exact money of a customer of the stretch in the run before.
    pub(crate) fn money_before(&self, place: Place, row: usize) -> Result<Option<i128>, TableError> {
        self.prior
            .map_or(Ok(None), |prior| prior.money(place, self.start + row))
    }
}

/// The numbers of a column, not a number where they are null.
pub(crate) fn numbers(column: &Column, column_type: ColumnType) -> Result<Vec<f64>, TableError> {
    Ok(match column_type {
        ColumnType::Int32 => column
            .i32()?
            .iter()
            .map(|number| number.map_or(f64::NAN, f64::from))
            .collect(),
        ColumnType::Int64 => {
            let real = |number: i64| real_of(number.into());
            column
                .i64()?
                .iter()
                .map(|number| number.map_or(f64::NAN, real))
                .collect()
        }
        ColumnType::Decimal { scale, .. } => {
            let one = power_of_ten(scale);
            let real = |unscaled: i128| real_of(unscaled) / one;
            let unscaled = column.decimal()?.physical();
            unscaled.iter().map(|number| number.map_or(f64::NAN, real)).collect()
        }
        _ => column.f64()?.iter().map(|number| number.unwrap_or(f64::NAN)).collect(),
    })
}
