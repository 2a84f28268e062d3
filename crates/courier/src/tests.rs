mod bounds;
mod crash;
mod delivery;
mod receiver;
mod retries;
mod rules_in_force;
mod secrets;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bus_local::SilentBus;
use domain::{Action, Command, Delivery, Priority, Reach, Subject, Text, Timestamp};
use durable_log::contract::FlakyLog;
use durable_log::{Body, Clock, Log, Partition};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use prometheus::Registry;
use rules::{Actions, Rules, Webhook};
use settings::Secrets;
use tempfile::TempDir;
use test_support::DEADLINE;

use crate::{Bag, Courier, Patience};

/// So long that it never comes within a test.
const NEVER: Duration = Duration::from_secs(3_600);
/// The variable of all keys, and the key.
const VARIABLE: &str = "EXAMPLE_WEBHOOK_KEY";
const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Waits that tests can wait for.
fn impatience() -> Patience {
    let short = Duration::from_millis(20);
    Patience { timeout: DEADLINE, first_wait: short, longest_wait: short, longest_asked: short, give_up: NEVER }
}

fn agent() -> Subject {
    "agent-7".parse().unwrap()
}

/// An action that was taken just now, under an id of its own.
fn action(id: &str) -> Action {
    Action {
        id: id.to_owned(),
        action: "stabilize_system".to_owned(),
        priority: Priority::P0,
        at: Clock::system().now(),
        reach: Reach::Outside,
        voices: Vec::new(),
        parameters: BTreeMap::from([("hold_back_seconds".to_owned(), 300.0)]),
        reason: Text::new("chaos 0.84 > 0.80: producers hold back", "хаос 0,84 > 0,80: источники притормаживают"),
        delivery: Delivery::Pending,
    }
}

fn webhook(url: &str) -> Webhook {
    Webhook { url: url.to_owned(), secret: VARIABLE.to_owned(), actions: Vec::new() }
}

/// A courier of a log, and the bag of its one partition.
struct Running {
    log: Arc<FlakyLog>,
    rules: Arc<Mutex<Arc<Rules>>>,
    registry: Registry,
    courier: Courier,
    bag: Bag,
}

impl Running {
    async fn start(folder: &Path, webhooks: Vec<Webhook>, patience: Patience) -> Self {
        Self::start_with(folder, webhooks, patience, |name| (name == VARIABLE).then(|| KEY.to_owned())).await
    }

    async fn start_with(
        folder: &Path,
        webhooks: Vec<Webhook>,
        patience: Patience,
        variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        test_support::use_tls();
        let log = SqliteLog::open(SqliteOptions::new(folder.join("log.db"), 1, Arc::new(SilentBus))).await.unwrap();
        let log = Arc::new(FlakyLog::new(log));
        let rules = Arc::new(Mutex::new(Arc::new(with(true, webhooks))));
        let (registry, in_force) = (Registry::new(), rules.clone());
        let in_force = move || in_force.lock().unwrap().clone();
        let courier = Courier::new(log.clone(), in_force, Secrets::new(variable), patience, &registry).unwrap();
        let bag = courier.bag();
        Self { log, rules, registry, courier, bag }
    }

    /// Puts other rules in force.
    fn reload(&self, is_enabled: bool, webhooks: Vec<Webhook>) {
        *self.rules.lock().unwrap() = Arc::new(with(is_enabled, webhooks));
    }

    /// What the engine would read of deliveries: action and what became of it, in the order of the log.
    async fn told(&self) -> Vec<(String, Delivery)> {
        let entries = self.log.read(Partition(0), 0, 10_000).await.unwrap();
        let told = entries.into_iter().map(|entry| match entry.body {
            Body::Command(subject, Command::Deliver { action, delivery }) => {
                assert_eq!(subject, agent());
                (action, delivery)
            }
            other => panic!("{other:?}"),
        });
        told.collect()
    }

    /// Waits until the log was told so often.
    async fn is_told(&self, times: usize) -> Vec<(String, Delivery)> {
        eventually(&format!("the log is told {times} times"), async || {
            let told = self.told().await;
            (told.len() >= times).then_some(told)
        })
        .await
    }

    fn count(&self, outcome: &str) -> f64 {
        self.metric(&format!("iskra_webhook_deliveries_total{{outcome=\"{outcome}\"}}"))
    }

    fn pending(&self) -> f64 {
        self.metric("iskra_webhook_pending")
    }

    fn metric(&self, line: &str) -> f64 {
        let text = String::from_utf8(telemetry::encode(&self.registry).unwrap()).unwrap();
        let found = text.lines().find_map(|found| found.strip_prefix(line)?.trim().parse().ok());
        found.unwrap_or_else(|| panic!("no {line} in {text}"))
    }
}

/// The shipped rules, with these webhooks.
fn with(is_enabled: bool, webhooks: Vec<Webhook>) -> Rules {
    let rules = Rules::built_in();
    Rules { actions: Actions { is_enabled, webhooks, ..rules.actions }, ..rules }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Waits for an answer, with a deadline.
async fn eventually<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let asked = async {
        loop {
            match ask().await {
                Some(answer) => return answer,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    tokio::time::timeout(DEADLINE, asked).await.unwrap_or_else(|_| panic!("never: {what}"))
}

/// 2026-01-01T00:01:01Z.
fn new_year() -> Timestamp {
    "2026-01-01T00:01:01Z".parse().unwrap()
}
