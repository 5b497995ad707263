//! The numbers that a person asks for first, beside those of the run before.

use std::io;

use cartera_pipeline::store::Totals;
use cartera_table::Money;

use super::{Page, Seen};
use crate::number::{count, counted, money, rounded_money};
use crate::summary::money_of;

/// A figure of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Figure {
    Count(u64),
    /// Ten-thousandths, to the last of them.
    Money(i128),
    /// Money that a model says: to the cent, as further decimals would claim to be known.
    Estimate(i128),
}

type Of = fn(&Totals) -> Option<Figure>;

pub(super) fn headlines(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let totals = seen.totals;
    let before = seen.before.map(|run| &run.manifest.record.totals);
    // Amounts of another currency cannot stand beside these.
    let before = before.filter(|before| before.currency == totals.currency);
    let mut header = format!("{:<36}{:>22}", format!("in {}", totals.currency), "now");
    if let (Some(run), Some(_)) = (seen.before, before) {
        header.push_str(&format!("{:>20}{:>22}", run.reference.to_string(), "change"));
    }
    page.line(&page.paint.heading(header))?;
    for (name, of) in figures(totals) {
        let Some(now) = of(totals) else { continue };
        let mut line = format!("  {name:<34}{:>22}", words(now));
        match before.map(of) {
            Some(Some(then)) => line.push_str(&format!("{:>20}{:>22}", words(then), change(then, now))),
            Some(None) => line.push_str(&format!("{:>20}", "not known")),
            None => {}
        }
        page.line(&line)?;
    }
    last_month(page, totals)
}

fn figures(totals: &Totals) -> Vec<(String, Of)> {
    let named = |name: &str, of: Of| (name.to_owned(), of);
    vec![
        named("customers", |totals| Some(Figure::Count(totals.customers))),
        named("orders", |totals| Some(Figure::Count(totals.orders))),
        named("net sales of customers", |totals| {
            Some(Figure::Money(money_of(&totals.net_sales)))
        }),
        named("gross margin", |totals| {
            let margin = totals.margin.as_ref()?;
            Some(Figure::Money(money_of(&margin.gross_margin)))
        }),
        named("net profit of the company", |totals| {
            let profit = totals.profit.as_ref()?.net_profit.as_deref()?;
            Some(Figure::Money(money_of(profit)))
        }),
        named("expected sales in 12 months", |totals| {
            let sales = totals.lifetime.expected_sales_12m.as_deref()?;
            Some(Figure::Estimate(money_of(sales)))
        }),
        (
            format!("CLV over {} months", totals.lifetime.horizon_months),
            |totals| Some(Figure::Estimate(money_of(totals.lifetime.clv_horizon.as_deref()?))),
        ),
        named("VIN", |totals| {
            Some(Figure::Estimate(money_of(totals.lifetime.vin.as_deref()?)))
        }),
    ]
}

fn words(figure: Figure) -> String {
    match figure {
        Figure::Count(number) => count(number),
        Figure::Money(amount) => money(&Money(amount).to_string()),
        Figure::Estimate(amount) => rounded_money(amount),
    }
}

/// The second less the first, and that as a share of the first.
fn change(then: Figure, now: Figure) -> String {
    let (before, after) = (size(then), size(now));
    let difference = after - before;
    if difference == 0 {
        return "=".to_owned();
    }
    let sign = if difference < 0 { "-" } else { "+" };
    let amount = match now {
        Figure::Count(_) => count(difference.unsigned_abs()),
        Figure::Money(_) => money(&Money(difference.abs()).to_string()),
        Figure::Estimate(_) => rounded_money(difference.abs()),
    };
    match share(difference, before) {
        Some(share) => format!("{sign}{amount} {share}"),
        None => format!("{sign}{amount}"),
    }
}

fn size(figure: Figure) -> i128 {
    match figure {
        Figure::Count(number) => i128::from(number),
        Figure::Money(amount) | Figure::Estimate(amount) => amount,
    }
}

/// None of nothing or less, of which no share tells anything.
#[expect(clippy::cast_precision_loss, reason = "for people")]
fn share(difference: i128, before: i128) -> Option<String> {
    (before > 0).then(|| format!("{:+.1} %", difference as f64 / before as f64 * 100.0))
}

fn last_month(page: &mut Page<'_>, totals: &Totals) -> io::Result<()> {
    let Some(month) = &totals.last_month else { return Ok(()) };
    let text = format!(
        "{} bought, {} for the first time; {} were lost, {} are left",
        counted(month.active_customers, "customer"),
        count(month.new_customers),
        count(month.lost_customers),
        count(month.customers_at_end),
    );
    page.entry(&month.month, &text, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_a_sign_and_a_share() {
        assert_eq!(change(Figure::Count(500), Figure::Count(524)), "+24 +4.8 %");
        assert_eq!(
            change(Figure::Money(125_000), Figure::Money(100_005)),
            "-2.4995 -20.0 %"
        );
        assert_eq!(
            change(Figure::Estimate(100_000), Figure::Estimate(100_049)),
            "+0.00 +0.0 %"
        );
        assert_eq!(change(Figure::Count(0), Figure::Count(3)), "+3");
        assert_eq!(change(Figure::Count(3), Figure::Count(3)), "=");
    }
}
