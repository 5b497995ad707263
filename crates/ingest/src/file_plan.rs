//! The mapped columns of a source, found in one file.

use std::path::Path;

use cartera_raw::{ColumnKind, ColumnSpec, DecimalFormat, Plan};
use cartera_table::{AMOUNT_SCALE, DuplicatePolicy, QUANTITY_SCALE};

use crate::column_params::{ColumnRef, ColumnsValidParams};
use crate::error::IngestError;
use crate::source_params::SourceValidParams;

/// A column of the source lines. The order is that of the plan's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    CustomerKey,
    OrderId,
    LineNumber,
    ProductId,
    OrderedAt,
    Quantity,
    UnitPrice,
    Amount,
}

impl Target {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CustomerKey => "customer_key",
            Self::OrderId => "order_id",
            Self::LineNumber => "line_number",
            Self::ProductId => "product_id",
            Self::OrderedAt => "ordered_at",
            Self::Quantity => "quantity",
            Self::UnitPrice => "unit_price",
            Self::Amount => "amount",
        }
    }
}

/// How to read one file.
pub(crate) struct FilePlan {
    pub(crate) plan: Plan,
    /// What each column of the plan is.
    pub(crate) targets: Vec<Target>,
}

impl FilePlan {
    /// Finds the mapped columns by their names in the header, or by their positions.
    pub(crate) fn new(
        path: &Path,
        source: &SourceValidParams,
        header: Option<&[String]>,
        field_count: usize,
    ) -> Result<Self, IngestError> {
        let raw = |cause| IngestError::Raw {
            path: path.to_owned(),
            cause,
        };
        let date_format = &source.columns.ordered_at_format;
        let mut targets = Vec::new();
        let mut columns = Vec::new();
        for (target, column) in mapped(&source.columns) {
            let field = field(path, target, column, header, field_count)?;
            let decimal = |scale| {
                ColumnKind::Decimal(DecimalFormat {
                    scale,
                    ..source.format.decimal_format
                })
            };
            let kind = match target {
                Target::CustomerKey | Target::OrderId | Target::LineNumber | Target::ProductId => ColumnKind::Text,
                Target::OrderedAt if date_format.has_time() => ColumnKind::Timestamp(date_format.clone()),
                Target::OrderedAt => ColumnKind::Date(date_format.clone()),
                Target::Quantity | Target::UnitPrice => decimal(QUANTITY_SCALE),
                Target::Amount => decimal(AMOUNT_SCALE),
            };
            targets.push(target);
            columns.push(ColumnSpec {
                name: target.name().to_owned(),
                field,
                kind,
                required: is_required(target, source),
                null_values: source.format.null_values.clone(),
            });
        }
        let plan = Plan::new(source.format.dialect.clone(), columns, field_count).map_err(raw)?;
        Ok(Self { plan, targets })
    }
}

fn mapped(columns: &ColumnsValidParams) -> impl Iterator<Item = (Target, &ColumnRef)> {
    [
        (Target::CustomerKey, Some(&columns.customer_key)),
        (Target::OrderId, columns.order_id.as_ref()),
        (Target::LineNumber, columns.line_number.as_ref()),
        (Target::ProductId, columns.product_id.as_ref()),
        (Target::OrderedAt, Some(&columns.ordered_at)),
        (Target::Quantity, columns.quantity.as_ref()),
        (Target::UnitPrice, columns.unit_price.as_ref()),
        (Target::Amount, columns.amount.as_ref()),
    ]
    .into_iter()
    .filter_map(|(target, column)| Some((target, column?)))
}

/// A line without its order, its time or its amount is a defect; one without a customer is a guest's.
fn is_required(target: Target, source: &SourceValidParams) -> bool {
    match target {
        Target::OrderId | Target::OrderedAt | Target::Amount => true,
        Target::Quantity | Target::UnitPrice => source.columns.amount.is_none(),
        // The policy finds a line by it: lines without one would all be each other's repeats.
        Target::LineNumber => source.duplicates == DuplicatePolicy::LatestByKey,
        Target::CustomerKey | Target::ProductId => false,
    }
}

fn field(
    path: &Path,
    target: Target,
    column: &ColumnRef,
    header: Option<&[String]>,
    field_count: usize,
) -> Result<usize, IngestError> {
    let target = target.name();
    match column {
        ColumnRef::Position(position) if position.get() <= field_count => Ok(position.get() - 1),
        ColumnRef::Position(position) => Err(IngestError::NoPosition {
            path: path.to_owned(),
            position: position.get(),
            target,
            fields: field_count,
        }),
        ColumnRef::Name(name) => {
            let header = header.unwrap_or_default();
            let mut places = header
                .iter()
                .enumerate()
                .filter(|(_, title)| title.trim() == name)
                .map(|(place, _)| place);
            match (places.next(), places.next()) {
                (Some(place), None) => Ok(place),
                (Some(_), Some(_)) => Err(IngestError::ColumnTwice {
                    path: path.to_owned(),
                    column: name.clone(),
                    target,
                }),
                (None, _) => Err(IngestError::NoColumn {
                    path: path.to_owned(),
                    column: name.clone(),
                    target,
                    header: header.join(", "),
                }),
            }
        }
    }
}
