//! SQL expressions over the customer base: which customers a list asks for, in which order, and what a contact with
//! them is expected to earn.
//!
//! An expression looks at one customer at a time, at the columns of customer_features, customer_segments and customers,
//! and at `signal_<name>`, true where the signal is there. `as_of` is the day of the run. It is checked without any data:
//! its columns, its values where a column has a closed list, its type.

mod columns;
mod error;
mod expression;
mod masked;
mod resolve;
#[cfg(test)]
mod tests;

pub use columns::{KnownColumn, KnownColumns};
pub use error::ConditionError;

use std::collections::BTreeSet;

use polars::prelude::{Column, DataType, IdxCa, IdxSize, NewChunkedArray, PolarsError, SortMultipleOptions};
use sqlparser::ast::OrderByExpr;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};

use crate::base::Base;
use expression::Expression;
use masked::masked;

/// What a list's candidates meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    expression: Expression,
}

impl Condition {
    /// Parses and checks a condition.
    ///
    /// # Errors
    /// When it is no SQL condition over these columns: what is wrong, and what was probably meant.
    pub fn parse(text: &str, known: &KnownColumns) -> Result<Self, ConditionError> {
        let expression = Expression::new(parse(text, |parser| parser.parse_expr())?, known)?;
        match expression.data_type(known)? {
            DataType::Boolean => Ok(Self {
                text: text.trim().to_owned(),
                expression,
            }),
            other => Err(ConditionError::Type {
                found: words(&other),
                expected: "a condition, true or false",
            }),
        }
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same for people who may not know of single customers: the values that personal columns are compared with are
    /// `'...'`.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.expression.masked().unwrap_or(&self.text)
    }

    /// The columns of the base that it looks at.
    #[must_use]
    pub fn columns(&self) -> &BTreeSet<String> {
        self.expression.columns()
    }

    /// The rows of the base that meet it, ascending. What is not known does not meet it.
    ///
    /// # Errors
    /// When polars cannot compute it from these values.
    pub fn rows(&self, base: &Base) -> Result<Vec<u32>, ConditionError> {
        let values = self.expression.values(base.frame(), base.as_of())?;
        let values = values.bool().map_err(|_| self.expression.not_computed())?;
        let rows = values.iter().enumerate().filter(|(_, meets)| *meets == Some(true));
        Ok(rows.map(|(row, _)| row as u32).collect())
    }
}

/// A number for each customer, such as what a contact is expected to earn.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueExpression {
    text: String,
    expression: Expression,
}

impl ValueExpression {
    /// Parses and checks an expression that gives a number.
    ///
    /// # Errors
    /// As [`Condition::parse`].
    pub fn parse(text: &str, known: &KnownColumns) -> Result<Self, ConditionError> {
        let expression = Expression::new(parse(text, |parser| parser.parse_expr())?, known)?;
        let found = expression.data_type(known)?;
        if !found.is_primitive_numeric() && !found.is_decimal() {
            return Err(ConditionError::Type {
                found: words(&found),
                expected: "a number",
            });
        }
        Ok(Self {
            text: text.trim().to_owned(),
            expression,
        })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same without the values that personal columns are compared with, as [`Condition::shown`].
    #[must_use]
    pub fn shown(&self) -> &str {
        self.expression.masked().unwrap_or(&self.text)
    }

    /// The columns of the base that it looks at.
    #[must_use]
    pub fn columns(&self) -> &BTreeSet<String> {
        self.expression.columns()
    }

    /// Its value for each of these rows; NaN where it is not known or not finite.
    ///
    /// # Errors
    /// When polars cannot compute it from these values.
    pub fn values(&self, base: &Base, rows: &[u32]) -> Result<Vec<f64>, ConditionError> {
        let values = self.expression.values(base.frame(), base.as_of())?;
        let not_computed = |_| self.expression.not_computed();
        let values = values.cast(&DataType::Float64).map_err(not_computed)?;
        let values = values.f64().map_err(not_computed)?;
        let of_row = |row: &u32| values.get(*row as usize).filter(|value| value.is_finite());
        Ok(rows.iter().map(|row| of_row(row).unwrap_or(f64::NAN)).collect())
    }
}

/// The order in which a list takes its customers.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderBy {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    /// As it was typed, without the values that personal columns are compared with.
    shown: String,
    expression: Expression,
    is_descending: bool,
    nulls_last: bool,
}

impl OrderBy {
    /// Parses terms such as `vin desc` or `last_order_date`; what is not known comes last, unless a term says `nulls
    /// first`.
    ///
    /// # Errors
    /// As [`Condition::parse`].
    pub fn parse<S: AsRef<str>>(terms: &[S], known: &KnownColumns) -> Result<Self, ConditionError> {
        let term = |text: &S| {
            let parsed = parse(text.as_ref(), |parser| parser.parse_order_by_expr())?;
            let shown = match masked(&parsed.expr, known) {
                Some(expr) => OrderByExpr { expr, ..parsed.clone() }.to_string(),
                None => text.as_ref().to_owned(),
            };
            let expression = Expression::new(parsed.expr, known)?;
            expression.data_type(known)?;
            Ok(Term {
                shown,
                expression,
                is_descending: parsed.options.asc == Some(false),
                nulls_last: parsed.options.nulls_first != Some(true),
            })
        };
        Ok(Self {
            terms: terms.iter().map(term).collect::<Result<_, ConditionError>>()?,
        })
    }

    /// Its terms without the values that personal columns are compared with, as [`Condition::shown`].
    #[must_use]
    pub fn shown(&self) -> Vec<String> {
        self.terms.iter().map(|term| term.shown.clone()).collect()
    }

    /// The columns of the base that it looks at.
    #[must_use]
    pub fn columns(&self) -> BTreeSet<String> {
        let columns = self.terms.iter().flat_map(|term| term.expression.columns());
        columns.cloned().collect()
    }

    /// Rows of the base in this order; those that are equal in it in the order that they came in.
    ///
    /// # Errors
    /// When polars cannot compute it from these values.
    pub fn sorted(&self, base: &Base, rows: &[u32]) -> Result<Vec<u32>, ConditionError> {
        if self.terms.is_empty() || rows.len() < 2 {
            return Ok(rows.to_vec());
        }
        let places: Vec<IdxSize> = rows.iter().map(|&row| IdxSize::from(row)).collect();
        let places = IdxCa::from_vec("row".into(), places);
        let mut keys = Vec::with_capacity(self.terms.len());
        for (index, term) in self.terms.iter().enumerate() {
            let values = term.expression.values(base.frame(), base.as_of())?;
            let not_computed = |_| term.expression.not_computed();
            let values = values.take(&places).map_err(not_computed)?;
            let values = without_nan(values).map_err(not_computed)?;
            keys.push(values.with_name(format!("key_{index}").into()));
        }
        let options = SortMultipleOptions::default()
            .with_maintain_order(true)
            .with_order_descending_multi(self.terms.iter().map(|term| term.is_descending))
            .with_nulls_last_multi(self.terms.iter().map(|term| term.nulls_last));
        let first = keys[0].as_materialized_series().clone();
        let order = if keys.len() == 1 {
            first.arg_sort(
                polars::prelude::SortOptions::default()
                    .with_maintain_order(true)
                    .with_order_descending(self.terms[0].is_descending)
                    .with_nulls_last(self.terms[0].nulls_last),
            )
        } else {
            first
                .arg_sort_multiple(&keys[1..], &options)
                .map_err(|_| self.terms[0].expression.not_computed())?
        };
        Ok(order.iter().flatten().map(|place| rows[place as usize]).collect())
    }
}

/// What is no number counts as not known.
fn without_nan(values: Column) -> Result<Column, PolarsError> {
    if !values.dtype().is_float() {
        return Ok(values);
    }
    let numbers = values.cast(&DataType::Float64)?;
    let numbers = numbers.f64()?;
    let known = numbers.iter().map(|number| number.filter(|number| !number.is_nan()));
    let known = polars::prelude::Float64Chunked::from_iter_options(values.name().clone(), known);
    Ok(polars::prelude::IntoColumn::into_column(known))
}

fn parse<R>(text: &str, by: impl Fn(&mut Parser<'_>) -> Result<R, ParserError>) -> Result<R, ConditionError> {
    let syntax = |error: ParserError| ConditionError::Syntax {
        message: match error {
            ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
            other @ ParserError::RecursionLimitExceeded => other.to_string(),
        },
    };
    if text.trim().is_empty() {
        return Err(ConditionError::Empty);
    }
    let mut parser = Parser::new(&GenericDialect).try_with_sql(text).map_err(syntax)?;
    let parsed = by(&mut parser).map_err(syntax)?;
    let rest = parser.peek_token();
    if rest.token == sqlparser::tokenizer::Token::EOF {
        return Ok(parsed);
    }
    Err(ConditionError::Syntax {
        message: format!("Expected: its end, found: {rest}{}", rest.span.start),
    })
}

/// A type in words for people.
fn words(found: &DataType) -> String {
    match found {
        DataType::Boolean => "a condition".to_owned(),
        DataType::String => "text".to_owned(),
        DataType::Date => "a day".to_owned(),
        DataType::Datetime(..) => "a time".to_owned(),
        DataType::Null => "null".to_owned(),
        found if found.is_primitive_numeric() || found.is_decimal() => "a number".to_owned(),
        other => other.to_string(),
    }
}
