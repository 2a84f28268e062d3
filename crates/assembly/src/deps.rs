use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bus_local::{LocalBus, SilentBus};
use bus_redis::RedisBus;
use durable_log::{Bus, Clock, Log};
use http_service::Lock;
use rules::{LiveRules, Loaded};
use settings::Settings;
use sources::Sources;
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::lock::lock;
use crate::{Reload, bus, store};

/// How long a process may take to write its last and to close, after its requests have ended.
const CLOSING: Duration = Duration::from_secs(4);
/// The file of the built-in producers.
const SOURCES: &str = "sources.yml";

/// What a service works with. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// Where everything is kept.
    pub log: Arc<dyn Log>,
    /// What hurries it to the readers.
    pub bus: Arc<dyn Bus>,
    /// The same, when it is Redis.
    pub(crate) redis: Option<Arc<RedisBus>>,
    /// What the engine judges by.
    pub rules: Arc<LiveRules>,
    /// How the machine's own figures become vitals.
    pub sources: Arc<Sources>,
    /// Reads the rules again.
    pub reload: Reload,
    /// Who may what.
    pub lock: Lock,
}

impl Deps {
    /// For all services in one process, which need no Redis.
    pub async fn embedded(settings: &Settings, config_dir: Option<&Path>) -> anyhow::Result<Self> {
        Self::open(settings, config_dir, Arc::new(LocalBus::new())).await
    }

    /// For one service in a process of its own. Without Redis it polls the log, which others may write too.
    pub async fn alone(settings: &Settings, config_dir: Option<&Path>) -> anyhow::Result<Self> {
        Self::open(settings, config_dir, Arc::new(SilentBus)).await
    }

    /// For all services in one process, over a log in a file whose clock is not the world's, and rules that stay as they
    /// are: a replay.
    pub async fn of_another_time(settings: &Settings, rules: Loaded, clock: Clock) -> anyhow::Result<Self> {
        let bus: Arc<dyn Bus> = Arc::new(LocalBus::new());
        let log = store::open_sqlite(&settings.storage, bus.clone(), clock).await?;
        let rules = Arc::new(LiveRules::fixed(rules));
        let reload = Reload::new(rules.clone());
        let lock = lock(settings).await?;
        Ok(Self { log, bus, redis: None, rules, sources: Arc::new(Sources::built_in()), reload, lock })
    }

    async fn open(settings: &Settings, config_dir: Option<&Path>, without_redis: Arc<dyn Bus>) -> anyhow::Result<Self> {
        let file = |name: &str| config_dir.map(|folder| folder.join(name)).filter(|path| path.exists());
        let rules = config_dir.map_or_else(|| Ok(LiveRules::built_in()), LiveRules::load_folder)?;
        let sources = file(SOURCES).map_or_else(|| Ok(Sources::built_in()), |path| Sources::load(&path))?;
        let redis = bus::connect(settings)?;
        let bus = redis.clone().map_or(without_redis, |redis| redis as _);
        let log = store::open(&settings.storage, bus.clone()).await?;
        tell(settings, log.store());
        let lock = lock(settings).await?;
        let rules = Arc::new(rules);
        let reload = Reload::new(rules.clone());
        reload.on_hangup().context("waiting for SIGHUP")?;
        reload.on_change();
        Ok(Self { log, bus, redis, rules, sources: Arc::new(sources), reload, lock })
    }

    /// Runs a service to its end, then writes and sends what is queued, and closes the log and the bus. What does not end
    /// within `grace` and a moment after `shutdown` is left behind: whoever stops a process kills it when it stays.
    pub async fn run(
        &self,
        service: impl Future<Output = anyhow::Result<()>>,
        shutdown: CancellationToken,
        grace: Duration,
    ) -> anyhow::Result<()> {
        let run = async {
            let ended = service.await;
            self.close().await;
            ended
        };
        let late = async {
            shutdown.cancelled().await;
            sleep(grace + CLOSING).await;
        };
        tokio::select! {
            biased;
            ended = run => ended,
            () = late => {
                tracing::warn!("stops though not everything has ended: something does not answer");
                Ok(())
            }
        }
    }

    /// Writes and sends what is queued, and closes the log and the bus. Called once, when the services have ended.
    pub async fn close(&self) {
        self.lock.close().await;
        self.log.close().await;
        if let Some(redis) = &self.redis {
            redis.close().await;
        }
    }
}

/// The first that is asked about a service that runs somewhere.
fn tell(settings: &Settings, store: &str) {
    let place = settings.storage.place();
    let redis = settings.bus.redis.as_ref().map_or("none".to_owned(), ToString::to_string);
    tracing::info!(store, place, redis, "the log is kept by {store} in {place}; Redis: {redis}");
}

/// Connections that wait to be let in. When thousands of viewers come back at once, the kernel drops what is beyond it, and who
/// was dropped tries again a second later. The kernel has a limit of its own, `net.core.somaxconn`.
const WAITING_CONNECTIONS: u32 = 4_096;

/// Listens on `port` of the address that the settings name; 0 takes any free one.
pub fn bind(settings: &Settings, port: u16) -> anyhow::Result<TcpListener> {
    listen((settings.bind, port).into()).with_context(|| {
        format!("listening on {}:{port}: is another Iskra running? Other ports: see `iskra up --help`", settings.bind)
    })
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A service that starts again does not wait for connections of the one before to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING_CONNECTIONS)
}
