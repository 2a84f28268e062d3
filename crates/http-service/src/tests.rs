//! Over real sockets: what clients and operators see.

mod bounds;
mod errors;
mod operations;
mod stopping;

use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use access::Access;
use axum::Router;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Json, http::StatusCode};
use durable_log_sqlite::SqliteAccess;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{Leave, Limits, Lock, Operations, Problem, Service, SocketGuard, Sockets, serve};

/// Far longer than anything here takes; reached only when something is broken.
const DEADLINE: Duration = Duration::from_secs(10);

/// A service on a free port of its own.
struct Running {
    address: String,
    client: reqwest::Client,
    shutdown: CancellationToken,
    served: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    async fn start(service: Service, grace: Duration) -> Self {
        Self::start_with(service, Leave { drain: Duration::ZERO, grace }).await
    }

    async fn start_with(service: Service, leave: Leave) -> Self {
        // Another test of this process may have done it before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shutdown = CancellationToken::new();
        let served = tokio::spawn(serve(service, listener, shutdown.clone(), leave));
        let client = reqwest::Client::builder().no_gzip().timeout(DEADLINE).build().unwrap();
        Self { address, client, shutdown, served }
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("http://{}{path}", self.address)).send().await.unwrap()
    }

    async fn post(&self, path: &str, body: &'static str) -> reqwest::Response {
        let request = self.client.post(format!("http://{}{path}", self.address)).body(body);
        request.header("content-type", "application/json").send().await.unwrap()
    }

    async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(DEADLINE, self.served).await.expect("the service stops").unwrap().unwrap();
    }
}

fn service(limits: Limits) -> Service {
    let sockets = Sockets::new(8);
    let router = Router::new()
        .route("/panic", get(async || -> StatusCode { panic!("the cat sat on the key") }))
        .route("/fails", get(async || Err::<(), _>(Problem::internal(anyhow::anyhow!("the password is 1234")))))
        .route("/never", get(std::future::pending::<StatusCode>))
        .route("/number/{number}", get(async |Path(number): Path<u32>| number.to_string()))
        .route("/number", post(async |Json(number): Json<u32>| number.to_string()))
        .route("/long", get(async || "long ".repeat(1_000)))
        .route("/ws", any(upgrade))
        .with_state(sockets.clone());
    let operations = Operations::new(telemetry::registry("test").unwrap(), open_lock());
    Service { name: "test", router: router.into(), operations, sockets, limits }
}

/// The lock of a door that is open. Nobody does anything here that would be written down.
fn open_lock() -> Lock {
    let store = SqliteAccess::new(FilePath::new("/nowhere/iskra.db"));
    Lock::new(Access::open(Duration::from_hours(1), Arc::new(store)), Vec::new(), Vec::new())
}

async fn upgrade(State(sockets): State<Sockets>, upgrade: WebSocketUpgrade) -> Result<Response, Problem> {
    let full = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many", "too many sockets");
    let guard = sockets.admit().ok_or_else(full)?;
    Ok(upgrade.on_upgrade(|socket| echo(socket, guard)))
}

/// Answers each frame with itself until the service stops, then says goodbye and waits for the client's.
async fn echo(mut socket: WebSocket, guard: SocketGuard) {
    loop {
        tokio::select! {
            () = guard.closing() => break,
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => socket.send(Message::Text(text)).await.unwrap(),
                _ => return,
            },
        }
    }
    let goodbye = CloseFrame { code: 1012, reason: "the service restarts".into() };
    socket.send(Message::Close(Some(goodbye))).await.unwrap();
    while let Some(Ok(_)) = socket.recv().await {}
}

async fn problem(response: reqwest::Response) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    response.json().await.unwrap()
}
