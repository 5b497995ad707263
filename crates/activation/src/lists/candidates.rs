//! Who meets a list's condition, with what a contact is expected to earn.

use super::params::Target;
use crate::base::Base;
use crate::condition::ConditionError;
use crate::error::ActivationError;

/// The candidates of a list, as rows of the base.
#[derive(Debug, Clone)]
pub struct Candidates<'t, 'b> {
    pub(crate) target: &'t Target,
    base: &'b Base,
    /// Ascending.
    pub(crate) rows: Vec<u32>,
    /// Expected value of each of `rows`, NaN where it is not known; none where the list declares none.
    pub(crate) expected: Option<Vec<f64>>,
}

impl<'t, 'b> Candidates<'t, 'b> {
    /// Asks the base.
    ///
    /// # Errors
    /// When an expression cannot be computed from these values.
    pub fn of(target: &'t Target, base: &'b Base) -> Result<Self, ActivationError> {
        let rows = target.condition.rows(base).map_err(|error| of_list(target, error))?;
        let expected = target.expected_value.as_ref().map(|value| value.values(base, &rows));
        Ok(Self {
            target,
            base,
            expected: expected.transpose().map_err(|error| of_list(target, error))?,
            rows,
        })
    }

    /// Some of its rows in the list's order. Only those whom no rule keeps out need be sorted.
    pub(super) fn sorted(&self, rows: &[u32]) -> Result<Vec<u32>, ActivationError> {
        let sorted = self.target.order_by.sorted(self.base, rows);
        sorted.map_err(|error| of_list(self.target, error))
    }
}

fn of_list(target: &Target, error: ConditionError) -> ActivationError {
    ActivationError::Condition {
        list: target.name.clone(),
        error,
    }
}
