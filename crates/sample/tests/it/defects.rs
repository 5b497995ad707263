//! Planted defects: each stands where the list says, and nothing else is wrong.

use std::collections::{HashMap, HashSet};

use cartera_sample::{Currency, DefectKind, LineKind, Party, SampleError, SampleFile, SampleParams, order_lines};

use crate::read::{Sample, write_lines};

fn rows(file: &[u8]) -> Vec<&[u8]> {
    file.strip_suffix(b"\n")
        .unwrap()
        .split(|&byte| byte == b'\n')
        .skip(1)
        .collect()
}

fn contains(row: &[u8], part: &[u8]) -> bool {
    row.windows(part.len()).any(|window| window == part)
}

#[test]
fn every_defect_stands_where_the_list_says() {
    let params = SampleParams {
        defects_per_kind: 4,
        ..SampleParams::new(400, 41)
    };
    let (file, totals) = write_lines(params);
    let rows = rows(&file);
    assert_eq!(rows.len() as u64, totals.lines);
    for kind in DefectKind::ALL {
        assert_eq!(totals.defects(kind), 4, "{}", kind.slug());
    }
    for defect in &totals.planted {
        let row = rows[defect.row as usize - 1];
        let shown = || format!("{}: {}", defect.kind.slug(), row.escape_ascii());
        let commas = row.iter().filter(|&&byte| byte == b',').count();
        let found = match defect.kind {
            DefectKind::MonthThirteen => contains(row, b",2025-13-07 "),
            DefectKind::ThirtyFirstOfFebruary => contains(row, b",2025-02-31 "),
            DefectKind::LetterInPrice => row.split(|&byte| byte == b',').rev().nth(4).unwrap().ends_with(b"O"),
            DefectKind::MissingOrderId => row.starts_with(b",1,"),
            DefectKind::MissingColumn => crate::read::fields(std::str::from_utf8(row).unwrap()).len() == 11,
            DefectKind::UnknownCurrency => contains(row, b",EURO,"),
            DefectKind::NoRate => contains(row, b",CHF,"),
            DefectKind::StrayQuote => row.iter().filter(|&&byte| byte == b'"').count() == 1,
            DefectKind::InvalidUtf8 => std::str::from_utf8(row).is_err(),
            DefectKind::NulByte => row.contains(&0),
            DefectKind::AbsurdPrice => contains(row, b",99999999999999999999.99,"),
            DefectKind::FutureDate => contains(row, b",2099-01-01 "),
            DefectKind::RepeatedLine => row == rows[defect.row as usize - 2],
        };
        assert!(found, "{}", shown());
        assert!(commas >= 10, "{}", shown());
        let own_id = row.starts_with(defect.order_id.as_bytes());
        assert_eq!(own_id, defect.kind != DefectKind::MissingOrderId, "{}", shown());
        assert!(defect.amount_cents > 0);
        assert_eq!(defect.kind.reason().is_some(), defect.kind.spoils_the_line());
    }
    assert!(totals.planted.is_sorted_by_key(|defect| defect.row));
}

#[test]
fn defects_change_their_own_lines_only() {
    let clean = SampleParams::new(400, 42);
    let (clean_file, clean_totals) = write_lines(clean.clone());
    let (file, totals) = write_lines(SampleParams {
        defects_per_kind: 2,
        ..clean
    });
    let planted: HashSet<u64> = totals.planted.iter().map(|defect| defect.row).collect();
    let clean_rows: HashSet<&[u8]> = rows(&clean_file).into_iter().collect();
    for (row, text) in (1..).zip(rows(&file)) {
        assert!(planted.contains(&row) || clean_rows.contains(text), "row {row} changed");
    }
    let spoilt = totals.planted.iter().filter(|defect| defect.kind.spoils_the_line());
    let repeated = totals.planted.iter().filter(|defect| !defect.kind.spoils_the_line());
    assert_eq!(totals.lines, clean_totals.lines + repeated.clone().count() as u64);
    assert_eq!(totals.sound().lines + spoilt.clone().count() as u64, totals.lines);
    let lost: i64 = spoilt.map(|defect| defect.amount_cents).sum();
    let gained: i64 = repeated.map(|defect| defect.amount_cents).sum();
    assert_eq!(
        totals.sound().amount_cents,
        clean_totals.sound().amount_cents - lost + gained
    );
}

#[test]
fn customers_and_orders_are_those_of_sound_lines() {
    // Few orders a customer and many defects, so that some customers have no sound line left.
    let mut params = SampleParams {
        defects_per_kind: 20,
        ..SampleParams::new(600, 43)
    };
    params.purchase.alpha_weeks = 5_000.0;
    params.second_key_share = 0.0;
    let (file, totals) = write_lines(params);
    let spoilt: HashSet<u64> = totals
        .planted
        .iter()
        .filter(|defect| defect.kind.spoils_the_line())
        .map(|defect| defect.row)
        .collect();
    let (mut customers, mut orders) = (HashSet::new(), HashSet::new());
    for (row, text) in (1..).zip(rows(&file)) {
        if !spoilt.contains(&row) {
            let fields = crate::read::fields(std::str::from_utf8(text).unwrap());
            orders.insert(fields[0].clone());
            customers.insert(fields[2].clone());
        }
    }
    customers.remove("");
    assert!(customers.len() < 600, "nobody lost the only line");
    assert_eq!(totals.customers, customers.len() as u64);
    assert_eq!(totals.orders + totals.returns, orders.len() as u64);
    assert!(totals.cell(Party::Customer, LineKind::Sale, Currency::Eur).lines > 0);
}

#[test]
fn a_sample_too_small_for_its_defects_is_refused() {
    let params = SampleParams {
        defects_per_kind: 100,
        ..SampleParams::new(5, 1)
    }
    .check()
    .unwrap();
    let refused = order_lines(&params, &mut Vec::new()).unwrap_err();
    assert!(
        matches!(refused, SampleError::TooFewOrders { needed: 1_300, .. }),
        "{refused}"
    );
}

#[test]
fn the_other_files_only_gain_rows() {
    let clean = SampleParams::new(300, 44);
    let spoilt = Sample::write(SampleParams {
        defects_per_kind: 3,
        ..clean.clone()
    });
    let clean = Sample::write(clean);
    let mut seen: HashMap<(SampleFile, &str), u64> = HashMap::new();
    for file in SampleFile::ALL {
        let is_other = !matches!(
            file,
            SampleFile::OrderLines | SampleFile::OrderLinesNew | SampleFile::TruthDefects | SampleFile::Readme
        );
        if !is_other {
            continue;
        }
        let planted: Vec<_> = spoilt.contents.planted.iter().filter(|it| it.file == file).collect();
        let lines: HashSet<u64> = planted.iter().map(|it| it.line).collect();
        assert_eq!(lines.len(), planted.len(), "{}", file.name());
        let all: Vec<&[u8]> = spoilt.files[&file].split_inclusive(|&byte| byte == b'\n').collect();
        let sound = (1..)
            .zip(&all)
            .filter(|(line, _)| !lines.contains(line))
            .map(|(_, row)| *row);
        let sound: Vec<u8> = sound.collect::<Vec<_>>().concat();
        assert!(
            sound == clean.files[&file],
            "{} differs in more than planted rows",
            file.name()
        );
        for it in planted {
            *seen.entry((file, it.defect)).or_default() += 1;
            let row = all[it.line as usize - 1];
            let columns = row.split(|&byte| byte == b',').count();
            let found = match it.defect {
                "repeated_row" => all[..it.line as usize - 1].contains(&row),
                "missing_key" => row.starts_with(b","),
                "missing_column" => columns == file.header().split(',').count() - 1,
                "invalid_utf8" => std::str::from_utf8(row).is_err(),
                "month_thirteen" => contains(row, b"-13-07"),
                "thirty_first_of_february" => contains(row, b",2025-02-31"),
                "letter_in_cost" | "letter_in_amount" => contains(row, b"O,"),
                "letter_in_rate" => contains(row, b"1.l7"),
                "unknown_direction" => contains(row, b",sideways,"),
                "unknown_campaign" => contains(row, b",M999,"),
                "unknown_customer" => contains(row, b",X0000000,"),
                "unknown_kind" => contains(row, b",grumble,") || contains(row, b",sundries,"),
                "unknown_currency" => contains(row, b",EURO,"),
                "missing_channel" => contains(row, b",,marketing,"),
                "unknown_reason" => contains(row, b",grudge,"),
                "names_nobody" => row.starts_with(b",,,fax,"),
                "not_an_email" => row.starts_with(b",n/a,,fax,"),
                "unknown_status" => contains(row, b",maybe,"),
                other => panic!("{other} is not tested"),
            };
            assert!(found, "{} {}: {}", file.name(), it.defect, row.escape_ascii());
        }
    }
    assert!(seen.len() == 27 && seen.values().all(|&count| count == 3), "{seen:?}");
    assert!(clean.contents.planted.is_empty());
    let told = spoilt.rows(SampleFile::TruthDefects);
    assert_eq!(told.len(), (27 + 13) * 3);
    for (row, planted) in told.iter().zip(&spoilt.contents.planted) {
        assert_eq!(row["file"], planted.file.name());
        assert_eq!(row["line"], planted.line.to_string());
        assert_eq!((&*row["defect"], &*row["reason"]), (planted.defect, planted.reason));
        assert_eq!(row["went"], planted.went.slug());
    }
}
