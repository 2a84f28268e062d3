//! Reads a request's body within its bounds, before and after decompression.

use std::io;
use std::time::Duration;

use async_compression::tokio::bufread::{GzipDecoder, ZstdDecoder};
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::TryStreamExt as _;
use http_service::Problem;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::timeout;
use tokio_util::io::StreamReader;

/// Largest window that a zstd body may ask for: 2^23 bytes, what RFC 8878 tells every decoder to support.
const ZSTD_WINDOW_LOG: u32 = 23;
/// How long a body may take to arrive: it keeps one of the few places all that time.
const UPLOAD: Duration = Duration::from_secs(10);

/// The text of the body, see [`read_bytes`].
pub(crate) async fn read(headers: &HeaderMap, body: Body, most: usize) -> Result<String, Problem> {
    String::from_utf8(read_bytes(headers, body, most).await?).map_err(|error| {
        let detail = format!("the body is not UTF-8: byte {}", error.utf8_error().valid_up_to());
        Problem::new(StatusCode::BAD_REQUEST, "not_utf8", detail)
    })
}

/// The body: at most `most` bytes after decompression, all of it here within [`UPLOAD`].
pub(crate) async fn read_bytes(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    timeout(UPLOAD, unpack(headers, body, most)).await.unwrap_or_else(|_| {
        let detail = format!("the body was not here within {} s: send smaller requests", UPLOAD.as_secs());
        Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "slow_upload", detail))
    })
}

/// How large the body may become: what it says, unless it is packed or does not say.
pub(crate) fn most_bytes(headers: &HeaderMap, most: usize) -> usize {
    let is_packed = headers.get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity");
    declared(headers).filter(|_| !is_packed).map_or(most, |length| length.min(most))
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

async fn unpack(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let declared = declared(headers);
    if declared.is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let reader = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"identity") => bounded(reader, declared.unwrap_or(0), most).await,
        Some(b"gzip" | b"x-gzip") => {
            let mut decoder = GzipDecoder::new(reader);
            // Files that were packed one by one and joined are one body; without this the rest would vanish.
            decoder.multiple_members(true);
            bounded(decoder, 0, most).await
        }
        Some(b"zstd") => {
            let window = async_compression::zstd::DParameter::window_log_max(ZSTD_WINDOW_LOG);
            let mut decoder = ZstdDecoder::with_params(reader, &[window]);
            decoder.multiple_members(true);
            bounded(decoder, 0, most).await
        }
        Some(_) => {
            let detail = "Content-Encoding is one of gzip, zstd, identity";
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", detail))
        }
    }
}

/// The limit holds for what comes out of the decoder, so a small body that unpacks to a huge one stops here.
async fn bounded(reader: impl AsyncRead, expected: usize, most: usize) -> Result<Vec<u8>, Problem> {
    let mut text = Vec::with_capacity(expected);
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut reader = std::pin::pin!(reader.take(limit));
    reader.read_to_end(&mut text).await.map_err(|error| {
        let detail = format!("the body could not be read or unpacked: {error}");
        Problem::new(StatusCode::BAD_REQUEST, "bad_body", detail)
    })?;
    if text.len() > most {
        return Err(too_large(most));
    }
    Ok(text)
}

pub(crate) fn too_large(most: usize) -> Problem {
    let detail = format!("a body has at most {most} bytes, also after decompression: send several requests");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}
