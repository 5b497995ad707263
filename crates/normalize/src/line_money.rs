//! The money of each line in the pipeline's currency: its amount, what it cost, and what was taken off it.
//!
//! Most sources state amounts in the pipeline's currency and nothing else. Their lines pass by this module,
//! and carry none of its columns.

use cartera_table::contracts::OrderLines;
use cartera_table::frame::{decimal, decimal_column, null_column, optional_decimal_column, text};
use cartera_table::{ColumnType, Contract, Currency, LineKind, cost_amount, money_at_rate};
use polars::prelude::{Column, DataFrame, Int128Chunked, StringChunked};

use crate::costs::{CostValidParams, UnitCosts};
use crate::error::NormalizeError;
use crate::line_kind_params::PositiveReturns;
use crate::lines::SourceRules;
use crate::rates::{PAR, Rates};

/// What the money of lines is reckoned with.
#[derive(Debug)]
pub struct MoneyRules {
    /// Rates into the pipeline's currency.
    pub rates: Rates,
    /// Costs of products by day; none where no source is a catalogue.
    pub unit_costs: Option<UnitCosts>,
    /// What to do where no cost is stated.
    pub costs: CostValidParams,
}

impl MoneyRules {
    /// Whether any line of the source can have a cost.
    #[must_use]
    pub fn has_costs(&self, source: &SourceRules) -> bool {
        let mapped = source.mapped;
        self.costs.estimates() || mapped.unit_cost || (self.unit_costs.is_some() && mapped.product_id)
    }

    /// Writes all that lines of a source on some days may have been reckoned with, from the first day to the last:
    /// what is kept of them holds as long as this stays the same. Nothing for sources whose lines carry their
    /// amount alone; for days that are not known, everything.
    pub fn write_for(&self, source: &SourceRules, days: Option<(i32, i32)>, write: &mut dyn FnMut(&[u8])) {
        let has_catalogue = self.unit_costs.is_some() && source.mapped.product_id;
        if self.converts(source) || has_catalogue {
            self.rates.write_for(days, write);
        }
        if let Some(unit_costs) = self.unit_costs.as_ref().filter(|_| has_catalogue) {
            unit_costs.write_for(days, write);
        }
    }

    /// Whether lines of the source may be in another currency than the pipeline's.
    fn converts(&self, source: &SourceRules) -> bool {
        source.mapped.currency || source.currency != self.rates.pipeline_currency()
    }

    /// Whether lines of the source carry more than their amount. It depends on what is declared alone, so
    /// that all frames of a source have the same columns.
    pub(crate) fn adds_columns(&self, source: &SourceRules, positive_returns: PositiveReturns) -> bool {
        self.converts(source)
            || self.has_costs(source)
            || source.mapped.discount_amount
            || positive_returns == PositiveReturns::Negate
    }
}

/// What else a source says of its lines' money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MappedMoney {
    /// The currency of each line.
    pub currency: bool,
    /// What a unit cost.
    pub unit_cost: bool,
    /// What was taken off.
    pub discount_amount: bool,
    /// The product, by which the catalogue is asked.
    pub product_id: bool,
}

/// The money of the lines of a batch, one entry a line.
pub(crate) struct LineMoney {
    /// In the pipeline's currency, with the sign that counts.
    amounts: Vec<i128>,
    currencies: Vec<Currency>,
    is_negated: Vec<bool>,
    costs: Vec<Option<i128>>,
    lacks_cost: Vec<bool>,
    /// None where the source states no discounts.
    discounts: Option<Vec<Option<i128>>>,
    /// Why a line cannot be reckoned with.
    problems: Vec<Option<&'static str>>,
}

/// The cells that the money of a line is reckoned from.
struct Cells<'f> {
    amounts: &'f Int128Chunked,
    quantities: &'f Int128Chunked,
    unit_costs: Option<&'f Int128Chunked>,
    discounts: Option<&'f Int128Chunked>,
    currencies: Option<&'f StringChunked>,
    products: Option<&'f StringChunked>,
}

impl LineMoney {
    pub(crate) fn new(
        frame: &DataFrame,
        rules: &MoneyRules,
        source: &SourceRules,
        positive_returns: PositiveReturns,
        days: &[i32],
        kinds: &[LineKind],
    ) -> Result<Self, NormalizeError> {
        let mapped = source.mapped;
        let has_catalogue = rules.unit_costs.is_some() && mapped.product_id;
        let cells = Cells {
            amounts: decimal(frame, "amount")?,
            quantities: decimal(frame, "quantity")?,
            unit_costs: mapped.unit_cost.then(|| decimal(frame, "unit_cost")).transpose()?,
            discounts: mapped
                .discount_amount
                .then(|| decimal(frame, "discount_amount"))
                .transpose()?,
            currencies: mapped.currency.then(|| text(frame, "currency")).transpose()?,
            products: has_catalogue.then(|| text(frame, "product_id")).transpose()?,
        };
        let height = frame.height();
        let mut money = Self {
            amounts: Vec::with_capacity(height),
            currencies: Vec::with_capacity(height),
            is_negated: Vec::with_capacity(height),
            costs: Vec::with_capacity(height),
            lacks_cost: Vec::with_capacity(height),
            discounts: mapped.discount_amount.then(|| Vec::with_capacity(height)),
            problems: Vec::with_capacity(height),
        };
        let mut reckoning = Reckoning {
            rules,
            source,
            negates: positive_returns == PositiveReturns::Negate,
            last_rate: (source.currency, i32::MIN, None),
        };
        for (row, (&day, &kind)) in days.iter().zip(kinds).enumerate() {
            money.push(reckoning.line(&cells, row, day, kind));
        }
        Ok(money)
    }

    fn push(&mut self, line: ReckonedLine) {
        self.amounts.push(line.amount);
        self.currencies.push(line.currency);
        self.is_negated.push(line.is_negated);
        self.costs.push(line.cost);
        self.lacks_cost.push(line.lacks_cost);
        if let Some(discounts) = &mut self.discounts {
            discounts.push(line.discount);
        }
        self.problems.push(line.problem);
    }

    /// Why the line cannot be reckoned with; none where it can.
    pub(crate) fn problem(&self, row: usize) -> Option<&'static str> {
        self.problems[row]
    }

    /// The currency that the line was in.
    pub(crate) fn currency(&self, row: usize) -> Currency {
        self.currencies[row]
    }

    /// Whether all lines can be reckoned with.
    pub(crate) fn has_no_problem(&self) -> bool {
        self.problems.iter().all(Option::is_none)
    }

    /// The columns of the order lines from the amount on.
    pub(crate) fn columns(self, original_amount: &Column) -> Vec<Column> {
        let height = self.amounts.len();
        let mut columns = vec![
            decimal_column("amount", self.amounts, ColumnType::AMOUNT),
            Column::new(
                "currency".into(),
                self.currencies
                    .iter()
                    .map(|currency| currency.code())
                    .collect::<Vec<_>>(),
            ),
            original_amount.clone().with_name("original_amount".into()),
            optional_decimal_column("cost", self.costs.iter().copied(), ColumnType::AMOUNT),
            Column::new(
                "has_cost".into(),
                self.costs.iter().map(Option::is_some).collect::<Vec<_>>(),
            ),
            Column::new("lacks_cost".into(), self.lacks_cost),
        ];
        match self.discounts {
            Some(discounts) => columns.extend([
                optional_decimal_column("discount_amount", discounts.iter().copied(), ColumnType::AMOUNT),
                Column::new(
                    "has_discount".into(),
                    discounts.iter().map(Option::is_some).collect::<Vec<_>>(),
                ),
            ]),
            None => columns.extend(
                ["discount_amount", "has_discount"]
                    .into_iter()
                    .filter_map(|name| Some(null_column(name, OrderLines::INFO.column(name)?.column_type, height))),
            ),
        }
        columns.push(Column::new("is_negated".into(), self.is_negated));
        columns
    }
}

/// The money of one line.
struct ReckonedLine {
    amount: i128,
    currency: Currency,
    is_negated: bool,
    cost: Option<i128>,
    lacks_cost: bool,
    discount: Option<i128>,
    problem: Option<&'static str>,
}

/// Reckons line after line.
struct Reckoning<'r> {
    rules: &'r MoneyRules,
    source: &'r SourceRules,
    negates: bool,
    /// Lines of a day and currency stand together in most exports: then the rates need not be asked.
    last_rate: (Currency, i32, Option<i128>),
}

impl Reckoning<'_> {
    fn line(&mut self, cells: &Cells<'_>, row: usize, day: i32, kind: LineKind) -> ReckonedLine {
        let original = cells.amounts.get(row).unwrap_or_default();
        // What is no currency was set aside by the reader, and what is empty has the source's.
        let currency = cells
            .currencies
            .and_then(|currencies| currencies.get(row))
            .and_then(Currency::parse)
            .unwrap_or(self.source.currency);
        let is_negated = self.negates && kind.is_returned() && original > 0;
        let mut line = ReckonedLine {
            amount: if is_negated { -original } else { original },
            currency,
            is_negated,
            cost: None,
            lacks_cost: true,
            discount: None,
            problem: None,
        };
        let Some(rate) = self.rate(currency, day) else {
            line.problem = Some("no_rate");
            return line;
        };
        if let Err(problem) = self.reckon(&mut line, cells, row, day, kind, rate) {
            line.problem = Some(problem);
        }
        line
    }

    /// Fills in what depends on the rate.
    fn reckon(
        &mut self,
        line: &mut ReckonedLine,
        cells: &Cells<'_>,
        row: usize,
        day: i32,
        kind: LineKind,
        rate: i128,
    ) -> Result<(), &'static str> {
        line.amount = at_rate(line.amount, rate).ok_or("converted_amount_out_of_range")?;
        let discount = cells.discounts.and_then(|discounts| discounts.get(row));
        if let Some(discount) = discount {
            // What came back takes its discount back, whatever the sign in the file.
            let signed = if kind.is_returned() { -discount.abs() } else { discount };
            line.discount = Some(at_rate(signed, rate).ok_or("converted_amount_out_of_range")?);
        }
        let stated = match cells.unit_costs.and_then(|costs| costs.get(row)) {
            Some(unit_cost) => Some((unit_cost, rate)),
            None => self.catalogue_cost(cells, row, day),
        };
        let quantity = cells.quantities.get(row);
        if let (Some((unit_cost, rate)), Some(quantity)) = (stated, quantity) {
            let units = if kind.is_returned() { -quantity.abs() } else { quantity };
            line.cost = Some(cost_amount(units, unit_cost, rate).ok_or("cost_out_of_range")?);
            line.lacks_cost = false;
        } else {
            line.cost = self.rules.costs.estimate(line.amount);
        }
        Ok(())
    }

    /// What a unit of the line's product costs on its day, and the rate of that cost's currency.
    fn catalogue_cost(&mut self, cells: &Cells<'_>, row: usize, day: i32) -> Option<(i128, i128)> {
        let unit_cost = self.rules.unit_costs.as_ref()?.on_day(cells.products?.get(row)?, day)?;
        Some((unit_cost.cost?, self.rate(unit_cost.currency, day)?))
    }

    fn rate(&mut self, currency: Currency, day: i32) -> Option<i128> {
        if (self.last_rate.0, self.last_rate.1) != (currency, day) {
            self.last_rate = (currency, day, self.rules.rates.rate(currency, day));
        }
        self.last_rate.2
    }
}

/// The amount in the pipeline's currency; at par it is what it was.
fn at_rate(amount: i128, rate: i128) -> Option<i128> {
    if rate == PAR {
        Some(amount)
    } else {
        money_at_rate(amount, rate)
    }
}
