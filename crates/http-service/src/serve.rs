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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
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

/// How a service takes its leave.
#[derive(Clone, Copy, Debug)]
pub struct Leave {
    /// How long connections on which nothing is asked are kept for one more request. A proxy that ends its idle ones
    /// sooner never sends into one that is being closed.
    pub drain: Duration,
    /// What is still open after this is cut.
    pub grace: Duration,
}

/// Serves until `shutdown` is cancelled. Then no connection is accepted any more, WebSockets are told to close, and each
/// connection ends with its next answer, which says so; those without a request are ended after a while.
pub async fn serve(
    service: Service,
    listener: TcpListener,
    shutdown: CancellationToken,
    leave: Leave,
) -> anyhow::Result<()> {
    let (name, limits, sockets) = (service.name, service.limits, service.sockets.clone());
    let router = service.into_router()?;
    tracing::info!(service = name, address = %listener.local_addr()?, "{name} listens");

    let connections = TaskTracker::new();
    let (ending, cut) = (CancellationToken::new(), CancellationToken::new());
    let take = |accepted: (TcpStream, Peer), place: Option<OwnedSemaphorePermit>| {
        let connection = answer(accepted, router.clone(), limits, ending.clone());
        let cut = cut.clone();
        connections.spawn(async move {
            cut.run_until_cancelled(connection).await;
            drop(place);
        });
    };
    let places = Arc::new(Semaphore::new(limits.connections));
    let accept_all = async {
        loop {
            let place = Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
            take(accept(&listener).await, Some(place));
        }
    };
    shutdown.run_until_cancelled(accept_all).await;

    for stream in waiting(listener)? {
        take(stream, None);
    }
    connections.close();
    let all_end = async { tokio::join!(sockets.close(), connections.wait()) };
    tokio::pin!(all_end);
    let end = async {
        if tokio::time::timeout(leave.drain, &mut all_end).await.is_err() {
            ending.cancel();
            all_end.await;
        }
    };
    match tokio::time::timeout(leave.grace, end).await {
        Ok(()) => tracing::info!(service = name, "{name} has stopped"),
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

/// Closes the door. Whoever is connected already and waits to be let in may have sent a request: they come in, however
/// many there are. The system bounds how many wait.
fn waiting(listener: TcpListener) -> io::Result<Vec<(TcpStream, Peer)>> {
    let listener = listener.into_std()?;
    let mut streams = Vec::new();
    // It does not block: it ends when nobody waits any more.
    while let Ok((stream, address)) = listener.accept() {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        streams.push((TcpStream::from_std(stream)?, Peer(address.ip())));
    }
    Ok(streams)
}

/// Answers the requests of one connection until it ends or, after `ending`, until the request under way is answered.
async fn answer((stream, peer): (TcpStream, Peer), router: Router, limits: Limits, ending: CancellationToken) {
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
        () = ending.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Clients may break off at any time; that is theirs to know.
        tracing::debug!("a connection broke: {error}");
    }
}
