//! Exact decimals as PostgreSQL's `numeric`.
//!
//! # Format
//! Four words of 16 bits: the number of digits, the weight of the first digit, the sign (0x4000 is minus) and the
//! decimals to show; then the digits to base 10,000, the first one not zero and the last one not zero, which stand for
//! the sum of `digit * 10000^(weight - place)`.
//!
//! # Source
//! `numeric_send` and `numeric_recv` in PostgreSQL's src/backend/utils/adt/numeric.c.

use super::put_sized;

const MINUS: u16 = 0x4000;
/// Decimal digits in a digit to base 10,000.
const GROUP: u32 = 4;
const BASE: u64 = 10_u64.pow(GROUP);
/// 39 decimal digits in front of the separator and 38 behind it, each side in groups of four.
const MOST_DIGITS: usize = 10 + 10;
/// Decimals up to which the part behind the separator fits 64 bits.
const SMALL_SCALE: u32 = 19;

/// Writes `unscaled / 10^scale`, where `scale` is at most 38.
pub(crate) fn put_numeric(out: &mut Vec<u8>, unscaled: i128, scale: u32) {
    let mut digits = [0_u16; MOST_DIGITS];
    let (whole, fraction) = split(unscaled.unsigned_abs(), scale);
    let whole_digits = put_whole(&mut digits, whole);
    let all = whole_digits + put_fraction(&mut digits[whole_digits..], fraction, scale);

    let leading = digits[..all].iter().take_while(|digit| **digit == 0).count();
    let trailing = digits[leading..all]
        .iter()
        .rev()
        .take_while(|digit| **digit == 0)
        .count();
    let digits = &digits[leading..all - trailing];
    // Both are below 20.
    let place = |count: usize| i16::try_from(count).unwrap_or(i16::MAX);
    let weight = match digits {
        [] => 0,
        _ => place(whole_digits) - 1 - place(leading),
    };
    put_sized(out, |out| {
        out.extend_from_slice(&place(digits.len()).to_be_bytes());
        out.extend_from_slice(&weight.to_be_bytes());
        out.extend_from_slice(&if unscaled < 0 { MINUS } else { 0 }.to_be_bytes());
        out.extend_from_slice(&u16::try_from(scale).unwrap_or(u16::MAX).to_be_bytes());
        for digit in digits {
            out.extend_from_slice(&digit.to_be_bytes());
        }
    });
}

/// What stands before and behind the separator. Most amounts fit 64 bits, where division is many times as fast.
fn split(magnitude: u128, scale: u32) -> (u128, u128) {
    match u64::try_from(magnitude) {
        Ok(magnitude) if scale <= SMALL_SCALE => {
            let unit = 10_u64.pow(scale);
            ((magnitude / unit).into(), (magnitude % unit).into())
        }
        _ => {
            let unit = 10_u128.pow(scale);
            (magnitude / unit, magnitude % unit)
        }
    }
}

/// Puts the digits of a whole number in front, without leading zeros; says how many.
fn put_whole(digits: &mut [u16; MOST_DIGITS], mut whole: u128) -> usize {
    let mut count = 0;
    while whole > u128::from(u64::MAX) {
        digits[count] = low((whole % u128::from(BASE)) as u64);
        whole /= u128::from(BASE);
        count += 1;
    }
    let mut small = whole as u64;
    while small > 0 {
        digits[count] = low(small % BASE);
        small /= BASE;
        count += 1;
    }
    digits[..count].reverse();
    count
}

/// Puts the digits behind the separator, the last one filled up with zeros; says how many.
fn put_fraction(digits: &mut [u16], fraction: u128, scale: u32) -> usize {
    let mut count = 0;
    let mut left = scale;
    let mut large = fraction;
    while left > SMALL_SCALE {
        left -= GROUP;
        let unit = 10_u128.pow(left);
        digits[count] = low((large / unit) as u64);
        large %= unit;
        count += 1;
    }
    let mut small = large as u64;
    while left >= GROUP {
        left -= GROUP;
        let unit = 10_u64.pow(left);
        digits[count] = low(small / unit);
        small %= unit;
        count += 1;
    }
    if left > 0 {
        digits[count] = low(small * 10_u64.pow(GROUP - left));
        count += 1;
    }
    count
}

/// A number below [`BASE`].
fn low(digit: u64) -> u16 {
    u16::try_from(digit).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(unscaled: i128, scale: u32) -> Vec<i16> {
        let mut out = Vec::new();
        put_numeric(&mut out, unscaled, scale);
        let (length, words) = out.split_at(4);
        assert_eq!(
            usize::try_from(i32::from_be_bytes(length.try_into().expect("four"))),
            Ok(words.len())
        );
        let words = words.chunks(2).map(|word| i16::from_be_bytes([word[0], word[1]]));
        words.collect()
    }

    /// The value as decimal text, by the definition of the format and nothing else.
    fn text(words: &[i16]) -> String {
        let [count, weight, sign, scale, digits @ ..] = words else {
            panic!("four words")
        };
        assert_eq!(digits.len(), *count as usize);
        let digit = |power: i16| {
            let place = usize::try_from(weight - power).ok();
            place.and_then(|place| digits.get(place)).copied().unwrap_or(0)
        };
        let mut whole = String::new();
        for power in (0..=(*weight).max(0)).rev() {
            whole.push_str(&format!("{:04}", digit(power)));
        }
        let mut fraction = String::new();
        for power in 1..=(*scale + 3) / 4 {
            fraction.push_str(&format!("{:04}", digit(-power)));
        }
        let (shown, beyond) = fraction.split_at(*scale as usize);
        assert!(
            beyond.bytes().all(|byte| byte == b'0'),
            "digits beyond the scale: {fraction}"
        );
        let whole = whole.trim_start_matches('0');
        let sign = if *sign == 0 { "" } else { "-" };
        format!("{sign}{}.{shown}", if whole.is_empty() { "0" } else { whole })
    }

    fn expected(unscaled: i128, scale: u32) -> String {
        let magnitude = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale as usize + 1);
        let (whole, fraction) = magnitude.split_at(magnitude.len() - scale as usize);
        format!("{}{whole}.{fraction}", if unscaled < 0 { "-" } else { "" })
    }

    #[test]
    fn known_values_have_the_words_that_postgresql_sends() {
        // As `select encode(numeric_send(..), 'hex')` prints them.
        assert_eq!(words(0, 4), [0, 0, 0, 4]);
        assert_eq!(words(12_345_678, 4), [2, 0, 0, 4, 1234, 5678]);
        assert_eq!(words(-15_000, 4), [2, 0, 0x4000, 4, 1, 5000]);
        assert_eq!(words(1, 4), [1, -1, 0, 4, 1]);
        assert_eq!(words(1, 6), [1, -2, 0, 6, 100]);
        assert_eq!(words(100_000_000, 4), [1, 1, 0, 4, 1]);
        assert_eq!(words(1_000_000, 6), [1, 0, 0, 6, 1]);
    }

    #[test]
    fn the_widest_values_fit() {
        let widest = 10_i128.pow(38) - 1;
        for scale in 0..=38 {
            for value in [widest, -widest, 1, -1, widest / 7] {
                assert_eq!(text(&words(value, scale)), expected(value, scale), "{value} at {scale}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_value_is_what_the_digits_say(unscaled: i128, small: i64, scale in 0_u32..=38) {
            let unscaled = unscaled % 10_i128.pow(38);
            prop_assert_eq!(text(&words(unscaled, scale)), expected(unscaled, scale));
            prop_assert_eq!(text(&words(small.into(), scale)), expected(small.into(), scale));
        }

        #[test]
        fn no_digit_at_either_end_is_zero(unscaled: i128, scale in 0_u32..=38) {
            let words = words(unscaled % 10_i128.pow(38), scale);
            prop_assert!(words[4..].first() != Some(&0) && words[4..].last() != Some(&0));
            prop_assert!(words[4..].iter().all(|digit| (0..10_000).contains(digit)));
        }
    }
}
