//! Who went from where to where: bands between columns of nodes.

use super::axes::drawable;
use super::sheet::{Anchor, Area, INK, Paint, Room, Sheet};
use super::text::{self, LINE, SIZE};
use super::{About, Svg, category_colour, svg};

const NODE_WIDTH: f64 = 12.0;

/// Columns of nodes and the flows between them.
pub(crate) struct Sankey {
    /// What the chart is called.
    pub(crate) about: About,
    /// What is written over each column. May be empty.
    pub(crate) column_titles: Vec<String>,
    /// The nodes, from top to bottom within their columns.
    pub(crate) nodes: Vec<SankeyNode>,
    /// The flows, from a column to one on its right. Those without a positive value are left out.
    pub(crate) links: Vec<SankeyLink>,
}

/// One node.
#[derive(Debug, Clone)]
pub(crate) struct SankeyNode {
    /// Its name, and where wanted its number.
    pub(crate) label: String,
    /// Its column, from 0 on the left.
    pub(crate) column: usize,
    /// Its colour, from 0 to 7.
    pub(crate) colour: usize,
    /// What is said of it.
    pub(crate) tip: String,
}

/// One flow.
#[derive(Debug, Clone)]
pub(crate) struct SankeyLink {
    /// The node that it leaves, by its place in the list.
    pub(crate) from: usize,
    /// The node that it reaches.
    pub(crate) to: usize,
    /// How much flows.
    pub(crate) value: f64,
    /// What is said of it.
    pub(crate) tip: String,
}

/// Where a node lies and how far its flows have been stacked on either side.
#[derive(Debug, Clone, Copy)]
struct Place {
    area: Area,
    entered: f64,
    left: f64,
}

impl Sankey {
    /// Draws it. Nothing comes of a chart without flows.
    pub(crate) fn draw(&self) -> Svg {
        if self.flows().is_empty() {
            return Svg::nothing();
        }
        Svg::of(&self.about, |room| self.paint(room))
    }

    /// The flows that can be drawn, as shares of the largest so that sums of huge values are finite; in the order in
    /// which they leave and reach their nodes.
    fn flows(&self) -> Vec<(&SankeyLink, f64)> {
        let known = |link: &&SankeyLink| {
            let columns = (self.nodes.get(link.from), self.nodes.get(link.to));
            matches!(columns, (Some(from), Some(to)) if from.column < to.column)
        };
        let positive = |link: &SankeyLink| drawable(link.value).filter(|&value| value > 0.0);
        let largest = self.links.iter().filter(known).filter_map(positive).fold(0.0, f64::max);
        let mut flows: Vec<(&SankeyLink, f64)> = self
            .links
            .iter()
            .filter(known)
            .filter_map(|link| Some((link, positive(link)? / largest)))
            .collect();
        flows.sort_by_key(|(link, _)| (link.from, link.to));
        flows
    }

    fn paint(&self, room: Room) -> Sheet {
        let flows = self.flows();
        let sizes: Vec<f64> = (0..self.nodes.len()).map(|node| size_of(node, &flows)).collect();
        let last = self.nodes.iter().map(|node| node.column).max().unwrap_or(0);
        let columns: Vec<Vec<usize>> = (0..=last)
            .map(|column| {
                (0..self.nodes.len())
                    .filter(|&node| self.nodes[node].column == column && sizes[node] > 0.0)
                    .collect()
            })
            .collect();
        let top = if self.column_titles.iter().all(String::is_empty) {
            4.0
        } else {
            LINE + 8.0
        };
        let fullest = columns.iter().map(Vec::len).max().unwrap_or(0) as f64;
        let height = (fullest * (LINE + 22.0))
            .clamp(room.pick(240.0, 260.0), 560.0)
            .max(fullest * (LINE + 6.0));
        let mut sheet = Sheet::new(room, top + height + 4.0);
        let per_unit = pixels_per_unit(&columns, &sizes, height);
        let mut places = vec![None; self.nodes.len()];
        for (column, nodes) in columns.iter().enumerate() {
            let x = 2.0 + (room.width - 4.0 - NODE_WIDTH) * column as f64 / last.max(1) as f64;
            stack(
                nodes,
                &sizes,
                per_unit,
                Area {
                    left: x,
                    top,
                    right: x + NODE_WIDTH,
                    bottom: top + height,
                },
                &mut places,
            );
        }
        self.links(&mut sheet, &flows, &mut places, per_unit);
        let reach = (room.width - 4.0) / last.max(1) as f64;
        self.labels(&mut sheet, &places, last, reach);
        self.titles(&mut sheet, last, reach);
        sheet
    }

    fn links(&self, sheet: &mut Sheet, flows: &[(&SankeyLink, f64)], places: &mut [Option<Place>], per_unit: f64) {
        let mut bands = Vec::with_capacity(flows.len());
        for &(link, value) in flows {
            let thick = value * per_unit;
            let Some(from) = &mut places[link.from] else {
                continue;
            };
            let (x0, y0) = (from.area.right, from.area.top + from.left);
            from.left += thick;
            let Some(to) = &mut places[link.to] else {
                continue;
            };
            let (x1, y1) = (to.area.left, to.area.top + to.entered);
            to.entered += thick;
            bands.push((link, band((x0, y0), (x1, y1), thick.max(1.0))));
        }
        for (link, d) in bands {
            let colour = category_colour(self.nodes[link.from].colour);
            sheet.mark(&link.tip, |sheet| {
                sheet.class("flow", |sheet| sheet.path(d, Paint::fill(&colour)))
            });
        }
    }

    /// Names on the inner side of the outer columns, so that nothing is cut at the edges.
    fn labels(&self, sheet: &mut Sheet, places: &[Option<Place>], last: usize, reach: f64) {
        for (node, place) in self.nodes.iter().zip(places) {
            let Some(place) = place else { continue };
            let colour = category_colour(node.colour);
            sheet.mark(&node.tip, |sheet| sheet.rect(place.area, Paint::fill(&colour)));
            let share = if last == 1 { 0.5 } else { 1.0 };
            let label = text::shorten(&node.label, reach * share - NODE_WIDTH - 14.0);
            let base = (place.area.top + place.area.bottom) / 2.0 + SIZE * 0.35;
            let (x, anchor) = if node.column == last && last > 0 {
                (place.area.left - 6.0, Anchor::End)
            } else {
                (place.area.right + 6.0, Anchor::Start)
            };
            sheet.class("halo", |sheet| sheet.text((x, base), anchor, INK, &label));
        }
    }

    fn titles(&self, sheet: &mut Sheet, last: usize, reach: f64) {
        for (column, title) in self.column_titles.iter().enumerate().take(last + 1) {
            let x = 2.0 + (sheet.room.width - 4.0) * column as f64 / last.max(1) as f64;
            let anchor = match column {
                0 => Anchor::Start,
                _ if column == last => Anchor::End,
                _ => Anchor::Middle,
            };
            let room = if last == 1 { reach / 2.0 } else { reach * 0.6 } / text::BOLD - 8.0;
            sheet.bold((x, SIZE + 2.0), anchor, INK, &text::shorten(title, room));
        }
    }
}

/// A node is as large as what enters it or what leaves it, whichever is more.
fn size_of(node: usize, flows: &[(&SankeyLink, f64)]) -> f64 {
    let sum = |side: fn(&SankeyLink) -> usize| -> f64 {
        flows
            .iter()
            .filter(|(link, _)| side(link) == node)
            .map(|(_, value)| value)
            .sum()
    };
    sum(|link| link.from).max(sum(|link| link.to))
}

/// How thick one unit is, so that the fullest column fits with a line of text for each of its nodes.
fn pixels_per_unit(columns: &[Vec<usize>], sizes: &[f64], height: f64) -> f64 {
    let fits = |per_unit: f64| {
        columns
            .iter()
            .all(|nodes| nodes.iter().map(|&node| slot(sizes[node] * per_unit)).sum::<f64>() <= height)
    };
    let (mut low, mut high) = (0.0, height);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if fits(middle) { low = middle } else { high = middle }
    }
    low
}

/// The room of a node: its own height and a gap, at the least that of its name.
fn slot(thick: f64) -> f64 {
    (thick.max(1.5) + 8.0).max(LINE + 2.0)
}

/// Puts the nodes of a column below each other, with what room is left shared between them.
fn stack(nodes: &[usize], sizes: &[f64], per_unit: f64, column: Area, places: &mut [Option<Place>]) {
    let used: f64 = nodes.iter().map(|&node| slot(sizes[node] * per_unit)).sum();
    let spare = ((column.height() - used) / nodes.len().max(1) as f64).clamp(0.0, 24.0);
    let mut top = column.top + (column.height() - used - spare * nodes.len() as f64) / 2.0;
    for &node in nodes {
        let thick = (sizes[node] * per_unit).max(1.5);
        let room = slot(sizes[node] * per_unit) + spare;
        let start = top + (room - thick) / 2.0;
        let area = Area {
            top: start,
            bottom: start + thick,
            ..column
        };
        places[node] = Some(Place {
            area,
            entered: 0.0,
            left: 0.0,
        });
        top += room;
    }
}

fn band((x0, y0): (f64, f64), (x1, y1): (f64, f64), thick: f64) -> String {
    let n = svg::number;
    let middle = n((x0 + x1) / 2.0);
    let (x0, x1) = (n(x0), n(x1));
    let (top0, top1, bottom0, bottom1) = (n(y0), n(y1), n(y0 + thick), n(y1 + thick));
    format!(
        "M{x0} {top0}C{middle} {top0} {middle} {top1} {x1} {top1}L{x1} {bottom1}C{middle} {bottom1} {middle} {bottom0} {x0} {bottom0}Z"
    )
}
