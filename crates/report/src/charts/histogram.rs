//! How many lie between which values.

use super::axes::{Scale, Titles, ValueAxis, drawable, labels_below};
use super::sheet::{Anchor, Area, INK, MUTED, Paint, Room, SURFACE, Sheet};
use super::text::{self, LINE};
use super::{About, Format, Svg, category_colour};

/// Counts in bins. Bins of different widths are drawn equally wide, with their edges written below.
pub(crate) struct Histogram<'a> {
    /// What the chart is called.
    pub(crate) about: About,
    /// The edges of the bins, ascending: one more than there are counts.
    pub(crate) edges: Vec<f64>,
    /// How many are in each bin.
    pub(crate) counts: Vec<f64>,
    /// What is said of each bin.
    pub(crate) tips: Vec<String>,
    /// Values that are named, for example the median.
    pub(crate) marks: Vec<(f64, String)>,
    /// What is counted over, under the horizontal axis. May be empty.
    pub(crate) x_title: String,
    /// What is counted, above the vertical axis. May be empty.
    pub(crate) y_title: String,
    /// How edges are written.
    pub(crate) x_format: Format<'a>,
    /// How counts are written.
    pub(crate) y_format: Format<'a>,
}

/// A label over the plot: where its line stands, where it is written and in which row.
struct Flag {
    line: f64,
    left: f64,
    row: usize,
    label: String,
}

impl Histogram<'_> {
    /// Draws it. Nothing comes of a chart without bins, or whose edges do not ascend.
    pub(crate) fn draw(&self) -> Svg {
        let ascending = self.edges.windows(2).all(|pair| pair[0] < pair[1])
            && self.edges.iter().all(|edge| drawable(*edge).is_some());
        if self.counts.is_empty() || self.edges.len() != self.counts.len() + 1 || !ascending {
            return Svg::nothing();
        }
        Svg::of(&self.about, |room| self.paint(room))
    }

    fn equal_widths(&self) -> bool {
        let widths: Vec<f64> = self.edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (low, high) = widths.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), &width| {
            (low.min(width), high.max(width))
        });
        high <= low * 1.001
    }

    fn paint(&self, room: Room) -> Sheet {
        let axis = ValueAxis::over(self.counts.iter().copied(), true, room.pick(5, 4), self.y_format);
        let titles = Titles {
            x: &self.x_title,
            y: &self.y_title,
        };
        let (left, right) = (axis.label_width(room) + 10.0, room.width - 10.0);
        let edges: Vec<f64> = (0..self.edges.len())
            .map(|at| left + (right - left) * at as f64 / self.counts.len() as f64)
            .collect();
        let flags = self.flags(&edges, room);
        let rows = flags.iter().map(|flag| flag.row + 1).max().unwrap_or(0);
        let top = titles.above() + rows as f64 * LINE + 12.0;
        let bottom = top + room.pick(220.0, 170.0);
        let plot = Area {
            left,
            top,
            right,
            bottom,
        };
        let mut sheet = Sheet::new(room, bottom + titles.below() + 24.0);
        titles.draw(
            &mut sheet,
            Area {
                top: top - rows as f64 * LINE,
                ..plot
            },
        );
        axis.draw_on_left(&mut sheet, plot);
        self.bins(&mut sheet, &edges, axis.scale(plot.bottom, plot.top));
        sheet.line((left, bottom), (right, bottom), MUTED, 1.0, None);
        if self.equal_widths() {
            let along = ValueAxis::exactly(
                self.edges[0],
                self.edges[self.counts.len()],
                room.pick(8, 4),
                self.x_format,
            );
            along.draw_below(&mut sheet, plot);
        } else {
            let labels: Vec<String> = self.edges.iter().map(|edge| (self.x_format)(*edge)).collect();
            labels_below(
                &mut sheet,
                bottom,
                &labels.iter().map(String::as_str).collect::<Vec<_>>(),
                &edges,
            );
        }
        draw_flags(&mut sheet, &flags, plot);
        sheet
    }

    fn bins(&self, sheet: &mut Sheet, edges: &[f64], scale: Scale) {
        let colour = category_colour(0);
        for (at, &count) in self.counts.iter().enumerate() {
            let Some(count) = drawable(count) else {
                continue;
            };
            let whole = Area {
                left: edges[at],
                right: edges[at + 1],
                top: scale.to,
                bottom: scale.from,
            };
            let seam = if whole.width() > 3.0 { 0.5 } else { 0.0 };
            let top = if count > 0.0 {
                scale.at(count).min(scale.from - 1.0)
            } else {
                scale.from
            };
            sheet.mark(self.tips.get(at).map_or("", String::as_str), |sheet| {
                sheet.target(whole);
                let bar = Area {
                    left: whole.left + seam,
                    right: whole.right - seam,
                    top,
                    ..whole
                };
                if count > 0.0 {
                    sheet.rect(bar, Paint::fill(&colour));
                }
            });
        }
    }

    /// Where a value lies between the edges as they are drawn.
    fn place_of(&self, value: f64, edges: &[f64]) -> f64 {
        let bin = self.edges[1..self.counts.len()]
            .iter()
            .take_while(|&&edge| edge <= value)
            .count();
        let share = (value - self.edges[bin]) / (self.edges[bin + 1] - self.edges[bin]);
        edges[bin] + share.clamp(0.0, 1.0) * (edges[bin + 1] - edges[bin])
    }

    /// Labels side by side over the plot, in a further row where they would touch.
    fn flags(&self, edges: &[f64], room: Room) -> Vec<Flag> {
        let mut marks: Vec<(f64, &str)> = self
            .marks
            .iter()
            .filter_map(|(value, label)| Some((self.place_of(drawable(*value)?, edges), label.as_str())))
            .collect();
        marks.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut ends: Vec<f64> = Vec::new();
        let mut flags = Vec::new();
        for (line, label) in marks {
            let label = text::shorten(label, room.width * 0.6);
            let width = text::width(&label);
            let left = (line - width / 2.0).clamp(2.0, (room.width - width - 2.0).max(2.0));
            let row = ends.iter().position(|&end| end + 10.0 <= left).unwrap_or(ends.len());
            if row == ends.len() {
                ends.push(0.0);
            }
            ends[row] = left + width;
            flags.push(Flag { line, left, row, label });
        }
        flags
    }
}

fn draw_flags(sheet: &mut Sheet, flags: &[Flag], plot: Area) {
    for flag in flags {
        let base = plot.top - 10.0 - flag.row as f64 * LINE;
        sheet.line(
            (flag.line, plot.top - 4.0),
            (flag.line, plot.bottom),
            SURFACE,
            3.5,
            None,
        );
        sheet.line(
            (flag.line, plot.top - 4.0),
            (flag.line, plot.bottom),
            INK,
            1.5,
            Some("4 3"),
        );
        sheet.text((flag.left, base), Anchor::Start, INK, &flag.label);
    }
}
