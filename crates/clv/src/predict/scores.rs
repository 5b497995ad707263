//! Scores of a whole base, each distinct history computed once.

use rayon::prelude::*;

use crate::history::{DAYS_PER_WEEK, History};
use crate::params::GammaGamma;
use crate::predict::counts::CountLaw;
use crate::predict::outlook::{Outlook, Purchases};
use crate::predict::spend_law::SpendTable;
use crate::predict::{Onward, RepeatPurchases};

/// What is known of a customer's future.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Probability that the customer is alive.
    pub p_alive: f64,
    /// Expected purchases in the next 12 months.
    pub expected_year: f64,
    /// Expected purchases in the horizon.
    pub expected: f64,
    /// Expected purchases in the next 12 months, discounted.
    pub discounted_year: f64,
    /// Expected purchases in the horizon, discounted.
    pub discounted: f64,
    /// Predictive interval of the number of purchases in the horizon.
    pub orders: [u32; 2],
    /// Predictive interval of the spend in the horizon; none without a model of spend.
    pub spend: Option<SpendFactors>,
}

/// Ends of a predictive interval of the undiscounted spend in the horizon, as factors of
/// [`GammaGamma::spend_scale`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpendFactors {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Score {
    /// The customer's discounted spend in the horizon: expected, lower and upper end of the predictive interval.
    ///
    /// The ends are those of the undiscounted spend, times the discount of the expected purchases. Both are 0 for a
    /// customer who is hardly alive, whose expected spend is not. None without a model of spend, or where it has no
    /// mean.
    #[must_use]
    pub fn discounted_spend(&self, spend: &GammaGamma, value_count: u32, mean_value: f64) -> Option<[f64; 3]> {
        let factors = self.spend?;
        let value = spend.expected_value(value_count, mean_value)?;
        let discount = if self.expected > 0.0 {
            self.discounted / self.expected
        } else {
            0.0
        };
        let scale = spend.spend_scale(value_count, mean_value) * discount;
        Some([value * self.discounted, factors.low * scale, factors.high * scale])
    }
}

/// The scores of the distinct histories of a base.
///
/// # Example
/// ```
/// use cartera_clv::{BgNbd, GammaGamma, History, Outlook, Scores};
///
/// let model = BgNbd::new(0.2425945, 4.4136019, 0.7929199, 2.4258881)?;
/// let spend = GammaGamma::new(6.25, 3.74, 15.44)?;
/// let outlook = Outlook::new(24, 0.1, 0.8)?;
/// let customer = History { repeat_count: 2, recency_days: 213, age_days: 272 };
/// let scores = Scores::of(&model, Some(&spend), &[(customer, 2)], &outlook);
/// let score = scores.get(&customer, 2).expect("a customer who was scored");
/// let [expected, low, high] = score.discounted_spend(&spend, 2, 22.35).expect("a model with a mean");
/// assert!(low == 0.0 && low < expected && expected < high);
/// # Ok::<(), cartera_clv::ClvError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Scores {
    /// Repeats and age of each group, ascending; apart from the groups, since every look-up walks over them.
    group_keys: Vec<u64>,
    groups: Vec<Group>,
    /// Known values and recency of each row, ascending in its group.
    row_keys: Vec<u64>,
    rows: Vec<Row>,
    has_spend: bool,
}

/// Two numbers as one, in the order of the first, then the second.
fn key(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// The two numbers of a key.
fn parts(key: u64) -> (u32, u32) {
    ((key >> 32) as u32, key as u32)
}

/// What customers with the same number of repeats and age have in common.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    first_row: usize,
    row_count: usize,
    year: Purchases,
    horizon: Purchases,
}

#[derive(Debug, Clone, Copy, Default)]
struct Row {
    p_alive: f64,
    orders: [u32; 2],
    spend: [f64; 2],
}

impl Scores {
    /// Scores histories, each with the number of purchases whose values are known. Their order does not matter, nor
    /// does the number of threads.
    #[must_use]
    pub fn of(
        model: &dyn RepeatPurchases,
        spend: Option<&GammaGamma>,
        histories: &[(History, u32)],
        outlook: &Outlook,
    ) -> Self {
        let mut scores = Self::unscored(histories, spend.is_some());
        let mut jobs: Vec<Job<'_>> = Vec::with_capacity(scores.groups.len());
        let (mut row_keys, mut rows) = (scores.row_keys.as_slice(), scores.rows.as_mut_slice());
        for (&key, group) in scores.group_keys.iter().zip(&mut scores.groups) {
            let (own_keys, other_keys) = row_keys.split_at(group.row_count);
            let (own, others) = std::mem::take(&mut rows).split_at_mut(group.row_count);
            (row_keys, rows) = (other_keys, others);
            let (repeat_count, age_days) = parts(key);
            jobs.push(Job {
                repeat_count,
                age: f64::from(age_days) / DAYS_PER_WEEK,
                group,
                row_keys: own_keys,
                rows: own,
            });
        }
        let scorer = Scorer { model, spend, outlook };
        // Groups with the same number of repeats share the posterior of that number.
        jobs.chunk_by_mut(|one, other| one.repeat_count == other.repeat_count)
            .collect::<Vec<_>>()
            .into_par_iter()
            .with_max_len(1)
            .for_each(|jobs| scorer.score(jobs));
        scores
    }

    /// The distinct histories, sorted, in groups.
    fn unscored(histories: &[(History, u32)], has_spend: bool) -> Self {
        let mut keys: Vec<(u64, u64)> = histories
            .par_iter()
            .map(|(history, value_count)| {
                (
                    key(history.repeat_count, history.age_days),
                    key(*value_count, history.recency_days),
                )
            })
            .collect();
        keys.par_sort_unstable();
        keys.dedup();
        let mut scores = Self {
            has_spend,
            rows: vec![Row::default(); keys.len()],
            ..Self::default()
        };
        for same in keys.chunk_by(|one, other| one.0 == other.0) {
            scores.group_keys.extend(same.first().map(|(group, _)| *group));
            scores.groups.push(Group {
                first_row: scores.row_keys.len(),
                row_count: same.len(),
                ..Group::default()
            });
            scores.row_keys.extend(same.iter().map(|(_, row)| *row));
        }
        scores
    }

    /// The score of a history; none where it was not among those scored.
    #[must_use]
    pub fn get(&self, history: &History, value_count: u32) -> Option<Score> {
        let wanted = key(history.repeat_count, history.age_days);
        let group = self.groups.get(self.group_keys.binary_search(&wanted).ok()?)?;
        let row_keys = self.row_keys.get(group.first_row..group.first_row + group.row_count)?;
        let place = row_keys.binary_search(&key(value_count, history.recency_days)).ok()?;
        let row = self.rows.get(group.first_row + place)?;
        let [low, high] = row.spend;
        Some(Score {
            p_alive: row.p_alive,
            expected_year: row.p_alive * group.year.expected,
            expected: row.p_alive * group.horizon.expected,
            discounted_year: row.p_alive * group.year.discounted,
            discounted: row.p_alive * group.horizon.discounted,
            orders: row.orders,
            spend: self.has_spend.then_some(SpendFactors { low, high }),
        })
    }

    /// Distinct histories that were scored.
    #[must_use]
    pub fn distinct_count(&self) -> usize {
        self.rows.len()
    }
}

/// A group to be scored.
struct Job<'a> {
    repeat_count: u32,
    age: f64,
    group: &'a mut Group,
    row_keys: &'a [u64],
    rows: &'a mut [Row],
}

/// Groups of one number of repeats scored together.
struct Scorer<'a> {
    model: &'a dyn RepeatPurchases,
    spend: Option<&'a GammaGamma>,
    outlook: &'a Outlook,
}

/// Groups whose laws are kept at a time.
const GROUPS_AT_ONCE: usize = 128;

impl Scorer<'_> {
    fn score(&self, jobs: &mut [Job<'_>]) {
        let Some(x) = jobs.first().map(|job| f64::from(job.repeat_count)) else {
            return;
        };
        let onward = self.model.onward(x);
        for jobs in jobs.chunks_mut(GROUPS_AT_ONCE) {
            let laws: Vec<CountLaw> = jobs
                .par_iter_mut()
                .map(|job| self.purchases(onward.as_ref(), x, job))
                .collect();
            if let Some(spend) = self.spend {
                self.spend_of(spend, &laws, jobs);
            }
        }
    }

    /// Scores what does not need values; the law of the number of orders of a customer who is alive.
    fn purchases(&self, onward: &dyn Onward, x: f64, job: &mut Job<'_>) -> CountLaw {
        (job.group.year, job.group.horizon) = self.outlook.purchases(|time| onward.expected(job.age, time));
        let law = onward.counts(job.age, self.outlook.weeks());
        let recencies: Vec<f64> = job
            .row_keys
            .iter()
            .map(|key| f64::from(parts(*key).1) / DAYS_PER_WEEK)
            .collect();
        let alive = self.model.p_alive_each(x, &recencies, job.age);
        for (p_alive, row) in alive.into_iter().zip(job.rows.iter_mut()) {
            row.p_alive = p_alive;
            row.orders = self.outlook.levels().map(|level| law.quantile(p_alive, level));
        }
        law
    }

    /// Scores the spend of the groups: one table for each number of known values, one law for each group and number.
    fn spend_of(&self, spend: &GammaGamma, laws: &[CountLaw], jobs: &mut [Job<'_>]) {
        let orders = laws.iter().map(|law| law.probabilities().len()).max().unwrap_or(1) - 1;
        let mut counts: Vec<u32> = jobs
            .iter()
            .flat_map(|job| job.row_keys.chunk_by(|one, other| parts(*one).0 == parts(*other).0))
            .filter_map(|same| same.first().map(|key| parts(*key).0))
            .collect();
        counts.sort_unstable();
        counts.dedup();
        for value_count in counts {
            let table = SpendTable::new(spend, value_count, orders);
            jobs.par_iter_mut().zip(laws).for_each(|(job, law)| {
                let from = job.row_keys.partition_point(|key| parts(*key).0 < value_count);
                let to = job.row_keys.partition_point(|key| parts(*key).0 <= value_count);
                if from == to {
                    return;
                }
                let law = table.mixed(law);
                for row in job.rows.iter_mut().take(to).skip(from) {
                    row.spend = self.outlook.levels().map(|level| law.quantile(row.p_alive, level));
                }
            });
        }
    }
}
