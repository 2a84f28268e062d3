use std::sync::Arc;

use access::Caller;
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_service::{Problem, Sockets, is_allowed};
use hub::Hub;
use hub::wire::Close;
use hyper_tungstenite::tungstenite::protocol::WebSocketConfig;
use hyper_tungstenite::{HyperWebsocket, is_upgrade_request, upgrade};
use tokio::sync::Semaphore;

use super::session::{self, Session};
use super::{SampleDoor, SocketBounds};
use crate::Dashboard;

/// What is read at once from a socket. The default would cost every viewer 128 KiB.
const READ_BUFFER_BYTES: usize = 4 * 1024;
/// What is collected before it is written, so that frames that are ready together leave together.
const WRITE_BUFFER_BYTES: usize = 16 * 1024;
/// Sockets that are being told at the same time that there are too many.
const REFUSALS: usize = 64;
/// The subprotocol of `docs/websocket.md`.
const PROTOCOL: &str = "iskra.v1";

/// Lets sockets in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Entrance {
    hub: Arc<Hub>,
    sockets: Sockets,
    bounds: SocketBounds,
    door: Option<Arc<dyn SampleDoor>>,
    refusals: Arc<Semaphore>,
}

impl Entrance {
    pub(crate) fn new(dashboard: &Dashboard) -> Self {
        Self {
            hub: Arc::clone(&dashboard.hub),
            sockets: dashboard.sockets.clone(),
            bounds: dashboard.bounds.clone(),
            door: dashboard.door.clone(),
            refusals: Arc::new(Semaphore::new(REFUSALS)),
        }
    }

    pub(crate) fn router(self) -> Router {
        Router::new().route("/ws", get(enter)).route("/realtime", get(enter)).with_state(self)
    }

    /// Begins a session for a request that asks for a socket, or says why not.
    pub(crate) fn admit(self, caller: Caller, request: Request) -> Result<Response, Problem> {
        if !is_allowed(request.headers(), &self.bounds.origins) {
            let detail = "pages of this origin may not connect; `sockets.origins` of the settings lists those that may";
            return Err(Problem::new(StatusCode::FORBIDDEN, "origin_not_allowed", detail));
        }
        if let Some(guard) = self.sockets.admit() {
            let viewer = self.hub.viewer();
            let (response, socket) = self.shake_hands(request)?;
            tokio::spawn(async move {
                // One that is gone before it could hear the answer is none.
                if let Ok(socket) = socket.await {
                    Session::new(socket, viewer, caller, self).run(guard).await;
                }
            });
            return Ok(response);
        }
        // A browser sees no status of a refused upgrade, only the code of a closed socket.
        let stopping = self.sockets.closing().is_cancelled();
        let close = if stopping { Close::Restart } else { Close::TooMany };
        let Ok(refusal) = Arc::clone(&self.refusals).try_acquire_owned() else {
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_sockets", close.reason()));
        };
        let (response, socket) = self.shake_hands(request)?;
        self.hub.count_close(close);
        tokio::spawn(async move {
            if let Ok(mut socket) = socket.await {
                session::say_goodbye(&mut socket, close).await;
            }
            drop(refusal);
        });
        Ok(response)
    }

    fn shake_hands(&self, mut request: Request) -> Result<(Response, HyperWebsocket), Problem> {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_message_size(Some(self.bounds.message_bytes))
            .max_frame_size(Some(self.bounds.message_bytes));
        let (response, socket) = upgrade(&mut request, Some(config))
            .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "bad_handshake", error.to_string()))?;
        let mut response = response.map(|_| Body::empty());
        if offers_protocol(request.headers()) {
            response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
        }
        Ok((response, socket))
    }

    pub(super) fn into_parts(self) -> (Arc<Hub>, SocketBounds, Option<Arc<dyn SampleDoor>>) {
        (self.hub, self.bounds, self.door)
    }
}

/// Whether a request wants to become a socket.
pub(crate) fn asks_for_socket(request: &Request) -> bool {
    request.method() == Method::GET && is_upgrade_request(request)
}

fn offers_protocol(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).into_iter().filter_map(|offer| offer.to_str().ok());
    offers.flat_map(|offer| offer.split(',')).any(|offer| offer.trim() == PROTOCOL)
}

async fn enter(
    State(entrance): State<Entrance>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    if asks_for_socket(&request) {
        return entrance.admit(caller, request);
    }
    let detail = "a WebSocket is spoken here: ask with GET, `Connection: upgrade` and `Upgrade: websocket`";
    let problem = Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", detail);
    Ok(([(header::UPGRADE, "websocket")], problem).into_response())
}
