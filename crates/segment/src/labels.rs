//! A segmentation as codes, so that it is grouped and published without text compares.

/// Code of a customer who stands outside of the segmentation.
pub(crate) const OUTSIDE: u16 = u16::MAX;

/// One label a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labels {
    /// The segmentation: a column of `customer_segments`.
    pub(crate) segmentation: &'static str,
    /// The segments' names, by code.
    pub(crate) names: Vec<String>,
    /// The code of each customer, or [`OUTSIDE`].
    pub(crate) codes: Vec<u16>,
}

impl Labels {
    /// Name of a customer's segment.
    pub(crate) fn name(&self, row: usize) -> Option<&str> {
        // `OUTSIDE` is past the end of any list of names.
        self.names.get(usize::from(self.codes[row])).map(String::as_str)
    }

    /// Number of customers of each segment, by code.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.names.len()];
        for &code in self.codes.iter().filter(|&&code| code != OUTSIDE) {
            sizes[usize::from(code)] += 1;
        }
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_leave_out_who_stands_outside() {
        let labels = Labels {
            segmentation: "cluster",
            names: vec!["1".into(), "2".into(), "3".into()],
            codes: vec![2, 0, OUTSIDE, 2, 0],
        };
        assert_eq!(labels.sizes(), [2, 0, 2]);
        assert_eq!((labels.name(0), labels.name(2)), (Some("3"), None));
    }
}
