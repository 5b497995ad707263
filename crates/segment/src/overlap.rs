//! How any two segmentations cut each other.

use rayon::prelude::*;

use crate::cross::{Codes, cross};
use crate::error::SegmentError;
use crate::labels::Labels;
use crate::worth::{Worth, WorthSum};

/// One row of `segment_overlap`; the fields are its columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Overlap {
    pub(crate) segmentation_a: &'static str,
    pub(crate) segment_a: Option<String>,
    pub(crate) segmentation_b: &'static str,
    pub(crate) segment_b: Option<String>,
    pub(crate) share_of_a: f64,
    pub(crate) share_of_b: f64,
    pub(crate) index_to_base: f64,
    pub(crate) sum: WorthSum,
}

/// The cells of every pair of segmentations that have customers, an earlier one beside a later one.
pub(crate) fn overlaps(labels: &[&Labels], worth: &Worth) -> Result<Vec<Overlap>, SegmentError> {
    let later = |place: usize| (place + 1..labels.len()).map(move |other| (place, other));
    let pairs: Vec<(usize, usize)> = (0..labels.len()).flat_map(later).collect();
    let of_pairs: Vec<Vec<Overlap>> = pairs
        .into_par_iter()
        .map(|(a, b)| overlap(labels[a], labels[b], worth))
        .collect::<Result<_, SegmentError>>()?;
    Ok(of_pairs.into_iter().flatten().collect())
}

fn overlap(a: &Labels, b: &Labels, worth: &Worth) -> Result<Vec<Overlap>, SegmentError> {
    let cells = cross(
        Codes {
            codes: &a.codes,
            names: a.names.len(),
        },
        Codes {
            codes: &b.codes,
            names: b.names.len(),
        },
        worth,
    )?;
    let (in_a, in_b) = (sizes(a), sizes(b));
    let size = |sizes: &[usize], code: Option<usize>| sizes[code.unwrap_or(sizes.len() - 1)] as f64;
    let name = |labels: &Labels, code: Option<usize>| code.map(|code| labels.names[code].clone());
    let base = a.codes.len() as f64;
    Ok(cells
        .iter()
        .map(|cell| {
            let (of_a, of_b) = (size(&in_a, cell.left), size(&in_b, cell.right));
            let both = cell.sum.customers as f64;
            Overlap {
                segmentation_a: a.segmentation,
                segment_a: name(a, cell.left),
                segmentation_b: b.segmentation,
                segment_b: name(b, cell.right),
                share_of_a: both / of_a,
                share_of_b: both / of_b,
                index_to_base: 100.0 * both * base / (of_a * of_b),
                sum: cell.sum,
            }
        })
        .collect())
}

/// Customers of each segment, and last those outside.
fn sizes(labels: &Labels) -> Vec<usize> {
    let mut sizes = labels.sizes();
    sizes.push(labels.codes.len() - sizes.iter().sum::<usize>());
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::OUTSIDE;

    fn labels(segmentation: &'static str, names: &[&str], codes: &[u16]) -> Labels {
        Labels {
            segmentation,
            names: names.iter().map(|&name| name.to_owned()).collect(),
            codes: codes.to_vec(),
        }
    }

    #[test]
    fn each_pair_is_told_once_and_adds_up_to_the_base() {
        let worth = Worth {
            net_sales: vec![1, 2, 4, 8],
            vin: vec![0; 4],
            has_vin: None,
        };
        let a = labels("rfm_segment", &["lost", "champions"], &[0, 0, 1, 1]);
        let b = labels("pareto_class", &["A", "B"], &[0, 1, 0, 0]);
        let c = labels("cluster", &["x"], &[0, OUTSIDE, 0, 0]);
        let overlaps = overlaps(&[&a, &b, &c], &worth).expect("no overflow");
        for (first, second) in [
            ("rfm_segment", "pareto_class"),
            ("rfm_segment", "cluster"),
            ("pareto_class", "cluster"),
        ] {
            let of_pair = overlaps
                .iter()
                .filter(|row| row.segmentation_a == first && row.segmentation_b == second);
            let (customers, sales) = of_pair.fold((0, 0), |(customers, sales), row| {
                (customers + row.sum.customers, sales + row.sum.net_sales)
            });
            assert_eq!((customers, sales), (4, 15), "{first} {second}");
        }
        let best = &overlaps[2];
        assert_eq!(
            (best.segment_a.as_deref(), best.segment_b.as_deref()),
            (Some("champions"), Some("A"))
        );
        assert_eq!((best.share_of_a, best.share_of_b), (1.0, 2.0 / 3.0));
        assert!((best.index_to_base - 400.0 / 3.0).abs() < 1e-12);
        assert!(
            overlaps
                .iter()
                .any(|row| row.segmentation_b == "cluster" && row.segment_b.is_none())
        );
    }
}
