//! Source tables, from files on disk to checked tables and balanced books.

mod denials;
mod erasing;
mod merging;
mod rows;
mod support;
