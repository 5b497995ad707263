//! The profit of each product, category, channel, region, sales representative and month.

mod rows;

use std::collections::BTreeMap;

use cartera_table::contracts::ProfitabilityBy;
use cartera_table::frame::{optional_decimal_column, schema, sum_column};
use cartera_table::{ColumnType, Contract, Dimension, Table};
use polars::prelude::{Column, DataFrame};

use super::ProfitInputs;
use super::charges::{Charge, Charges, Entries, cut, to_serve};
use super::customers::{CustomerSums, share, stated};
use super::statement::Statement;
use crate::bonding::Categories;
use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::params::{CostDriver, ProfitabilityValidParams};
use rows::{Row, Rows, sales_by_dimension, total};

/// What the rows are made of.
struct Makings<'m> {
    base: &'m CustomerBase,
    inputs: &'m ProfitInputs<'m>,
    entries: Option<&'m Entries<'m>>,
    customers: &'m CustomerSums,
    charges: &'m Charges,
    driver: CostDriver,
}

/// The table, for every dimension that is asked for.
pub(super) fn profitability_by(
    base: &CustomerBase,
    inputs: &ProfitInputs<'_>,
    params: &ProfitabilityValidParams,
    entries: Option<&Entries<'_>>,
    customers: &CustomerSums,
    charges: &Charges,
    statement: &Statement,
) -> Result<Table<ProfitabilityBy>, FeatureError> {
    let makings = Makings {
        base,
        inputs,
        entries,
        customers,
        charges,
        driver: params.driver(),
    };
    let mut sales = sales_by_dimension(inputs)?;
    let company = sales.get(&Dimension::Month).map(total).unwrap_or_default();
    let mut all = DataFrame::empty_with_schema(&schema(&ProfitabilityBy::INFO));
    for &dimension in params.dimensions() {
        let rows = makings.rows(dimension, &mut sales, company)?;
        all.vstack_mut_owned(frame(dimension, &rows, inputs, statement)?)?;
    }
    all.rechunk_mut();
    Ok(Table::sorted(all)?)
}

impl Makings<'_> {
    fn rows(
        &self,
        dimension: Dimension,
        sales: &mut BTreeMap<Dimension, Rows>,
        company: Row,
    ) -> Result<Rows, FeatureError> {
        match dimension {
            Dimension::Region if self.inputs.regions_are_of_customers => self.by_region_of_customers(company),
            Dimension::Category => {
                let products = sales.get(&Dimension::Product).cloned().unwrap_or_default();
                self.categories(self.charged(Dimension::Product, products)?)
            }
            other => self.charged(other, sales.get(&other).cloned().unwrap_or_default()),
        }
    }

    /// Charges the values that entries name, and cuts the rest.
    fn charged(&self, dimension: Dimension, mut rows: Rows) -> Result<Rows, FeatureError> {
        let mut serve = to_serve(&self.charges.company);
        let mut acquisition = self.charges.company[Charge::Acquisition as usize];
        for entry in self.entries.iter().flat_map(|entries| entries.rows()) {
            let value = match dimension {
                Dimension::Month => entry.month(),
                // A channel of contacts alone sells nothing.
                Dimension::Channel => entry
                    .channel
                    .map(str::to_owned)
                    .filter(|channel| rows.contains_key(&Some(channel.clone()))),
                _ => None,
            };
            let Some(value) = value else { continue };
            let row = rows.entry(Some(value)).or_default();
            if entry.charge == Charge::Acquisition {
                row.acquisition_cost += entry.amount;
                acquisition -= entry.amount;
            } else {
                row.cost_to_serve += entry.amount;
                serve -= entry.amount;
            }
        }
        let weights: Vec<i128> = rows
            .values()
            .map(|row| match self.driver {
                CostDriver::Sales => row.net_sales.max(0),
                _ => row.order_line_count,
            })
            .collect();
        if weights.iter().all(|&weight| weight <= 0) {
            if (serve, acquisition) != (0, 0) {
                let unknown = rows.entry(None).or_default();
                unknown.cost_to_serve += serve;
                unknown.acquisition_cost += acquisition;
            }
            return Ok(rows);
        }
        let parts = cut(serve, &weights)?.into_iter().zip(cut(acquisition, &weights)?);
        for (row, (serve, acquisition)) in rows.values_mut().zip(parts) {
            row.cost_to_serve += serve;
            row.acquisition_cost += acquisition;
        }
        Ok(rows)
    }

    /// Products to categories, by the latest row of each product.
    fn categories(&self, products: Rows) -> Result<Rows, FeatureError> {
        let categories = Categories::new(self.inputs.products, self.base.as_of().epoch_days())?;
        let mut rows = Rows::new();
        for (product, row) in products {
            let category = product.and_then(|product| categories.name_of(&product).map(str::to_owned));
            rows.entry(category).or_default().add(row, 1);
        }
        Ok(rows)
    }

    /// Customers to regions; what is left of the company is guests', and nobody's.
    fn by_region_of_customers(&self, company: Row) -> Result<Rows, FeatureError> {
        let regions = stated(self.base, "region")?;
        let countries = stated(self.base, "country")?;
        let mut rows = Rows::new();
        let mut left = company;
        left.cost_to_serve = to_serve(&self.charges.company);
        left.acquisition_cost = self.charges.company[Charge::Acquisition as usize];
        for (place, (region, country)) in regions.into_iter().zip(countries).enumerate() {
            let row = self.customer(place);
            left.add(row, -1);
            rows.entry(region.or(country).map(str::to_owned))
                .or_default()
                .add(row, 1);
        }
        if left.fields().into_iter().any(|field| *field != 0) {
            rows.entry(None).or_default().add(left, 1);
        }
        Ok(rows)
    }

    fn customer(&self, row: usize) -> Row {
        let customers = self.customers;
        Row {
            line_count: customers.line_counts[row],
            // Nothing is cut by it here.
            order_line_count: 0,
            gross_sales: customers.gross_sales[row],
            returned_amount: customers.returned_amounts[row],
            net_sales: customers.net_sales[row],
            cost_of_goods: customers.costs_of_goods[row].unwrap_or_default(),
            costed_sales: customers.costed_sales(row),
            discount_amount: customers.discounts[row],
            cost_to_serve: self.charges.cost_to_serve(row),
            acquisition_cost: self.charges.acquisition_cost(row),
        }
    }
}

fn frame(
    dimension: Dimension,
    rows: &Rows,
    inputs: &ProfitInputs<'_>,
    statement: &Statement,
) -> Result<DataFrame, FeatureError> {
    let of_company = statement.profit_of_company();
    let (knows_goods, knows_costs) = (inputs.knows_costs_of_goods, statement.knows_costs());
    let sums = |name: &str, of: &dyn Fn(&Row) -> i128| sum_column(name, rows.values().map(of).collect());
    let known = |name: &str, is_known: bool, of: &dyn Fn(&Row) -> i128| {
        let values: Vec<Option<i128>> = rows.values().map(|row| is_known.then(|| of(row))).collect();
        optional_decimal_column(name, values.into_iter(), ColumnType::SUM)
    };
    let margin = |row: &Row| row.costed_sales - row.cost_of_goods;
    let profit = |row: &Row| margin(row) - row.cost_to_serve - row.acquisition_cost;
    let lines: Vec<i64> = rows
        .values()
        .map(|row| i64::try_from(row.line_count).unwrap_or(i64::MAX))
        .collect();
    let rates: Vec<Option<f64>> = rows.values().map(|row| share(margin(row), row.costed_sales)).collect();
    let shares: Vec<Option<f64>> = rows.values().map(|row| share(profit(row), of_company?)).collect();
    let columns = vec![
        Column::new("dimension".into(), vec![dimension.slug(); rows.len()]),
        Column::new("value".into(), rows.keys().map(Option::as_deref).collect::<Vec<_>>()),
        Column::new("line_count".into(), lines),
        sums("gross_sales", &|row| row.gross_sales),
        known("discount_amount", inputs.knows_discounts, &|row| row.discount_amount),
        sums("returned_amount", &|row| row.returned_amount),
        sums("net_sales", &|row| row.net_sales),
        known("cost_of_goods", knows_goods, &|row| row.cost_of_goods),
        known("gross_margin", knows_goods, &margin),
        known("cost_to_serve", knows_costs, &|row| row.cost_to_serve),
        known("acquisition_cost", knows_costs, &|row| row.acquisition_cost),
        known("net_profit", knows_goods, &profit),
        Column::new("gross_margin_rate".into(), rates),
        Column::new("profit_share".into(), shares),
    ];
    Ok(DataFrame::new(rows.len(), columns)?)
}
