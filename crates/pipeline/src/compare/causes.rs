//! Why two runs differ, in sentences, what explains most first.
//!
//! What changes figures without a customer's doing comes first: another version, another pipeline, erased people,
//! files that tell the past otherwise, models. That files grew by the days between two nights comes last.

use serde::Serialize;

use super::{Comparison, InputChange};
use crate::grouped::grouped;
use crate::store::PublishedRun;

/// Names that a sentence lists before it says how many more there are.
const NAMED: usize = 4;

/// Standard errors beyond which an estimate moved by more than chance.
const FAR: f64 = 2.0;

/// One reason why figures changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Which it is: `pipeline`, `version`, `parameters`, `erasure`, `order`, `past`, `files`, `purchase_model`,
    /// `clusters`, `estimates`, `schema` or `growth`.
    pub kind: &'static str,
    /// What happened, and where to look.
    pub text: String,
}

pub(super) fn causes(before: &PublishedRun, after: &PublishedRun, found: &Comparison) -> Vec<Cause> {
    if found.is_equal {
        return Vec::new();
    }
    let all = [
        ("pipeline", pipeline(found)),
        ("version", version(found)),
        ("parameters", parameters(found)),
        ("erasure", erasure(before, after)),
        ("order", order(found)),
        ("past", past(found)),
        ("files", files(found, |input| !is_growth(input))),
        ("purchase_model", purchase_model(found)),
        ("clusters", clusters(found)),
        ("estimates", estimates(found)),
        ("schema", schema(found)),
        ("growth", files(found, is_growth)),
    ];
    all.into_iter()
        .filter_map(|(kind, text)| Some(Cause { kind, text: text? }))
        .collect()
}

fn pipeline(found: &Comparison) -> Option<String> {
    let (then, now) = (&found.before, &found.after);
    if then.currency != now.currency {
        return Some(format!(
            "money is in {} now and was in {}: no amount can be compared",
            now.currency, then.currency
        ));
    }
    (then.pipeline != now.pipeline).then(|| format!("the pipeline is {} now and was {}", now.pipeline, then.pipeline))
}

fn version(found: &Comparison) -> Option<String> {
    let (then, now) = (&found.before.version, &found.after.version);
    (then != now).then(|| format!("cartera is {now} now and was {then}: see its changes"))
}

fn parameters(found: &Comparison) -> Option<String> {
    let keys = found.parameters.iter().map(|change| change.key.as_str());
    let keys = listed(keys)?;
    Some(format!("the pipeline was told otherwise: {keys}"))
}

fn erasure(before: &PublishedRun, after: &PublishedRun) -> Option<String> {
    let (then, now) = (&before.manifest.record.erased_keys, &after.manifest.record.erased_keys);
    (then != now).then(|| {
        format!(
            "keys of erased people that it was made without: {} now, {} before",
            now.count, then.count
        )
    })
}

fn order(found: &Comparison) -> Option<String> {
    let (then, now) = (found.before.run.as_of, found.after.run.as_of);
    match now.epoch_days() - then.epoch_days() {
        days if days < 0 => Some(format!("the second run looks from {} days before the first", -days)),
        0 => Some("both runs look from the same day: no figure changed because days went by".to_owned()),
        _ => None,
    }
}

fn past(found: &Comparison) -> Option<String> {
    let months = &found.months;
    let names = listed(months.restated.iter().map(|month| month.month.as_str()))?;
    Some(format!(
        "{} of {} months that were over are told otherwise ({names}): {} {} of net sales; files were corrected, or lines came late",
        months.restated.len(),
        months.months,
        signed(&months.restated_net_sales.to_string()),
        found.after.currency,
    ))
}

fn is_growth(input: &InputChange) -> bool {
    matches!(input.change, "added" | "grew")
}

fn files(found: &Comparison, wanted: fn(&InputChange) -> bool) -> Option<String> {
    let changes: Vec<&InputChange> = found.inputs.changes.iter().filter(|input| wanted(input)).collect();
    let words: Vec<String> = changes
        .iter()
        .map(|input| {
            let happened = match input.change {
                "added" => "is new",
                "removed" => "is gone",
                change => change,
            };
            let rows = rows_changed(i128::from(input.rows) - i128::from(input.rows_before));
            format!("{} {happened} ({rows})", input.file)
        })
        .collect();
    listed(words.iter().map(String::as_str))
}

fn rows_changed(difference: i128) -> String {
    match difference {
        0 => "as many rows as before".to_owned(),
        -1 | 1 => format!("{difference:+} row"),
        _ => format!("{} rows", signed(&difference.to_string())),
    }
}

fn purchase_model(found: &Comparison) -> Option<String> {
    let (then, now) = found.models.purchase_model_changed()?;
    Some(format!(
        "lifetime value is by {now} now and was by {then}: CLV, VIN, stages and tiers by VIN can change without anybody's doing"
    ))
}

fn clusters(found: &Comparison) -> Option<String> {
    let clusters = found.models.clusters.as_ref().filter(|clusters| clusters.is_other())?;
    let reasons = match clusters.reasons.is_empty() {
        true => String::new(),
        false => format!(" ({})", clusters.reasons.join("; ")),
    };
    Some(format!(
        "clusters are by the model fitted as of {} and were by that of {}{reasons}",
        clusters.fitted_as_of, clusters.fitted_as_of_before
    ))
}

fn estimates(found: &Comparison) -> Option<String> {
    let furthest = found.models.furthest()?;
    let errors = furthest.standard_errors.filter(|errors| errors.abs() > FAR)?;
    Some(format!(
        "the fit of {} moved: {} by {errors:+.1} standard errors, from {:.4} to {:.4}",
        furthest.model,
        furthest.parameter,
        furthest.before.unwrap_or_default(),
        furthest.after.unwrap_or_default()
    ))
}

fn schema(found: &Comparison) -> Option<String> {
    let names: Vec<String> = found
        .schema
        .iter()
        .map(|change| match &change.column {
            Some(column) => format!("{}.{column}", change.table),
            None => change.table.clone(),
        })
        .collect();
    let names = listed(names.iter().map(String::as_str))?;
    Some(format!("tables or columns are new, gone or of another type: {names}"))
}

/// The first names, and how many more there are; none of none.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    let (named, others) = names.split_at(names.len().min(NAMED));
    match (named.is_empty(), others.len()) {
        (true, _) => None,
        (_, 0) => Some(named.join(", ")),
        (_, others) => Some(format!("{} and {others} more", named.join(", "))),
    }
}

/// Decimal text with its sign and a comma between thousands.
fn signed(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("+", decimal), |digits| ("-", digits));
    match digits.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(digits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_are_counted() {
        assert_eq!(listed([].into_iter()), None);
        assert_eq!(listed(["a", "b"].into_iter()).as_deref(), Some("a, b"));
        assert_eq!(
            listed(["a", "b", "c", "d", "e", "f"].into_iter()).as_deref(),
            Some("a, b, c, d and 2 more")
        );
    }

    #[test]
    fn amounts_have_their_sign() {
        assert_eq!(signed("-1234567.89"), "-1,234,567.89");
        assert_eq!(signed("12.50"), "+12.50");
        assert_eq!(rows_changed(-1_200), "-1,200 rows");
        assert_eq!(rows_changed(1), "+1 row");
        assert_eq!(rows_changed(0), "as many rows as before");
    }
}
