//! Numbers whose separators are not known yet, and what a column says about them.

use super::finding::{Finding, Place, Sighting};

/// How a number below zero is marked, as `[source.format] negatives` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NegativeMark {
    /// `-12.50`
    Minus,
    /// `12.50-`
    TrailingMinus,
    /// `(12.50)`
    Parentheses,
}

impl NegativeMark {
    /// Its name in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Minus => "minus",
            Self::TrailingMinus => "trailing_minus",
            Self::Parentheses => "parentheses",
        }
    }
}

/// Texts that stand for money.
const CURRENCY_SIGNS: [&str; 21] = [
    "US$", "R$", "€", "$", "£", "¥", "EUR", "USD", "GBP", "MXN", "ARS", "COP", "CLP", "PEN", "BRL", "CHF", "JPY",
    "CAD", "AUD", "SEK", "PLN",
];

/// Where the separators of a number stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    /// Digits alone.
    Whole,
    /// A separator that can only be the decimal one.
    Decimal(char),
    /// A separator that can only stand between thousands.
    Grouped(char),
    /// Both, the thousands first.
    Both { thousands: char, decimal: char },
    /// One separator before the last three digits: either.
    Either(char),
}

/// A cell that is a number, whatever its separators mean.
struct Number<'c> {
    negative: Option<NegativeMark>,
    currency_sign: Option<&'static str>,
    percent: bool,
    body: Body,
    digits: &'c str,
}

fn number(cell: &str) -> Option<Number<'_>> {
    let mut rest = cell;
    let (mut negative, mut currency_sign, mut percent) = (None, None, false);
    // Marks may stand in any order: `-€ 5`, `€ -5`, `(5 EUR)`, `5- €`.
    for _ in 0..4 {
        let before = rest.len();
        rest = trimmed(rest);
        if let Some(inside) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            negative.is_none().then(|| negative = Some(NegativeMark::Parentheses))?;
            rest = inside;
        } else if let Some(after) = rest.strip_prefix(['-', '\u{2212}']) {
            negative.is_none().then(|| negative = Some(NegativeMark::Minus))?;
            rest = after;
        } else if let Some(start) = rest.strip_suffix('-') {
            negative
                .is_none()
                .then(|| negative = Some(NegativeMark::TrailingMinus))?;
            rest = start;
        } else if let Some(after) = rest.strip_prefix('+') {
            rest = after;
        } else if let Some(start) = rest.strip_suffix('%') {
            percent = true;
            rest = start;
        } else if !rest.starts_with(|first: char| first.is_ascii_digit() || first == '.' || first == ',')
            || !rest.ends_with(|last: char| last.is_ascii_digit())
        {
            let found = CURRENCY_SIGNS
                .into_iter()
                .find_map(|sign| Some((sign, rest.strip_prefix(sign).or_else(|| rest.strip_suffix(sign))?)));
            let (sign, without) = found?;
            currency_sign = Some(sign);
            rest = without;
        }
        if rest.len() == before {
            break;
        }
    }
    let digits = trimmed(rest);
    Some(Number {
        negative,
        currency_sign,
        percent,
        body: body(digits)?,
        digits,
    })
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\u{A0}', '\u{202F}'])
}

fn is_separator(character: char) -> bool {
    matches!(character, '.' | ',' | '\'' | '’' | ' ' | '\u{A0}' | '\u{202F}' | '_')
}

fn body(digits: &str) -> Option<Body> {
    // The usual case, without looking at characters.
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return (digits.len() <= 18).then_some(Body::Whole);
    }
    let mut separators = digits
        .char_indices()
        .filter(|(_, character)| !character.is_ascii_digit());
    let (first_at, first) = separators.next()?;
    let may_be_decimal = |separator| matches!(separator, '.' | ',');
    if !is_separator(first) {
        return None;
    }
    let rest: Vec<(usize, char)> = separators.collect();
    let whole = &digits[..first_at];
    let Some(&(last_at, last)) = rest.last() else {
        let decimals = &digits[first_at + first.len_utf8()..];
        let could_group = decimals.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
        return match (could_group, may_be_decimal(first)) {
            (true, true) => Some(Body::Either(first)),
            (true, false) => Some(Body::Grouped(first)),
            (false, true) if whole.len() + decimals.len() > 0 => Some(Body::Decimal(first)),
            _ => None,
        };
    };
    let same_but_last = rest[..rest.len() - 1].iter().all(|&(_, separator)| separator == first);
    if !same_but_last {
        return None;
    }
    if last == first {
        return is_grouped(digits, first).then_some(Body::Grouped(first));
    }
    let is_number = may_be_decimal(last) && is_grouped(&digits[..last_at], first);
    is_number.then_some(Body::Both {
        thousands: first,
        decimal: last,
    })
}

fn is_grouped(digits: &str, separator: char) -> bool {
    let mut groups = digits.split(separator);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && digits
            .chars()
            .all(|character| character.is_ascii_digit() || character == separator)
        && groups.all(|group| group.len() == 3)
}

/// What was seen of one way to write numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// How often.
    pub count: u64,
    /// Where first.
    pub first: Sighting,
}

fn note(list: &mut Vec<(char, Seen)>, character: char, place: Place, cell: &str) {
    match list.iter_mut().find(|(known, _)| *known == character) {
        Some((_, seen)) => seen.count += 1,
        None => list.push((
            character,
            Seen {
                count: 1,
                first: Sighting::new(place, cell),
            },
        )),
    }
}

/// What the numbers of a column look like.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NumberSurvey {
    /// Cells that are numbers.
    pub count: u64,
    /// Of them, cells without decimals, as far as can be told.
    pub whole: u64,
    /// Of them, below zero.
    pub negative: u64,
    /// Of them, zero.
    pub zero: u64,
    /// Separators that can only be the decimal one.
    pub decimal: Vec<(char, Seen)>,
    /// Separators that can only stand between thousands.
    pub thousands: Vec<(char, Seen)>,
    /// Separators that may be either.
    pub either: Vec<(char, Seen)>,
    /// How numbers below zero are marked.
    pub negatives: Vec<(NegativeMark, Seen)>,
    /// Currency signs.
    pub currency_signs: Vec<(&'static str, Seen)>,
    /// Numbers with a per cent sign.
    pub percent: Option<Seen>,
    /// Smallest and largest, as near as a double holds them; separators that may be either are
    /// taken for decimal ones.
    pub range: Option<(f64, f64)>,
}

impl NumberSurvey {
    /// Whether the cell is a number, which is then counted.
    pub(super) fn add(&mut self, cell: &str, place: Place) -> bool {
        let Some(number) = number(cell) else {
            return false;
        };
        self.count += 1;
        let decimal = match number.body {
            Body::Whole => None,
            Body::Decimal(separator) => {
                note(&mut self.decimal, separator, place, cell);
                Some(separator)
            }
            Body::Grouped(separator) => {
                note(&mut self.thousands, separator, place, cell);
                None
            }
            Body::Both { thousands, decimal } => {
                note(&mut self.thousands, thousands, place, cell);
                note(&mut self.decimal, decimal, place, cell);
                Some(decimal)
            }
            Body::Either(separator) => {
                note(&mut self.either, separator, place, cell);
                Some(separator)
            }
        };
        let seen = || Seen {
            count: 1,
            first: Sighting::new(place, cell),
        };
        if let Some(mark) = number.negative {
            match self.negatives.iter_mut().find(|(known, _)| *known == mark) {
                Some((_, seen)) => seen.count += 1,
                None => self.negatives.push((mark, seen())),
            }
        }
        if let Some(sign) = number.currency_sign {
            match self.currency_signs.iter_mut().find(|(known, _)| *known == sign) {
                Some((_, seen)) => seen.count += 1,
                None => self.currency_signs.push((sign, seen())),
            }
        }
        if number.percent {
            match &mut self.percent {
                Some(seen) => seen.count += 1,
                none => *none = Some(seen()),
            }
        }
        self.add_value(&number, decimal);
        true
    }

    fn add_value(&mut self, number: &Number<'_>, decimal: Option<char>) {
        let size = value(number.digits, decimal);
        let value = if number.negative.is_some() { -size } else { size };
        self.negative += u64::from(value < 0.0);
        self.zero += u64::from(value == 0.0);
        self.whole += u64::from(value.fract() == 0.0);
        let (lowest, highest) = self.range.unwrap_or((value, value));
        self.range = Some((lowest.min(value), highest.max(value)));
    }
}

fn value(digits: &str, decimal: Option<char>) -> f64 {
    let plain: String = digits
        .chars()
        .filter_map(|character| match character {
            digit if digit.is_ascii_digit() => Some(digit),
            separator if Some(separator) == decimal => Some('.'),
            _ => None,
        })
        .collect();
    plain.parse().unwrap_or(0.0)
}

/// The value of a cell as a double, for comparing columns with each other; none where it is no number.
#[must_use]
pub fn approximate_value(cell: &str, decimal_separator: char) -> Option<f64> {
    let number = number(cell)?;
    let size = value(number.digits, Some(decimal_separator));
    Some(if number.negative.is_some() { -size } else { size })
}

/// How the numbers of some columns are written.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberStyle {
    /// `.` or `,`; open where the numbers allow both.
    pub decimal_separator: Finding<char>,
    /// Between thousands, if any.
    pub thousands_separator: Option<Finding<char>>,
}

/// The one style that all these columns are written in.
#[must_use]
pub fn number_style<'s>(columns: impl Iterator<Item = &'s NumberSurvey> + Clone) -> NumberStyle {
    let first = |pick: fn(&NumberSurvey) -> &Vec<(char, Seen)>, wanted: &dyn Fn(char) -> bool| {
        let found = columns.clone().flat_map(pick);
        let matching: Vec<&(char, Seen)> = found.filter(|(character, _)| wanted(*character)).collect();
        let count: u64 = matching.iter().map(|(_, seen)| seen.count).sum();
        matching
            .first()
            .map(|(character, seen)| (*character, count, seen.first.clone()))
    };
    let point = first(|column| &column.decimal, &|character| character == '.');
    let comma = first(|column| &column.decimal, &|character| character == ',');
    let either_point = first(|column| &column.either, &|character| character == '.');
    let either_comma = first(|column| &column.either, &|character| character == ',');
    let grouped = first(|column| &column.thousands, &|_| true);
    let decimal_separator = match (point, comma) {
        (Some((_, points, seen)), Some((_, commas, other))) => Finding::open(
            if points >= commas { '.' } else { ',' },
            format!(
                "{points} numbers have a decimal point ({seen}) and {commas} a decimal comma ({other}): a file is read in one style"
            ),
        ),
        (Some((_, _, seen)), None) => Finding::sure('.', format!("{seen}")),
        (None, Some((_, _, seen))) => Finding::sure(',', format!("{seen}")),
        (None, None) => without_decimals(&grouped, either_point, either_comma),
    };
    let decimal = decimal_separator.value;
    let other = if decimal == '.' { ',' } else { '.' };
    // What may be either is between thousands where the decimal separator is known to be another.
    let either_other = first(|column| &column.either, &|character| character == other);
    let thousands_separator = match (grouped, either_other) {
        (Some((character, count, seen)), _) if character != decimal => {
            Some(Finding::sure(character, format!("{seen} ({count} numbers)")))
        }
        (_, Some((character, count, seen))) => Some(Finding::unsure(
            character,
            90,
            format!("{seen} ({count} numbers), as the decimal separator is another"),
        )),
        _ => None,
    };
    NumberStyle {
        decimal_separator,
        thousands_separator,
    }
}

/// No number has a separator that can only be the decimal one.
fn without_decimals(
    grouped: &Option<(char, u64, Sighting)>,
    either_point: Option<(char, u64, Sighting)>,
    either_comma: Option<(char, u64, Sighting)>,
) -> Finding<char> {
    match (grouped, either_point, either_comma) {
        (Some(('.', _, seen)), _, None) => Finding::sure(',', format!("the point stands between thousands: {seen}")),
        (Some((',', _, seen)), None, _) => Finding::sure('.', format!("the comma stands between thousands: {seen}")),
        (_, None, None) => Finding::sure('.', "no number has decimals"),
        (_, Some((_, count, seen)), None) | (_, None, Some((_, count, seen))) => Finding::open(
            '.',
            format!("{seen} may be thousands or three decimals, and so may all {count} numbers like it"),
        ),
        (_, Some((_, _, seen)), Some((_, _, other))) => Finding::open(
            '.',
            format!("{seen} and {other} may each be thousands or three decimals"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Confidence;
    use super::*;

    fn survey(cells: &[&str]) -> (NumberSurvey, u64) {
        let mut survey = NumberSurvey::default();
        let mut misfits = 0;
        for (cell, line) in cells.iter().zip(2..) {
            misfits += u64::from(!survey.add(cell, Place::Line(line)));
        }
        (survey, misfits)
    }

    fn style(cells: &[&str]) -> NumberStyle {
        let (survey, misfits) = survey(cells);
        assert_eq!(misfits, 0);
        number_style(std::iter::once(&survey))
    }

    #[test]
    fn decimals_tell_their_separator() {
        for (cells, decimal, thousands) in [
            (&["1", "2.50"][..], '.', None),
            (&["1", "2,5"], ',', None),
            (&["1.234,56", "7,10"], ',', Some('.')),
            (&["1,234.56"], '.', Some(',')),
            (&["1.234.567", "1.234"], ',', Some('.')),
            (&["0,123"], ',', None),
            (&["1234,567"], ',', None),
            (&["1\u{A0}234,50"], ',', Some('\u{A0}')),
            (&["12'345.10"], '.', Some('\'')),
            (&[",50"], ',', None),
            (&["17", "3"], '.', None),
        ] {
            let found = style(cells);
            assert_eq!(found.decimal_separator.value, decimal, "{cells:?}");
            assert_eq!(found.decimal_separator.confidence, Confidence::Sure, "{cells:?}");
            assert_eq!(
                found.thousands_separator.map(|found| found.value),
                thousands,
                "{cells:?}"
            );
        }
    }

    #[test]
    fn three_digits_after_one_separator_are_a_question() {
        for cells in [&["1,234", "17"][..], &["1.234", "2.500"]] {
            let found = style(cells).decimal_separator;
            assert_eq!(found.confidence, Confidence::Open, "{cells:?}");
            assert!(found.evidence.contains("in line 2"), "{}", found.evidence);
        }
    }

    #[test]
    fn two_styles_in_one_file_are_a_question() {
        let found = style(&["1.50", "1,50"]).decimal_separator;
        assert_eq!(found.confidence, Confidence::Open);
        assert!(found.evidence.contains("1,50 in line 3"), "{}", found.evidence);
    }

    #[test]
    fn marks_of_money_and_minus_are_listed() {
        let (survey, misfits) = survey(&["(12.50)", "12.50-", "-€ 3.10", "4.00 EUR", "7%", "-0.5"]);
        assert_eq!(misfits, 0);
        let marks: Vec<_> = survey
            .negatives
            .iter()
            .map(|(mark, seen)| (mark.name(), seen.count))
            .collect();
        assert_eq!(marks, [("parentheses", 1), ("trailing_minus", 1), ("minus", 2)]);
        let signs: Vec<_> = survey.currency_signs.iter().map(|(sign, _)| *sign).collect();
        assert_eq!(signs, ["€", "EUR"]);
        assert_eq!(survey.percent.map(|seen| seen.count), Some(1));
        assert_eq!((survey.negative, survey.range), (4, Some((-12.5, 7.0))));
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for cell in [
            "",
            "-",
            "12a",
            "25.04.2025",
            "192.168.0.1",
            "1,23,456",
            "1.2.3",
            "€",
            "1e5",
            "85123A",
            "10:30",
            "--5",
            "()",
            "1234567890123456789",
            ".",
            "1..2",
            "5 7",
        ] {
            assert!(number(cell).is_none(), "{cell}");
        }
    }
}
