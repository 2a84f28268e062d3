use std::path::PathBuf;
use std::sync::Arc;

use durable_log::{Bus, Clock};

/// Where the log lies and how much it may take on.
#[derive(Clone)]
pub struct SqliteOptions {
    /// The database file; it and its folder are made when they are not there.
    pub path: PathBuf,
    /// Into how many partitions a new log is divided. A log that is there keeps its own number.
    pub partitions: u16,
    /// Whether the tables are made and brought up to date; if not, a log whose tables are not is refused.
    pub migrate: bool,
    /// Told of every commit.
    pub bus: Arc<dyn Bus>,
    /// Gives the times of recording.
    pub clock: Clock,
    /// Most requests that wait for the writer.
    pub queued_requests: usize,
    /// Most samples that wait for the writer.
    pub queued_samples: u32,
    /// Connections for reading.
    pub readers: u32,
}

impl SqliteOptions {
    /// The log at `path`, with the defaults: half a second of full load may wait, four may read at a time.
    pub fn new(path: impl Into<PathBuf>, partitions: u16, bus: Arc<dyn Bus>) -> Self {
        Self {
            path: path.into(),
            partitions,
            migrate: true,
            bus,
            clock: Clock::system(),
            queued_requests: 4_096,
            queued_samples: 50_000,
            readers: 4,
        }
    }
}
