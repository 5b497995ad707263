//! Values over time, one line a series.

use super::axes::{Scale, Titles, ValueAxis, drawable, labels_below};
use super::legend::{Entry, Legend, Sample, dashes};
use super::sheet::{Area, MUTED, Paint, Room, SURFACE, Sheet};
use super::{About, Format, Svg, category_colour, svg};

/// Lines over the same labels, for example months.
pub(crate) struct LineChart<'a> {
    /// What the chart is called.
    pub(crate) about: About,
    /// The labels below it, one a place.
    pub(crate) x: Vec<String>,
    /// The lines, each with as many values as there are labels.
    pub(crate) series: Vec<Series>,
    /// What the values are, above the vertical axis. May be empty.
    pub(crate) y_title: String,
    /// How values are written on the axis.
    pub(crate) y_format: Format<'a>,
    /// Whether what lies under a line is tinted: for a single series that starts at zero.
    pub(crate) area: bool,
    /// Whether the axis reaches zero even where no value does.
    pub(crate) zero_based: bool,
}

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    /// Its name in the legend.
    pub(crate) name: String,
    /// Its values. Where there is none the line is broken.
    pub(crate) values: Vec<Option<f64>>,
    /// What is said of each value. The tips of all series at a place are shown together.
    pub(crate) tips: Vec<String>,
}

impl LineChart<'_> {
    /// Draws it. Nothing comes of a chart without values.
    pub(crate) fn draw(&self) -> Svg {
        if self.values().next().is_none() {
            return Svg::nothing();
        }
        Svg::of(&self.about, |room| self.paint(room))
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.series
            .iter()
            .flat_map(|series| &series.values)
            .filter_map(|value| value.and_then(drawable))
    }

    fn paint(&self, room: Room) -> Sheet {
        let axis = ValueAxis::over(self.values(), self.zero_based, room.pick(5, 4), self.y_format);
        let titles = Titles {
            y: &self.y_title,
            ..Titles::default()
        };
        let legend = Legend::over(self.legend(), Sample::Line, room);
        let top = legend.height() + titles.above() + 8.0;
        let bottom = top + room.pick(240.0, 180.0);
        let plot = Area {
            left: axis.label_width(room) + 10.0,
            top,
            right: room.width - 10.0,
            bottom,
        };
        let mut sheet = Sheet::new(room, bottom + 24.0);
        legend.draw(&mut sheet);
        titles.draw(&mut sheet, plot);
        axis.draw_on_left(&mut sheet, plot);
        let places = self.places(plot);
        labels_below(
            &mut sheet,
            plot.bottom,
            &self.x.iter().map(String::as_str).collect::<Vec<_>>(),
            &places,
        );
        let scale = axis.scale(plot.bottom, plot.top);
        for (index, series) in self.series.iter().enumerate() {
            self.line(&mut sheet, index, series, &places, scale);
        }
        self.marks(&mut sheet, plot, &places, scale);
        sheet
    }

    fn legend(&self) -> Vec<Entry> {
        let entry = |(index, series): (usize, &Series)| Entry {
            name: series.name.clone(),
            colour: category_colour(index),
            dashes: dashes(index),
        };
        self.series.iter().enumerate().map(entry).collect()
    }

    fn places(&self, plot: Area) -> Vec<f64> {
        let last = self.x.len().saturating_sub(1);
        let place = |index: usize| {
            if last == 0 {
                (plot.left + plot.right) / 2.0
            } else {
                plot.left + plot.width() * index as f64 / last as f64
            }
        };
        (0..self.x.len()).map(place).collect()
    }

    /// The line in pieces, broken where values are missing; a value between two missing ones is a dot.
    fn line(&self, sheet: &mut Sheet, index: usize, series: &Series, places: &[f64], scale: Scale) {
        let colour = category_colour(index);
        let points: Vec<Option<(f64, f64)>> = places
            .iter()
            .zip(&series.values)
            .map(|(&x, value)| value.and_then(drawable).map(|value| (x, scale.at(value))))
            .collect();
        for piece in points.split(Option::is_none) {
            let piece: Vec<(f64, f64)> = piece.iter().copied().flatten().collect();
            match piece.as_slice() {
                [] => {}
                [alone] => sheet.circle(*alone, 3.0, Paint::fill(&colour)),
                [(first, _), .., (last, _)] => {
                    if self.area {
                        let zero = svg::number(scale.at(0.0));
                        let (first, last) = (svg::number(*first), svg::number(*last));
                        let outline = format!("{}L{last} {zero}L{first} {zero}Z", svg::path_through(&piece));
                        sheet.path(outline, Paint::tint(&colour, 0.14));
                    }
                    sheet.polyline(piece, &colour, 2.0, dashes(index));
                }
            }
        }
    }

    /// A strip of the plot for each label, which shows the values of all series there.
    fn marks(&self, sheet: &mut Sheet, plot: Area, places: &[f64], scale: Scale) {
        for (index, &x) in places.iter().enumerate() {
            let left = index
                .checked_sub(1)
                .map_or(plot.left, |before| (places[before] + x) / 2.0);
            let right = places.get(index + 1).map_or(plot.right, |after| (after + x) / 2.0);
            let mut tips: Vec<&str> = Vec::new();
            // What several series say, as the name of the month, is said once.
            for line in self
                .series
                .iter()
                .filter_map(|series| series.tips.get(index))
                .flat_map(|tip| tip.lines())
            {
                if !tips.contains(&line) {
                    tips.push(line);
                }
            }
            sheet.mark(&tips.join("\n"), |sheet| {
                sheet.target(Area { left, right, ..plot });
                sheet.class("shown", |sheet| {
                    sheet.line((x, plot.top), (x, plot.bottom), MUTED, 1.0, None);
                    for (number, series) in self.series.iter().enumerate() {
                        if let Some(value) = series.values.get(index).copied().flatten().and_then(drawable) {
                            let paint = category_colour(number);
                            sheet.circle((x, scale.at(value)), 4.0, Paint::fill(&paint).outlined(SURFACE, 1.5));
                        }
                    }
                });
            });
        }
    }
}
