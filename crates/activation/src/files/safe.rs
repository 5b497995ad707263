//! Text that a spreadsheet takes for text.
//!
//! A spreadsheet runs what begins like a formula, and a customer may be named so. The rules are those of OWASP, "CSV
//! Injection": an apostrophe goes before the sign, also where a program that splits at another delimiter, or knows no
//! quotes, would begin a cell.

use std::borrow::Cow;

/// The text with an apostrophe before every sign that could begin a formula in it.
pub(super) fn without_formulas(text: &str) -> Cow<'_, str> {
    let begins_with_a_break = text.starts_with(['\t', '\r', '\n']);
    if !begins_with_a_break && !text.contains(begins_formula) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 2);
    if begins_with_a_break {
        safe.push('\'');
    }
    let mut at_begin_of_cell = true;
    for character in text.chars() {
        if at_begin_of_cell && begins_formula(character) {
            safe.push('\'');
        }
        safe.push(character);
        at_begin_of_cell = ends_cell(character) || (at_begin_of_cell && is_invisible(character));
    }
    if safe.len() == text.len() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(safe)
    }
}

/// Signs that begin a formula, and their full-width forms, which some spreadsheets read alike.
fn begins_formula(character: char) -> bool {
    matches!(
        character,
        '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
    )
}

/// Delimiters and quotes of any reader, after which another cell may begin.
fn ends_cell(character: char) -> bool {
    matches!(character, ',' | ';' | '|' | '\t' | '\n' | '\r' | '"')
}

/// What a spreadsheet may pass over at the begin of a cell.
fn is_invisible(character: char) -> bool {
    character.is_whitespace() || character.is_control() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_a_formula_gets_an_apostrophe() {
        for (text, safe) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+34600123456", "'+34600123456"),
            ("-2+3", "'-2+3"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\t'=1"),
            ("\rx", "'\rx"),
            ("\nx", "'\nx"),
            ("  =1", "  '=1"),
            ("\u{feff}=1", "\u{feff}'=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\u{ff0b}1", "'\u{ff0b}1"),
            ("\u{ff0d}1", "'\u{ff0d}1"),
            ("\u{ff20}1", "'\u{ff20}1"),
            ("x;=1", "x;'=1"),
            ("x,\"=1", "x,\"'=1"),
            ("x\n-1", "x\n'-1"),
            ("x\"=1+1\"", "x\"'=1+1\""),
            ("=+-@", "'=+-@"),
        ] {
            assert_eq!(without_formulas(text), safe, "{text:?}");
        }
    }

    #[test]
    fn other_text_stays() {
        for text in [
            "",
            "Ana",
            "a@b.es",
            "2025-06-30",
            "O'Brien",
            "1+1=2",
            "C/ Mayor 5-7",
            "'=1",
            "Ruiz, Ana",
        ] {
            assert!(
                matches!(without_formulas(text), Cow::Borrowed(same) if same == text),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn apostrophes_alone_are_added_and_no_cell_begins_a_formula(text in r#"[a=+@;,|"'\t\r\n \u{ff1d}\u{feff}-]{0,12}|\PC{0,12}"#) {
            let safe = without_formulas(&text);
            prop_assert_eq!(safe.replace('\'', ""), text.replace('\'', ""));
            prop_assert!(!safe.starts_with(['\t', '\r', '\n']));
            for cell in safe.split(ends_cell) {
                prop_assert!(!cell.trim_start_matches(is_invisible).starts_with(begins_formula), "{:?}", safe);
            }
            let twice = without_formulas(&safe).into_owned();
            prop_assert_eq!(twice.as_str(), safe.as_ref());
        }
    }
}
