//! The customers who changed segments, one by one.

use super::SegmentsBefore;
use crate::labels::Labels;

/// Which way a customer went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To a better segment.
    Up,
    /// To a worse one.
    Down,
    /// Neither, or nobody can say.
    Other,
}

impl Direction {
    /// As published.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Other => "other",
        }
    }
}

/// Segmentations whose segments stand in an order, the best first.
const ORDERED: [&str; 4] = ["pareto_class", "pareto_class_profit", "pareto_class_vin", "value_tier"];

/// The moves of one segmentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moves {
    pub(crate) segmentation: &'static str,
    /// What segments were called in the run before, by code.
    names_before: Vec<String>,
    /// What they are called now.
    names: Vec<String>,
    /// Rows of the customers who moved, ascending.
    pub(crate) rows: Vec<u32>,
    /// Where each came from; a code without a name is no segment.
    from: Vec<u16>,
    /// Where each went.
    to: Vec<u16>,
    /// Customers of both runs, who could have moved.
    pub(crate) compared: usize,
}

impl Moves {
    /// Which way the customer at this place of the list went.
    pub(crate) fn direction(&self, place: usize) -> Direction {
        let (from, to) = (self.from[place], self.to[place]);
        let has_place = |code: u16| usize::from(code) < self.names.len();
        if !ORDERED.contains(&self.segmentation) || !has_place(from) || !has_place(to) {
            return Direction::Other;
        }
        if to < from { Direction::Up } else { Direction::Down }
    }

    /// Where the customer at each place of the list came from, by the name of then.
    pub(crate) fn origins(&self) -> impl Iterator<Item = Option<&str>> {
        let name = |&code: &u16| self.names_before.get(usize::from(code)).map(String::as_str);
        self.from.iter().map(name)
    }

    /// Where each went, by the name of now.
    pub(crate) fn destinations(&self) -> impl Iterator<Item = Option<&str>> {
        let name = |&code: &u16| self.names.get(usize::from(code)).map(String::as_str);
        self.to.iter().map(name)
    }

    /// How many went that way.
    pub(crate) fn count(&self, direction: Direction) -> usize {
        (0..self.rows.len())
            .filter(|&place| self.direction(place) == direction)
            .count()
    }
}

/// Who of both runs changed segments.
pub(crate) fn moves(labels: &Labels, before: SegmentsBefore, was_there: impl Fn(usize) -> bool) -> Moves {
    let mut moves = Moves {
        segmentation: labels.segmentation,
        names_before: before.names,
        names: labels.names.clone(),
        rows: Vec::new(),
        from: Vec::new(),
        to: Vec::new(),
        compared: 0,
    };
    for (row, (&from, &to)) in before.codes.iter().zip(&labels.codes).enumerate() {
        if !was_there(row) {
            continue;
        }
        moves.compared += 1;
        if from != to {
            // Frames have at most 2^32 rows.
            moves.rows.push(row as u32);
            moves.from.push(from);
            moves.to.push(to);
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::OUTSIDE;

    fn moved(segmentation: &'static str) -> Moves {
        let labels = Labels {
            segmentation,
            names: vec!["gold".into(), "silver".into()],
            codes: vec![0, 1, 0, 1, OUTSIDE, 0],
        };
        let before = SegmentsBefore {
            names: vec!["gold".into(), "silver".into(), "tin".into()],
            codes: vec![1, 0, 0, 2, 0, OUTSIDE],
            gone: Vec::new(),
        };
        moves(&labels, before, |row| row != 5)
    }

    #[test]
    fn who_stayed_and_who_is_new_did_not_move() {
        let moves = moved("value_tier");
        assert_eq!((moves.rows.as_slice(), moves.compared), ([0, 1, 3, 4].as_slice(), 5));
        let names: Vec<_> = moves.origins().zip(moves.destinations()).collect();
        assert_eq!(
            names,
            [
                (Some("silver"), Some("gold")),
                (Some("gold"), Some("silver")),
                (Some("tin"), Some("silver")),
                (Some("gold"), None)
            ]
        );
    }

    #[test]
    fn directions_are_those_of_segments_with_an_order() {
        let directions = |moves: &Moves| (0..4).map(|place| moves.direction(place)).collect::<Vec<_>>();
        let moves = moved("value_tier");
        assert_eq!(
            directions(&moves),
            [Direction::Up, Direction::Down, Direction::Other, Direction::Other]
        );
        assert_eq!(moves.count(Direction::Other), 2);
        assert_eq!(directions(&moved("rfm_segment")), [Direction::Other; 4]);
    }
}
