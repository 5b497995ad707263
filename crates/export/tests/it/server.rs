//! The server that tests export into, and who else is connected to it.

use std::time::Duration;

use cartera_export::Address;
use cartera_testkit::PostgresServer;
use postgres::{Client, NoTls};

/// The address of its database, with options such as `sslmode=require`.
pub(crate) fn address(server: &PostgresServer, options: &str) -> Address {
    Address::parse(&format!("{}?{options}", server.url()), &|_| None).expect("an address")
}

/// A connection of somebody else's.
pub(crate) fn reader(server: &PostgresServer) -> Client {
    Client::connect(&server.url(), NoTls).expect("connected")
}

/// Waits until it holds, a few seconds at most.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("waited in vain until {what}");
}
