use std::sync::Arc;

use access::Caller;
use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use http_service::{Problem, Sockets, is_allowed};
use hub::Hub;
use hub::wire::Close;
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

    /// Begins a session, or says why not.
    pub(crate) fn admit(
        self,
        caller: Caller,
        headers: &HeaderMap,
        upgrade: WebSocketUpgrade,
    ) -> Result<Response, Problem> {
        if !is_allowed(headers, &self.bounds.origins) {
            let detail = "pages of this origin may not connect; `sockets.origins` of the settings lists those that may";
            return Err(Problem::new(StatusCode::FORBIDDEN, "origin_not_allowed", detail));
        }
        let upgrade = upgrade
            .protocols([PROTOCOL])
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_message_size(self.bounds.message_bytes)
            .max_frame_size(self.bounds.message_bytes);
        if let Some(guard) = self.sockets.admit() {
            let viewer = self.hub.viewer();
            return Ok(upgrade.on_upgrade(|socket| Session::new(socket, viewer, caller, self).run(guard)));
        }
        // A browser sees no status of a refused upgrade, only the code of a closed socket.
        let stopping = self.sockets.closing().is_cancelled();
        let close = if stopping { Close::Restart } else { Close::TooMany };
        let Ok(refusal) = Arc::clone(&self.refusals).try_acquire_owned() else {
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_sockets", close.reason()));
        };
        self.hub.count_close(close);
        Ok(upgrade.on_upgrade(move |mut socket| async move {
            session::say_goodbye(&mut socket, close).await;
            drop(refusal);
        }))
    }

    pub(super) fn into_parts(self) -> (Arc<Hub>, SocketBounds, Option<Arc<dyn SampleDoor>>) {
        (self.hub, self.bounds, self.door)
    }
}

async fn enter(
    State(entrance): State<Entrance>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    entrance.admit(caller, &headers, upgrade)
}
