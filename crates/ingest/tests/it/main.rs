//! Source tables, from files on disk to checked tables and balanced books.

mod merging;
mod rows;
mod support;
