//! Two segmentations beside each other, counted.

use crate::error::SegmentError;
use crate::labels::OUTSIDE;
use crate::worth::{Worth, WorthSum};

/// Codes of all customers and the number of names that they stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Codes<'c> {
    pub(crate) codes: &'c [u16],
    pub(crate) names: usize,
}

/// Customers with the same two codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    /// None: outside.
    pub(crate) left: Option<usize>,
    /// None: outside.
    pub(crate) right: Option<usize>,
    pub(crate) sum: WorthSum,
}

impl Codes<'_> {
    /// Those outside come last.
    fn place(self, row: usize) -> usize {
        match self.codes[row] {
            OUTSIDE => self.names,
            code => usize::from(code),
        }
    }
}

/// The cells that have customers, by the left code, then by the right one, those outside last.
pub(crate) fn cross(left: Codes<'_>, right: Codes<'_>, worth: &Worth) -> Result<Vec<Cell>, SegmentError> {
    let width = right.names + 1;
    let mut sums = vec![WorthSum::default(); (left.names + 1) * width];
    for row in 0..left.codes.len() {
        sums[left.place(row) * width + right.place(row)].add(worth, row)?;
    }
    let of = |place: usize, names: usize| (place < names).then_some(place);
    let cells = sums.into_iter().enumerate().filter(|(_, sum)| sum.customers > 0);
    Ok(cells
        .map(|(place, sum)| Cell {
            left: of(place / width, left.names),
            right: of(place % width, right.names),
            sum,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_customer_stands_in_one_cell() {
        let worth = Worth {
            net_sales: vec![1, 2, 4, 8],
            vin: vec![10, 0, 30, 0],
            has_vin: Some(vec![true, false, true, false]),
        };
        let left = Codes {
            codes: &[0, 1, 0, OUTSIDE],
            names: 2,
        };
        let right = Codes {
            codes: &[2, OUTSIDE, 2, 0],
            names: 3,
        };
        let cells = cross(left, right, &worth).expect("no overflow");
        let told: Vec<_> = cells
            .iter()
            .map(|cell| {
                (
                    cell.left,
                    cell.right,
                    cell.sum.customers,
                    cell.sum.net_sales,
                    cell.sum.vin,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Some(0), Some(2), 2, 5, Some(40)),
                (Some(1), None, 1, 2, None),
                (None, Some(0), 1, 8, None)
            ]
        );
    }

    #[test]
    fn an_overflow_names_the_column() {
        let worth = Worth {
            net_sales: vec![i128::MAX, 1],
            vin: vec![0, 0],
            has_vin: None,
        };
        let codes = Codes {
            codes: &[0, 0],
            names: 1,
        };
        let error = cross(codes, codes, &worth).expect_err("too large");
        assert_eq!(error.to_string(), "the total of net_sales overflows 38 digits");
    }
}
