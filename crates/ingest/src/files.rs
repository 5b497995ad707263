//! Which files a source is made of.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::error::IngestError;

/// One file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// What tables and messages call it: the file's name, with as many folders as tell it from the others.
    pub name: String,
    /// Its size, compressed where it is.
    pub bytes: u64,
}

/// The BLAKE3 hash of a stretch of a file, in hexadecimal digits.
///
/// # Errors
/// When the file cannot be read.
pub fn content_hash(path: &Path, start: u64, bytes: u64) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let mut hasher = blake3::Hasher::new();
    let mut rest = file.take(bytes);
    let mut buffer = vec![0; 1 << 20];
    loop {
        match rest.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().to_hex().to_string()),
            Ok(count) => {
                hasher.update(&buffer[..count]);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Looks at the files of a source: each once, in the order of their paths.
///
/// # Errors
/// When a file is not there or cannot be looked at.
pub fn source_files(mut paths: Vec<PathBuf>) -> Result<Vec<SourceFile>, IngestError> {
    paths.sort();
    paths.dedup();
    let names = distinct_names(&paths);
    paths
        .into_iter()
        .zip(names)
        .map(|(path, name)| match std::fs::metadata(&path) {
            Ok(metadata) => Ok(SourceFile {
                bytes: metadata.len(),
                name,
                path,
            }),
            Err(cause) => Err(IngestError::Io { path, cause }),
        })
        .collect()
}

/// The shortest ends of the paths, in whole components, that are all different.
fn distinct_names(paths: &[PathBuf]) -> Vec<String> {
    let end = |path: &PathBuf, components: usize| -> String {
        let parts: Vec<_> = path.components().collect();
        let tail: PathBuf = parts[parts.len().saturating_sub(components)..].iter().collect();
        tail.to_string_lossy().into_owned()
    };
    let longest = paths.iter().map(|path| path.components().count()).max().unwrap_or(1);
    for components in 1..=longest {
        let names: Vec<String> = paths.iter().map(|path| end(path, components)).collect();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        if sorted.len() == names.len() {
            return names;
        }
    }
    paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_folders_only_where_they_are_needed() {
        let paths = ["/in/2024/a.csv", "/in/2024/b.csv"].map(PathBuf::from);
        assert_eq!(distinct_names(&paths), ["a.csv", "b.csv"]);
        let paths = ["/in/2024/a.csv", "/in/2025/a.csv"].map(PathBuf::from);
        assert_eq!(distinct_names(&paths), ["2024/a.csv", "2025/a.csv"]);
    }

    #[test]
    fn files_come_once_and_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ["b.csv", "a.csv", "b.csv"].map(|name| folder.path().join(name));
        for path in &paths {
            std::fs::write(path, "x").expect("written");
        }
        let files = source_files(paths.to_vec()).expect("found");
        assert_eq!(
            files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
            ["a.csv", "b.csv"]
        );
        assert_eq!(files[0].bytes, 1);
    }

    #[test]
    fn a_file_that_is_gone_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = source_files(vec![folder.path().join("gone.csv")]).expect_err("nothing there");
        assert!(matches!(error, IngestError::Io { .. }), "{error}");
    }
}
