//! The income statement: what became of the sales, for customers, guests, nobody and the company.

use cartera_table::contracts::{INCOME_ITEMS, IncomeStatement};
use cartera_table::frame::optional_decimal_column;
use cartera_table::{ColumnType, Table};
use polars::prelude::{Column, DataFrame};

use super::ProfitInputs;
use super::charges::{Amounts, Charge, Charges, to_serve};
use super::customers::CustomerSums;
use crate::error::FeatureError;

/// What some lines add up to; money in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Amount of the lines that count as orders and are in net sales.
    pub gross_sales: i128,
    /// Amount of what came back, above zero.
    pub returned_amount: i128,
    /// Amount of the lines in net sales.
    pub net_sales: i128,
    /// Cost of the lines in margin that have one.
    pub cost_of_goods: i128,
    /// Amount of these lines.
    pub costed_sales: i128,
}

/// The statement of a run.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    knows_costs_of_goods: bool,
    knows_costs: bool,
    customers: (Sums, Amounts),
    guests: (Sums, Amounts),
    unallocated: (Sums, Amounts),
    company: (Sums, Amounts),
}

impl Statement {
    pub(super) fn new(inputs: &ProfitInputs<'_>, customers: &CustomerSums, charges: &Charges) -> Self {
        Self {
            knows_costs_of_goods: inputs.knows_costs_of_goods,
            knows_costs: inputs.entries.is_some(),
            customers: (
                customers.total(),
                std::array::from_fn(|charge| charges.customers[charge].iter().sum()),
            ),
            guests: (inputs.guests, charges.guests),
            unallocated: (Sums::default(), charges.unallocated),
            company: (inputs.company, charges.company),
        }
    }

    /// The net profit of the company; none where no cost of goods is known.
    pub(super) fn profit_of_company(&self) -> Option<i128> {
        self.profit(&self.company)
    }

    /// The net profit of customers and guests, leaving out what is nobody's.
    pub(super) fn profit_of_buyers(&self) -> Option<i128> {
        Some(self.profit(&self.customers)? + self.profit(&self.guests)?)
    }

    pub(super) fn company(&self) -> &(Sums, Amounts) {
        &self.company
    }

    /// What nobody is charged with.
    pub(super) fn unallocated_cost(&self) -> i128 {
        self.unallocated.1.iter().sum()
    }

    pub(super) fn knows_costs(&self) -> bool {
        self.knows_costs
    }

    fn profit(&self, (sums, amounts): &(Sums, Amounts)) -> Option<i128> {
        let costs: i128 = amounts.iter().sum();
        self.knows_costs_of_goods
            .then(|| sums.costed_sales - sums.cost_of_goods - costs)
    }

    fn amounts(&self, party: &(Sums, Amounts)) -> [Option<i128>; INCOME_ITEMS.len()] {
        let (sums, charges) = party;
        let of_goods = |amount: i128| self.knows_costs_of_goods.then_some(amount);
        let cost = |amount: i128| self.knows_costs.then_some(amount);
        let charge = |charge: Charge| cost(charges[charge as usize]);
        [
            Some(sums.gross_sales),
            Some(sums.returned_amount),
            Some(sums.net_sales - sums.gross_sales + sums.returned_amount),
            Some(sums.net_sales),
            Some(sums.net_sales - sums.costed_sales),
            of_goods(sums.cost_of_goods),
            of_goods(sums.costed_sales - sums.cost_of_goods),
            charge(Charge::Direct),
            charge(Charge::Contact),
            charge(Charge::Campaign),
            charge(Charge::Shared),
            cost(to_serve(charges)),
            charge(Charge::Acquisition),
            self.profit(party),
        ]
    }

    /// The published table.
    pub(super) fn table(&self) -> Result<Table<IncomeStatement>, FeatureError> {
        let parties = [
            ("company", self.amounts(&self.company)),
            ("customer", self.amounts(&self.customers)),
            ("guest", self.amounts(&self.guests)),
            ("unallocated", self.amounts(&self.unallocated)),
        ];
        let (mut positions, mut items, mut names, mut amounts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (place, item) in INCOME_ITEMS.into_iter().enumerate() {
            for (party, of_party) in &parties {
                positions.push(i32::try_from(place + 1).unwrap_or(i32::MAX));
                items.push(item);
                names.push(*party);
                amounts.push(of_party[place]);
            }
        }
        let frame = DataFrame::new(
            items.len(),
            vec![
                Column::new("position".into(), positions),
                Column::new("item".into(), items),
                Column::new("party".into(), names),
                optional_decimal_column("amount", amounts.into_iter(), ColumnType::SUM),
            ],
        )?;
        Ok(Table::new(frame)?)
    }
}
