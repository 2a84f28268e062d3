use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use durable_log::{Bus, Clock};

/// Where the log lies and how much it may take on.
#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://user:password@host:port/database`, with the usual parameters such as `sslmode`.
    pub url: String,
    /// Into how many partitions a new log is divided. A log that is there keeps its own number.
    pub partitions: u16,
    /// Told of every commit.
    pub bus: Arc<dyn Bus>,
    /// Gives the times of recording; none asks the database, so that all who write agree.
    pub clock: Option<Clock>,
    /// Most requests that wait for the writer of one partition.
    pub queued_requests: usize,
    /// Most samples that wait for all writers.
    pub queued_samples: u32,
    /// Connections for reading.
    pub readers: u32,
    /// How much time one chunk of samples spans. Fixed by the first who writes into a chunk.
    pub chunk: Duration,
    /// Chunks older than this are compressed, where TimescaleDB is there.
    pub compress_after: Duration,
}

impl PostgresOptions {
    /// The log in the database at `url`, with the defaults: half a second of full load may wait, eight may read at a
    /// time, a chunk is a day, and is compressed after a week.
    pub fn new(url: impl Into<String>, partitions: u16, bus: Arc<dyn Bus>) -> Self {
        Self {
            url: url.into(),
            partitions,
            bus,
            clock: None,
            queued_requests: 4_096,
            queued_samples: 50_000,
            readers: 8,
            chunk: Duration::from_hours(24),
            compress_after: Duration::from_hours(7 * 24),
        }
    }
}

impl fmt::Debug for PostgresOptions {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("partitions", &self.partitions)
            .field("queued_requests", &self.queued_requests)
            .field("queued_samples", &self.queued_samples)
            .field("readers", &self.readers)
            .field("chunk", &self.chunk)
            .field("compress_after", &self.compress_after)
            .finish_non_exhaustive()
    }
}
