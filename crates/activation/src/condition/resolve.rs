//! Names and values of an expression, held against the columns that there are.

use std::collections::BTreeSet;

use cartera_table::{AsOf, ColumnType, Date};
use sqlparser::ast::{
    BinaryOperator, CastKind, DataType as SqlType, Expr as SqlExpression, Ident, Value, ValueWithSpan,
};
use sqlparser::tokenizer::Span;

use super::columns::{KnownColumn, KnownColumns, nearest};
use super::error::ConditionError;

/// The day that the run looks from, as an expression names it.
pub(super) const AS_OF: &str = "as_of";

/// Resolves one part of an expression, whose own parts are resolved already.
pub(super) fn resolve(
    one: &mut SqlExpression,
    known: &KnownColumns,
    columns: &mut BTreeSet<String>,
) -> Result<(), ConditionError> {
    match one {
        SqlExpression::Identifier(name) if name.value == AS_OF && name.quote_style.is_none() => {}
        SqlExpression::Identifier(name) => {
            let column = known.find(None, &name.value)?;
            *one = named(column, columns);
        }
        SqlExpression::CompoundIdentifier(parts) => {
            let [table, name] = parts.as_slice() else {
                let parts: Vec<_> = parts.iter().map(|part| part.value.as_str()).collect();
                return Err(ConditionError::UnknownColumn {
                    name: parts.join("."),
                    nearest: None,
                });
            };
            let column = known.find(Some(&table.value), &name.value)?;
            *one = named(column, columns);
        }
        SqlExpression::Subquery(_) | SqlExpression::InSubquery { .. } | SqlExpression::Exists { .. } => {
            return Err(ConditionError::NotOfARow { what: "a subquery" });
        }
        SqlExpression::Function(function) if function.over.is_some() => {
            return Err(ConditionError::NotOfARow {
                what: "a window (OVER)",
            });
        }
        // What cannot be cast is not known: it stops no run.
        SqlExpression::Cast { kind, .. } => *kind = CastKind::TryCast,
        SqlExpression::BinaryOp { left, op, right } => {
            let is_equality = matches!(op, BinaryOperator::Eq | BinaryOperator::NotEq);
            if let Some(column) = column_of(left, known) {
                check_value(column, right, is_equality)?;
            } else if let Some(column) = column_of(right, known) {
                check_value(column, left, is_equality)?;
            }
        }
        SqlExpression::InList { expr, list, .. } => {
            if let Some(column) = column_of(expr, known) {
                for value in list {
                    check_value(column, value, true)?;
                }
            }
        }
        SqlExpression::Between { expr, low, high, .. } => {
            if let Some(column) = column_of(expr, known) {
                check_value(column, low, false)?;
                check_value(column, high, false)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn named(column: &KnownColumn, columns: &mut BTreeSet<String>) -> SqlExpression {
    columns.insert(column.base_name.clone());
    SqlExpression::Identifier(Ident::with_quote('"', &column.base_name))
}

/// The column that an expression is, and nothing else.
fn column_of<'k>(expression: &SqlExpression, known: &'k KnownColumns) -> Option<&'k KnownColumn> {
    match expression {
        SqlExpression::Identifier(name) => known.of_base(&name.value),
        SqlExpression::Nested(inner) => column_of(inner, known),
        _ => None,
    }
}

/// Text beside a column: a day where the column has days, and one of its values where these are known.
fn check_value(column: &KnownColumn, value: &mut SqlExpression, is_equality: bool) -> Result<(), ConditionError> {
    let no_day = |value| ConditionError::NoDay {
        column: column.base_name.clone(),
        value,
    };
    if column.column_type == ColumnType::Date && is_arithmetic(value) {
        return Err(no_day(value.to_string()));
    }
    let SqlExpression::Value(ValueWithSpan { value: literal, .. }) = value else {
        return Ok(());
    };
    let other_kind = |value: String| ConditionError::OtherKind {
        column: column.base_name.clone(),
        kind: kind(column.column_type),
        value,
    };
    let text = match literal {
        Value::SingleQuotedString(text) => text,
        Value::Number(..) if !is_number(column.column_type) => return Err(other_kind(literal.to_string())),
        _ => return Ok(()),
    };
    if is_number(column.column_type) || column.column_type == ColumnType::Boolean {
        return Err(other_kind(format!("'{text}'")));
    }
    if column.column_type == ColumnType::Date {
        let Ok(date) = text.parse::<Date>() else {
            return Err(no_day(format!("'{text}'")));
        };
        *value = day(AsOf(date));
        return Ok(());
    }
    let allowed = &column.allowed_values;
    if is_equality && !allowed.is_empty() && !allowed.contains(text) {
        return Err(ConditionError::UnknownValue {
            column: column.base_name.clone(),
            value: text.clone(),
            nearest: nearest(text, allowed.iter().map(String::as_str)),
            values: allowed.clone(),
        });
    }
    Ok(())
}

fn is_number(column_type: ColumnType) -> bool {
    kind(column_type) == "a number"
}

fn kind(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Text => "text",
        ColumnType::Boolean => "true or false",
        ColumnType::Date => "a day",
        ColumnType::Timestamp => "a time",
        ColumnType::Int32 | ColumnType::Int64 | ColumnType::Float64 | ColumnType::Decimal { .. } => "a number",
    }
}

/// Numbers and arithmetic of them, as `2025-06-01` is without quotes.
fn is_arithmetic(expression: &SqlExpression) -> bool {
    match expression {
        SqlExpression::Value(ValueWithSpan { value, .. }) => matches!(value, Value::Number(..)),
        SqlExpression::BinaryOp { left, right, .. } => is_arithmetic(left) && is_arithmetic(right),
        SqlExpression::Nested(inner) => is_arithmetic(inner),
        SqlExpression::UnaryOp { expr, .. } => is_arithmetic(expr),
        _ => false,
    }
}

/// A day, by its distance from 1970-01-01: polars is about to take no text for days.
pub(super) fn day(day: AsOf) -> SqlExpression {
    let days = Value::Number(day.epoch_days().to_string(), false);
    SqlExpression::Cast {
        kind: CastKind::TryCast,
        expr: Box::new(SqlExpression::Value(ValueWithSpan {
            value: days,
            span: Span::empty(),
        })),
        data_type: SqlType::Date,
        array: false,
        format: None,
    }
}
