//! The numbers behind a signal, as a text that people and programs can read.

use std::fmt::{self, Write};

use cartera_table::{AsOf, ColumnType, Money};

use super::cells::{Cells, Stretch};
use super::rule::{Direction, Layout, Limit, LooksAt, Measure, Place, Rule, Test, Times};

/// Writes `name=value (limits); name=value ..` of a customer who has the signal: the conditions that hold, in their
/// order, with several on the same number in one place, then the further columns.
pub(crate) fn write_evidence(rule: &Rule, stretch: &Stretch<'_>, row: usize, text: &mut String) -> fmt::Result {
    let met: Vec<&Test> = rule
        .when
        .iter()
        .flat_map(|condition| condition.met(stretch, row))
        .collect();
    let mut shown: Vec<Place> = Vec::new();
    for (place, test) in met.iter().enumerate() {
        let separator = if place == 0 { "" } else { "; " };
        match &test.looks_at {
            LooksAt::Text { column, .. } => {
                write!(text, "{separator}{}=", stretch.layout.columns[*column].column.name)?;
                write_value(stretch, *column, row, text)?;
                shown.push(*column);
            }
            LooksAt::Number { measure, .. } => {
                let is_same = |other: &&&Test| matches!(&other.looks_at, LooksAt::Number { measure: other, .. } if other == measure);
                if met[..place].iter().any(|other| is_same(&other)) {
                    continue;
                }
                text.push_str(separator);
                write_measure(stretch, *measure, row, text)?;
                text.push_str(" (");
                write_origin(stretch, *measure, row, text)?;
                for (number, other) in met[place..].iter().filter(is_same).enumerate() {
                    text.push_str(if number == 0 { "" } else { ", " });
                    write_limit(stretch, *measure, other, row, text)?;
                }
                text.push(')');
                if let Measure::Value { column, per: None } = measure {
                    shown.push(*column);
                }
            }
        }
    }
    for column in rule.evidence.iter().filter(|column| !shown.contains(column)) {
        write!(text, "; {}=", stretch.layout.columns[*column].column.name)?;
        write_value(stretch, *column, row, text)?;
    }
    Ok(())
}

/// The name of what is measured: `days_overdue`, `returned_amount/gross_sales`, `fall_of p_alive`,
/// `gap_to_next pareto_class`.
pub(crate) fn measure_name(layout: &Layout, measure: Measure) -> String {
    let name = |place: Place| layout.columns[place].column.name;
    match measure {
        Measure::Value { column, per: None } => name(column).to_owned(),
        Measure::Value { column, per: Some(per) } => format!("{}/{}", name(column), name(per)),
        Measure::Change { column, per, direction } => {
            let of = measure_name(layout, Measure::Value { column, per });
            match direction {
                Direction::Rise => format!("rise_of {of}"),
                Direction::Fall => format!("fall_of {of}"),
            }
        }
        Measure::GapToNext(gap) => format!("gap_to_next {}", name(layout.gaps[gap].segmentation)),
    }
}

/// `days_overdue=34.5`; of what changed and of what is near, the value as it is now.
fn write_measure(stretch: &Stretch<'_>, measure: Measure, row: usize, text: &mut String) -> fmt::Result {
    let (column, per) = match measure {
        Measure::Value { column, per } | Measure::Change { column, per, .. } => (column, per),
        Measure::GapToNext(gap) => match stretch.base.gaps[gap].ranked_by {
            Some(ranked_by) => (ranked_by, None),
            None => return Ok(()),
        },
    };
    let value = Measure::Value { column, per };
    write!(text, "{}=", measure_name(stretch.layout, value))?;
    match per {
        None => write_value(stretch, column, row, text),
        Some(_) => write_number(value.number(stretch, row), false, text),
    }
}

/// What a change started from, and what is near.
fn write_origin(stretch: &Stretch<'_>, measure: Measure, row: usize, text: &mut String) -> fmt::Result {
    let is_money = is_money(stretch, measure);
    let number = measure.number(stretch, row);
    match measure {
        _ if number.is_nan() => Ok(()),
        Measure::Value { .. } => Ok(()),
        Measure::Change { direction, .. } => {
            text.push_str("before ");
            write_number(measure.before(stretch, row), is_money, text)?;
            text.push_str(match direction {
                Direction::Rise => ", rise ",
                Direction::Fall => ", fall ",
            });
            write_number(number, is_money, text)?;
            text.push_str(", ");
            Ok(())
        }
        Measure::GapToNext(gap) => {
            let label = stretch
                .text(stretch.layout.gaps[gap].segmentation, row)
                .unwrap_or_default();
            let segments = &stretch.base.gaps[gap];
            if let Some(((next, least), ranked_by)) = segments.next(label).zip(segments.ranked_by) {
                write!(text, "least of {next} ")?;
                write_number(least, is_money_column(stretch, ranked_by), text)?;
            }
            text.push_str(", gap ");
            write_number(number, false, text)?;
            text.push_str(", ");
            Ok(())
        }
    }
}

/// `above 31.5 = 1.5 x order_gap_deviation_days`, `at_least 0.01 = 0.3 x 1 of 30 days`.
fn write_limit(stretch: &Stretch<'_>, measure: Measure, test: &Test, row: usize, text: &mut String) -> fmt::Result {
    let LooksAt::Number { bound, limit, .. } = &test.looks_at else {
        return Ok(());
    };
    if measure.number(stretch, row).is_nan() {
        return text.write_str("or_null");
    }
    let is_money = is_money(stretch, measure);
    write!(text, "{} ", bound.word())?;
    write_number(limit.number(stretch, row), is_money, text)?;
    let Limit { number, times, .. } = *limit;
    let pace = limit.pace(stretch);
    if times.is_none() && pace.is_none() {
        return Ok(());
    }
    text.push_str(" = ");
    write_number(number, is_money && times.is_none(), text)?;
    if let Some(times) = times {
        let (of, place) = match times {
            Times::Now(place) => ("", place),
            Times::Before(place) => ("before of ", place),
            Times::Median(place) => ("median of ", place),
        };
        write!(text, " x {of}{}", stretch.layout.columns[place].column.name)?;
    }
    if let Some((days, within_days)) = pace {
        write!(text, " x {days} of {within_days} days")?;
    }
    Ok(())
}

fn is_money(stretch: &Stretch<'_>, measure: Measure) -> bool {
    match measure {
        Measure::Value { column, per: None } | Measure::Change { column, per: None, .. } => {
            is_money_column(stretch, column)
        }
        _ => false,
    }
}

fn is_money_column(stretch: &Stretch<'_>, place: Place) -> bool {
    matches!(
        stretch.layout.columns[place].column.column_type,
        ColumnType::Decimal { .. }
    )
}

/// The value of a column; money exactly.
fn write_value(stretch: &Stretch<'_>, place: Place, row: usize, text: &mut String) -> fmt::Result {
    match &stretch.now[place] {
        Cells::Money(_, money) => match money.get(row) {
            Some(money) => write!(text, "{}", Money(money)),
            None => text.write_str("null"),
        },
        Cells::Numbers(numbers) => write_number(numbers[row], false, text),
        Cells::Texts(texts) => match texts.get(row) {
            // What separates entries cannot stand in one.
            Some(value) => value
                .chars()
                .try_for_each(|one| text.write_char(if one == ';' { ',' } else { one })),
            None => text.write_str("null"),
        },
        Cells::Days(days) => match days.get(row).and_then(AsOf::from_epoch_days) {
            Some(day) => write!(text, "{day}"),
            None => text.write_str("null"),
        },
    }
}

/// Money to the cent, other numbers with as many of four decimals as they need.
fn write_number(number: f64, is_money: bool, text: &mut String) -> fmt::Result {
    if number.is_nan() {
        return text.write_str("null");
    }
    if is_money {
        return write!(text, "{number:.2}");
    }
    let start = text.len();
    write!(text, "{number:.4}")?;
    let end = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(end.max(start + 1));
    if text[start..] == *"-0" {
        text.replace_range(start.., "0");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_decimals_that_they_need() {
        let text = |number, is_money| {
            let mut text = String::from("x=");
            write_number(number, is_money, &mut text).expect("written");
            text
        };
        assert_eq!(text(34.5, false), "x=34.5");
        assert_eq!(text(120.0, false), "x=120");
        assert_eq!(text(0.0, false), "x=0");
        assert_eq!(text(-0.000_01, false), "x=0");
        assert_eq!(text(1.0 / 3.0, false), "x=0.3333");
        assert_eq!(text(1520.0, true), "x=1520.00");
        assert_eq!(text(f64::NAN, true), "x=null");
    }
}
