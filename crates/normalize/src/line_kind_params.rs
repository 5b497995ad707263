//! Which lines are sales, returns, cancellations, carriage and so on, and what counts.
//!
//! The rules are data: the first one that takes a line names its kind, and the built-in rules at
//! the end take every line. Nothing about a retailer's codes stands in the program.

use std::collections::HashSet;

use cartera_table::LineKind;
use regex::Regex;
use serde::{Deserialize, Serialize};

/// `[order_lines]`, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineKindParams {
    /// A line of zero price makes an order. Default `false`: an order of gifts alone is none.
    /// The short form of `[order_lines.flags.free] counts_as_order`.
    pub free_counts_as_order: Option<bool>,
    /// What becomes of a return or cancellation whose amount is above zero. Default `quarantine`.
    pub positive_returns: PositiveReturns,
    /// Rules in order; the first one that takes a line wins. Default none. After them the built-in
    /// rules: a negative quantity or amount is a `return`, a zero price is `free`, the rest is a
    /// `sale`.
    #[serde(rename = "kind")]
    pub kinds: Vec<LineKindRuleParams>,
    /// Flags of a kind that differ from its defaults.
    pub flags: LineKindFlagsParams,
}

/// What becomes of a return or cancellation that would add to the sales which it should reduce.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositiveReturns {
    /// It is set aside.
    #[default]
    Quarantine,
    /// Its sign is turned: the file writes what came back without a minus.
    Negate,
}

/// One `[[order_lines.kind]]`, as typed. A line must meet every condition that is given, and at
/// least one must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineKindRuleParams {
    /// The kind of the lines that it takes.
    pub kind: LineKind,
    /// The order id starts with this text. Capitals matter.
    #[serde(default)]
    pub order_id_prefix: Option<String>,
    /// The product id is one of these. Capitals matter.
    #[serde(default)]
    pub product_ids: Option<Vec<String>>,
    /// The product id matches this regular expression (anywhere, unless `^` and `$` say otherwise).
    #[serde(default)]
    pub product_pattern: Option<String>,
    /// Sign of the quantity.
    #[serde(default)]
    pub quantity: Option<Sign>,
    /// Sign of the unit price.
    #[serde(default)]
    pub unit_price: Option<Sign>,
    /// Sign of the line's amount, as mapped or as quantity x unit price.
    #[serde(default)]
    pub amount: Option<Sign>,
}

impl LineKindRuleParams {
    /// A rule without a condition yet.
    #[must_use]
    pub fn new(kind: LineKind) -> Self {
        Self {
            kind,
            order_id_prefix: None,
            product_ids: None,
            product_pattern: None,
            quantity: None,
            unit_price: None,
            amount: None,
        }
    }
}

/// `[order_lines.flags]`, as typed: one table a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineKindFlagsParams {
    /// Default: counts as an order, in net sales, in margin.
    pub sale: FlagsOverride,
    /// Default: counts as no order, not in net sales (its amount is zero anyway), in margin.
    pub free: FlagsOverride,
    /// Default: counts as no order, in net sales, in margin.
    #[serde(rename = "return")]
    pub returned: FlagsOverride,
    /// Default: counts as no order, in net sales, in margin.
    pub cancellation: FlagsOverride,
    /// Default: counts as no order, not in net sales, not in margin.
    pub shipping: FlagsOverride,
    /// Default: counts as no order, not in net sales, not in margin.
    pub fee: FlagsOverride,
    /// Default: counts as no order, not in net sales, not in margin.
    pub adjustment: FlagsOverride,
}

/// `[order_lines.flags.<kind>]`, as typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlagsOverride {
    /// An order with such a line is an order. Default: the kind's.
    pub counts_as_order: Option<bool>,
    /// The amount of such a line is part of net sales. Default: the kind's.
    pub in_net_sales: Option<bool>,
    /// The amount and the cost of such a line are part of the gross margin. Default: the kind's.
    pub in_margin: Option<bool>,
}

/// Sign of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Below zero.
    Negative,
    /// Zero.
    Zero,
    /// Above zero.
    Positive,
}

impl Sign {
    /// The sign of an unscaled decimal.
    #[must_use]
    pub fn of(value: i128) -> Self {
        match value.signum() {
            -1 => Self::Negative,
            0 => Self::Zero,
            _ => Self::Positive,
        }
    }
}

/// What a kind means for orders and sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineKindFlags {
    /// An order with such a line is an order.
    pub counts_as_order: bool,
    /// The amount of such a line is part of net sales.
    pub in_net_sales: bool,
    /// The amount and the cost of such a line are part of the gross margin.
    pub in_margin: bool,
}

/// What the rules look at. A field is `None` where the source has no such column or the cell is
/// empty; no condition on it holds then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineFacts<'a> {
    /// The order id.
    pub order_id: Option<&'a str>,
    /// The product id.
    pub product_id: Option<&'a str>,
    /// Sign of the quantity.
    pub quantity: Option<Sign>,
    /// Sign of the unit price.
    pub unit_price: Option<Sign>,
    /// Sign of the amount.
    pub amount: Option<Sign>,
}

/// The checked rules. Only [`LineKindParams::check`] makes them.
#[derive(Debug, Clone)]
pub struct LineKindValidParams {
    rules: Vec<LineKindRule>,
    positive_returns: PositiveReturns,
    flags: [LineKindFlags; LineKind::ALL.len()],
}

/// One checked rule.
#[derive(Debug, Clone)]
struct LineKindRule {
    kind: LineKind,
    order_id_prefix: Option<String>,
    product_ids: Option<HashSet<String>>,
    product_pattern: Option<Regex>,
    quantity: Option<Sign>,
    unit_price: Option<Sign>,
    amount: Option<Sign>,
}

/// Why `[order_lines]` is refused. Keys are dotted paths within it; rules count from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineKindParamsError {
    /// A rule that would take every line.
    #[error("the rule for `{}` has no condition, expected at least one of order_id_prefix, product_ids, product_pattern, quantity, unit_price, amount", kind.slug())]
    NoCondition {
        /// Place of the rule.
        rule: usize,
        /// Its kind.
        kind: LineKind,
    },
    /// A text or a list that would match everything or nothing.
    #[error("`{condition}` of the rule for `{}` is {value}, expected {expected}", kind.slug())]
    Condition {
        /// Place of the rule.
        rule: usize,
        /// Its kind.
        kind: LineKind,
        /// The condition.
        condition: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A regular expression that cannot be read.
    #[error("`product_pattern` of the rule for `{}` is {pattern:?}, expected a regular expression: {reason}", kind.slug())]
    Pattern {
        /// Place of the rule.
        rule: usize,
        /// Its kind.
        kind: LineKind,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The short and the long form of one flag disagree.
    #[error("`free_counts_as_order` is {short}, but `flags.free.counts_as_order` is {long}: give one of the two")]
    FreeTwice {
        /// The short form.
        short: bool,
        /// The long form.
        long: bool,
    },
}

impl LineKindParamsError {
    /// The offending key as a dotted path within `[order_lines]`, such as
    /// `kind.0.product_pattern`.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::NoCondition { rule, .. } => format!("kind.{rule}"),
            Self::Condition { rule, condition, .. } => format!("kind.{rule}.{condition}"),
            Self::Pattern { rule, .. } => format!("kind.{rule}.product_pattern"),
            Self::FreeTwice { .. } => "free_counts_as_order".to_owned(),
        }
    }
}

impl LineKindParams {
    /// Checks the rules and compiles their patterns.
    ///
    /// # Errors
    /// The first rule or flag that is refused.
    pub fn check(&self) -> Result<LineKindValidParams, LineKindParamsError> {
        if let (Some(short), Some(long)) = (self.free_counts_as_order, self.flags.free.counts_as_order)
            && short != long
        {
            return Err(LineKindParamsError::FreeTwice { short, long });
        }
        let rules = self
            .kinds
            .iter()
            .enumerate()
            .map(|(rule, params)| params.check(rule))
            .collect::<Result<_, _>>()?;
        Ok(LineKindValidParams {
            rules,
            positive_returns: self.positive_returns,
            flags: LineKind::ALL.map(|kind| self.flags_of(kind)),
        })
    }

    fn flags_of(&self, kind: LineKind) -> LineKindFlags {
        let (counts_as_order, in_net_sales) = match kind {
            LineKind::Sale => (true, true),
            LineKind::Free => (self.free_counts_as_order.unwrap_or(false), false),
            LineKind::Return | LineKind::Cancellation => (false, true),
            LineKind::Shipping | LineKind::Fee | LineKind::Adjustment => (false, false),
        };
        let typed = self.flags.of(kind);
        LineKindFlags {
            counts_as_order: typed.counts_as_order.unwrap_or(counts_as_order),
            in_net_sales: typed.in_net_sales.unwrap_or(in_net_sales),
            in_margin: typed.in_margin.unwrap_or(kind.is_goods() || kind.is_returned()),
        }
    }
}

impl LineKindFlagsParams {
    fn of(&self, kind: LineKind) -> FlagsOverride {
        match kind {
            LineKind::Sale => self.sale,
            LineKind::Free => self.free,
            LineKind::Return => self.returned,
            LineKind::Cancellation => self.cancellation,
            LineKind::Shipping => self.shipping,
            LineKind::Fee => self.fee,
            LineKind::Adjustment => self.adjustment,
        }
    }
}

impl LineKindRuleParams {
    fn check(&self, rule: usize) -> Result<LineKindRule, LineKindParamsError> {
        let kind = self.kind;
        let refused = |condition, value: String, expected| LineKindParamsError::Condition {
            rule,
            kind,
            condition,
            value,
            expected,
        };
        if *self == Self::new(kind) {
            return Err(LineKindParamsError::NoCondition { rule, kind });
        }
        if self.order_id_prefix.as_deref() == Some("") {
            return Err(refused(
                "order_id_prefix",
                "\"\"".to_owned(),
                "a text that is not empty (every order id starts with the empty one)",
            ));
        }
        if let Some(product_ids) = &self.product_ids
            && (product_ids.is_empty() || product_ids.iter().any(String::is_empty))
        {
            return Err(refused(
                "product_ids",
                format!("{product_ids:?}"),
                "at least one product id, none of them empty",
            ));
        }
        if self.product_pattern.as_deref() == Some("") {
            return Err(refused(
                "product_pattern",
                "\"\"".to_owned(),
                "a regular expression that is not empty (the empty one matches everything)",
            ));
        }
        let product_pattern = self
            .product_pattern
            .as_deref()
            .map(|pattern| {
                Regex::new(pattern).map_err(|error| LineKindParamsError::Pattern {
                    rule,
                    kind,
                    pattern: pattern.to_owned(),
                    reason: last_line(&error.to_string()),
                })
            })
            .transpose()?;
        Ok(LineKindRule {
            kind,
            order_id_prefix: self.order_id_prefix.clone(),
            product_ids: self.product_ids.as_ref().map(|ids| ids.iter().cloned().collect()),
            product_pattern,
            quantity: self.quantity,
            unit_price: self.unit_price,
            amount: self.amount,
        })
    }
}

/// A regex error draws the pattern over several lines and says what is wrong in the last one.
fn last_line(message: &str) -> String {
    let line = message.lines().last().unwrap_or(message).trim();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

impl LineKindValidParams {
    /// The kind of a line: of the first declared rule that takes it, else of the built-in ones.
    #[must_use]
    pub fn kind_of(&self, line: &LineFacts<'_>) -> LineKind {
        self.rules
            .iter()
            .find(|rule| rule.takes(line))
            .map_or_else(|| built_in_kind_of(line), |rule| rule.kind)
    }

    /// What the kind means for orders and sales.
    #[must_use]
    pub fn flags(&self, kind: LineKind) -> LineKindFlags {
        self.flags[kind as usize]
    }

    /// What becomes of a return or cancellation whose amount is above zero.
    #[must_use]
    pub fn positive_returns(&self) -> PositiveReturns {
        self.positive_returns
    }

    /// Whether a rule looks at the order id, so that it can never take a line without one.
    #[must_use]
    pub fn uses_order_id(&self) -> bool {
        self.rules.iter().any(|rule| rule.order_id_prefix.is_some())
    }

    /// Whether a rule looks at the product, so that it can never take a line without one.
    #[must_use]
    pub fn uses_product_id(&self) -> bool {
        self.rules
            .iter()
            .any(|rule| rule.product_ids.is_some() || rule.product_pattern.is_some())
    }
}

impl LineKindRule {
    fn takes(&self, line: &LineFacts<'_>) -> bool {
        // Cheapest first: signs, then the prefix, then the set, then the pattern.
        meets(self.quantity, line.quantity)
            && meets(self.unit_price, line.unit_price)
            && meets(self.amount, line.amount)
            && self
                .order_id_prefix
                .as_deref()
                .is_none_or(|prefix| line.order_id.is_some_and(|id| id.starts_with(prefix)))
            && self
                .product_ids
                .as_ref()
                .is_none_or(|ids| line.product_id.is_some_and(|id| ids.contains(id)))
            && self
                .product_pattern
                .as_ref()
                .is_none_or(|pattern| line.product_id.is_some_and(|id| pattern.is_match(id)))
    }
}

fn meets(condition: Option<Sign>, fact: Option<Sign>) -> bool {
    condition.is_none_or(|sign| fact == Some(sign))
}

fn built_in_kind_of(line: &LineFacts<'_>) -> LineKind {
    if line.quantity == Some(Sign::Negative) || line.amount == Some(Sign::Negative) {
        LineKind::Return
    } else if line.unit_price.or(line.amount) == Some(Sign::Zero) && line.amount.unwrap_or(Sign::Zero) == Sign::Zero {
        // Where a source has amounts only, a zero amount is a zero price; a zero price beside an amount is a sale.
        LineKind::Free
    } else {
        LineKind::Sale
    }
}

#[cfg(test)]
mod tests;
