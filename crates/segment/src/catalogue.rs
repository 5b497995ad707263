//! Segments in words: what a slug is called, and who is in it.
//!
//! The slug is what is published and joined; words are for people. Two segmentations have an `at_risk`, and mean
//! different things by it: the sentences say which is which.

use crate::rfm_map::NO_ORDERS;
use crate::tiers::NO_VALUE;

/// A segmentation, a segment, what it is called, and who is in it.
type Entry = (&'static str, &'static str, &'static str, &'static str);

const RFM: &str = "rfm_segment";
const STAGE: &str = "lifecycle_stage";
const TIER: &str = "value_tier";

const CATALOGUE: [Entry; 25] = [
    (
        RFM,
        "champions",
        "Champions",
        "Bought very recently, and buy most often or spend most: keep them close, ask them to recommend.",
    ),
    (
        RFM,
        "loyal_customers",
        "Loyal customers",
        "Buy often or spend much, and not long ago: reward them, offer more.",
    ),
    (
        RFM,
        "potential_loyalists",
        "Potential loyalists",
        "Bought recently, so far with middling frequency and spend: win them for more.",
    ),
    (
        RFM,
        "new_customers",
        "New customers",
        "Bought very recently, and little so far: welcome them, lead them to the second order.",
    ),
    (
        RFM,
        "promising",
        "Promising",
        "Bought recently, and least often and least: stay in their mind.",
    ),
    (
        RFM,
        "need_attention",
        "Need attention",
        "Middling in recency, frequency and spend: a good offer now keeps them.",
    ),
    (
        RFM,
        "about_to_sleep",
        "About to sleep",
        "Have not bought for a while, and bought little before: wake them cheaply.",
    ),
    (
        RFM,
        "at_risk",
        "At risk (by RFM)",
        "Bought often or for much, and longer ago than most customers: win them back. Measured against the other customers; the stage at_risk measures against the customer's own rhythm.",
    ),
    (
        RFM,
        "cannot_lose",
        "Cannot lose",
        "Among the best in frequency and spend, and not seen for long: call them in person.",
    ),
    (
        RFM,
        "hibernating",
        "Hibernating",
        "Long since the last order, and few orders before: only cheap contact pays.",
    ),
    (
        RFM,
        "lost",
        "Lost (by RFM)",
        "Longest without an order, and little before: leave them alone, or one last try. Measured against the other customers; the stage lost counts days.",
    ),
    (
        RFM,
        NO_ORDERS,
        "No orders",
        "Customers with lines that count as no order, such as returns alone; they have no scores.",
    ),
    (STAGE, "prospect", "Prospect", "No order yet."),
    (
        STAGE,
        "new",
        "New",
        "First order within the first weeks ([lifecycle] new_days), and still few orders.",
    ),
    (
        STAGE,
        "developing",
        "Developing",
        "Active, in their rhythm, and with fewer orders than loyal customers.",
    ),
    (
        STAGE,
        "loyal",
        "Loyal",
        "Active, in their rhythm, and with many orders ([lifecycle] loyal_orders).",
    ),
    (
        STAGE,
        "at_risk",
        "At risk (by rhythm)",
        "Late by their own rhythm, less likely than not to buy again, or a single order that is not new any more. Measured against the customer's own past; the RFM segment at_risk measures against the other customers.",
    ),
    (
        STAGE,
        "lapsed",
        "Lapsed",
        "No order for long ([lifecycle] lapsed_days), or unlikely to buy again.",
    ),
    (
        STAGE,
        "lost",
        "Lost (by days)",
        "No order for very long ([lifecycle] lost_days), or very unlikely to buy again.",
    ),
    (
        STAGE,
        "recovered",
        "Recovered",
        "Bought again lately after a pause as long as that of lapsed customers.",
    ),
    (
        TIER,
        "platinum",
        "Platinum",
        "The very best by value, the first 1 % of the customers with a value unless configured.",
    ),
    (
        TIER,
        "gold",
        "Gold",
        "The next best by value, up to 5 % of the customers with a value unless configured.",
    ),
    (
        TIER,
        "silver",
        "Silver",
        "Good by value, up to 20 % of the customers with a value unless configured.",
    ),
    (TIER, "bronze", "Bronze", "All other customers with a value above zero."),
    (
        TIER,
        NO_VALUE,
        "No value",
        "The value is not known, zero, or less than zero.",
    ),
];

/// Who is in a Pareto class, whatever the measure.
const CLASSES: [(&str, &str); 3] = [
    (
        "A",
        "The fewest customers who together bring 80 % of the total, unless configured.",
    ),
    ("B", "The next customers, up to 95 % of the total, unless configured."),
    ("C", "All others, also those who bring nothing or less."),
];

/// What the measure of a Pareto segmentation is called.
const MEASURES: [(&str, &str); 3] = [
    ("pareto_class", ""),
    ("pareto_class_profit", " by net profit"),
    ("pareto_class_vin", " by net integral value"),
];

/// A segment in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    /// What it is called.
    pub(crate) label: String,
    /// Who is in it, where the catalogue knows.
    pub(crate) description: Option<String>,
}

/// The words for a segment; one that the pipeline itself names is called what the slug says.
pub(crate) fn words(segmentation: &str, segment: &str) -> Words {
    if let Some((_, measure)) = MEASURES.iter().find(|(name, _)| *name == segmentation) {
        let description = CLASSES.iter().find(|(class, _)| *class == segment);
        return Words {
            label: format!("Class {segment}{measure}"),
            description: description.map(|(_, description)| (*description).to_owned()),
        };
    }
    let is_it = |entry: &&Entry| entry.0 == segmentation && entry.1 == segment;
    match CATALOGUE.iter().find(is_it) {
        Some((_, _, label, description)) => Words {
            label: (*label).to_owned(),
            description: Some((*description).to_owned()),
        },
        None => Words {
            label: spelled_out(segment),
            description: None,
        },
    }
}

/// `key_account` as `Key account`.
fn spelled_out(slug: &str) -> String {
    let mut letters = slug.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + &letters.as_str().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use cartera_table::contracts::STAGES;

    use super::*;
    use crate::rfm_map::RfmMap;
    use crate::tiers::ValueTierParams;

    #[test]
    fn every_built_in_segment_is_described() {
        let map = RfmMap::default_map(5);
        let tiers = ValueTierParams::default().check(&[]).expect("valid");
        let rfm = map
            .names()
            .iter()
            .map(String::as_str)
            .chain([NO_ORDERS])
            .map(|name| (RFM, name));
        let stages = STAGES.iter().map(|&name| (STAGE, name));
        let tiers = tiers
            .names
            .iter()
            .map(String::as_str)
            .chain([NO_VALUE])
            .map(|name| (TIER, name));
        let classes = MEASURES
            .iter()
            .flat_map(|(by, _)| CLASSES.map(|(class, _)| (*by, class)));
        let mut entries = 0;
        for (segmentation, segment) in rfm.chain(stages).chain(tiers) {
            assert!(
                words(segmentation, segment).description.is_some(),
                "{segmentation} {segment}"
            );
            entries += 1;
        }
        assert_eq!(entries, CATALOGUE.len(), "no entry without a segment");
        for (segmentation, segment) in classes {
            assert!(
                words(segmentation, segment).description.is_some(),
                "{segmentation} {segment}"
            );
        }
    }

    #[test]
    fn the_two_at_risk_are_told_apart() {
        let (rfm, stage) = (words(RFM, "at_risk"), words(STAGE, "at_risk"));
        assert_ne!(rfm.label, stage.label);
        assert_ne!(rfm.description, stage.description);
    }

    #[test]
    fn names_of_the_pipeline_are_spelled_out() {
        assert_eq!(
            words(TIER, "key_account"),
            Words {
                label: "Key account".into(),
                description: None
            }
        );
        assert_eq!(words("pareto_class_vin", "A").label, "Class A by net integral value");
    }
}
