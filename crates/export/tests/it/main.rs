//! Exports into a real PostgreSQL.

mod loading;
mod replacing;
mod server;
mod tls;
mod world;
