//! Names the build by a hash of the sources, so that tables of different code have different fingerprints.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    // Asked for when it runs: a script that another checkout compiled must not look at the sources there.
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo tells it");
    let root = Path::new(&manifest_dir).join("../..");
    let mut files = vec![root.join("Cargo.lock")];
    collect(&root.join("crates"), &mut files);
    assert!(files.len() > 1, "no sources in {}", root.display());
    files.sort();
    let mut hasher = blake3::Hasher::new();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root).unwrap_or(file);
        hasher.update(name.as_os_str().as_encoded_bytes());
        hasher.update(&fs::read(file).unwrap_or_default());
    }
    println!("cargo::rerun-if-changed={}", root.join("crates").display());
    let hash = hasher.finalize().to_hex();
    println!(
        "cargo::rustc-env=CARTERA_BUILD={}+{}",
        env!("CARGO_PKG_VERSION"),
        &hash[..12]
    );
}

/// The sources of a folder, without tests.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "tests" && name != "target" {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "toml")
        {
            files.push(path);
        }
    }
}
