//! The named segment of every customer.

use cartera_table::frame;
use polars::prelude::DataFrame;

use super::{NO_ORDERS, RfmMap};
use crate::columns::customer_id;
use crate::error::SegmentError;
use crate::labels::Labels;

const SCORES: [&str; 3] = ["recency_score", "frequency_score", "monetary_score"];

/// Names the segment of each row of `customer_features` by its scores.
pub(crate) fn rfm_labels(customers: &DataFrame, map: &RfmMap) -> Result<Labels, SegmentError> {
    let no_orders = map.names().len() as u16;
    let mut names = map.names().to_vec();
    names.push(NO_ORDERS.to_owned());

    let [recency, frequency, monetary] = SCORES.map(|column| frame::int32(customers, column));
    let scores = recency?.iter().zip(frequency?.iter()).zip(monetary?.iter());
    let mut codes = Vec::with_capacity(customers.height());
    for (row, ((recency, frequency), monetary)) in scores.enumerate() {
        codes.push(match [recency, frequency, monetary] {
            [None, None, None] => no_orders,
            [Some(recency), Some(frequency), Some(monetary)] => {
                code(customers, row, [recency, frequency, monetary], map)?
            }
            _ => {
                return Err(SegmentError::ScoresIncomplete {
                    customer_id: customer_id(customers, row)?,
                });
            }
        });
    }
    Ok(Labels {
        segmentation: "rfm_segment",
        names,
        codes,
    })
}

fn code(customers: &DataFrame, row: usize, scores: [i32; 3], map: &RfmMap) -> Result<u16, SegmentError> {
    let mut cell = [0; 3];
    for ((cell, score), column) in cell.iter_mut().zip(scores).zip(SCORES) {
        *cell = match u8::try_from(score) {
            Ok(score) if (1..=map.bins()).contains(&score) => score,
            _ => {
                return Err(SegmentError::ScoreOutOfRange {
                    customer_id: customer_id(customers, row)?,
                    column,
                    score,
                    bins: map.bins(),
                });
            }
        };
    }
    Ok(map.index(cell))
}
