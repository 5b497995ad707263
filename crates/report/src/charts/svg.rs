//! Writes a scene as SVG that takes its colours and its font from the page.
//!
//! `kuva` has a writer of its own, for files that stand alone: it names fonts, paints a background and gives
//! coordinates all their digits. Thousands of marks on one page want less.

use kuva::render::color::Color;
use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};

/// One decimal, which is finer than what can be seen, and no more characters than needed.
pub(super) fn number(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as the content of an element or between double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("&#10;"),
            // No document may hold these, escaped or not.
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The elements of the scene, without the `svg` around them.
pub(super) fn write(scene: &Scene) -> String {
    scene.elements.iter().map(element).collect()
}

fn element(primitive: &Primitive) -> String {
    match primitive {
        Primitive::Circle {
            cx,
            cy,
            r,
            fill,
            stroke,
            stroke_width,
            ..
        } => format!(
            r#"<circle cx="{}" cy="{}" r="{}"{}{}/>"#,
            number(*cx),
            number(*cy),
            number(*r),
            fill_of(fill),
            stroke_of(stroke.as_ref(), *stroke_width, None),
        ),
        Primitive::Text {
            x,
            y,
            content,
            anchor,
            bold,
            color,
            ..
        } => text(*x, *y, content, *anchor, *bold, color),
        Primitive::Line {
            x1,
            y1,
            x2,
            y2,
            stroke,
            stroke_width,
            stroke_dasharray,
        } => format!(
            r#"<path d="M{} {}L{} {}"{}/>"#,
            number(*x1),
            number(*y1),
            number(*x2),
            number(*y2),
            stroke_of(Some(stroke), Some(*stroke_width), stroke_dasharray.as_deref()),
        ),
        Primitive::Path(path) => shape(path),
        Primitive::Rect {
            x,
            y,
            width,
            height,
            fill,
            stroke,
            stroke_width,
            opacity,
        } => format!(
            r#"<rect x="{}" y="{}" width="{}" height="{}"{}{}{}/>"#,
            number(*x),
            number(*y),
            number(*width),
            number(*height),
            fill_of(fill),
            opacity_of(*opacity),
            stroke_of(stroke.as_ref(), *stroke_width, None),
        ),
        Primitive::PolyLine {
            points,
            stroke,
            stroke_width,
            stroke_dasharray,
        } => format!(
            r#"<path d="{}" fill="none" stroke-linejoin="round"{}/>"#,
            path_through(points),
            stroke_of(Some(stroke), Some(*stroke_width), stroke_dasharray.as_deref()),
        ),
        Primitive::GroupStart { title, extra_attrs, .. } => group(title.as_deref(), extra_attrs.as_deref()),
        Primitive::GroupEnd => "</g>".to_owned(),
        // Nothing here draws by these; `kuva` uses them for what the sheet does not ask it for.
        Primitive::RichText { .. }
        | Primitive::CircleBatch { .. }
        | Primitive::RectBatch { .. }
        | Primitive::ClipStart { .. }
        | Primitive::ClipEnd => String::new(),
    }
}

fn text(x: f64, y: f64, content: &str, anchor: TextAnchor, bold: bool, colour: &Option<Color>) -> String {
    let anchor = match anchor {
        TextAnchor::Start => "",
        TextAnchor::Middle => r#" text-anchor="middle""#,
        TextAnchor::End => r#" text-anchor="end""#,
    };
    let weight = if bold { r#" font-weight="600""# } else { "" };
    let fill = colour.as_ref().map(fill_of).unwrap_or_default();
    format!(
        r#"<text x="{}" y="{}"{anchor}{weight}{fill}>{}</text>"#,
        number(x),
        number(y),
        escape(content)
    )
}

fn shape(path: &PathData) -> String {
    let PathData {
        d,
        fill,
        stroke,
        stroke_width,
        opacity,
        stroke_dasharray,
    } = path;
    let fill = fill_of(fill.as_ref().unwrap_or(&Color::None));
    let stroke = stroke_of(Some(stroke), Some(*stroke_width), stroke_dasharray.as_deref());
    format!(r#"<path d="{}"{fill}{}{stroke}/>"#, escape(d), opacity_of(*opacity))
}

/// A mark with its tip, or a group of a class.
fn group(tip: Option<&str>, class: Option<&str>) -> String {
    match (tip, class) {
        (Some(tip), _) => format!(r#"<g class="mark" data-tip="{}">"#, escape(tip)),
        (None, Some(class)) => format!(r#"<g class="{}">"#, escape(class)),
        (None, None) => "<g>".to_owned(),
    }
}

/// A path along points.
pub(super) fn path_through(points: &[(f64, f64)]) -> String {
    points
        .iter()
        .enumerate()
        .map(|(at, &(x, y))| format!("{}{} {}", if at == 0 { 'M' } else { 'L' }, number(x), number(y)))
        .collect()
}

fn fill_of(colour: &Color) -> String {
    format!(r#" fill="{}""#, colour.to_svg_string())
}

fn opacity_of(opacity: Option<f64>) -> String {
    opacity
        .map(|opacity| format!(r#" fill-opacity="{}""#, (opacity * 100.0).round() / 100.0))
        .unwrap_or_default()
}

fn stroke_of(colour: Option<&Color>, width: Option<f64>, dashes: Option<&str>) -> String {
    let Some(colour) = colour.filter(|colour| !matches!(colour, Color::None)) else {
        return String::new();
    };
    let width = width
        .filter(|&width| width != 1.0)
        .map(|width| format!(r#" stroke-width="{}""#, number(width)));
    let dashes = dashes.map(|dashes| format!(r#" stroke-dasharray="{}""#, escape(dashes)));
    format!(
        r#" stroke="{}"{}{}"#,
        colour.to_svg_string(),
        width.unwrap_or_default(),
        dashes.unwrap_or_default()
    )
}
