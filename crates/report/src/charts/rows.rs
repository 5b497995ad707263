//! Rows with a name, a bar and a value: what lying bars and waterfalls share.
//!
//! On a desk the name stands on the left of its bar, on a phone above it, so that neither is squeezed.

use super::axes::Scale;
use super::sheet::{Anchor, Area, INK, MUTED, Room, Sheet};
use super::text::{self, LINE, SIZE};

/// What is written beside one bar.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
}

/// Rows laid out.
#[derive(Debug)]
pub(super) struct Rows {
    room: Room,
    rows: Vec<Row>,
    /// Where the first row starts.
    top: f64,
    /// From one row to the next.
    pitch: f64,
    /// How thick a bar is.
    thick: f64,
    /// Where bars may lie.
    left: f64,
    right: f64,
}

impl Rows {
    pub(super) fn over(rows: Vec<Row>, thick: f64, top: f64, room: Room) -> Self {
        let widest = |text_of: fn(&Row) -> &str| rows.iter().map(|row| text::width(text_of(row))).fold(0.0, f64::max);
        let names = widest(|row| &row.name).min(room.width * 0.34) + 12.0;
        let values = widest(|row| &row.value);
        let (left, right) = match (room.narrow, values > 0.0) {
            (true, _) => (2.0, room.width - 2.0),
            (false, true) => (names, room.width - values.min(room.width * 0.25) - 12.0),
            (false, false) => (names, room.width - 2.0),
        };
        let pitch = if room.narrow {
            thick + LINE + 12.0
        } else {
            thick.max(SIZE) + 10.0
        };
        Self {
            room,
            rows,
            top,
            pitch,
            thick,
            left,
            right,
        }
    }

    pub(super) fn height(&self) -> f64 {
        self.top + self.rows.len() as f64 * self.pitch + 4.0
    }

    pub(super) fn scale(&self, low: f64, high: f64) -> Scale {
        let high = if low < high { high } else { low + 1.0 };
        Scale {
            low,
            high,
            from: self.left,
            to: self.right,
        }
    }

    /// Where the bar of a row may lie.
    pub(super) fn track(&self, row: usize) -> Area {
        let top = self.top
            + row as f64 * self.pitch
            + if self.room.narrow {
                LINE + 4.0
            } else {
                (self.pitch - self.thick) / 2.0
            };
        Area {
            left: self.left,
            top,
            right: self.right,
            bottom: top + self.thick,
        }
    }

    /// The line from which bars start; on a phone beside the bars alone, as names stand between them.
    pub(super) fn draw_zero(&self, sheet: &mut Sheet, scale: Scale) {
        let x = scale.at(0.0);
        if self.room.narrow {
            for row in 0..self.rows.len() {
                let track = self.track(row);
                sheet.line((x, track.top - 1.0), (x, track.bottom + 1.0), MUTED, 1.0, None);
            }
        } else {
            sheet.line(
                (x, self.top),
                (x, self.top + self.rows.len() as f64 * self.pitch),
                MUTED,
                1.0,
                None,
            );
        }
    }

    /// Names and values.
    pub(super) fn draw(&self, sheet: &mut Sheet) {
        let value_room = self.room.width * 0.25;
        for (index, row) in self.rows.iter().enumerate() {
            let track = self.track(index);
            let value = text::shorten(&row.value, self.room.pick(value_room, self.room.width * 0.4));
            let value_width = text::width(&value);
            let base = if self.room.narrow {
                track.top - 5.0
            } else {
                (track.top + track.bottom) / 2.0 + SIZE * 0.35
            };
            let (place, anchor, room) = if self.room.narrow {
                ((2.0, base), Anchor::Start, self.room.width - value_width - 16.0)
            } else {
                ((self.left - 10.0, base), Anchor::End, self.left - 12.0)
            };
            sheet.text(place, anchor, INK, &text::shorten(&row.name, room));
            sheet.text((self.room.width - 2.0, base), Anchor::End, MUTED, &value);
        }
    }
}
