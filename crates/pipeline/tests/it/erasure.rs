//! A person who was erased is nowhere in the warehouse, and stays out; nothing else goes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cartera_pipeline::config::{self, AsOfSetting};
use cartera_pipeline::sql::sql;
use cartera_pipeline::store::{RunSelector, StoreError, Warehouse};
use cartera_pipeline::{
    CsvRequest, FileFormat, ForgetReport, ForgetRequest, ListRequest, ModelRequest, PipelineError, ReadSizes,
    RunContext, RunOptions, RunReport, TargetRequest, forget, target,
};
use cartera_table::contracts::{CustomerEvents, IncomeStatement, QuarantineTable, TargetDecisions};
use cartera_table::frame::{decimal, text};
use cartera_testkit::{HEADER, Workshop, contents};
use polars::prelude::{ParquetReader, SerReader};

use crate::support::{Blind, StoppedClock, in_ledger, options, run_with, table, unscaled};

const CHIARA: &str = "P0755787";
/// All that raw files tell of her.
const OF_CHIARA: [&str; 5] = [
    CHIARA,
    "chiara.greco6913637@example.net",
    "Chiara Greco",
    "+39 3316135467",
    "Via Verdi 58",
];
const RUTH: &str = "S3682268";
const OF_RUTH: [&str; 3] = [RUTH, "ruth.williams6750239@example.org", "+44 760783910"];

/// The retailer with its pipeline, in a folder of its own, and two defective rows that tell of Chiara.
struct Retailer {
    workshop: Workshop,
    pipeline: PathBuf,
}

impl Retailer {
    fn new() -> Self {
        let workshop = Workshop::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for (name, content) in contents(&root.join("sample-data"), &[]) {
            workshop.file(&format!("sample-data/{name}"), content);
        }
        let text = fs::read_to_string(root.join("pipelines/retail.toml")).expect("a pipeline");
        let retailer = Self {
            pipeline: workshop.file("pipelines/retail.toml", text),
            workshop,
        };
        retailer.append(
            "order_lines.csv",
            &format!("O9,1,{CHIARA},{},P0526,tea,1,1.00,web,IT,EUR,\n", OF_CHIARA[1]),
        );
        retailer.append(
            "cases.csv",
            &format!("C9,{CHIARA},told by Chiara Greco,,complaint,,low,,\n"),
        );
        retailer
    }

    fn append(&self, file: &str, row: &str) {
        let path = self.workshop.path().join("sample-data").join(file);
        let mut content = fs::read(&path).expect("a file");
        content.extend(row.as_bytes());
        fs::write(path, content).expect("written");
    }

    fn warehouse(&self) -> PathBuf {
        self.workshop.path().join("warehouse/retail")
    }

    fn night(&self, day: &str) -> RunReport {
        publish(&self.pipeline, day)
    }
}

fn publish(pipeline: &Path, day: &str) -> RunReport {
    let options = RunOptions {
        as_of: Some(AsOfSetting::from_text(day).expect("a day")),
        ..options()
    };
    run_with(pipeline, &options).unwrap_or_else(|error| panic!("{day}: {error}"))
}

fn request(keys: &[&str]) -> ForgetRequest {
    ForgetRequest {
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        key_space: None,
        fresh_salt: [42; 32],
        accepts_unseen: false,
        deletes_unrepeatable: false,
        accepts_present_config: false,
        accepts_present_files: false,
        is_dry_run: false,
    }
}

fn try_forget(pipeline: &Path, options: &RunOptions, request: &ForgetRequest) -> Result<ForgetReport, PipelineError> {
    let config = config::load(pipeline, &|_| None).expect("a sound pipeline");
    let context = RunContext {
        observer: &Blind,
        clock: &StoppedClock,
    };
    forget(&config, options, request, context)
}

fn forgotten(pipeline: &Path, request: &ForgetRequest) -> ForgetReport {
    try_forget(pipeline, &options(), request).unwrap_or_else(|error| panic!("{error}: {:?}", error.hint()))
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Where words stand below a folder: in the bytes of any file, or in the cells of a published table.
fn traces(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(folder) {
        let bytes = fs::read(&path).expect("a file");
        let mut texts = vec![String::from_utf8_lossy(&bytes).into_owned()];
        if path.extension().is_some_and(|extension| extension == "parquet") {
            let file = fs::File::open(&path).expect("there");
            let frame = ParquetReader::new(file).finish().expect("a table");
            for column in frame.columns() {
                if let Ok(cells) = column.str() {
                    texts.extend(cells.iter().flatten().map(str::to_owned));
                }
            }
        }
        for word in words {
            if texts.iter().any(|text| text.contains(word)) {
                found.push(format!("{word} in {}", path.display()));
            }
        }
    }
    found
}

fn changes(report: &ForgetReport) -> Vec<(String, String)> {
    let changes = report.replaced.iter();
    changes
        .map(|run| (run.old.to_string(), run.new.expect("made").to_string()))
        .collect()
}

fn changed(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = pairs.iter();
    owned.map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
}

/// What the income statement says of the company, by item.
fn company(report: &RunReport) -> BTreeMap<String, Option<i128>> {
    let statement = table::<IncomeStatement>(report);
    let frame = statement.frame();
    let parties = text(frame, "party").expect("text").iter();
    let amounts = decimal(frame, "amount").expect("decimal").iter();
    text(frame, "item")
        .expect("text")
        .iter()
        .zip(parties.zip(amounts))
        .filter(|(_, (party, _))| *party == Some("company"))
        .map(|(item, (_, amount))| (item.expect("a name").to_owned(), amount))
        .collect()
}

fn sales(report: &RunReport) -> i128 {
    let totals = &report.run.manifest.record.totals;
    unscaled(&totals.net_sales) + unscaled(&totals.guest_net_sales)
}

/// The run as it stands there now, for the helpers that read reports.
fn standing(warehouse: &Path, of: &RunReport, run: &str) -> RunReport {
    let selector: RunSelector = run.parse().expect("a run");
    let found = Warehouse::open(warehouse).expect("there").find(&selector);
    RunReport {
        run: found.expect("published"),
        ..of.clone()
    }
}

#[test]
fn a_person_is_nowhere_any_more_and_nothing_else_is_gone() {
    let retailer = Retailer::new();
    let warehouse = retailer.warehouse();
    let (june, _) = (retailer.night("2025-06-30"), retailer.night("2025-09-30"));
    let (_, december) = (retailer.night("2025-12-31"), retailer.night("latest"));
    for word in OF_CHIARA {
        assert!(!traces(&warehouse, &[word]).is_empty(), "{word} was never there");
    }
    // What stood in the runs that will be gone.
    let stood = [&june, &december].map(|report| (company(report), quarantined(report)));
    let report = forgotten(&retailer.pipeline, &request(&[CHIARA]));
    assert_eq!(traces(&warehouse, &OF_CHIARA), [""; 0]);
    assert_eq!(
        changes(&report),
        changed(&[
            ("2025-06-30/1", "2025-06-30/2"),
            ("2025-09-30/1", "2025-09-30/2"),
            ("2025-12-31/2", "2025-12-31/3")
        ])
    );
    assert_eq!(
        report.deleted.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2025-12-31/1"]
    );
    for run in &report.replaced {
        assert_eq!(run.net_sales_before, run.net_sales_after, "{}", run.old);
        let features = run.tables.iter().find(|change| change.table == "customer_features");
        let features = features.expect("a row less");
        assert_eq!(features.before, features.after + 1);
    }
    for ((before, run), (items, set_aside_before)) in [(&june, "2025-06-30/2"), (&december, "2025-12-31/3")]
        .into_iter()
        .zip(stood)
    {
        let after = standing(&warehouse, before, run);
        assert_eq!(items, company(&after), "{run}");
        assert_eq!(sales(before), sales(&after));
        let record = &after.run.manifest.record;
        assert_eq!(record.replaces.as_ref().expect("said").run, before.run.reference);
        assert_eq!(record.erased_keys.count, 1);
        let guests = |report: &RunReport| in_ledger(report, &["guest", "kept"]);
        let customers = |report: &RunReport| in_ledger(report, &["customer", "kept"]);
        let moved = customers(before).0 - customers(&after).0;
        assert!(moved > 50, "{moved} lines of hers");
        assert_eq!(guests(&after).0 - guests(before).0, moved);
        // Her row in the customers, her contact, cases, consents ..
        assert!(in_ledger(&after, &["out_of_scope", "erased"]).0 >= 1 + 1 + 9 + 2);
        let set_aside = quarantined(&after);
        assert_eq!(set_aside.len(), set_aside_before.len());
        assert_eq!(set_aside.iter().filter(|value| *value == "(erased)").count(), 2);
    }
    let current = fs::read_link(warehouse.join("current")).expect("a link");
    assert!(current.ends_with("as_of=2025-12-31/run=3"), "{}", current.display());
    let erased = Warehouse::open(&warehouse).expect("there").erased().expect("read");
    let erasure = &erased.expect("recorded").erasures[0];
    assert!(erasure.finished_at.is_some());
    assert_eq!((erasure.replaced.len(), erasure.deleted.len()), (3, 1));
}

/// List, customer, decision and reason of each candidate but these.
fn decisions(report: &RunReport, without: &str) -> Vec<String> {
    let frame = table::<TargetDecisions>(report).into_frame();
    let column = |name: &str| -> Vec<String> {
        let texts = text(&frame, name).expect("text").iter();
        texts.map(|text| text.unwrap_or_default().to_owned()).collect()
    };
    let [lists, ids, decisions, reasons] = ["list", "customer_id", "decision", "reason"].map(column);
    (0..frame.height())
        .filter(|&row| ids[row] != without)
        .map(|row| format!("{} {} {} {}", lists[row], ids[row], decisions[row], reasons[row]))
        .collect()
}

/// Who was contacted and held out is what lists are measured by: nothing that was said since may change it.
#[test]
fn what_was_decided_about_others_stays_as_it_was() {
    let retailer = Retailer::new();
    let june = retailer.night("2025-06-30");
    let stood = decisions(&june, CHIARA);
    let contacted: Vec<&str> = stood
        .iter()
        .filter_map(|row| row.split_once(' ').filter(|(_, rest)| rest.contains(" contact ")))
        .filter_map(|(_, rest)| rest.split(' ').next())
        .collect();
    assert!(contacted.len() > 3, "{contacted:?}");
    for customer in contacted {
        retailer.append(
            "consents.csv",
            &format!("{customer},email,marketing,withdrawn,2025-10-15\n"),
        );
    }
    forgotten(&retailer.pipeline, &request(&[CHIARA]));
    let after = standing(&retailer.warehouse(), &june, "2025-06-30/2");
    assert_eq!(decisions(&after, ""), stood);
    assert_eq!(traces(&retailer.warehouse(), &OF_CHIARA), [""; 0]);
}

fn quarantined(report: &RunReport) -> Vec<String> {
    let table = table::<QuarantineTable>(report);
    let values = text(table.frame(), "value").expect("text");
    values
        .iter()
        .map(|value| value.unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_next_nights_keep_people_out_of_the_same_files() {
    let retailer = Retailer::new();
    let warehouse = retailer.warehouse();
    retailer.night("2025-09-30");
    retailer.night("2025-12-31");
    forgotten(&retailer.pipeline, &request(&[CHIARA]));
    for (key, order) in [(CHIARA, 1), (RUTH, 2)] {
        retailer.append(
            "order_lines.csv",
            &format!("O999{order},1,{key},2026-01-01 09:00:00,P0526,tea,1,1.00,web,IT,EUR,\n"),
        );
    }
    let next = retailer.night("2026-01-01");
    assert_eq!(traces(&warehouse, &OF_CHIARA), [""; 0]);
    let known = next.run.manifest.record.reading;
    let full = RunOptions {
        is_full: true,
        as_of: AsOfSetting::from_text("2026-01-01"),
        ..options()
    };
    let again = run_with(&retailer.pipeline, &full).expect("published");
    assert_eq!(
        contents(&next.run.path, &["manifest.json"]),
        contents(&again.run.path, &["manifest.json"]),
        "what the nights before left gives the same bytes"
    );
    assert!(known.known_bytes <= known.bytes);
    // A second person, and the run of the new night is replaced too.
    assert!(!traces(&warehouse, &OF_RUTH).is_empty());
    let report = forgotten(&retailer.pipeline, &request(&[RUTH]));
    assert_eq!(traces(&warehouse, &OF_CHIARA), [""; 0]);
    assert_eq!(traces(&warehouse, &OF_RUTH), [""; 0]);
    assert_eq!(
        changes(&report),
        changed(&[
            ("2025-09-30/2", "2025-09-30/3"),
            ("2025-12-31/2", "2025-12-31/3"),
            ("2026-01-01/2", "2026-01-01/3")
        ])
    );
    let last = standing(&warehouse, &next, "2026-01-01/3");
    assert_eq!(last.run.manifest.record.erased_keys.count, 2);
    assert_eq!(sales(&next), sales(&last));
    // Once more changes nothing.
    let report = forgotten(&retailer.pipeline, &request(&[RUTH, CHIARA]));
    assert_eq!((report.replaced.len(), report.new_keys, report.unseen_keys), (0, 0, 0));
}

/// Sales of ann, bob and a guest on four days.
fn shop() -> (Workshop, PathBuf) {
    let workshop = Workshop::new();
    let mut lines = HEADER.to_owned();
    for (line, customer) in ["ann", "bob", "", "ann", "cid", "bob", "ann", "bob"].iter().enumerate() {
        lines.push_str(&format!("{line},1,{customer},2024-{:02}-10,tea,1,3.50\n", line + 1));
    }
    workshop.file("lines.csv", lines);
    workshop.file("people.csv", "key,city\nann,Annecy\nbob,Bobigny\n");
    let people = r#"
[[source]]
name = "people"
table = "customers"
path = "people.csv"
[source.columns]
customer_key = "key"
city = "city"
"#;
    let pipeline = workshop.pipeline("lines.csv", people);
    (workshop, pipeline)
}

fn runs(workshop: &Workshop) -> Vec<String> {
    let listing = Warehouse::open(workshop.warehouse()).expect("there").runs();
    let runs = listing.expect("listed").runs.into_iter();
    runs.map(|run| run.reference.to_string()).collect()
}

#[test]
fn a_key_that_nobody_knows_is_refused_unless_it_is_still_to_come() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-12-31");
    let unknown = try_forget(&pipeline, &options(), &request(&["dan"]));
    assert!(matches!(unknown, Err(PipelineError::UnknownKey { .. })), "{unknown:?}");
    assert!(!workshop.warehouse().join("erased.json").exists());
    let unseen = ForgetRequest {
        accepts_unseen: true,
        ..request(&["dan"])
    };
    let report = forgotten(&pipeline, &unseen);
    assert_eq!((report.new_keys, report.unseen_keys, report.replaced.len()), (1, 1, 0));
    let lines = fs::read_to_string(workshop.path().join("lines.csv")).expect("text");
    workshop.file("lines.csv", lines + "99,1,dan,2024-12-31,tea,1,3.50\n");
    publish(&pipeline, "2024-12-31");
    assert_eq!(traces(&workshop.warehouse().join("runs"), &["dan"]), [""; 0]);
    for keys in [&[][..], &[" "]] {
        assert!(matches!(
            try_forget(&pipeline, &options(), &request(keys)),
            Err(PipelineError::EmptyKey)
        ));
    }
}

#[test]
fn a_dry_run_tells_what_would_be_done_and_does_nothing() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-04-30");
    publish(&pipeline, "2024-05-31");
    let dry = ForgetRequest {
        is_dry_run: true,
        ..request(&["cid"])
    };
    let report = forgotten(&pipeline, &dry);
    let told: Vec<String> = report.replaced.iter().map(|run| run.old.to_string()).collect();
    assert_eq!(told, ["2024-05-31/1"], "cid came in May");
    assert_eq!(runs(&workshop), ["2024-05-31/1", "2024-04-30/1"]);
    assert!(!workshop.warehouse().join("erased.json").exists());
}

#[test]
fn runs_whose_files_changed_are_named_and_only_replaced_or_deleted_when_asked_to() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-04-30");
    publish(&pipeline, "2024-12-31");
    // Lines of later days change no earlier run; another city does.
    let lines = fs::read_to_string(workshop.path().join("lines.csv")).expect("text");
    workshop.file("lines.csv", lines + "99,1,bob,2025-01-01,tea,1,3.50\n");
    let asked = request(&["ann"]);
    assert!(
        try_forget(
            &pipeline,
            &options(),
            &ForgetRequest {
                is_dry_run: true,
                ..asked.clone()
            }
        )
        .is_ok()
    );
    workshop.file("people.csv", "key,city\nann,Angers\nbob,Bobigny\n");
    let error = try_forget(&pipeline, &options(), &asked).expect_err("they changed");
    let message = error.to_string();
    assert!(message.contains("runs 2024-04-30/1, 2024-12-31/1"), "{message}");
    assert!(
        message.contains("2024-04-30/1: people.csv of source people changed"),
        "{message}"
    );
    assert!(!message.contains("lines.csv"), "{message}");
    assert_eq!(runs(&workshop), ["2024-12-31/1", "2024-04-30/1"]);
    assert!(
        !workshop.warehouse().join("erased.json").exists(),
        "nothing was changed"
    );
    let present = ForgetRequest {
        accepts_present_files: true,
        ..asked.clone()
    };
    forgotten(&pipeline, &present);
    assert_eq!(runs(&workshop), ["2024-12-31/2", "2024-04-30/2"]);
    // Of the others only those that cannot be made anew are deleted.
    publish(&pipeline, "2024-12-31");
    workshop.file("people.csv", "key,city\nbob,Bourges\n");
    let deleting = ForgetRequest {
        deletes_unrepeatable: true,
        ..request(&["bob"])
    };
    publish(&pipeline, "2024-11-30");
    let report = forgotten(&pipeline, &deleting);
    assert_eq!(changes(&report), changed(&[("2024-11-30/1", "2024-11-30/2")]));
    assert_eq!(runs(&workshop), ["2024-11-30/2"]);
    assert_eq!(traces(&workshop.warehouse(), &["Bourges", "Angers"]), [""; 0]);
}

#[test]
fn a_file_that_is_gone_or_rewritten_stands_in_the_way() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-12-31");
    let lines = fs::read_to_string(workshop.path().join("lines.csv")).expect("text");
    workshop.file("lines.csv", lines.replace("3.50", "4.50"));
    let error = try_forget(&pipeline, &options(), &request(&["ann"])).expect_err("it changed");
    assert!(
        error.to_string().contains("lines.csv of source shop changed"),
        "{error}"
    );
    let shorter = lines.lines().take(4).collect::<Vec<_>>().join("\n");
    workshop.file("lines.csv", shorter);
    let error = try_forget(&pipeline, &options(), &request(&["ann"])).expect_err("it shrank");
    assert!(error.to_string().contains("lines.csv of source shop shrank"), "{error}");
}

#[test]
fn late_lines_of_an_earlier_day_are_noticed_before_the_run_is_replaced() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-12-31");
    let lines = fs::read_to_string(workshop.path().join("lines.csv")).expect("text");
    workshop.file("lines.csv", lines + "99,1,bob,2024-02-01,tea,1,100.00\n");
    let error = try_forget(&pipeline, &options(), &request(&["ann"])).expect_err("other totals");
    let PipelineError::ErasureInterrupted { cause, .. } = &error else {
        panic!("{error}")
    };
    assert!(matches!(**cause, PipelineError::ErasureChangesTotals { .. }), "{cause}");
    assert_eq!(runs(&workshop), ["2024-12-31/1"], "the old run is whole");
    let present = ForgetRequest {
        accepts_present_files: true,
        ..request(&["ann"])
    };
    let report = forgotten(&pipeline, &present);
    assert_ne!(report.replaced[0].net_sales_before, report.replaced[0].net_sales_after);
    assert_eq!(runs(&workshop), ["2024-12-31/2"]);
    assert_eq!(traces(&workshop.warehouse(), &["Annecy"]), [""; 0]);
}

#[test]
fn a_run_of_another_config_is_only_made_anew_when_asked_to() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-12-31");
    let text = fs::read_to_string(&pipeline).expect("text");
    workshop.file("pipeline.toml", format!("{text}\n[pareto]\nclass_a_share = 0.5\n"));
    let error = try_forget(&pipeline, &options(), &request(&["ann"])).expect_err("another config");
    assert!(error.to_string().contains("said something else in pareto"), "{error}");
    assert_eq!(runs(&workshop), ["2024-12-31/1"]);
    let present = ForgetRequest {
        accepts_present_config: true,
        ..request(&["ann"])
    };
    forgotten(&pipeline, &present);
    assert_eq!(runs(&workshop), ["2024-12-31/2"]);
}

#[test]
fn files_of_several_segments_that_grew_are_known_by_their_beginning() {
    let (workshop, pipeline) = shop();
    let small = RunOptions {
        sizes: ReadSizes {
            block_bytes: 40,
            segment_bytes: 90,
        },
        as_of: AsOfSetting::from_text("2024-12-31"),
        ..options()
    };
    let first = run_with(&pipeline, &small).expect("published");
    let lines = fs::read_to_string(workshop.path().join("lines.csv")).expect("text");
    assert!(lines.len() > 3 * 90, "several segments");
    workshop.file(
        "lines.csv",
        lines.clone() + "98,1,bob,2025-01-01,tea,1,3.50\n99,1,ann,2025-01-02,tea,1,3.50\n",
    );
    let report = try_forget(&pipeline, &small, &request(&["ann"])).expect("replaced");
    assert_eq!(report.replaced[0].old, first.run.reference);
    assert_eq!(report.replaced[0].net_sales_before, report.replaced[0].net_sales_after);
    workshop.file("lines.csv", lines.replacen("3.50", "3.60", 1));
    assert!(matches!(
        try_forget(&pipeline, &small, &request(&["bob"])),
        Err(PipelineError::NotRepeatable { .. })
    ));
}

#[test]
fn without_the_record_of_who_was_erased_no_run_is_made() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-12-31");
    forgotten(&pipeline, &request(&["ann"]));
    let path = workshop.warehouse().join("erased.json");
    let record = fs::read(&path).expect("there");
    fs::remove_file(&path).expect("removed");
    let error = run_with(&pipeline, &options()).expect_err("ann would be back");
    assert!(error.to_string().contains("knows 0 erased keys"), "{error}");
    fs::write(&path, "{").expect("written");
    run_with(&pipeline, &options()).expect_err("damaged");
    fs::write(&path, record).expect("written");
    run_with(&pipeline, &options()).expect("published");
    // Pruning leaves it alone.
    let lock = Warehouse::open(workshop.warehouse())
        .expect("there")
        .lock("now")
        .expect("free");
    lock.prune(1).expect("pruned");
    drop(lock);
    assert!(path.exists());
    run_with(&pipeline, &options()).expect("published");
    assert_eq!(traces(&workshop.warehouse(), &["Annecy"]), [""; 0]);
}

#[test]
fn the_only_customer_of_all_can_be_erased() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n"));
    let pipeline = workshop.pipeline("lines.csv", "");
    let before = publish(&pipeline, "2024-12-31");
    let report = forgotten(&pipeline, &request(&["ann"]));
    assert_eq!(report.replaced.len(), 1);
    let after = standing(&workshop.warehouse(), &before, "2024-12-31/2");
    assert_eq!(after.run.manifest.record.totals.customers, 0);
    assert_eq!(sales(&after), sales(&before));
}

const PEOPLE: &str = "key,mail\nann,same@example.org\nbob,same@example.org\ncid,cid@example.org\ndan,dan@example.org\n";
const ASKED: &str = "key,channel,purpose,status,since\nann,email,marketing,granted,2023-01-01\n\
                     bob,email,marketing,granted,2023-01-01\ncid,email,marketing,granted,2023-01-01\n\
                     dan,email,marketing,granted,2023-01-01\n";
const WITH_LIST: &str = "[[source]]\nname = \"people\"\ntable = \"customers\"\npath = \"people.csv\"\n\
     columns = { customer_key = \"key\", email = \"mail\" }\n\
     [[source]]\nname = \"asked\"\ntable = \"consents\"\npath = \"asked.csv\"\n\
     format = { date_format = \"%Y-%m-%d\" }\n\
     columns = { customer_key = \"key\", channel = \"channel\", purpose = \"purpose\", status = \"status\", since = \"since\" }\n\
     [[source]]\nname = \"stop\"\ntable = \"suppressions\"\npath = \"stop.csv\"\n\
     columns = { customer_key = \"key\", email = \"mail\" }\n\
     [[target]]\nname = \"tea\"\nchannel = \"email\"\nwhere = \"net_sales > 0\"\ncontrol_share = 0\n\
     one_per_household = false\n";

/// A shop with a list of everybody who may be contacted by e-mail. Ann and bob have one address.
fn listed() -> (Workshop, PathBuf) {
    let workshop = Workshop::new();
    let lines = "1,1,ann,2024-01-05,tea,1,3.50\n2,1,bob,2024-01-06,tea,1,3.50\n3,1,cid,2024-01-07,tea,1,3.50\n\
                 4,1,dan,2024-01-08,tea,1,3.50\n5,1,,2024-04-30,tea,1,3.50\n";
    workshop.file("lines.csv", format!("{HEADER}{lines}"));
    workshop.file("people.csv", PEOPLE);
    workshop.file("asked.csv", ASKED);
    workshop.file("stop.csv", "key,mail\n");
    let pipeline = workshop.pipeline("lines.csv", WITH_LIST);
    (workshop, pipeline)
}

/// Whom events are told of, and what happened.
fn events(report: &RunReport) -> Vec<String> {
    let events = table::<CustomerEvents>(report).into_frame();
    let customers = text(&events, "customer_id").expect("ids");
    let words = text(&events, "event").expect("events");
    let told = customers.iter().flatten().zip(words.iter().flatten());
    told.map(|(customer, event)| format!("{customer} {event}")).collect()
}

/// Who is in the list of the newest run.
fn contacts(workshop: &Workshop) -> String {
    fs::read_to_string(workshop.warehouse().join("current/lists/tea.csv")).expect("a list")
}

#[test]
fn an_address_stays_closed_when_the_person_whose_row_closed_it_is_erased() {
    let (workshop, pipeline) = listed();
    workshop.file("stop.csv", "key,mail\nann,same@example.org\n");
    let first = publish(&pipeline, "2024-12-31");
    let before = contacts(&workshop);
    assert!(before.contains("cid") && !before.contains("bob"), "{before}");
    let suppressed = |report: &RunReport| {
        events(report)
            .iter()
            .filter(|event| event.ends_with("suppressed"))
            .count()
    };
    assert!(events(&first).iter().any(|event| event == "ann ordered"));
    assert_eq!(suppressed(&first), 2, "ann by her key, bob by the address");
    let bob = |report: &RunReport| {
        events(report)
            .into_iter()
            .filter(|event| event.starts_with("bob"))
            .collect::<Vec<_>>()
    };
    let of_bob = bob(&first);
    forgotten(&pipeline, &request(&["ann"]));
    let anew = standing(&workshop.warehouse(), &first, "2024-12-31/2");
    assert!(!events(&anew).iter().any(|event| event.starts_with("ann")));
    assert_eq!(bob(&anew), of_bob, "the address stays closed for him");
    assert!(bob(&anew).iter().any(|event| event == "bob suppressed"));
    let after = contacts(&workshop);
    assert!(after.contains("cid") && !after.contains("bob"), "{after}");
    // Neither does the person come back under another key.
    workshop.file("people.csv", PEOPLE.replace("ann,", "eve,"));
    workshop.file("asked.csv", ASKED.replace("ann,", "eve,"));
    let lines = fs::read_to_string(workshop.path().join("lines.csv")).expect("text");
    workshop.file("lines.csv", lines + "9,1,eve,2024-02-01,tea,1,3.50\n");
    publish(&pipeline, "2025-01-31");
    let later = contacts(&workshop);
    assert!(later.contains("cid") && !later.contains("eve"), "{later}");
}

#[test]
fn who_stands_in_a_run_only_to_be_taken_off_a_list_is_known_to_it() {
    let (workshop, pipeline) = listed();
    publish(&pipeline, "2024-11-30");
    // Dan's data goes: the next night only tells that he is to be taken off, and then the first night goes as well.
    let lines = fs::read_to_string(workshop.path().join("lines.csv")).expect("text");
    workshop.file("lines.csv", lines.replace("4,1,dan,", "4,1,,"));
    workshop.file("people.csv", PEOPLE.replace("dan,dan@example.org\n", ""));
    workshop.file(
        "asked.csv",
        ASKED.replace("dan,email,marketing,granted,2023-01-01\n", ""),
    );
    publish(&pipeline, "2024-12-31");
    fs::remove_dir_all(workshop.warehouse().join("runs/as_of=2024-11-30")).expect("removed");
    assert!(!traces(&workshop.warehouse().join("runs"), &["dan"]).is_empty());
    let report = forgotten(&pipeline, &request(&["dan"]));
    assert_eq!(changes(&report), changed(&[("2024-12-31/1", "2024-12-31/2")]));
    assert_eq!(traces(&workshop.warehouse(), &["dan"]), [""; 0]);
}

/// A record in which a key has been exchanged for another one would bring back who was erased.
#[test]
fn a_record_of_other_keys_than_the_runs_were_made_without_stops_runs() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-12-31");
    forgotten(&pipeline, &request(&["ann"]));
    let path = workshop.warehouse().join("erased.json");
    let first = fs::read_to_string(&path).expect("there");
    // The record as if bob had been erased in her place.
    let hash = |text: &str| {
        let (_, rest) = text.split_once("\"hash\": \"").expect("a hash");
        rest[..64].to_owned()
    };
    forgotten(&pipeline, &request(&["bob"]));
    let both = fs::read_to_string(&path).expect("there");
    let (_, second) = both.rsplit_once("\"hash\": \"").expect("a hash");
    fs::write(&path, both.replace(&hash(&first), &"0".repeat(64))).expect("written");
    let error = run_with(&pipeline, &options()).expect_err("ann would be back");
    assert!(error.to_string().contains("does not know the keys that run"), "{error}");
    let swapped = first.replace(&hash(&first), &second[..64]);
    fs::write(&path, swapped).expect("written");
    run_with(&pipeline, &options()).expect_err("ann would be back");
    fs::write(&path, both).expect("written");
    run_with(&pipeline, &options()).expect("published");
}

#[test]
fn a_key_space_that_no_source_has_is_refused_with_those_that_there_are() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-12-31");
    let elsewhere = ForgetRequest {
        key_space: Some("shops".to_owned()),
        accepts_unseen: true,
        ..request(&["ann"])
    };
    let error = try_forget(&pipeline, &options(), &elsewhere).expect_err("no such key space");
    assert!(
        error.to_string().ends_with("has the key space shops; there are: main"),
        "{error}"
    );
    assert!(!workshop.warehouse().join("erased.json").exists());
}

#[test]
fn a_key_that_is_still_to_come_empties_the_cache_too() {
    let (workshop, pipeline) = shop();
    publish(&pipeline, "2024-12-31");
    // A night that was killed before it published anything left its lines.
    let left = workshop.warehouse().join(".cache/killed.lines");
    fs::write(&left, "dan").expect("written");
    let unseen = ForgetRequest {
        accepts_unseen: true,
        ..request(&["dan"])
    };
    forgotten(&pipeline, &unseen);
    assert!(!left.exists());
}

#[test]
fn a_list_made_from_a_run_that_is_still_to_be_replaced_leaves_erased_people_out() {
    let (workshop, pipeline) = listed();
    publish(&pipeline, "2024-12-31");
    let old = workshop.warehouse().join("runs/as_of=2024-12-31/run=1");
    let kept = workshop.path().join("kept");
    copy(&old, &kept);
    forgotten(&pipeline, &request(&["dan"]));
    // As a kill leaves it: the person is recorded, and the old run is still there.
    fs::remove_dir_all(workshop.warehouse().join("runs/as_of=2024-12-31/run=2")).expect("removed");
    copy(&kept, &old);
    let out = workshop.path().join("out.csv");
    let why = workshop.path().join("why.csv");
    let config = config::load(&pipeline, &|_| None).expect("a sound pipeline");
    let context = RunContext {
        observer: &Blind,
        clock: &StoppedClock,
    };
    let request = TargetRequest {
        csv: CsvRequest::default(),
        list: ListRequest::Declared {
            name: "tea".to_owned(),
            columns: None,
        },
        run: "current".parse().expect("a run"),
        files: vec![(out.clone(), FileFormat::Csv)],
        decisions: Some(why.clone()),
    };
    let warehouse = Warehouse::open(workshop.warehouse()).expect("there");
    let of_run = RunSelector::Current;
    let run = warehouse.find(&of_run).expect("there");
    assert!(matches!(
        warehouse.check_erased(&run),
        Err(StoreError::StillTellsErased { .. })
    ));
    assert!(sql(&warehouse, &of_run, "select count(*) from customer_events").is_err());
    target(&config, &options(), &request, context).expect("written");
    let [list, decisions] = [out, why].map(|path| fs::read_to_string(path).expect("written"));
    assert!(list.contains("cid") && !list.contains("dan"), "{list}");
    assert!(decisions.contains("cid") && !decisions.contains("dan"), "{decisions}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let place = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs::copy(&path, &place).expect("copied");
        }
    }
}

#[test]
fn a_run_is_made_anew_as_its_command_line_asked() {
    let (workshop, pipeline) = shop();
    let lines = fs::read_to_string(workshop.path().join("lines.csv")).expect("text");
    // A day that nobody has seen yet is a mistake.
    let sound: String = (20..30)
        .map(|line| format!("{line},1,bob,2024-01-11,tea,1,3.50\n"))
        .collect();
    let with_mistake = format!("{lines}{sound}98,1,bob,2031-01-01,tea,1,3.50\n");
    workshop.file("lines.csv", with_mistake.clone());
    let latest = RunOptions {
        as_of: AsOfSetting::from_text("latest"),
        models: ModelRequest {
            refit: true,
            accept: true,
        },
        accepted_bad_consents: 3,
        ..options()
    };
    let before = run_with(&pipeline, &latest).expect("published");
    assert_eq!(in_ledger(&before, &["quarantined", "after_today"]).0, 1);
    forgotten(&pipeline, &request(&["cid"]));
    let after = standing(&workshop.warehouse(), &before, "2024-08-10/2");
    assert_eq!(in_ledger(&after, &["quarantined", "after_today"]).0, 1);
    let asked = before.run.manifest.record.asked.expect("written down");
    assert!(asked.latest_day && asked.refit && asked.accept_model && asked.accept_bad_consents == 3);
    assert_eq!(after.run.manifest.record.asked, Some(asked));
    // The person of the latest day is no reason for another day.
    let lines = with_mistake + "97,1,eve,2024-09-01,tea,1,3.50\n";
    workshop.file("lines.csv", lines.clone());
    let with_eve = run_with(&pipeline, &latest).expect("published");
    assert_eq!(with_eve.run.reference.to_string(), "2024-09-01/1");
    forgotten(&pipeline, &request(&["eve"]));
    assert_eq!(runs(&workshop), ["2024-09-01/2", "2024-08-10/2"]);
    // Lines that came since are of later days, and no mistakes.
    workshop.file("lines.csv", lines + "99,1,bob,2024-10-01,tea,1,3.50\n");
    forgotten(&pipeline, &request(&["ann"]));
    let last = standing(&workshop.warehouse(), &before, "2024-09-01/3");
    assert_eq!(in_ledger(&last, &["quarantined", "after_today"]).0, 0);
    assert!(last.run.manifest.record.asked.is_some_and(|asked| asked.latest_day));
}
