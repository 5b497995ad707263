//! What else differs between two runs: segments, models, lists, the data's quality, and what the runs were told.

use std::io;

use cartera_pipeline::compare::{
    Comparison, ListChange, ListSize, ModelChanges, ParameterChange, QualityFinding, SegmentSize, SegmentationChanges,
};
use serde_json::Value;

use super::people::sign;
use crate::number::count;
use crate::summary::screen::Page;

/// Segmentations on the screen; `--json` has all.
const SEGMENTATIONS: [&str; 5] = ["rfm_segment", "lifecycle_stage", "pareto_class", "value_tier", CLUSTER];
const CLUSTER: &str = "cluster";
/// Ways from a segment to another that are named.
const MOVES: usize = 2;
/// Segments of which the size is told.
const SIZES: usize = 2;
/// Keys, files, findings and parameters that are named.
const NAMED: usize = 4;
/// Signs of a value that are told.
const VALUE_SIGNS: usize = 36;
/// Standard errors from which a parameter is named.
const FAR: f64 = 1.0;

pub(super) fn segments(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    let told = |changes: &&SegmentationChanges| SEGMENTATIONS.contains(&changes.segmentation.as_str());
    let told: Vec<&SegmentationChanges> = found.segmentations.iter().filter(told).collect();
    if told.is_empty() {
        return Ok(());
    }
    let title = format!(
        "segments: of {} customers of both runs, who moved",
        count(told[0].stayed)
    );
    page.line(&page.paint.heading(title))?;
    for changes in told {
        page.entry(&changes.segmentation, &segmentation(changes), 2)?;
    }
    Ok(())
}

fn segmentation(changes: &SegmentationChanges) -> String {
    let mut text = short_percent(share(changes.moved, changes.stayed));
    // The number of a cluster is enough to tell where somebody went; its size tells its name.
    let short = |segment: &Option<String>| match segment.as_deref() {
        Some(segment) if changes.segmentation == CLUSTER => segment.split(' ').next().unwrap_or(segment).to_owned(),
        Some(segment) => segment.to_owned(),
        None => "none".to_owned(),
    };
    let moves: Vec<String> = changes
        .moves
        .iter()
        .take(MOVES)
        .map(|way| format!("{} -> {}: {}", short(&way.from), short(&way.to), count(way.customers)))
        .collect();
    if !moves.is_empty() {
        text.push_str(&format!(", {}", moves.join(", ")));
    }
    let mut sizes: Vec<&SegmentSize> = changes.sizes.iter().filter(|size| size.before != size.after).collect();
    sizes.sort_by_key(|size| std::cmp::Reverse(size.after.abs_diff(size.before)));
    let sizes: Vec<String> = sizes
        .iter()
        .take(SIZES)
        .map(|size| {
            let change = i128::from(size.after) - i128::from(size.before);
            format!(
                "{} {} ({}{})",
                size.segment.as_deref().unwrap_or("none"),
                count(size.after),
                sign(change),
                count(change.unsigned_abs())
            )
        })
        .collect();
    if !sizes.is_empty() {
        text.push_str(&format!("; now {}", sizes.join(", ")));
    }
    match changes.because {
        Some(_) => format!("{text}; not by customers alone"),
        None => text,
    }
}

fn short_percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

pub(super) fn models(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    let models = &found.models;
    let mut words = of_lifetime_value(models);
    if let Some(clusters) = &models.clusters {
        let model = if clusters.is_other() {
            "another model"
        } else {
            "the same model"
        };
        let over = clusters.drift.iter().filter(|figure| figure.is_over_limit);
        let over: Vec<String> = over
            .map(|figure| format!("{} {:.2}", figure.feature, figure.value))
            .collect();
        let drift = match over.is_empty() {
            true => String::new(),
            false => format!(", drift over its limit: {}", over.join(", ")),
        };
        words.push(format!(
            "clusters: {model}, of {} ({}){drift}",
            clusters.fitted_as_of, clusters.decision
        ));
    }
    page.entry("models", &words.join("; "), 2)
}

/// Which model it is and was, and how far its parameters moved as far as that is known.
fn of_lifetime_value(models: &ModelChanges) -> Vec<String> {
    let mut far: Vec<_> = models
        .parameters
        .iter()
        .filter(|change| change.standard_errors.is_some_and(|errors| errors.abs() >= FAR))
        .collect();
    far.sort_by(|left, right| {
        let size = |errors: Option<f64>| errors.unwrap_or_default().abs();
        size(right.standard_errors).total_cmp(&size(left.standard_errors))
    });
    let mut words: Vec<String> = far
        .iter()
        .take(NAMED)
        .map(|change| {
            let errors = change.standard_errors.unwrap_or_default();
            format!("{} {} {errors:+.1} standard errors", change.model, change.parameter)
        })
        .collect();
    let mut held: Vec<&str> = models
        .parameters
        .iter()
        .filter(|change| change.standard_errors.is_some())
        .map(|change| change.model.as_str())
        .collect();
    held.dedup();
    if words.is_empty() && !held.is_empty() {
        words.push(format!(
            "{}: no parameter moved by a standard error",
            held.join(" and ")
        ));
    }
    match (models.purchase_model_changed(), models.purchases.as_deref()) {
        (Some((then, now)), _) => words.insert(0, format!("{now}, was {then}")),
        (None, None) => words.insert(0, "no model of lifetime value".to_owned()),
        // Nothing is known of how far its parameters moved.
        (None, Some(name)) if words.is_empty() => words.push(name.to_owned()),
        (None, Some(_)) => {}
    }
    words
}

pub(super) fn lists(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    for change in &found.lists {
        page.entry(&change.list, &list(change), 2)?;
    }
    Ok(())
}

fn list(change: &ListChange) -> String {
    let (then, now) = match (&change.before, &change.after) {
        (Some(then), Some(now)) => (then, now),
        (None, Some(now)) => return format!("new list: {}", size(now)),
        _ => return "no list any more".to_owned(),
    };
    let pair = |name: &str, then: i64, now: i64| match then == now {
        true => format!("{name} {}", count(now)),
        false => format!("{name} {} (was {})", count(now), count(then)),
    };
    let mut text = [
        pair("contact", then.contact, now.contact),
        pair(
            "control",
            then.control + then.global_control,
            now.control + now.global_control,
        ),
        pair("kept out", then.kept_out, now.kept_out),
    ]
    .join(", ");
    if then.status != now.status {
        text.push_str(&format!("; {} now, was {}", now.status, then.status));
    }
    let reasons: Vec<String> = change
        .reasons
        .iter()
        .take(MOVES)
        .map(|reason| format!("{} {:+}", reason.reason, reason.after - reason.before))
        .collect();
    if !reasons.is_empty() {
        text.push_str(&format!("; {}", reasons.join(", ")));
    }
    text
}

fn size(list: &ListSize) -> String {
    format!(
        "contact {}, control {}, kept out {}",
        count(list.contact),
        count(list.control + list.global_control),
        count(list.kept_out)
    )
}

pub(super) fn quality(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    let quality = &found.quality;
    let mut text = format!(
        "{} new findings, {} settled, {} remain",
        quality.new.len(),
        quality.settled.len(),
        quality.remaining
    );
    let words = |finding: &QualityFinding| format!("{}: {}", finding.source, finding.detail);
    if let Some(first) = quality.new.first() {
        text.push_str(&format!("; first: {}", words(first)));
    }
    let set_aside: Vec<String> = quality
        .set_aside
        .iter()
        .take(NAMED)
        .map(|change| format!("{} {:+}", change.reason, change.after - change.before))
        .collect();
    if !set_aside.is_empty() {
        text.push_str(&format!("; rows set aside: {}", set_aside.join(", ")));
    }
    page.entry("data quality", &text, 2)
}

/// Keys of the pipeline with their values; files stand among the reasons.
pub(super) fn told(page: &mut Page<'_>, found: &Comparison) -> io::Result<()> {
    let shown = found.parameters.iter().take(NAMED);
    let words: Vec<String> = shown.map(parameter).collect();
    let more = found.parameters.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    match words.is_empty() {
        true => Ok(()),
        false => page.entry("pipeline keys", &format!("{}{more}", words.join("; ")), 4),
    }
}

fn parameter(change: &ParameterChange) -> String {
    format!(
        "{} = {} (was {})",
        change.key,
        short(&change.after),
        short(&change.before)
    )
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::Null => "default".to_owned(),
        value => value.to_string(),
    };
    match text.char_indices().nth(VALUE_SIGNS) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use cartera_pipeline::compare::ModelParameterChange;

    use super::*;

    fn words(names: [Option<&str>; 2], moved: &[(&str, Option<f64>)]) -> String {
        let parameters = moved.iter().map(|(model, standard_errors)| ModelParameterChange {
            model: (*model).to_owned(),
            parameter: "r".to_owned(),
            before: standard_errors.map(|_| 1.0),
            after: Some(1.0),
            standard_errors: *standard_errors,
        });
        let [purchases_before, purchases] = names.map(|name| name.map(str::to_owned));
        let models = ModelChanges {
            purchases_before,
            purchases,
            parameters: parameters.collect(),
            clusters: None,
        };
        of_lifetime_value(&models).join("; ")
    }

    #[test]
    fn nothing_is_said_of_parameters_that_were_not_compared() {
        let same = [Some("mbg_nbd"); 2];
        let known = [
            ("mbg_nbd", Some(0.3)),
            ("mbg_nbd", Some(-0.9)),
            ("gamma_gamma", Some(0.1)),
        ];
        assert_eq!(
            words(same, &known),
            "mbg_nbd and gamma_gamma: no parameter moved by a standard error"
        );
        assert_eq!(words(same, &[("mbg_nbd", None)]), "mbg_nbd");
        assert_eq!(
            words(same, &[("mbg_nbd", Some(-1.5))]),
            "mbg_nbd r -1.5 standard errors"
        );
        let other = [Some("pareto_nbd"), Some("mbg_nbd")];
        assert_eq!(words(other, &[("mbg_nbd", None)]), "mbg_nbd, was pareto_nbd");
        assert_eq!(
            words(other, &[("gamma_gamma", Some(2.0))]),
            "mbg_nbd, was pareto_nbd; gamma_gamma r +2.0 standard errors"
        );
        assert_eq!(words([Some("mbg_nbd"), None], &[]), "no model, was mbg_nbd");
        assert_eq!(words([None; 2], &[]), "no model of lifetime value");
    }
}
