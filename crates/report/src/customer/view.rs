//! What is told of one customer: the same for the terminal, for JSON and for a page.
//!
//! The names of the fields are those of the published columns that they come from. What is not known is null, and
//! [`CustomerView::unknown`] says which source would tell it. Money is exact decimal text.

use std::fmt::Display;

use cartera_table::{Date, Money};
use serde::{Serialize, Serializer};

/// Everything that a run tells of one customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomerView {
    /// The customer.
    pub customer_id: String,
    /// The pipeline.
    pub pipeline: String,
    /// The day that the run looks back from.
    #[serde(serialize_with = "text")]
    pub as_of: Date,
    /// The run, such as 2025-12-31/2.
    pub run: String,
    /// Code of the currency of all money.
    pub currency: String,
    /// Who the customer is.
    pub person: Person,
    /// Where the customer lives, of what kind it is and the like; personal details are not among these.
    pub traits: Vec<Detail>,
    /// The source keys that are this customer.
    pub keys: Vec<SourceKey>,
    /// Scores, classes and money.
    pub value: Value,
    /// Where the customer stands; none where the run does not tell.
    pub lifecycle: Option<Stage>,
    /// The cluster, and why; none outside of clusters.
    pub cluster: Option<Cluster>,
    /// When the customer buys.
    pub rhythm: Rhythm,
    /// What sums up contacts and cases.
    pub relations: Relations,
    /// Last orders, newest first.
    pub orders: Vec<Event>,
    /// Last contacts, newest first.
    pub contacts: Vec<Event>,
    /// Last events of cases, newest first.
    pub cases: Vec<Event>,
    /// The last word of each channel and purpose.
    pub consents: Vec<Event>,
    /// Who says that the customer must not be contacted.
    pub suppressions: Vec<Event>,
    /// Alarms and opportunities.
    pub signals: Vec<Signal>,
    /// Tonight's lists, and whether the customer is in them.
    pub lists: Vec<ListDecision>,
    /// The next best contact, or why there is none; none where the run does not tell.
    pub next_contact: Option<NextContact>,
    /// Who looks after the customer; none where the run does not tell.
    pub owner: Option<Owner>,
    /// What is not known, and which source would tell it.
    pub unknown: Vec<Unknown>,
}

/// Who the customer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Whether details are shown.
    pub status: PersonStatus,
    /// Name, e-mail and the like; empty where they are hidden or not known.
    pub details: Vec<Detail>,
}

/// Whether personal details are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonStatus {
    /// They are.
    Shown,
    /// There are some, and nobody asked for them.
    Hidden,
    /// The run knows none.
    NotKnown,
}

/// A column and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// The column.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A source key of the customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceKey {
    /// The space that it is unique in.
    pub key_space: String,
    /// The key.
    pub source_key: String,
    /// The rule that made it this customer's.
    pub rule: String,
    /// The rule's confidence.
    pub score: Option<f64>,
}

/// Scores, classes and money.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "each is the published column of that name")]
pub struct Value {
    pub rfm_segment: Option<String>,
    pub rfm_score: Option<String>,
    pub recency_score: Option<i64>,
    pub frequency_score: Option<i64>,
    pub monetary_score: Option<i64>,
    pub pareto_class: Option<String>,
    pub pareto_class_profit: Option<String>,
    pub pareto_class_vin: Option<String>,
    pub value_tier: Option<String>,
    pub order_count: Option<i64>,
    #[serde(serialize_with = "optional_text")]
    pub average_order_value: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub net_sales: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub returned_amount: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub gross_margin: Option<Money>,
    pub gross_margin_rate: Option<f64>,
    #[serde(serialize_with = "optional_text")]
    pub cost_to_serve: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub acquisition_cost: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub net_profit: Option<Money>,
    pub p_alive: Option<f64>,
    pub expected_orders_12m: Option<f64>,
    #[serde(serialize_with = "optional_text")]
    pub clv_12m: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub clv_horizon: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub clv_horizon_low: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub clv_horizon_high: Option<Money>,
    pub horizon_months: Option<i64>,
    /// Probability that the true value lies between low and high.
    pub clv_interval: Option<f64>,
    pub clv_status: Option<String>,
    pub clv_margin_source: Option<String>,
    #[serde(serialize_with = "optional_text")]
    pub vin: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub vin_realized: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub vin_expected: Option<Money>,
    pub bonding: Option<f64>,
}

/// Where the customer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// The stage.
    pub lifecycle_stage: String,
    /// Its first day.
    #[serde(serialize_with = "optional_text")]
    pub lifecycle_since: Option<Date>,
    /// The stage in the run before.
    pub previous_stage: Option<String>,
}

/// The cluster, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cluster {
    /// Its number.
    pub cluster_id: i64,
    /// Its name.
    pub cluster: String,
    /// Distance to its center on the common scale of the features; none where the model is not there any more.
    pub distance: Option<f64>,
    /// The nearest other cluster.
    pub next: Option<NextCluster>,
    /// The features, those first that speak the most for this cluster rather than the next.
    pub features: Vec<ClusterFeature>,
}

/// The nearest other cluster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NextCluster {
    /// Its number.
    pub cluster_id: i64,
    /// Its name.
    pub cluster: String,
    /// Distance to its center.
    pub distance: f64,
}

/// A feature that makes the clusters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterFeature {
    /// The column of `customer_features`, or a share of two of them.
    pub feature: String,
    /// What the customer has there; none where it is not known and the fill stands in its place.
    pub value: Option<f64>,
    /// The center of the customer's cluster, in the same unit.
    pub center: f64,
    /// The center of the next cluster.
    pub next_center: Option<f64>,
    /// How much nearer this feature alone puts the customer to its cluster than to the next, as a difference of squared
    /// distances; below zero where it speaks for the next.
    pub pull: Option<f64>,
}

/// When the customer buys.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "most are the published columns of that name")]
pub struct Rhythm {
    #[serde(serialize_with = "optional_text")]
    pub first_order_date: Option<Date>,
    #[serde(serialize_with = "optional_text")]
    pub last_order_date: Option<Date>,
    pub days_since_last_order: Option<i64>,
    pub order_gap_mean_days: Option<f64>,
    pub order_gap_deviation_days: Option<f64>,
    pub days_overdue: Option<f64>,
    pub sales_trend: Option<f64>,
    /// The day of the last order and the usual gap.
    #[serde(serialize_with = "optional_text")]
    pub due_on: Option<Date>,
    /// The last 24 months, oldest first.
    pub months: Vec<MonthOfOrders>,
}

/// A month and its orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthOfOrders {
    /// The month, such as 2025-12.
    pub month: String,
    /// Its orders; none where it lies before the last orders that are kept.
    pub orders: Option<u32>,
}

/// What sums up contacts and cases.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "each is the published column of that name")]
pub struct Relations {
    pub open_case_count: Option<i64>,
    pub case_count_12m: Option<i64>,
    pub satisfaction_mean: Option<f64>,
    pub nps_class: Option<String>,
    pub days_since_last_contact: Option<i64>,
    pub contact_count_90d: Option<i64>,
    pub response_rate: Option<f64>,
    pub preferred_channel: Option<String>,
    pub preferred_hour: Option<i64>,
}

/// A row of `customer_events`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "each is the published column of that name")]
pub struct Event {
    pub event: String,
    #[serde(serialize_with = "optional_text")]
    pub occurred_on: Option<Date>,
    pub occurred_hour: Option<i64>,
    pub reference: Option<String>,
    pub channel: Option<String>,
    pub purpose: Option<String>,
    pub direction: Option<String>,
    pub subject: Option<String>,
    pub status: Option<String>,
    pub severity: Option<String>,
    pub score: Option<f64>,
    #[serde(serialize_with = "optional_text")]
    pub amount: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub returned_amount: Option<Money>,
    pub line_count: Option<i64>,
    pub source: String,
}

/// An alarm or an opportunity.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "each is the published column of that name")]
pub struct Signal {
    pub signal: String,
    pub kind: String,
    #[serde(serialize_with = "optional_text")]
    pub since: Option<Date>,
    pub strength: Option<f64>,
    #[serde(serialize_with = "optional_text")]
    pub value_at_stake: Option<Money>,
    pub evidence: String,
    pub suggested_action: String,
}

/// Whether the customer is in a list, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is the published column of that name")]
pub struct ListDecision {
    pub list: String,
    /// As in `target_decisions`; `no_candidate` where the customer does not meet the list's condition.
    pub decision: String,
    pub reason: Option<String>,
    pub detail: Option<String>,
    pub rank: Option<i64>,
    #[serde(serialize_with = "optional_text")]
    pub listed_since: Option<Date>,
}

/// The next best contact, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is the published column of that name")]
pub struct NextContact {
    pub reason: String,
    pub action: Option<String>,
    pub source: Option<String>,
    pub channel: Option<String>,
    pub purpose: Option<String>,
    #[serde(serialize_with = "optional_text")]
    pub earliest_on: Option<Date>,
    #[serde(serialize_with = "optional_text")]
    pub value: Option<Money>,
    #[serde(serialize_with = "optional_text")]
    pub last_contact_on: Option<Date>,
}

/// Who looks after the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is the published column of that name")]
pub struct Owner {
    pub owner_id: Option<String>,
    pub status: String,
    pub reason: String,
    pub previous_owner_id: Option<String>,
}

/// What is not known, and which source would tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// What.
    pub what: &'static str,
    /// What would tell it.
    pub source: &'static str,
}

fn text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn optional_text<T: Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
