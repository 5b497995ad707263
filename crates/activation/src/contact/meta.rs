//! What Meta's custom audiences want.
//!
//! Source: Meta, "Customer File Custom Audiences", hashing and normalization
//! (<https://developers.facebook.com/docs/marketing-api/custom-audience-api>), as copied at
//! <https://help.hcl-software.com/unica/Link/en/12.1.7/Link/Facebook/data_normalization.html>.

use super::country::country_code;
use super::email::email_key;
use super::name::{composed, is_letter, is_punctuation, plain_name};
use super::phone::phone_e164;
use super::states::state_code;

/// The rules by their platform and the month in which they were taken down.
pub(crate) const RULES: &str = "meta-2026-11";

/// The first year of birth that is taken.
const FIRST_YEAR: i16 = 1900;

/// The address: trimmed, in small letters.
pub(crate) fn email(text: &str) -> Option<String> {
    email_key(text)
}

/// The number in E.164 without its plus: digits alone.
pub(crate) fn phone(text: &str, country: Option<&str>) -> Option<String> {
    phone_e164(text, country).map(|number| number.trim_start_matches('+').to_owned())
}

/// A given or family name: small letters without punctuation; accents stay.
pub(crate) fn name(text: &str) -> Option<String> {
    let spoken: String = text.chars().filter(|&character| !is_punctuation(character)).collect();
    plain_name(&spoken)
}

/// The city: small letters alone; accents stay.
pub(crate) fn city(text: &str) -> Option<String> {
    letters(text)
}

/// The state: of the United States its code of two letters, elsewhere small letters alone.
pub(crate) fn state(text: &str, country: Option<&str>) -> Option<String> {
    if country.and_then(country_code) == Some("US") {
        return state_code(text).map(str::to_owned);
    }
    letters(text)
}

/// The postcode: small letters without white space; of the United States the first five digits, of the United Kingdom
/// area, district and sector.
pub(crate) fn zip(text: &str, country: Option<&str>) -> Option<String> {
    let zip: String = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let is_postcode = zip.starts_with(char::is_alphanumeric)
        && zip
            .chars()
            .all(|character| character.is_alphanumeric() || character == '-');
    if !is_postcode {
        return None;
    }
    match country.and_then(country_code) {
        Some("US") => {
            let digits = zip.split('-').next().unwrap_or_default();
            let is_code = matches!(digits.len(), 5 | 9) && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_code.then(|| digits[..5].to_owned())
        }
        Some("GB") => Some(sector(&zip).to_owned()),
        _ => Some(zip),
    }
}

/// The country by its code of two small letters.
pub(crate) fn country(text: &str) -> Option<String> {
    country_code(text).map(str::to_ascii_lowercase)
}

/// `f` or `m`; none for what the rules have no letter for.
pub(crate) fn gender(text: &str) -> Option<&'static str> {
    match text {
        "female" => Some("f"),
        "male" => Some("m"),
        _ => None,
    }
}

/// Year, month and day of birth with their zeros. None before 1900.
pub(crate) fn birth(year: i16, month: i8, day: i8) -> Option<[String; 3]> {
    (year >= FIRST_YEAR).then(|| [format!("{year:04}"), format!("{month:02}"), format!("{day:02}")])
}

fn letters(text: &str) -> Option<String> {
    let letters: String = composed(text)
        .chars()
        .filter(|&character| is_letter(character))
        .flat_map(char::to_lowercase)
        .collect();
    (!letters.is_empty()).then_some(letters)
}

/// A British postcode without the two letters of the unit.
fn sector(zip: &str) -> &str {
    let bytes = zip.as_bytes();
    match bytes {
        [.., digit, one, other]
            if bytes.len() >= 5
                && digit.is_ascii_digit()
                && one.is_ascii_alphabetic()
                && other.is_ascii_alphabetic() =>
        {
            &zip[..zip.len() - 2]
        }
        _ => zip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::sha256_hex;

    #[test]
    fn addresses_keep_dots_and_what_follows_a_plus() {
        assert_eq!(
            email(" Cloudy.SanFrancisco+Shopping@gmail.com ").as_deref(),
            Some("cloudy.sanfrancisco+shopping@gmail.com")
        );
        // Only Google takes spaces out of the middle.
        assert_eq!(email("first last@example.com"), None);
        assert_eq!(email(""), None);
    }

    #[test]
    fn numbers_are_digits_alone() {
        assert_eq!(phone("(800)555-0100", Some("US")).as_deref(), Some("18005550100"));
        let hash = phone("(800)555-0100", Some("US")).map(|number| sha256_hex(&number));
        // printf '18005550100' | sha256sum
        assert_eq!(hash.as_deref(), Some(DIGITS_HASH));
        assert_eq!(phone("+39 06 698 12345", None).as_deref(), Some("390669812345"));
        assert_eq!(phone("", Some("US")), None);
    }

    const DIGITS_HASH: &str = "92cfdc5fbcd4a20fbe5d3857af6c1aba31762105bba7f21a17155e920653046c";

    #[test]
    fn names_lose_punctuation_and_keep_accents() {
        for (text, normalized) in [
            ("O'Brien", "obrien"),
            ("  José-Luis ", "joséluis"),
            ("Müller, ", "müller"),
            ("Mª Ángeles", "mª ángeles"),
            ("李明", "李明"),
            ("D’Angelo", "dangelo"),
        ] {
            assert_eq!(name(text).as_deref(), Some(normalized), "{text}");
        }
        for text in ["", " ", "-", "...", "123"] {
            assert_eq!(name(text), None, "{text}");
        }
    }

    #[test]
    fn places_are_small_letters() {
        assert_eq!(city("San Sebastián (2)").as_deref(), Some("sansebastián"));
        assert_eq!(city("123"), None);
        assert_eq!(state("CA", Some("US")).as_deref(), Some("ca"));
        assert_eq!(state("New York", Some("US")).as_deref(), Some("ny"));
        assert_eq!(state("Bavaria", Some("US")), None);
        assert_eq!(
            state("Castilla-La Mancha", Some("ES")).as_deref(),
            Some("castillalamancha")
        );
        assert_eq!(country("United Kingdom").as_deref(), Some("gb"));
        assert_eq!(country("Atlantis"), None);
    }

    #[test]
    fn postcodes_follow_their_country() {
        for (text, country, normalized) in [
            ("94104-1234", Some("US"), "94104"),
            ("941041234", Some("US"), "94104"),
            ("SW1A 1AA", Some("GB"), "sw1a1"),
            ("M1 1AE", Some("GB"), "m11"),
            ("SW1A", Some("GB"), "sw1a"),
            ("1000-205", Some("PT"), "1000-205"),
            (" 28 001 ", Some("ES"), "28001"),
            ("K1A 0B1", Some("CA"), "k1a0b1"),
        ] {
            assert_eq!(zip(text, country).as_deref(), Some(normalized), "{text}");
        }
        for (text, country) in [("", None), ("=1", None), ("9410", Some("US")), ("n/a", None)] {
            assert_eq!(zip(text, country), None, "{text}");
        }
    }

    #[test]
    fn gender_and_birth_have_fixed_forms() {
        assert_eq!(
            (gender("female"), gender("male"), gender("other")),
            (Some("f"), Some("m"), None)
        );
        assert_eq!(birth(1985, 3, 7), Some(["1985", "03", "07"].map(str::to_owned)));
        assert_eq!(birth(1899, 12, 31), None);
    }
}
