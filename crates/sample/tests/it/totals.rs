//! The totals against an independent recount, and the scale of a sample.

use std::collections::{BTreeMap, HashMap, HashSet};

use cartera_sample::{Currency, LineKind, LineTotals, Party, SampleFile, SampleParams};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::read::{Sample, cents, records, ten_thousandths, write_lines};

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

fn currency_of(record: &[String]) -> Currency {
    let found = Currency::ALL.into_iter().find(|currency| currency.code() == record[10]);
    found.unwrap()
}

/// Rates as texts, by currency and date.
fn rates(sample: &Sample) -> HashMap<(String, String), String> {
    let rows = sample.rows(SampleFile::Rates);
    rows.into_iter()
        .map(|row| ((row["currency"].clone(), row["date"].clone()), row["rate"].clone()))
        .collect()
}

/// The amount in ten-thousandths of a euro, by whole numbers of the decimal texts.
fn to_euros(rates: &HashMap<(String, String), String>, amount_cents: i64, currency: Currency, day: &str) -> i64 {
    if currency == Currency::Eur {
        return amount_cents * 100;
    }
    let mut date: Date = day.parse().unwrap();
    let rate = loop {
        if let Some(rate) = rates.get(&(currency.code().to_owned(), date.to_string())) {
            break rate;
        }
        date = date.checked_sub(1.day()).unwrap();
    };
    let micro: i128 = rate.replace('.', "").parse().unwrap();
    let product = i128::from(amount_cents) * micro;
    let (quotient, rest) = (product / 10_000, product % 10_000);
    let away = product.signum();
    let rounded = match (rest.abs() * 2).cmp(&10_000) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + away,
        std::cmp::Ordering::Equal => quotient + if quotient % 2 == 0 { 0 } else { away },
    };
    i64::try_from(rounded).unwrap()
}

#[test]
fn totals_are_those_of_an_independent_recount() {
    let sample = Sample::write(SampleParams::new(3_000, 21));
    let totals = &sample.contents.lines;
    let file = &sample.files[&SampleFile::OrderLines];
    assert!(file.starts_with(SampleFile::OrderLines.header().as_bytes()));
    let rates = rates(&sample);
    let listed: HashSet<String> = sample
        .rows(SampleFile::Products)
        .into_iter()
        .map(|mut row| row.remove("product_id").unwrap())
        .collect();
    let mut cells: BTreeMap<(Party, LineKind, Currency), LineTotals> = BTreeMap::new();
    let (mut orders, mut guest_orders, mut returns) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut keys = HashSet::new();
    let (mut lines, mut without_product) = (0, 0);
    for record in records(file) {
        assert_eq!(record.len(), 12);
        let (kind, currency) = (kind_of(&record), currency_of(&record));
        let party = if record[2].is_empty() {
            Party::Guest
        } else {
            Party::Customer
        };
        let quantity: i64 = record[6].parse().unwrap();
        let amount_cents = quantity * cents(&record[7]);
        let cell = cells.entry((party, kind, currency)).or_default();
        cell.lines += 1;
        cell.amount_cents += amount_cents;
        cell.converted += to_euros(&rates, amount_cents, currency, &record[3][..10]);
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
            keys.insert(record[2].clone());
        }
        without_product += u64::from(kind != LineKind::Shipping && !listed.contains(&record[4]));
        lines += 1;
    }
    assert_eq!(totals.lines, lines);
    assert_eq!(totals.sound().lines, lines);
    assert_eq!(
        totals.sound().converted,
        cells.values().map(|cell| cell.converted).sum::<i64>()
    );
    assert_eq!(totals.bytes, file.len() as u64);
    assert_eq!(totals.customers, keys.len() as u64);
    assert!(keys.len() > 3_000);
    assert_eq!(totals.orders, orders.len() as u64);
    assert_eq!(totals.guest_orders, guest_orders.len() as u64);
    assert_eq!(totals.returns, returns.len() as u64);
    assert_eq!(totals.lines_without_product, without_product);
    assert!((1..lines / 20).contains(&without_product), "{without_product}");
    for party in Party::ALL {
        for kind in LineKind::ALL {
            for currency in Currency::ALL {
                let counted = cells.get(&(party, kind, currency)).copied().unwrap_or_default();
                assert_eq!(
                    totals.cell(party, kind, currency),
                    counted,
                    "{party:?} {kind:?} {currency:?}"
                );
            }
            let of_kind = totals.sum(|other, another, _| (other, another) == (party, kind));
            assert_eq!(of_kind.lines == 0, (party, kind) == (Party::Guest, LineKind::Return));
        }
    }
    for (currency, shares) in [(Currency::Gbp, 0.02..0.06), (Currency::Usd, 0.005..0.03)] {
        let of_currency = totals.sum(|_, _, other| other == currency);
        assert!(
            shares.contains(&(of_currency.lines as f64 / lines as f64)),
            "{currency:?}"
        );
    }
    assert!(totals.planted.is_empty());
}

#[test]
fn shops_take_euros_and_discounts_follow_coupons() {
    let (file, _) = write_lines(SampleParams::new(2_000, 24));
    let (mut with_discount, mut sales) = (0, 0);
    for record in records(&file) {
        let (channel, country, currency, discount) = (&record[8], &record[9], &record[10], &record[11]);
        let expected = match (channel.as_str(), country.as_str()) {
            ("web" | "phone", "GB") => "GBP",
            ("web" | "phone", "US") => "USD",
            ("web" | "phone" | "shop", _) => "EUR",
            other => panic!("{other:?}"),
        };
        assert_eq!(currency, expected);
        if !record[2].is_empty() {
            assert_eq!(record[2][..1].to_lowercase(), channel[..1], "a key of another channel");
        }
        let kind = kind_of(&record);
        sales += u64::from(kind == LineKind::Sale);
        if !discount.is_empty() {
            with_discount += u64::from(kind == LineKind::Sale);
            let amount = record[6].parse::<i64>().unwrap() * cents(&record[7]);
            assert!((9 * cents(discount) - amount).abs() <= 5, "{record:?}");
            assert!(matches!(kind, LineKind::Sale | LineKind::Return));
        }
    }
    let share = with_discount as f64 / sales as f64;
    assert!((0.05..0.07).contains(&share), "{share}");
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
fn a_customer_has_about_32_lines_of_about_87_bytes() {
    let (file, totals) = write_lines(SampleParams::new(20_000, 1));
    let lines_per_customer = totals.lines as f64 / 20_000.0;
    assert!((28.0..36.0).contains(&lines_per_customer), "{lines_per_customer}");
    let bytes_per_line = file.len() as f64 / totals.lines as f64;
    assert!((85.0..89.0).contains(&bytes_per_line), "{bytes_per_line}");
    let guest_lines = totals.sum(|party, _, _| party == Party::Guest).lines;
    let guest_share = guest_lines as f64 / totals.lines as f64;
    assert!((0.035..0.045).contains(&guest_share), "{guest_share}");
    let return_share = totals.returns as f64 / (totals.orders - totals.guest_orders) as f64;
    // Returns of the last month are not in the history.
    assert!((0.045..0.05).contains(&return_share), "{return_share}");
}

#[test]
fn the_truth_is_that_of_the_lines() {
    #[derive(Default)]
    struct Counted {
        orders: HashSet<String>,
        first: Option<String>,
        last: String,
        lines: u64,
        amounts: HashMap<LineKind, i64>,
    }
    let sample = Sample::write(SampleParams::new(1_500, 23));
    let (totals, told) = (&sample.contents.lines, &sample.contents.truth);
    let rates = rates(&sample);
    let identity = sample.rows(SampleFile::TruthIdentity);
    let people: HashMap<&str, &str> = identity
        .iter()
        .map(|row| (&*row["customer_id"], &*row["person_id"]))
        .collect();
    let mut counted: HashMap<&str, Counted> = HashMap::new();
    let mut orders_of_key: HashMap<String, HashSet<String>> = HashMap::new();
    for record in records(&sample.files[&SampleFile::OrderLines]).filter(|record| !record[2].is_empty()) {
        let kind = kind_of(&record);
        let person = counted.entry(people[&*record[2]]).or_default();
        let amount_cents = record[6].parse::<i64>().unwrap() * cents(&record[7]);
        person.lines += 1;
        *person.amounts.entry(kind).or_default() +=
            to_euros(&rates, amount_cents, currency_of(&record), &record[3][..10]);
        if kind != LineKind::Return {
            person.orders.insert(record[0].clone());
            person.first.get_or_insert(record[3][..10].to_owned());
            person.last = record[3][..10].to_owned();
            orders_of_key
                .entry(record[2].clone())
                .or_default()
                .insert(record[0].clone());
        }
    }
    let truth = sample.rows(SampleFile::TruthCustomers);
    for row in &truth {
        let person = &counted[&*row["person_id"]];
        let amount = |kind| person.amounts.get(&kind).copied().unwrap_or(0);
        let told = |name: &str| ten_thousandths(&row[name]);
        assert_eq!(Some(&row["joined_on"]), person.first.as_ref());
        assert_eq!(row["order_count"], person.orders.len().to_string());
        assert_eq!(row["last_ordered_on"], person.last);
        assert_eq!(row["line_count"], person.lines.to_string());
        assert_eq!(told("sales"), amount(LineKind::Sale));
        assert_eq!(told("returned"), amount(LineKind::Return));
        assert_eq!(told("shipping"), amount(LineKind::Shipping));
        assert_eq!(told("net_sales"), amount(LineKind::Sale) + amount(LineKind::Return));
    }
    for row in &identity {
        let orders = orders_of_key.get(&row["customer_id"]).map_or(0, HashSet::len);
        assert_eq!(row["order_count"], orders.to_string(), "{}", row["customer_id"]);
    }
    assert_eq!((truth.len(), told.people), (1_500, 1_500));
    assert_eq!(told.keys, identity.len() as u64);
    assert_eq!(told.orders, totals.orders - totals.guest_orders);
    assert_eq!(told.lines, totals.sum(|party, _, _| party == Party::Customer));
}
