use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use bus_local::LocalBus;
use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::contract::Fixture;
use durable_log::{Bus, Clock, Log};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use tempfile::TempDir;

/// A log in a folder of its own, which goes with it.
pub(crate) struct SqliteFixture {
    folder: TempDir,
}

impl SqliteFixture {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("data").join("iskra.db")
    }

    /// A log with one partition.
    pub(crate) fn options(&self, bus: Arc<dyn Bus>) -> SqliteOptions {
        SqliteOptions::new(self.path(), 1, bus)
    }
}

#[async_trait]
impl Fixture for SqliteFixture {
    fn bus(&self) -> Arc<dyn Bus> {
        Arc::new(LocalBus::new())
    }

    async fn open(&self, partitions: u16, clock: Clock, bus: Arc<dyn Bus>) -> Arc<dyn Log> {
        let options = SqliteOptions { clock, ..SqliteOptions::new(self.path(), partitions, bus) };
        SqliteLog::open(options).await.expect("the log opens")
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::new())
    }
}

/// A sample of `agent-7`, one for each `n`.
pub(crate) fn sample(n: i64) -> Sample {
    Sample {
        subject: Subject::new("agent-7").expect("a name"),
        at: Timestamp::from_micros(1_767_225_600_000_000 + n),
        vitals: Vitals::default().with(Vital::Pain, Score::clamped(0.3)),
        signals: Signals::new(),
    }
}
