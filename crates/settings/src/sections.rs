use std::fmt;
use std::net::IpAddr;
use std::num::{NonZeroU16, NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use access::{Mode, Network};
use domain::{Language, Subject};
use serde::{Deserialize, Deserializer};
use telemetry::LogFormat;
use url::Url;

use crate::Layer;
use crate::address::{Address, redacted};
use crate::describe::InForce;

/// All settings, checked. The variable of a key is its path in capitals: `ports.slo_engine` is
/// `ISKRA__PORTS__SLO_ENGINE`. The defaults stand in `config/iskra.yml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The address on which all services listen.
    pub bind: IpAddr,
    /// One port for each service.
    pub ports: Ports,
    /// Where people reach the Pulse dashboard: links in alerts begin with it.
    pub public_url: Url,
    /// Who may what.
    pub access: Access,
    /// Where samples are kept.
    pub storage: Storage,
    /// What carries them from process to process.
    pub bus: Bus,
    /// What producers may send.
    pub ingest: Ingest,
    /// Bounds of the WebSockets.
    pub sockets: Sockets,
    /// Who pages people.
    pub alertmanager: Alertmanager,
    /// The built-in source that watches the machine.
    pub host_probe: HostProbe,
    /// What is logged.
    pub log: Log,
    /// How services stop.
    pub shutdown: Shutdown,
    #[serde(skip)]
    pub(crate) in_force: Vec<InForce>,
}

/// `ports`: where each service listens; 0 takes any free port.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ports {
    /// Pulse.
    pub pulse: u16,
    /// Seams.
    pub seams: u16,
    /// Voices.
    pub voices: u16,
    /// The SLO engine.
    pub slo_engine: u16,
}

/// `access`: who may what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Whether anybody is asked who they are. Open only on an address of this machine alone.
    pub mode: Mode,
    /// Proxies that are believed when they say whom they speak for.
    pub proxies: Vec<Network>,
    /// Requests that one token may make each second.
    pub requests_per_second: NonZeroU32,
}

/// `storage`: where samples are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// The PostgreSQL database; none means the SQLite file.
    #[serde(deserialize_with = "address_or_nothing")]
    pub url: Option<Address>,
    /// The SQLite file, relative to the working directory.
    pub path: PathBuf,
    /// Whether services bring the tables up to date themselves.
    pub migrate: bool,
    /// Writers that work side by side, at most 64. Fixed when the log is made.
    pub partitions: NonZeroU16,
    /// How much time one chunk of samples in PostgreSQL spans, 1 h to 30 d.
    #[serde(deserialize_with = "duration")]
    pub hot: Duration,
    /// The age at which chunks are compressed, where TimescaleDB is there; from `hot` to `retention`.
    #[serde(deserialize_with = "duration")]
    pub warm: Duration,
    /// How long samples, events and resolved alerts are kept; at least 1 h.
    #[serde(deserialize_with = "duration")]
    pub retention: Duration,
    /// Requests that may wait for one writer.
    pub queue: NonZeroUsize,
}

/// `bus`: what carries fresh entries from process to process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    /// Redis; none means that processes poll the log.
    #[serde(deserialize_with = "address_or_nothing")]
    pub redis: Option<Address>,
    /// What the names of channels begin with.
    pub prefix: String,
}

/// `ingest`: what producers may send.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingest {
    /// Largest request after decompression, in bytes.
    pub max_body: NonZeroUsize,
    /// Most samples in one request.
    pub max_samples: NonZeroUsize,
    /// Requests served at once.
    pub max_in_flight: NonZeroUsize,
    /// Whom a sample without a subject is about, where a door allows that.
    pub default_subject: Subject,
}

/// `sockets`: bounds of the WebSockets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sockets {
    /// Open WebSockets for each service.
    pub max: NonZeroUsize,
    /// Origins besides the service's own whose pages may connect.
    pub origins: Vec<Url>,
    /// Largest frame from a client, in bytes.
    pub max_message_bytes: NonZeroUsize,
    /// Frames that one client may send each second.
    pub frames_per_second: NonZeroU32,
}

/// `alertmanager`: who pages people.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alertmanager {
    /// Every Alertmanager; alerts go to all of them. May hold a user name and password.
    pub urls: Vec<Url>,
    /// How often firing alerts are handed over again.
    #[serde(deserialize_with = "duration")]
    pub resend: Duration,
    /// How long one Alertmanager may take to answer; at most `resend`.
    #[serde(deserialize_with = "duration")]
    pub timeout: Duration,
    /// The language of what people are told.
    pub language: Language,
    /// Runbooks are below it, each under the name of its alert; empty for none.
    #[serde(deserialize_with = "url_or_nothing")]
    pub runbooks: Option<Url>,
    /// Whether an alert named Watchdog fires as long as all is well, so that silence is noticed.
    pub watchdog: bool,
}

/// `host_probe`: the built-in source that watches the machine.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostProbe {
    /// Whether it runs. See [`Settings::alone`].
    pub enabled: bool,
    /// The subject that its samples are about.
    pub subject: Subject,
    /// How often it measures.
    #[serde(deserialize_with = "duration")]
    pub interval: Duration,
}

/// `log`: what is logged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The level, or directives such as `info,pager=debug`.
    pub filter: String,
    /// For people or for machines.
    pub format: LogFormat,
}

/// `shutdown`: how services stop.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shutdown {
    /// How long a connection on which nothing is asked is kept for one more request; never more than half of
    /// `grace`. Longer than the proxy before it keeps idle connections. See [`Settings::together`].
    #[serde(deserialize_with = "duration")]
    pub drain: Duration,
    /// How long open requests and WebSockets may take to end.
    #[serde(deserialize_with = "duration")]
    pub grace: Duration,
}

impl fmt::Debug for Alertmanager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alertmanager")
            .field("urls", &self.urls.iter().map(|url| redacted(url.as_str())).collect::<Vec<_>>())
            .field("resend", &self.resend)
            .field("timeout", &self.timeout)
            .field("language", &self.language)
            .field("runbooks", &self.runbooks.as_ref().map(Url::as_str))
            .field("watchdog", &self.watchdog)
            .finish()
    }
}

impl Settings {
    /// The same for one service in a process of its own: there the host probe runs only where somebody asked for it,
    /// because replicas would all measure under one subject.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.host_probe.enabled &= self.layer("host_probe.enabled") != Some(&Layer::Default);
        self
    }

    /// The same for all services in one process: there is no other replica that a proxy could ask instead, so that
    /// nobody gains by idle connections that are kept.
    #[must_use]
    pub const fn together(mut self) -> Self {
        self.shutdown.drain = Duration::ZERO;
        self
    }
}

impl Storage {
    /// Where samples are kept, for people: the file, or the address without its password.
    pub fn place(&self) -> String {
        self.url.as_ref().map_or_else(|| self.path.display().to_string(), ToString::to_string)
    }
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    yaml_file::parse_duration(&text).map_err(|_| {
        serde::de::Error::custom("expected a time, whole numbers with their unit: 500ms, 15s, 5m, 1h30m, 365d")
    })
}

fn url_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

fn address_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Address>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(Some(text.trim()).filter(|text| !text.is_empty()).map(Address::from))
}
