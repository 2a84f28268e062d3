use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use test_support::DEADLINE;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

/// How the fake answers.
pub(super) enum Answer {
    /// With this status.
    Status(u16),
    /// With 200, once the other end sends or is dropped.
    When(oneshot::Receiver<()>),
    /// Not at all.
    Never,
}

/// Stands in for an Alertmanager that misbehaves; 200 when nothing else is asked of it.
pub(super) struct Fake {
    pub(super) url: String,
    sets: watch::Receiver<Vec<Value>>,
}

type Shared = Arc<(Mutex<VecDeque<Answer>>, watch::Sender<Vec<Value>>)>;

impl Fake {
    pub(super) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (keep, sets) = watch::channel(Vec::new());
        let shared = Arc::new((Mutex::new(answers.into_iter().collect()), keep));
        let router = Router::new().route("/api/v2/alerts", post(take)).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, sets }
    }

    /// The sets it was handed, in order.
    pub(super) fn sets(&self) -> Vec<Value> {
        self.sets.borrow().clone()
    }

    /// Waits until what it was handed `is_so`.
    pub(super) async fn wait_for(&self, is_so: impl Fn(&[Value]) -> bool) {
        let mut sets = self.sets.clone();
        let arrived = sets.wait_for(|sets| is_so(sets));
        if tokio::time::timeout(DEADLINE, arrived).await.is_err() {
            panic!("never; it was handed {:#?}", self.sets());
        }
    }
}

async fn take(State(shared): State<Shared>, Json(set): Json<Value>) -> StatusCode {
    let answer = shared.0.lock().unwrap().pop_front();
    shared.1.send_modify(|sets| sets.push(set));
    match answer {
        None => StatusCode::OK,
        Some(Answer::Status(status)) => StatusCode::from_u16(status).unwrap(),
        Some(Answer::When(moment)) => moment.await.map_or(StatusCode::OK, |()| StatusCode::OK),
        Some(Answer::Never) => std::future::pending().await,
    }
}

/// The names of the alerts in a set.
pub(super) fn names(set: &Value) -> Vec<&str> {
    set.as_array().unwrap().iter().map(|alert| alert["labels"]["alertname"].as_str().unwrap()).collect()
}
