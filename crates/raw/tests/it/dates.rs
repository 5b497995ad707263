//! Several date formats in one column.

use cartera_raw::{ColumnKind, DateFormat, DateFormats, Dialect, Plan};

use crate::{column, failures, parse_all, shown};

#[test]
fn a_column_may_mix_days_and_moments() {
    let formats = ["%d/%m/%Y", "%Y-%m-%d %H:%M"].map(|pattern| DateFormat::new(pattern).expect("a good pattern"));
    let formats = DateFormats::new(formats.to_vec()).expect("no contradiction");
    let dialect = Dialect {
        header: false,
        ..Dialect::default()
    };
    let plan = Plan::new(dialect.clone(), vec![column(0, ColumnKind::Timestamp(formats))], 1).expect("a good plan");
    let file = b"02/01/1970\n1970-01-02 01:00\n1970-01-02\n30/02/1970\n";
    let parsed = parse_all(file, &plan, &dialect, 1 << 20).remove(0);
    let found: Vec<_> = (0..4).map(|row| shown(&parsed.columns[0], row)).collect();
    let hour = |hours: i64| Some((hours * 3_600_000_000).to_string());
    assert_eq!(found, [hour(24), hour(25), None, None]);
    assert_eq!(
        failures(&parsed),
        [(2, 0, "1970-01-02", "not_a_date"), (3, 0, "30/02/1970", "no_such_day")]
    );
}
