//! The key of an e-mail address.

use cartera_table::is_mail_address;

/// What spreadsheets and web forms leave at the ends of a cell, beside white space: zero-width space, byte order mark.
pub(super) const INVISIBLE: [char; 2] = ['\u{200b}', '\u{feff}'];

/// The address in the form in which two are compared: trimmed, in small letters. None where the text is not one
/// address.
///
/// Dots and what follows a plus stay: they tell mailboxes apart with most providers.
///
/// ```
/// use cartera_activation::contact::email_key;
///
/// assert_eq!(email_key(" Ana.Ruiz@Example.COM "), Some("ana.ruiz@example.com".to_owned()));
/// assert_eq!(email_key("n/a"), None);
/// assert_eq!(email_key(""), None);
/// ```
pub fn email_key(text: &str) -> Option<String> {
    let trimmed = text.trim_matches(|character: char| character.is_whitespace() || INVISIBLE.contains(&character));
    let address = without_apostrophe(trimmed).to_lowercase();
    is_mail_address(&address).then_some(address)
}

/// The text without the apostrophe by which a spreadsheet is told that what follows is no formula.
pub(super) fn without_apostrophe(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['+', '-', '=', '@']) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_and_in_small_letters() {
        for (text, key) in [
            ("a@b.es", "a@b.es"),
            ("\u{a0}A.B+C@Example.Com\u{200b}\r\n", "a.b+c@example.com"),
            ("o'brien@example.ie", "o'brien@example.ie"),
            ("JOSÉ@CORREO.ES", "josé@correo.es"),
            ("x@bücher.example", "x@bücher.example"),
            ("'+news@example.com", "+news@example.com"),
        ] {
            assert_eq!(email_key(text).as_deref(), Some(key), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            "  ",
            "-",
            "n/a",
            "null",
            "@",
            "a@",
            "@b.es",
            "a@b",
            "a@b.",
            "a@.es",
            "a@b..es",
            "a b@c.es",
            "a@b c.es",
            "a@b.es, c@d.es",
            "a@b.es;c@d.es",
            "a@b@c.es",
            "Ana <a@b.es>",
            ".a@b.es",
            "a.@b.es",
            "a@127.0.0.1",
            "a@b.c",
            "a@-b.es",
            "a@b_c.es",
            "mailto:a@b.es",
        ] {
            assert_eq!(email_key(text), None, "{text}");
        }
        assert_eq!(email_key(&format!("{}@example.com", "a".repeat(250))), None);
    }
}
