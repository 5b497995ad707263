//! The next best contact with every customer.
//!
//! Lists ask for customers; the plan asks, for each customer, what comes next: tonight's list, else the first action
//! whose conditions hold and which permissions, caps and quiet periods allow within a horizon, else why there is none. So
//! nobody is contacted too often, and who is of value and was not contacted for long stands there with the reason.
//!
//! Who is held out of a list tonight is planned nothing else: those whom the list contacts have used up their turn, and
//! whatever the held out had in its place would be measured as what the list brings. A list that does contact them is
//! no such thing, as it is drawn on its own.

mod builtin;
mod caps;
mod decide;
mod error;
mod facts;
mod params;
mod permitted;
mod reason;
mod sources;
mod stage;
mod summary;
mod table;

pub use decide::ContactWay;
pub use error::ContactPlanParamsError;
pub use params::{ContactActionParams, ContactPlanNames, ContactPlanParams, ContactPlanValidParams};
pub use sources::{ContactPlanSources, PlannedContacts};
pub use stage::contact_plan;
pub use summary::{ContactPlanSummary, NeglectedSummary, PlannedActionSummary};
