//! What a control group of some size can show at all.

/// Upper 2.5 % point of the standard normal distribution: a two-sided test at 5 %.
const Z_LEVEL: f64 = 1.959_963_984_540_054;
/// Upper 20 % point: a power of 80 %.
const Z_POWER: f64 = 0.841_621_233_572_914_3;
/// Halvings of the range that the effect is searched in: more than a float has digits.
const HALVINGS: u32 = 60;

/// The smallest rise of the rate over `base_rate` that contacted and control of these sizes show with 80 % power in a
/// two-sided test at 5 %; none where one of them is empty, or even a rise to certainty would not show.
///
/// # Formula
/// The least `d` with `d >= z(0.975) sqrt(P Q (1/n + 1/m)) + z(0.80) sqrt(p q / m + (p + d)(q - d) / n)`, where `n` are
/// contacted, `m` control, `p` is the base rate, `q = 1 - p`, and `P = (n (p + d) + m p) / (n + m)`, `Q = 1 - P` is the
/// rate of both together.
///
/// # Units
/// Shares of 1.
///
/// # Source
/// J. L. Fleiss, B. Levin, M. C. Paik, "Statistical Methods for Rates and Proportions", 3rd edition, Wiley 2003, section
/// 4.4 (unequal sample sizes, without the correction for continuity).
#[must_use]
pub fn detectable_effect(contact_count: u64, control_count: u64, base_rate: f64) -> Option<f64> {
    if contact_count == 0 || control_count == 0 || !(0.0..1.0).contains(&base_rate) {
        return None;
    }
    let (contacted, control) = (contact_count as f64, control_count as f64);
    let shows = |effect: f64| {
        let raised = base_rate + effect;
        let both = (contacted * raised + control * base_rate) / (contacted + control);
        let level = Z_LEVEL * (both * (1.0 - both) * (1.0 / contacted + 1.0 / control)).sqrt();
        let variance = base_rate * (1.0 - base_rate) / control + raised * (1.0 - raised).max(0.0) / contacted;
        effect >= level + Z_POWER * variance.sqrt()
    };
    let (mut low, mut high) = (0.0, 1.0 - base_rate);
    if !shows(high) {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if shows(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// Control customers that a list needs so that a rise by the base rate itself (twice as many answers) shows; none where
/// not even as many as are contacted are enough.
pub(crate) fn control_needed(selected_count: u64, base_rate: f64) -> Option<u64> {
    let shows = |control: u64| {
        detectable_effect(selected_count - control, control, base_rate).is_some_and(|effect| effect <= base_rate)
    };
    let (mut low, mut high) = (0, selected_count / 2);
    if !shows(high) {
        return None;
    }
    while low + 1 < high {
        let middle = u64::midpoint(low, high);
        if shows(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_those_of_an_independent_computation() {
        for (contact, control, base_rate, expected) in [
            (9000, 1000, 0.05, 0.022987546700),
            (900, 100, 0.05, 0.090602584075),
            (500, 500, 0.2, 0.075331707036),
            (20000, 30, 0.01, 0.144948654138),
        ] {
            let effect = detectable_effect(contact, control, base_rate).expect("an effect");
            assert!(
                (effect - expected).abs() < 1e-9,
                "{contact} {control} {base_rate}: {effect}"
            );
        }
    }

    #[test]
    fn too_few_show_nothing() {
        assert_eq!(detectable_effect(100, 0, 0.05), None);
        assert_eq!(detectable_effect(0, 100, 0.05), None);
        assert_eq!(detectable_effect(2, 1, 0.5), None);
    }

    #[test]
    fn the_control_that_is_needed_is_the_smallest() {
        let needed = control_needed(5_000, 0.05).expect("enough");
        let effect = |control| detectable_effect(5_000 - control, control, 0.05).expect("an effect");
        assert!(effect(needed) <= 0.05 && effect(needed - 1) > 0.05, "{needed}");
        assert_eq!(control_needed(40, 0.05), None);
    }
}
