use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use bus_local::SilentBus;
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use reqwest::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;

use super::*;
use crate::metrics;

/// What a server answers to a query, by its text.
type Answers = dyn Fn(&str) -> Response + Send + Sync;
/// Headers and form of each request.
type Asked = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A server of which every answer is made up, and what it was asked.
struct FakeServer {
    url: String,
    asked: Asked,
}

impl FakeServer {
    async fn start(answers: impl Fn(&str) -> Response + Send + Sync + 'static) -> Self {
        let asked = Asked::default();
        let answers: Arc<Answers> = Arc::new(answers);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/prefix/api/v1/query", post(answer)).with_state((answers, asked.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked }
    }
}

async fn answer(State((answers, asked)): State<(Arc<Answers>, Asked)>, headers: HeaderMap, form: String) -> Response {
    let query = url::form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "query").unwrap().1.into_owned();
    asked.lock().unwrap().push((headers, form));
    // A query that waits is never answered.
    if query == "wait" {
        std::future::pending::<()>().await;
    }
    answers(&query)
}

/// The answer that `checkout` has this value.
fn value(value: &str) -> Response {
    let result = json!([{"metric": {"job": "checkout"}, "value": [1, value]}]);
    axum::Json(json!({"status": "success", "data": {"resultType": "vector", "result": result}})).into_response()
}

/// A poller of a server, over a log of its own.
struct Polling {
    poller: Poller,
    registry: Registry,
    _folder: tempfile::TempDir,
}

impl Polling {
    async fn of(url: &str, rest: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let file = format!(
            "host: {{ pain: {{ combine: max, inputs: [{{ figure: load, points: [[0, 0], [1, 1]] }}] }} }}\n\
             promql: [{{ name: shop, url: '{url}/prefix', every: 1s, subject: job, {rest} }}]\n"
        );
        let source = Sources::parse("sources.yml", &file).unwrap().promql.remove(0);
        let secrets = Secrets::new(|name| (name == "SHOP_SECRET").then(|| "s3cret\n".to_owned()));
        let folder = tempfile::tempdir().unwrap();
        let log =
            SqliteLog::open(SqliteOptions::new(folder.path().join("iskra.db"), 1, Arc::new(SilentBus))).await.unwrap();
        let registry = Registry::new();
        let ingest = Ingest::new(log, Duration::from_hours(1), metrics::Metrics::new(&registry).unwrap());
        let poller = Poller {
            server: Server::new(server::client().unwrap(), &source, secrets).unwrap(),
            ingest,
            most_series: 10,
            metrics: Metrics::new(&registry).unwrap().of("shop"),
            failure: Trouble::new("could not be polled"),
            complaint: Trouble::new("said what could not all be used"),
            source,
        };
        Self { poller, registry, _folder: folder }
    }

    fn now(&self) -> Timestamp {
        self.poller.source.latest(self.poller.ingest.now())
    }

    /// Why a moment could not be polled.
    async fn failure(&self) -> String {
        let asked = self.poller.ask(self.now(), PATIENCE).await;
        format!("{:#}", asked.err().expect("it fails"))
    }

    /// Values of metrics, one after the other.
    fn metrics<const N: usize>(&self, series: [&str; N]) -> [f64; N] {
        let text = String::from_utf8(telemetry::encode(&self.registry).unwrap()).unwrap();
        series.map(|series| {
            let line = text.lines().find_map(|line| line.strip_prefix(series)).unwrap_or_else(|| panic!("no {series}"));
            line.trim().parse().unwrap()
        })
    }
}

const STORED: &str = "iskra_promql_polls_total{outcome=\"stored\",source=\"shop\"}";
const FAILED: &str = "iskra_promql_polls_total{outcome=\"failed\",source=\"shop\"}";
const ACCEPTED: &str = "iskra_ingest_samples_total{outcome=\"accepted\"}";
const PAIN: &str = "queries: [{ query: pain, vital: pain }]";

#[tokio::test]
async fn a_server_is_asked_as_of_a_moment_and_shown_its_secret() {
    let server = FakeServer::start(|_| value("0.5")).await;
    let at = Timestamp::from_millis(1_700_000_000_002);
    for (credentials, shown) in [
        ("", None),
        ("token: SHOP_SECRET,", Some("Bearer s3cret")),
        ("user: ann, password: SHOP_SECRET,", Some("Basic YW5uOnMzY3JldA==")),
    ] {
        let polling = Polling::of(&server.url, &format!("{credentials} {PAIN}")).await;
        polling.poller.ask(at, PATIENCE).await.map(drop).unwrap();
        let (headers, form) = server.asked.lock().unwrap().pop().unwrap();
        assert_eq!(
            form,
            "query=pain&time=1700000000.002&timeout=10000ms&partial_response=false&deny_partial_response=1"
        );
        assert_eq!(headers.get("authorization").map(|value| value.to_str().unwrap()), shown);
    }
}

#[tokio::test]
async fn what_a_server_does_wrong_is_told_and_its_secret_is_not() {
    let elsewhere = FakeServer::start(|_| value("0.5")).await;
    let to = format!("{}/prefix/api/v1/query", elsewhere.url);
    let server = FakeServer::start(move |query| match query {
        "moved" => Redirect::temporary(&to).into_response(),
        "wrong" => {
            let told = json!({"status": "error", "errorType": "bad_data", "error": "unexpected <by>"});
            (StatusCode::BAD_REQUEST, axum::Json(told)).into_response()
        }
        "locked" => StatusCode::UNAUTHORIZED.into_response(),
        // Not to be believed, whatever it says.
        "sick" => (StatusCode::INTERNAL_SERVER_ERROR, value("0.5")).into_response(),
        "page" => "<html>".into_response(),
        _ => Body::from(vec![b' '; 5 * 1024 * 1024]).into_response(),
    })
    .await;
    let told = [
        ("moved", "it answered 307 Temporary Redirect"),
        ("wrong", "the server refuses the query: unexpected <by>"),
        ("locked", "it answered 401 Unauthorized"),
        ("sick", "it answered 500 Internal Server Error"),
        ("page", "this is no answer of the query API: expected value at line 1 column 1"),
        ("large", "the answer is larger than 4194304 bytes"),
    ];
    for (query, why) in told {
        let rest = format!("token: SHOP_SECRET, queries: [{{ query: {query}, vital: pain }}]");
        let polling = Polling::of(&server.url, &rest).await;
        assert_eq!(polling.failure().await, format!("asked for `{query}`: {why}"));
    }
    assert!(elsewhere.asked.lock().unwrap().is_empty(), "no secret goes where nobody wanted it");
    let unset = Polling::of(&server.url, &format!("token: OTHER, {PAIN}")).await;
    assert_eq!(unset.failure().await, "OTHER is not set, nor is OTHER_FILE: one of them gives the secret");
}

#[tokio::test]
async fn a_moment_is_stored_as_a_whole_or_not_at_all() {
    let server = FakeServer::start(|query| match query {
        "pain" => value("0.5"),
        _ => StatusCode::BAD_GATEWAY.into_response(),
    })
    .await;
    for second in ["trust", "wait"] {
        let rest = format!("queries: [{{ query: pain, vital: pain }}, {{ query: {second}, vital: trust }}]");
        let mut polling = Polling::of(&server.url, &rest).await;
        polling.poller.poll(polling.now()).await;
        assert_eq!(polling.metrics([STORED, FAILED, ACCEPTED]), [0.0, 1.0, 0.0], "{second}");
    }
}

#[tokio::test]
async fn the_first_of_several_replicas_is_right() {
    let server = FakeServer::start(|_| value("0.5")).await;
    let other = FakeServer::start(|_| value("0.6")).await;
    let mut polling = Polling::of(&server.url, PAIN).await;
    let moment = polling.now();
    polling.poller.poll(moment).await;
    polling.poller.poll(moment).await;
    polling.poller.server = Polling::of(&other.url, PAIN).await.poller.server;
    polling.poller.poll(moment).await;
    assert_eq!(polling.metrics([STORED, FAILED, ACCEPTED]), [3.0, 0.0, 1.0]);
    let conflicts = "iskra_ingest_rejections_total{reason=\"conflict\"}";
    assert_eq!(polling.metrics(["iskra_ingest_samples_total{outcome=\"duplicate\"}", conflicts]), [1.0, 1.0]);
    assert!(!polling.poller.complaint.is_told(), "that the other one was a little earlier is no trouble");
    let last = "iskra_promql_last_success_timestamp_seconds{source=\"shop\"}";
    assert!(polling.metrics([last])[0] > 1.7e9);
}

#[tokio::test]
async fn what_cannot_be_used_is_complained_of() {
    let server = FakeServer::start(|_| value("1.5")).await;
    let mut polling = Polling::of(&server.url, PAIN).await;
    polling.poller.poll(polling.now()).await;
    assert_eq!(polling.metrics([STORED, ACCEPTED]), [1.0, 0.0]);
    assert!(polling.poller.complaint.is_told() && !polling.poller.failure.is_told());
}

#[tokio::test]
async fn the_end_waits_for_no_server() {
    let server = FakeServer::start(|_| value("0.5")).await;
    let mut polling = Polling::of(&server.url, "queries: [{ query: wait, vital: pain }]").await;
    polling.poller.source.every = Duration::from_hours(1);
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(polling.poller.run(shutdown.clone()));
    while server.asked.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    shutdown.cancel();
    timeout(PATIENCE / 2, running).await.expect("it ends before the server is given up").unwrap();
}

#[test]
fn moments_that_passed_unasked_are_counted() {
    let moment = |second: i64| Timestamp::from_millis(1_000 * second);
    let counted = [(0, 15), (0, 30), (0, 60), (30, 0)]
        .map(|(asked, now)| between(moment(asked), moment(now), Duration::from_secs(15)));
    assert_eq!(counted, [0, 1, 3, 0]);
}
