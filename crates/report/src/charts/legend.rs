//! Which series is which: named samples above the plot, in as many rows as they need.

use super::sheet::{Anchor, Area, INK, Paint, Room, SURFACE, Sheet};
use super::text::{self, LINE, SIZE};

const SAMPLE: f64 = 22.0;
const GAP: f64 = 16.0;

/// How series are told apart without colour: the dashes of their lines.
const DASHES: [Option<&str>; 4] = [None, Some("7 4"), Some("2 3"), Some("9 3 2 3")];

pub(super) fn dashes(series: usize) -> Option<&'static str> {
    DASHES[series % DASHES.len()]
}

/// What a sample looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sample {
    Line,
    Block,
}

/// One name with its colour.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) colour: String,
    pub(super) dashes: Option<&'static str>,
}

/// Names in rows.
#[derive(Debug)]
pub(super) struct Legend {
    sample: Sample,
    entries: Vec<(f64, f64, Entry)>,
    rows: usize,
}

impl Legend {
    /// Lays the names out. One series needs no legend: the caption says what it is.
    pub(super) fn over(entries: Vec<Entry>, sample: Sample, room: Room) -> Self {
        if entries.len() < 2 {
            return Self {
                sample,
                entries: Vec::new(),
                rows: 0,
            };
        }
        let limit = room.width - 4.0;
        let (mut x, mut row) = (2.0, 0_usize);
        let mut placed = Vec::with_capacity(entries.len());
        for mut entry in entries {
            entry.name = text::shorten(&entry.name, limit - SAMPLE - 6.0);
            let width = SAMPLE + 6.0 + text::width(&entry.name);
            if x > 2.0 && x + width > limit {
                (x, row) = (2.0, row + 1);
            }
            placed.push((x, row as f64 * LINE, entry));
            x += width + GAP;
        }
        Self {
            sample,
            entries: placed,
            rows: row + 1,
        }
    }

    pub(super) fn height(&self) -> f64 {
        if self.rows == 0 {
            0.0
        } else {
            self.rows as f64 * LINE + 10.0
        }
    }

    pub(super) fn draw(&self, sheet: &mut Sheet) {
        for (x, y, entry) in &self.entries {
            let middle = y + LINE / 2.0;
            match self.sample {
                Sample::Line => {
                    sheet.line((*x, middle), (x + SAMPLE, middle), &entry.colour, 2.5, entry.dashes);
                }
                Sample::Block => sheet.rect(
                    Area {
                        left: x + 6.0,
                        top: middle - 6.0,
                        right: x + 18.0,
                        bottom: middle + 6.0,
                    },
                    Paint::fill(&entry.colour).outlined(SURFACE, 1.0),
                ),
            }
            sheet.text(
                (x + SAMPLE + 6.0, middle + SIZE * 0.35),
                Anchor::Start,
                INK,
                &entry.name,
            );
        }
    }
}
