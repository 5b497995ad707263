//! A run that stands in the place of another one, because a person was erased.
//!
//! Nothing but the person may go: the sales of the company have to stay what they were.

use cartera_normalize::Horizon;
use cartera_table::{AsOf, Money};

use super::{ModelRequest, RunOptions};
use crate::error::PipelineError;
use crate::store::{AskedRecord, PublishedRun, Replacement, RunRef, Totals};

/// The run that is replaced.
#[derive(Debug, Clone)]
pub(crate) struct Replacing {
    run: RunRef,
    old: PublishedRun,
    net_sales: Option<Money>,
    /// Whether its figures may change for other reasons: its files or its pipeline are not what they were.
    accepts_other_totals: bool,
    asked: Option<AskedRecord>,
    /// Whether the files of lines are as long as they were.
    has_same_lines: bool,
}

impl Replacing {
    pub(crate) fn new(run: &PublishedRun, accepts_other_totals: bool, has_same_lines: bool) -> Self {
        Self {
            run: run.reference,
            old: run.clone(),
            net_sales: company_net_sales(&run.manifest.record.totals),
            accepts_other_totals,
            asked: run.manifest.record.asked,
            has_same_lines,
        }
    }

    /// The run whose lists stay as they were; none where the pipeline or its files are not what they were.
    pub(super) fn keeps_lists_of(&self) -> Option<&PublishedRun> {
        (!self.accepts_other_totals).then_some(&self.old)
    }

    /// What the command line of the run asked for, in the place of what that of the erasure does. An erasure may accept
    /// more defective rows.
    pub(crate) fn as_asked(&self, options: RunOptions) -> RunOptions {
        let Some(asked) = self.asked else { return options };
        RunOptions {
            models: ModelRequest {
                refit: asked.refit,
                accept: asked.accept_model,
            },
            accepted_bad_consents: options.accepted_bad_consents.max(asked.accept_bad_consents),
            ..options
        }
    }

    /// How far the run looks. For one of the latest day, lines after it were defects; they are again, unless lines were
    /// added since: most of those are of later days, and no defects.
    pub(super) fn horizon(&self) -> Horizon {
        let as_of = self.as_of();
        if self.was_of_latest_day() && self.has_same_lines {
            Horizon::LatestUntil(as_of.0)
        } else {
            Horizon::Through(as_of)
        }
    }

    /// The day of the run.
    pub(super) fn as_of(&self) -> AsOf {
        self.run.as_of
    }

    pub(super) fn was_of_latest_day(&self) -> bool {
        self.asked.is_some_and(|asked| asked.latest_day)
    }

    pub(super) fn record(&self) -> Replacement {
        Replacement {
            run: self.run,
            because: "erasure".to_owned(),
        }
    }

    /// The sales of the company as they were.
    pub(super) fn check_totals(&self, totals: &Totals) -> Result<(), PipelineError> {
        let now = company_net_sales(totals);
        if self.accepts_other_totals || now == self.net_sales {
            return Ok(());
        }
        let text = |money: Option<Money>| money.map_or_else(|| "unknown".to_owned(), |money| money.to_string());
        Err(PipelineError::ErasureChangesTotals {
            run: self.run,
            before: text(self.net_sales),
            after: text(now),
        })
    }
}

/// Net sales to customers and guests together; none where a manifest has no number there.
pub(crate) fn company_net_sales(totals: &Totals) -> Option<Money> {
    let Money(customers) = totals.net_sales.parse().ok()?;
    let Money(guests) = totals.guest_net_sales.parse().ok()?;
    Some(Money(customers.checked_add(guests)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_and_guests_are_added() {
        let totals = Totals {
            net_sales: "10.0000".to_owned(),
            guest_net_sales: "-2.5000".to_owned(),
            ..Totals::default()
        };
        assert_eq!(company_net_sales(&totals), Some(Money(75_000)));
        assert_eq!(company_net_sales(&Totals::default()), None);
    }
}
