//! One measure against another: Pareto and whale curves.

use super::axes::{Titles, ValueAxis, drawable};
use super::labels::Places;
use super::sheet::{Area, GRID, MUTED, Paint, Room, SURFACE, Sheet};
use super::{About, Format, Svg, category_colour, svg};

/// A curve through points, in the order of their x.
pub(crate) struct Curve<'a> {
    /// What the chart is called.
    pub(crate) about: About,
    /// The points; those that are not numbers are left out.
    pub(crate) points: Vec<CurvePoint>,
    /// Straight lines to compare with, for example the one of equal customers.
    pub(crate) references: Vec<ReferenceLine>,
    /// Points that are named in the chart.
    pub(crate) markers: Vec<CurveMarker>,
    /// What lies along, under the horizontal axis. May be empty.
    pub(crate) x_title: String,
    /// What rises, above the vertical axis. May be empty.
    pub(crate) y_title: String,
    /// How x is written.
    pub(crate) x_format: Format<'a>,
    /// How y is written.
    pub(crate) y_format: Format<'a>,
}

/// One point of a curve.
#[derive(Debug, Clone)]
pub(crate) struct CurvePoint {
    /// Along.
    pub(crate) x: f64,
    /// Up.
    pub(crate) y: f64,
    /// What is said of it.
    pub(crate) tip: String,
}

/// A straight line to compare a curve with.
#[derive(Debug, Clone)]
pub(crate) struct ReferenceLine {
    /// Where it starts.
    pub(crate) from: (f64, f64),
    /// Where it ends.
    pub(crate) to: (f64, f64),
    /// What it stands for. May be empty.
    pub(crate) label: String,
}

/// A point that is named.
#[derive(Debug, Clone)]
pub(crate) struct CurveMarker {
    /// Along.
    pub(crate) x: f64,
    /// Up.
    pub(crate) y: f64,
    /// What it says, for example "20 % of customers: 74 % of sales".
    pub(crate) label: String,
}

/// What is drawn, with its places on the sheet.
struct Placed<'c> {
    line: Vec<(f64, f64)>,
    tips: Vec<&'c str>,
    markers: Vec<((f64, f64), &'c CurveMarker)>,
    references: Vec<([(f64, f64); 2], &'c str)>,
}

impl Curve<'_> {
    /// Draws it. Nothing comes of a chart without points.
    pub(crate) fn draw(&self) -> Svg {
        if self.drawn().next().is_none() {
            return Svg::nothing();
        }
        Svg::of(&self.about, |room| self.paint(room))
    }

    fn drawn(&self) -> impl Iterator<Item = (f64, f64, &str)> {
        self.points
            .iter()
            .filter_map(|point| Some((drawable(point.x)?, drawable(point.y)?, point.tip.as_str())))
    }

    fn paint(&self, room: Room) -> Sheet {
        let of_references = || self.references.iter().flat_map(|line| [line.from, line.to]);
        let xs = self
            .drawn()
            .map(|(x, ..)| x)
            .chain(of_references().map(|(x, _)| x))
            .filter_map(drawable);
        let (low, high) = xs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        let x_axis = ValueAxis::exactly(low, high, room.pick(10, 5), self.x_format);
        let ys = self.drawn().map(|(_, y, _)| y).chain(of_references().map(|(_, y)| y));
        let y_axis = ValueAxis::over(ys, true, 5, self.y_format);
        let titles = Titles {
            x: &self.x_title,
            y: &self.y_title,
        };
        let top = titles.above() + 10.0;
        let bottom = top + room.pick(300.0, 220.0);
        let plot = Area {
            left: y_axis.label_width(room) + 10.0,
            top,
            right: room.width - 14.0,
            bottom,
        };
        let mut sheet = Sheet::new(room, bottom + titles.below() + 24.0);
        titles.draw(&mut sheet, plot);
        y_axis.draw_on_left(&mut sheet, plot);
        x_axis.draw_below(&mut sheet, plot);
        let (x_scale, y_scale) = (x_axis.scale(plot.left, plot.right), y_axis.scale(plot.bottom, plot.top));
        let at = |x: f64, y: f64| (x_scale.at(x), y_scale.at(y));
        let placed = Placed {
            line: self.drawn().map(|(x, y, _)| at(x, y)).collect(),
            tips: self.drawn().map(|(.., tip)| tip).collect(),
            markers: self
                .markers
                .iter()
                .filter_map(|marker| Some((at(drawable(marker.x)?, drawable(marker.y)?), marker)))
                .collect(),
            references: self
                .references
                .iter()
                .map(|line| {
                    (
                        [at(line.from.0, line.from.1), at(line.to.0, line.to.1)],
                        line.label.as_str(),
                    )
                })
                .collect(),
        };
        placed.draw(&mut sheet, plot, y_scale.at(0.0));
        sheet
    }
}

impl Placed<'_> {
    fn draw(&self, sheet: &mut Sheet, plot: Area, zero: f64) {
        let colour = category_colour(0);
        let mut places = Places::default();
        for (line, _) in &self.references {
            sheet.line(line[0], line[1], MUTED, 1.5, Some("5 4"));
            places.avoid_line(line);
        }
        if let [(first, _), .., (last, _)] = self.line.as_slice() {
            let (zero, first, last) = (svg::number(zero), svg::number(*first), svg::number(*last));
            let outline = format!("{}L{last} {zero}L{first} {zero}Z", svg::path_through(&self.line));
            sheet.path(outline, Paint::tint(&colour, 0.12));
            sheet.polyline(self.line.clone(), &colour, 2.5, None);
        }
        places.avoid_line(&self.line);
        self.marks(sheet, plot);
        for &((x, y), marker) in &self.markers {
            sheet.line((x, y), (x, zero), GRID, 1.0, Some("2 3"));
            sheet.line((plot.left, y), (x, y), GRID, 1.0, Some("2 3"));
            sheet.mark(&marker.label, |sheet| {
                sheet.circle((x, y), 5.0, Paint::fill(&colour).outlined(SURFACE, 2.0))
            });
            places.avoid(Area {
                left: x - 6.0,
                top: y - 6.0,
                right: x + 6.0,
                bottom: y + 6.0,
            });
        }
        for &(place, marker) in &self.markers {
            places.label(sheet, place, &marker.label, plot);
        }
        for &([(x0, y0), (x1, y1)], label) in &self.references {
            places.label(sheet, (x0 + (x1 - x0) * 0.6, y0 + (y1 - y0) * 0.6), label, plot);
        }
    }

    /// A strip of the plot for each point.
    fn marks(&self, sheet: &mut Sheet, plot: Area) {
        let colour = category_colour(0);
        for (index, (&(x, y), tip)) in self.line.iter().zip(&self.tips).enumerate() {
            let left = index
                .checked_sub(1)
                .map_or(plot.left, |before| (self.line[before].0 + x) / 2.0);
            let right = self.line.get(index + 1).map_or(plot.right, |after| (after.0 + x) / 2.0);
            sheet.mark(tip, |sheet| {
                sheet.target(Area { left, right, ..plot });
                let dot = Paint::fill(&colour).outlined(SURFACE, 1.5);
                if self.line.len() == 1 {
                    sheet.circle((x, y), 4.0, dot);
                } else {
                    sheet.class("shown", |sheet| sheet.circle((x, y), 4.0, dot));
                }
            });
        }
    }
}
