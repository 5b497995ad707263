//! Dates whose order of day and month is not known yet, and what a column says about it.

use std::collections::BTreeMap;

use super::finding::{Confidence, Finding, Place, Sighting};

/// Three letters of the English months, which `%b` reads.
const ENGLISH: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// A column with more ways to write dates than this holds none.
const MOST_LAYOUTS: usize = 12;

/// Placeholders of a template: numbers of which it is not known what they are.
const FIRST: char = '\u{1}';
const SECOND: char = '\u{2}';
const THIRD: char = '\u{3}';

/// Which of the open numbers is the day, the month and the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    DayMonth,
    MonthDay,
    YearMonthDay,
}

const ORDERS: [Order; 3] = [Order::DayMonth, Order::MonthDay, Order::YearMonthDay];

impl Order {
    fn words(self) -> &'static str {
        match self {
            Self::DayMonth => "day first",
            Self::MonthDay => "month first",
            Self::YearMonthDay => "year first",
        }
    }
}

/// A cell that is a date, whatever the order of its numbers.
struct DateCell {
    /// The pattern, with placeholders for what is open.
    template: String,
    /// The open numbers, or year, month and day where nothing is open.
    numbers: [u32; 3],
    /// How many numbers are open: 0, 2 (day and month) or 3 (with a year of two digits).
    open: usize,
}

impl DateCell {
    /// Year, month and day, if the order allows them.
    fn day(&self, order: Order) -> Option<(u32, u32, u32)> {
        let [a, b, c] = self.numbers;
        let (year, month, day) = match (self.open, order) {
            (0, _) => (a, b, c),
            (_, Order::DayMonth) => (century(c), b, a),
            (_, Order::MonthDay) => (century(c), a, b),
            (3, Order::YearMonthDay) => (century(a), b, c),
            (_, Order::YearMonthDay) => return None,
        };
        is_day(year, month, day).then_some((year, month, day))
    }
}

fn century(year: u32) -> u32 {
    match year {
        0..=68 => 2000 + year,
        69..=99 => 1900 + year,
        whole => whole,
    }
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    // 31 February is a date with a defect, and says as much about the order as any other.
    (1800..=2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// Reads a cell from left to right.
struct Cursor<'c> {
    rest: &'c str,
    template: String,
}

impl<'c> Cursor<'c> {
    /// Digits, with how many there are.
    fn digits(&mut self, most: usize) -> Option<(u32, usize)> {
        let length = self.rest.bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
        if length == 0 || length > most {
            return None;
        }
        let value: u64 = self.rest[..length].parse().ok()?;
        self.rest = &self.rest[length..];
        // Runs of more than nine digits are looked at by their places.
        Some((u32::try_from(value).unwrap_or(u32::MAX), length))
    }

    fn literal(&mut self, wanted: &[&str]) -> Option<&'c str> {
        let found = wanted.iter().find(|text| self.rest.starts_with(**text))?;
        let (literal, rest) = self.rest.split_at(found.len());
        self.rest = rest;
        self.template.push_str(literal);
        Some(literal)
    }

    /// A month of letters, as a number.
    fn month_name(&mut self) -> Option<u32> {
        let length = self
            .rest
            .find(|character: char| !character.is_alphabetic())
            .unwrap_or(self.rest.len());
        let name = self.rest[..length].to_lowercase();
        let place = ENGLISH.iter().position(|month| *month == name)?;
        self.template.push_str("%b");
        self.rest = &self.rest[length..];
        u32::try_from(place + 1).ok()
    }
}

const BETWEEN: [&str; 5] = ["-", "/", ".", ", ", " "];

fn date_cell(cell: &str) -> Option<DateCell> {
    // The usual cells that are no date are told by their first characters.
    if cell.len() < 6 || cell.len() > 40 {
        return None;
    }
    let mut cursor = Cursor {
        rest: cell,
        template: String::new(),
    };
    let (numbers, open) = if cell.as_bytes()[0].is_ascii_digit() {
        let (first, length) = cursor.digits(14)?;
        match length {
            8 | 14 => compact(&mut cursor, cell, length)?,
            4 => year_first(&mut cursor, first)?,
            1 | 2 => short_first(&mut cursor, first, length)?,
            _ => return None,
        }
    } else {
        name_first(&mut cursor)?
    };
    time(&mut cursor)?;
    cursor.rest.is_empty().then_some(())?;
    let found = DateCell {
        template: cursor.template,
        numbers,
        open,
    };
    ORDERS.iter().any(|order| found.day(*order).is_some()).then_some(found)
}

/// `20111209`, `09122011`, `20111209125000`.
fn compact(cursor: &mut Cursor<'_>, cell: &str, length: usize) -> Option<([u32; 3], usize)> {
    let number = |range: std::ops::Range<usize>| cell[range].parse::<u32>().ok();
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    if is_day(year, month, day) && (1900..=2100).contains(&year) {
        cursor.template.push_str("%Y%m%d");
        if length == 14 {
            (number(8..10)? < 24 && number(10..12)? < 60 && number(12..14)? < 60).then_some(())?;
            cursor.template.push_str("%H%M%S");
        }
        return Some(([year, month, day], 0));
    }
    let (first, second, year) = (number(0..2)?, number(2..4)?, number(4..8)?);
    ((1900..=2100).contains(&year) && length == 8).then_some(())?;
    cursor.template.extend([FIRST, SECOND]);
    cursor.template.push_str("%Y");
    Some(([first, second, year], 2))
}

/// `2011-12-09`.
fn year_first(cursor: &mut Cursor<'_>, year: u32) -> Option<([u32; 3], usize)> {
    cursor.template.push_str("%Y");
    let between = cursor.literal(&["-", "/", "."])?;
    let (month, _) = cursor.digits(2)?;
    cursor.template.push_str("%m");
    cursor.literal(&[between])?;
    let (day, _) = cursor.digits(2)?;
    cursor.template.push_str("%d");
    Some(([year, month, day], 0))
}

/// `09/12/2011`, `9.12.11`, `9 Dec 2011`, `09-Dec-11`.
fn short_first(cursor: &mut Cursor<'_>, first: u32, length: usize) -> Option<([u32; 3], usize)> {
    let start = cursor.template.len();
    let between = cursor.literal(&BETWEEN)?;
    if cursor.rest.starts_with(char::is_alphabetic) {
        let month = cursor.month_name()?;
        cursor.literal(&[between])?;
        let (year, digits) = cursor.digits(4)?;
        cursor.template.insert_str(start, "%d");
        cursor.template.push_str(year_directive(digits)?);
        return Some(([century(year), month, first], 0));
    }
    let (second, _) = cursor.digits(2)?;
    cursor.template.insert(start, FIRST);
    cursor.template.push(SECOND);
    cursor.literal(&[between])?;
    let (third, digits) = cursor.digits(4)?;
    match digits {
        4 => {
            cursor.template.push_str("%Y");
            Some(([first, second, third], 2))
        }
        2 if length == 2 => {
            cursor.template.push(THIRD);
            Some(([first, second, third], 3))
        }
        2 => {
            cursor.template.push_str("%y");
            Some(([first, second, century(third)], 2))
        }
        _ => None,
    }
}

/// `Dec 9, 2011`.
fn name_first(cursor: &mut Cursor<'_>) -> Option<([u32; 3], usize)> {
    let month = cursor.month_name()?;
    cursor.literal(&["-", " "])?;
    let (day, _) = cursor.digits(2)?;
    cursor.template.push_str("%d");
    cursor.literal(&["-", ", ", " "])?;
    let (year, digits) = cursor.digits(4)?;
    cursor.template.push_str(year_directive(digits)?);
    Some(([century(year), month, day], 0))
}

fn year_directive(digits: usize) -> Option<&'static str> {
    match digits {
        4 => Some("%Y"),
        2 => Some("%y"),
        _ => None,
    }
}

/// What follows the day: nothing, or a time of day.
fn time(cursor: &mut Cursor<'_>) -> Option<()> {
    if cursor.rest.is_empty() {
        return Some(());
    }
    cursor.literal(&[" ", "T", ", "])?;
    let (hour, _) = cursor.digits(2)?;
    let hour_at = cursor.template.len();
    cursor.template.push_str("%H");
    cursor.literal(&[":"])?;
    let (minute, _) = cursor.digits(2)?;
    cursor.template.push_str("%M");
    if cursor.literal(&[":"]).is_some() {
        let (second, _) = cursor.digits(2)?;
        cursor.template.push_str("%S");
        if cursor.rest.starts_with('.') {
            cursor.rest = &cursor.rest[1..];
            cursor.digits(9)?;
            cursor.template.push_str("%.f");
        }
        (second < 61).then_some(())?;
    }
    let half = [" AM", " PM", " am", " pm", "AM", "PM", "am", "pm"];
    if let Some(found) = half.iter().find(|half| cursor.rest.starts_with(**half)) {
        cursor.rest = &cursor.rest[found.len()..];
        cursor.template.replace_range(hour_at..hour_at + 2, "%I");
        cursor.template.push_str(if found.len() == 3 { " %p" } else { "%p" });
    }
    offset(cursor)?;
    (hour < 25 && minute < 60).then_some(())
}

fn offset(cursor: &mut Cursor<'_>) -> Option<()> {
    let rest = cursor.rest.as_bytes();
    let digits = |range: &[u8]| range.iter().all(u8::is_ascii_digit);
    let is_offset = match rest {
        [] => return Some(()),
        [b'Z'] => true,
        [b'+' | b'-', rest @ ..] if rest.len() == 4 => digits(rest),
        [b'+' | b'-', a, b, b':', c, d] => digits(&[*a, *b, *c, *d]),
        _ => false,
    };
    is_offset.then_some(())?;
    cursor.template.push_str("%z");
    cursor.rest = "";
    Some(())
}

/// What was seen of one way to write dates.
#[derive(Debug, Clone, PartialEq)]
struct Layout {
    count: u64,
    first: Sighting,
    open: usize,
    /// For each order, a cell that allows no other one, and how many there are.
    only: [Option<(Sighting, u64)>; 3],
    /// A cell that allows several days.
    ambiguous: Option<Sighting>,
    /// The earliest and latest day by each order.
    range: [Option<[(u32, u32, u32); 2]>; 3],
}

/// What the dates of a column look like.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DateSurvey {
    /// Cells that are dates.
    pub count: u64,
    layouts: BTreeMap<String, Layout>,
}

/// How the dates of a column are written.
#[derive(Debug, Clone, PartialEq)]
pub struct DateStyle {
    /// The patterns, the most frequent one first; where the finding is open, the first is one of
    /// the readings.
    pub formats: Finding<Vec<String>>,
    /// The readings that a person has to choose from; empty where none is open.
    pub readings: Vec<DateReading>,
    /// The earliest and the latest day as ISO text, where they are known.
    pub range: Option<[String; 2]>,
}

/// One way to read dates that allow several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateReading {
    /// The pattern.
    pub format: String,
    /// `day first`, `month first` or `year first`.
    pub words: &'static str,
}

impl DateSurvey {
    /// Whether the cell is a date, which is then counted.
    pub(super) fn add(&mut self, cell: &str, place: Place) -> bool {
        let Some(date) = date_cell(cell) else {
            return false;
        };
        if !self.layouts.contains_key(&date.template) {
            if self.layouts.len() == MOST_LAYOUTS {
                return false;
            }
            let layout = Layout {
                count: 0,
                first: Sighting::new(place, cell),
                open: date.open,
                only: [None, None, None],
                ambiguous: None,
                range: [None; 3],
            };
            self.layouts.insert(date.template.clone(), layout);
        }
        let Some(layout) = self.layouts.get_mut(&date.template) else {
            return false;
        };
        self.count += 1;
        layout.add(&date, cell, place);
        true
    }

    /// Whether all dates are eight digits, as numbers may be too.
    #[must_use]
    pub fn is_compact(&self) -> bool {
        self.layouts
            .keys()
            .all(|template| !template.contains(['-', '/', '.', ' ', ':']))
    }

    /// Whether any date has a time.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.layouts.keys().any(|template| template.contains("%M"))
    }

    /// The patterns; `hint` is an order that another column of the file has made sure.
    #[must_use]
    pub fn style(&self, hint: Option<&DateStyle>) -> DateStyle {
        let mut layouts: Vec<(&String, &Layout)> = self.layouts.iter().collect();
        layouts.sort_by_key(|(template, layout)| (std::cmp::Reverse(layout.count), (*template).clone()));
        let sure_order = layouts.iter().find_map(|(_, layout)| layout.sure_order());
        let mut style = DateStyle {
            formats: Finding::sure(Vec::new(), ""),
            readings: Vec::new(),
            range: None,
        };
        let mut evidence = Vec::new();
        for (template, layout) in layouts {
            let choice = layout.choice(template, sure_order, hint);
            style.formats.value.push(choice.value.0.clone());
            style.formats.confidence = style.formats.confidence.min(choice.confidence);
            evidence.push(choice.evidence);
            if choice.confidence == Confidence::Open {
                style.readings.extend(layout.readings(template));
                style.range = None;
            } else if style.readings.is_empty() {
                style.extend_range(layout.range[choice.value.1 as usize]);
            }
        }
        // The pattern with an optional fraction reads what the one without it reads.
        let all = style.formats.value.clone();
        let reads_it_too = |format: &String| {
            let with_fraction = format.replace("%S", "%S%.f");
            with_fraction != *format && !format.contains("%.f") && all.contains(&with_fraction)
        };
        style.formats.value.retain(|format| !reads_it_too(format));
        style.formats.evidence = evidence.join("; ");
        style
    }
}

impl DateStyle {
    /// Adds the patterns that another file has for the same column.
    pub fn merge(&mut self, other: Self) {
        for format in other.formats.value {
            if !self.formats.value.contains(&format) {
                self.formats.value.push(format);
                self.formats.evidence = format!("{}; {}", self.formats.evidence, other.formats.evidence);
            }
        }
        self.formats.confidence = self.formats.confidence.min(other.formats.confidence);
        for reading in other.readings {
            if !self.readings.contains(&reading) {
                self.readings.push(reading);
            }
        }
        self.range = match (self.range.take(), other.range) {
            (Some([first, last]), Some([its_first, its_last])) => Some([first.min(its_first), last.max(its_last)]),
            _ => None,
        };
    }

    fn extend_range(&mut self, range: Option<[(u32, u32, u32); 2]>) {
        let Some(range) = range else { return };
        let [first, last] = range.map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
        self.range = Some(match self.range.take() {
            Some([earliest, latest]) => [earliest.min(first), latest.max(last)],
            None => [first, last],
        });
    }
}

impl Layout {
    fn add(&mut self, date: &DateCell, cell: &str, place: Place) {
        self.count += 1;
        let days = ORDERS.map(|order| date.day(order));
        for (day, range) in days.iter().zip(&mut self.range) {
            if let Some(day) = *day {
                let [earliest, latest] = range.unwrap_or([day, day]);
                *range = Some([earliest.min(day), latest.max(day)]);
            }
        }
        if self.open == 0 {
            return;
        }
        let possible: Vec<usize> = (0..ORDERS.len()).filter(|&order| days[order].is_some()).collect();
        match possible.as_slice() {
            [only] => match &mut self.only[*only] {
                Some((_, count)) => *count += 1,
                none => *none = Some((Sighting::new(place, cell), 1)),
            },
            several => {
                if several.iter().any(|order| days[*order] != days[several[0]]) && self.ambiguous.is_none() {
                    self.ambiguous = Some(Sighting::new(place, cell));
                }
            }
        }
    }

    /// The only order that some cell allows.
    fn sure_order(&self) -> Option<Order> {
        let found: Vec<Order> = ORDERS
            .into_iter()
            .filter(|order| self.only[*order as usize].is_some())
            .collect();
        match found.as_slice() {
            [order] => Some(*order),
            _ => None,
        }
    }

    fn choice(&self, template: &str, sure: Option<Order>, hint: Option<&DateStyle>) -> Finding<(String, Order)> {
        if self.open == 0 {
            return Finding::sure((template.to_owned(), Order::DayMonth), format!("{}", self.first));
        }
        let chosen = |order| (filled(template, order), order);
        if let Some(order) = self.sure_order() {
            let (sighting, count) = self.only[order as usize]
                .as_ref()
                .map_or((&self.first, 0), |(s, n)| (s, *n));
            let also = self
                .ambiguous
                .as_ref()
                .map_or_else(String::new, |cell| format!("{cell} is ambiguous; "));
            let evidence = format!("{also}{sighting} says {} ({count} such dates)", order.words());
            return Finding::sure(chosen(order), evidence);
        }
        let contradictions: Vec<String> = ORDERS
            .into_iter()
            .filter_map(|order| {
                Some(format!(
                    "{} says {}",
                    self.only[order as usize].as_ref()?.0,
                    order.words()
                ))
            })
            .collect();
        if !contradictions.is_empty() {
            let evidence = format!(
                "{}: the column mixes orders, and no pattern reads them all",
                contradictions.join(", ")
            );
            return Finding::open(chosen(Order::DayMonth), evidence);
        }
        if let Some(order) = sure {
            let evidence = format!(
                "{} is read as the other dates of the column, {}",
                self.first,
                order.words()
            );
            return Finding::unsure(chosen(order), 90, evidence);
        }
        let from_hint = ORDERS.into_iter().find(|order| {
            hint.is_some_and(|hint| {
                hint.formats.confidence == Confidence::Sure && hint.formats.value.contains(&filled(template, *order))
            })
        });
        if let Some(order) = from_hint {
            let evidence = format!(
                "{} is ambiguous by itself; another column of the file says {}",
                self.first,
                order.words()
            );
            return Finding::unsure(chosen(order), 85, evidence);
        }
        let example = self.ambiguous.as_ref().unwrap_or(&self.first);
        let evidence = format!("{example} is ambiguous, and so are all {} dates", self.count);
        Finding::open(chosen(Order::DayMonth), evidence)
    }

    fn readings(&self, template: &str) -> Vec<DateReading> {
        ORDERS
            .into_iter()
            .filter(|order| self.range[*order as usize].is_some())
            .map(|order| DateReading {
                format: filled(template, order),
                words: order.words(),
            })
            .collect()
    }
}

fn filled(template: &str, order: Order) -> String {
    let [first, second, third] = match order {
        Order::DayMonth => ["%d", "%m", "%y"],
        Order::MonthDay => ["%m", "%d", "%y"],
        Order::YearMonthDay => ["%y", "%m", "%d"],
    };
    template
        .replace(FIRST, first)
        .replace(SECOND, second)
        .replace(THIRD, third)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(cells: &[&str]) -> DateSurvey {
        let mut survey = DateSurvey::default();
        for (cell, line) in cells.iter().zip(2..) {
            assert!(survey.add(cell, Place::Line(line)), "{cell}");
        }
        survey
    }

    fn style(cells: &[&str]) -> DateStyle {
        survey(cells).style(None)
    }

    #[test]
    fn patterns_that_allow_one_reading() {
        for (cell, pattern) in [
            ("2011-12-09", "%Y-%m-%d"),
            ("2011/1/9", "%Y/%m/%d"),
            ("2010-12-01 08:26:00", "%Y-%m-%d %H:%M:%S"),
            ("2010-12-01T08:26:00.123Z", "%Y-%m-%dT%H:%M:%S%.f%z"),
            ("2010-12-01T08:26:00+02:00", "%Y-%m-%dT%H:%M:%S%z"),
            ("19970101", "%Y%m%d"),
            ("20111209125000", "%Y%m%d%H%M%S"),
            ("9 Dec 2011", "%d %b %Y"),
            ("09-DEC-11", "%d-%b-%y"),
            ("Dec 9, 2011", "%b %d, %Y"),
            ("25/04/2025", "%d/%m/%Y"),
            ("4/25/2025 1:05 PM", "%m/%d/%Y %I:%M %p"),
            ("9/13/11", "%m/%d/%y"),
        ] {
            let style = style(&[cell]);
            assert_eq!(style.formats.value, [pattern], "{cell}");
            assert_eq!(style.formats.confidence, Confidence::Sure, "{cell}");
        }
    }

    #[test]
    fn one_date_settles_the_order_of_all() {
        let style = style(&["03/04/2025", "05/06/2025", "25/04/2025"]);
        assert_eq!(style.formats.value, ["%d/%m/%Y"]);
        assert_eq!(style.formats.confidence, Confidence::Sure);
        assert_eq!(
            style.formats.evidence,
            "03/04/2025 in line 2 is ambiguous; 25/04/2025 in line 4 says day first (1 such dates)"
        );
        assert_eq!(style.range, Some(["2025-04-03".to_owned(), "2025-06-05".to_owned()]));
    }

    #[test]
    fn dates_that_are_all_ambiguous_are_a_question() {
        let style = style(&["03/04/2025", "05/05/2025", "12/11/2025"]);
        assert_eq!(style.formats.confidence, Confidence::Open);
        let readings: Vec<_> = style
            .readings
            .iter()
            .map(|reading| (reading.format.as_str(), reading.words))
            .collect();
        assert_eq!(readings, [("%d/%m/%Y", "day first"), ("%m/%d/%Y", "month first")]);
        assert!(
            style.formats.evidence.contains("all 3 dates"),
            "{}",
            style.formats.evidence
        );
        assert_eq!(style.range, None);
    }

    #[test]
    fn equal_day_and_month_are_no_evidence() {
        let style = style(&["05/05/2025", "07/07/2025"]);
        assert_eq!(style.formats.confidence, Confidence::Open);
    }

    #[test]
    fn a_column_that_contradicts_itself_is_a_question() {
        let style = style(&["25/04/2025", "04/25/2025"]);
        assert_eq!(style.formats.confidence, Confidence::Open);
        assert!(
            style.formats.evidence.contains("mixes orders"),
            "{}",
            style.formats.evidence
        );
    }

    #[test]
    fn years_of_two_digits_need_a_date_that_allows_no_other_reading() {
        let settled = style(&["01/02/03", "13/12/99"]);
        assert_eq!(settled.formats.value, ["%d/%m/%y"]);
        let open = style(&["01/02/03"]);
        assert_eq!(open.formats.confidence, Confidence::Open);
        assert_eq!(open.readings.len(), 3);
        // The day may be the 31st of April 2025, which is none, or the 25th of April 1931.
        assert_eq!(style(&["31-04-25"]).formats.confidence, Confidence::Open);
    }

    #[test]
    fn several_patterns_are_listed_by_frequency() {
        let style = style(&["2025-01-02", "2025-01-02 10:00:00", "2025-01-03 11:00:00"]);
        assert_eq!(style.formats.value, ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d"]);
        assert_eq!(style.formats.confidence, Confidence::Sure);
    }

    #[test]
    fn another_column_may_settle_the_order() {
        let known = style(&["25/04/2025"]);
        let style = survey(&["03/04/2025"]).style(Some(&known));
        assert_eq!(style.formats.value, ["%d/%m/%Y"]);
        assert_eq!(style.formats.confidence, Confidence::Unsure(85));
    }

    #[test]
    fn other_texts_are_no_dates() {
        let mut survey = DateSurvey::default();
        for cell in [
            "",
            "12",
            "12345678",
            "99/99/2025",
            "2011-13-40",
            "10:30:00",
            "1-2-3",
            "ES-2011",
            "2011-12",
            "12.5",
            "A1-02-2025",
            "192.168.0.1",
            "2025-01-02x",
        ] {
            assert!(!survey.add(cell, Place::Line(1)), "{cell}");
        }
    }
}
