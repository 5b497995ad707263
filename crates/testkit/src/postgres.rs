//! A PostgreSQL server of one's own, in a temporary folder, which stops with the test.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A running server with an empty database `crm`.
#[derive(Debug)]
pub struct PostgresServer {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl PostgresServer {
    /// Starts one; none after saying that the test was skipped where PostgreSQL is not installed.
    ///
    /// # Panics
    /// When it does not start; likewise below.
    #[must_use]
    pub fn start() -> Option<Self> {
        Self::start_with(|_| Vec::new())
    }

    /// The same with further options, each `name=value`, which may name files that are put into the folder first.
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    pub fn start_with(options: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("SKIPPED: this test needs a PostgreSQL server, and none is installed (initdb)");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let server = Self { folder, programs, port };
        let options = options(server.folder());
        own(server.folder());
        let data = server.folder().join("data").display().to_string();
        server.call(
            "initdb",
            &["-D", &data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"],
        );
        let mut settings = format!("-p {port} -k {} -c fsync=off", server.folder().display());
        for option in options {
            settings.push_str(&format!(" -c {option}"));
        }
        let log = server.folder().join("log").display().to_string();
        server.call("pg_ctl", &["-D", &data, "-w", "-l", &log, "-o", &settings, "start"]);
        server.call(
            "createdb",
            &["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "postgres", "crm"],
        );
        Some(server)
    }

    /// The folder of the server's files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of its database, for its superuser.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/crm", self.port)
    }

    fn call(&self, program: &str, arguments: &[&str]) {
        let mut command = as_server(&self.programs.join(program));
        // A server that was started keeps its standard output: it is not waited for.
        let status = command
            .args(arguments)
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("started");
        let log = fs::read_to_string(self.folder().join("log")).unwrap_or_default();
        assert!(status.success(), "{program} {arguments:?} failed: {log}");
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let data = self.folder().join("data");
        let stopped = as_server(&self.programs.join("pg_ctl"))
            .args(["-D", &data.display().to_string(), "-m", "immediate", "-w", "stop"])
            .current_dir(self.folder())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        // A server that is gone already needs no stop.
        drop(stopped);
    }
}

/// The folder of the programs of the newest version that is installed.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let number = version.file_name().to_str()?.parse().ok()?;
            let folder = version.path().join("bin");
            folder.join("initdb").is_file().then_some((number, folder))
        })
        .collect();
    installed.sort();
    let of_path = std::env::var_os("PATH");
    let of_path = of_path
        .iter()
        .flat_map(std::env::split_paths)
        .find(|folder| folder.join("initdb").is_file());
    installed.pop().map(|(_, folder)| folder).or(of_path)
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

/// The server refuses to run as root.
fn as_server(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

/// Gives a folder with all that is in it to the server's user.
fn own(folder: &Path) {
    if !is_root() {
        return;
    }
    let id = |what: &str| {
        let said = Command::new("id").args([what, "postgres"]).output().expect("id");
        let text = String::from_utf8(said.stdout).expect("text");
        text.trim()
            .parse()
            .expect("the user postgres, which packages of PostgreSQL make")
    };
    let (user, group) = (id("-u"), id("-g"));
    chown(folder, Some(user), Some(group)).expect("owned");
    for entry in fs::read_dir(folder).expect("listed") {
        chown(entry.expect("an entry").path(), Some(user), Some(group)).expect("owned");
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
