//! Values of categories as bars, standing or lying, side by side or on top of each other.

use super::axes::{Titles, ValueAxis, drawable, labels_below};
use super::legend::{Entry, Legend, Sample};
use super::rows::{Row, Rows};
use super::sheet::{Area, MUTED, Paint, Room, SURFACE, Sheet};
use super::{About, Format, Svg, category_colour};

/// Bars of categories.
pub(crate) struct BarChart<'a> {
    /// What the chart is called.
    pub(crate) about: About,
    /// The names of the categories.
    pub(crate) categories: Vec<String>,
    /// The series, each with as many values as there are categories.
    pub(crate) series: Vec<BarSeries>,
    /// How the bars of one category stand to each other.
    pub(crate) arrangement: Arrangement,
    /// Whether bars lie, a row a category: for categories with long names.
    pub(crate) horizontal: bool,
    /// What the values are, above the vertical axis. May be empty.
    pub(crate) y_title: String,
    /// How values are written.
    pub(crate) y_format: Format<'a>,
}

/// One value for each category.
#[derive(Debug, Clone)]
pub(crate) struct BarSeries {
    /// Its name in the legend.
    pub(crate) name: String,
    /// Its values; those that are not numbers have no bar.
    pub(crate) values: Vec<f64>,
    /// What is said of each bar.
    pub(crate) tips: Vec<String>,
    /// Its colour, from 0 to 7; by its place where it is `None`.
    pub(crate) colour: Option<usize>,
}

/// How the bars of one category stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrangement {
    /// Side by side.
    Grouped,
    /// One begins where the other ends: positive ones upwards from zero, negative ones downwards.
    Stacked,
}

/// One bar: of which series and category, from which value to which.
struct Bar {
    series: usize,
    category: usize,
    from: f64,
    to: f64,
}

impl BarChart<'_> {
    /// Draws it. Nothing comes of a chart without values.
    pub(crate) fn draw(&self) -> Svg {
        if self.bars().is_empty() {
            return Svg::nothing();
        }
        Svg::of(&self.about, |room| {
            if self.horizontal {
                self.paint_lying(room)
            } else {
                self.paint_standing(room)
            }
        })
    }

    fn bars(&self) -> Vec<Bar> {
        let mut bars = Vec::new();
        for category in 0..self.categories.len() {
            let (mut up, mut down) = (0.0, 0.0);
            for (series, values) in self.series.iter().enumerate() {
                let Some(value) = values.values.get(category).copied().and_then(drawable) else {
                    continue;
                };
                let base = match self.arrangement {
                    Arrangement::Grouped => &mut 0.0,
                    Arrangement::Stacked if value < 0.0 => &mut down,
                    Arrangement::Stacked => &mut up,
                };
                bars.push(Bar {
                    series,
                    category,
                    from: *base,
                    to: *base + value,
                });
                *base += value;
            }
        }
        bars
    }

    fn colour(&self, series: usize) -> String {
        category_colour(self.series[series].colour.unwrap_or(series))
    }

    fn tip(&self, bar: &Bar) -> &str {
        self.series[bar.series]
            .tips
            .get(bar.category)
            .map_or("", String::as_str)
    }

    fn legend(&self, room: Room) -> Legend {
        let entry = |(index, series): (usize, &BarSeries)| Entry {
            name: series.name.clone(),
            colour: self.colour(index),
            dashes: None,
        };
        Legend::over(self.series.iter().enumerate().map(entry).collect(), Sample::Block, room)
    }

    /// Where a bar lies across the band of its category, as shares of the band.
    fn across(&self, bar: &Bar) -> (f64, f64) {
        match self.arrangement {
            Arrangement::Stacked => (0.0, 1.0),
            Arrangement::Grouped => {
                let count = self.series.len() as f64;
                (bar.series as f64 / count, (bar.series + 1) as f64 / count)
            }
        }
    }

    fn paint_standing(&self, room: Room) -> Sheet {
        let bars = self.bars();
        let ends = bars.iter().flat_map(|bar| [bar.from, bar.to]);
        let axis = ValueAxis::over(ends, true, room.pick(5, 4), self.y_format);
        let titles = Titles {
            y: &self.y_title,
            ..Titles::default()
        };
        let legend = self.legend(room);
        let top = legend.height() + titles.above() + 8.0;
        let bottom = top + room.pick(240.0, 180.0);
        let plot = Area {
            left: axis.label_width(room) + 10.0,
            top,
            right: room.width - 4.0,
            bottom,
        };
        let mut sheet = Sheet::new(room, bottom + 24.0);
        legend.draw(&mut sheet);
        titles.draw(&mut sheet, plot);
        axis.draw_on_left(&mut sheet, plot);
        let band = plot.width() / self.categories.len() as f64;
        let thick = (band * 0.76).min(90.0);
        let middles: Vec<f64> = (0..self.categories.len())
            .map(|at| plot.left + band * (at as f64 + 0.5))
            .collect();
        let names: Vec<&str> = self.categories.iter().map(String::as_str).collect();
        labels_below(&mut sheet, plot.bottom, &names, &middles);
        let scale = axis.scale(plot.bottom, plot.top);
        for bar in &bars {
            let (from, to) = self.across(bar);
            let start = middles[bar.category] - thick / 2.0;
            let (low, high) = (scale.at(bar.from.min(bar.to)), scale.at(bar.from.max(bar.to)));
            let area = Area {
                left: start + from * thick,
                right: start + to * thick,
                top: high,
                bottom: low,
            };
            self.bar(&mut sheet, bar, area);
        }
        let zero = scale.at(0.0);
        sheet.line((plot.left, zero), (plot.right, zero), MUTED, 1.0, None);
        sheet
    }

    fn paint_lying(&self, room: Room) -> Sheet {
        let bars = self.bars();
        let legend = self.legend(room);
        let total = |category: usize| -> Option<f64> {
            let of_category: Vec<f64> = self
                .series
                .iter()
                .filter_map(|series| series.values.get(category).copied())
                .filter_map(drawable)
                .collect();
            let shown = self.series.len() == 1 || self.arrangement == Arrangement::Stacked;
            (shown && !of_category.is_empty()).then(|| of_category.iter().sum())
        };
        let rows = (0..self.categories.len())
            .map(|at| Row {
                name: self.categories[at].clone(),
                value: total(at).map(self.y_format).unwrap_or_default(),
            })
            .collect();
        let thick = match self.arrangement {
            Arrangement::Grouped => (self.series.len() as f64 * 11.0).max(16.0),
            Arrangement::Stacked => 16.0,
        };
        let rows = Rows::over(rows, thick, legend.height() + 2.0, room);
        let mut sheet = Sheet::new(room, rows.height());
        legend.draw(&mut sheet);
        let low = bars.iter().map(|bar| bar.from.min(bar.to)).fold(0.0, f64::min);
        let high = bars.iter().map(|bar| bar.from.max(bar.to)).fold(0.0, f64::max);
        let scale = rows.scale(low, high);
        rows.draw(&mut sheet);
        for bar in &bars {
            let (from, to) = self.across(bar);
            let track = rows.track(bar.category);
            let (left, right) = (scale.at(bar.from.min(bar.to)), scale.at(bar.from.max(bar.to)));
            let (top, bottom) = (track.top + from * track.height(), track.top + to * track.height());
            self.bar(
                &mut sheet,
                bar,
                Area {
                    left,
                    right,
                    top,
                    bottom,
                },
            );
        }
        rows.draw_zero(&mut sheet, scale);
        sheet
    }

    /// A bar, never too thin to be seen; a seam in the page's colour parts it from its neighbours.
    fn bar(&self, sheet: &mut Sheet, bar: &Bar, area: Area) {
        let area = if self.horizontal {
            Area {
                right: area.right.max(area.left + 1.0),
                ..area
            }
        } else {
            Area {
                top: area.top.min(area.bottom - 1.0),
                ..area
            }
        };
        let colour = self.colour(bar.series);
        let seam = if self.series.len() > 1 { 1.0 } else { 0.0 };
        sheet.mark(self.tip(bar), |sheet| {
            let paint = Paint::fill(&colour);
            sheet.rect(
                area,
                if seam > 0.0 {
                    paint.outlined(SURFACE, seam)
                } else {
                    paint
                },
            );
        });
    }
}
