//! Lines made by hand, and the rules around them.

use cartera_normalize::{
    BreadthColumns, CostParams, CurrencyParams, Horizon, Identity, KeySpaces, LineKindParams, LineKindValidParams,
    MappedMoney, MergedLines, MoneyRules, Normalizer, Partition, PartitionRules, Rates, ReturnsParams, SourceRules,
    UnitCosts, items, parts,
};
use cartera_table::contracts::{OrderLines, SourceLines, SourceProducts, SourceRates};
use cartera_table::frame::{date_column, null_column, optional_decimal_column, timestamp_column};
use cartera_table::{
    AsOf, Batch, Contract, Currency, DuplicatePolicy, ErasedOfSource, Ledger, LineTime, MICROSECONDS_PER_DAY, Origin,
    PolicyEffects, Quarantine, Table,
};
use polars::prelude::{Column, DataFrame, Int32Chunked, NewChunkedArray};

pub(crate) const HERE: Origin = Origin {
    source_index: 0,
    file_index: 0,
};

pub(crate) fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

/// A line: quantities and unit prices at scale 6, amounts at scale 4.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) customer: Option<&'static str>,
    pub(crate) order: &'static str,
    pub(crate) product: Option<&'static str>,
    pub(crate) day: i32,
    pub(crate) quantity: Option<i128>,
    pub(crate) amount: i128,
    pub(crate) currency: Option<&'static str>,
    pub(crate) unit_cost: Option<i128>,
    pub(crate) discount: Option<i128>,
}

/// One unit of tea for ann, on day 100, for 10.00.
pub(crate) const TEA: Line = Line {
    customer: Some("ann"),
    order: "1",
    product: Some("tea"),
    day: 100,
    quantity: Some(1_000_000),
    amount: 100_000,
    currency: None,
    unit_cost: None,
    discount: None,
};

pub(crate) fn batch(lines: &[Line]) -> Batch<SourceLines> {
    let height = lines.len();
    let texts = |name: &str, of: fn(&Line) -> Option<&'static str>| {
        Column::new(name.into(), lines.iter().map(of).collect::<Vec<_>>())
    };
    let columns = SourceLines::INFO.columns.iter().map(|column| {
        let decimals = |of: fn(&Line) -> Option<i128>| {
            optional_decimal_column(column.name, lines.iter().map(of), column.column_type)
        };
        match column.name {
            "row" => Column::new("row".into(), (2i64..).take(height).collect::<Vec<_>>()),
            "customer_key" => texts("customer_key", |line| line.customer),
            "order_id" => texts("order_id", |line| Some(line.order)),
            "product_id" => texts("product_id", |line| line.product),
            "currency" => texts("currency", |line| line.currency),
            "ordered_at" => {
                let times = lines.iter().map(|line| i64::from(line.day) * MICROSECONDS_PER_DAY);
                timestamp_column("ordered_at", times.collect())
            }
            "quantity" => decimals(|line| line.quantity),
            "amount" => decimals(|line| Some(line.amount)),
            "unit_cost" => decimals(|line| line.unit_cost),
            "discount_amount" => decimals(|line| line.discount),
            other => null_column(other, column.column_type, height),
        }
    });
    Batch::new(DataFrame::new(height, columns.collect()).expect("one height"), HERE).expect("lines")
}

/// The columns of a table that is kept by its own contract, with nulls where nothing is given.
fn table<T: Contract>(height: usize, given: Vec<Column>) -> Table<T> {
    let columns = T::INFO.columns.iter().map(|column| {
        let found = given.iter().find(|given| given.name().as_str() == column.name);
        match (found, column.name) {
            (Some(found), _) => found.clone(),
            (None, "source_index" | "file_index") => Column::new(column.name.into(), vec![0i32; height]),
            (None, "row") => Column::new("row".into(), (2i64..).take(height).collect::<Vec<_>>()),
            (None, name) => null_column(name, column.column_type, height),
        }
    });
    Table::sorted(DataFrame::new(height, columns.collect()).expect("one height")).expect("a table")
}

fn days(name: &str, days: impl Iterator<Item = Option<i32>>) -> Column {
    date_column(
        name,
        Int32Chunked::from_iter_options(name.into(), days.collect::<Vec<_>>().into_iter()),
    )
}

pub(crate) fn rates(rows: &[(&str, i32, i128)]) -> Table<SourceRates> {
    let rate_type = SourceRates::INFO.column("rate").expect("there").column_type;
    let given = vec![
        days("date", rows.iter().map(|row| Some(row.1))),
        Column::new("currency".into(), rows.iter().map(|row| row.0).collect::<Vec<_>>()),
        optional_decimal_column("rate", rows.iter().map(|row| Some(row.2)), rate_type),
    ];
    table(rows.len(), given)
}

pub(crate) fn products(rows: &[(&str, Option<i32>, Option<i128>)]) -> Table<SourceProducts> {
    let cost_type = SourceProducts::INFO.column("unit_cost").expect("there").column_type;
    let given = vec![
        Column::new("product_id".into(), rows.iter().map(|row| row.0).collect::<Vec<_>>()),
        days("valid_from", rows.iter().map(|row| row.1)),
        optional_decimal_column("unit_cost", rows.iter().map(|row| row.2), cost_type),
        Column::new("currency".into(), vec!["EUR"; rows.len()]),
    ];
    table(rows.len(), given)
}

/// All that lines are normalized by, and where they are counted.
pub(crate) struct Desk {
    pub(crate) line_kinds: LineKindValidParams,
    pub(crate) source: SourceRules,
    pub(crate) money: MoneyRules,
    pub(crate) returns: ReturnsParams,
    pub(crate) identity: Identity,
    pub(crate) ledger: Ledger,
    pub(crate) quarantine: Quarantine,
    pub(crate) effects: PolicyEffects,
}

impl Desk {
    /// A pipeline in euros without rates, catalogue or further columns.
    pub(crate) fn new() -> Self {
        Self {
            line_kinds: LineKindParams::default().check().expect("valid"),
            source: SourceRules {
                time: LineTime::SameZone,
                duplicates: DuplicatePolicy::Keep,
                currency: currency("EUR"),
                mapped: MappedMoney {
                    product_id: true,
                    ..MappedMoney::default()
                },
                breadth: BreadthColumns::default(),
            },
            money: MoneyRules {
                rates: Rates::new(currency("EUR"), CurrencyParams::default().check().expect("valid"), None)
                    .expect("no rates"),
                unit_costs: None,
                costs: CostParams::default().check().expect("valid"),
            },
            returns: ReturnsParams::default(),
            identity: Identity::one_to_one(KeySpaces::new(&["main"])),
            ledger: Ledger::default(),
            quarantine: Quarantine::default(),
            effects: PolicyEffects::default(),
        }
    }

    pub(crate) fn with_rates(mut self, rows: &[(&str, i32, i128)]) -> Self {
        let params = CurrencyParams::default().check().expect("valid");
        self.money.rates = Rates::new(currency("EUR"), params, Some(&rates(rows))).expect("rates");
        self.source.mapped.currency = true;
        self
    }

    pub(crate) fn with_products(mut self, rows: &[(&str, Option<i32>, Option<i128>)]) -> Self {
        self.money.unit_costs = Some(UnitCosts::new(&products(rows)).expect("a catalogue"));
        self
    }

    pub(crate) fn lines(&self, lines: &[Line]) -> Batch<OrderLines> {
        let none = MergedLines::default();
        let normalizer = Normalizer {
            line_kinds: &self.line_kinds,
            sources: std::slice::from_ref(&self.source),
            money: &self.money,
            carries: &[],
            keeps_items: self.returns.check().expect("valid").is_matched(),
            horizon: Horizon::Through(AsOf("2024-12-31".parse().expect("a day"))),
            merged: &none,
            erased: ErasedOfSource::nobody(),
            ledger: &self.ledger,
            quarantine: &self.quarantine,
        };
        normalizer.lines(&batch(lines)).expect("normalized")
    }

    /// The partition that all of the lines come to, each given list being a batch of its own.
    pub(crate) fn partition(&self, batches: &[&[Line]]) -> Partition {
        let returns = self.returns.check().expect("valid");
        let (mut all_parts, mut all_items) = (Vec::new(), Vec::new());
        for lines in batches {
            let lines = self.lines(lines);
            all_parts.push(parts(&lines, false).expect("parts").into_frame());
            if returns.is_matched() {
                all_items.push(items(&lines).expect("items").into_frame());
            }
        }
        let has_costs = self.money.has_costs(&self.source);
        let rules = PartitionRules {
            line_kinds: &self.line_kinds,
            identity: &self.identity,
            currency: self.money.rates.pipeline_currency(),
            costs: has_costs.then_some(&self.money.costs),
            returns: &returns,
            by_channel: false,
            last_orders: 10,
            ledger: &self.ledger,
            effects: &self.effects,
        };
        Partition::of_parts(all_parts, all_items, rules).expect("a partition")
    }

    /// Rows and amount of an effect.
    pub(crate) fn effect(&self, policy: &str, effect: &str) -> Option<(u64, i128)> {
        let list = self.effects.list();
        list.iter()
            .find(|(found, _)| (found.policy, found.effect) == (policy, effect))
            .map(|(_, count)| (count.rows, count.amount.0))
    }

    /// The kept cells: currency, rows, amount as read, amount as it counts.
    pub(crate) fn kept(&self) -> Vec<(String, u64, i128, i128)> {
        let kept = self.ledger.cells().into_iter();
        kept.filter(|(cell, _)| cell.disposition == cartera_table::Disposition::Kept)
            .map(|(cell, count)| {
                let currency = cell.currency.expect("known").to_string();
                let converted = count.converted_amount.expect("kept rows are converted");
                (currency, count.rows, count.amount.0, converted.0)
            })
            .collect()
    }
}
