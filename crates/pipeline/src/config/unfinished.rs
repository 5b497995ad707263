//! Names of files that no one means as data: hidden, half written, or beside the data.
//!
//! A folder is read while other programs write into it. Half a file would be read as a whole one.

/// Endings that programs give to what they are still writing, or have kept of an older version.
const ENDINGS: [&str; 12] = [
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".inprogress",
    ".tmp",
    ".temp",
    ".swp",
    ".lock",
    ".bak",
    "~",
];
/// What other engines leave beside the files of a table.
const MARKERS: [&str; 5] = ["_SUCCESS", "_metadata", "_common_metadata", "_committed_", "_started_"];

/// Whether a file of this name is passed over where it was not named, only found: by a folder or by
/// wildcards. A pattern that itself begins or ends so means it.
pub(super) fn is_unfinished(name: &str, pattern: Option<&str>) -> bool {
    let name = name.to_ascii_lowercase();
    let pattern = pattern.map(str::to_ascii_lowercase).unwrap_or_default();
    let begins = |mark: &str| name.starts_with(mark) && !pattern.starts_with(mark);
    let ends = |mark: &&str| name.ends_with(*mark) && !pattern.ends_with(*mark);
    let markers = MARKERS.map(|marker| marker.to_ascii_lowercase());
    begins(".") || begins("~$") || ENDINGS.iter().any(ends) || markers.iter().any(|marker| begins(marker))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finished_is_passed_over() {
        for name in [
            ".orders.csv",
            ".~lock.orders.xlsx#",
            "~$orders.xlsx",
            "orders.csv.part",
            "orders.CSV.TMP",
            "orders.csv~",
            "_SUCCESS",
            "_committed_123",
        ] {
            assert!(is_unfinished(name, None), "{name}");
            assert!(is_unfinished(name, Some("*")), "{name}");
        }
        for name in ["orders.csv", "_orders.csv", "part.csv", "tmp", "orders.part.gz"] {
            assert!(!is_unfinished(name, None), "{name}");
        }
    }

    #[test]
    fn a_pattern_may_mean_it() {
        assert!(!is_unfinished("a.csv.part", Some("*.part")));
        assert!(!is_unfinished(".a.csv", Some(".*.csv")));
        assert!(is_unfinished(".a.csv.part", Some(".*.csv")));
    }
}
