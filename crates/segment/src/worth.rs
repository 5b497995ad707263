//! What customers bring, for tables that sum it up.

use cartera_table::TableError;
use polars::prelude::DataFrame;

use crate::columns;
use crate::error::SegmentError;

/// Net sales and net integral value of every customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Worth {
    /// In ten-thousandths.
    pub(crate) net_sales: Vec<i128>,
    /// Likewise; zero where it is not known.
    pub(crate) vin: Vec<i128>,
    /// Of whom it is known; none when of all.
    pub(crate) has_vin: Option<Vec<bool>>,
}

/// The same of several customers together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WorthSum {
    pub(crate) customers: usize,
    pub(crate) net_sales: i128,
    /// None where it is known of none of them.
    pub(crate) vin: Option<i128>,
}

impl Worth {
    pub(crate) fn read(customers: &DataFrame) -> Result<Self, TableError> {
        let vin = cartera_table::frame::decimal(customers, "vin")?;
        let has_vin = (vin.null_count() > 0).then(|| vin.iter().map(|value| value.is_some()).collect());
        Ok(Self {
            net_sales: columns::read_money(customers, "net_sales")?,
            vin: columns::read_money(customers, "vin")?,
            has_vin,
        })
    }

    /// Value of one customer, where it is known.
    pub(crate) fn vin_of(&self, row: usize) -> Option<i128> {
        let is_known = self.has_vin.as_ref().is_none_or(|has_vin| has_vin[row]);
        is_known.then_some(self.vin[row])
    }
}

impl WorthSum {
    /// Adds a customer.
    pub(crate) fn add(&mut self, worth: &Worth, row: usize) -> Result<(), SegmentError> {
        let overflow = |column: &str| SegmentError::Overflow { column: column.into() };
        self.customers += 1;
        self.net_sales = self
            .net_sales
            .checked_add(worth.net_sales[row])
            .ok_or_else(|| overflow("net_sales"))?;
        if let Some(vin) = worth.vin_of(row) {
            let sum = self.vin.unwrap_or(0).checked_add(vin).ok_or_else(|| overflow("vin"))?;
            self.vin = Some(sum);
        }
        Ok(())
    }
}
