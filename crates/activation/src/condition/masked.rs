//! Expressions without what they tell of single people.
//!
//! What a list asks for is published in tables and manifests that more people read than customers' data. A condition such
//! as `email = 'ana@example.org'` would tell them of Ana.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr as SqlExpression, Value, ValueWithSpan, visit_expressions, visit_expressions_mut,
};

use super::columns::KnownColumns;

/// What stands in place of a value.
const HIDDEN: &str = "...";

/// The expression as it was typed with `'...'` for each value that stands in one comparison with a personal column or the
/// customer's id; none where there is no such value.
pub(super) fn masked(sql: &SqlExpression, known: &KnownColumns) -> Option<SqlExpression> {
    let mut shown = sql.clone();
    mask(&mut shown, known);
    (shown != *sql).then_some(shown)
}

/// Looks for comparisons below what only joins them.
fn mask(one: &mut SqlExpression, known: &KnownColumns) {
    match one {
        SqlExpression::BinaryOp {
            left,
            op: BinaryOperator::And | BinaryOperator::Or,
            right,
        } => {
            mask(left, known);
            mask(right, known);
        }
        SqlExpression::Nested(inner) | SqlExpression::UnaryOp { expr: inner, .. } => mask(inner, known),
        comparison if is_personal(comparison, known) => {
            let _: ControlFlow<()> = visit_expressions_mut(comparison, |part| {
                match part {
                    SqlExpression::Value(ValueWithSpan { value, .. }) => hide(value),
                    SqlExpression::TypedString(typed) => hide(&mut typed.value.value),
                    _ => {}
                }
                ControlFlow::Continue(())
            });
        }
        _ => {}
    }
}

fn hide(value: &mut Value) {
    if !matches!(value, Value::Null | Value::Boolean(_)) {
        *value = Value::SingleQuotedString(HIDDEN.to_owned());
    }
}

/// Whether a personal column, or the customer's id, stands anywhere in it.
fn is_personal(one: &SqlExpression, known: &KnownColumns) -> bool {
    let flow = visit_expressions(one, |part| {
        let column = match part {
            SqlExpression::Identifier(name) => known.find(None, &name.value),
            SqlExpression::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, name] => known.find(Some(&table.value), &name.value),
                _ => return ControlFlow::Continue(()),
            },
            _ => return ControlFlow::Continue(()),
        };
        match column {
            Ok(column) if column.personal || column.name == "customer_id" => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    });
    flow.is_break()
}
