//! An action that reaches outside is told to a webhook, signed, at least once.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::suite::{PATIENCE, Suite, eventually};

/// The variable that the rule names, and the key.
const VARIABLE: &str = "EXAMPLE_WEBHOOK_KEY";
const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

type Request = (HeaderMap, Bytes);

/// A program that is told of actions.
struct Receiver {
    url: String,
    requests: watch::Receiver<Vec<Request>>,
    hangs: Arc<AtomicBool>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/iskra", listener.local_addr().unwrap());
        let (keep, requests) = watch::channel(Vec::new());
        let hangs = Arc::new(AtomicBool::new(false));
        let router = Router::new().route("/iskra", post(take)).with_state((keep, hangs.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, requests, hangs }
    }

    async fn wait_for(&self, count: usize) -> Vec<Request> {
        let mut requests = self.requests.clone();
        let arrived = requests.wait_for(|requests| requests.len() >= count);
        tokio::time::timeout(PATIENCE, arrived).await.expect("it is told").unwrap().clone()
    }
}

async fn take(
    State((keep, hangs)): State<(watch::Sender<Vec<Request>>, Arc<AtomicBool>)>,
    headers: HeaderMap,
    body: Bytes,
) {
    keep.send_modify(|requests| requests.push((headers, body)));
    if hangs.load(Ordering::SeqCst) {
        std::future::pending().await
    }
}

/// Writes the shipped actions, which now reach outside, with this webhook.
fn write_rules(folder: &Path, url: &str, variable: &str) {
    let shipped = include_str!("../config/actions.yml");
    let own = shipped
        .replace("dry_run: true", "dry_run: false")
        .replace("webhooks: []\n", &format!("webhooks:\n  - {{ url: \"{url}\", secret: {variable} }}\n"));
    std::fs::write(folder.join("actions.yml"), own).unwrap();
}

async fn start(folder: &Path) -> Suite {
    let mut launcher = Command::new("env");
    launcher.env(VARIABLE, KEY);
    let config = folder.to_str().unwrap();
    Suite::start_by(launcher, "0", &folder.join("data"), &["--config", config]).await
}

/// What became of the one action that was taken.
async fn delivery(suite: &Suite) -> Option<String> {
    let events = suite.get("/api/v1/events?kinds=action&subject=agent-7").await;
    let latest = events["events"].get(0)?;
    assert_eq!(latest["action"]["action"], "stabilize_system");
    latest["action"]["delivery"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_is_told_signed_and_known_to_be_delivered() {
    let (folder, receiver) = (tempfile::tempdir().unwrap(), Receiver::start().await);
    write_rules(folder.path(), &receiver.url, VARIABLE);
    let suite = start(folder.path()).await;
    suite.push(&json!({"subject": "agent-7", "chaos": 0.9})).await;
    let (headers, body) = receiver.wait_for(1).await.remove(0);
    standardwebhooks::Webhook::new(KEY).unwrap().verify(&body, &headers).unwrap();
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&told["type"], &told["subject"]), (&json!("action.taken"), &json!("agent-7")));
    assert_eq!(told["action"]["action"], "stabilize_system");
    eventually("it is delivered", async || (delivery(&suite).await.as_deref() == Some("delivered")).then_some(()))
        .await;
    assert_eq!(receiver.requests.borrow().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_outlives_a_crash_and_keeps_its_id() {
    let (folder, receiver) = (tempfile::tempdir().unwrap(), Receiver::start().await);
    write_rules(folder.path(), &receiver.url, VARIABLE);
    receiver.hangs.store(true, Ordering::SeqCst);
    let suite = start(folder.path()).await;
    suite.push(&json!({"subject": "agent-7", "chaos": 0.9})).await;
    receiver.wait_for(1).await;
    assert_eq!(delivery(&suite).await.as_deref(), Some("pending"));
    suite.kill();

    receiver.hangs.store(false, Ordering::SeqCst);
    let suite = start(folder.path()).await;
    let requests = receiver.wait_for(2).await;
    eventually("it is delivered", async || (delivery(&suite).await.as_deref() == Some("delivered")).then_some(()))
        .await;
    assert_eq!(requests[0].0["webhook-id"], requests[1].0["webhook-id"]);
    assert_eq!(requests[0].1, requests[1].1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_without_a_key_is_refused_at_every_door() {
    const COMPLAINT: &str = "the webhook at hooks.example.com: NO_SUCH_KEY is not set, nor is NO_SUCH_KEY_FILE";
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().to_str().unwrap();
    let suite = start(folder.path()).await;
    write_rules(folder.path(), "https://hooks.example.com/hush", "NO_SUCH_KEY");

    let answer = suite.client.post(format!("{}/-/reload", suite.slo_engine)).send().await.unwrap();
    assert_eq!(answer.status(), 422);
    let told = answer.text().await.unwrap();
    assert!(told.contains(COMPLAINT), "{told}");
    assert_eq!(suite.stop().await, Some(0));

    let ports = ["--pulse-port=0", "--seams-port=0", "--voices-port=0", "--slo-engine-port=0"];
    let up = [&["up", "--config", config, "--data", config][..], &ports].concat();
    for arguments in [&["check", "--config", config][..], &up] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iskra"));
        let ended = command.args(arguments).env_remove("ISKRA_CONFIG").stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success() && said.contains(COMPLAINT) && !said.contains("hush"), "{arguments:?}: {said}");
    }
}
