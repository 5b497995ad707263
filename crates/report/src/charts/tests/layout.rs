//! Reads drawings back: where their texts and marks lie.

use super::super::sheet::{Anchor, Area};
use super::super::text;

/// A drawing as it was read.
pub(super) struct Drawn {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) texts: Vec<Area>,
    pub(super) marks: Vec<(f64, f64)>,
}

pub(super) fn drawn(svg: &str) -> Drawn {
    let mut read = Drawn {
        width: 0.0,
        height: 0.0,
        texts: Vec::new(),
        marks: Vec::new(),
    };
    for element in svg.split('<').skip(1) {
        let number = |name: &str| {
            attribute(element, name)
                .and_then(|value| value.parse::<f64>().ok())
                .unwrap_or(f64::NAN)
        };
        match element.split(' ').next().unwrap_or("") {
            "svg" => {
                let mut size = attribute(element, "viewBox")
                    .unwrap_or("")
                    .split(' ')
                    .skip(2)
                    .filter_map(|part| part.parse().ok());
                (read.width, read.height) = (size.next().expect("a width"), size.next().expect("a height"));
            }
            "text" => {
                let content = element.split_once('>').expect("content").1;
                let content = content
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&#39;", "'")
                    .replace("&amp;", "&");
                let anchor = match attribute(element, "text-anchor") {
                    Some("middle") => Anchor::Middle,
                    Some("end") => Anchor::End,
                    _ => Anchor::Start,
                };
                let is_bold = attribute(element, "font-weight").is_some();
                let width = if is_bold {
                    text::width(&content) * text::BOLD
                } else {
                    text::width(&content)
                };
                read.texts.push(anchor.area(number("x"), number("y"), width));
            }
            "rect" => {
                let (x, y) = (number("x"), number("y"));
                read.marks.extend([(x, y), (x + number("width"), y + number("height"))]);
            }
            "circle" => {
                let (x, y, r) = (number("cx"), number("cy"), number("r"));
                read.marks.extend([(x - r, y - r), (x + r, y + r)]);
            }
            "path" => read.marks.extend(points(attribute(element, "d").unwrap_or(""))),
            _ => {}
        }
    }
    read
}

/// The areas of the rectangles of a drawing.
pub(super) fn rect_areas(svg: &str) -> Vec<f64> {
    let rects = svg.split('<').filter(|element| element.starts_with("rect "));
    let number = |rect: &str, name| {
        attribute(rect, name)
            .and_then(|value| value.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    rects
        .map(|rect| number(rect, "width") * number(rect, "height"))
        .collect()
}

fn attribute<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    let start = element.find(&format!(" {name}=\""))? + name.len() + 3;
    element[start..].split('"').next()
}

fn points(d: &str) -> Vec<(f64, f64)> {
    let numbers: Vec<f64> = d
        .split(|character: char| character.is_ascii_alphabetic() || character == ' ')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().expect("a number"))
        .collect();
    numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}
