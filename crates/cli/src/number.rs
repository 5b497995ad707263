//! Numbers for people: thousands separated, bytes and shares in their usual units.

/// `1234567` as `1,234,567`; decimals stay as they are.
pub(crate) fn thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, ""), |(whole, fraction)| (whole, fraction));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A count with thousands separated.
pub(crate) fn count(number: impl ToString) -> String {
    thousands(&number.to_string())
}

/// A count of things: `1 order`, `2,000 orders`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", count(number), if number == 1 { "" } else { "s" })
}

/// Exact decimal text, at least two decimals, further ones only where they are not zero.
pub(crate) fn money(decimal: &str) -> String {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let significant = fraction.trim_end_matches('0').len().max(2);
    thousands(&format!(
        "{whole}.{:0<significant$}",
        &fraction[..significant.min(fraction.len())]
    ))
}

/// Money of models to the cent: further decimals would claim to be known.
pub(crate) fn model_money(decimal: &str) -> String {
    match decimal.parse::<f64>() {
        Ok(amount) => thousands(&format!("{amount:.2}")),
        Err(_) => money(decimal),
    }
}

/// Ten-thousandths rounded to the cent.
pub(crate) fn rounded_money(ten_thousandths: i128) -> String {
    let sign = if ten_thousandths < 0 { "-" } else { "" };
    let cents = (ten_thousandths.unsigned_abs() + 50) / 100;
    thousands(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
}

/// A number without decimals, its digits in groups.
pub(crate) fn rounded(number: f64) -> String {
    thousands(&format!("{number:.0}"))
}

/// A share as a percentage with two decimals.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// Bytes in the largest unit that leaves a number of 1 or more.
#[expect(clippy::cast_precision_loss, reason = "for people, with one decimal")]
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 1_000.0 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated_and_decimals_kept() {
        assert_eq!(thousands("0"), "0");
        assert_eq!(thousands("999"), "999");
        assert_eq!(thousands("1000"), "1,000");
        assert_eq!(thousands("-1234567.891"), "-1,234,567.891");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(1, "order"), "1 order");
        assert_eq!(counted(0, "order"), "0 orders");
        assert_eq!(counted(2_000, "order"), "2,000 orders");
    }

    #[test]
    fn money_has_two_decimals_unless_it_needs_more() {
        assert_eq!(money("9747747.9340"), "9,747,747.934");
        assert_eq!(money("12.5000"), "12.50");
        assert_eq!(money("-3"), "-3.00");
        assert_eq!(money("0.0001"), "0.0001");
    }

    #[test]
    fn estimates_are_told_to_the_cent() {
        assert_eq!(rounded_money(629_867_596), "62,986.76");
        assert_eq!(rounded_money(-149), "-0.01");
        assert_eq!(rounded_money(99_995), "10.00");
    }

    #[test]
    fn bytes_take_the_largest_unit() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(844_135_133), "844.1 MB");
        assert_eq!(bytes(7_900_000_000_000_000), "7900.0 TB");
    }
}
