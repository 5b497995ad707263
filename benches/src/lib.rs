//! What the benches work on: the lines of the made-up retailer, in memory.

use cartera_raw::{ColumnKind, ColumnSpec, DateFormat, DecimalFormat, Dialect, Plan, RawError};
use cartera_sample::{SampleError, SampleParams, order_lines};

/// The file of a retailer with that many customers.
///
/// # Errors
/// When the number is refused.
pub fn sample_file(customers: u64) -> Result<Vec<u8>, SampleError> {
    let mut file = Vec::new();
    order_lines(&SampleParams::new(customers, 1).check()?, &mut file)?;
    Ok(file)
}

/// The plan of the six columns that `pipelines/retail.toml` maps.
///
/// # Errors
/// Never, unless the sample's header changes.
pub fn sample_plan() -> Result<Plan, RawError> {
    let column = |name: &str, field, kind| ColumnSpec {
        name: name.to_owned(),
        field,
        kind,
        required: field != 2,
        null_values: Vec::new(),
    };
    let decimal = || {
        ColumnKind::Decimal(DecimalFormat {
            scale: 6,
            ..DecimalFormat::default()
        })
    };
    let columns = vec![
        column("customer_key", 2, ColumnKind::Text),
        column("order_id", 0, ColumnKind::Text),
        column("product_id", 4, ColumnKind::Text),
        column(
            "ordered_at",
            3,
            ColumnKind::Timestamp(DateFormat::new("%Y-%m-%d %H:%M:%S")?.into()),
        ),
        column("quantity", 6, decimal()),
        column("unit_price", 7, decimal()),
    ];
    Plan::new(Dialect::default(), columns, 12)
}
