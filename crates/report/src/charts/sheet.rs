//! What charts are drawn on: a scene of a fixed width, and the few shapes that all of them use.

use kuva::render::color::Color;
use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};

use super::{About, svg, text};

/// How much room a drawing has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    /// Its width in pixels.
    pub(super) width: f64,
    /// Whether it is the one for phones.
    pub(super) narrow: bool,
}

impl Room {
    pub(super) const WIDE: Self = Self {
        width: 800.0,
        narrow: false,
    };
    pub(super) const MEDIUM: Self = Self {
        width: 460.0,
        narrow: false,
    };
    pub(super) const NARROW: Self = Self {
        width: 350.0,
        narrow: true,
    };

    /// The class of the style sheet for drawings of this width.
    fn class(self) -> &'static str {
        match self.width {
            width if width >= Self::WIDE.width => "wide",
            width if width >= Self::MEDIUM.width => "medium",
            _ => "narrow",
        }
    }

    /// One value for desks, another for phones.
    pub(super) fn pick<T>(self, wide: T, narrow: T) -> T {
        if self.narrow { narrow } else { wide }
    }
}

/// The colours of the page that charts use beside those of categories.
pub(super) const INK: &str = "var(--ink)";
pub(super) const MUTED: &str = "var(--muted)";
pub(super) const GRID: &str = "var(--grid)";
pub(super) const SURFACE: &str = "var(--card)";

/// How a shape is filled and outlined.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Paint<'a> {
    pub(super) fill: Option<&'a str>,
    pub(super) opacity: Option<f64>,
    pub(super) stroke: Option<&'a str>,
    pub(super) stroke_width: f64,
}

impl<'a> Paint<'a> {
    pub(super) fn fill(colour: &'a str) -> Self {
        Self {
            fill: Some(colour),
            ..Self::default()
        }
    }

    pub(super) fn tint(colour: &'a str, opacity: f64) -> Self {
        Self {
            fill: Some(colour),
            opacity: Some(opacity),
            ..Self::default()
        }
    }

    pub(super) fn outlined(self, colour: &'a str, width: f64) -> Self {
        Self {
            stroke: Some(colour),
            stroke_width: width,
            ..self
        }
    }
}

/// A box that something takes up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    pub(super) fn contains(self, (x, y): (f64, f64)) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }
}

/// Which side of a text lies at its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// What a text at a place takes up; `y` is its base line.
    pub(super) fn area(self, x: f64, y: f64, width: f64) -> Area {
        let left = match self {
            Self::Start => x,
            Self::Middle => x - width / 2.0,
            Self::End => x - width,
        };
        Area {
            left,
            top: y - text::SIZE * 0.8,
            right: left + width,
            bottom: y + text::SIZE * 0.25,
        }
    }
}

/// A drawing under way.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) room: Room,
    pub(super) scene: Scene,
}

impl Sheet {
    pub(super) fn new(room: Room, height: f64) -> Self {
        Self {
            room,
            scene: Scene::new(room.width, height.ceil()),
        }
    }

    pub(super) fn height(&self) -> f64 {
        self.scene.height
    }

    fn add(&mut self, primitive: Primitive) {
        self.scene.add(primitive);
    }

    /// What is drawn within belongs to one mark, which the tip describes.
    pub(super) fn mark(&mut self, tip: &str, draw: impl FnOnce(&mut Self)) {
        let title = (!tip.is_empty()).then(|| tip.to_owned());
        self.add(Primitive::GroupStart {
            transform: None,
            title,
            extra_attrs: None,
        });
        draw(self);
        self.add(Primitive::GroupEnd);
    }

    /// What is drawn within has a class of the style sheet.
    pub(super) fn class(&mut self, class: &str, draw: impl FnOnce(&mut Self)) {
        self.add(Primitive::GroupStart {
            transform: None,
            title: None,
            extra_attrs: Some(class.to_owned()),
        });
        draw(self);
        self.add(Primitive::GroupEnd);
    }

    pub(super) fn text(&mut self, place: (f64, f64), anchor: Anchor, colour: &str, content: &str) {
        self.write(place, anchor, colour, content, false);
    }

    pub(super) fn bold(&mut self, place: (f64, f64), anchor: Anchor, colour: &str, content: &str) {
        self.write(place, anchor, colour, content, true);
    }

    fn write(&mut self, (x, y): (f64, f64), anchor: Anchor, colour: &str, content: &str, bold: bool) {
        if content.is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Start => TextAnchor::Start,
            Anchor::Middle => TextAnchor::Middle,
            Anchor::End => TextAnchor::End,
        };
        // Ink is what text has anyway.
        let color = (colour != INK).then(|| css(colour));
        self.add(Primitive::Text {
            x,
            y,
            content: content.to_owned(),
            size: 12,
            anchor,
            rotate: None,
            bold,
            color,
        });
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64, dashes: Option<&str>) {
        self.add(Primitive::Line {
            x1: from.0,
            y1: from.1,
            x2: to.0,
            y2: to.1,
            stroke: css(colour),
            stroke_width: width,
            stroke_dasharray: dashes.map(str::to_owned),
        });
    }

    pub(super) fn polyline(&mut self, points: Vec<(f64, f64)>, colour: &str, width: f64, dashes: Option<&str>) {
        self.add(Primitive::PolyLine {
            points,
            stroke: css(colour),
            stroke_width: width,
            stroke_dasharray: dashes.map(str::to_owned),
        });
    }

    pub(super) fn rect(&mut self, area: Area, paint: Paint<'_>) {
        self.add(Primitive::Rect {
            x: area.left,
            y: area.top,
            width: area.width().max(0.0),
            height: area.height().max(0.0),
            fill: paint.fill.map_or(Color::None, css),
            stroke: paint.stroke.map(css),
            stroke_width: Some(paint.stroke_width),
            opacity: paint.opacity,
        });
    }

    /// A place that the pointer finds though nothing is seen there.
    pub(super) fn target(&mut self, area: Area) {
        self.rect(area, Paint::fill("transparent"));
    }

    pub(super) fn circle(&mut self, (cx, cy): (f64, f64), r: f64, paint: Paint<'_>) {
        self.add(Primitive::Circle {
            cx,
            cy,
            r,
            fill: paint.fill.map_or(Color::None, css),
            fill_opacity: None,
            stroke: paint.stroke.map(css),
            stroke_width: Some(paint.stroke_width),
        });
    }

    pub(super) fn path(&mut self, d: String, paint: Paint<'_>) {
        self.add(Primitive::Path(Box::new(PathData {
            d,
            fill: paint.fill.map(css),
            stroke: paint.stroke.map_or(Color::None, css),
            stroke_width: paint.stroke_width,
            opacity: paint.opacity,
            stroke_dasharray: None,
        })));
    }

    /// The drawing as an `svg` element, an image with a name.
    pub(super) fn finish(self, about: &About) -> String {
        let name = [about.title.as_str(), about.description.as_str()];
        let name = name
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(". ");
        format!(
            r#"<svg class="drawing {}" viewBox="0 0 {} {}" font-size="12" role="img" aria-label="{}">{}</svg>"#,
            self.room.class(),
            svg::number(self.room.width),
            svg::number(self.height()),
            svg::escape(&name),
            svg::write(&self.scene),
        )
    }
}

/// A colour as the page writes it. Not by `kuva`'s own reading, which takes `transparent` for no colour at all.
fn css(colour: &str) -> Color {
    Color::Css(colour.into())
}
