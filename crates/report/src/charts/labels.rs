//! Finds a place for the label of a point, beside what is already drawn.

use super::sheet::{Anchor, Area, INK, Sheet};
use super::text::{self, LINE, SIZE};

/// What is in the way of labels.
#[derive(Debug, Default)]
pub(super) struct Places {
    taken: Vec<Area>,
    points: Vec<(f64, f64)>,
}

impl Places {
    /// A line that labels should not cross.
    pub(super) fn avoid_line(&mut self, line: &[(f64, f64)]) {
        for pair in line.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let steps = ((x1 - x0).abs().max((y1 - y0).abs()) / 3.0).ceil().max(1.0) as usize;
            self.points.extend((0..=steps).map(|step| {
                let share = step as f64 / steps as f64;
                (x0 + share * (x1 - x0), y0 + share * (y1 - y0))
            }));
        }
    }

    /// Something that labels must not cover.
    pub(super) fn avoid(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// Writes a label near a point, in one or two lines, where it covers no other label and as little as may be of
    /// the lines. Where there is no such place it is left out: the tip says it too.
    pub(super) fn label(&mut self, sheet: &mut Sheet, (x, y): (f64, f64), label: &str, within: Area) {
        let lines = text::two_lines(label, within.width() * 0.5);
        let width = lines.iter().map(|line| text::width(line)).fold(0.0, f64::max);
        let height = (lines.len() as f64 - 1.0) * LINE;
        let best = candidates(x, y, height)
            .map(|(x, y, anchor)| {
                let first = anchor.area(x, y, width);
                (
                    x,
                    y,
                    anchor,
                    Area {
                        bottom: first.bottom + height,
                        ..first
                    },
                )
            })
            .filter(|(.., area)| within.contains((area.left, area.top)) && within.contains((area.right, area.bottom)))
            .filter(|(.., area)| !self.taken.iter().any(|taken| taken.overlaps(*area)))
            .map(|place| {
                (
                    self.points.iter().filter(|&&point| place.3.contains(point)).count(),
                    place,
                )
            })
            .min_by_key(|(crossed, _)| *crossed);
        let Some((_, (x, y, anchor, area))) = best else {
            return;
        };
        self.taken.push(area);
        sheet.class("halo", |sheet| {
            for (at, line) in lines.iter().enumerate() {
                sheet.text((x, y + at as f64 * LINE), anchor, INK, line);
            }
        });
    }
}

/// Places around a point, the preferred ones first.
fn candidates(x: f64, y: f64, height: f64) -> impl Iterator<Item = (f64, f64, Anchor)> {
    let middle = SIZE * 0.35 - height / 2.0;
    [10.0, 24.0, 44.0].into_iter().flat_map(move |away| {
        [
            (x + away, y + away + SIZE * 0.6, Anchor::Start),
            (x + away, y + middle, Anchor::Start),
            (x - away, y - away - height, Anchor::End),
            (x - away, y + middle, Anchor::End),
            (x, y - away - height, Anchor::Middle),
            (x, y + away + SIZE, Anchor::Middle),
            (x + away, y - away - height, Anchor::Start),
            (x - away, y + away + SIZE * 0.6, Anchor::End),
        ]
    })
}
