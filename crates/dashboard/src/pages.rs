use access::Caller;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use memory_serve::{CacheControl, MemoryServe};

use crate::socket::{Entrance, asks_for_socket};

/// The page of `service` with its files; `/` lets in sockets too.
pub(crate) fn router(service: &str, entrance: Entrance) -> Router {
    // It tells every file that it serves, and nothing else.
    let quiet = tracing::subscriber::NoSubscriber::default();
    tracing::subscriber::with_default(quiet, || files(service).into_router())
        .layer(from_fn_with_state(entrance, page_or_socket))
}

fn files(service: &str) -> MemoryServe {
    // The names of all files but the page itself change with what is in them.
    memory_serve::load!(service)
        .html_cache_control(CacheControl::NoCache)
        .cache_control(CacheControl::Long)
        .index_file(Some("/index.html"))
}

async fn page_or_socket(State(entrance): State<Entrance>, request: Request, next: Next) -> Response {
    if request.uri().path() != "/" || !asks_for_socket(&request) {
        return next.run(request).await;
    }
    match request.extensions().get::<Caller>().cloned() {
        Some(caller) => entrance.admit(caller, request).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}
