use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::Access;
use async_trait::async_trait;
use bus_local::LocalBus;
use domain::{Sample, Score, SignalValue, Subject, Timestamp, Vital, Vitals};
use durable_log::{Clock, Log};
use durable_log_sqlite::{SqliteAccess, SqliteLog, SqliteOptions};
use http_service::{Leave, Lock, Operations, Sockets};
use hub::Hub;
use hub::wire::ServerFrame;
use prometheus::Registry;
use rules::{LiveRules, Loaded, Rules};
use settings::Ports;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use super::client::Client;
use crate::{Dashboard, SampleDoor, SocketBounds};

/// Far longer than anything here takes; reached only when something is broken.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Server {
    pub(super) address: String,
    pub(super) log: Arc<SqliteLog>,
    pub(super) sockets: Sockets,
    pub(super) http: reqwest::Client,
    shutdown: CancellationToken,
    served: JoinHandle<anyhow::Result<()>>,
    _folder: tempfile::TempDir,
}

/// The lock of a door that is open. Nothing is done here that would be written down.
fn open_lock() -> Lock {
    let store = SqliteAccess::new(Path::new("/nowhere/iskra.db"));
    Lock::new(Access::open(Duration::from_hours(1), Arc::new(store)), Vec::new(), Vec::new())
}

/// A door that tells what it was given.
struct Echo;

#[async_trait]
impl SampleDoor for Echo {
    async fn accept(&self, raw: &str) -> ServerFrame<'static> {
        ServerFrame::error("echo", raw)
    }
}

pub(super) fn bounds() -> SocketBounds {
    let frames_per_second = NonZeroU32::new(100).unwrap();
    let origins = Vec::new().into();
    SocketBounds { origins, message_bytes: 16 * 1024, frames_per_second, write: PATIENCE, ping: PATIENCE }
}

impl Server {
    pub(super) async fn start() -> Self {
        Self::with("pulse", 8, bounds()).await
    }

    pub(super) async fn with(name: &'static str, max_sockets: usize, bounds: SocketBounds) -> Self {
        Self::of(name, (max_sockets, bounds), Rules::built_in(), Clock::system()).await
    }

    /// One by these rules, over a log with this clock.
    pub(super) async fn at(clock: Clock, rules: Rules) -> Self {
        Self::of("pulse", (8, bounds()), rules, clock).await
    }

    async fn of(name: &'static str, (max_sockets, bounds): (usize, SocketBounds), rules: Rules, clock: Clock) -> Self {
        // Another test of this process may have done it before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let bus = Arc::new(LocalBus::new());
        let options = SqliteOptions::new(folder.path().join("iskra.db"), 2, bus.clone());
        let log = SqliteLog::open(SqliteOptions { clock, ..options }).await.unwrap();
        let (registry, shutdown) = (Registry::new(), CancellationToken::new());
        let hub = Hub::start(log.clone(), bus, &registry, shutdown.clone()).await.unwrap();
        let rules = Loaded { rules: Arc::new(rules), ..Loaded::built_in() };
        let (sockets, rules) = (Sockets::new(max_sockets), Arc::new(LiveRules::fixed(rules)));
        let door = (name == "pulse").then(|| Arc::new(Echo) as Arc<dyn SampleDoor>);
        let (past, places) = (log.clone(), sockets.clone());
        let ports = Ports { pulse: 3001, seams: 4002, voices: 0, slo_engine: 3004 };
        let dashboard =
            Dashboard { name, hub, log: past, rules, is_paging: false, ports, sockets: places, bounds, door };
        let service = dashboard.into_service(OpenApiRouter::new(), Operations::new(registry, open_lock()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let leave = Leave { drain: Duration::ZERO, grace: PATIENCE };
        let served = tokio::spawn(http_service::serve(service, listener, shutdown.clone(), leave));
        let http = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        Self { address, log, sockets, http, shutdown, served, _folder: folder }
    }

    pub(super) async fn connect(&self) -> Client {
        Client::connect(&format!("ws://{}/ws", self.address)).await
    }

    pub(super) async fn store(&self, samples: Vec<Sample>) {
        self.log.append(samples).await.unwrap();
    }

    pub(super) async fn log_cursor(&self) -> String {
        self.log.heads().await.unwrap().to_string()
    }

    pub(super) async fn get(&self, path: &str) -> (u16, serde_json::Value) {
        let response = self.http.get(format!("http://{}{path}", self.address)).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The answer at `path`, once there is something in its list `name`.
    pub(super) async fn get_some(&self, path: &str, name: &str) -> serde_json::Value {
        let waiting = async {
            loop {
                let (_, body) = self.get(path).await;
                if body[name].as_array().is_some_and(|list| !list.is_empty()) {
                    return body;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("no {name} at {path}"))
    }

    /// Waits until `/metrics` holds `line`.
    pub(super) async fn await_metric(&self, line: &str) {
        let mut metrics = String::new();
        let waiting = async {
            while !metrics.lines().any(|known| known == line) {
                tokio::time::sleep(Duration::from_millis(10)).await;
                let response = self.http.get(format!("http://{}/metrics", self.address)).send().await.unwrap();
                metrics = response.text().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.unwrap_or_else(|_| panic!("never came: {line}\n{metrics}"));
    }

    pub(super) fn begin_to_stop(&self) {
        self.shutdown.cancel();
    }

    pub(super) async fn stopped(self) {
        self.shutdown.cancel();
        tokio::time::timeout(PATIENCE, self.served).await.expect("it stops").unwrap().unwrap();
    }
}

pub(super) fn sample(subject: &str, second: i64, pain: f64) -> Sample {
    Sample {
        subject: Subject::new(subject).unwrap(),
        at: Timestamp::from_millis(1_767_225_600_000 + second * 1_000),
        vitals: Vitals::default().with(Vital::Pain, Score::clamped(pain)),
        signals: domain::Signals::new(),
    }
}

/// About 2 KB of JSON.
pub(super) fn heavy(subject: &str, second: i64) -> Sample {
    let name = |n: i32| format!("{}{n}", "signal".repeat(8)).into();
    let signals = (0..32).map(|n| (name(n), SignalValue::Number(f64::from(n) + 0.123_456)));
    Sample { signals: signals.collect(), ..sample(subject, second, 0.3) }
}
