use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

/// Most requests that one webhook has to bear at once.
const REQUESTS: usize = 8;

/// Where those who bring something to the same webhook wait for their turn.
pub(crate) struct Door {
    /// The host alone: path and parameters of a webhook's address are often its secret.
    pub(crate) host: String,
    turns: Semaphore,
    is_failing: AtomicBool,
}

impl Door {
    pub(crate) fn new(url: &str) -> Self {
        Self { host: host(url), turns: Semaphore::new(REQUESTS), is_failing: AtomicBool::new(false) }
    }

    pub(crate) async fn turn(&self) -> SemaphorePermit<'_> {
        self.turns.acquire().await.expect("the turns are never closed")
    }

    /// Says in the log when a webhook begins to fail, and when that is over.
    pub(crate) fn note(&self, error: Option<&str>) {
        let host = &self.host;
        match (error, self.is_failing.swap(error.is_some(), Ordering::Relaxed)) {
            (Some(error), false) => tracing::warn!(host, "the webhook at `{host}` fails: {error}"),
            (None, true) => tracing::info!(host, "the webhook at `{host}` takes actions again"),
            _ => {}
        }
    }
}

pub(crate) fn host(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("an address without a host").to_owned();
    match url.and_then(|url| url.port()) {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_the_host_is_shown() {
        for (url, shown) in [
            ("https://hooks.example.com/services/T0/secret?token=secret", "hooks.example.com"),
            ("http://ann:secret@[::1]:8080/secret", "[::1]:8080"),
            ("secret", "an address without a host"),
        ] {
            assert_eq!(host(url), shown);
        }
    }
}
