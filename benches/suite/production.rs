//! The suite as in production: PostgreSQL with its defaults for durability, Redis, and each service in a process of its
//! own, all of them on this machine.

pub(crate) mod backtest_read;
pub(crate) mod history;
pub(crate) mod ingest;
pub(crate) mod latency;
mod load;
mod open_loop;
pub(crate) mod overload;
pub(crate) mod paging;
mod postgres_alone;
mod probe;
pub(crate) mod recovery;
mod servers;
mod service;
pub(crate) mod soak;
pub(crate) mod sockets;
mod stock;
pub(crate) mod takeover;

use std::time::{Duration, Instant};

use anyhow::Context as _;

use self::probe::Probe;
use self::servers::Servers;
use self::service::Service;
use crate::Bench;
use crate::report::Report;

/// How long anything may take that is expected to happen soon.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pause between two looks at what is waited for; the figures are as coarse as this.
const POLL: Duration = Duration::from_millis(5);

/// The running suite; all of it ends when dropped, the services first.
pub(crate) struct Production {
    pub(crate) pulse: Service,
    pub(crate) seams: Service,
    pub(crate) voices: Service,
    pub(crate) engines: Vec<Service>,
    pub(crate) servers: Servers,
}

impl Production {
    /// Starts it over a new database with so many engines, and further settings for all services. Everything works when
    /// this returns.
    pub(crate) async fn start(bench: &Bench, engines: usize, more: &[&str]) -> anyhow::Result<Self> {
        let servers = Servers::start(bench, false).await?;
        let settings = [servers.settings(), more.iter().map(ToString::to_string).collect()].concat();
        let service = |name| Service::start(bench, name, &settings);
        let (pulse, seams, voices) = (service("pulse")?, service("seams")?, service("voices")?);
        let engines = (0..engines).map(|_| service("slo-engine")).collect::<anyhow::Result<_>>()?;
        let production = Self { pulse, seams, voices, engines, servers };
        for service in production.services() {
            service.ready().await?;
        }
        // The first judgement makes connections and statements that all later ones use.
        production.probe("first").wait().await?;
        Ok(production)
    }

    pub(crate) fn services(&self) -> impl Iterator<Item = &Service> {
        [&self.pulse, &self.seams, &self.voices].into_iter().chain(&self.engines)
    }

    /// Asks whether all partitions are judged, by subjects that begin with `word`.
    pub(crate) fn probe(&self, word: &str) -> Probe {
        Probe::new(self.pulse.address, word)
    }
}

/// Says what stands behind all that follows; an error where it is missing.
pub(crate) async fn describe(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    report.note("production", Servers::start(bench, false).await?.describe().await?)
}

/// Waits until there is an answer, and answers also how long that took.
async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> anyhow::Result<(T, Duration)> {
    let start = Instant::now();
    let wait = async {
        loop {
            match look().await {
                Some(found) => return found,
                None => tokio::time::sleep(POLL).await,
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, wait).await;
    Ok((found.with_context(|| format!("{what}: not within {PATIENCE:?}"))?, start.elapsed()))
}
