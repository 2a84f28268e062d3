use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::lingering::Lingering;
use crate::lock::Peer;
use crate::{Limits, Service};

/// Most that is read ahead of one connection, headers included.
const READ_BUFFER_BYTES: usize = 64 * 1024;
/// Wait after the system refused a connection, mostly for want of file descriptors: trying at once would only spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `shutdown` is cancelled. Then nothing new is accepted, WebSockets are told to close, open requests end;
/// what is still open after `grace` is cut.
pub async fn serve(
    service: Service,
    listener: TcpListener,
    shutdown: CancellationToken,
    grace: Duration,
) -> anyhow::Result<()> {
    let (name, limits, sockets) = (service.name, service.limits, service.sockets.clone());
    let router = service.into_router()?;
    tracing::info!(service = name, address = %listener.local_addr()?, "{name} listens");

    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let accept_all = async {
        loop {
            let place = Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
            let (stream, peer) = accept(&listener).await;
            let connection = answer((stream, peer), router.clone(), limits, sockets.closing().clone());
            let cut = cut.clone();
            connections.spawn(async move {
                cut.run_until_cancelled(connection).await;
                drop(place);
            });
        }
    };
    shutdown.run_until_cancelled(accept_all).await;

    drop(listener);
    connections.close();
    let drain = async { tokio::join!(sockets.close(), connections.wait()) };
    match tokio::time::timeout(grace, drain).await {
        Ok(_) => tracing::info!(service = name, "{name} has stopped"),
        Err(_) => tracing::warn!(
            service = name,
            "{name} stops with {} requests and {} sockets still open",
            connections.len(),
            sockets.open()
        ),
    }
    cut.cancel();
    Ok(())
}

/// The next connection. Never fails: a client that went away, or a lack of file descriptors, passes.
async fn accept(listener: &TcpListener) -> (TcpStream, Peer) {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // Frames are small and must not wait for each other.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!("cannot set TCP_NODELAY: {error}");
                }
                return (stream, Peer(address.ip()));
            }
            Err(error) if is_of_one_client(&error) => tracing::debug!("a client left before it was accepted: {error}"),
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers the requests of one connection until it ends or, after `closing`, until the request under way is answered.
async fn answer((stream, peer): (TcpStream, Peer), router: Router, limits: Limits, closing: CancellationToken) {
    let router = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(READ_BUFFER_BYTES)
        .serve_connection(TokioIo::new(Lingering::new(stream)), TowerToHyperService::new(router))
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Clients may break off at any time; that is theirs to know.
        tracing::debug!("a connection broke: {error}");
    }
}
