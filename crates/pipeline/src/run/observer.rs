//! Who is told of a run as it goes, and who tells it the time.
//!
//! Nothing below the command line looks at a clock: the caller brings one.

use jiff::Timestamp;

/// The steps of a run, in their one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The tables beside the order lines are read.
    Tables,
    /// Lines are read once to find those that stand in several files.
    Duplicates,
    /// Lines are read, normalized and merged to parts of orders.
    Lines,
    /// Parts become orders, and orders customers.
    Customers,
    /// What only the whole base can tell: days to `as_of`, scores.
    Features,
    /// Labels.
    Segments,
    /// Alarms and opportunities.
    Signals,
    /// Who looks after whom.
    Portfolios,
    /// Who is contacted, held out or left in peace.
    Targets,
    /// What comes next for every customer.
    ContactPlan,
    /// Tables are written and counted again.
    Publish,
    /// The page that people open is written; then all is made visible.
    Report,
}

impl Stage {
    /// The name in manifests and logs.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Duplicates => "duplicates",
            Self::Lines => "lines",
            Self::Customers => "customers",
            Self::Features => "features",
            Self::Segments => "segments",
            Self::Signals => "signals",
            Self::Portfolios => "portfolios",
            Self::Targets => "targets",
            Self::ContactPlan => "contact_plan",
            Self::Publish => "publish",
            Self::Report => "report",
        }
    }
}

/// Tells the time.
pub trait Clock: Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Is told of a run as it goes, from any thread.
pub trait Observer: Sync {
    /// A stage begins; with the bytes that it will read, where it reads files.
    fn stage_started(&self, stage: Stage, total_bytes: Option<u64>);

    /// The stage worked through that many further bytes and rows of raw files.
    fn advanced(&self, bytes: u64, rows: u64);

    /// The stage is done; with the bytes that it read and the rows that came out of it.
    fn stage_finished(&self, stage: Stage, bytes: u64, rows: u64, seconds: f64);

    /// Something that a person should know and that stops nothing.
    fn warning(&self, message: &str);
}

/// Passes the progress of a flow on to an observer.
pub(super) struct Forward<'o>(pub(super) &'o dyn Observer);

impl cartera_table::Progress for Forward<'_> {
    fn advance(&self, bytes: u64, rows: u64) {
        self.0.advanced(bytes, rows);
    }
}
