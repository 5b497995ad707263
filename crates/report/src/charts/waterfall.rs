//! How one sum becomes another, step by step: income statements and ledgers.

use super::axes::{Scale, drawable};
use super::rows::{Row, Rows};
use super::sheet::{Area, MUTED, Paint, Room, Sheet};
use super::{About, Format, Svg};

const TOTAL: &str = "var(--c1)";
const LESS: &str = "var(--c2)";
const MORE: &str = "var(--c3)";

/// Steps below each other, each from where the one before it ended.
pub(crate) struct Waterfall<'a> {
    /// What the chart is called.
    pub(crate) about: About,
    /// The steps, from the first sum to the last.
    pub(crate) steps: Vec<WaterfallStep>,
    /// How values are written beside their bars.
    pub(crate) format: Format<'a>,
}

/// One step.
#[derive(Debug, Clone)]
pub(crate) struct WaterfallStep {
    /// Its name.
    pub(crate) label: String,
    /// What it adds, or takes off where it is negative; of a total, how much there is.
    pub(crate) value: f64,
    /// Whether it is a sum, which starts from zero.
    pub(crate) is_total: bool,
    /// What is said of it.
    pub(crate) tip: String,
}

/// From which value to which a step goes.
type Span = Option<(f64, f64)>;

impl Waterfall<'_> {
    /// Draws it. Nothing comes of a chart without values.
    pub(crate) fn draw(&self) -> Svg {
        if self.spans().iter().all(Option::is_none) {
            return Svg::nothing();
        }
        Svg::of(&self.about, |room| self.paint(room))
    }

    fn spans(&self) -> Vec<Span> {
        let mut running = 0.0;
        let span = |step: &WaterfallStep| {
            let value = drawable(step.value)?;
            let from = if step.is_total { 0.0 } else { running };
            running = from + value;
            Some((from, running))
        };
        self.steps.iter().map(span).collect()
    }

    fn paint(&self, room: Room) -> Sheet {
        let spans = self.spans();
        let row = |step: &WaterfallStep| Row {
            name: step.label.clone(),
            value: drawable(step.value).map(self.format).unwrap_or_default(),
        };
        let rows = Rows::over(self.steps.iter().map(row).collect(), 18.0, 4.0, room);
        let mut sheet = Sheet::new(room, rows.height());
        let ends = || spans.iter().flatten().flat_map(|&(from, to)| [from, to]);
        let scale = rows.scale(ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
        rows.draw(&mut sheet);
        for (at, step) in self.steps.iter().enumerate() {
            let Some(span) = spans[at] else { continue };
            self.step(&mut sheet, step, span, rows.track(at), scale);
            // On a phone names stand between the bars, and such a line would cross them.
            if !room.narrow && at + 1 < self.steps.len() {
                let x = scale.at(span.1);
                sheet.line(
                    (x, rows.track(at).bottom),
                    (x, rows.track(at + 1).top),
                    MUTED,
                    1.0,
                    Some("2 2"),
                );
            }
        }
        rows.draw_zero(&mut sheet, scale);
        sheet
    }

    fn step(&self, sheet: &mut Sheet, step: &WaterfallStep, (from, to): (f64, f64), track: Area, scale: Scale) {
        let colour = match (step.is_total, to < from) {
            (true, _) => TOTAL,
            (false, true) => LESS,
            (false, false) => MORE,
        };
        let left = scale.at(from.min(to)).min(track.right - 1.0);
        let right = scale.at(from.max(to)).max(left + 1.0);
        sheet.mark(&step.tip, |sheet| {
            sheet.rect(Area { left, right, ..track }, Paint::fill(colour))
        });
    }
}
