//! `[contact_plan]`, which names tiers and signals of other sections.

use cartera_activation::{ContactPlanNames, ContactPlanParams, ContactPlanParamsError, ContactPlanValidParams};
use cartera_segment::{SegmentValidParams, SignalsValidParams};

use super::document::Document;
use super::error::{ConfigError, ConfigProblem};

pub(super) fn checked_contact_plan(
    document: &Document<'_>,
    plan: &ContactPlanParams,
    segment: &SegmentValidParams,
    signals: &SignalsValidParams,
) -> Result<ContactPlanValidParams, ConfigError> {
    let labels = segment.labels().into_iter();
    let tiers: Vec<String> = labels
        .filter(|(name, _)| *name == "value_tier")
        .flat_map(|(_, tiers)| tiers)
        .collect();
    let tiers: Vec<&str> = tiers.iter().map(String::as_str).collect();
    let names = ContactPlanNames {
        value_tiers: &tiers,
        signals: &signals.names(),
    };
    plan.check(names).map_err(|error| {
        let key = format!("contact_plan.{}", error.key());
        let problem = match error {
            ContactPlanParamsError::Unknown { value, valid, .. } => ConfigProblem::UnknownValue {
                key: key.clone(),
                value,
                valid,
            },
            error => ConfigProblem::ContactPlan(error),
        };
        document.error_at(&key, problem)
    })
}
