//! What a reader of the figures has to know before believing them.

use std::fmt;

use cartera_table::Date;

/// A reason for care.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// There is nobody to compare with.
    NoControl {
        /// The group that was looked for.
        control: String,
    },
    /// Nobody is in the group.
    EmptyArm {
        /// The group.
        arm: String,
    },
    /// So few that hardly any effect can be seen.
    FewCustomers {
        /// The group.
        arm: String,
        /// Its customers.
        customers: u64,
    },
    /// The difference is smaller than what the sizes can show.
    TooSmallToTell {
        /// What was measured, of whom against whom.
        of: String,
        /// Smallest difference that the sizes show, in words.
        detectable: String,
    },
    /// The test approximates by a normal distribution, which is far off for so few.
    FewEvents {
        /// What was measured, of whom against whom.
        of: String,
        /// Segments in which it is so; 0 where it is so overall.
        segments: usize,
    },
    /// All values are the same: nothing is known of chance.
    NoVariance {
        /// What was measured, of whom against whom.
        of: String,
    },
    /// The groups are not as large as they were drawn.
    BrokenRandomization {
        /// How rare such sizes are.
        p_value: f64,
        /// Sizes and shares in words.
        sizes: String,
    },
    /// The window was not over on the last day of the data.
    WindowNotOver {
        /// Last day of the window.
        to: Date,
        /// Last day of the data.
        last_day: Date,
    },
    /// Rows whose outcome is empty or unreadable.
    MissingOutcomes {
        /// What was measured.
        outcome: String,
        /// Rows without it, by group, in words.
        rows: String,
        /// Whether the groups lack it in different shares, beyond chance.
        differs: bool,
    },
    /// Rows that name no group.
    RowsWithoutArm {
        /// Rows.
        rows: u64,
    },
    /// Rows that cannot be read at all.
    UnreadableRows {
        /// Rows.
        rows: u64,
    },
    /// Customers of whom the order lines know nothing.
    UnknownCustomers {
        /// Customers.
        customers: u64,
        /// Those assigned.
        assigned: u64,
    },
    /// Margin is known of a part of the sales.
    MarginUnknown {
        /// Share of the net sales of the window whose cost is not known.
        share: f64,
    },
}

impl Warning {
    /// A stable name, for machines.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::NoControl { .. } => "no_control",
            Self::EmptyArm { .. } => "empty_arm",
            Self::FewCustomers { .. } => "few_customers",
            Self::TooSmallToTell { .. } => "too_small_to_tell",
            Self::FewEvents { .. } => "few_events",
            Self::NoVariance { .. } => "no_variance",
            Self::BrokenRandomization { .. } => "broken_randomization",
            Self::WindowNotOver { .. } => "window_not_over",
            Self::MissingOutcomes { .. } => "missing_outcomes",
            Self::RowsWithoutArm { .. } => "rows_without_arm",
            Self::UnreadableRows { .. } => "unreadable_rows",
            Self::UnknownCustomers { .. } => "unknown_customers",
            Self::MarginUnknown { .. } => "margin_unknown",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoControl { control } => {
                write!(
                    out,
                    "nobody is in {control}: without a control group no effect can be told"
                )
            }
            Self::EmptyArm { arm } => write!(out, "nobody is in {arm}"),
            Self::FewCustomers { arm, customers } => {
                write!(
                    out,
                    "only {customers} customers are in {arm}: hardly any effect can be seen"
                )
            }
            Self::TooSmallToTell { of, detectable } => write!(
                out,
                "{of}: no difference is shown, but groups of these sizes would show only one of {detectable} or more (with 80 % power); a smaller effect is neither proved nor ruled out"
            ),
            Self::FewEvents { of, segments: 0 } => write!(
                out,
                "{of}: so few did it that the p-value and the interval are rough (normal approximation)"
            ),
            Self::FewEvents { of, segments } => write!(
                out,
                "{of}: in {segments} segments so few did it that p-values and intervals are rough (normal approximation)"
            ),
            Self::NoVariance { of } => write!(
                out,
                "{of}: the values do not differ between customers, or there are fewer than two: nothing can be said of chance"
            ),
            Self::BrokenRandomization { p_value, sizes } => write!(
                out,
                "the groups are not as large as they were drawn to be ({sizes}; p = {p_value:.2e}): the draw or the data is broken, and the comparison is not to be trusted"
            ),
            Self::WindowNotOver { to, last_day } => write!(
                out,
                "the window goes on to {to} and the data ends on {last_day}: looking again and again before the end finds effects that are none; decide when it is over"
            ),
            Self::MissingOutcomes { outcome, rows, differs } => {
                write!(
                    out,
                    "{outcome} is missing or unreadable in some rows, which are left out ({rows})"
                )?;
                if *differs {
                    out.write_str("; it is missing more often in one group than in the other, beyond chance: the comparison is biased")?;
                }
                Ok(())
            }
            Self::RowsWithoutArm { rows } => write!(out, "{rows} rows name no group and are left out"),
            Self::UnreadableRows { rows } => write!(out, "{rows} rows cannot be read and are left out"),
            Self::UnknownCustomers { customers, assigned } => write!(
                out,
                "{customers} of {assigned} assigned customers are not in the order lines any more; they count as customers who bought nothing"
            ),
            Self::MarginUnknown { share } => write!(
                out,
                "the cost of {:.1} % of the window's net sales is not known: their margin is not in the figures",
                share * 100.0
            ),
        }
    }
}
