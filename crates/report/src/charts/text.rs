//! How wide a text is, before any browser has seen it.
//!
//! The page takes the reader's own font, so widths are estimated, by DejaVu Sans, which is wider than those that
//! browsers commonly choose: what fits by this measure fits on the page.

/// Hundredths of an em, for the characters from the space to the tilde.
const ADVANCES: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69,
    61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63,
    59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/// What bold letters are wider.
pub(super) const BOLD: f64 = 1.12;

/// The size of all text in charts, in pixels.
pub(super) const SIZE: f64 = 12.0;

/// How far one line of text lies below the other.
pub(super) const LINE: f64 = 16.0;

fn advance(character: char) -> f64 {
    let hundredths = match character {
        ' '..='~' => ADVANCES[character as usize - 32],
        '\u{2009}' | '\u{202f}' => 20,
        '\u{a0}' | '·' => 32,
        // Letters with accents, and signs of currencies.
        '\u{a1}'..='\u{24f}' | '\u{20a0}'..='\u{20bf}' => 76,
        '–' => 50,
        _ => 100,
    };
    f64::from(hundredths) / 100.0
}

/// How wide a text is, in pixels, at the size that charts write in.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(advance).sum::<f64>() * SIZE
}

/// The text, or as much of its beginning as fits, with an ellipsis. Nothing where not even three letters fit.
pub(super) fn shorten(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut left = room - advance('…') * SIZE;
    let kept: String = text
        .chars()
        .take_while(|&character| {
            left -= advance(character) * SIZE;
            left >= 0.0
        })
        .collect();
    let kept = kept.trim_end();
    if kept.chars().count() < 3 {
        String::new()
    } else {
        format!("{kept}…")
    }
}

/// The text in at most two lines of a width, of about the same length and broken between words; what does not fit is
/// cut.
pub(super) fn two_lines(text: &str, room: f64) -> Vec<String> {
    if width(text) <= room {
        return vec![text.to_owned()];
    }
    let breaks = text
        .char_indices()
        .filter(|(_, character)| *character == ' ')
        .map(|(at, _)| at);
    let longer_half = |at: &usize| width(&text[..*at]).max(width(&text[at + 1..]));
    let even = breaks
        .filter(|&at| width(&text[..at]) <= room)
        .min_by(|one, other| longer_half(one).total_cmp(&longer_half(other)));
    let lines = match even {
        Some(at) => vec![text[..at].to_owned(), shorten(&text[at + 1..], room)],
        None => vec![shorten(text, room)],
    };
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}
