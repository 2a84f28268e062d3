use std::time::Duration;

use access::Mode;
use url::Url;

use crate::layers::Written;
use crate::{Address, Problem, Settings};

const MAX_PARTITIONS: u16 = 64;
const MAX_BODY: usize = 256 * 1024 * 1024;
const MIN_MESSAGE_BYTES: usize = 1024;
const MAX_MESSAGE_BYTES: usize = 1024 * 1024;
const MAX_PREFIX: usize = 64;
const HOUR: Duration = Duration::from_secs(3_600);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const MONTH: Duration = Duration::from_secs(30 * 86_400);

impl Settings {
    /// Everything that is of the right type and still wrong: alone, or beside another value.
    pub(crate) fn problems(&self, written: &[Written]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (key, is_right, reason) in self.demands() {
            if !is_right {
                let written = written.iter().find(|written| written.key == key);
                let written = written.expect("the defaults hold every key that is checked: a test names them all");
                problems.push(Problem::value(written, &reason));
            }
        }
        problems
    }

    /// Each demand: the key to blame, whether it is met, and what is demanded.
    pub(crate) fn demands(&self) -> Vec<(&'static str, bool, String)> {
        let Self { bind, access, storage, bus, ingest, sockets, alertmanager, host_probe, log, shutdown, .. } = self;
        let within = |value: Duration, least: Duration, most: Duration| (least..=most).contains(&value);
        let mut demands = vec![
            ("public_url", is_base(&self.public_url), "must be an http or https address without `?` and `#`".into()),
            (
                "access.mode",
                access.mode != Mode::Open || bind.to_canonical().is_loopback(),
                format!(
                    "must not stay so while `bind` is {bind}, which others can reach: write `locked` and make a token with \
                     `iskra token create`, or `open-to-network` if something else in front lets only the right ones through"
                ),
            ),
            (
                "storage.url",
                storage.url.as_ref().is_none_or(|url| matches!(url.scheme(), "postgres" | "postgresql")),
                "must be empty, for SQLite, or an address like postgres://iskra@db.example.com/iskra".into(),
            ),
            ("storage.path", !storage.path.as_os_str().is_empty(), "must name a file".into()),
            (
                "storage.partitions",
                storage.partitions.get() <= MAX_PARTITIONS,
                format!("must be from 1 to {MAX_PARTITIONS}"),
            ),
            ("storage.retention", storage.retention >= HOUR, "must be at least 1h".into()),
            ("storage.hot", within(storage.hot, HOUR, MONTH), "must be from 1h to 30d".into()),
            (
                "storage.warm",
                within(storage.warm, storage.hot, storage.retention),
                "must be from `storage.hot` to `storage.retention`".into(),
            ),
            ("bus.redis", bus.redis.as_ref().is_none_or(is_redis), format!("must be empty or begin with {REDIS}")),
            (
                "bus.prefix",
                is_prefix(&bus.prefix),
                format!("must be 1 to {MAX_PREFIX} of a-z, A-Z, 0-9, `.`, `_`, `-`"),
            ),
            ("ingest.max_body", ingest.max_body.get() <= MAX_BODY, format!("must be at most {MAX_BODY} bytes")),
            (
                "sockets.max_message_bytes",
                (MIN_MESSAGE_BYTES..=MAX_MESSAGE_BYTES).contains(&sockets.max_message_bytes.get()),
                format!("must be from {MIN_MESSAGE_BYTES} to {MAX_MESSAGE_BYTES} bytes"),
            ),
            (
                "sockets.origins",
                sockets.origins.iter().all(is_origin),
                "must hold addresses like https://dashboards.example.com, without a path".into(),
            ),
            (
                "alertmanager.urls",
                alertmanager.urls.iter().all(is_base),
                "must hold http or https addresses without `?` and `#`".into(),
            ),
            ("alertmanager.urls", is_unique(&alertmanager.urls), "must name each Alertmanager once".into()),
            (
                "alertmanager.resend",
                within(alertmanager.resend, SECOND, 5 * MINUTE),
                "must be from 1s to 5m, the time after which Alertmanager forgets an alert".into(),
            ),
            (
                "alertmanager.timeout",
                within(alertmanager.timeout, Duration::from_millis(100), alertmanager.resend),
                "must be from 100ms to `alertmanager.resend`".into(),
            ),
            (
                "alertmanager.runbooks",
                alertmanager.runbooks.as_ref().is_none_or(is_base),
                "must be empty or an http or https address without `?` and `#`".into(),
            ),
            (
                "host_probe.interval",
                within(host_probe.interval, Duration::from_millis(100), MINUTE),
                "must be from 100ms to 1m".into(),
            ),
            ("shutdown.grace", within(shutdown.grace, SECOND, 10 * MINUTE), "must be from 1s to 10m".into()),
        ];
        if let Err(reason) = telemetry::check_filter(&log.filter) {
            demands.push(("log.filter", false, format!("{reason}")));
        }
        demands.extend(self.port_demands());
        demands
    }

    /// Two services cannot share a port.
    fn port_demands(&self) -> Vec<(&'static str, bool, String)> {
        let ports = [
            ("ports.pulse", self.ports.pulse),
            ("ports.seams", self.ports.seams),
            ("ports.voices", self.ports.voices),
            ("ports.slo_engine", self.ports.slo_engine),
        ];
        let mut demands = Vec::new();
        for (index, &(key, port)) in ports.iter().enumerate() {
            let earlier = ports[..index].iter().find(|&&(_, other)| other == port && port != 0);
            if let Some((other, _)) = earlier {
                demands.push((key, false, format!("must differ from `{other}`: each service needs its own port")));
            }
        }
        demands
    }
}

/// The kinds of Redis; what follows is for the bus to read.
const REDIS: &str = "redis://, redis+sentinel:// or redis+cluster://, rediss with TLS";

fn is_redis(address: &Address) -> bool {
    let (transport, way) = address.scheme().split_once('+').unwrap_or((address.scheme(), ""));
    matches!(transport, "redis" | "rediss") && matches!(way, "" | "sentinel" | "cluster")
}

fn is_prefix(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=MAX_PREFIX).contains(&text.len()) && text.chars().all(is_allowed)
}

/// Whether paths can be put behind it.
fn is_base(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none() && url.fragment().is_none()
}

fn is_origin(url: &Url) -> bool {
    is_base(url) && url.path() == "/" && url.username().is_empty() && url.password().is_none()
}

fn is_unique(urls: &[Url]) -> bool {
    urls.iter().enumerate().all(|(index, url)| !urls[..index].contains(url))
}
