//! Against a server that says what it is told to: the real one has its tests at the front door.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};

use super::*;

/// What the server has heard, and after how many looks the experiment is over by itself.
#[derive(Clone)]
struct Server {
    looks: Arc<AtomicUsize>,
    stops: Arc<AtomicUsize>,
    over_after: usize,
}

impl Server {
    fn experiment(&self) -> Value {
        let is_stopped = self.stops.load(Ordering::SeqCst) > 0;
        let is_over = is_stopped || self.looks.load(Ordering::SeqCst) > self.over_after;
        let mut experiment = json!({
            "id": "0-7.experiment", "name": "demo", "subject": "demo", "by": "Ann",
            "from": "2026-01-07T14:00:00Z", "until": "2026-01-07T14:02:00Z", "phase": "calm", "dose": 0,
        });
        if is_over {
            let outcome = if is_stopped { "stopped" } else { "passed" };
            let reason = json!({ "en": "It is over.", "ru": "Всё." });
            experiment["ended"] = json!({ "at": "2026-01-07T14:01:00Z", "outcome": outcome, "reason": reason });
        }
        experiment
    }
}

async fn artifacts() -> Json<Value> {
    let of = |id: &str, about: Value, status: &str| {
        let record = json!({ "lambda": { "status": status }, "sift": { "fact": ["a fact"] } });
        let mut artifact = json!({
            "id": id, "subject": "demo", "at": "2026-01-07T14:01:00Z", "status": "OK", "by": "Ann", "record": record,
        });
        artifact.as_object_mut().unwrap().append(&mut about.as_object().unwrap().clone());
        artifact
    };
    let about = json!({ "experiment": "0-7.experiment" });
    let of_alert = json!({ "experiment": "0-7.experiment", "alert": "0-9.trust_critical_low" });
    Json(json!({ "artifacts": [of("0-9.artifact", of_alert, "WARN"), of("0-10.artifact", about, "OK")] }))
}

async fn begun(State(server): State<Server>, body: String) -> (StatusCode, Json<Value>) {
    match body.contains("busy") {
        true => (StatusCode::CONFLICT, Json(json!({ "detail": "another experiment runs on `demo`" }))),
        false => (StatusCode::CREATED, Json(json!({ "experiment": server.experiment() }))),
    }
}

async fn looked(State(server): State<Server>, Path(_): Path<String>) -> Json<Value> {
    server.looks.fetch_add(1, Ordering::SeqCst);
    Json(json!({ "experiment": server.experiment() }))
}

async fn stopped(State(server): State<Server>, Path(_): Path<String>, Json(body): Json<Value>) -> Json<Value> {
    assert_eq!(body["by"], "Ann");
    server.stops.fetch_add(1, Ordering::SeqCst);
    Json(json!({ "experiment": server.experiment() }))
}

async fn served(over_after: usize) -> (Server, Url) {
    let server = Server { looks: Arc::default(), stops: Arc::default(), over_after };
    let router = Router::new()
        .route("/api/v1/experiments", post(begun))
        .route("/api/v1/experiments/{id}", get(looked))
        .route("/api/v1/experiments/{id}/stop", post(stopped))
        .route("/api/v1/artifacts", get(artifacts))
        .with_state(server.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    (server, url)
}

async fn follow(url: &Url, stop: &CancellationToken) -> Outcome {
    let asker = Asker::new(url).unwrap();
    let One { experiment, .. } = begin(&asker, &Wanted::Named("demo"), "Ann").await.unwrap();
    let follower = Follower { asker, id: experiment.id.clone(), by: "Ann".to_owned() };
    follower.follow(&experiment, stop, Language::En).await.unwrap()
}

#[tokio::test]
async fn it_is_followed_to_its_end_and_its_own_artifact_says_whether_it_passed() {
    let (server, url) = served(1).await;
    let outcome = follow(&url, &CancellationToken::new()).await;
    assert!(outcome.passed);
    assert_eq!(outcome.markdown, "# demo\n\n**passed**: It is over.\n\n- a fact\n");
    assert_eq!((server.looks.load(Ordering::SeqCst), server.stops.load(Ordering::SeqCst)), (2, 0));
}

#[tokio::test]
async fn who_presses_ctrl_c_stops_it_once() {
    let (server, url) = served(usize::MAX).await;
    let stop = CancellationToken::new();
    stop.cancel();
    let outcome = follow(&url, &stop).await;
    assert!(outcome.markdown.contains("**stopped**"), "{}", outcome.markdown);
    assert_eq!(server.stops.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_the_suite_refuses_is_told_in_its_words() {
    let (_server, url) = served(0).await;
    let source = Source::new("busy.yml", "name: busy").unwrap();
    let error = begin(&Asker::new(&url).unwrap(), &Wanted::File(&source), "Ann").await.err().unwrap();
    assert_eq!(error.to_string(), "another experiment runs on `demo`");
}
