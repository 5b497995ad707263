//! Where a database is, and how it is spoken to. Nothing here shows a password.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};

use crate::error::{self, ExportError};
use crate::tls::{self, Trust};

/// How long a host may take to answer, where the address does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

const DEFAULT_PORT: u16 = 5432;

/// The address of a PostgreSQL database, with what it takes to log in.
#[derive(Clone)]
pub struct Address {
    config: Config,
    /// How a server's certificate is checked; none without TLS.
    trust: Option<Trust>,
    shown: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Address").field(&self.shown).finish()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl Address {
    /// Reads `postgres://user@host:port/database?sslmode=verify-full`. The password is that of the address, else
    /// `PGPASSWORD`, which `variable` gives.
    ///
    /// `sslmode` means what it means to PostgreSQL's own programs: `prefer` (the default) and `require` encrypt without
    /// checking who answers, `verify-full` checks it by the certificates of the machine or of `sslrootcert=FILE`.
    ///
    /// # Errors
    /// When it is no such address.
    pub fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ExportError> {
        let refused = |reason: &str| ExportError::Address {
            reason: reason.to_owned(),
        };
        let rest = ["postgres://", "postgresql://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .ok_or_else(|| refused("it has to begin with postgres://"))?;
        let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = base.split('/').next().unwrap_or_default();
        if authority.matches('@').count() > 1 {
            return Err(refused("in a password, @ is written %40, / is %2F and ? is %3F"));
        }
        let options = Options::parse(query)?;
        let text = match options.rest.as_str() {
            "" => format!("postgres://{base}"),
            rest => format!("postgres://{base}?{rest}"),
        };
        let mut config = Config::from_str(&text).map_err(|failure| refused(&error::said(&failure)))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(refused("it names no host"));
        }
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(refused("it names no database"));
        }
        if config.get_password().is_none()
            && let Some(password) = variable("PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_application_name().is_none() {
            config.application_name("cartera export");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.ssl_mode(options.ssl_mode);
        Ok(Self {
            shown: shown(&config),
            trust: options.trust,
            config,
        })
    }

    /// Connects.
    pub(crate) fn connect(&self) -> Result<Client, ExportError> {
        // A socket of this machine has no TLS, as psql knows too.
        let is_local = self.config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)))
            && !self.config.get_hosts().is_empty();
        let client = match &self.trust {
            Some(trust) if !is_local => self.config.connect(tls::connector(trust)?),
            _ => self.config.connect(NoTls),
        };
        client.map_err(|failure| ExportError::Connect {
            address: self.shown.clone(),
            reason: error::said(&failure),
            code: failure.code().cloned(),
        })
    }
}

/// The options of an address that the driver does not know, and the others as they were.
struct Options {
    ssl_mode: SslMode,
    trust: Option<Trust>,
    rest: String,
}

impl Options {
    fn parse(query: &str) -> Result<Self, ExportError> {
        let refused = |reason: String| ExportError::Address { reason };
        let (mut mode, mut root, mut rest) = ("prefer".to_owned(), None, Vec::new());
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", value)) => value.clone_into(&mut mode),
                Some(("sslrootcert", value)) => {
                    let path =
                        percent_decoded(value).ok_or_else(|| refused(format!("sslrootcert={value} is no path")))?;
                    root = Some(PathBuf::from(path));
                }
                _ => rest.push(option),
            }
        }
        let (ssl_mode, trust) = match mode.as_str() {
            "disable" => (SslMode::Disable, None),
            "prefer" => (SslMode::Prefer, Some(Trust::Anybody)),
            // As PostgreSQL's own programs do: an authority that is named is asked.
            "require" if root.is_none() => (SslMode::Require, Some(Trust::Anybody)),
            "require" | "verify-full" => (SslMode::Require, Some(root.map_or(Trust::Machine, Trust::File))),
            other => {
                return Err(refused(format!(
                    "sslmode={other} is not known: write disable, prefer, require or verify-full"
                )));
            }
        };
        Ok(Self {
            ssl_mode,
            trust,
            rest: rest.join("&"),
        })
    }
}

/// The address for people: user, hosts, ports and database, and no more.
fn shown(config: &Config) -> String {
    let mut text = "postgres://".to_owned();
    if let Some(user) = config.get_user() {
        text.push_str(user);
        text.push('@');
    }
    let ports = config.get_ports();
    for (place, host) in config.get_hosts().iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        let port = ports
            .get(place)
            .or_else(|| ports.first())
            .copied()
            .unwrap_or(DEFAULT_PORT);
        // Writing to a String cannot fail.
        let _ = match host {
            Host::Tcp(host) => write!(text, "{host}:{port}"),
            Host::Unix(path) => write!(text, "{}:{port}", path.display()),
        };
    }
    text.push('/');
    text.push_str(config.get_dbname().unwrap_or_default());
    text
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Address, ExportError> {
        Address::parse(text, &|name| {
            (name == "PGPASSWORD").then(|| "of-the-variable".to_owned())
        })
    }

    #[test]
    fn addresses_are_shown_without_password() {
        for text in [
            "postgres://ann:se%40cret@db.example:5433/crm",
            "postgresql://ann:se%40cret@db.example:5433/crm?sslmode=require&application_name=x",
        ] {
            let address = parse(text).expect("an address");
            assert_eq!(address.to_string(), "postgres://ann@db.example:5433/crm");
            assert_eq!(
                format!("{address:?}"),
                "Address(\"postgres://ann@db.example:5433/crm\")"
            );
            assert_eq!(address.config.get_password(), Some(&b"se@cret"[..]));
        }
        let address = parse("postgres://ann@db.example/crm").expect("an address");
        assert_eq!(address.to_string(), "postgres://ann@db.example:5432/crm");
        assert_eq!(address.config.get_password(), Some(&b"of-the-variable"[..]));
        let socket = parse("postgres:///crm?host=/run/postgresql").expect("an address");
        assert_eq!(socket.to_string(), "postgres:///run/postgresql:5432/crm");
    }

    #[test]
    fn modes_of_tls_are_those_of_libpq() {
        let trust = |query: &str| {
            let address = parse(&format!("postgres://h/d?{query}")).expect("an address");
            (address.config.get_ssl_mode(), address.trust)
        };
        assert_eq!(trust(""), (SslMode::Prefer, Some(Trust::Anybody)));
        assert_eq!(trust("sslmode=disable"), (SslMode::Disable, None));
        assert_eq!(trust("sslmode=require"), (SslMode::Require, Some(Trust::Anybody)));
        assert_eq!(trust("sslmode=verify-full"), (SslMode::Require, Some(Trust::Machine)));
        let file = (SslMode::Require, Some(Trust::File("/a b.pem".into())));
        assert_eq!(trust("sslmode=verify-full&sslrootcert=/a%20b.pem"), file);
        assert_eq!(trust("sslmode=require&sslrootcert=%2Fa%20b.pem"), file);
    }

    #[test]
    fn what_is_no_address_is_refused_without_showing_it() {
        for (text, reason) in [
            ("mysql://ann:secret@h/d", "begin with postgres://"),
            ("postgres://ann:secret@x@h/d", "@ is written %40"),
            ("postgres://ann:secret@h/d?sslmode=on", "sslmode=on is not known"),
            ("postgres://ann:secret@h/d?sslmode=verify-ca", "verify-full"),
            ("postgres://ann:secret@h", "names no database"),
            ("postgres:///d", "names no host"),
            ("postgres://ann:secret@h:x/d", ""),
            ("postgres://ann:secret@h/d?colour=red", ""),
            ("postgres://ann:secret@h/d?sslrootcert=%zz", "is no path"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(matches!(error, ExportError::Address { .. }), "{error:?}");
            let said = format!("{error} {error:?} {:?}", error.hint());
            assert!(said.contains(reason) && !said.contains("secret"), "{said}");
        }
    }
}
