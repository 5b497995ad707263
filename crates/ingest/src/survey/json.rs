//! The records of JSON: objects, one a line or in one array, their values by dotted path.

use serde_json::{Deserializer, Value};

use super::finding::Place;

/// Objects in objects are followed this far.
const DEEPEST: usize = 4;

/// Whether a text is JSON: an object, or an array of objects; and whether it is an array.
pub(super) fn is_array(text: &str) -> Option<bool> {
    let mut start = text.trim_start().chars();
    match start.next()? {
        '{' => Some(false),
        '[' => matches!(start.as_str().trim_start().chars().next(), Some('{' | ']')).then_some(true),
        _ => None,
    }
}

/// Is called with the place of a record, and its paths and values.
type Visit<'v> = dyn FnMut(Place, &[(String, String)]) + 'v;

/// Calls with each record; what is no object is counted and passed over. Returns that count.
pub(super) fn each_record(text: &str, in_array: bool, visit: &mut Visit<'_>) -> u64 {
    let mut cells = Vec::new();
    let mut broken = 0;
    let mut take = |place: Place, value: Value| {
        cells.clear();
        flatten("", &value, 0, &mut cells);
        if value.is_object() {
            visit(place, &cells);
        }
        u64::from(!value.is_object())
    };
    if !in_array {
        for (line, number) in text.lines().zip(1..) {
            if line.trim().is_empty() {
                continue;
            }
            broken += match serde_json::from_str(line) {
                Ok(value) => take(Place::Line(number), value),
                Err(_) => 1,
            };
        }
        return broken;
    }
    let mut rest = text.trim_start().strip_prefix('[').unwrap_or_default();
    for row in 1.. {
        rest = rest.trim_start().trim_start_matches(',');
        let mut values = Deserializer::from_str(rest).into_iter::<Value>();
        // The end of the array, or of what was read of it.
        let Some(Ok(value)) = values.next() else { break };
        broken += take(Place::Row(row), value);
        rest = &rest[values.byte_offset()..];
    }
    broken
}

fn flatten(path: &str, value: &Value, depth: usize, cells: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) if depth < DEEPEST => {
            for (name, member) in members {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                flatten(&inner, member, depth + 1, cells);
            }
        }
        Value::Object(_) | Value::Array(_) => {}
        Value::Null => cells.push((path.to_owned(), String::new())),
        Value::String(text) => cells.push((path.to_owned(), text.trim_matches([' ', '\t']).to_owned())),
        other => cells.push((path.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> (Vec<String>, u64) {
        let mut found = Vec::new();
        let broken = each_record(text, is_array(text).expect("JSON"), &mut |place, cells| {
            found.push(format!("{place}: {cells:?}"));
        });
        (found, broken)
    }

    #[test]
    fn lines_and_arrays_are_flattened() {
        let (found, broken) =
            records("{\"id\":\"007\",\"who\":{\"name\":\"ann\"},\"tags\":[1]}\n\n{\"id\":1.5,\"x\":null}\nno\n");
        assert_eq!(
            found,
            [
                "line 1: [(\"id\", \"007\"), (\"who.name\", \"ann\")]",
                "line 3: [(\"id\", \"1.5\"), (\"x\", \"\")]"
            ]
        );
        assert_eq!(broken, 1);
        let (found, broken) = records(" [ {\"a\":true} ,\n{\"a\":2}, 3 ]");
        assert_eq!(found, ["row 1: [(\"a\", \"true\")]", "row 2: [(\"a\", \"2\")]"]);
        assert_eq!(broken, 1);
    }

    #[test]
    fn a_cut_array_gives_what_is_whole() {
        assert_eq!(records("[{\"a\":1},{\"a\":2},{\"a\":").0.len(), 2);
    }

    #[test]
    fn csv_is_no_json() {
        assert_eq!(is_array("a,b\n"), None);
        assert_eq!(is_array("[x],b\n"), None);
    }
}
