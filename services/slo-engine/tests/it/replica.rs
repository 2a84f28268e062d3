use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use assembly::Deps;
use domain::{AlertState, Event, Sample, Score, Signals, Subject, Vital, Vitals};
use durable_log::{AlertFilter, Body, Log, Partition};
use engine::{Engine, Input};
use rules::Rules;
use serde_json::Value;
use settings::Settings;
use test_support::DEADLINE;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Partitions of a test's log.
pub(crate) const PARTITIONS: u16 = 4;

/// The service, with a log of its own over a file that it shares with others.
pub(crate) struct Replica {
    pub(crate) log: Arc<dyn Log>,
    url: String,
    shutdown: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

impl Replica {
    pub(crate) async fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[]).await
    }

    pub(crate) async fn start_with(folder: &Path, settings: &[(&str, &str)]) -> Self {
        test_support::use_tls();
        let (path, partitions) = (file(folder).display().to_string(), PARTITIONS.to_string());
        let own = [("storage.path", path.as_str()), ("storage.partitions", &partitions)];
        let settings = own.iter().chain(settings).map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let settings = settings.collect::<Vec<_>>();
        let settings = Arc::new(Settings::load(None, [], &settings).unwrap());
        let deps = Deps::alone(&settings, None).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (log, shutdown) = (deps.log.clone(), CancellationToken::new());
        let running = tokio::spawn(slo_engine::run(settings, deps, listener, shutdown.clone()));
        Self { log, url, shutdown, running }
    }

    /// Stops it as SIGTERM does.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(DEADLINE, self.running).await.expect("it stops").unwrap().unwrap();
    }

    /// Ends it as SIGKILL does: nothing is written any more, nothing is given back.
    pub(crate) async fn kill(self) {
        self.running.abort();
        assert!(self.running.await.unwrap_err().is_cancelled());
    }

    pub(crate) async fn metric(&self, name: &str) -> Option<f64> {
        let text = reqwest::get(format!("{}/metrics", self.url)).await.ok()?.text().await.ok()?;
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
    }

    /// Why it is not ready; none while it is.
    pub(crate) async fn complaint(&self) -> Option<String> {
        let ready = reqwest::get(format!("{}/-/ready", self.url)).await.unwrap();
        let is_ready = ready.status().is_success();
        let complaint = ready.json::<Value>().await.unwrap()["checks"]["engine"].to_string();
        (!is_ready).then_some(complaint)
    }

    /// Waits until it judges so many partitions, and is ready.
    pub(crate) async fn holds(&self, partitions: u16) -> Value {
        eventually(&format!("it judges {partitions}"), async || {
            let ready = reqwest::get(format!("{}/-/ready", self.url)).await.ok()?;
            let is_ready = ready.status().is_success();
            let held = self.metric("iskra_engine_partitions").await?;
            (is_ready && held == f64::from(partitions)).then_some(())?;
            ready.json().await.ok()
        })
        .await
    }
}

/// Where the log of a test lies.
pub(crate) fn file(folder: &Path) -> PathBuf {
    folder.join("iskra.db")
}

/// Stores one sample of each of the subjects, which says only its pain.
pub(crate) async fn push_pain(log: &dyn Log, subjects: &[String], pain: f64) {
    let vitals = Vitals::default().with(Vital::Pain, Score::new(pain).unwrap());
    let sample =
        |name: &String| Sample { subject: Subject::new(name).unwrap(), at: log.now(), vitals, signals: Signals::new() };
    log.append(subjects.iter().map(sample).collect()).await.unwrap();
}

/// Waits until each of the subjects has its alert of critical pain; each must have one only.
pub(crate) async fn each_is_told_once(log: &dyn Log, subjects: &[String]) {
    let filter = AlertFilter { state: Some(AlertState::Firing), limit: 1_000, ..AlertFilter::default() };
    let told = eventually("all alerts are open", async || {
        let alerts = log.alerts(filter.clone()).await.unwrap();
        let told: Vec<_> = alerts.into_iter().filter(|alert| alert.name == "PainCriticalHigh").collect();
        (told.len() >= subjects.len()).then_some(told)
    })
    .await;
    let mut names: Vec<_> = told.iter().map(|alert| alert.subject.to_string()).collect();
    names.sort();
    let mut expected = subjects.to_vec();
    expected.sort();
    assert_eq!(names, expected);
}

/// However often partitions changed hands, the log holds what one engine says that reads it from its beginning.
pub(crate) async fn the_events_are_those_of_a_replay(log: &dyn Log) {
    for partition in (0..PARTITIONS).map(Partition) {
        let (mut written, mut replayed) = (Vec::<Event>::new(), Vec::new());
        let mut engine = Engine::new(partition.0, Arc::new(Rules::built_in()));
        for entry in log.read(partition, 0, 10_000).await.unwrap() {
            match entry.body {
                Body::Sample(sample) => {
                    engine.step(entry.recorded, Input::Sample(entry.seq, &sample), &mut replayed);
                }
                Body::Command(subject, command) => {
                    engine.step(entry.recorded, Input::Command(entry.seq, &subject, &command), &mut replayed);
                }
                Body::Event(event) => written.push(*event),
            }
        }
        // Time went on after the last sample.
        engine.step(log.engine_state(partition).await.unwrap().now, Input::Tick, &mut replayed);
        assert!(!written.is_empty(), "partition {partition} has some");
        assert_eq!(written, replayed, "partition {partition}");
    }
}

/// Waits for an answer, with a deadline.
pub(crate) async fn eventually<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let asked = async {
        loop {
            match ask().await {
                Some(answer) => return answer,
                None => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    tokio::time::timeout(DEADLINE, asked).await.unwrap_or_else(|_| panic!("never: {what}"))
}
