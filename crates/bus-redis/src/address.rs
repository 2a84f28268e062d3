use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

/// Where a Redis is, by how it is kept available. Its password is never shown.
///
/// - `redis://[user:password@]host[:6379][/database]`: one server.
/// - `redis+sentinel://[user:password@]host[:26379],host…/master`: the master that these Sentinels name now.
/// - `redis+cluster://[user:password@]host[:6379],host…`: a cluster that these nodes belong to.
///
/// `rediss` instead of `redis` means TLS. A user may be left out (`redis://:password@host`); what stands for something
/// else in an address (`@`, `:`, `/`, `%`, `,`, `?`, `#`) is written as `%40` and so on.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisAddress {
    pub(crate) kind: Kind,
    pub(crate) has_tls: bool,
    /// At least one.
    pub(crate) hosts: Vec<Host>,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Single { database: Option<u16> },
    Sentinel { master: String },
    Cluster,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    /// A name or an IP address, the latter without brackets.
    pub(crate) name: String,
    pub(crate) port: u16,
}

/// Why a text is not the address of a Redis. It never repeats what might hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Another scheme, or none.
    #[error("a Redis address begins with redis://, redis+sentinel:// or redis+cluster:// (with TLS: rediss…)")]
    Scheme,
    /// No host, or several for one server.
    #[error(
        "a Redis address names one host after redis://, and one or more, parted by commas, for Sentinel or a cluster"
    )]
    Hosts,
    /// A host that is none, or a bad port.
    #[error("host {0} is none: expected name, name:port or [IPv6]:port, with a port from 1 to 65535")]
    Host(usize),
    /// A bad database.
    #[error("what follows the host is no database: expected redis://host/number, or nothing after the host")]
    Database,
    /// A user alone.
    #[error("the password is missing: expected user:password@host, or :password@host without a user")]
    Password,
    /// A bad name, or none.
    #[error("the name of the master is missing: expected redis+sentinel://host:26379/name")]
    Master,
    /// Something behind the hosts of a cluster.
    #[error("a cluster has neither databases nor master names: nothing follows its hosts")]
    AfterCluster,
    /// Parameters.
    #[error("a Redis address has no parameters after ? or #; within a password they are written %3F and %23")]
    Parameters,
    /// `%` without two hexadecimal digits of UTF-8.
    #[error("user and password are written with %xx for special characters, in UTF-8: a % itself is %25")]
    Encoding,
}

impl FromStr for RedisAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (scheme, rest) = text.split_once("://").ok_or(AddressError::Scheme)?;
        let (transport, way) = scheme.split_once('+').unwrap_or((scheme, ""));
        let has_tls = match transport {
            "redis" => false,
            "rediss" => true,
            _ => return Err(AddressError::Scheme),
        };
        if rest.contains(['?', '#']) {
            return Err(AddressError::Parameters);
        }
        // The last one: a password may have been written with a bare @.
        let (credentials, place) = match rest.rsplit_once('@') {
            Some((credentials, place)) => (Some(credentials), place),
            None => (None, rest),
        };
        let (hosts, path) = place.split_once('/').unwrap_or((place, ""));
        let (kind, default_port) = match way {
            "" => (Kind::Single { database: database(path)? }, 6379),
            "sentinel" if path.is_empty() || path.contains('/') => return Err(AddressError::Master),
            "sentinel" => (Kind::Sentinel { master: decoded(path)? }, 26379),
            "cluster" if !path.is_empty() => return Err(AddressError::AfterCluster),
            "cluster" => (Kind::Cluster, 6379),
            _ => return Err(AddressError::Scheme),
        };
        let hosts = hosts.split(',').zip(1..).map(|(host, number)| {
            (!host.is_empty()).then_some(()).ok_or(AddressError::Hosts)?;
            parse_host(host, default_port).ok_or(AddressError::Host(number))
        });
        let hosts: Vec<Host> = hosts.collect::<Result<_, _>>()?;
        if hosts.len() > 1 && matches!(kind, Kind::Single { .. }) {
            return Err(AddressError::Hosts);
        }
        let (user, password) = match credentials {
            Some(both) => {
                let (user, password) = both.split_once(':').ok_or(AddressError::Password)?;
                let user = Some(decoded(user)?).filter(|user| !user.is_empty());
                (user, Some(decoded(password)?))
            }
            None => (None, None),
        };
        Ok(Self { kind, has_tls, hosts, user, password })
    }
}

fn database(path: &str) -> Result<Option<u16>, AddressError> {
    match path {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| AddressError::Database),
    }
}

fn parse_host(text: &str, default_port: u16) -> Option<Host> {
    let (name, port) = match text.strip_prefix('[') {
        Some(address) => {
            let (name, port) = address.split_once(']')?;
            (name, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port))),
    };
    let port = port.map_or(Some(default_port), |port| port.parse().ok().filter(|port| *port != 0))?;
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    is_name.then(|| Host { name: name.to_owned(), port })
}

fn decoded(text: &str) -> Result<String, AddressError> {
    let follows_escape = |rest: &str| rest.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !text.split('%').skip(1).all(follows_escape) {
        return Err(AddressError::Encoding);
    }
    let decoded = percent_decode_str(text).decode_utf8().map_err(|_| AddressError::Encoding)?;
    Ok(decoded.into_owned())
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.contains(':') {
            true => write!(f, "[{}]:{}", self.name, self.port),
            false => write!(f, "{}:{}", self.name, self.port),
        }
    }
}

impl fmt::Display for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match self.kind {
            Kind::Single { .. } => "",
            Kind::Sentinel { .. } => "+sentinel",
            Kind::Cluster => "+cluster",
        };
        write!(f, "redis{}{way}://", if self.has_tls { "s" } else { "" })?;
        if self.password.is_some() {
            f.write_str("***:***@")?;
        }
        for (index, host) in self.hosts.iter().enumerate() {
            write!(f, "{}{host}", if index == 0 { "" } else { "," })?;
        }
        match &self.kind {
            Kind::Single { database: Some(database) } => write!(f, "/{database}"),
            Kind::Sentinel { master } => write!(f, "/{master}"),
            Kind::Single { database: None } | Kind::Cluster => Ok(()),
        }
    }
}

impl fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisAddress({self})")
    }
}

#[cfg(test)]
mod tests;
