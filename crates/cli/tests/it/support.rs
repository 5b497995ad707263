//! Calls of the binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cartera_testkit::Workshop;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

/// The binary, in the repository's root, without a terminal.
pub(crate) fn cartera(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cartera"));
    command
        .current_dir(root())
        .args(arguments)
        .env("NO_COLOR", "1")
        .env_remove("FAILPOINTS")
        .env("COLUMNS", "120");
    command
}

/// What a call printed and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn said(mut command: Command) -> Said {
    let Output { status, stdout, stderr } = command.output().expect("the binary starts");
    Said {
        code: status.code(),
        stdout: String::from_utf8(stdout).expect("UTF-8"),
        stderr: String::from_utf8(stderr).expect("UTF-8"),
    }
}

/// Text with what differs from run to run taken out.
pub(crate) fn filtered(text: &str, folder: &Path) -> String {
    let text = text
        .replace(&folder.display().to_string(), "<folder>")
        .replace(&root().display().to_string(), "<root>");
    let mut settings = String::new();
    for line in text.lines() {
        let line = regex_lite(line);
        settings.push_str(line.trim_end());
        settings.push('\n');
    }
    settings
}

/// `in 1.23 s, at most 45.6 MB of memory` and times of day.
fn regex_lite(line: &str) -> String {
    match (line.find(" in "), line.find(" of memory")) {
        (Some(start), Some(end)) if start < end => {
            format!("{} in <seconds and memory>{}", &line[..start], &line[end + 10..])
        }
        _ => line.to_owned(),
    }
}

/// Two nights of the made-up retailer, and the report of the second in both languages.
pub(crate) struct TwoNights {
    pub(crate) workshop: Workshop,
    /// The second night's folder.
    pub(crate) run: PathBuf,
    pub(crate) english: PathBuf,
    pub(crate) spanish: PathBuf,
}

pub(crate) fn two_nights() -> TwoNights {
    let workshop = Workshop::new();
    let warehouse = workshop.warehouse().display().to_string();
    let done = |arguments: &[&str]| {
        let said = said(cartera(&[arguments, &["--warehouse", &warehouse]].concat()));
        assert_eq!(said.code, Some(0), "{arguments:?}: {}\n{}", said.stdout, said.stderr);
    };
    done(&[
        "run",
        "pipelines/retail.toml",
        "--as-of",
        "2025-11-30..2025-12-31",
        "--every",
        "month",
    ]);
    let spanish = workshop.path().join("informe.html");
    done(&["report", "--locale", "es", "--out", &spanish.display().to_string()]);
    let run = workshop
        .warehouse()
        .join("current")
        .canonicalize()
        .expect("a published run");
    let english = run.join("report.html");
    TwoNights {
        workshop,
        run,
        english,
        spanish,
    }
}
