//! Customers who are kept from some channels and purposes by rows that name them.

use rayon::prelude::*;

use super::rows::RowSet;
use super::ways::{Meaning, Way, Ways};

/// What a row closes for one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Block {
    pub(super) row: u32,
    /// What is told of it: of several the least.
    pub(super) why: u32,
    pub(super) channel: Meaning,
    pub(super) purpose: Meaning,
}

/// All blocks; whether there is one for a customer is one bit a way.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    by_way: Vec<RowSet>,
}

impl Blocks {
    pub(super) fn new(mut blocks: Vec<Block>, height: usize, ways: &Ways) -> Self {
        blocks.retain(|block| ways.covered(block.channel, block.purpose).next().is_some());
        blocks.par_sort_unstable();
        blocks.dedup();
        let mut by_way = vec![RowSet::new(height); ways.len()];
        for block in &blocks {
            for way in ways.covered(block.channel, block.purpose) {
                by_way[way].insert(block.row);
            }
        }
        Self { blocks, by_way }
    }

    /// Why the customer is kept from the way; none where the customer is not.
    pub(super) fn why(&self, row: u32, way: Way, ways: &Ways) -> Option<u32> {
        if !self.by_way[usize::from(way.0)].contains(row) {
            return None;
        }
        let first = self.blocks.partition_point(|block| block.row < row);
        let of_row = self.blocks[first..].iter().take_while(|block| block.row == row);
        let covers = |block: &&Block| {
            ways.covered(block.channel, block.purpose)
                .any(|covered| covered == usize::from(way.0))
        };
        of_row.filter(covers).map(|block| block.why).next()
    }
}
