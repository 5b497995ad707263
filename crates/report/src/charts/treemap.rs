//! Shares of a whole as tiles that are as square as may be.
//!
//! Not tiled by `kuva`, whose rows of tiles lie along the longer side of what is left (0.6): it gives slivers.

use super::axes::drawable;
use super::sheet::{Anchor, Area, INK, MUTED, Paint, Room, Sheet};
use super::text::{self, LINE, SIZE};
use super::{About, Svg, category_colour};

/// Between a tile and the next.
const SEAM: f64 = 1.5;

/// Tiles whose areas are values.
pub(crate) struct Treemap {
    /// What the chart is called.
    pub(crate) about: About,
    /// The tiles. Those without a positive value are left out.
    pub(crate) items: Vec<TreemapItem>,
}

/// One tile.
#[derive(Debug, Clone)]
pub(crate) struct TreemapItem {
    /// Its name.
    pub(crate) name: String,
    /// Its value, in the unit of all others.
    pub(crate) value: f64,
    /// What is written under the name, for example its share. May be empty.
    pub(crate) label: String,
    /// What is said of it.
    pub(crate) tip: String,
}

impl Treemap {
    /// Draws it. Nothing comes of a chart without a positive value.
    pub(crate) fn draw(&self) -> Svg {
        if !self
            .items
            .iter()
            .any(|item| drawable(item.value).is_some_and(|value| value > 0.0))
        {
            return Svg::nothing();
        }
        Svg::of(&self.about, |room| self.paint(room))
    }

    fn paint(&self, room: Room) -> Sheet {
        let mut sheet = Sheet::new(room, room.pick(340.0, 380.0));
        for (index, tile) in self.tiles(room.width, sheet.height()) {
            let (item, colour) = (&self.items[index], category_colour(index));
            sheet.mark(&item.tip, |sheet| draw_tile(sheet, item, tile, &colour));
        }
        sheet
    }

    /// The tiles, the largest first.
    fn tiles(&self, width: f64, height: f64) -> Vec<(usize, Area)> {
        let value = |index: usize| drawable(self.items[index].value).filter(|&value| value > 0.0);
        let mut values: Vec<(usize, f64)> = (0..self.items.len())
            .filter_map(|index| Some((index, value(index)?)))
            .collect();
        values.sort_by(|one, other| other.1.total_cmp(&one.1));
        let largest = values.first().map_or(1.0, |(_, value)| *value);
        // As shares of the largest first, so that the sum of huge values is finite.
        let sum: f64 = values.iter().map(|(_, value)| value / largest).sum();
        let areas: Vec<f64> = values
            .iter()
            .map(|(_, value)| value / largest / sum * width * height)
            .collect();
        let tiles = squarified(
            &areas,
            Area {
                left: 0.0,
                top: 0.0,
                right: width,
                bottom: height,
            },
        );
        values.into_iter().map(|(index, _)| index).zip(tiles).collect()
    }
}

/// Areas, the largest first, as tiles of a rectangle: rows along the shorter side of what is left, each closed when
/// one more tile would make its tiles less square.
///
/// # Source
/// Bruls, Huizing and van Wijk (2000), Squarified treemaps.
fn squarified(areas: &[f64], mut left: Area) -> Vec<Area> {
    let mut tiles = Vec::with_capacity(areas.len());
    let mut rest = areas;
    while !rest.is_empty() {
        let side = left.width().min(left.height());
        let worse = |count: &usize| longest_ratio(&rest[..count + 1], side) > longest_ratio(&rest[..*count], side);
        let count = (1..rest.len()).find(worse).unwrap_or(rest.len());
        let (row, after) = rest.split_at(count);
        let sum: f64 = row.iter().sum();
        let thick = if side > 0.0 { sum / side } else { 0.0 };
        let mut done = 0.0;
        for area in row {
            let (from, to) = (done / sum * side, (done + area) / sum * side);
            tiles.push(if left.width() >= left.height() {
                Area {
                    left: left.left,
                    right: left.left + thick,
                    top: left.top + from,
                    bottom: left.top + to,
                }
            } else {
                Area {
                    left: left.left + from,
                    right: left.left + to,
                    top: left.top,
                    bottom: left.top + thick,
                }
            });
            done += area;
        }
        if left.width() >= left.height() {
            left.left += thick
        } else {
            left.top += thick
        }
        rest = after;
    }
    tiles
}

/// How long the least square tile of a row is for its breadth.
fn longest_ratio(row: &[f64], side: f64) -> f64 {
    let sum: f64 = row.iter().sum();
    let ratio = |area: &f64| (side * side * area / (sum * sum)).max(sum * sum / (side * side * area));
    row.iter().map(ratio).fold(0.0, f64::max)
}

fn draw_tile(sheet: &mut Sheet, item: &TreemapItem, tile: Area, colour: &str) {
    let inner = Area {
        left: tile.left + SEAM,
        top: tile.top + SEAM,
        right: tile.right - SEAM,
        bottom: tile.bottom - SEAM,
    };
    if inner.width() <= 0.0 || inner.height() <= 0.0 {
        return;
    }
    sheet.rect(inner, Paint::tint(colour, 0.2).outlined(colour, 1.5));
    let room = inner.width() - 14.0;
    let lines_that_fit = ((inner.height() - 8.0) / LINE).floor().max(0.0) as usize;
    let name = match lines_that_fit {
        0 => Vec::new(),
        1 | 2 => vec![text::shorten(&item.name, room / text::BOLD)],
        _ => text::two_lines(&item.name, room / text::BOLD),
    };
    let name: Vec<String> = name.into_iter().filter(|line| !line.is_empty()).collect();
    let mut base = inner.top + SIZE + 5.0;
    for line in &name {
        sheet.bold((inner.left + 7.0, base), Anchor::Start, INK, line);
        base += LINE;
    }
    if !name.is_empty() && name.len() < lines_that_fit && text::width(&item.label) <= room {
        sheet.text((inner.left + 7.0, base), Anchor::Start, MUTED, &item.label);
    }
}
