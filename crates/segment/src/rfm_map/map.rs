//! The checked map: a name for every cell.

use super::default_map::default_segment;
use crate::error::SegmentError;

/// A segment for every combination of three scores of 1 to `bins`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RfmMap {
    bins: u8,
    names: Vec<String>,
    /// Index into `names` by cell: recency first, then frequency, then monetary.
    cells: Vec<u16>,
}

impl RfmMap {
    /// The default map for scores with `bins` bins.
    pub(crate) fn default_map(bins: u8) -> Self {
        let mut map = Self::empty(bins);
        for [recency, frequency, monetary] in all_cells(bins) {
            map.push(default_segment(recency, frequency, monetary, bins));
        }
        map
    }

    /// A map from any rule that names each cell; the rule is asked for cells from 1, 1, 1 up.
    pub(crate) fn of_cells<'a>(
        bins: u8,
        mut name: impl FnMut([u8; 3]) -> Result<&'a str, SegmentError>,
    ) -> Result<Self, SegmentError> {
        let mut map = Self::empty(bins);
        for cell in all_cells(bins) {
            map.push(name(cell)?);
        }
        Ok(map)
    }

    /// Number of bins of each score.
    pub(crate) fn bins(&self) -> u8 {
        self.bins
    }

    /// The names of the map's segments.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Index into [`Self::names`] of a cell's segment; the scores must be 1 to `bins`.
    pub(crate) fn index(&self, [recency, frequency, monetary]: [u8; 3]) -> u16 {
        let bins = usize::from(self.bins);
        let [recency, frequency, monetary] = [recency, frequency, monetary].map(|score| usize::from(score - 1));
        self.cells[(recency * bins + frequency) * bins + monetary]
    }

    /// Name of a cell's segment.
    #[cfg(test)]
    pub(crate) fn segment(&self, scores: [u8; 3]) -> &str {
        &self.names[usize::from(self.index(scores))]
    }

    fn empty(bins: u8) -> Self {
        Self {
            bins,
            names: Vec::new(),
            cells: Vec::with_capacity(usize::from(bins).pow(3)),
        }
    }

    /// Names the next cell. There are at most 1,000 cells and so at most as many names.
    fn push(&mut self, name: &str) {
        let index = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        self.cells.push(index as u16);
    }
}

fn all_cells(bins: u8) -> impl Iterator<Item = [u8; 3]> {
    (1..=bins).flat_map(move |recency| {
        (1..=bins).flat_map(move |frequency| (1..=bins).map(move |monetary| [recency, frequency, monetary]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 125 cells written out: one line a recency score and frequency score, monetary 1 to 5.
    const CELLS: &str = "
        1 1 lost lost lost at_risk at_risk
        1 2 lost lost at_risk at_risk cannot_lose
        1 3 lost at_risk at_risk cannot_lose cannot_lose
        1 4 at_risk at_risk cannot_lose cannot_lose cannot_lose
        1 5 at_risk cannot_lose cannot_lose cannot_lose cannot_lose
        2 1 hibernating hibernating hibernating at_risk at_risk
        2 2 hibernating hibernating at_risk at_risk at_risk
        2 3 hibernating at_risk at_risk at_risk at_risk
        2 4 at_risk at_risk at_risk at_risk cannot_lose
        2 5 at_risk at_risk at_risk cannot_lose cannot_lose
        3 1 about_to_sleep need_attention need_attention need_attention need_attention
        3 2 need_attention need_attention need_attention need_attention loyal_customers
        3 3 need_attention need_attention need_attention loyal_customers loyal_customers
        3 4 need_attention need_attention loyal_customers loyal_customers loyal_customers
        3 5 need_attention loyal_customers loyal_customers loyal_customers loyal_customers
        4 1 promising potential_loyalists potential_loyalists loyal_customers loyal_customers
        4 2 potential_loyalists potential_loyalists loyal_customers loyal_customers loyal_customers
        4 3 potential_loyalists loyal_customers loyal_customers loyal_customers loyal_customers
        4 4 loyal_customers loyal_customers loyal_customers loyal_customers champions
        4 5 loyal_customers loyal_customers loyal_customers champions champions
        5 1 new_customers potential_loyalists potential_loyalists potential_loyalists potential_loyalists
        5 2 potential_loyalists potential_loyalists potential_loyalists potential_loyalists champions
        5 3 potential_loyalists potential_loyalists potential_loyalists champions champions
        5 4 potential_loyalists potential_loyalists champions champions champions
        5 5 potential_loyalists champions champions champions champions
    ";

    #[test]
    fn the_default_map_names_all_125_cells_as_written() {
        let map = RfmMap::default_map(5);
        let mut cells = 0;
        for line in CELLS.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split(' ');
            let mut score = || words.next().and_then(|word| word.parse::<u8>().ok()).expect("a score");
            let (recency, frequency) = (score(), score());
            for (monetary, expected) in (1..=5).zip(words) {
                assert_eq!(
                    map.segment([recency, frequency, monetary]),
                    expected,
                    "{recency}{frequency}{monetary}"
                );
                cells += 1;
            }
        }
        assert_eq!(cells, 125);
        assert_eq!(map.names().len(), 11);
    }

    #[test]
    fn the_best_is_a_champion_and_the_worst_is_lost_for_every_number_of_bins() {
        for bins in super::super::MIN_BINS..=super::super::MAX_BINS {
            let map = RfmMap::default_map(bins);
            assert_eq!(map.segment([bins, bins, bins]), "champions");
            assert_eq!(map.segment([1, 1, 1]), "lost");
            assert_eq!(map.cells.len(), usize::from(bins).pow(3));
        }
    }
}
