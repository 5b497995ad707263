//! One customer: what is told of it, and the page that tells it.

mod blocks;
mod page;
#[cfg(test)]
mod tests;
mod view;

pub use page::customer_page;
pub use view::{
    Cluster, ClusterFeature, CustomerView, Detail, Event, ListDecision, MonthOfOrders, NextCluster, NextContact, Owner,
    Person, PersonStatus, Relations, Rhythm, Signal, SourceKey, Stage, Unknown, Value,
};
