use std::sync::Arc;

use async_trait::async_trait;
use bus_local::LocalBus;
use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::contract::Fixture;
use durable_log::{Bus, Clock, Log};
use durable_log_postgres::{PostgresLog, PostgresOptions, migrate};
use sqlx::{Connection, PgConnection};
use test_support::{Database, Postgres};
use tokio::sync::OnceCell;

/// Makes tests of functions: each on plain PostgreSQL and, where a server of this machine has it, on TimescaleDB.
macro_rules! on_both_stores {
    ($($test:ident),+ $(,)?) => {
        mod plain {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&crate::fixture::PostgresFixture::new()).await;
            })+
        }

        #[cfg(has_timescale)]
        mod timescale {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&crate::fixture::PostgresFixture::with_timescale()).await;
            })+
        }
    };
}

/// A log in a database of its own.
pub(crate) struct PostgresFixture {
    database: OnceCell<Database>,
    has_timescale: bool,
}

impl PostgresFixture {
    pub(crate) fn new() -> Self {
        Self { database: OnceCell::new(), has_timescale: false }
    }

    /// A log that uses TimescaleDB.
    #[cfg(has_timescale)]
    pub(crate) fn with_timescale() -> Self {
        Self { database: OnceCell::new(), has_timescale: true }
    }

    /// The address of the database, whose tables are made.
    pub(crate) async fn url(&self) -> &str {
        self.url_after(async |url| drop(migrate(url).await.expect("the tables are made"))).await
    }

    /// The address of the database, of which `prepare` makes something at first.
    pub(crate) async fn url_after(&self, prepare: impl AsyncFnOnce(&str)) -> &str {
        self.database
            .get_or_init(async || {
                let url = Postgres::shared_database().await.expect("a database");
                if self.has_timescale {
                    let mut connection = PgConnection::connect(&url).await.expect("it answers");
                    sqlx::raw_sql("CREATE EXTENSION timescaledb").execute(&mut connection).await.expect("it is there");
                }
                prepare(&url).await;
                url
            })
            .await
    }

    /// A log with one partition.
    pub(crate) async fn options(&self, bus: Arc<dyn Bus>) -> PostgresOptions {
        PostgresOptions { readers: 4, ..PostgresOptions::new(self.url().await, 1, bus) }
    }
}

#[async_trait]
impl Fixture for PostgresFixture {
    fn bus(&self) -> Arc<dyn Bus> {
        Arc::new(LocalBus::new())
    }

    async fn open(&self, partitions: u16, clock: Clock, bus: Arc<dyn Bus>) -> Arc<dyn Log> {
        let options = PostgresOptions { partitions, clock: Some(clock), ..self.options(bus).await };
        let log = PostgresLog::open(options).await.expect("the log opens");
        assert_eq!(log.store().contains("TimescaleDB"), self.has_timescale, "{}", log.store());
        log
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self { database: OnceCell::new(), has_timescale: self.has_timescale })
    }
}

/// When the tests begin: 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000_000;

/// A sample of `name`, `seconds` after the start.
pub(crate) fn sample(name: &str, seconds: i64) -> Sample {
    Sample {
        subject: Subject::new(name).expect("a name"),
        at: Timestamp::from_micros(START + seconds * 1_000_000),
        vitals: Vitals::default().with(Vital::Pain, Score::clamped(0.3)),
        signals: Signals::new(),
    }
}
