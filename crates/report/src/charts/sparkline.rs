//! The course of one number, as small as a word.

use super::axes::drawable;
use super::sheet::{Paint, Room, Sheet};
use super::{category_colour, svg};

const SIZE: (f64, f64) = (110.0, 28.0);

/// A line without axes, for beside a number that says the same exactly. Screen readers pass over it.
#[derive(Debug, Clone)]
pub(crate) struct Sparkline {
    /// The values, oldest first. Where there is none the line is broken.
    pub(crate) values: Vec<Option<f64>>,
}

impl Sparkline {
    /// Draws it. Nothing comes of fewer than two values.
    pub(crate) fn draw(&self) -> String {
        let values: Vec<Option<f64>> = self.values.iter().map(|value| value.and_then(drawable)).collect();
        let known = || values.iter().flatten().copied();
        if known().count() < 2 {
            return String::new();
        }
        let (low, high) = (
            known().fold(f64::INFINITY, f64::min),
            known().fold(f64::NEG_INFINITY, f64::max),
        );
        let span = if high > low { high - low } else { 1.0 };
        let place = |at: usize, value: f64| {
            let x = 3.0 + (SIZE.0 - 8.0) * at as f64 / (values.len() - 1) as f64;
            let share = if high > low { (value - low) / span } else { 0.5 };
            (x, SIZE.1 - 4.0 - share * (SIZE.1 - 8.0))
        };
        let mut sheet = Sheet::new(
            Room {
                width: SIZE.0,
                narrow: true,
            },
            SIZE.1,
        );
        let points: Vec<Option<(f64, f64)>> = values
            .iter()
            .enumerate()
            .map(|(at, value)| value.map(|value| place(at, value)))
            .collect();
        let colour = category_colour(0);
        for piece in points.split(Option::is_none) {
            let piece: Vec<(f64, f64)> = piece.iter().copied().flatten().collect();
            if piece.len() > 1 {
                sheet.polyline(piece, &colour, 1.5, None);
            }
        }
        if let Some(last) = points.iter().rev().flatten().next() {
            sheet.circle(*last, 2.5, Paint::fill(&colour));
        }
        format!(
            r#"<svg class="sparkline" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>"#,
            SIZE.0,
            SIZE.1,
            svg::write(&sheet.scene)
        )
    }
}
