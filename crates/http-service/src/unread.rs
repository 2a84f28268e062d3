//! Tells a client whose body was not read to its end that the connection ends with the answer.
//!
//! Such a connection cannot be used again, but hyper notices that only after the answer has left: a client that was not
//! told sends its next request into a connection that is being closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::stream::poll_fn;

pub(crate) async fn close_if_unread(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let is_read = Arc::new(AtomicBool::new(false));
    let mut response = next.run(request.map(|body| noting_its_end(body, Arc::clone(&is_read)))).await;
    if !is_read.load(Ordering::Relaxed) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn noting_its_end(body: Body, is_read: Arc<AtomicBool>) -> Body {
    let mut data = body.into_data_stream();
    Body::from_stream(poll_fn(move |cx| {
        let piece = data.poll_next_unpin(cx);
        if matches!(piece, Poll::Ready(None)) {
            is_read.store(true, Ordering::Relaxed);
        }
        piece
    }))
}
