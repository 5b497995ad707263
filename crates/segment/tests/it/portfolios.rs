//! Portfolios from tables: who is eligible, what customers are worth, what work they make.

use cartera_segment::{
    Before, PortfolioParams, PortfolioSources, PortfolioTables, SegmentParams, WhoParams, portfolios, segment,
};
use cartera_table::contracts::{CustomerFeatures, Customers, SourceOwners};
use cartera_table::frame::{decimal, null_column, schema};
use cartera_table::{AsOf, ColumnType, Contract, Table, frame};
use polars::prelude::{Column, DataFrame, DataType};

use crate::support::{Customer, table, texts};

/// Owners with a capacity of customers each, for everywhere.
fn owners(capacities: &[Option<i64>]) -> Table<SourceOwners> {
    let height = capacities.len();
    let columns = SourceOwners::INFO.columns.iter().map(|column| match column.name {
        "owner_id" => {
            let ids: Vec<String> = (0..height).map(|owner| format!("o{owner}")).collect();
            Column::new("owner_id".into(), ids)
        }
        "capacity_customers" => Column::new("capacity_customers".into(), capacities),
        "row" => Column::new("row".into(), vec![2_i64; height]),
        name if !column.nullable => Column::new(name.into(), vec![0_i32; height]),
        name => null_column(name, column.column_type, height),
    });
    Table::new(DataFrame::new(height, columns.collect()).expect("one height")).expect("valid")
}

fn with(features: Table<CustomerFeatures>, column: Column) -> Table<CustomerFeatures> {
    let mut frame = features.into_frame();
    frame.with_column(column).expect("one height");
    Table::new(frame).expect("valid")
}

fn run(
    features: &Table<CustomerFeatures>,
    owners: &Table<SourceOwners>,
    before: Option<&DataFrame>,
    params: &PortfolioParams,
) -> PortfolioTables {
    let segment_params = SegmentParams::default().check(5).expect("valid");
    let segments = segment(features, Before::default(), &segment_params)
        .expect("segments")
        .segments;
    let nobody = Table::<Customers>::new(DataFrame::empty_with_schema(&schema(&Customers::INFO))).expect("valid");
    let sources = PortfolioSources {
        features,
        segments: &segments,
        owners: Some(owners),
        customers: &nobody,
        before,
        as_of: AsOf("2024-06-30".parse().expect("a day")),
    };
    portfolios(sources, &params.check(&segment_params).expect("valid")).expect("portfolios")
}

fn people(sales: &[i128]) -> Table<CustomerFeatures> {
    let customers: Vec<Customer> = sales
        .iter()
        .map(|&sales| Customer::new(5, 2, sales, [3, 3, 3]))
        .collect();
    table(&customers)
}

fn ranks(tables: &PortfolioTables) -> Vec<Option<i64>> {
    frame::int64(tables.portfolios.frame(), "value_rank")
        .expect("there")
        .iter()
        .collect()
}

#[test]
fn who_has_no_value_comes_last_and_equal_ones_by_id() {
    let values = [Some(-5), None, Some(7), Some(7)];
    let vin = frame::optional_decimal_column("vin", values.into_iter(), ColumnType::SUM);
    let features = with(people(&[1, 2, 3, 4]), vin);
    let made = run(&features, &owners(&[Some(3)]), None, &PortfolioParams::default());
    assert_eq!(ranks(&made), [Some(3), Some(4), Some(1), Some(2)]);
    assert_eq!(
        texts(made.portfolios.frame(), "reason"),
        ["new", "no_capacity", "new", "new"]
    );
    let summary = made.summary.expect("owners");
    assert_eq!((summary.value.as_str(), summary.notes.len()), ("vin", 0));
    assert_eq!(summary.fullest, Some(("o0".to_owned(), 1.0)));
    // Sums hold what customers cost, too.
    let value = decimal(made.owners.frame(), "value").expect("there").get(0);
    assert_eq!(value, Some(9));
}

#[test]
fn without_any_value_sales_rank_and_the_run_says_so() {
    let made = run(
        &people(&[10, 30, 20]),
        &owners(&[None]),
        None,
        &PortfolioParams::default(),
    );
    assert_eq!(ranks(&made), [Some(3), Some(1), Some(2)]);
    let notes = made.summary.expect("owners").notes;
    assert_eq!(
        notes,
        ["no eligible customer has a vin: customers are ranked by net_sales"]
    );
}

#[test]
fn only_who_is_in_each_list_has_an_owner() {
    let mut stages = vec!["developing"; 3];
    stages[0] = "lost";
    let features = with(people(&[10, 30, 20]), Column::new("lifecycle_stage".into(), stages));
    let made = run(&features, &owners(&[None]), None, &PortfolioParams::default());
    assert_eq!(
        texts(made.portfolios.frame(), "status"),
        ["not_eligible", "assigned", "assigned"]
    );
    let who = WhoParams {
        rfm_segments: vec!["no_orders".into()],
        ..WhoParams::default()
    };
    let params = PortfolioParams {
        who,
        ..PortfolioParams::default()
    };
    let made = run(&features, &owners(&[None]), None, &params);
    assert_eq!(
        texts(made.portfolios.frame(), "reason"),
        ["lifecycle_stage", "rfm_segment", "rfm_segment"]
    );
    assert_eq!(ranks(&made), [None; 3]);
    let who = WhoParams {
        value_tiers: vec!["no_value".into()],
        ..WhoParams::default()
    };
    let params = PortfolioParams {
        who,
        ..PortfolioParams::default()
    };
    let made = run(&features, &owners(&[None]), None, &params);
    assert_eq!(
        texts(made.portfolios.frame(), "reason"),
        ["lifecycle_stage", "value_tier", "value_tier"]
    );
}

#[test]
fn what_cannot_be_right_of_owners_is_told() {
    let mut frame = owners(&[None, None, None]).into_frame();
    let segments = [Some("chmpions;no_orders"), None, None];
    let day = |text: &str| AsOf(text.parse().expect("a day")).epoch_days();
    let (early, late) = (day("2024-01-01"), day("2024-12-31"));
    let dates = |name: &str, days: [Option<i32>; 3]| {
        let days = Column::new(name.into(), days);
        days.cast(&DataType::Date).expect("days")
    };
    frame
        .with_column(Column::new("rfm_segments".into(), segments))
        .expect("one height");
    frame
        .with_column(dates("active_from", [None, Some(late), Some(early)]))
        .expect("one height");
    frame
        .with_column(dates("active_until", [None, Some(early), Some(early)]))
        .expect("one height");
    let owners = Table::<SourceOwners>::new(frame).expect("valid");
    let made = run(&people(&[10]), &owners, None, &PortfolioParams::default());
    let notes = made.summary.expect("owners").notes;
    assert_eq!(
        notes[0],
        "active_until is before active_from, so that the owner is never active: o1"
    );
    let of_segments = notes.iter().find(|note| note.contains("chmpions")).expect("told");
    assert!(
        of_segments.starts_with(
            "owners take customers whose rfm_segment is chmpions, and there is no such rfm_segment; those there are: "
        ),
        "{of_segments}"
    );
    let unseen = "owners take customers whose rfm_segment is no_orders, and no eligible customer has it";
    assert!(notes.iter().any(|note| note == unseen), "{notes:?}");

    let inactive = owners.into_frame().slice(1, 2);
    let notes = |owners: DataFrame| {
        let owners = Table::<SourceOwners>::new(owners).expect("valid");
        let made = run(&people(&[10]), &owners, None, &PortfolioParams::default());
        made.summary.expect("owners").notes
    };
    assert_eq!(
        notes(inactive.slice(0, 0))[0],
        "the source of owners has no row: nobody is looked after"
    );
    assert_eq!(
        notes(inactive)[0],
        "no owner is active on as_of: nobody is looked after"
    );
}

#[test]
fn work_is_added_up_by_column_and_nulls_make_none() {
    let cases = Column::new("open_case_count".into(), [Some(3_i64), None, Some(0)]);
    let features = with(people(&[10, 30, 20]), cases);
    let mut params = PortfolioParams::default();
    params.workload.per_customer = 0.5;
    params.workload.per = [("open_case_count".to_owned(), 0.2), ("order_count".to_owned(), 0.1)].into();
    let made = run(&features, &owners(&[None]), None, &params);
    let work: Vec<Option<i128>> = decimal(made.portfolios.frame(), "workload")
        .expect("there")
        .iter()
        .collect();
    assert_eq!(work, [Some(13_000), Some(7_000), Some(7_000)]);
    assert_eq!(
        decimal(made.owners.frame(), "workload").expect("there").get(0),
        Some(27_000)
    );
}

#[test]
fn the_night_before_is_found_by_customer() {
    // Of the night before one has gone, and one is new.
    let params = PortfolioParams::default();
    let first = run(&people(&[40, 30, 20, 10]), &owners(&[Some(2), Some(2)]), None, &params);
    assert_eq!(texts(first.portfolios.frame(), "owner_id"), ["o0", "o1", "o1", "o0"]);
    let mut features = people(&[10, 20, 30, 40, 50]).into_frame();
    features = features.slice(1, 4);
    let features = Table::<CustomerFeatures>::new(features).expect("valid");
    let made = run(
        &features,
        &owners(&[Some(2), Some(2)]),
        Some(first.portfolios.frame()),
        &params,
    );
    assert_eq!(texts(made.portfolios.frame(), "owner_id"), ["o1", "o1", "o0", "o0"]);
    assert_eq!(
        texts(made.portfolios.frame(), "reason"),
        ["kept", "kept", "kept", "new"]
    );
}
