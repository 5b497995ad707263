//! Why an export was not done. Whatever it was, the old tables are whole.

use std::error::Error;
use std::path::PathBuf;

use postgres::error::SqlState;
use thiserror::Error;

use crate::address::Address;
use crate::existing::Dependent;

/// Why an export was not done.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The address is none. It is not shown, as it may hold a password.
    #[error("this is no address of a database: {reason}")]
    Address {
        /// What is wrong.
        reason: String,
    },
    /// A file of certificates cannot be read.
    #[error("the certificates in {path} cannot be read: {reason}")]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The machine trusts no certificate.
    #[error("this machine has no certificates to check the server's by: {reason}")]
    NoCertificates {
        /// What was found.
        reason: String,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls {
        /// What rustls said.
        source: rustls::Error,
    },
    /// There is no connection.
    #[error("cannot connect to {address}: {reason}")]
    Connect {
        /// The database, without the password.
        address: String,
        /// What the driver or the server said.
        reason: String,
        /// The server's code; none where there was no answer.
        code: Option<SqlState>,
    },
    /// The server refused a step, or the connection broke.
    #[error("{address} did not {step}: {reason}")]
    Database {
        /// The database, without the password.
        address: String,
        /// What was tried.
        step: String,
        /// What the driver or the server said.
        reason: String,
        /// The server's code; none where the connection broke.
        code: Option<SqlState>,
    },
    /// Another export is loading the same schema.
    #[error("another export is loading the schema {schema}")]
    Busy {
        /// The schema.
        schema: String,
    },
    /// A name is taken by something that no export made.
    #[error("{table} is there already and was not made by cartera export: it is a {kind}")]
    Foreign {
        /// The name, with its schema.
        table: String,
        /// What stands there.
        kind: String,
    },
    /// Something hangs on a table that cannot keep its columns.
    #[error("{table} cannot be filled again ({reasons}), and on it hangs {}", names(dependents))]
    Dependents {
        /// The table, with its schema.
        table: String,
        /// What stands against it.
        reasons: String,
        /// What hangs on it.
        dependents: Vec<Dependent>,
    },
    /// A table cannot be read.
    #[error("the table {table} cannot be read")]
    Source {
        /// The table.
        table: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A frame is not what the table's description says.
    #[error("the rows of {table} are not what its description says: {reason}")]
    Frame {
        /// The table.
        table: String,
        /// How.
        reason: String,
    },
    /// A value that PostgreSQL cannot hold.
    #[error("row {row} of {table} has a {column} that PostgreSQL cannot hold")]
    Value {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The row, from 1.
        row: u64,
    },
    /// The server counted other rows than were sent.
    #[error("{sent} rows of {table} were sent and {stored} arrived")]
    RowCount {
        /// The table.
        table: String,
        /// Rows sent.
        sent: u64,
        /// Rows that the server counted.
        stored: u64,
    },
}

impl ExportError {
    /// For `map_err` on calls to the server.
    pub(crate) fn database(address: &Address, step: &str) -> impl FnOnce(postgres::Error) -> Self + use<> {
        let (address, step) = (address.to_string(), step.to_owned());
        move |error| Self::Database {
            address,
            step,
            reason: said(&error),
            code: error.code().cloned(),
        }
    }

    /// What to do about it, where that does not follow from the message.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Address { .. } => {
                "write postgres://user@host:5432/database, and give the password in the variable PGPASSWORD"
            }
            Self::Certificates { .. } | Self::NoCertificates { .. } => {
                "name a PEM file of the authority that signed the server's certificate with sslrootcert=FILE"
            }
            Self::Connect { reason, code, .. } => connect_hint(reason, code.as_ref()),
            Self::Database { code, .. } => database_hint(code.as_ref()),
            Self::Busy { .. } => "wait for it, or export into another --schema",
            Self::Foreign { .. } => {
                "nothing was changed: rename it, or choose another --schema; a table of an export has a comment that ends with \"Loaded by cartera export.\""
            }
            Self::Dependents { .. } => {
                "nothing was changed: drop that and make it anew after the export, or let --drop-dependents drop it"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

/// What the server or the driver says, without the detail, which may hold cells of rows.
pub(crate) fn said(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(database) => database.message().to_owned(),
        None => {
            let mut text = error.to_string();
            let mut cause = Error::source(error);
            while let Some(error) = cause {
                text.push_str(": ");
                text.push_str(&error.to_string());
                cause = error.source();
            }
            text
        }
    }
}

fn connect_hint(reason: &str, code: Option<&SqlState>) -> &'static str {
    match code {
        Some(code) if *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            "check the user, and the password in the variable PGPASSWORD or in the address"
        }
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => {
            "create the database first, for instance with createdb"
        }
        None if reason.contains("password missing") => "give the password in the variable PGPASSWORD",
        None if reason.contains("certificate") => {
            "name a PEM file of the authority that signed the server's certificate with sslrootcert=FILE; the host has to be the one that the certificate names"
        }
        None if reason.contains("does not support TLS") => {
            "switch TLS on in the server (ssl = on), or write sslmode=prefer where the network is yours alone"
        }
        _ => "check host and port, and that the server accepts connections from this machine",
    }
}

fn database_hint(code: Option<&SqlState>) -> &'static str {
    match code {
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            "the old tables are whole; the user needs the right to create tables in the schema, and to own those that are there"
        }
        Some(code)
            if [
                SqlState::LOCK_NOT_AVAILABLE,
                SqlState::T_R_DEADLOCK_DETECTED,
                SqlState::QUERY_CANCELED,
            ]
            .contains(code) =>
        {
            "the old tables are whole; a query has been reading them all the while: export again once it is done"
        }
        Some(code) if *code == SqlState::DISK_FULL => "the old tables are whole; free some space on the server",
        _ => "the old tables are whole; export again once the cause is mended",
    }
}

fn names(dependents: &[Dependent]) -> String {
    let names: Vec<String> = dependents.iter().map(ToString::to_string).collect();
    names.join(", ")
}
