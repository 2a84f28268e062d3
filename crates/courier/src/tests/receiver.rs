use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use serde_json::Value;
use test_support::DEADLINE;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

/// How a receiver answers.
pub(super) enum Answer {
    /// With this status.
    Status(u16),
    /// With 503, and for how many seconds it wants to be left alone.
    Busy(u32),
    /// With 307, to this address.
    Moved(String),
    /// With this status, once the other end sends or is dropped.
    When(oneshot::Receiver<()>, u16),
    /// Not at all.
    Never,
}

/// One request, as it came.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The id of the action that it is about.
    pub(super) fn action(&self) -> String {
        self.json()["action"]["id"].as_str().unwrap().to_owned()
    }
}

/// A program that is told of actions; it answers 200 when nothing else is asked of it.
pub(super) struct Receiver {
    pub(super) url: String,
    requests: watch::Receiver<Vec<Request>>,
    shared: Arc<Shared>,
}

struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    requests: watch::Sender<Vec<Request>>,
    /// Closed until all may be answered.
    gate: watch::Sender<bool>,
    /// Requests that are being answered: now, and the most that ever were.
    open: Mutex<(usize, usize)>,
}

impl Receiver {
    pub(super) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::start_with("127.0.0.1:0".parse().unwrap(), answers, true).await
    }

    pub(super) async fn start_at(address: SocketAddr) -> Self {
        Self::start_with(address, [], true).await
    }

    /// Starts one that answers nobody until it is opened.
    pub(super) async fn start_closed() -> Self {
        Self::start_with("127.0.0.1:0".parse().unwrap(), [], false).await
    }

    async fn start_with(address: SocketAddr, answers: impl IntoIterator<Item = Answer>, is_open: bool) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}/actions", listener.local_addr().unwrap());
        let (keep, requests) = watch::channel(Vec::new());
        let answers = Mutex::new(answers.into_iter().collect());
        let gate = watch::channel(is_open).0;
        let shared = Arc::new(Shared { answers, requests: keep, gate, open: Mutex::default() });
        let router = Router::new().route("/actions", post(take)).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, requests, shared }
    }

    pub(super) fn open(&self) {
        self.shared.gate.send_replace(true);
    }

    /// What came, in order.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.borrow().clone()
    }

    /// The actions that came, each once.
    pub(super) fn actions(&self) -> BTreeSet<String> {
        self.requests().iter().map(Request::action).collect()
    }

    /// The most requests that were open at once.
    pub(super) fn most_open(&self) -> usize {
        self.shared.open.lock().unwrap().1
    }

    /// Waits until so many requests have come.
    pub(super) async fn wait_for(&self, count: usize) -> Vec<Request> {
        let mut requests = self.requests.clone();
        let arrived = requests.wait_for(|requests| requests.len() >= count);
        if tokio::time::timeout(DEADLINE, arrived).await.is_err() {
            panic!("never: {count} requests; there came {:#?}", self.requests());
        }
        self.requests()
    }
}

async fn take(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = shared.answers.lock().unwrap().pop_front();
    {
        let mut open = shared.open.lock().unwrap();
        open.0 += 1;
        open.1 = open.1.max(open.0);
    }
    shared.requests.send_modify(|requests| requests.push(Request { headers, body }));
    shared.gate.subscribe().wait_for(|is_open| *is_open).await.unwrap();
    let response = respond(answer).await;
    shared.open.lock().unwrap().0 -= 1;
    response
}

async fn respond(answer: Option<Answer>) -> Response {
    let status = |number| StatusCode::from_u16(number).unwrap().into_response();
    match answer {
        None => status(200),
        Some(Answer::Status(number)) => status(number),
        Some(Answer::Busy(seconds)) => {
            (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", seconds.to_string())]).into_response()
        }
        Some(Answer::Moved(to)) => (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response(),
        Some(Answer::When(moment, number)) => moment.await.map_or_else(|_| status(number), |()| status(number)),
        Some(Answer::Never) => std::future::pending().await,
    }
}
