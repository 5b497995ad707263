//! Cells of the plain types.

use super::put_sized;

/// Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROSECONDS: i64 = EPOCH_DAYS as i64 * 86_400_000_000;

/// What stands for the character NUL, which texts of PostgreSQL cannot hold.
const NUL_STAND_IN: char = char::REPLACEMENT_CHARACTER;

pub(crate) fn put_null(out: &mut Vec<u8>) {
    out.extend_from_slice(&(-1_i32).to_be_bytes());
}

/// Writes a text; says whether a NUL in it had to be written as [`NUL_STAND_IN`].
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) -> bool {
    let has_nul = text.contains('\0');
    put_sized(out, |out| {
        if has_nul {
            out.extend_from_slice(text.replace('\0', NUL_STAND_IN.encode_utf8(&mut [0; 4])).as_bytes());
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    });
    has_nul
}

pub(crate) fn put_bool(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(&[0, 0, 0, 1, u8::from(value)]);
}

pub(crate) fn put_i32(out: &mut Vec<u8>, value: i32) {
    out.extend_from_slice(&[0, 0, 0, 4]);
    out.extend_from_slice(&value.to_be_bytes());
}

pub(crate) fn put_i64(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(&[0, 0, 0, 8]);
    out.extend_from_slice(&value.to_be_bytes());
}

pub(crate) fn put_f64(out: &mut Vec<u8>, value: f64) {
    out.extend_from_slice(&[0, 0, 0, 8]);
    out.extend_from_slice(&value.to_be_bytes());
}

/// Writes a day, given as days since 1970-01-01; says whether PostgreSQL can hold it.
#[must_use]
pub(crate) fn put_date(out: &mut Vec<u8>, days: i32) -> bool {
    let Some(days) = days.checked_sub(EPOCH_DAYS) else {
        return false;
    };
    put_i32(out, days);
    // The two ends mean infinity.
    days != i32::MIN && days != i32::MAX
}

/// Writes a wall-clock time, given as microseconds since 1970-01-01; says whether PostgreSQL can hold it.
#[must_use]
pub(crate) fn put_timestamp(out: &mut Vec<u8>, microseconds: i64) -> bool {
    let Some(microseconds) = microseconds.checked_sub(EPOCH_MICROSECONDS) else {
        return false;
    };
    put_i64(out, microseconds);
    microseconds != i64::MIN && microseconds != i64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out);
        out
    }

    #[test]
    fn days_and_times_are_counted_from_2000() {
        let day = |days| written(|out| assert!(put_date(out, days)));
        assert_eq!(day(10_957), [0, 0, 0, 4, 0, 0, 0, 0]);
        assert_eq!(day(0), [&[0, 0, 0, 4][..], &(-10_957_i32).to_be_bytes()].concat());
        let time = written(|out| assert!(put_timestamp(out, 946_684_800_000_001)));
        assert_eq!(time, [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn what_postgresql_would_take_for_infinity_is_refused() {
        assert!(!put_date(&mut Vec::new(), i32::MIN));
        assert!(!put_date(&mut Vec::new(), i32::MIN + EPOCH_DAYS));
        assert!(!put_timestamp(&mut Vec::new(), i64::MIN));
        assert!(!put_timestamp(&mut Vec::new(), i64::MIN + EPOCH_MICROSECONDS));
    }

    #[test]
    fn nul_is_told_and_stood_in_for() {
        let mut has_nul = false;
        let text = written(|out| has_nul = put_text(out, "a\0b"));
        assert!(has_nul);
        assert_eq!(text, [&[0, 0, 0, 5][..], "a\u{fffd}b".as_bytes()].concat());
        let text = written(|out| has_nul = put_text(out, "ñ"));
        assert!(!has_nul);
        assert_eq!(text, [&[0, 0, 0, 2][..], "ñ".as_bytes()].concat());
    }
}
