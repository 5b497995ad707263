//! Orders and money of some days.

use cartera_table::{TableError, ratio_half_even};

/// What lines come to. Money is in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Amounts {
    /// Orders that count, on the day of their first line that does.
    pub(crate) order_count: i64,
    /// Sales of the lines of such orders, before returns.
    pub(crate) gross_sales: i128,
    pub(crate) net_sales: i128,
    /// Sales of the lines that have a cost.
    pub(crate) costed_sales: i128,
    /// What these lines cost.
    pub(crate) cost_of_goods: i128,
    pub(crate) costed_line_count: i64,
}

impl Amounts {
    /// Adds others.
    pub(crate) fn add(&mut self, other: &Self) -> Result<(), TableError> {
        self.checked_add(other).ok_or_else(|| TableError::Overflow {
            what: "sum amounts by month".into(),
        })
    }

    fn checked_add(&mut self, other: &Self) -> Option<()> {
        *self = Self {
            order_count: self.order_count.checked_add(other.order_count)?,
            gross_sales: self.gross_sales.checked_add(other.gross_sales)?,
            net_sales: self.net_sales.checked_add(other.net_sales)?,
            costed_sales: self.costed_sales.checked_add(other.costed_sales)?,
            cost_of_goods: self.cost_of_goods.checked_add(other.cost_of_goods)?,
            costed_line_count: self.costed_line_count.checked_add(other.costed_line_count)?,
        };
        Some(())
    }

    /// What the lines that have a cost leave; none where there is no such line.
    pub(crate) fn gross_margin(&self) -> Option<i128> {
        (self.costed_line_count > 0).then(|| self.costed_sales - self.cost_of_goods)
    }
}

/// Money by a number of customers or orders, rounded half-even; none by nobody.
pub(crate) fn per(money: i128, count: i64) -> Option<i128> {
    (count > 0).then(|| ratio_half_even(money, count.into())).flatten()
}

/// A part of customers; none of nobody.
#[expect(clippy::cast_precision_loss, reason = "a share for people")]
pub(crate) fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
