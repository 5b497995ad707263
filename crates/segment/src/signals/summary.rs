//! The signals of a run in figures.

use cartera_table::Money;

use super::before::PriorSignals;
use super::hits::Hits;
use super::rule::Rule;

/// The signals of a run in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignalsSummary {
    /// The rules by name, those without a customer as well; last the signals of the run before that there is no rule
    /// for any more.
    pub signals: Vec<SignalSummary>,
}

/// One signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalSummary {
    /// Its name.
    pub signal: String,
    /// `alarm` or `opportunity`; none where there is no rule any more.
    pub kind: Option<&'static str>,
    /// Customers who have it.
    pub customer_count: u64,
    /// Of these, customers who did not have it in the run before; none where that told of no signals.
    pub new_count: Option<u64>,
    /// Customers who had it and do not have it any more; likewise.
    pub gone_count: Option<u64>,
    /// The sum of what is at stake; none where no row tells.
    pub value_at_stake: Option<Money>,
    /// What to do about it; empty where there is no rule any more.
    pub action: String,
}

impl SignalsSummary {
    /// `new` are the hits that the run before did not have, by rule; none where that told of no signals. None of all
    /// where a sum overflows.
    pub(crate) fn new(rules: &[Rule], all: &[Hits], new: &[u64], before: Option<PriorSignals<'_>>) -> Option<Self> {
        let has_before = before.is_some();
        let mut signals: Vec<SignalSummary> = rules
            .iter()
            .zip(new)
            .map(|(rule, new)| SignalSummary {
                signal: rule.name.clone(),
                kind: Some(rule.kind.slug()),
                customer_count: 0,
                new_count: has_before.then_some(*new),
                gone_count: has_before.then_some(0),
                value_at_stake: None,
                action: rule.action.clone(),
            })
            .collect();
        for hit in all.iter().flat_map(|found| &found.hits) {
            let signal = &mut signals[usize::from(hit.rule)];
            signal.customer_count += 1;
            if let Some(value) = hit.value_at_stake {
                let sum = signal.value_at_stake.unwrap_or_default().0.checked_add(value)?;
                signal.value_at_stake = Some(Money(sum));
            }
        }
        for name in before.map(PriorSignals::finish).unwrap_or_default() {
            let known = signals.iter().position(|signal| signal.signal == name);
            let place = known.unwrap_or_else(|| {
                signals.push(SignalSummary {
                    signal: name.to_owned(),
                    kind: None,
                    customer_count: 0,
                    new_count: Some(0),
                    gone_count: Some(0),
                    value_at_stake: None,
                    action: String::new(),
                });
                signals.len() - 1
            });
            let gone = &mut signals[place].gone_count;
            *gone = Some(gone.unwrap_or_default() + 1);
        }
        Some(Self { signals })
    }
}
