//! What of a pipeline file matters to results, as one stable text.
//!
//! It goes into the fingerprint of a run. Left out is what changes no table: the pipeline's name,
//! the warehouse, how many runs are kept, the limits, and where the inputs lie (their contents
//! have a hash of their own). So is as_of, which the fingerprint holds as the day it came to.

use serde_json::{Value, json};

use super::document::Document;
use super::low::LowConfig;

/// Sections that count as typed: an explicit default makes another text, and no other table.
const AS_TYPED: [&str; 7] = [
    "rfm_map",
    "pareto",
    "value_tiers",
    "profiles",
    "k_means",
    "signals",
    "contact_plan",
];

/// The canonical text: JSON with sorted keys and no blanks.
pub(crate) fn canonical_json(document: &Document<'_>, low: &LowConfig) -> serde_json::Result<String> {
    let mut sources = serde_json::to_value(&low.sources)?;
    for source in sources.as_array_mut().into_iter().flatten() {
        if let Some(source) = source.as_object_mut() {
            for key in ["path", "paths", "allow_no_files"] {
                source.remove(key);
            }
        }
    }
    let mut canonical = json!({
        "pipeline": {
            "time_zone": low.pipeline.time_zone,
            "currency": low.pipeline.currency,
            "seed": low.pipeline.seed,
        },
        "source": sources,
        "check": serde_json::to_value(&low.checks)?,
        "order_lines": serde_json::to_value(&low.order_lines)?,
        "currency": serde_json::to_value(low.currency)?,
        "costs": serde_json::to_value(low.costs)?,
        "returns": serde_json::to_value(low.returns)?,
        "rfm": serde_json::to_value(&low.rfm)?,
        "rhythm": serde_json::to_value(low.rhythm)?,
        "clv": serde_json::to_value(low.clv)?,
        "profitability": serde_json::to_value(&low.profitability)?,
        "relations": serde_json::to_value(&low.relations)?,
        "bonding": serde_json::to_value(low.bonding)?,
        "lifecycle": serde_json::to_value(low.lifecycle)?,
        "portfolios": serde_json::to_value(&low.portfolios)?,
        "target": serde_json::to_value(&low.targets)?,
        "contact_rules": serde_json::to_value(&low.contact_rules)?,
        "control": control(low)?,
        "campaigns": serde_json::to_value(low.campaigns)?,
        "customer_events": serde_json::to_value(low.customer_events)?,
    });
    for name in AS_TYPED {
        canonical[name] = match document.section(name) {
            Some(section) => serde_json::to_value(section)?,
            None => json!({}),
        };
    }
    Ok(sorted(canonical).to_string())
}

/// Whose salt is the pipeline's name where none is given.
fn control(low: &LowConfig) -> serde_json::Result<Value> {
    let mut control = low.control.clone();
    control.salt.get_or_insert_with(|| low.pipeline.name.clone());
    // The name changes no table where there is no list.
    if low.targets.is_empty() {
        control.salt = None;
    }
    serde_json::to_value(control)
}

/// Sorts the keys of objects, whatever map serde_json was built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<(String, Value)> = object.into_iter().collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            let sorted_entries = entries.into_iter().map(|(key, value)| (key, sorted(value)));
            Value::Object(sorted_entries.collect())
        }
        Value::Array(array) => Value::Array(array.into_iter().map(sorted).collect()),
        other => other,
    }
}
