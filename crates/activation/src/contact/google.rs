//! What Google's Customer Match wants.
//!
//! Source: Google, "Format user data" of the Data Manager API
//! (<https://developers.google.com/data-manager/api/devguides/concepts/formatting>) and "Format your customer data file"
//! (<https://support.google.com/google-ads/answer/7659867>). The rules change: an older state of the first page took
//! dots out of Gmail addresses and left what follows a plus.

use super::country::country_code;
use super::email::{INVISIBLE, email_key};
use super::name::plain_name;
use super::phone::phone_e164;

/// The rules by their platform and the month in which they were taken down.
pub(crate) const RULES: &str = "google-2026-11";

/// Domains whose mail server knows no dots and no tags in the name.
const GMAIL: [&str; 2] = ["gmail.com", "googlemail.com"];

/// Titles that are no part of a given name. `Don` is not among them, as it is a name too; nor are single letters.
const TITLES: [&str; 32] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "dra",
    "prof",
    "sir",
    "madam",
    "rev",
    "fr",
    "hon",
    "sr",
    "sra",
    "srta",
    "dña",
    "doña",
    "herr",
    "frau",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "mademoiselle",
    "sig",
    "sig.ra",
    "dott",
    "dott.ssa",
    "mag",
    "ing",
    "lic",
];

/// What follows a family name and is no part of it.
const SUFFIXES: [&str; 10] = ["jr", "sr", "jnr", "snr", "ii", "iii", "iv", "phd", "ph.d", "esq"];

/// The address: small letters, no white space at all; of Gmail addresses no dots in the name and nothing from a plus on.
pub(crate) fn email(text: &str) -> Option<String> {
    let without_spaces: String = text
        .chars()
        .filter(|character| !character.is_whitespace() && !INVISIBLE.contains(character))
        .collect();
    let address = email_key(&without_spaces)?;
    let (name, domain) = address.split_once('@')?;
    if !GMAIL.contains(&domain) {
        return Some(address);
    }
    let untagged = name.split('+').next().unwrap_or_default();
    let mailbox = untagged.replace('.', "");
    (!mailbox.is_empty()).then(|| format!("{mailbox}@{domain}"))
}

/// The number in E.164, with its plus.
pub(crate) fn phone(text: &str, country: Option<&str>) -> Option<String> {
    phone_e164(text, country)
}

/// The given name: small letters, no titles.
pub(crate) fn first_name(text: &str) -> Option<String> {
    let name = plain_name(text)?;
    let mut rest = name.as_str();
    while let Some((word, after)) = rest.split_once(' ') {
        if !TITLES.contains(&word.trim_end_matches('.')) {
            break;
        }
        rest = after;
    }
    Some(rest.to_owned())
}

/// The family name: small letters, no suffixes such as Jr.
pub(crate) fn last_name(text: &str) -> Option<String> {
    let name = plain_name(text)?;
    let mut rest = name.as_str();
    while let Some((before, word)) = rest.rsplit_once(' ') {
        if !SUFFIXES.contains(&word.trim_end_matches('.')) {
            break;
        }
        rest = before.trim_end_matches([',', ' ']);
    }
    plain_name(rest)
}

/// The country by its code of two letters, not hashed.
pub(crate) fn country(text: &str) -> Option<&'static str> {
    country_code(text)
}

/// The postcode as it is written, not hashed. None where signs stand in it that no postcode has.
pub(crate) fn zip(text: &str) -> Option<String> {
    let zip = text.trim();
    let is_postcode = zip
        .chars()
        .any(|character| character.is_ascii_digit() || character.is_alphabetic())
        && zip.starts_with(char::is_alphanumeric)
        && zip
            .chars()
            .all(|character| character.is_alphanumeric() || matches!(character, ' ' | '-'));
    is_postcode.then(|| zip.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::sha256_hex;

    #[test]
    fn addresses_follow_the_vectors() {
        for (text, normalized) in [
            ("cloudy.sanfrancisco+shopping@gmail.com", "cloudysanfrancisco@gmail.com"),
            ("user.name+NYC@Example.com", "user.name+nyc@example.com"),
            (
                " Cloudy. Sanfrancisco@GoogleMail.com ",
                "cloudysanfrancisco@googlemail.com",
            ),
            ("first last@example.com", "firstlast@example.com"),
        ] {
            assert_eq!(email(text).as_deref(), Some(normalized), "{text}");
        }
        for text in ["", " ", "+tag@gmail.com", "nobody"] {
            assert_eq!(email(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_have_their_plus() {
        assert_eq!(phone("(800)555-0100", Some("US")).as_deref(), Some("+18005550100"));
        let hash = phone("(800)555-0100", Some("US")).map(|number| sha256_hex(&number));
        // printf '+18005550100' | sha256sum
        assert_eq!(hash.as_deref(), Some(PLUS_HASH));
        assert_eq!(phone("", Some("US")), None);
    }

    const PLUS_HASH: &str = "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30";

    #[test]
    fn titles_and_suffixes_are_no_part_of_names() {
        for (text, normalized) in [
            ("Mrs. Ana María", "ana maría"),
            ("  José  Luis ", "josé luis"),
            ("Prof. Dr. Eva", "eva"),
            ("Dña. Pilar", "pilar"),
            ("Don", "don"),
            ("Ms", "ms"),
            ("O'Brien", "o'brien"),
        ] {
            assert_eq!(first_name(text).as_deref(), Some(normalized), "{text}");
        }
        for (text, normalized) in [
            ("Smith, Jr.", "smith"),
            ("King III", "king"),
            ("Ruiz-Pérez", "ruiz-pérez"),
        ] {
            assert_eq!(last_name(text).as_deref(), Some(normalized), "{text}");
        }
        for text in ["", "  ", "-", ".", "123"] {
            assert_eq!((first_name(text), last_name(text)), (None, None), "{text}");
        }
    }

    #[test]
    fn country_and_postcode_stay_in_clear() {
        assert_eq!(country("Spain"), Some("ES"));
        assert_eq!(zip(" WC2H 8LG ").as_deref(), Some("WC2H 8LG"));
        assert_eq!(zip("1000-205").as_deref(), Some("1000-205"));
        for text in ["", "=1+1", "-1", "a;b", "--"] {
            assert_eq!(zip(text), None, "{text}");
        }
    }
}
