//! The executor of aggregations against an engine that runs the same list as SQL.

mod aggregate;
