//! Encrypted connections, and whom they trust.

use std::path::Path;
use std::process::{Command, Stdio};

use cartera_testkit::PostgresServer;

use crate::server::{address, reader};
use crate::world::{frames, load, rows, source, table};

/// A certificate for 127.0.0.1 that signs itself; false after saying that the test was skipped.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn certificate(folder: &Path) -> bool {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args([
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            "server.key",
            "-out",
            "server.crt",
        ])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let is_made = made.is_ok_and(|status| status.success());
    if !is_made {
        eprintln!("SKIPPED: this test needs the program openssl");
    }
    is_made
}

#[test]
fn connections_are_encrypted_and_checked_as_asked() {
    let mut has_certificate = false;
    let server = PostgresServer::start_with(|folder| {
        has_certificate = certificate(folder);
        if !has_certificate {
            return Vec::new();
        }
        let file = |name: &str| folder.join(name).display().to_string();
        vec![
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", file("server.crt")),
            format!("ssl_key_file={}", file("server.key")),
        ]
    });
    let (Some(server), true) = (server, has_certificate) else {
        return;
    };
    let root = server.folder().join("server.crt").display().to_string();
    let mut client = reader(&server);
    let is_encrypted = |mode: &str| {
        // The rows ask the server how they come to it.
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut watcher = reader(&server);
        let asked = std::iter::once_with(move || {
            let query = "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'cartera export'";
            sender
                .send(watcher.query_one(query, &[]).expect("one").get::<_, bool>(0))
                .expect("heard");
            Ok(rows(3, 1))
        });
        load(
            &address(&server, mode),
            1,
            vec![source(table("sales"), Box::new(asked))],
            false,
        )?;
        Ok::<bool, cartera_export::ExportError>(receiver.recv().expect("asked"))
    };
    assert!(!is_encrypted("sslmode=disable").expect("loaded"));
    for mode in [
        "",
        "sslmode=require",
        &format!("sslmode=verify-full&sslrootcert={root}"),
    ] {
        assert!(is_encrypted(mode).expect("loaded"), "{mode}");
    }
    let refused = load(
        &address(&server, "sslmode=verify-full"),
        1,
        vec![source(table("sales"), frames(vec![]))],
        false,
    );
    let error = refused.expect_err("nobody trusts it");
    assert!(
        error.hint().is_some_and(|hint| hint.contains("sslrootcert")),
        "{error}: {:?}",
        error.hint()
    );
    let count = client
        .query_one("select count(*) from cartera.sales", &[])
        .expect("read");
    assert_eq!(count.get::<_, i64>(0), 3);
}
