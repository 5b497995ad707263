//! `${NAME:-default}` in paths, so that one pipeline file serves several machines.

/// Why a path cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpandError {
    /// A variable without a value and without a default.
    #[error("the environment variable `{name}` is not set")]
    Unset {
        /// The variable.
        name: String,
    },
    /// `${` that is not followed by a name, or not closed.
    #[error("`{text}` is no variable, expected `${{NAME}}` or `${{NAME:-default}}`")]
    Malformed {
        /// The path from there on.
        text: String,
    },
}

/// Replaces `${NAME}` and `${NAME:-default}`; as in a shell, the default also stands in for an
/// empty value. A `$` before anything but `{` is an ordinary character.
pub(crate) fn expand(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<String, ExpandError> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let malformed = || ExpandError::Malformed {
            text: rest[start..].to_owned(),
        };
        let (inside, after) = rest[start + 2..].split_once('}').ok_or_else(malformed)?;
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        if !is_name(name) {
            return Err(malformed());
        }
        expanded.push_str(&rest[..start]);
        match (env(name).filter(|value| !value.is_empty()), default) {
            (Some(value), _) => expanded.push_str(&value),
            (None, Some(default)) => expanded.push_str(default),
            (None, None) => {
                return Err(ExpandError::Unset { name: name.to_owned() });
            }
        }
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts_well && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(name: &str) -> Option<String> {
        match name {
            "DATA" => Some("/data".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn variables_and_defaults_are_filled_in() {
        for (text, expected) in [
            ("a.csv", "a.csv"),
            ("${DATA}/a.csv", "/data/a.csv"),
            ("${DATA:-x}/${DATA}", "/data//data"),
            ("${NONE:-../x}/a.csv", "../x/a.csv"),
            ("${EMPTY:-x}", "x"),
            ("${NONE:-}a", "a"),
            ("a$b$", "a$b$"),
        ] {
            assert_eq!(expand(text, &env).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn an_unset_variable_needs_a_default() {
        for name in ["NONE", "EMPTY"] {
            let error = expand(&format!("${{{name}}}/a"), &env).expect_err("unset");
            assert_eq!(error, ExpandError::Unset { name: name.to_owned() });
        }
    }

    #[test]
    fn malformed_variables_are_refused() {
        for text in ["${DATA/a.csv", "${}", "${1A}", "${DATA-x}", "${:-x}"] {
            let error = expand(text, &env).expect_err("malformed");
            assert!(matches!(error, ExpandError::Malformed { .. }), "{text}");
        }
    }
}
