//! What a comparison of two groups tells.

/// From where to where a value lies with the confidence asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Both ends times a number that is not negative.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            low: self.low * factor,
            high: self.high * factor,
        }
    }
}

/// One group against another. What cannot be told is none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Comparison {
    /// Rate or mean of the treated customers.
    pub treated: Option<f64>,
    /// Rate or mean of those held out.
    pub control: Option<f64>,
    /// Treated less control.
    pub difference: Option<f64>,
    /// Interval of the difference.
    pub difference_interval: Option<Interval>,
    /// Chance of a difference at least as large where there is none in truth.
    pub p_value: Option<f64>,
    /// Difference as a share of the control group's value.
    pub lift: Option<f64>,
    /// Interval of the lift.
    pub lift_interval: Option<Interval>,
    /// Smallest difference that groups of these sizes show with 80 % power at the level of the interval.
    pub detectable_difference: Option<f64>,
}

/// What contacts cost and brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Investment {
    /// What all contacts of the group cost.
    pub cost: f64,
    /// `(incremental margin - cost) / cost`.
    pub return_on_investment: f64,
    /// The same at both ends of the incremental margin.
    pub interval: Option<Interval>,
}

impl Investment {
    /// None where nothing was spent: there is no return on nothing.
    ///
    /// ```
    /// use cartera_activation::measure::{Interval, Investment};
    ///
    /// let margin = Interval { low: 50.0, high: 350.0 };
    /// let made = Investment::new(200.0, Some(margin), 100.0).expect("a cost");
    /// assert_eq!(made.return_on_investment, 1.0);
    /// assert_eq!(made.interval, Some(Interval { low: -0.5, high: 2.5 }));
    /// assert_eq!(Investment::new(200.0, None, 0.0), None);
    /// ```
    #[must_use]
    pub fn new(incremental_margin: f64, interval: Option<Interval>, cost: f64) -> Option<Self> {
        let of = |margin: f64| (margin - cost) / cost;
        (cost > 0.0).then(|| Self {
            cost,
            return_on_investment: of(incremental_margin),
            interval: interval.map(|margin| Interval {
                low: of(margin.low),
                high: of(margin.high),
            }),
        })
    }
}

/// The power that detectable differences are told for.
pub(super) const POWER: f64 = 0.8;
