//! Date patterns, compiled once: what a date column declares.

use crate::date_layout::FixedLayout;
use crate::error::RawError;

/// One step through a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    Literal(u8),
    /// A number of at most `digits` digits; exactly as many when `exact`.
    Number {
        field: NumberField,
        digits: u8,
        exact: bool,
    },
    /// The short name of an English or Spanish month.
    ShortMonthName,
    /// The name of an English or Spanish month.
    MonthName,
    /// One to nine digits after the decimal point.
    Fraction,
    /// The same with its decimal point, or nothing.
    OptionalFraction,
    /// `Z`, `+hh:mm` or `+hhmm`.
    Offset,
    /// `AM` or `PM`.
    HalfDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberField {
    Year,
    /// Two digits: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068, as POSIX has it.
    YearOfCentury,
    Month,
    Day,
    Hour,
    HourOfHalfDay,
    Minute,
    Second,
}

/// How dates, or dates with times, are written: a pattern, compiled and checked.
///
/// | directive | matches |
/// |---|---|
/// | `%Y` | year, four digits |
/// | `%y` | year, two digits: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068 |
/// | `%m`, `%d` | month, day: one or two digits |
/// | `%b` | short name of the month in English or Spanish, of either case: `Jan`, `ene`, `sept` |
/// | `%B` | name of the month in English or Spanish, of either case: `January`, `enero` |
/// | `%H`, `%M`, `%S` | hour of 24, minute, second: one or two digits |
/// | `%I` with `%p` | hour of 12, `AM` or `PM` of either case |
/// | `%f` | decimals of the second, one to nine digits, cut to microseconds |
/// | `%.f` | the same with the point before them, or nothing |
/// | `%z` | offset from UTC: `Z`, `+hh:mm` or `+hhmm`, of either sign |
/// | `%%` | a percent sign |
///
/// Anything else stands for itself. Digits that touch other digits (`%Y%m%d`) must be complete:
/// `2011111` is no date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat {
    pattern: String,
    items: Vec<Item>,
    fixed_layout: Option<FixedLayout>,
}

impl DateFormat {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// [`RawError::DateFormat`] with the position, for an unknown or repeated directive, or a
    /// pattern that does not tell a day (or tells minutes without the hour).
    pub fn new(pattern: &str) -> Result<Self, RawError> {
        let mut compiler = Compiler {
            pattern,
            items: Vec::new(),
            positions: Vec::new(),
        };
        compiler.read()?;
        compiler.check()?;
        let items = with_exact_runs(compiler.items);
        let fixed_layout = FixedLayout::new(&items);
        Ok(Self {
            pattern: pattern.to_owned(),
            items,
            fixed_layout,
        })
    }

    /// The pattern as it was given.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether the pattern tells the hour.
    pub fn has_time(&self) -> bool {
        self.items.iter().any(|&item| part(item) == Some("hour"))
    }

    /// Whether the pattern tells the offset from UTC.
    pub fn has_offset(&self) -> bool {
        self.items.contains(&Item::Offset)
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    pub(crate) fn fixed_layout(&self) -> Option<&FixedLayout> {
        self.fixed_layout.as_ref()
    }
}

struct Compiler<'a> {
    pattern: &'a str,
    items: Vec<Item>,
    /// Where in the pattern each item starts, from 0.
    positions: Vec<usize>,
}

impl Compiler<'_> {
    fn read(&mut self) -> Result<(), RawError> {
        let bytes = self.pattern.as_bytes();
        let mut position = 0;
        while let Some(&byte) = bytes.get(position) {
            let rest = &self.pattern[position..];
            let (item, length) = if byte != b'%' {
                (Item::Literal(byte), 1)
            } else if rest.starts_with("%.f") {
                (Item::OptionalFraction, 3)
            } else {
                (self.directive(position)?, 2)
            };
            if let Some(name) = part(item)
                && self.items.iter().any(|&earlier| part(earlier) == Some(name))
            {
                return self.refuse(position, format!("the {name} is there twice"));
            }
            self.items.push(item);
            self.positions.push(position);
            // Literals may be of several bytes, each an item, so `rest` starts at characters only
            // because a directive is ASCII.
            position += length;
            while !self.pattern.is_char_boundary(position) {
                self.items.push(Item::Literal(bytes[position]));
                self.positions.push(position);
                position += 1;
            }
        }
        Ok(())
    }

    fn directive(&self, position: usize) -> Result<Item, RawError> {
        let number = |field, digits, exact| Item::Number { field, digits, exact };
        let letter = self.pattern[position + 1..].chars().next();
        Ok(match letter {
            Some('Y') => number(NumberField::Year, 4, true),
            Some('y') => number(NumberField::YearOfCentury, 2, true),
            Some('m') => number(NumberField::Month, 2, false),
            Some('d') => number(NumberField::Day, 2, false),
            Some('H') => number(NumberField::Hour, 2, false),
            Some('I') => number(NumberField::HourOfHalfDay, 2, false),
            Some('M') => number(NumberField::Minute, 2, false),
            Some('S') => number(NumberField::Second, 2, false),
            Some('b') => Item::ShortMonthName,
            Some('B') => Item::MonthName,
            Some('f') => Item::Fraction,
            Some('z') => Item::Offset,
            Some('p') => Item::HalfDay,
            Some('%') => Item::Literal(b'%'),
            Some(letter) => return self.refuse(position, format!("unknown directive %{letter}")),
            None => return self.refuse(position, "a directive is cut off".to_owned()),
        })
    }

    /// Refuses patterns that leave a part of the moment open, or let digits be read in two ways.
    fn check(&self) -> Result<(), RawError> {
        let has = |name| self.items.iter().any(|&item| part(item) == Some(name));
        for name in ["year", "month", "day"] {
            if !has(name) {
                return self.refuse(self.pattern.len(), format!("the {name} is missing"));
            }
        }
        for (name, needed) in [
            ("minute", "hour"),
            ("second", "minute"),
            ("fraction", "second"),
            ("offset", "hour"),
            ("half of the day", "hour"),
        ] {
            if has(name) && !has(needed) {
                let problem = format!("the {name} is there without the {needed}");
                return self.refuse(self.pattern.len(), problem);
            }
        }
        let is_half_hour = |item: &Item| {
            matches!(
                item,
                Item::Number {
                    field: NumberField::HourOfHalfDay,
                    ..
                }
            )
        };
        if self.items.iter().any(is_half_hour) != has("half of the day") {
            let problem = "%I and %p are only of use together".to_owned();
            return self.refuse(self.pattern.len(), problem);
        }
        for (index, pair) in self.items.windows(2).enumerate() {
            let is_open_ended = matches!(pair[0], Item::Fraction | Item::OptionalFraction);
            if is_open_ended && starts_with_digit(pair[1]) {
                let problem = "digits follow the fraction directly".to_owned();
                return self.refuse(self.positions[index + 1], problem);
            }
        }
        Ok(())
    }

    fn refuse<T>(&self, position: usize, problem: String) -> Result<T, RawError> {
        let pattern = self.pattern.to_owned();
        Err(RawError::DateFormat {
            pattern,
            position: position + 1,
            problem,
        })
    }
}

/// What an item tells, so that nothing is told twice.
fn part(item: Item) -> Option<&'static str> {
    match item {
        Item::Literal(_) => None,
        Item::ShortMonthName | Item::MonthName => Some("month"),
        Item::Fraction | Item::OptionalFraction => Some("fraction"),
        Item::Offset => Some("offset"),
        Item::HalfDay => Some("half of the day"),
        Item::Number { field, .. } => Some(match field {
            NumberField::Year | NumberField::YearOfCentury => "year",
            NumberField::Month => "month",
            NumberField::Day => "day",
            NumberField::Hour | NumberField::HourOfHalfDay => "hour",
            NumberField::Minute => "minute",
            NumberField::Second => "second",
        }),
    }
}

fn starts_with_digit(item: Item) -> bool {
    match item {
        Item::Number { .. } | Item::Fraction => true,
        Item::Literal(byte) => byte.is_ascii_digit(),
        _ => false,
    }
}

/// Numbers that touch other digits must be complete, or `2011111` could be two days.
fn with_exact_runs(items: Vec<Item>) -> Vec<Item> {
    let touches = |index: Option<usize>| {
        index
            .and_then(|index| items.get(index))
            .is_some_and(|&item| starts_with_digit(item))
    };
    let exact_items = items.iter().enumerate().map(|(index, &item)| match item {
        Item::Number { field, digits, exact } => {
            let in_run = touches(index.checked_sub(1)) || touches(Some(index + 1));
            Item::Number {
                field,
                digits,
                exact: exact || in_run,
            }
        }
        other => other,
    });
    exact_items.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(pattern: &str) -> (usize, String) {
        match DateFormat::new(pattern) {
            Err(RawError::DateFormat { position, problem, .. }) => (position, problem),
            other => panic!("{pattern}: {other:?}"),
        }
    }

    #[test]
    fn bad_patterns_are_refused_with_the_position() {
        for (pattern, position, problem) in [
            ("%Y-%q-%d", 4, "unknown directive %q"),
            ("%Y-%m-%d %", 10, "a directive is cut off"),
            ("%Y-%m-%m", 7, "the month is there twice"),
            ("%Y %b %m %d", 7, "the month is there twice"),
            ("%Y %b %B %d", 7, "the month is there twice"),
            ("%Y-%m", 6, "the day is missing"),
            ("", 1, "the year is missing"),
            ("%Y%m%d %M", 10, "the minute is there without the hour"),
            ("%Y%m%d %H%S", 12, "the second is there without the minute"),
            ("%Y%m%d %H%M.%f", 15, "the fraction is there without the second"),
            ("%Y%m%d%z", 9, "the offset is there without the hour"),
            ("%Y%m%d %I", 10, "%I and %p are only of use together"),
            ("%Y%m%d %H %p", 13, "%I and %p are only of use together"),
            ("%H%M%S.%f%Y%m%d", 10, "digits follow the fraction directly"),
            ("\u{e9}%Y%m%d%\u{e9}", 9, "unknown directive %\u{e9}"),
        ] {
            assert_eq!(refusal(pattern), (position, problem.to_owned()), "{pattern}");
        }
    }

    #[test]
    fn a_format_says_what_it_tells() {
        let told = |pattern| {
            let format = DateFormat::new(pattern).expect("a good pattern");
            (format.has_time(), format.has_offset())
        };
        assert_eq!(told("%d/%m/%Y"), (false, false));
        assert_eq!(told("%Y-%m-%dT%H:%M"), (true, false));
        assert_eq!(told("%b %d %y, %I:%M %p"), (true, false));
        assert_eq!(told("%Y-%m-%dT%H:%M:%S%.f%z"), (true, true));
    }
}
