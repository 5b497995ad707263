//! Which column of a file feeds which column of the table.

use std::fmt;
use std::num::NonZeroUsize;

use cartera_raw::{DateFormat, RawError};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

use crate::format_params::FormatParams;
use crate::source_params::SourceParamsError;

/// `[source.columns]`, as typed: `target = "header name"`, or a position counted from 1, or a
/// table `{ column = .., format = .. }`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ColumnsParams {
    /// The source's key of the customer. An empty cell is a guest. Required.
    pub customer_key: Option<ColumnParams>,
    /// The order. Without it an order is one customer and business day.
    pub order_id: Option<ColumnParams>,
    /// The line within its order. Needed by `latest_by_key` only.
    pub line_number: Option<ColumnParams>,
    /// The product. Needed by line kinds that look at products.
    pub product_id: Option<ColumnParams>,
    /// Day or moment of the order. Required, with a date format here or in `[source.format]`.
    pub ordered_at: Option<ColumnParams>,
    /// Units, up to 6 decimals; negative for returns.
    pub quantity: Option<ColumnParams>,
    /// Price of one unit, up to 6 decimals.
    pub unit_price: Option<ColumnParams>,
    /// Amount of the line, up to 4 decimals. Where it is not mapped, the amount is quantity x unit
    /// price, rounded half-even; then both are required.
    pub amount: Option<ColumnParams>,
}

/// One entry of `[source.columns]`, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnParams {
    /// Header name, or position counted from 1.
    pub column: ColumnRef,
    /// Date format of this column; for `ordered_at` only. Default `[source.format] date_format`.
    pub format: Option<String>,
}

impl ColumnParams {
    /// A column by its header name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            column: ColumnRef::Name(name.to_owned()),
            format: None,
        }
    }

    /// A column by its position, counted from 1.
    #[must_use]
    pub fn at(position: NonZeroUsize) -> Self {
        Self {
            column: ColumnRef::Position(position),
            format: None,
        }
    }
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum ColumnRef {
    /// By its name in the header, exactly as it stands there.
    Name(String),
    /// By its position, counted from 1.
    Position(NonZeroUsize),
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(formatter, "{name:?}"),
            Self::Position(position) => write!(formatter, "{position}"),
        }
    }
}

/// The checked columns of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ColumnsValidParams {
    /// The source's key of the customer.
    pub customer_key: ColumnRef,
    /// The order, if the source has one.
    pub order_id: Option<ColumnRef>,
    /// The line within its order.
    pub line_number: Option<ColumnRef>,
    /// The product.
    pub product_id: Option<ColumnRef>,
    /// Day or moment of the order.
    pub ordered_at: ColumnRef,
    /// Its date format.
    pub ordered_at_format: DateFormat,
    /// Units.
    pub quantity: Option<ColumnRef>,
    /// Price of one unit.
    pub unit_price: Option<ColumnRef>,
    /// Amount of the line. Where it is absent, quantity and unit price are both there.
    pub amount: Option<ColumnRef>,
}

impl ColumnsParams {
    /// Checks the columns beside the layout that they are read from.
    pub(crate) fn check(&self, format: &FormatParams) -> Result<ColumnsValidParams, SourceParamsError> {
        self.check_selectors(format)?;
        let customer_key = required(
            "customer_key",
            &self.customer_key,
            "the column with the customer's key (empty cells are guests)",
        )?;
        let ordered_at = required(
            "ordered_at",
            &self.ordered_at,
            "the column with the day or moment of the order",
        )?;
        let ordered_at_format = ordered_at_format(ordered_at, format)?;
        if self.amount.is_none() {
            const EXPECTED: &str = "`amount`, or both `quantity` and `unit_price`";
            if self.quantity.is_none() && self.unit_price.is_none() {
                return Err(missing("amount", EXPECTED));
            }
            required("quantity", &self.quantity, EXPECTED)?;
            required("unit_price", &self.unit_price, EXPECTED)?;
        }
        let column = |params: &Option<ColumnParams>| params.as_ref().map(|p| p.column.clone());
        Ok(ColumnsValidParams {
            customer_key: customer_key.column.clone(),
            order_id: column(&self.order_id),
            line_number: column(&self.line_number),
            product_id: column(&self.product_id),
            ordered_at: ordered_at.column.clone(),
            ordered_at_format,
            quantity: column(&self.quantity),
            unit_price: column(&self.unit_price),
            amount: column(&self.amount),
        })
    }

    fn mapped(&self) -> impl Iterator<Item = (&'static str, &ColumnParams)> {
        [
            ("customer_key", &self.customer_key),
            ("order_id", &self.order_id),
            ("line_number", &self.line_number),
            ("product_id", &self.product_id),
            ("ordered_at", &self.ordered_at),
            ("quantity", &self.quantity),
            ("unit_price", &self.unit_price),
            ("amount", &self.amount),
        ]
        .into_iter()
        .filter_map(|(target, params)| params.as_ref().map(|params| (target, params)))
    }

    fn check_selectors(&self, format: &FormatParams) -> Result<(), SourceParamsError> {
        let mut seen: Vec<(&'static str, &ColumnRef)> = Vec::new();
        for (target, params) in self.mapped() {
            let key = format!("columns.{target}");
            if let ColumnRef::Name(name) = &params.column {
                if name.is_empty() {
                    return Err(SourceParamsError::value(
                        key,
                        name,
                        "the name of a column, or its position counted from 1",
                    ));
                }
                if !format.header {
                    return Err(SourceParamsError::Conflict {
                        key,
                        other: "format.header = false",
                        reason: format!(
                            "a file without a header has no column {name:?}; give its position, counted from 1"
                        ),
                    });
                }
            }
            if params.format.is_some() && target != "ordered_at" {
                return Err(SourceParamsError::value(
                    format!("{key}.format"),
                    params.format.as_deref().unwrap_or_default(),
                    "no format here: only `ordered_at` holds dates",
                ));
            }
            if let Some((first, _)) = seen.iter().find(|(_, column)| **column == params.column) {
                return Err(SourceParamsError::ColumnTwice {
                    first,
                    second: target,
                    column: params.column.clone(),
                });
            }
            seen.push((target, &params.column));
        }
        Ok(())
    }
}

fn missing(target: &str, expected: &'static str) -> SourceParamsError {
    SourceParamsError::Missing {
        key: format!("columns.{target}"),
        expected,
    }
}

fn required<'a>(
    target: &str,
    params: &'a Option<ColumnParams>,
    expected: &'static str,
) -> Result<&'a ColumnParams, SourceParamsError> {
    params.as_ref().ok_or_else(|| missing(target, expected))
}

/// The column's own format, else the file's. There is no default: a guess between day and month
/// would be wrong without anyone noticing.
fn ordered_at_format(ordered_at: &ColumnParams, format: &FormatParams) -> Result<DateFormat, SourceParamsError> {
    let (key, text) = match (&ordered_at.format, &format.date_format) {
        (Some(own), _) => ("columns.ordered_at.format", own),
        (None, Some(shared)) => ("format.date_format", shared),
        (None, None) => {
            return Err(SourceParamsError::Missing {
                key: "format.date_format".to_owned(),
                expected: "the format of `ordered_at`, such as \"%Y-%m-%d %H:%M:%S\"",
            });
        }
    };
    DateFormat::new(text).map_err(|error| {
        let problem = match error {
            RawError::DateFormat { problem, position, .. } => {
                format!("a date format: {problem} (character {position})")
            }
            other => other.to_string(),
        };
        SourceParamsError::value(key, text, problem)
    })
}

/// The long form of a column: `{ column = .., format = .. }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnTable {
    column: ColumnRef,
    #[serde(default)]
    format: Option<String>,
}

const COLUMN_EXPECTED: &str = "a column name or a position counted from 1";

struct ColumnRefVisitor;

impl Visitor<'_> for ColumnRefVisitor {
    type Value = ColumnRef;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(COLUMN_EXPECTED)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<ColumnRef, E> {
        Ok(ColumnRef::Name(name.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, position: i64) -> Result<ColumnRef, E> {
        usize::try_from(position)
            .ok()
            .and_then(NonZeroUsize::new)
            .map(ColumnRef::Position)
            .ok_or_else(|| E::invalid_value(Unexpected::Signed(position), &COLUMN_EXPECTED))
    }

    fn visit_u64<E: de::Error>(self, position: u64) -> Result<ColumnRef, E> {
        i64::try_from(position)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(position), &COLUMN_EXPECTED))
            .and_then(|position| self.visit_i64(position))
    }
}

impl<'de> Deserialize<'de> for ColumnRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ColumnRefVisitor)
    }
}

/// Written by hand because an untagged enum would hide which key of the long form is wrong.
struct ColumnParamsVisitor;

impl<'de> Visitor<'de> for ColumnParamsVisitor {
    type Value = ColumnParams;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a column name, a position counted from 1, or a table with `column`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<ColumnParams, E> {
        ColumnRefVisitor.visit_str(name).map(short)
    }

    fn visit_i64<E: de::Error>(self, position: i64) -> Result<ColumnParams, E> {
        ColumnRefVisitor.visit_i64(position).map(short)
    }

    fn visit_u64<E: de::Error>(self, position: u64) -> Result<ColumnParams, E> {
        ColumnRefVisitor.visit_u64(position).map(short)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ColumnParams, A::Error> {
        let ColumnTable { column, format } = ColumnTable::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ColumnParams { column, format })
    }
}

fn short(column: ColumnRef) -> ColumnParams {
    ColumnParams { column, format: None }
}

impl<'de> Deserialize<'de> for ColumnParams {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ColumnParamsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> ColumnsParams {
        ColumnsParams {
            customer_key: Some(ColumnParams::named("customer")),
            ordered_at: Some(ColumnParams {
                format: Some("%Y-%m-%d".to_owned()),
                ..ColumnParams::named("day")
            }),
            quantity: Some(ColumnParams::named("quantity")),
            unit_price: Some(ColumnParams::named("price")),
            ..ColumnsParams::default()
        }
    }

    #[track_caller]
    fn refused(change: impl FnOnce(&mut ColumnsParams), key: &str, words: &str) {
        let mut params = plain();
        change(&mut params);
        let error = params
            .check(&FormatParams::default())
            .expect_err("the change is to be refused");
        assert_eq!(error.key(), key);
        let message = error.to_string();
        assert!(message.contains(words), "{message:?} lacks {words:?}");
    }

    #[test]
    fn the_columns_own_date_format_wins() {
        let format = FormatParams {
            date_format: Some("%d/%m/%Y".to_owned()),
            ..FormatParams::default()
        };
        let valid = plain().check(&format).expect("valid");
        assert_eq!(valid.ordered_at_format, DateFormat::new("%Y-%m-%d").expect("valid"));
    }

    #[test]
    fn amount_stands_in_for_price() {
        let mut params = plain();
        params.unit_price = None;
        params.amount = Some(ColumnParams::named("amount"));
        assert!(params.check(&FormatParams::default()).is_ok());
    }

    #[test]
    fn refuses_no_customer_key() {
        refused(|c| c.customer_key = None, "columns.customer_key", "guests");
    }

    #[test]
    fn refuses_no_ordered_at() {
        refused(|c| c.ordered_at = None, "columns.ordered_at", "moment");
    }

    #[test]
    fn refuses_no_date_format() {
        let change = |c: &mut ColumnsParams| c.ordered_at = Some(ColumnParams::named("day"));
        refused(change, "format.date_format", "%Y-%m-%d");
    }

    #[test]
    fn refuses_a_wrong_date_format() {
        let change = |c: &mut ColumnsParams| {
            c.ordered_at = Some(ColumnParams {
                format: Some("%Y-%Q".to_owned()),
                ..ColumnParams::named("day")
            });
        };
        refused(change, "columns.ordered_at.format", "%Q");
    }

    #[test]
    fn refuses_neither_amount_nor_price() {
        let neither = |c: &mut ColumnsParams| {
            c.quantity = None;
            c.unit_price = None;
        };
        refused(neither, "columns.amount", "both");
        refused(|c| c.quantity = None, "columns.quantity", "both");
        refused(|c| c.unit_price = None, "columns.unit_price", "both");
    }

    #[test]
    fn refuses_a_column_twice() {
        let change = |c: &mut ColumnsParams| c.order_id = Some(ColumnParams::named("customer"));
        refused(change, "columns.order_id", "`columns.customer_key` reads");
    }

    #[test]
    fn refuses_an_empty_column_name() {
        let change = |c: &mut ColumnsParams| c.order_id = Some(ColumnParams::named(""));
        refused(change, "columns.order_id", "position");
    }

    #[test]
    fn refuses_a_date_format_on_a_number() {
        let change = |c: &mut ColumnsParams| {
            c.quantity = Some(ColumnParams {
                format: Some("%Y".to_owned()),
                ..ColumnParams::named("quantity")
            });
        };
        refused(change, "columns.quantity.format", "only `ordered_at`");
    }

    #[test]
    fn refuses_a_name_where_there_is_no_header() {
        let format = FormatParams {
            header: false,
            ..FormatParams::default()
        };
        let error = plain().check(&format).expect_err("no header");
        assert_eq!(error.key(), "columns.customer_key");
        assert!(error.to_string().contains("position"), "{error}");
    }
}
