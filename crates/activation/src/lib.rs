//! Labels and consent to target lists.
//!
//! A list asks for customers by a condition. Who meets it is then held against what the customer allowed, against
//! suppressions, caps and the other lists, ranked, cut off, and drawn into those to be contacted and those held out.
//! Everybody who met the condition gets a decision with its reason.

mod base;
mod campaigns;
mod condition;
pub mod contact;
mod error;
pub mod files;
mod lists;
pub mod measure;
mod permissions;
mod plan;

pub use base::{Base, BaseParts};
pub use campaigns::{
    CampaignParams, CampaignParamsError, CampaignSources, CampaignSummary, CampaignValidParams, Campaigns,
    CampaignsSummary, InteractionWords, campaign_results,
};
pub use condition::{Condition, ConditionError, KnownColumn, KnownColumns, OrderBy, ValueExpression};
pub use error::ActivationError;
pub use lists::{
    Amount, Candidates, Control, ControlParams, CustomerKeys, DecideSources, Decided, Decision, Draw, ListOutcome,
    SUPERSEDED, TAKEN_OFF, Target, TargetParams, TargetParamsError, TargetSummary, TargetsSummary, check_targets,
    decide, detectable_effect,
};
pub use permissions::{
    CapParams, ContactDetail, ContactRulesParams, ContactRulesValidParams, Detail, PermissionCounts, PermissionSources,
    Permissions, Reason, Refusal, Way, closes, suppressed_by_address,
};
pub use plan::{
    ContactActionParams, ContactPlanNames, ContactPlanParams, ContactPlanParamsError, ContactPlanSources,
    ContactPlanSummary, ContactPlanValidParams, ContactWay, NeglectedSummary, PlannedActionSummary, PlannedContacts,
    contact_plan,
};
