//! What people write into cells of e-mail addresses and telephone numbers.
//!
//! A suppression that cannot be matched must be a defect when it is read, and match when it is not: so the reader and
//! the matcher ask the same functions.

/// What spreadsheets and web forms leave at the ends of a cell, beside white space: zero-width space, byte order mark.
const INVISIBLE: [char; 2] = ['\u{200b}', '\u{feff}'];
/// What people put around an address or number, or behind it.
const WRAPPERS: [char; 12] = ['\'', '"', '`', '´', '‘', '’', '“', '”', '«', '»', '<', '>'];
/// Between two addresses in a cell.
const BETWEEN_ADDRESSES: [char; 11] = [',', ';', '|', '/', '<', '>', '(', ')', '[', ']', '"'];
/// The longest address that mail servers take.
const LONGEST_ADDRESS: usize = 254;
/// Digits of a telephone number, without the zeros that lead abroad; the longest has a zero in brackets.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 4..=16;
/// Digits of a number at the least that stands beside another one; fewer are an area code or an extension.
const DIGITS_OF_ONE_OF_SEVERAL: usize = 7;
/// Words between two numbers.
const BETWEEN_NUMBERS: [&str; 6] = [" y ", " o ", " e ", " or ", " and ", " u "];

/// Whether the text has the shape of one address: a name, one `@`, and a domain of at least two labels.
#[must_use]
pub fn is_mail_address(address: &str) -> bool {
    let Some((name, domain)) = address.split_once('@') else {
        return false;
    };
    let name_is_right = !name.is_empty()
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.chars().any(|character| {
            character.is_whitespace()
                || character.is_control()
                || INVISIBLE.contains(&character)
                || r#"()<>[]:;,\""#.contains(character)
        });
    let mut last_label = "";
    let labels_are_right = domain.split('.').all(|label| {
        last_label = label;
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|character| character.is_alphanumeric() || character == '-')
    });
    name_is_right
        && labels_are_right
        && domain.contains('.')
        && last_label.chars().count() >= 2
        && !last_label.bytes().all(|byte| byte.is_ascii_digit())
        && address.len() <= LONGEST_ADDRESS
}

/// The address in small letters, without quotes around it, `mailto:` before it and a full stop behind it. None where
/// the text is not one address.
///
/// ```
/// use cartera_table::mail_address;
///
/// assert_eq!(mail_address("'mailto:Ana@Example.org.'").as_deref(), Some("ana@example.org"));
/// assert_eq!(mail_address("a@x.org; b@x.org"), None);
/// ```
#[must_use]
pub fn mail_address(text: &str) -> Option<String> {
    let mut rest = trimmed(text);
    loop {
        let before = rest.len();
        rest = trimmed(rest).trim_end_matches(['.', ',', ';']);
        if let Some(scheme) = rest.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
            rest = &rest[scheme.len()..];
        }
        if rest.len() == before {
            break;
        }
    }
    let address = rest.to_lowercase();
    is_mail_address(&address).then_some(address)
}

/// All addresses of a cell.
#[must_use]
pub fn mail_addresses(text: &str) -> Vec<String> {
    if let Some(only) = mail_address(text) {
        return vec![only];
    }
    let parts = text.split(|character: char| character.is_whitespace() || BETWEEN_ADDRESSES.contains(&character));
    parts.filter_map(mail_address).collect()
}

/// Whether the text is one telephone number with all its digits: not two, and not what a spreadsheet makes of one
/// (`3.46E+10`).
#[must_use]
pub fn is_phone_number(text: &str) -> bool {
    let number = without_decimals(trimmed(text));
    let digits = significant_digits(number);
    PHONE_DIGITS.contains(&digits)
        && number.bytes().filter(u8::is_ascii_digit).count() > *PHONE_DIGITS.start()
        && !has_exponent(number)
        && long_parts(number).len() < 2
}

/// All telephone numbers of a cell, each as it is written. What follows a number may be its extension: then it stands
/// with it and without.
#[must_use]
pub fn phone_numbers(text: &str) -> Vec<&str> {
    let whole = without_decimals(trimmed(text));
    // Nearly all cells are so, and there may be millions of them.
    let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'-' | b'(' | b')');
    let after_plus = whole.strip_prefix('+').unwrap_or(whole);
    if after_plus.bytes().all(is_plain) && significant_digits(whole) <= *PHONE_DIGITS.end() {
        return vec![whole];
    }
    let mut parts = long_parts(whole);
    if parts.len() < 2 && significant_digits(whole) > *PHONE_DIGITS.end() {
        parts = whole
            .split_whitespace()
            .filter(|part| is_long(part))
            .map(without_decimals)
            .collect();
    }
    if parts.len() < 2 {
        parts.retain(|part| *part != whole);
        parts.insert(0, whole);
    }
    parts
}

/// The parts of a cell that are numbers of their own.
fn long_parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for word in BETWEEN_NUMBERS {
        parts = parts.into_iter().flat_map(|part| part.split(word)).collect();
    }
    let is_between = |character: char| matches!(character, '/' | ',' | ';' | '|' | '\n' | '\r');
    let parts = parts.into_iter().flat_map(|part| part.split(is_between));
    parts
        .flat_map(before_each_plus)
        .map(|part| without_decimals(trimmed(part)))
        .filter(|part| is_long(part))
        .collect()
}

/// Cuts before each `+` that has digits before it: there another number begins.
fn before_each_plus(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut has_digits) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        if byte == b'+' && has_digits {
            parts.push(&text[start..at]);
            (start, has_digits) = (at, false);
        }
        has_digits |= byte.is_ascii_digit();
    }
    parts.push(&text[start..]);
    parts
}

fn is_long(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_OF_ONE_OF_SEVERAL
}

/// Digits without the zeros before them.
fn significant_digits(text: &str) -> usize {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    digits.skip_while(|digit| *digit == b'0').count()
}

/// Whether a digit, an `E` and a digit follow each other, with a sign at the most between them.
fn has_exponent(text: &str) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    (1..bytes.len()).any(|at| {
        let signs = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        matches!(bytes[at], b'e' | b'E') && is_digit(bytes.get(at - 1)) && is_digit(bytes.get(at + 1 + signs))
    })
}

/// The text without the `.0` that a number gets where a program took its column for measurements.
fn without_decimals(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, decimals))
            if is_long(whole)
                && !decimals.is_empty()
                && decimals.bytes().all(|byte| byte == b'0')
                && whole.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            whole
        }
        _ => text,
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || INVISIBLE.contains(&character) || WRAPPERS.contains(&character)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_what_stands_around_them() {
        for text in [
            "c@x.org",
            "mailto:c@x.org",
            "MAILTO: C@X.org",
            "c@x.org.",
            "'c@x.org'",
            "\"c@x.org\";",
            " <c@x.org> ",
            "\u{feff}c@x.org\u{a0}",
            "'mailto:c@x.org.'",
        ] {
            assert_eq!(mail_address(text).as_deref(), Some("c@x.org"), "{text}");
        }
        for text in [
            "",
            "n/a",
            "c@x",
            "c@",
            "@x.org",
            "a@x.org;b@x.org",
            "Ana <a@x.org>",
            "a b@x.org",
            "a@b@x.org",
        ] {
            assert_eq!(mail_address(text), None, "{text}");
        }
    }

    #[test]
    fn a_cell_may_have_several_addresses() {
        assert_eq!(mail_addresses("a@x.org; B@x.org"), ["a@x.org", "b@x.org"]);
        assert_eq!(mail_addresses("Ana Ruiz <a@x.org>,\n'b@x.org'"), ["a@x.org", "b@x.org"]);
        assert_eq!(mail_addresses("a@x.org / n/a"), ["a@x.org"]);
        assert!(mail_addresses("nobody").is_empty());
    }

    #[test]
    fn a_number_is_one_and_whole() {
        for sound in [
            "+34 600 111 222",
            "0034600111222",
            "(0)20-7946 0958",
            "tel. 12345",
            "+44 (0)20 7946 0958",
            "34600111217.0",
            "'+34600111222'",
            "030/1234567-0",
            "(800) 555-0100 ext. 12",
            "04711",
        ] {
            assert!(is_phone_number(sound), "{sound}");
        }
        for bad in [
            "",
            "-",
            "n/a",
            "1234",
            "0000000",
            "3.46926E+10",
            "3.46E10",
            "346e8",
            "600111205 / 600111206",
            "600111205 600111206",
            "+34600111205 +34600111206",
            "600111205 y 600111206",
        ] {
            assert!(!is_phone_number(bad), "{bad}");
        }
    }

    #[test]
    fn a_cell_may_have_several_numbers() {
        assert_eq!(phone_numbers("600111213 / 600999213"), ["600111213", "600999213"]);
        assert_eq!(
            phone_numbers("+34600111213+34600999213"),
            ["+34600111213", "+34600999213"]
        );
        assert_eq!(phone_numbers("600111213 600999213"), ["600111213", "600999213"]);
        assert_eq!(phone_numbers("34600111217.0"), ["34600111217"]);
        assert_eq!(phone_numbers("030/1234567-0"), ["030/1234567-0", "1234567-0"]);
        assert_eq!(phone_numbers("600 111 213"), ["600 111 213"]);
        assert_eq!(phone_numbers("+44 (0)20 7946 0958"), ["+44 (0)20 7946 0958"]);
    }
}
