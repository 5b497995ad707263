//! The key of a telephone number: E.164.

use phonelib::{PhoneNumber, PhoneNumberType};

use super::country::country_code;
use super::email::without_apostrophe;

/// Digits of an extension, at most: what is longer is a second number.
const LONGEST_EXTENSION: usize = 6;

/// Digits of a national number that is written without the zero before its area code, at least, where the lengths of a
/// country differ: what is shorter is a local number without an area code.
const SHORTEST_WITHOUT_TRUNK: usize = 9;

/// Digits from which a number that begins with its country's calling code, and could be a national one too, has it.
const SHORTEST_WITH_CALLING_CODE: usize = 12;

/// Countries whose ranges the crate knows too little of to tell that a number is of none (held against libphonenumber
/// 9: of its valid fixed and mobile numbers, more than one in fifty). Everywhere else such a number is refused.
const RANGES_NOT_KNOWN: [&str; 13] = [
    "BJ", "BQ", "CL", "DK", "FM", "IN", "MU", "MX", "PM", "SH", "UZ", "WF", "ZA",
];

/// French numbers that are dialled so at home and are of overseas territories, which have calling codes of their own.
const FRENCH_OVERSEAS: [&str; 12] = [
    "262", "590", "594", "596", "639", "690", "691", "692", "693", "694", "696", "697",
];

/// The number in the form in which two are compared: `+`, calling code and national number. None where the text cannot
/// be read for sure as one number.
///
/// `country` says how a number without a calling code is read, as a code or a name; where it is None or not known, only
/// numbers with `+` or `00` are read. A number's own calling code goes before the country. An extension is left out.
/// The zero of Italian numbers stays, as it belongs to them.
///
/// ```
/// use cartera_activation::contact::phone_e164;
///
/// assert_eq!(phone_e164("600 12 34 56", Some("ES")), Some("+34600123456".to_owned()));
/// assert_eq!(phone_e164("(800)555-0100", Some("United States")), Some("+18005550100".to_owned()));
/// assert_eq!(phone_e164("0044 7911 123456", None), Some("+447911123456".to_owned()));
/// assert_eq!(phone_e164("600 12 34 56", None), None);
/// ```
pub fn phone_e164(text: &str, country: Option<&str>) -> Option<String> {
    let number = main_number(without_decimals(without_apostrophe(text.trim())))?;
    let country = country.and_then(country_code);
    if let Some(after_plus) = number.trim_start_matches(['(', ' ']).strip_prefix(['+', '\u{ff0b}']) {
        // A calling code begins with no zero: this is a national number to which somebody put a plus.
        if after_plus
            .trim_start_matches(|character: char| !character.is_numeric())
            .starts_with(['0', '\u{ff10}'])
        {
            return None;
        }
        return accepted(PhoneNumber::parse(number)?);
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match country {
        Some(country) => of_country(number, &digits, country),
        // Without a country the crate takes eleven digits that begin with 1 for a number of North America.
        None if digits.starts_with("00") && !digits.starts_with("000") => accepted(PhoneNumber::parse(number)?),
        None => None,
    }
}

/// A number without `+`, read as one is written in that country.
fn of_country(number: &str, digits: &str, country: &str) -> Option<String> {
    let national = PhoneNumber::parse_with_country(number, country).and_then(accepted);
    let plan = phonelib::country_by_code(country)?;
    if digits.starts_with('0') || plan.prefix == 1 || plan.prefix >= 1000 {
        return national;
    }
    let global = if digits.starts_with(&plan.prefix.to_string()) {
        PhoneNumber::parse(&format!("+{digits}")).and_then(accepted)
    } else {
        None
    };
    match (national, global) {
        (national, Some(global))
            if digits.len() >= SHORTEST_WITH_CALLING_CODE || national.as_ref() == Some(&global) =>
        {
            Some(global)
        }
        (Some(_), Some(_)) => None,
        (None, global) => global,
        (Some(national), None) => {
            let longest = plan.phone_lengths.iter().max().map_or(0, |&length| usize::from(length));
            let shortest = plan.phone_lengths.iter().min().map_or(0, |&length| usize::from(length));
            // Italian numbers have no area code to leave out: they are dialled whole everywhere.
            let can_be_local =
                country != "IT" && longest - shortest >= 3 && digits.len() < SHORTEST_WITHOUT_TRUNK.min(longest);
            (!can_be_local).then_some(national)
        }
    }
}

/// The number, if it is of a known range of its country.
fn accepted(number: PhoneNumber) -> Option<String> {
    let national = number.national_number();
    let country = number.country().code;
    let right = match country {
        // A number without its leading zero, as spreadsheets leave it, is another one or none; and the lengths that
        // the crate allows are those of all kinds of numbers.
        "IT" | "VA" => match national.as_bytes().first() {
            Some(b'0') => matches!(national.len(), 6..=11),
            Some(b'3') => matches!(national.len(), 9 | 10),
            Some(b'5') => national.starts_with("55") && national.len() == 10,
            Some(b'8') => true,
            _ => false,
        },
        "FR" => !FRENCH_OVERSEAS.iter().any(|prefix| national.starts_with(prefix)),
        _ => true,
    };
    let of_a_range = number.phone_type() != PhoneNumberType::Unknown || RANGES_NOT_KNOWN.contains(&country);
    (right && of_a_range).then(|| number.e164().to_owned())
}

/// The text without the `.0` that a number gets where a program took its column for measurements.
fn without_decimals(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, decimals))
            if !whole.is_empty()
                && !decimals.is_empty()
                && whole.bytes().all(|byte| byte.is_ascii_digit())
                && decimals.bytes().all(|byte| byte == b'0')
                && whole.len() >= 7 =>
        {
            whole
        }
        _ => text,
    }
}

/// The text up to an extension. None where letters stand in it that begin none (the crate would take them for the
/// digits of a telephone's keys), or where what would be the extension is a second number.
fn main_number(text: &str) -> Option<&str> {
    let text = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => text[4..].trim_start(),
        _ => text,
    };
    let Some(end) = text.find(|character: char| character.is_alphabetic() || ",;#".contains(character)) else {
        return Some(text);
    };
    let tail = text[end..]
        .trim_start_matches([',', ';', '#', ' '])
        .to_ascii_lowercase();
    let digits = ["extension", "extn", "ext", "x"]
        .iter()
        .find_map(|marker| tail.strip_prefix(marker))
        .unwrap_or(&tail)
        .trim_matches([':', '-', '.', '=', ' ']);
    (digits.len() <= LONGEST_EXTENSION && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(text[..end].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cases: &[(&str, &str, &str)]) {
        for (text, country, expected) in cases {
            let country = (!country.is_empty()).then_some(*country);
            assert_eq!(
                phone_e164(text, country).unwrap_or_default(),
                *expected,
                "{text} {country:?}"
            );
        }
    }

    #[test]
    fn numbers_of_a_country_get_its_calling_code() {
        check(&[
            ("600 12 34 56", "ES", "+34600123456"),
            ("91-123.45.67", "España", "+34911234567"),
            ("34600123456", "ES", "+34600123456"),
            ("600123456.0", "ES", "+34600123456"),
            ("'+34600123456", "ES", "+34600123456"),
            ("912 345 678", "PT", "+351912345678"),
            ("06 12 34 56 78", "FR", "+33612345678"),
            ("612345678", "FR", "+33612345678"),
            ("0151 12345678", "DE", "+4915112345678"),
            ("15112345678", "DE", "+4915112345678"),
            ("4915112345678", "DE", "+4915112345678"),
            ("030/1234567-0", "DE", "+493012345670"),
            ("07911 123456", "GB", "+447911123456"),
            ("7911123456", "UK", "+447911123456"),
            ("020 7946 0958", "GB", "+442079460958"),
            ("0660 1234567", "AT", "+436601234567"),
            ("079 123 45 67", "CH", "+41791234567"),
            ("0470 12 34 56", "BE", "+32470123456"),
            ("06 12345678", "NL", "+31612345678"),
            ("978 04 448", "NO", "+4797804448"),
            ("92 75 23 23", "DK", "+4592752323"),
            ("664 123 4567", "MX", "+526641234567"),
        ]);
    }

    #[test]
    fn the_zero_of_italian_numbers_stays() {
        check(&[
            ("06 698 12345", "IT", "+390669812345"),
            ("02 1234567", "IT", "+39021234567"),
            ("+39 06 1234567", "ES", "+39061234567"),
            ("011 1234567", "IT", "+390111234567"),
            ("333 1234567", "IT", "+393331234567"),
            ("393 1234567", "IT", "+393931234567"),
            ("393331234567", "IT", "+393331234567"),
            // The zero was lost.
            ("612345678", "IT", ""),
        ]);
    }

    #[test]
    fn numbers_of_north_america_are_read_in_every_form() {
        check(&[
            ("(800)555-0100", "US", "+18005550100"),
            ("202.555.0173", "US", "+12025550173"),
            ("1 202 555 0173", "US", "+12025550173"),
            ("+1 (202) 555-0173 ext. 42", "", "+12025550173"),
            ("202-555-0173 x42", "US", "+12025550173"),
            ("202-555-0173,42", "US", "+12025550173"),
            ("tel:+1-202-555-0173;ext=42", "", "+12025550173"),
            ("(416) 555-0123", "Canada", "+14165550123"),
            ("011 34 600 123 456", "US", "+34600123456"),
            ("555-0173", "US", ""),
            ("(111) 555-0173", "US", ""),
        ]);
    }

    #[test]
    fn the_own_calling_code_goes_before_the_country() {
        check(&[
            ("+34 600 123 456", "FR", "+34600123456"),
            ("0034 600 123 456", "FR", "+34600123456"),
            ("(0034) 600 123 456", "", "+34600123456"),
            ("+44 (0)20 7946 0958", "US", "+442079460958"),
            ("+44 07911 123456", "", "+447911123456"),
            ("＋３４ 600123456", "", "+34600123456"),
        ]);
    }

    #[test]
    fn what_cannot_be_read_for_sure_is_none() {
        check(&[
            ("", "ES", ""),
            ("-", "ES", ""),
            ("n/a", "ES", ""),
            ("0", "ES", ""),
            ("000000000", "ES", ""),
            ("12345", "ES", ""),
            ("600123456", "", ""),
            ("600123456", "Unspecified", ""),
            ("16012345678", "", ""),
            ("60012345", "ES", ""),
            ("6001234567", "ES", ""),
            // A plus before a national number: never the number of another country.
            ("+0600123456", "ES", ""),
            // Letters are no keys of a telephone, and two numbers are not one with an extension.
            ("600123ABC", "ES", ""),
            ("1-800-FLOWERS", "US", ""),
            ("3.46E+10", "ES", ""),
            ("600123456 casa", "ES", ""),
            ("600123456, 600654321", "ES", ""),
            ("600123456 / 600654321", "ES", ""),
            // Dialled so in France, but of Réunion; and of no range of Spain.
            ("0692 12 34 56", "FR", ""),
            ("123456789", "ES", ""),
            // Local numbers without their area code.
            ("1234567", "DE", ""),
            ("7946095", "GB", ""),
        ]);
    }
}
