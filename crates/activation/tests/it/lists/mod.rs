//! Lists over made-up nights, held against a slow second implementation that is easy to read.

mod many;
mod nights;
mod oracle;
mod properties;
mod tables;
mod world;
