//! What people call a slug.

use super::catalogue::Catalogue;

/// The list of words that names of clusters are made of.
const CLUSTER_WORDS: &str = "cluster_word";
/// Most parts of one of these, as `long_standing` has two.
const MOST_PARTS: usize = 3;

/// What stands for a category that is not known.
const UNKNOWN_SLUG: &str = "unknown";

/// The label of a slug of that kind.
pub(super) fn label(catalogue: &Catalogue, kind: &str, slug: &str) -> String {
    let list = list_of(kind);
    let known = catalogue.entry(list, slug).or_else(|| match list {
        "cluster" => cluster(catalogue, slug),
        _ if slug == UNKNOWN_SLUG => catalogue.message("label-unknown", &[]),
        _ => None,
    });
    known.unwrap_or_else(|| spelled_out(slug))
}

/// Whether the catalogue has a label of its own for a slug of that kind.
#[cfg(test)]
pub(super) fn knows(catalogue: &Catalogue, kind: &str, slug: &str) -> bool {
    catalogue.entry(list_of(kind), slug).is_some()
}

/// The list that the values of a column stand in: that of its name, but for columns that share one.
fn list_of(kind: &str) -> &str {
    match kind {
        "from_stage" | "to_stage" | "previous_stage" => "lifecycle_stage",
        "main_segment" => "rfm_segment",
        "pareto_class_profit" | "pareto_class_vin" => "pareto_class",
        "from_cluster" | "to_cluster" => "cluster",
        "segmentation_a" | "segmentation_b" => "segmentation",
        "main_channel" | "preferred_channel" | "acquisition_channel" => "channel",
        "action" => "suggested_action",
        "contact_plan_reason" | "defect" | "target_reason" => "reason",
        "identity_rule" => "rule",
        "quality_status" => "status",
        "feature" => "column",
        kind => kind,
    }
}

/// A generated name of a cluster, word by word; none where a word is not known.
fn cluster(catalogue: &Catalogue, slug: &str) -> Option<String> {
    let parts: Vec<&str> = slug.split('_').collect();
    let (parts, number) = match parts.split_last() {
        Some((last, before)) if !before.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()) => {
            (before, Some(*last))
        }
        _ => (&parts[..], None),
    };
    let mut words = Vec::new();
    let mut rest = parts;
    while !rest.is_empty() {
        let most = rest.len().min(MOST_PARTS);
        let found = (1..=most).rev().find_map(|length| {
            let word = catalogue.entry(CLUSTER_WORDS, &rest[..length].join("_"))?;
            Some((word, length))
        });
        let (word, length) = found?;
        words.push(word);
        rest = &rest[length..];
    }
    let name = with_capital(&words.join(", "));
    Some(number.map_or(name.clone(), |number| format!("{name} {number}")))
}

/// The slug itself, with blanks and a capital; what is no slug, such as the name of a product, as it stands.
fn spelled_out(slug: &str) -> String {
    let is_slug = |letter: char| letter == '_' || letter.is_ascii_digit() || letter.is_lowercase();
    if slug.chars().all(is_slug) {
        with_capital(&slug.replace('_', " "))
    } else {
        slug.to_owned()
    }
}

fn with_capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
