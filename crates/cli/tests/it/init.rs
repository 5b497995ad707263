//! `cartera init`: what it writes and says, and that the result runs.

use std::fs;
use std::path::Path;

use cartera_testkit::{Workshop, real_data};

use crate::support::{Said, cartera, filtered, said};

const LINES: &[u8] = b"Listado de ventas\r\n\r\n\
    Factura;Fecha;Cliente;Art\xEDculo;Unidades;Precio;Comentario\r\n\
    1001;03/04/2025;0012;TE;2;1.234,50;\r\n\
    1002;25/04/2025;0013;TAZA;1;10,00;\"regalo; con\r\nlazo\"\r\n\
    1003;26/04/2025;NULL;TE;1;1.234,50;\r\n\
    C1001;27/04/2025;0012;TE;-1;1.234,50;\r\n\
    C1002;27/04/2025;0013;TAZA;-1;10,00;\r\n\
    C1003;28/04/2025;0012;TAZA;-1;10,00;A\xF1adido a mano\r\n";

fn init(files: &[&Path], out: &Path) -> Said {
    let out = out.display().to_string();
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let mut arguments = vec!["init", "--out", &out];
    arguments.extend(files.iter().map(String::as_str));
    said(cartera(&arguments))
}

#[track_caller]
fn check(out: &Path) -> String {
    let said = said(cartera(&["check", &out.display().to_string(), "--verbose"]));
    assert!(matches!(said.code, Some(0 | 1)), "{}", said.stderr);
    said.stdout
}

#[test]
fn the_pipeline_of_a_spanish_export_is_written_and_runs() {
    let workshop = Workshop::new();
    let file = workshop.file("ventas.csv", LINES);
    let out = workshop.path().join("ventas.toml");
    let said = init(&[&file], &out);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    let text = fs::read_to_string(&out).expect("written");
    insta::assert_snapshot!("init_spanish_said", filtered(&said.stdout, workshop.path()));
    insta::assert_snapshot!("init_spanish_pipeline", filtered(&text, workshop.path()));
    let checked = check(&out);
    assert!(
        checked.contains("2 customers (0 without an order), 2 orders"),
        "{checked}"
    );
}

#[test]
fn a_pipeline_with_a_question_is_refused_with_the_question() {
    let workshop = Workshop::new();
    let file = workshop.file(
        "sales.csv",
        "customer,date,amount\na,03/04/2025,1.50\nb,05/06/2025,2.50\n",
    );
    let out = workshop.path().join("sales.toml");
    let said = init(&[&file], &out);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    insta::assert_snapshot!("init_question_said", filtered(&said.stdout, workshop.path()));
    let refused = crate::support::said(cartera(&["check", &out.display().to_string(), "-q"]));
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("TODO: %d/%m/%Y (day first)"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_pipeline_that_is_there_is_not_written_over() {
    let workshop = Workshop::new();
    let file = workshop.file("sales.csv", "customer,date,amount\na,2025-04-03,1.50\n");
    let out = workshop.file("mine.toml", "mine");
    let said = init(&[&file], &out);
    assert_eq!(said.code, Some(2));
    assert!(
        said.stderr.contains("is there already") && said.stderr.contains("--force"),
        "{}",
        said.stderr
    );
    assert_eq!(fs::read_to_string(out).expect("there"), "mine");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let workshop = Workshop::new();
    let said = init(&[&workshop.path().join("gone.csv")], &workshop.path().join("out.toml"));
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("gone.csv"), "{}", said.stderr);
}

/// The pipelines of the raw files run as they are written, with the published figures.
#[test]
fn real_files_run_as_they_are_written() {
    let workshop = Workshop::new();
    let out = workshop.path().join("out.toml");
    let run = |folder: &str, names: &[&str], figures: &[&str]| {
        let Some(folder) = real_data(folder) else { return };
        let files: Vec<_> = names.iter().map(|name| folder.join(name)).collect();
        let files: Vec<&Path> = files.iter().map(|file| file.as_path()).collect();
        let said = init(&files, &out);
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        assert!(!said.stdout.contains("questions"), "{}", said.stdout);
        let checked = check(&out);
        for figure in figures {
            assert!(checked.contains(figure), "{figure} is not in\n{checked}");
        }
        fs::remove_file(&out).expect("removed");
    };
    run(
        "online_retail",
        &["online_retail.csv.gz"],
        &["541,909", "18,532 orders", "8,911,407.904"],
    );
    run(
        "cdnow",
        &["CDNOW_sample.txt"],
        &["2,357 customers", "6,919", "244,091.94"],
    );
    let files = [
        "campaign_descriptions.csv",
        "campaigns.csv",
        "coupon_redemptions.csv",
        "coupons.csv.gz",
        "demographics.csv",
        "products.csv.gz",
        "transactions_sample_100k.csv.gz",
    ];
    run("complete_journey", &files, &["99.68 %", "100,000", "801"]);
}
