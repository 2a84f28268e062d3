//! Those who do without a protection. They live through the same faults as the suite, and the same checks look at them:
//! a check that finds nothing wrong with them proves nothing about the suite either.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use bus_redis::{RedisBus, RedisOptions};
use domain::Timestamp;
use durable_log::{Body, Bus as _, Hint};
use reqwest::Client;
use serde_json::{Value, json};
use test_support::Notified;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::ledger::{Key, key};

/// How long one attempt may take.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The label of whatever a careless pager tells.
const TWIN: &str = "twin";

/// A door that says yes whatever becomes of the samples, as Pulse would if it did not heed the commit: it hands them on
/// to `pulse`, once. Answers its address.
pub(crate) async fn eager_door(client: &Client, pulse: &str) -> String {
    async fn take(State((client, samples)): State<(Client, String)>, Json(body): Json<Vec<Value>>) -> Json<Value> {
        let accepted = body.len();
        drop(client.post(samples).json(&body).timeout(TIMEOUT).send().await);
        Json(json!({"accepted": accepted, "duplicate": 0}))
    }
    let state = (client.clone(), format!("{pulse}/api/v1/samples"));
    serve(Router::new().route("/api/v1/samples", post(take)).with_state(state)).await
}

/// Between a pager and the Alertmanager at `alertmanager`: it takes whatever it is given for told, and hands each piece
/// of news on once, as a pager would that neither tries again nor repeats. Answers its address.
pub(crate) async fn once_pager(client: &Client, alertmanager: &str) -> String {
    #[derive(Clone)]
    struct Once {
        client: Client,
        alerts: String,
        told: Arc<Mutex<HashSet<(String, bool)>>>,
    }
    async fn take(State(once): State<Once>, Json(set): Json<Vec<Value>>) {
        let now = Timestamp::from(SystemTime::now());
        let is_news = |alert: &Value| {
            let ends_at: Timestamp = alert["endsAt"].as_str().and_then(|at| at.parse().ok()).expect("it has an end");
            let identity = format!("{} {}", alert["labels"], alert["startsAt"]);
            once.told.lock().unwrap_or_else(PoisonError::into_inner).insert((identity, ends_at <= now))
        };
        let mut news: Vec<Value> = set.into_iter().filter(is_news).collect();
        news.iter_mut().for_each(|alert| alert["labels"][TWIN] = "careless".into());
        drop(once.client.post(&once.alerts).json(&news).timeout(TIMEOUT).send().await);
    }
    let alerts = format!("{alertmanager}/api/v2/alerts");
    let once = Once { client: client.clone(), alerts, told: Arc::default() };
    serve(Router::new().route("/api/v2/alerts", post(take)).with_state(once)).await
}

/// Whether it was a careless pager that told it.
pub(crate) fn told_it(page: &Notified) -> bool {
    page.labels.contains_key(TWIN)
}

/// A reader that trusts Redis alone and never looks at the log; it ends when dropped.
pub(crate) struct BusReader {
    seen: Arc<Mutex<HashSet<Key>>>,
    task: JoinHandle<()>,
}

impl BusReader {
    /// Reads what comes by the Redis at `url`.
    pub(crate) fn start(url: &str) -> Self {
        let bus = RedisBus::connect(RedisOptions::new(url.parse().expect("an address")));
        let seen = Arc::<Mutex<HashSet<Key>>>::default();
        let (seen_here, mut all) = (seen.clone(), bus.subscribe());
        let task = tokio::spawn(async move {
            // Ends with it: it is what keeps the connection.
            let _bus = bus;
            loop {
                let Hint::Batch(_, batch) = all.next().await else { continue };
                let samples = batch.entries.iter().filter_map(|entry| match &entry.body {
                    Body::Sample(sample) => Some(key(sample)),
                    _ => None,
                });
                seen_here.lock().unwrap_or_else(PoisonError::into_inner).extend(samples);
            }
        });
        Self { seen, task }
    }

    /// All of `samples` came.
    pub(crate) fn has_all<'a>(&self, samples: impl Iterator<Item = &'a Key>) -> anyhow::Result<()> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        anyhow::ensure!(!seen.is_empty(), "nothing came at all");
        let missing = samples.filter(|sample| !seen.contains(*sample)).count();
        anyhow::ensure!(missing == 0, "{missing} samples did not come, {} did", seen.len());
        Ok(())
    }
}

impl Drop for BusReader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// On a free port, until the test ends.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}
