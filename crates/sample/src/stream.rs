//! One random stream per subject, so that no draw depends on who was drawn before.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream is for. Each purpose has its own key, so equal ids never share draws.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Customer = 1,
    Guests = 2,
    CustomerBasket = 3,
    GuestBasket = 4,
    Defects = 5,
    Marketing = 6,
    Details = 7,
    Household = 8,
    SecondKey = 9,
    Service = 10,
    Rates = 11,
    TableDefects = 12,
    Products = 13,
    Acquisition = 14,
    Contacts = 15,
    Owners = 16,
    Suppressions = 17,
}

/// The stream of one subject under `seed`.
pub(crate) fn stream(seed: u64, purpose: Purpose, id: u64) -> ChaCha8Rng {
    let mut key = [0_u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8] = purpose as u8;
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(id);
    rng
}

/// A whole number in `0..bound`.
///
/// Spelled out rather than taken from `rand`, which does not promise equal values between its
/// versions. The bias of the multiplication is below `bound / 2^32`.
pub(crate) fn below(rng: &mut ChaCha8Rng, bound: u32) -> u32 {
    ((u64::from(rng.next_u32()) * u64::from(bound)) >> 32) as u32
}

/// A number in `[0, 1)` with 53 random bits.
pub(crate) fn unit(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 * 2.0_f64.powi(-53)
}

/// Whether a coin with this chance shows heads.
pub(crate) fn chance(rng: &mut ChaCha8Rng, share: f64) -> bool {
    unit(rng) < share
}

/// One of `choices`, each as likely as the others.
pub(crate) fn pick<'a, T>(rng: &mut ChaCha8Rng, choices: &'a [T]) -> &'a T {
    &choices[below(rng, choices.len() as u32) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_seed_purpose_and_id() {
        let first = |seed, purpose, id| stream(seed, purpose, id).next_u64();
        let base = first(1, Purpose::Customer, 1);
        assert_eq!(base, first(1, Purpose::Customer, 1));
        assert_ne!(base, first(2, Purpose::Customer, 1));
        assert_ne!(base, first(1, Purpose::Guests, 1));
        assert_ne!(base, first(1, Purpose::Customer, 2));
    }

    #[test]
    fn draws_stay_in_range_and_are_centred() {
        let mut rng = stream(3, Purpose::Customer, 0);
        let draws = 100_000;
        let whole: u64 = (0..draws).map(|_| u64::from(below(&mut rng, 7))).sum();
        assert!((whole as f64 / f64::from(draws) - 3.0).abs() < 0.03);
        assert!((0..draws).all(|_| below(&mut rng, 7) < 7));
        let mean = (0..draws).map(|_| unit(&mut rng)).sum::<f64>() / f64::from(draws);
        assert!((mean - 0.5).abs() < 0.005);
    }
}
