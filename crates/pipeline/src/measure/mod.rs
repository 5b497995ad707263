//! Whether a campaign worked: treated customers against those held out, of a published list or of a plain file.

mod error;
mod file;

use cartera_activation::measure as statistics;
use cartera_table::Date;

use crate::store::{RunRef, RunSelector};

pub use error::MeasureRequestError;
pub use file::{FileMeasureRequest, measure_file};
pub use statistics::{
    ArmSize, Comparison, Contrast, Interval, Investment, Measurement, Outcome, OutcomeKind, OutcomeResult, OutcomeSums,
    SampleRatio, Study, Warning,
};

/// What to measure of a list of a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct ListMeasureRequest {
    /// The list.
    pub list: String,
    /// What to measure; empty for all that there is data for.
    pub outcomes: Vec<ListOutcome>,
    /// First day; none for the day after that of the run.
    pub from: Option<Date>,
    /// Last day, inclusive; none for the last day of the data.
    pub to: Option<Date>,
    /// The run whose assignment counts; none for the newest one of a day before `from`.
    pub run: Option<RunSelector>,
    /// A column of customer_segments, as the run left it.
    pub by: Option<String>,
    /// The group to compare with; none for all that have customers.
    pub against: Option<Against>,
    /// Confidence of intervals.
    pub confidence: f64,
}

/// What can be measured of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOutcome {
    /// Customers with an order.
    Buyers,
    /// Orders a customer.
    Orders,
    /// Net sales a customer.
    Sales,
    /// Gross margin a customer.
    Margin,
    /// Customers who answered the list's campaign.
    Response,
}

impl ListOutcome {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Buyers, Self::Orders, Self::Sales, Self::Margin, Self::Response];

    /// Its name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Buyers => "buyers",
            Self::Orders => "orders",
            Self::Sales => "sales",
            Self::Margin => "margin",
            Self::Response => "response",
        }
    }
}

/// Who contacted customers are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Those held out of the list: tells what the list did.
    Control,
    /// Those held out of all lists: tells what all lists did together.
    GlobalControl,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MeasureReport {
    /// The list, or the name of the file.
    pub subject: String,
    /// What was put to the statistics.
    pub study: Study,
    /// What came of it; further warnings are added to those of the statistics.
    pub measurement: Measurement,
    /// For each outcome what its means are in, such as EUR.
    pub units: Vec<Option<String>>,
    /// Where and when, for a list.
    pub window: Option<MeasureWindow>,
    /// The column that segments were made of.
    pub by: Option<String>,
}

/// Whose assignment counts, and over which days.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MeasureWindow {
    /// The run that assigned.
    pub run: RunRef,
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
    /// Last day of the data.
    pub last_day: Date,
    /// For each arm its customers with an order in the window.
    pub with_orders: Vec<u64>,
}
