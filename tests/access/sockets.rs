//! Sockets: who may open one, what may be said on it, and when it is closed.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::locked::Locked;
use crate::suite::PATIENCE;

/// What is promised of a revocation.
const HOLDS_WITHIN: Duration = Duration::from_secs(5);
const OVER: u16 = 4505;

struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    async fn open(service: &str, headers: &[(&'static str, &str)]) -> Self {
        let mut request = format!("{}/ws", service.replacen("http", "ws", 1)).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let wire = TcpStream::connect(service.split_once("://").unwrap().1).await.unwrap();
        Self(timeout(PATIENCE, client_async(request, wire)).await.unwrap().unwrap().0)
    }

    /// The answer to a frame, heartbeats passed over.
    async fn ask(&mut self, frame: Value) -> Value {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.unwrap().unwrap().unwrap();
            let Message::Text(text) = message else { continue };
            let frame: Value = serde_json::from_str(&text).unwrap();
            if frame["type"] != "heartbeat" {
                return frame;
            }
        }
    }

    /// The code of the close, which must come within `limit`.
    async fn closed(&mut self, limit: Duration) -> u16 {
        let close = async {
            loop {
                if let Message::Close(Some(frame)) = self.0.next().await.unwrap().unwrap() {
                    return frame.code.into();
                }
            }
        };
        timeout(limit, close).await.expect("it is closed in time")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_closes_open_sockets_within_five_seconds() {
    let it = Locked::start().await;
    let (stays, goes) = (it.token("stays", "read", &[]), it.token("goes", "read", &[]));
    let ends = it.token("ends", "read", &["--expires", "3s"]);
    let cookie = it.log_in(&goes).await;
    let bearer = |token: &str| format!("Bearer {token}");
    let mut staying = Socket::open(&it.suite.seams, &[("authorization", &bearer(&stays))]).await;
    let mut by_token = Socket::open(&it.suite.pulse, &[("authorization", &bearer(&goes))]).await;
    let mut by_time = Socket::open(&it.suite.pulse, &[("authorization", &bearer(&ends))]).await;
    let page = [("cookie", cookie.as_str()), ("origin", it.suite.voices.as_str())];
    let mut by_cookie = Socket::open(&it.suite.voices, &page).await;
    for socket in [&mut staying, &mut by_token, &mut by_cookie] {
        assert_eq!(socket.ask(json!({"type": "subscribe"})).await["type"], "subscribed");
    }
    it.revoke(&goes);
    let began = Instant::now();
    let codes = tokio::join!(by_token.closed(HOLDS_WITHIN), by_cookie.closed(HOLDS_WITHIN));
    println!("closed {:?} after the revocation", began.elapsed());
    assert_eq!(codes, (OVER, OVER));
    assert_eq!(by_time.closed(PATIENCE).await, OVER);
    assert_eq!(staying.ask(json!({"type": "ping", "timestamp": 1})).await["type"], "snapshot", "it goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_ends_with_its_session_and_not_with_another() {
    let it = Locked::start().await;
    let token = it.token("ann", "read", &[]);
    let (one, other) = (it.log_in(&token).await, it.log_in(&token).await);
    let origin = it.suite.pulse.as_str();
    let mut first = Socket::open(origin, &[("cookie", &one), ("origin", origin)]).await;
    let mut second = Socket::open(origin, &[("cookie", &other), ("origin", origin)]).await;
    let out = it.request("DELETE", &format!("{origin}/api/v1/session")).header("cookie", &one).header("origin", origin);
    assert_eq!(out.send().await.unwrap().status(), 204);
    assert_eq!(first.closed(HOLDS_WITHIN).await, OVER);
    assert_eq!(second.ask(json!({"type": "subscribe"})).await["type"], "subscribed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_said_on_a_socket_is_what_the_token_may() {
    let it = Locked::start().await;
    let sample = json!({"type": "metrics", "data": {"subject": "agent-7", "clarity": 0.8}});
    for (scope, may_look, may_send) in [("read", true, false), ("ingest", false, true)] {
        let token = format!("Bearer {}", it.token(scope, scope, &[]));
        let mut socket = Socket::open(&it.suite.pulse, &[("authorization", &token)]).await;
        let sent = socket.ask(sample.clone()).await;
        assert_eq!(
            (sent["type"] == "metrics_received", sent["code"] == "scope_missing"),
            (may_send, !may_send),
            "{sent}"
        );
        let looked = socket.ask(json!({"type": "subscribe"})).await;
        assert_eq!(
            (looked["type"] == "subscribed", looked["code"] == "scope_missing"),
            (may_look, !may_look),
            "{looked}"
        );
    }
}
