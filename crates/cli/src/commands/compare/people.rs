//! Two runs beside each other on one screen, with the reasons first.

use std::io::{self, Write};

use cartera_pipeline::compare::{Bridge, Comparison, MoneyChange};
use cartera_table::Money;

use super::parts;
use crate::number::{count, counted, money, rounded_money};
use crate::summary::screen::Page;
use crate::terminal::{Paint, columns};

/// Restated months that are named.
const MONTHS: usize = 3;
/// Counts that other lines tell of, or that few ask for.
const ELSEWHERE: [&str; 2] = ["guest_orders", "order_lines_set_aside"];
/// What models say, to the cent: further decimals would claim to be known.
const ESTIMATES: [&str; 3] = ["expected_sales_12m", "clv_horizon", "vin"];

pub(super) fn print(out: &mut dyn Write, paint: Paint, found: &Comparison) -> io::Result<()> {
    let mut page = Page {
        out,
        paint,
        columns: columns(),
    };
    title(&mut page, found)?;
    if found.is_equal {
        let text = page.paint.good("equal: both have the same tables, byte for byte");
        return page.line(&text);
    }
    causes(&mut page, found)?;
    figures(&mut page, found)?;
    customers(&mut page, found)?;
    bridges(&mut page, found)?;
    months(&mut page, found)?;
    parts::segments(&mut page, found)?;
    parts::models(&mut page, found)?;
    parts::lists(&mut page, found)?;
    parts::quality(&mut page, found)?;
    parts::told(&mut page, found)?;
    let text = page
        .paint
        .dim("--json tells everything: all moves, months, parameters, files and findings");
    page.line(&text)
}

fn title(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    let days = found.after.run.as_of.epoch_days() - found.before.run.as_of.epoch_days();
    let apart = match days {
        0 => "the same day".to_owned(),
        days if days < 0 => format!("{} earlier", counted(u64::from(days.unsigned_abs()), "day")),
        days => format!("{} later", counted(u64::from(days.unsigned_abs()), "day")),
    };
    let title = format!(
        "{}: run {} beside run {}, {apart}",
        found.after.pipeline, found.after.run, found.before.run
    );
    page.line(&page.paint.heading(title))
}

fn causes(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    page.line(&page.paint.heading("why"))?;
    if found.causes.is_empty() {
        return page.entry(
            "days",
            "days went by: pipeline, version, files and models are the same",
            1,
        );
    }
    for cause in &found.causes {
        page.entry(&cause.kind.replace('_', " "), &cause.text, 2)?;
    }
    Ok(())
}

fn figures(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    let header = format!(
        "{:<36}{:>20}{:>20}{:>22}",
        format!("in {}", found.after.currency),
        found.before.run.to_string(),
        found.after.run.to_string(),
        "change"
    );
    page.line(&page.paint.heading(header))?;
    for change in found.counts.iter().filter(|change| !ELSEWHERE.contains(&change.name)) {
        let difference = i128::from(change.after) - i128::from(change.before);
        let words = match difference {
            0 => "=".to_owned(),
            _ => format!("{}{}", sign(difference), count(difference.unsigned_abs())),
        };
        line(page, change.name, &count(change.before), &count(change.after), &words)?;
    }
    let is_bridged = |name: &str| found.bridges.iter().any(|bridge| bridge.measure == name);
    for change in found.money.iter().filter(|change| !is_bridged(change.name)) {
        amount(page, change)?;
    }
    Ok(())
}

fn amount(page: &mut Page<'_>, change: &MoneyChange) -> io::Result<()> {
    let is_estimate = ESTIMATES.contains(&change.name);
    let plain = |amount: Money| match is_estimate {
        true => rounded_money(amount.0),
        false => money(&amount.to_string()),
    };
    let words = |amount: Option<Money>| amount.map_or_else(|| "not known".to_owned(), plain);
    let difference = match change.change {
        Some(Money(0)) => "=".to_owned(),
        Some(difference) => format!("{}{}", sign(difference.0), plain(Money(difference.0.abs()))),
        None => String::new(),
    };
    line(
        page,
        change.name,
        &words(change.before),
        &words(change.after),
        &difference,
    )
}

fn line(page: &mut Page<'_>, name: &str, before: &str, after: &str, change: &str) -> io::Result<()> {
    page.line(&format!(
        "  {:<34}{before:>20}{after:>20}{change:>22}",
        name.replace('_', " ")
    ))
}

fn customers(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    let customers = &found.customers;
    let mut text = format!(
        "{} stayed: {} bought, {} of them back from lapsed or lost; {} fell asleep; {} new",
        count(customers.stayed),
        count(customers.bought),
        count(customers.came_back),
        count(customers.fell_asleep),
        count(customers.new),
    );
    if customers.new_with_earlier_orders > 0 {
        text.push_str(&format!(
            " ({} with orders of before)",
            count(customers.new_with_earlier_orders)
        ));
    }
    text.push_str(&format!("; {} gone", count(customers.gone)));
    if customers.gone > 0 {
        let reasons = customers.gone_by_reason.iter();
        let reasons: Vec<String> = reasons
            .map(|(reason, number)| format!("{reason} {}", count(*number)))
            .collect();
        text.push_str(&format!(" ({})", reasons.join(", ")));
    }
    page.entry("customers", &text, 3)
}

fn bridges(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    if found.bridges.is_empty() {
        return Ok(());
    }
    let header = format!(
        "{:<16}{:>17}{:>16}{:>16}{:>16}{:>18}",
        "of customers", "before", "new", "stayed", "gone", "now"
    );
    page.line(&page.paint.heading(header))?;
    for bridge in &found.bridges {
        let Bridge {
            measure,
            before,
            new,
            stayed,
            gone,
            after,
        } = bridge;
        let plain = |amount: &Money| money(&amount.to_string());
        page.line(&format!(
            "  {:<14}{:>17}{:>16}{:>16}{:>16}{:>18}",
            measure.replace('_', " "),
            plain(before),
            signed_money(*new),
            signed_money(*stayed),
            signed_money(*gone),
            plain(after)
        ))?;
    }
    Ok(())
}

fn months(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    let months = &found.months;
    if months.months == 0 {
        return Ok(());
    }
    let named = months.restated.iter().take(MONTHS).map(|month| {
        let change = Money(month.net_sales_after.0 - month.net_sales_before.0);
        let orders = month.orders_after - month.orders_before;
        let orders = match orders {
            0 => String::new(),
            orders => format!(
                " and {}{}",
                sign(orders.into()),
                counted(orders.unsigned_abs(), "order")
            ),
        };
        format!("{} {}{orders}", month.month, signed_money(change))
    });
    let named: Vec<String> = named.collect();
    let more = months.restated.len().saturating_sub(MONTHS);
    let more = if more > 0 {
        format!(", and {more} more")
    } else {
        String::new()
    };
    let mut text = match months.restated.is_empty() {
        true => format!("none of {} that were over changed", months.months),
        false => format!(
            "{} of {} that were over changed by {}: {}{more}",
            months.restated.len(),
            months.months,
            signed_money(months.restated_net_sales),
            named.join(", "),
        ),
    };
    if let Some(later) = months.later_net_sales {
        text.push_str(&format!("; {} of net sales since", signed_money(later)));
    }
    page.entry("months", &text, 3)
}

pub(super) fn sign(number: i128) -> &'static str {
    match number {
        number if number < 0 => "-",
        0 => "",
        _ => "+",
    }
}

pub(super) fn signed_money(amount: Money) -> String {
    let size = Money(amount.0.abs());
    format!("{}{}", sign(amount.0), money(&size.to_string()))
}
