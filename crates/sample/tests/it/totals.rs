//! The totals against an independent recount, and the scale of a sample.

use std::collections::{BTreeMap, HashMap, HashSet};

use cartera_sample::{LineKind, LineTotals, ORDER_LINES_HEADER, Party, SampleParams, customer_truth};

use crate::read::{cents, fields, records, write_lines};

fn kind_of(record: &[String]) -> LineKind {
    if record[0].starts_with('R') {
        LineKind::Return
    } else if record[4] == "SHIP" {
        LineKind::Shipping
    } else if record[7] == "0.00" {
        LineKind::Free
    } else {
        LineKind::Sale
    }
}

#[test]
fn totals_are_those_of_an_independent_recount() {
    let (file, totals) = write_lines(SampleParams::new(3_000, 21));
    assert!(file.starts_with(ORDER_LINES_HEADER.as_bytes()));
    let mut cells: BTreeMap<(Party, LineKind), LineTotals> = BTreeMap::new();
    let (mut orders, mut guest_orders, mut returns) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut customers = HashSet::new();
    let mut lines = 0;
    for record in records(&file) {
        assert_eq!(record.len(), 10);
        let kind = kind_of(&record);
        let party = if record[2].is_empty() {
            Party::Guest
        } else {
            Party::Customer
        };
        let quantity: i64 = record[6].parse().unwrap();
        let cell = cells.entry((party, kind)).or_default();
        cell.lines += 1;
        cell.amount_cents += quantity * cents(&record[7]);
        assert_eq!(quantity < 0, kind == LineKind::Return);
        if kind == LineKind::Return {
            &mut returns
        } else {
            &mut orders
        }
        .insert(record[0].clone());
        if party == Party::Guest {
            guest_orders.insert(record[0].clone());
        } else {
            customers.insert(record[2].clone());
        }
        lines += 1;
    }
    assert_eq!(totals.lines, lines);
    assert_eq!(totals.sound().lines, lines);
    assert_eq!(
        totals.sound().amount_cents,
        cells.values().map(|cell| cell.amount_cents).sum::<i64>()
    );
    assert_eq!(totals.bytes, file.len() as u64);
    assert_eq!(totals.customers, 3_000);
    assert_eq!(totals.customers, customers.len() as u64);
    assert_eq!(totals.orders, orders.len() as u64);
    assert_eq!(totals.guest_orders, guest_orders.len() as u64);
    assert_eq!(totals.returns, returns.len() as u64);
    for party in Party::ALL {
        for kind in LineKind::ALL {
            let counted = cells.get(&(party, kind)).copied().unwrap_or_default();
            assert_eq!(totals.cell(party, kind), counted, "{party:?} {kind:?}");
            assert_eq!(counted.lines == 0, (party, kind) == (Party::Guest, LineKind::Return));
        }
    }
    assert!(totals.planted.is_empty());
}

#[test]
fn the_file_is_in_time_order_and_orders_are_whole() {
    let (file, _) = write_lines(SampleParams::new(2_000, 22));
    let mut last = (String::new(), String::new(), 0_u32);
    let mut seen = HashSet::new();
    for record in records(&file) {
        let line_number: u32 = record[1].parse().unwrap();
        let now = (record[0].clone(), record[3].clone(), line_number);
        if now.0 == last.0 {
            assert_eq!((&now.1, now.2), (&last.1, last.2 + 1));
        } else {
            assert!(now.1 >= last.1 && now.0[1..] > *last.0.get(1..).unwrap_or(""));
            assert_eq!(now.2, 1);
            assert!(seen.insert(now.0.clone()));
        }
        let moment: jiff::civil::DateTime = now.1.replace(' ', "T").parse().unwrap();
        assert!((jiff::civil::date(2024, 1, 1)..=jiff::civil::date(2025, 12, 31)).contains(&moment.date()));
        last = now;
    }
}

#[test]
fn a_customer_has_about_32_lines_of_about_82_bytes() {
    let (file, totals) = write_lines(SampleParams::new(20_000, 1));
    let lines_per_customer = totals.lines as f64 / 20_000.0;
    assert!((28.0..36.0).contains(&lines_per_customer), "{lines_per_customer}");
    let bytes_per_line = file.len() as f64 / totals.lines as f64;
    assert!((80.0..84.0).contains(&bytes_per_line), "{bytes_per_line}");
    let guest_lines: u64 = LineKind::ALL
        .iter()
        .map(|&kind| totals.cell(Party::Guest, kind).lines)
        .sum();
    let guest_share = guest_lines as f64 / totals.lines as f64;
    assert!((0.035..0.045).contains(&guest_share), "{guest_share}");
    let return_share = totals.returns as f64 / (totals.orders - totals.guest_orders) as f64;
    // Returns of the last month are not in the history.
    assert!((0.045..0.05).contains(&return_share), "{return_share}");
}

#[test]
fn the_truth_is_that_of_the_lines() {
    let params = SampleParams::new(1_500, 23);
    let (file, totals) = write_lines(params.clone());
    let mut truth = Vec::new();
    let told = customer_truth(&params.check().unwrap(), &mut truth).unwrap();

    #[derive(Default)]
    struct Counted {
        orders: HashSet<String>,
        first: Option<String>,
        last: String,
        lines: u64,
        amounts: HashMap<LineKind, i64>,
    }
    let mut counted: HashMap<String, Counted> = HashMap::new();
    for record in records(&file).filter(|record| !record[2].is_empty()) {
        let kind = kind_of(&record);
        let customer = counted.entry(record[2].clone()).or_default();
        customer.lines += 1;
        *customer.amounts.entry(kind).or_default() += record[6].parse::<i64>().unwrap() * cents(&record[7]);
        if kind != LineKind::Return {
            customer.orders.insert(record[0].clone());
            customer.first.get_or_insert(record[3][..10].to_owned());
            customer.last = record[3][..10].to_owned();
        }
    }
    let text = String::from_utf8(truth).unwrap();
    for row in text.lines().skip(1).map(fields) {
        let customer = &counted[&row[0]];
        let amount = |kind| customer.amounts.get(&kind).copied().unwrap_or(0);
        assert_eq!(Some(&row[2]), customer.first.as_ref());
        assert_eq!(row[7], customer.orders.len().to_string());
        assert_eq!(row[8], customer.last);
        assert_eq!(row[9], customer.lines.to_string());
        assert_eq!(cents(&row[10]), amount(LineKind::Sale));
        assert_eq!(cents(&row[11]), amount(LineKind::Return));
        assert_eq!(cents(&row[12]), amount(LineKind::Shipping));
        assert_eq!(cents(&row[13]), amount(LineKind::Sale) + amount(LineKind::Return));
    }
    assert_eq!(text.lines().count(), 1_501);
    assert_eq!(told.customers, 1_500);
    assert_eq!(told.orders, totals.orders - totals.guest_orders);
    let customer_lines: u64 = LineKind::ALL
        .iter()
        .map(|&kind| totals.cell(Party::Customer, kind).lines)
        .sum();
    assert_eq!(told.lines.lines, customer_lines);
}
