//! Names and descriptions of clusters: what sets them apart most, in words.

use std::fmt::Write as _;

use super::contrast::Contrast;
use super::measures::{MEASURES, Measure, NumberStyle};

/// Most words of a name.
const MAX_WORDS: usize = 3;
/// A measure is worth a word from this many standard deviations on.
const WORTH_A_WORD: f64 = 0.3;
/// A cluster that nothing sets apart.
const AVERAGE: &str = "average";

/// A measure that sets a cluster apart.
#[derive(Debug, Clone, Copy)]
struct Trait<'c> {
    measure: Measure,
    word: &'static str,
    contrast: &'c Contrast,
    strength: f64,
}

/// The name of a cluster, unlike all of those that are taken: words for its strongest differences from the base, at
/// most three, with further ones or at last a number where the name is taken.
pub(crate) fn name_of(cluster: usize, contrasts: &[Contrast], taken: &[String]) -> String {
    let words: Vec<&str> = traits(cluster, contrasts).into_iter().map(|found| found.word).collect();
    let is_free = |name: &String| !taken.contains(name);
    let first = words.len().min(MAX_WORDS);
    let longer = (first..=words.len()).map(|count| match words[..count].join("_") {
        empty if empty.is_empty() => AVERAGE.to_owned(),
        name => name,
    });
    let names: Vec<String> = longer.collect();
    match names.iter().find(|name| is_free(name)) {
        Some(name) => name.clone(),
        None => unlike(&names[0], taken),
    }
}

/// Whether a generated name is still true of a cluster: whether the cluster lies on the side of the base that each word
/// says. A name with words that are unknown here cannot be shown to be.
pub(crate) fn still_holds(name: &str, cluster: usize, contrasts: &[Contrast]) -> bool {
    let words = without_number(name);
    if words == AVERAGE {
        return traits(cluster, contrasts).is_empty();
    }
    let difference = |measure: &Measure| {
        let contrast = contrasts.iter().find(|contrast| contrast.measure == measure.name)?;
        contrast.clusters[cluster].difference
    };
    let is_true = |word: &str| {
        MEASURES.iter().any(|measure| {
            difference(measure).is_some_and(|difference| {
                let says_much = measure.high == Some(word) && difference > 0.0;
                says_much || (measure.low == Some(word) && difference < 0.0)
            })
        })
    };
    words_of(words).is_some_and(|words| words.into_iter().all(is_true))
}

fn without_number(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((words, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => words,
        _ => name,
    }
}

/// The words that a name is made of, some of which are joined themselves; none where one is unknown.
fn words_of(name: &str) -> Option<Vec<&'static str>> {
    let mut words = Vec::new();
    let mut rest = Some(name);
    while let Some(text) = rest {
        let known = MEASURES.iter().flat_map(|measure| [measure.high, measure.low]);
        let is_next = |word: &&str| {
            let after = text.strip_prefix(*word);
            after.is_some_and(|after| after.is_empty() || after.starts_with('_'))
        };
        let word = known.flatten().filter(is_next).max_by_key(|word| word.len())?;
        words.push(word);
        rest = text[word.len()..].strip_prefix('_');
    }
    Some(words)
}

/// The name with the first number from 2 on that makes it unlike all of those that are taken.
pub(crate) fn unlike(name: &str, taken: &[String]) -> String {
    let mut number = 2;
    loop {
        let numbered = format!("{name}_{number}");
        if !taken.contains(&numbered) {
            return numbered;
        }
        number += 1;
    }
}

/// A sentence with the figures of the strongest differences.
pub(crate) fn describe(cluster: usize, customers: usize, all: usize, contrasts: &[Contrast]) -> String {
    let share = 100.0 * customers as f64 / all.max(1) as f64;
    let noun = if customers == 1 { "customer" } else { "customers" };
    let mut text = format!("{customers} {noun}, {share:.1} % of those in clusters");
    for (place, found) in traits(cluster, contrasts).into_iter().take(MAX_WORDS).enumerate() {
        let base = found.contrast.base_mean;
        let mean = found.contrast.clusters[cluster].mean.unwrap_or(base);
        let (separator, noun) = (if place == 0 { ";" } else { "," }, found.measure.noun);
        // Writing to a String cannot fail.
        let _ = match found.measure.style {
            NumberStyle::Percent => write!(
                text,
                "{separator} {noun} {:.1} % against {:.1} % of all",
                mean * 100.0,
                base * 100.0
            ),
            NumberStyle::Plain => write!(
                text,
                "{separator} {noun} {} on average against {} of all",
                rounded(mean),
                rounded(base)
            ),
        };
        if found.measure.style == NumberStyle::Plain && base > 0.0 && mean > 0.0 {
            let _ = write!(text, " ({} times)", rounded(mean / base));
        }
    }
    text
}

/// Two digits behind the point for small numbers, one for larger, none for hundreds.
fn rounded(number: f64) -> String {
    match number.abs() {
        size if size < 2.0 => format!("{number:.2}"),
        size if size < 100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

/// What sets a cluster apart, strongest first, one measure a theme.
fn traits(cluster: usize, contrasts: &[Contrast]) -> Vec<Trait<'_>> {
    let mut found: Vec<Trait<'_>> = Vec::new();
    for measure in MEASURES {
        let Some(contrast) = contrasts.iter().find(|contrast| contrast.measure == measure.name) else {
            continue;
        };
        let Some(difference) = contrast.clusters[cluster].difference else {
            continue;
        };
        let word = if difference > 0.0 { measure.high } else { measure.low };
        let strength = difference.abs();
        if let Some(word) = word
            && strength >= WORTH_A_WORD
        {
            found.push(Trait {
                measure,
                word,
                contrast,
                strength,
            });
        }
    }
    // Stable: of equally strong ones the first measure stays first.
    found.sort_by(|one, other| other.strength.total_cmp(&one.strength));
    let mut themes = Vec::new();
    found.retain(|found| {
        let is_new = !themes.contains(&found.measure.theme);
        themes.push(found.measure.theme);
        is_new
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k_means::contrast::ClusterContrast;

    fn contrast(measure: &str, base_mean: f64, clusters: &[(f64, f64)]) -> Contrast {
        Contrast {
            measure: measure.into(),
            base_mean,
            clusters: clusters
                .iter()
                .map(|&(mean, difference)| ClusterContrast {
                    mean: Some(mean),
                    difference: Some(difference),
                })
                .collect(),
        }
    }

    fn three() -> Vec<Contrast> {
        vec![
            contrast("order_count", 4.1, &[(21.3, 2.1), (1.1, -0.8), (4.0, 0.0)]),
            contrast(
                "days_since_last_order",
                92.0,
                &[(12.0, -1.0), (300.0, 1.4), (90.0, 0.1)],
            ),
            contrast("p_alive", 0.5, &[(0.9, 1.2), (0.1, -1.0), (0.5, 0.0)]),
            contrast("gross_margin_rate", 0.3, &[(0.42, 1.5), (0.29, -0.1), (0.3, 0.0)]),
            contrast("discount_share", 0.1, &[(0.02, -0.5), (0.12, 0.2), (0.1, 0.0)]),
            contrast("return_share", 0.1, &[(0.02, -0.9), (0.12, 0.2), (0.1, 0.0)]),
        ]
    }

    #[test]
    fn the_strongest_differences_name_a_cluster() {
        let contrasts = three();
        assert_eq!(name_of(0, &contrasts, &[]), "frequent_high_margin_likely_active");
        assert_eq!(name_of(1, &contrasts, &[]), "long_unseen_infrequent");
        assert_eq!(name_of(2, &contrasts, &[]), "average");
    }

    #[test]
    fn a_taken_name_gets_a_further_word_and_then_a_number() {
        let contrasts = three();
        let taken = ["frequent_high_margin_likely_active".to_owned()];
        assert_eq!(
            name_of(0, &contrasts, &taken),
            "frequent_high_margin_likely_active_discount_averse"
        );
        let taken = ["average".to_owned(), "average_2".to_owned()];
        assert_eq!(name_of(2, &contrasts, &taken), "average_3");
    }

    #[test]
    fn a_name_holds_while_every_word_has_its_side() {
        let contrasts = three();
        let holds = |name: &str| still_holds(name, 1, &contrasts);
        assert!(holds("long_unseen_infrequent") && holds("infrequent_2") && holds("infrequent_discount_driven"));
        assert!(!holds("frequent") && !holds("infrequent_recent") && !holds("infrequent_discount_averse"));
        assert!(!holds("average") && still_holds("average_3", 2, &contrasts));
        assert!(
            !holds("infrequent_purple") && !holds("infrequent_"),
            "nobody knows what it says"
        );
        assert!(!holds("many_channels"), "nobody has channels");
        for name in MEASURES
            .iter()
            .flat_map(|measure| [measure.high, measure.low])
            .flatten()
        {
            assert_eq!(words_of(name), Some(vec![name]));
        }
    }

    #[test]
    fn the_order_of_clusters_changes_no_name() {
        let contrasts = three();
        let mut turned = contrasts.clone();
        for contrast in &mut turned {
            contrast.clusters.rotate_left(1);
        }
        for cluster in 0..3 {
            assert_eq!(
                name_of(cluster, &contrasts, &[]),
                name_of((cluster + 2) % 3, &turned, &[])
            );
        }
    }

    #[test]
    fn a_description_says_the_figures() {
        assert_eq!(
            describe(0, 612, 4_338, &three()),
            "612 customers, 14.1 % of those in clusters; orders 21.3 on average against 4.1 of all (5.2 times), gross margin rate 42.0 % against 30.0 % of all, probability to still buy 90.0 % against 50.0 % of all"
        );
        assert_eq!(describe(2, 1, 3, &three()), "1 customer, 33.3 % of those in clusters");
    }
}
