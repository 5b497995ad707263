//! One row of the table `data_quality`, while it is made.

use std::cmp::Ordering;

/// Whether a figure is as it should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing speaks against it.
    #[default]
    Ok,
    /// It is unusual.
    Warning,
    /// A check of the pipeline does not hold.
    Failed,
}

impl Status {
    /// The published name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

/// Which figure it is: the grain of the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MetricKey {
    pub(crate) source: String,
    pub(crate) column: Option<String>,
    pub(crate) metric: String,
    pub(crate) item: Option<String>,
}

/// A figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Metric {
    pub(crate) key: MetricKey,
    pub(crate) value: Option<String>,
    pub(crate) number: Option<f64>,
    pub(crate) previous_value: Option<String>,
    pub(crate) previous_number: Option<f64>,
    pub(crate) status: Status,
    pub(crate) detail: Option<String>,
}

impl Metric {
    /// A figure of a whole source, so far without a value.
    pub(crate) fn of_source(source: &str, metric: &str) -> Self {
        Self {
            key: MetricKey {
                source: source.to_owned(),
                column: None,
                metric: metric.to_owned(),
                item: None,
            },
            value: None,
            number: None,
            previous_value: None,
            previous_number: None,
            status: Status::Ok,
            detail: None,
        }
    }

    pub(crate) fn column(mut self, column: &str) -> Self {
        self.key.column = Some(column.to_owned());
        self
    }

    pub(crate) fn item(mut self, item: impl Into<String>) -> Self {
        self.key.item = Some(item.into());
        self
    }

    pub(crate) fn number(mut self, number: f64) -> Self {
        self.number = Some(number);
        self
    }

    pub(crate) fn count(self, count: u64) -> Self {
        self.number(as_number(count))
    }

    pub(crate) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Notes what is wrong with it; the worst that is said of a figure stands.
    pub(crate) fn note(&mut self, status: Status, detail: String) {
        match status.cmp(&self.status) {
            Ordering::Greater => {
                self.status = status;
                self.detail = Some(detail);
            }
            Ordering::Equal => {
                let so_far = self.detail.take().map(|text| format!("{text}. ")).unwrap_or_default();
                self.detail = Some(format!("{so_far}{detail}"));
            }
            Ordering::Less => {}
        }
    }

    /// Whether it is the figure of a whole source of that name.
    pub(crate) fn is(&self, source: &str, metric: &str, item: Option<&str>) -> bool {
        self.key.source == source
            && self.key.column.is_none()
            && self.key.metric == metric
            && self.key.item.as_deref() == item
    }

    /// Whether it is the figure of a column.
    pub(crate) fn is_of_column(&self, source: &str, column: &str, metric: &str) -> bool {
        self.key.source == source && self.key.column.as_deref() == Some(column) && self.key.metric == metric
    }
}

/// A count as a number of the table.
#[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
pub(crate) fn as_number(count: u64) -> f64 {
    count as f64
}

/// A part of a whole; zero of nothing.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        as_number(part) / as_number(whole)
    }
}
