use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use access::Access;
use bus_local::LocalBus;
use domain::{Sample, Score, Signals, Subject, Vital, Vitals};
use durable_log::Clock;
use durable_log_sqlite::{SqliteAccess, SqliteLog, SqliteOptions};
use http_service::{Leave, Limits, Lock, Operations, Service, Sockets};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::*;

/// Far longer than anything here takes; reached only when something is broken.
const LONG: Duration = Duration::from_secs(20);
const FILE: &str = "slo-thresholds-matrix.yml";
const SHIPPED: &str = include_str!("../../../../../config/slo-thresholds-matrix.yml");
/// Of what is stored, from [`moment`] 0 on: two hours.
const STORED: i64 = 7_200;

/// A Thursday afternoon and so many seconds: no maintenance window is near.
fn moment(second: i64) -> Timestamp {
    Timestamp::from_millis((1_767_276_000 + second) * 1_000)
}

/// The lock of a door that is open. Nothing is done here that would be written down.
fn open_lock() -> Lock {
    let store = SqliteAccess::new(Path::new("/nowhere/iskra.db"));
    Lock::new(Access::open(Duration::from_hours(1), Arc::new(store)), Vec::new(), Vec::new())
}

/// The route of a service over a log with samples, and the folder of its rules.
struct Server {
    address: String,
    http: reqwest::Client,
    folder: tempfile::TempDir,
    shutdown: CancellationToken,
}

impl Server {
    async fn start() -> Self {
        Self::with(|bench| bench).await
    }

    /// One whose rules have a remark in the band of pain.
    async fn with(change: impl FnOnce(Bench) -> Bench) -> Self {
        // Another test of this process may have done it before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), remarked()).unwrap();
        let rules = Arc::new(LiveRules::load_folder(folder.path()).unwrap());
        let bus = Arc::new(LocalBus::new());
        let log = log(folder.path(), bus.clone()).await;
        let (registry, shutdown) = (prometheus::Registry::new(), CancellationToken::new());
        let hub = Hub::start(log.clone(), bus, &registry, shutdown.clone()).await.unwrap();
        let router = router(change(Bench::new(log, hub, rules)));
        let operations = Operations::new(registry, open_lock());
        let service =
            Service { name: "pulse", router, operations, sockets: Sockets::new(1), limits: Limits::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let leave = Leave { drain: Duration::ZERO, grace: LONG };
        tokio::spawn(http_service::serve(service, listener, shutdown.clone(), leave));
        let http = reqwest::Client::builder().timeout(LONG).build().unwrap();
        Self { address, http, folder, shutdown }
    }

    async fn send(&self, body: &Value) -> reqwest::Response {
        self.http.post(format!("http://{}/api/v1/backtest", self.address)).json(body).send().await.unwrap()
    }

    async fn ask(&self, body: &Value) -> (u16, Value) {
        let response = self.send(body).await;
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The second of the two hours, with these edges.
    async fn with_edges(&self, edges: Value) -> (u16, Value) {
        let (since, until) = (moment(STORED / 2), moment(STORED));
        self.ask(&json!({ "subject": "agent-7", "since": since, "until": until, "edges": edges })).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

fn remarked() -> String {
    let text = SHIPPED.replacen("        beyond: \"> 0.50\"\n", "        beyond: \"> 0.50\"  # by hand\n", 1);
    assert_ne!(text, SHIPPED, "the file as shipped is written otherwise now");
    text
}

/// Two hours at one sample each ten seconds. The pain of `agent-7` is 0.47 for ten minutes, from 1:20 on: all OK.
async fn log(folder: &Path, bus: Arc<LocalBus>) -> Arc<SqliteLog> {
    let hand = Arc::new(AtomicI64::new(0));
    let wall = Arc::clone(&hand);
    let clock = Clock::new(move || Timestamp::from_micros(wall.load(Ordering::SeqCst)));
    let options = SqliteOptions::new(folder.join("iskra.db"), 2, bus);
    let log = SqliteLog::open(SqliteOptions { clock, ..options }).await.unwrap();
    for second in (0..STORED).step_by(30) {
        hand.store(moment(second + 30).as_micros(), Ordering::SeqCst);
        let samples = (second..second + 30).step_by(10).map(|second| {
            let pain = if (4_800..5_400).contains(&second) { 0.47 } else { 0.3 };
            let values = Vital::ALL.into_iter().zip([0.8, 0.45, 0.75, pain]);
            let vitals =
                values.fold(Vitals::default(), |all, (vital, value)| all.with(vital, Score::new(value).unwrap()));
            let subject = Subject::new("agent-7").unwrap();
            Sample { subject, at: moment(second), vitals, signals: Signals::new() }
        });
        log.append(samples.collect()).await.unwrap();
    }
    log
}

/// Of one side, how often and for how long each thing of an area was so.
fn figures(backtest: &Value, side: &str, area: &str) -> BTreeMap<String, (u64, f64)> {
    let all = backtest["figures"][side].as_array().unwrap().iter().filter(|figure| figure["area"] == area);
    all.map(|figure| {
        let name = figure["name"].as_str().unwrap().to_owned();
        (name, (figure["times"].as_u64().unwrap(), figure["seconds"].as_f64().unwrap()))
    })
    .collect()
}

#[tokio::test]
async fn a_moved_edge_changes_what_would_have_been_and_the_text_keeps_its_comments() {
    let server = Server::start().await;
    let (status, body) = server.with_edges(json!({ "pain_warn_high": 0.455 })).await;
    assert_eq!(status, 200, "{body}");
    let backtest = &body["backtest"];
    assert_eq!((&backtest["subject"], &backtest["samples"]), (&json!("agent-7"), &json!(360)));
    assert_eq!(backtest["since"], json!(moment(3_600)));
    assert_eq!(backtest["until"], json!(moment(7_200)));
    assert_eq!(backtest["config_hash"], rules::Rules::built_in().hash);
    assert_eq!(figures(backtest, "in_force", "alert"), BTreeMap::new());
    let alert = ("P2 PainWarnHigh".to_owned(), (1, 480.0));
    assert_eq!(figures(backtest, "candidate", "alert").into_iter().find(|(name, _)| *name == alert.0), Some(alert));
    let differences = backtest["differences"].as_array().unwrap();
    let level = differences.iter().find(|it| it["area"] == "level" && it["name"] == "pain WARN").unwrap();
    let expected = json!({ "area": "level", "name": "pain WARN", "in_force": { "times": 0, "seconds": 0.0 },
        "candidate": { "times": 1, "seconds": 600.0 } });
    assert_eq!(*level, expected);

    let yaml = &backtest["yaml"];
    let (line, text) = (yaml["line"].as_u64().unwrap(), yaml["text"].as_str().unwrap());
    assert_eq!(yaml["file"], FILE);
    assert!(text.starts_with("  pain:\n") && text.contains("        beyond: \"> 0.455\"  # by hand\n"), "{text}");
    let remarked = remarked();
    let (before, after) = remarked.split_at(remarked.find("  pain:\n").unwrap());
    assert_eq!(before.lines().count() as u64 + 1, line);
    assert!(after.starts_with(&text.replacen("0.455", "0.50", 1)), "{text}");
}

#[tokio::test]
async fn the_rules_are_those_in_force_whatever_the_files_are_now() {
    let server = Server::start().await;
    std::fs::write(server.folder.path().join(FILE), "what: [").unwrap();
    let (status, body) = server.with_edges(json!({ "pain_warn_high": 0.6, "pain_block_high": 0.65 })).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["backtest"]["differences"], json!([]));
}

#[tokio::test]
async fn edges_that_cannot_be_are_refused_with_place_and_hint() {
    let server = Server::start().await;
    let refused = async |edges: Value| {
        let (status, problem) = server.with_edges(edges).await;
        assert_eq!(status, 422, "{problem}");
        let fields = ["code", "detail", "file", "line", "column", "hint"];
        fields.map(|field| problem[field].clone())
    };
    assert_eq!(
        refused(json!({ "pain_warn_high": 0.65 })).await,
        [
            json!("bad_edges"),
            json!("`block` (>= 0.6) does not lie beyond `warn` (> 0.65)"),
            json!(FILE),
            json!(159),
            json!(17),
            json!("on the high side the numbers rise from warn to block to critical"),
        ]
    );
    let [code, detail, _, line, _, hint] = refused(json!({ "pain_warn_low": -0.1 })).await;
    assert_eq!((code, detail), (json!("bad_edges"), json!("the edge < -0.1 is outside [0, 1]")));
    assert_eq!((line, hint), (json!(142), json!("it lies between 0 and 1")));
    let [code, detail, _, line, _, hint] = refused(json!({ "pain_wran_high": 0.45 })).await;
    assert_eq!((code, detail), (json!("unknown_edge"), json!("there is no edge `pain_wran_high`")));
    assert_eq!((line, hint), (Value::Null, json!("did you mean `pain_warn_high`?")));
    let [code, ..] = refused(json!({})).await;
    assert_eq!(code, "no_edges");
}

#[tokio::test]
async fn a_second_one_is_turned_away_and_comes_back() {
    let place = Arc::new(Semaphore::new(1));
    let shared = Arc::clone(&place);
    let server = Server::with(|bench| Bench { place: shared, ..bench }).await;
    let first = place.acquire().await.unwrap();
    let request = json!({ "subject": "agent-7", "since": moment(0), "edges": { "pain_warn_high": 0.45 } });
    let response = server.send(&request).await;
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].as_bytes()), (503, &b"2"[..]));
    assert_eq!(response.json::<Value>().await.unwrap()["code"], "backtest_under_way");
    drop(first);
    // Each gives its place back, whether it is answered or refused.
    for (edge, status) in [("pain_warn_high", 200), ("anger", 422), ("pain_warn_high", 200)] {
        let request = json!({ "subject": "agent-7", "since": moment(0), "edges": { edge: 0.45 } });
        assert_eq!(server.ask(&request).await.0, status, "{edge}");
    }
}

#[tokio::test]
async fn more_than_may_be_judged_is_refused() {
    let bounds = Bounds { samples: 540, ..Bounds::NONE };
    let server = Server::with(|bench| Bench { bounds, ..bench }).await;
    let edges = json!({ "pain_warn_high": 0.45 });
    let code = async |since: Value, until: Value| {
        let request = json!({ "subject": "agent-7", "since": since, "until": until, "edges": edges });
        let (status, problem) = server.ask(&request).await;
        (status, problem["code"].clone(), problem["detail"].clone())
    };
    let (status, code_of_all, detail) = code(json!(moment(0)), Value::Null).await;
    assert_eq!((status, code_of_all), (422, json!("too_much")));
    assert!(detail.as_str().unwrap().starts_with("there are more than 540 samples: "), "{detail}");
    let bad = |detail: &str| (422, json!("bad_period"), json!(detail));
    assert_eq!(code(json!("32d"), Value::Null).await, bad("at most 31 days are judged"));
    assert_eq!(code(json!("1h"), json!("1h")).await, bad("`since` lies before `until`, and before now"));
    let expected = "`until`: expected how long ago, like 7d or 12h, or a moment like 2026-01-04T03:00:00Z";
    assert_eq!(code(json!("1h"), json!("soon")).await, bad(expected));
    // With the hour of warm-up before it, it is as much as is allowed.
    let (status, ..) = code(json!("30m"), Value::Null).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn what_takes_too_long_ends_and_makes_room() {
    let place = Arc::new(Semaphore::new(1));
    let shared = Arc::clone(&place);
    let server = Server::with(|bench| Bench { place: shared, deadline: Duration::ZERO, ..bench }).await;
    let request = json!({ "subject": "agent-7", "since": moment(0), "edges": { "pain_warn_high": 0.45 } });
    let (status, problem) = server.ask(&request).await;
    assert_eq!((status, &problem["code"]), (503, &json!("backtest_too_slow")));
    timeout(LONG, place.acquire()).await.expect("its thread ends").unwrap().forget();
}

#[tokio::test]
async fn a_stranger_is_not_found_and_a_wrong_request_is_told() {
    let server = Server::start().await;
    let (status, problem) = server.ask(&json!({ "subject": "nobody", "edges": { "pain_warn_high": 0.45 } })).await;
    assert_eq!((status, &problem["code"]), (404, &json!("not_found")));
    for (field, value) in [("edges", json!({ "pain_warn_high": "0.45" })), ("subject", json!("?")), ("what", json!(1))]
    {
        let mut request = json!({ "subject": "agent-7", "edges": { "pain_warn_high": 0.45 } });
        request[field] = value;
        let (status, problem) = server.ask(&request).await;
        assert_eq!(status, 422, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(field), "{problem}");
    }
}
