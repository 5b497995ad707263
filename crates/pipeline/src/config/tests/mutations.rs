//! Shipped pipeline files with random damage: nothing panics, and what is refused is refused at a place.

use std::fs;
use std::path::Path;

use super::super::{ConfigError, parse};
use super::{PLAIN, no_variables};

const ROUNDS: usize = 20_000;
const MOST_MUTATIONS: usize = 4;

/// Pieces that are close to what pipeline files hold.
const PIECES: [&str; 38] = [
    "[source.format]\n",
    "[[source]]\n",
    "[order_lines]\n",
    "[[order_lines.kind]]\n",
    "[rfm]\n",
    "[source.columns]\n",
    "type = \"json\"\n",
    "encoding = \"utf-16\"\n",
    "comment = \"#\"\n",
    "skip_lines = 3\n",
    "negatives = [\"parentheses\"]\n",
    "currency_signs = [\"5\"]\n",
    "percent = true\n",
    "date_formats = [\"%d/%m/%Y\", \"%m/%d/%Y\"]\n",
    "formats = [\"%Y\"]",
    "{ column = 3, format = \"%Y-%m-%d\" }",
    "{ value = \"x\" }",
    "values = { \"a\" = \"b\" }",
    "= ",
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\n",
    "\r\n",
    "#",
    "\\",
    "0",
    "-1",
    "1e999",
    "99999999999999999999",
    "\u{e9}\u{1F600}",
    "${HOME}",
    "\0",
];

/// A stream of numbers, the same on every machine (SplitMix64, Steele et al., 2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % limit.max(1)
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut place = self.below(text.len() + 1);
        while !text.is_char_boundary(place) {
            place -= 1;
        }
        place
    }
}

fn mutate(text: &mut String, others: &[String], numbers: &mut Numbers) {
    let place = numbers.place(text);
    let line_of = |text: &str, place: usize| {
        let start = text[..place].rfind('\n').map_or(0, |at| at + 1);
        let end = text[place..].find('\n').map_or(text.len(), |at| place + at + 1);
        (start, end)
    };
    match numbers.below(8) {
        0 => text.insert_str(place, PIECES[numbers.below(PIECES.len())]),
        1 => {
            let end = numbers.place(text);
            let (start, end) = (place.min(end), place.max(end));
            let few = text[start..end]
                .char_indices()
                .nth(12)
                .map_or(end, |(at, _)| start + at);
            text.replace_range(start..few, "");
        }
        2 => {
            let (start, end) = line_of(text, place);
            text.replace_range(start..end, "");
        }
        3 => {
            let (start, end) = line_of(text, place);
            let line = text[start..end].to_owned();
            let elsewhere = numbers.place(text);
            let (start, _) = line_of(text, elsewhere);
            text.insert_str(start, &line);
        }
        4 => {
            let other = &others[numbers.below(others.len())];
            let (start, end) = line_of(other, numbers.place(other));
            let line = other[start..end].to_owned();
            let (start, _) = line_of(text, place);
            text.insert_str(start, &line);
        }
        5 => {
            // A value in place of another.
            let (start, end) = line_of(text, place);
            let equals = text[start..end].find('=').map(|at| start + at + 1);
            if let Some(value) = equals {
                let piece = PIECES[numbers.below(PIECES.len())].trim_end();
                text.replace_range(value..end, &format!(" {piece}\n"));
            }
        }
        6 => text.truncate(place),
        _ => {
            if let Some(character) = text[place..].chars().next() {
                let piece = PIECES[numbers.below(PIECES.len())];
                text.replace_range(place..place + character.len_utf8(), piece);
            }
        }
    }
}

#[test]
fn damaged_files_are_refused_at_a_place_and_never_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the shipped pipelines")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let shipped = paths.iter().map(|path| fs::read_to_string(path).expect("text"));
    let texts: Vec<String> = shipped.chain([PLAIN.to_owned()]).collect();
    assert!(texts.len() > 3, "{paths:?}");
    let mut numbers = Numbers(42);
    let (mut refused, mut accepted) = (0, 0);
    for _ in 0..ROUNDS {
        let mut text = texts[numbers.below(texts.len())].clone();
        for _ in 0..=numbers.below(MOST_MUTATIONS) {
            mutate(&mut text, &texts, &mut numbers);
        }
        match parse(Path::new("damaged.toml"), &text, &no_variables) {
            Ok(_) => accepted += 1,
            Err(ConfigError::Invalid(diagnostic)) => {
                refused += 1;
                let excerpt = &diagnostic.excerpt;
                let line = text
                    .split('\n')
                    .nth(excerpt.line - 1)
                    .map(|line| line.trim_end_matches('\r'));
                assert_eq!(line, Some(excerpt.text.as_str()), "{diagnostic}\n{text}");
                let message = diagnostic.to_string();
                assert!(
                    message.starts_with("damaged.toml:") && message.lines().count() > 1,
                    "{message}"
                );
            }
            Err(other) => panic!("{other}\n{text}"),
        }
    }
    // Damage that hits a comment or a name is none; most of it is.
    assert!(
        refused > ROUNDS / 2 && accepted > ROUNDS / 100,
        "{refused} refused, {accepted} accepted"
    );
}
