//! Columns of the frame engine to Arrow arrays of the Apache crates, without a copy.
//!
//! Both sides speak the Arrow C data interface: a struct of pointers and a function that releases
//! them. The array that comes out owns the column's buffers through that function.

use arrow::array::{ArrayRef, make_array};
use arrow::error::ArrowError;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use polars::prelude::{CompatLevel, Series};
use polars_arrow::datatypes::Field;
use polars_arrow::ffi::{ArrowArray, ArrowSchema, export_array_to_c, export_field_to_c};

// The two definitions of each struct are one C struct; a change of either must not compile.
const _: () = assert!(
    size_of::<ArrowArray>() == size_of::<FFI_ArrowArray>() && align_of::<ArrowArray>() == align_of::<FFI_ArrowArray>()
);
const _: () = assert!(
    size_of::<ArrowSchema>() == size_of::<FFI_ArrowSchema>()
        && align_of::<ArrowSchema>() == align_of::<FFI_ArrowSchema>()
);

/// The series as one Arrow array. Text comes as views, decimals as 128 bits. Only a series of
/// several chunks is copied, into one.
pub(super) fn to_arrow(series: &Series) -> Result<ArrayRef, ArrowError> {
    let array = series.rechunk().to_arrow(0, CompatLevel::newest());
    let field = Field::new(series.name().clone(), array.dtype().clone(), true);
    let mut exported_schema = export_field_to_c(&field);
    let mut exported_array = export_array_to_c(array);
    // SAFETY: both types are `repr(C)` definitions of the same struct of the Arrow C data interface
    // (sizes are checked above), the pointers come from live values, and `from_raw` moves the struct
    // out and leaves a released one behind, so that exactly one side releases it.
    let (array, schema) = unsafe {
        (
            FFI_ArrowArray::from_raw((&raw mut exported_array).cast()),
            FFI_ArrowSchema::from_raw((&raw mut exported_schema).cast()),
        )
    };
    // SAFETY: the exporter filled the structs as the interface demands, for the type that the schema names.
    let data = unsafe { from_ffi(array, &schema) }?;
    Ok(make_array(data))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type, TimeUnit, TimestampMicrosecondType};
    use cartera_table::{ColumnType, frame};
    use polars::prelude::{BooleanChunked, Int32Chunked, IntoSeries, NamedFrom, NewChunkedArray, StringChunked};

    use super::*;

    const LONG: &str = "a text that is longer than the twelve bytes of a view";

    fn texts(length: usize) -> Series {
        let values = (0..length).map(|row| match row % 4 {
            0 => None,
            1 => Some(LONG.to_owned()),
            2 => Some(String::new()),
            _ => Some(format!("n{row}")),
        });
        StringChunked::from_iter_options("text".into(), values).into_series()
    }

    #[test]
    fn types_arrive_as_they_are() {
        let decimals = frame::decimal_column("d", vec![-15_000, 1 << 100], ColumnType::SUM);
        let decimals = to_arrow(decimals.as_materialized_series()).expect("handed over");
        assert_eq!(*decimals.data_type(), DataType::Decimal128(38, 4));
        assert_eq!(decimals.as_primitive::<Decimal128Type>().values(), &[-15_000, 1 << 100]);

        let dates = frame::date_column(
            "d",
            Int32Chunked::from_slice_options("d".into(), &[Some(15_317), None, Some(-1)]),
        );
        let dates = to_arrow(dates.as_materialized_series()).expect("handed over");
        assert_eq!(*dates.data_type(), DataType::Date32);
        assert_eq!(
            dates.as_primitive::<Date32Type>().iter().collect::<Vec<_>>(),
            [Some(15_317), None, Some(-1)]
        );

        let times = frame::timestamp_column("t", vec![1_323_435_000_000_000, -1]);
        let times = to_arrow(times.as_materialized_series()).expect("handed over");
        assert_eq!(*times.data_type(), DataType::Timestamp(TimeUnit::Microsecond, None));
        assert_eq!(
            times.as_primitive::<TimestampMicrosecondType>().values(),
            &[1_323_435_000_000_000, -1]
        );

        let texts = to_arrow(&texts(5)).expect("handed over");
        assert_eq!(*texts.data_type(), DataType::Utf8View);
        assert_eq!(
            texts.as_string_view().iter().collect::<Vec<_>>(),
            [None, Some(LONG), Some(""), Some("n3"), None]
        );
    }

    #[test]
    fn slices_keep_their_place() {
        let flags: Vec<Option<bool>> = (0..200).map(|row| [Some(true), None, Some(false)][row % 3]).collect();
        let series = BooleanChunked::from_iter_options("b".into(), flags.iter().copied()).into_series();
        for (offset, length) in [(0, 200), (1, 199), (7, 64), (13, 0), (199, 1)] {
            let array = to_arrow(&series.slice(offset as i64, length)).expect("handed over");
            assert_eq!(
                array.as_boolean().iter().collect::<Vec<_>>(),
                flags[offset..offset + length],
                "slice {offset}+{length}"
            );
        }
        let texts = texts(200);
        let sliced = to_arrow(&texts.slice(9, 50)).expect("handed over");
        let expected: Vec<Option<&str>> = texts.str().expect("text").iter().skip(9).take(50).collect();
        assert_eq!(sliced.as_string_view().iter().collect::<Vec<_>>(), expected);
        assert_eq!(
            sliced.null_count(),
            expected.iter().filter(|value| value.is_none()).count()
        );
    }

    #[test]
    fn several_chunks_become_one() {
        let mut series = texts(3);
        series.append(&texts(6)).expect("one type");
        assert_eq!(series.n_chunks(), 2);
        let array = to_arrow(&series).expect("handed over");
        assert_eq!(array.len(), 9);
        assert_eq!(array.as_string_view().value(4), LONG);
    }

    #[test]
    fn nothing_is_copied_and_the_array_outlives_the_series() {
        let values: Vec<i64> = (0..10_000).collect();
        let series = Series::new("n".into(), values.clone());
        let there = series
            .i64()
            .expect("integers")
            .cont_slice()
            .expect("one chunk")
            .as_ptr();
        let array = to_arrow(&series.slice(100, 500)).expect("handed over");
        let here = array.as_primitive::<Int64Type>().values();
        assert_eq!(here.as_ptr(), there.wrapping_add(100), "the values were copied");
        drop(series);
        assert_eq!(array.as_primitive::<Int64Type>().values(), &values[100..600]);
    }
}
