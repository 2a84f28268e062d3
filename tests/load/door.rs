//! What stands where Pulse would: it takes samples as often as it is told to, and knows who is muted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A listener; gone when its test ends.
pub(super) struct Door {
    url: String,
    house: Arc<House>,
}

/// How it answers, and who came.
struct House {
    /// So many requests with samples are taken.
    takes: usize,
    /// What all others are answered.
    then: StatusCode,
    /// Whether those who mute are answered at all.
    mutes: bool,
    requests: AtomicUsize,
    asked_to_mute: AtomicUsize,
    muted: Mutex<Vec<String>>,
}

impl Door {
    /// One that takes so many requests, and answers this `then`.
    pub(super) async fn open(takes: usize, then: StatusCode) -> Self {
        Self::start(takes, then, true).await
    }

    /// One that takes whatever is sent, and lets those wait for ever who want to mute.
    pub(super) async fn that_never_mutes() -> Self {
        Self::start(usize::MAX, StatusCode::OK, false).await
    }

    async fn start(takes: usize, then: StatusCode, mutes: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, asked_to_mute) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let house = Arc::new(House { takes, then, mutes, requests, asked_to_mute, muted: Mutex::default() });
        let router = Router::new()
            .route("/api/v1/samples", post(take))
            .route("/api/v1/silences", get(silences).post(mute))
            .with_state(Arc::clone(&house));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, house }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// How many requests with samples came.
    pub(super) fn requests(&self) -> usize {
        self.house.requests.load(Ordering::SeqCst)
    }

    /// How many subjects somebody began to mute.
    pub(super) fn asked_to_mute(&self) -> usize {
        self.house.asked_to_mute.load(Ordering::SeqCst)
    }

    /// The subjects that are muted.
    pub(super) fn muted(&self) -> Vec<String> {
        self.house.muted.lock().unwrap().clone()
    }
}

async fn take(State(house): State<Arc<House>>, Json(samples): Json<Vec<Value>>) -> Response {
    if house.requests.fetch_add(1, Ordering::SeqCst) >= house.takes {
        return house.then.into_response();
    }
    let answer = json!({"accepted": samples.len(), "duplicate": 0, "rejected": 0, "rejections": []});
    Json(answer).into_response()
}

/// Whoever mutes looks first whether that was done already.
async fn silences(State(house): State<Arc<House>>) -> Json<Value> {
    house.asked_to_mute.fetch_add(1, Ordering::SeqCst);
    if !house.mutes {
        std::future::pending::<()>().await;
    }
    Json(json!({"silences": []}))
}

async fn mute(State(house): State<Arc<House>>, Json(silence): Json<Value>) -> Json<Value> {
    house.muted.lock().unwrap().push(silence["subject"].as_str().unwrap().to_owned());
    Json(json!({}))
}
