//! `cartera customer`: one customer of the made-up retailer, on a screen, as JSON and as a page.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use cartera_testkit::Workshop;

use crate::support::{Said, cartera, filtered, said};

struct Published {
    workshop: Workshop,
}

impl Published {
    fn new() -> Self {
        let workshop = Workshop::new();
        let warehouse = workshop.warehouse().display().to_string();
        let said = said(cartera(&[
            "run",
            "pipelines/retail.toml",
            "-q",
            "--warehouse",
            &warehouse,
        ]));
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        Self { workshop }
    }

    fn customer(&self, arguments: &[&str]) -> Said {
        let warehouse = self.workshop.warehouse().display().to_string();
        said(cartera(&[&["customer", "--warehouse", &warehouse], arguments].concat()))
    }
}

#[test]
fn a_customer_fits_on_a_screen_and_is_the_same_in_every_form() {
    let published = Published::new();
    let screen = published.customer(&["P0755787"]);
    assert_eq!((screen.code, screen.stderr.as_str()), (Some(0), ""));
    let lines: Vec<&str> = screen.stdout.lines().collect();
    assert!(lines.len() <= 45, "{} lines", lines.len());
    assert!(
        lines.iter().all(|line| line.chars().count() <= 100),
        "{}",
        screen.stdout
    );
    assert!(!screen.stdout.contains("Chiara") && !screen.stdout.contains('\u{1b}'));
    insta::assert_snapshot!(filtered(&screen.stdout, published.workshop.path()));

    let personal = published.customer(&["P0755787", "--personal"]).stdout;
    assert!(personal.contains("Chiara Greco"), "{personal}");

    let json: serde_json::Value =
        serde_json::from_str(&published.customer(&["P0755787", "--json"]).stdout).expect("JSON");
    assert_eq!(json["customer_id"], "P0755787");
    assert_eq!(json["person"]["status"], "hidden");
    assert!(json["orders"].as_array().is_some_and(|orders| orders.len() == 10));
    assert!(!json.to_string().contains("Chiara"));

    let out = published.workshop.path().join("page.html");
    let page = published.customer(&[
        "P0755787",
        "--html",
        "--locale",
        "es",
        "--out",
        &out.display().to_string(),
    ]);
    assert_eq!(page.code, Some(0), "{}", page.stderr);
    let wrote = format!("wrote {}: ", out.display());
    assert!(
        page.stdout.starts_with(&wrote)
            && page
                .stdout
                .ends_with(" kB, from run 2025-12-31/1, for its owner alone\n"),
        "{}",
        page.stdout
    );
    assert_eq!(fs::metadata(&out).expect("written").permissions().mode() & 0o777, 0o600);
    let page = fs::read_to_string(out).expect("a page");
    assert!(page.contains("<html lang=\"es\">") && page.contains("Cliente P0755787"));

    let unknown = published.customer(&["p0755787"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""));
    assert!(unknown.stderr.contains("hint: there is P0755787"), "{}", unknown.stderr);
}
