//! A connection that is kept, as a producer's is. Not a whole client: its cost would be measured too.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use bytes::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Longest answer that is read.
const ANSWER_BYTES: usize = 8 << 20;

/// One HTTP connection, one request at a time.
pub(crate) struct Connection {
    sender: SendRequest<Body>,
    host: String,
}

impl Connection {
    /// Connects to `address`.
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Its failure is also that of the request under way.
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string() })
    }

    /// Posts JSON and reads the whole answer, which must be a success.
    pub(crate) async fn post(&mut self, path: &str, body: impl Into<Bytes>) -> anyhow::Result<Bytes> {
        success(self.try_post(path, body).await?)
    }

    /// The same, whatever the answer is.
    pub(crate) async fn try_post(&mut self, path: &str, body: impl Into<Bytes>) -> anyhow::Result<(StatusCode, Bytes)> {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.try_post_as(path, HeaderMap::from_iter([json]), body).await
    }

    /// Posts what these headers say that it is.
    pub(crate) async fn try_post_as(
        &mut self,
        path: &str,
        headers: HeaderMap,
        body: impl Into<Bytes>,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let mut request = Request::post(path);
        if let Some(all) = request.headers_mut() {
            all.extend(headers);
        }
        self.send(request, Body::from(body.into())).await
    }

    /// Reads the whole answer, which must be a success.
    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<Bytes> {
        success(self.send(Request::get(path), Body::empty()).await?)
    }

    /// The same as browsers ask, and as it comes: compressed.
    pub(crate) async fn get_compressed(&mut self, path: &str) -> anyhow::Result<Bytes> {
        let request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip");
        success(self.send(request, Body::empty()).await?)
    }

    async fn send(&mut self, request: Builder, body: Body) -> anyhow::Result<(StatusCode, Bytes)> {
        let request = request.header(header::HOST, &self.host).body(body)?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        Ok((status, axum::body::to_bytes(Body::new(response.into_body()), ANSWER_BYTES).await?))
    }
}

fn success((status, answer): (StatusCode, Bytes)) -> anyhow::Result<Bytes> {
    anyhow::ensure!(status == StatusCode::OK, "{status}: {}", String::from_utf8_lossy(&answer));
    Ok(answer)
}
