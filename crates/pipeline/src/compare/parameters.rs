//! Keys of the pipeline that two runs were told otherwise.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// A key with another value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParameterChange {
    /// The key with its sections, such as `rfm.recency.bins` or `target.win_back.limit`.
    pub key: String,
    /// What the first run was told; null for nothing.
    pub before: Value,
    /// What the second was told; null for nothing.
    pub after: Value,
}

pub(super) fn changes(before: &Value, after: &Value) -> Vec<ParameterChange> {
    let mut found = Vec::new();
    walk(&mut String::new(), before, after, &mut found);
    found
}

fn walk(key: &mut String, before: &Value, after: &Value, found: &mut Vec<ParameterChange>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(then), Value::Object(now)) => {
            let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
            for name in names {
                let value = |of: &serde_json::Map<String, Value>| of.get(name).cloned().unwrap_or_default();
                descend(key, name, &value(then), &value(now), found);
            }
        }
        (Value::Array(then), Value::Array(now)) if are_named(then) && are_named(now) => {
            let names: BTreeSet<&str> = then.iter().chain(now).filter_map(name_of).collect();
            for name in names {
                let value = |of: &[Value]| {
                    of.iter()
                        .find(|item| name_of(item) == Some(name))
                        .cloned()
                        .unwrap_or_default()
                };
                descend(key, name, &value(then), &value(now), found);
            }
        }
        _ => found.push(ParameterChange {
            key: key.clone(),
            before: before.clone(),
            after: after.clone(),
        }),
    }
}

fn descend(key: &mut String, name: &str, before: &Value, after: &Value, found: &mut Vec<ParameterChange>) {
    let length = key.len();
    if length > 0 {
        key.push('.');
    }
    key.push_str(name);
    walk(key, before, after, found);
    key.truncate(length);
}

/// Sources, lists, rules: each is known by its name, wherever it stands.
fn are_named(items: &[Value]) -> bool {
    let names: BTreeSet<&str> = items.iter().filter_map(name_of).collect();
    names.len() == items.len()
}

fn name_of(item: &Value) -> Option<&str> {
    item.get("name")?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(before: Value, after: Value) -> Vec<String> {
        changes(&before, &after).into_iter().map(|change| change.key).collect()
    }

    #[test]
    fn keys_are_told_with_their_sections() {
        let before = json!({"rfm": {"recency": {"bins": 5}, "frequency": {"bins": 5}}, "pareto": null});
        let after = json!({"rfm": {"recency": {"bins": 4}, "frequency": {"bins": 5}}, "pareto": {"class_a": 0.7}});
        assert_eq!(keys(before.clone(), after), ["pareto", "rfm.recency.bins"]);
        assert_eq!(keys(before.clone(), before), [""; 0]);
    }

    #[test]
    fn lists_are_known_by_their_names_wherever_they_stand() {
        let before = json!({"target": [{"name": "a", "limit": 1}, {"name": "b", "limit": 2}]});
        let after =
            json!({"target": [{"name": "b", "limit": 3}, {"name": "c", "limit": 1}, {"name": "a", "limit": 1}]});
        assert_eq!(keys(before, after), ["target.b.limit", "target.c"]);
    }

    #[test]
    fn other_lists_are_told_whole() {
        assert_eq!(
            keys(json!({"by": ["region"]}), json!({"by": ["region", "channel"]})),
            ["by"]
        );
    }
}
