//! What may stand around the digits of a number: signs, brackets, currencies, percent.

use crate::decimal::DecimalFormat;

/// No-break blanks, as they stand in numbers and before currency signs.
const NO_BREAK_BLANKS: [&str; 2] = ["\u{A0}", "\u{202F}"];
/// Exponents beyond this make no number that a column can keep.
const LARGEST_EXPONENT: i32 = 60;

/// How negative numbers are marked; any of those that are set. At least one must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NegativeStyles {
    /// `-12.50`.
    pub minus: bool,
    /// `12.50-`.
    pub trailing_minus: bool,
    /// `(12.50)`.
    pub parentheses: bool,
}

impl NegativeStyles {
    /// No negative numbers: not accepted by columns, and a start for setting styles one by one.
    pub const NONE: Self = Self {
        minus: false,
        trailing_minus: false,
        parentheses: false,
    };
}

impl Default for NegativeStyles {
    fn default() -> Self {
        Self {
            minus: true,
            trailing_minus: false,
            parentheses: false,
        }
    }
}

/// A number without what stood around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks<'c> {
    pub(crate) number: &'c [u8],
    pub(crate) negative: bool,
    pub(crate) percent: bool,
}

impl<'c> Marks<'c> {
    /// Takes the marks that the format declares off a cell, each kind at most once, whatever their
    /// order: `-€ 5`, `€ -5`, `(€5)`, `5 € -`. `None` for a sign that stands alone.
    pub(crate) fn around(cell: &'c [u8], format: &DecimalFormat) -> Option<Self> {
        let styles = format.negatives;
        let mut rest = cell;
        // Whether a sign has been seen, and which.
        let mut sign: Option<bool> = None;
        let (mut currency, mut percent) = (false, false);
        loop {
            let (kind, inner) = match rest {
                [b'+', inner @ ..] if sign.is_none() => (Kind::Sign(false), inner),
                [b'-', inner @ ..] if sign.is_none() && styles.minus => (Kind::Sign(true), inner),
                [inner @ .., b'-'] if sign.is_none() && styles.trailing_minus => (Kind::Sign(true), inner),
                [b'(', inner @ .., b')'] if sign.is_none() && styles.parentheses => (Kind::Sign(true), inner),
                [inner @ .., b'%'] if !percent && format.percent => (Kind::Percent, inner),
                _ if currency => break,
                _ => match without_currency_sign(rest, &format.currency_signs) {
                    Some(inner) => (Kind::Currency, inner),
                    None => break,
                },
            };
            // A blank within a number may be its thousands separator, but not at its ends.
            rest = if format.has_marks() { trim_blanks(inner) } else { inner };
            match kind {
                Kind::Sign(negative) => sign = Some(negative),
                Kind::Currency => currency = true,
                Kind::Percent => percent = true,
            }
        }
        (!rest.is_empty()).then_some(Self {
            number: rest,
            negative: sign == Some(true),
            percent,
        })
    }
}

enum Kind {
    Sign(bool),
    Currency,
    Percent,
}

impl DecimalFormat {
    /// Whether anything but a sign before the digits may stand around them.
    fn has_marks(&self) -> bool {
        self.percent || !self.currency_signs.is_empty() || self.negatives != NegativeStyles::default()
    }
}

/// The longest sign counts, so that `US$` is not `$` after a stray `US`.
fn without_currency_sign<'c>(cell: &'c [u8], signs: &[String]) -> Option<&'c [u8]> {
    let before = signs.iter().filter(|sign| cell.starts_with(sign.as_bytes()));
    let after = signs.iter().filter(|sign| cell.ends_with(sign.as_bytes()));
    let longest_before = before.map(String::len).max();
    let longest_after = after.map(String::len).max();
    match (longest_before, longest_after) {
        (Some(length), _) => Some(&cell[length..]),
        (None, Some(length)) => Some(&cell[..cell.len() - length]),
        (None, None) => None,
    }
}

fn trim_blanks(mut text: &[u8]) -> &[u8] {
    let blanks = || [" ", "\t"].into_iter().chain(NO_BREAK_BLANKS).map(str::as_bytes);
    while let Some(inner) = blanks().find_map(|blank| text.strip_prefix(blank)) {
        text = inner;
    }
    while let Some(inner) = blanks().find_map(|blank| text.strip_suffix(blank)) {
        text = inner;
    }
    text
}

/// The texts that a declared thousands separator stands for.
pub(crate) fn group_separators(declared: u8) -> impl Iterator<Item = &'static [u8]> {
    let texts: &'static [&'static str] = match declared {
        b' ' => &[" ", "\u{A0}", "\u{202F}"],
        b'\'' => &["'", "\u{2019}"],
        b'.' => &["."],
        b',' => &[","],
        b'_' => &["_"],
        _ => &[],
    };
    texts.iter().map(|text| text.as_bytes())
}

/// What is wrong with the declared signs, if anything.
pub(crate) fn check_currency_signs(signs: &[String], decimal_separator: u8) -> Option<String> {
    for sign in signs {
        let is_taken = |letter: char| letter.is_ascii_digit() || "+-()%".contains(letter);
        let is_mark_only = |letter: char| letter.is_whitespace() || ".,'_\u{2019}".contains(letter);
        if sign.chars().any(is_taken) {
            return Some(format!("the currency sign {sign:?} has a digit or another sign in it"));
        }
        if sign.chars().all(is_mark_only) || sign.trim() != sign {
            return Some(format!(
                "the currency sign {sign:?} has no letter or symbol, or blanks around it"
            ));
        }
        let shorter = sign.strip_suffix(char::from(decimal_separator));
        if shorter.is_some_and(|shorter| signs.iter().any(|other| other == shorter)) {
            return Some(format!(
                "the currency sign {sign:?} is another one with a decimal separator, so that a number after it could mean two things"
            ));
        }
    }
    None
}

/// A number in exponent notation as plain digits; `None` for one without exponent, for one whose
/// exponent makes no number of a sensible length, and for what is no number.
pub(crate) fn without_exponent(number: &[u8]) -> Option<Vec<u8>> {
    let at = memchr::memchr2(b'e', b'E', number)?;
    let exponent: i32 = std::str::from_utf8(&number[at + 1..]).ok()?.parse().ok()?;
    if !(-LARGEST_EXPONENT..=LARGEST_EXPONENT).contains(&exponent) {
        return None;
    }
    let (sign, digits) = match &number[..at] {
        [b'-', rest @ ..] => (&b"-"[..], rest),
        rest => (&b""[..], rest),
    };
    let (whole, decimals) = match memchr::memchr(b'.', digits) {
        Some(point) => (&digits[..point], &digits[point + 1..]),
        None => (digits, &b""[..]),
    };
    let all: Vec<u8> = [whole, decimals].concat();
    if all.is_empty() || !all.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()? + i64::from(exponent);
    let mut plain = sign.to_vec();
    match usize::try_from(point) {
        Ok(point) if point >= all.len() => {
            plain.extend_from_slice(&all);
            plain.resize(plain.len() + point - all.len(), b'0');
        }
        Ok(point) => {
            plain.extend_from_slice(&all[..point]);
            plain.push(b'.');
            plain.extend_from_slice(&all[point..]);
        }
        Err(_) => {
            plain.push(b'.');
            plain.resize(plain.len() + point.unsigned_abs() as usize, b'0');
            plain.extend_from_slice(&all);
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::CellReason::{self, NotANumber, TooManyDecimals};

    fn every_mark() -> DecimalFormat {
        DecimalFormat {
            scale: 2,
            decimal_separator: b',',
            thousands_separator: Some(b' '),
            negatives: NegativeStyles {
                minus: true,
                trailing_minus: true,
                parentheses: true,
            },
            currency_signs: ["\u{20AC}", "EUR", "$", "US$", "S/."].map(str::to_owned).to_vec(),
            percent: true,
        }
    }

    fn parse(cell: &str) -> Result<i64, CellReason> {
        every_mark().parse(cell.as_bytes())
    }

    #[test]
    fn marks_stand_in_any_order() {
        for cell in [
            "-12,50",
            "12,50-",
            "(12,50)",
            "-\u{20AC}12,50",
            "\u{20AC}-12,50",
            "\u{20AC} -12,50",
            "- \u{20AC} 12,50",
            "(\u{20AC}12,50)",
            "(12,50 \u{20AC})",
            "(12,50) EUR",
            "EUR\u{A0}(12,50)",
            "12,50-\u{202F}\u{20AC}",
            "12,50 \u{20AC}-",
            "US$ -12,50",
            "S/.-12,50",
            "-1250%",
            "(1250 %)",
            "-1 250\u{A0}%",
        ] {
            assert_eq!(parse(cell), Ok(-1_250), "{cell}");
        }
        for (cell, value) in [
            ("12,50 \u{20AC}", 1_250),
            ("+\u{20AC}12,50", 1_250),
            ("$1\u{A0}234\u{202F}567 ", 123_456_700),
            ("21%", 21),
            ("100 %", 100),
            ("0,5 %", 0),
        ] {
            let expected = if cell == "0,5 %" {
                Err(TooManyDecimals)
            } else {
                Ok(value)
            };
            assert_eq!(parse(cell.trim_end()), expected, "{cell}");
        }
    }

    #[test]
    fn marks_that_contradict_or_repeat_are_no_numbers() {
        for cell in [
            "-12,50-",
            "(-12,50)",
            "-(12,50)",
            "+12,50-",
            "((12,50))",
            "(12,50",
            "12,50)",
            "()",
            "-",
            "%",
            "\u{20AC}",
            "\u{20AC}12,50\u{20AC}",
            "$EUR 5",
            "5%%",
            "%5",
            "\u{A3}5",
            "EUR",
            "5 EUR 5",
            "12,50 -5",
            "\u{A0}",
            "1 2",
            "US $5",
        ] {
            assert_eq!(parse(cell), Err(NotANumber), "{cell}");
        }
    }

    #[test]
    fn nothing_is_accepted_that_is_not_declared() {
        let plain = DecimalFormat::default();
        for cell in [
            "12.50-",
            "(12.50)",
            "12.50 EUR",
            "$5",
            "5%",
            "- 5",
            "5\u{A0}",
            "1\u{A0}000",
        ] {
            assert_eq!(plain.parse(cell.as_bytes()), Err(NotANumber), "{cell}");
        }
        let trailing = DecimalFormat {
            negatives: NegativeStyles {
                trailing_minus: true,
                ..NegativeStyles::NONE
            },
            ..DecimalFormat::default()
        };
        assert_eq!(trailing.parse(b"-5"), Err(NotANumber));
        assert_eq!(trailing.parse(b"5-"), Ok(-5_000_000));
        assert_eq!(trailing.parse(b"-12345678901234567890"), Err(NotANumber));
    }

    #[test]
    fn hundredths_are_exact() {
        let percent = |scale, cell: &str| {
            DecimalFormat {
                scale,
                percent: true,
                ..DecimalFormat::default()
            }
            .parse(cell.as_bytes())
        };
        assert_eq!(percent(4, "12.34%"), Ok(1_234));
        assert_eq!(percent(4, "12.345%"), Err(TooManyDecimals));
        assert_eq!(percent(4, "12.34000%"), Ok(1_234));
        assert_eq!(percent(0, "200%"), Ok(2));
        assert_eq!(percent(0, "250%"), Err(TooManyDecimals));
        assert_eq!(percent(0, "0%"), Ok(0));
        assert_eq!(percent(0, "5%"), Err(TooManyDecimals));
        assert_eq!(percent(1, "12.5"), Ok(125));
        assert_eq!(percent(18, "922.3372036854775807%"), Ok(9_223_372_036_854_775_807));
        assert_eq!(percent(18, "922.33720368547758080%"), Err(CellReason::NumberOutOfRange));
    }

    #[test]
    fn apostrophes_and_blanks_have_kinds() {
        let grouped = |separator, cell: &str| {
            DecimalFormat {
                scale: 0,
                thousands_separator: Some(separator),
                ..DecimalFormat::default()
            }
            .parse(cell.as_bytes())
        };
        assert_eq!(grouped(b'\'', "1'234\u{2019}567"), Ok(1_234_567));
        assert_eq!(grouped(b' ', "-1\u{202F}234 567"), Ok(-1_234_567));
        assert_eq!(grouped(b' ', "1 234\u{2009}567"), Err(NotANumber));
        assert_eq!(grouped(b' ', "1  234"), Err(NotANumber));
        assert_eq!(grouped(b'_', "1_234"), Ok(1_234));
    }

    #[test]
    fn signs_that_could_be_taken_for_a_number_are_refused() {
        let problem = |signs: &[&str]| {
            let signs: Vec<String> = signs.iter().map(|&sign| sign.to_owned()).collect();
            check_currency_signs(&signs, b'.')
        };
        for sign in [
            "",
            "5",
            "-",
            "A-",
            "(",
            "%",
            ".",
            ",.",
            " ",
            "\u{A0}",
            " EUR",
            "EUR\u{A0}",
        ] {
            assert!(problem(&[sign]).is_some(), "{sign:?}");
        }
        assert!(problem(&["Fr", "Fr."]).is_some());
        assert_eq!(problem(&["Fr.", "\u{20AC}", "US$", "kr", "CHF"]), None);
    }

    #[test]
    fn exponents_become_digits() {
        let plain =
            |number: &str| without_exponent(number.as_bytes()).map(|text| String::from_utf8_lossy(&text).into_owned());
        for (number, expected) in [
            ("1e3", "1000"),
            ("-1.25E+1", "-12.5"),
            ("1.25e2", "125"),
            ("1.25e0", "1.25"),
            ("12.5e-1", "1.25"),
            ("12.5e-2", ".125"),
            ("1e-05", ".00001"),
            ("0e0", "0"),
        ] {
            assert_eq!(plain(number).as_deref(), Some(expected), "{number}");
        }
        for number in [
            "1",
            "1e",
            "e5",
            "1e99",
            "1e-99",
            "1e5.5",
            "1x2e5",
            "-e1",
            "1e99999999999",
        ] {
            assert_eq!(plain(number), None, "{number}");
        }
    }

    #[test]
    fn plain_numbers_are_written_as_the_format_reads_them() {
        let written = |format: &DecimalFormat, number: &str| {
            let mut text = Vec::new();
            format.write_plain(number.as_bytes(), &mut text);
            format.parse(&text)
        };
        let styles = [(true, false, false), (false, true, false), (false, false, true)];
        for (minus, trailing_minus, parentheses) in styles {
            let negatives = NegativeStyles {
                minus,
                trailing_minus,
                parentheses,
            };
            let format = DecimalFormat {
                negatives,
                ..every_mark()
            };
            for (number, value) in [("-12.5", -1_250), ("1234.56", 123_456), ("1e3", 100_000), ("-0", 0)] {
                assert_eq!(written(&format, number), Ok(value), "{number} {negatives:?}");
            }
            assert_eq!(written(&format, "1.234"), Err(TooManyDecimals));
        }
    }
}
