//! Axes: which values get a tick, where a value lies, and which labels there is room for.

use kuva::render::render_utils::{auto_nice_range, compute_tick_step, generate_ticks, generate_ticks_with_step};

use super::Format;
use super::sheet::{Anchor, Area, GRID, MUTED, Room, Sheet};
use super::text::{self, LINE, SIZE};

/// Nothing beyond it is drawn: differences of larger numbers overflow.
const HUGE: f64 = 1e300;

/// The gap between two labels side by side.
const LABEL_GAP: f64 = 12.0;

/// A number that can be drawn.
pub(super) fn drawable(value: f64) -> Option<f64> {
    value.is_finite().then(|| value.clamp(-HUGE, HUGE))
}

/// Where values lie along a line of pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Scale {
    pub(super) fn at(self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }
}

/// The values that an axis shows and the ticks on it.
#[derive(Debug, Clone)]
pub(super) struct ValueAxis {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) ticks: Vec<(f64, String)>,
}

impl ValueAxis {
    /// An axis over all values, with about so many ticks, fewer where their labels would read the same.
    pub(super) fn over(values: impl Iterator<Item = f64>, zero_based: bool, ticks: usize, format: Format<'_>) -> Self {
        let (mut low, mut high) = values.filter_map(drawable).fold(
            if zero_based {
                (0.0, 0.0)
            } else {
                (f64::INFINITY, f64::NEG_INFINITY)
            },
            |(low, high): (f64, f64), value| (low.min(value), high.max(value)),
        );
        if low > high || (low == 0.0 && high == 0.0) {
            (low, high) = (0.0, 1.0);
        }
        if low == high {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        for ticks in (1..=ticks).rev() {
            let (start, end) = auto_nice_range(low, high, ticks);
            let step = compute_tick_step(low, high, ticks);
            let ticks = labelled(generate_ticks_with_step(start, end, step), (start, end), format);
            if tell_apart(&ticks) {
                return Self {
                    low: start,
                    high: end,
                    ticks,
                };
            }
        }
        Self {
            low,
            high,
            ticks: vec![(low, format(low))],
        }
    }

    /// An axis from one value to the other and no further.
    pub(super) fn exactly(low: f64, high: f64, ticks: usize, format: Format<'_>) -> Self {
        let (low, high) = if low < high {
            (low, high)
        } else {
            auto_nice_range(low, low, ticks)
        };
        let ticks = (1..=ticks)
            .rev()
            .map(|ticks| labelled(generate_ticks(low, high, ticks), (low, high), format))
            .find(|ticks| tell_apart(ticks));
        Self {
            low,
            high,
            ticks: ticks.unwrap_or_else(|| vec![(low, format(low))]),
        }
    }

    /// The room that its labels get beside the plot.
    pub(super) fn label_width(&self, room: Room) -> f64 {
        self.ticks
            .iter()
            .map(|(_, label)| text::width(label))
            .fold(0.0, f64::max)
            .min(room.width * 0.25)
    }

    pub(super) fn scale(&self, from: f64, to: f64) -> Scale {
        Scale {
            low: self.low,
            high: self.high,
            from,
            to,
        }
    }

    /// Lines across the plot with their labels on its left; the line of zero is stronger where values lie on both
    /// sides of it.
    pub(super) fn draw_on_left(&self, sheet: &mut Sheet, plot: Area) {
        let scale = self.scale(plot.bottom, plot.top);
        for (value, label) in &self.ticks {
            let y = scale.at(*value);
            let colour = if *value == 0.0 && self.low < 0.0 { MUTED } else { GRID };
            sheet.line((plot.left, y), (plot.right, y), colour, 1.0, None);
            sheet.text(
                (plot.left - 6.0, y + SIZE * 0.35),
                Anchor::End,
                MUTED,
                &text::shorten(label, plot.left - 8.0),
            );
        }
    }

    /// Labels below the plot, as many as have room.
    pub(super) fn draw_below(&self, sheet: &mut Sheet, plot: Area) {
        let scale = self.scale(plot.left, plot.right);
        let places: Vec<f64> = self.ticks.iter().map(|(value, _)| scale.at(*value)).collect();
        let labels: Vec<&str> = self.ticks.iter().map(|(_, label)| label.as_str()).collect();
        labels_below(sheet, plot.bottom, &labels, &places);
    }
}

/// Ticks with their labels, those within the axis.
fn labelled(ticks: Vec<f64>, (low, high): (f64, f64), format: Format<'_>) -> Vec<(f64, String)> {
    let slack = (high - low) * 1e-9;
    let within = |value: &f64| *value >= low - slack && *value <= high + slack;
    // Zero that was reached by steps may be a little off it, or negative.
    let exact = |value: f64| if value.abs() <= slack { 0.0 } else { value };
    ticks
        .into_iter()
        .filter(within)
        .map(exact)
        .map(|value| (value, format(value)))
        .collect()
}

/// Whether no two neighbours carry the same label, as half customers do.
fn tell_apart(ticks: &[(f64, String)]) -> bool {
    !ticks.is_empty() && ticks.windows(2).all(|pair| pair[0].1 != pair[1].1)
}

/// Labels side by side under the plot: every one where there is room, else every second, third, and so on.
pub(super) fn labels_below(sheet: &mut Sheet, bottom: f64, labels: &[&str], places: &[f64]) {
    const STRIDES: [usize; 12] = [1, 2, 3, 4, 6, 12, 24, 36, 48, 60, 120, 240];
    let boxes: Vec<(f64, f64, String)> = labels
        .iter()
        .zip(places)
        .map(|(label, &x)| {
            let label = text::shorten(label, sheet.room.width / 3.0);
            let half = text::width(&label) / 2.0;
            (
                x.clamp(half + 1.0, (sheet.room.width - half - 1.0).max(half + 1.0)),
                half,
                label,
            )
        })
        .collect();
    let fits = |stride: usize| {
        let shown: Vec<&(f64, f64, String)> = boxes.iter().step_by(stride).collect();
        shown
            .windows(2)
            .all(|pair| pair[0].0 + pair[0].1 + LABEL_GAP <= pair[1].0 - pair[1].1)
    };
    let stride = STRIDES
        .into_iter()
        .find(|&stride| fits(stride))
        .unwrap_or(boxes.len().max(1));
    for (x, _, label) in boxes.iter().step_by(stride) {
        sheet.text((*x, bottom + SIZE + 5.0), Anchor::Middle, MUTED, label);
    }
}

/// What is written above the plot and below it, and the room that it takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Titles<'a> {
    pub(super) x: &'a str,
    pub(super) y: &'a str,
}

impl Titles<'_> {
    pub(super) fn above(self) -> f64 {
        if self.y.is_empty() { 0.0 } else { LINE + 10.0 }
    }

    pub(super) fn below(self) -> f64 {
        if self.x.is_empty() { 0.0 } else { LINE + 2.0 }
    }

    /// The vertical axis is named above its end, where it is read without turning the head.
    pub(super) fn draw(self, sheet: &mut Sheet, plot: Area) {
        let room = sheet.room.width - 4.0;
        sheet.text(
            (2.0, plot.top - 20.0),
            Anchor::Start,
            MUTED,
            &text::shorten(self.y, room),
        );
        let x_title = text::shorten(self.x, room);
        let half = text::width(&x_title) / 2.0;
        let middle = ((plot.left + plot.right) / 2.0).clamp(half + 2.0, (room + 2.0 - half).max(half + 2.0));
        sheet.text(
            (middle, plot.bottom + 2.0 * LINE + 3.0),
            Anchor::Middle,
            MUTED,
            &x_title,
        );
    }
}
