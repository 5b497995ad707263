//! Countries by code or name, because sources hold either.

use std::collections::HashMap;
use std::sync::LazyLock;

/// ISO 3166-1 alpha-2 code, then what else the country is called, in small letters with and without accents: the
/// alpha-3 code, its names in English, Spanish, French, German, Italian, Portuguese and Catalan and, for some, its own
/// language (from Unicode CLDR), and a few that people write (`uk`, `holland`).
const TABLE: &str = include_str!("countries.tsv");

static CODES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    TABLE
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(code, names)| names.split('\t').map(move |name| (name, code)).chain([(code, code)]))
        .collect()
});

/// The ISO 3166-1 alpha-2 code, in capitals, of a country given as a code of two or three letters or as a name. None
/// where it is not known for sure.
///
/// ```
/// use cartera_activation::contact::country_code;
///
/// assert_eq!(country_code(" es "), Some("ES"));
/// assert_eq!(country_code("DEU"), Some("DE"));
/// assert_eq!(country_code("España"), Some("ES"));
/// assert_eq!(country_code("Unspecified"), None);
/// ```
pub fn country_code(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.len() == 2 {
        let capitals = text.to_ascii_uppercase();
        if let Some(code) = CODES.get(capitals.as_str()) {
            return Some(code);
        }
    }
    CODES.get(text.to_lowercase().as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_read() {
        for (text, code) in [
            ("ES", "ES"),
            ("gb", "GB"),
            ("UK", "GB"),
            ("United Kingdom", "GB"),
            ("EIRE", "IE"),
            ("usa", "US"),
            ("Channel Islands", ""),
            ("Deutschland", "DE"),
            ("PAÍSES BAJOS", "NL"),
            ("paises bajos", "NL"),
            ("Côte d'Ivoire", "CI"),
            ("", ""),
            ("xx", ""),
            ("European Community", ""),
        ] {
            assert_eq!(country_code(text).unwrap_or_default(), code, "{text}");
        }
    }

    #[test]
    fn no_name_stands_for_two_countries() {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for (code, names) in TABLE.lines().filter_map(|line| line.split_once('\t')) {
            for name in names.split('\t') {
                assert_eq!(seen.insert(name, code).unwrap_or(code), code, "{name}");
                assert_eq!(name, name.to_lowercase());
            }
        }
        assert_eq!(TABLE.lines().count(), 250);
    }
}
