//! The one place that knows which store the settings name.

use std::sync::Arc;

use anyhow::Context as _;
use bus_local::SilentBus;
use durable_log::{Bus, Clock, Log};
use durable_log_postgres::{OpenError, PostgresLog, PostgresOptions};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use settings::{Settings, Storage};
use tracing::info;

use crate::patience::patiently;

/// Steps that bring the tables up to date: number and description, in order.
pub type Migrations = Vec<(i64, String)>;

/// Opens the log, and waits for a database that is about to start.
pub(crate) async fn open(storage: &Storage, bus: Arc<dyn Bus>) -> anyhow::Result<Arc<dyn Log>> {
    match &storage.url {
        Some(url) => open_postgres(url.expose(), storage, bus).await,
        None => open_sqlite(storage, bus, Clock::system()).await,
    }
}

/// Opens the log only to read it: nothing is made, and nothing brought up to date.
pub async fn open_to_read(settings: &Settings) -> anyhow::Result<Arc<dyn Log>> {
    let place = settings.storage.place();
    anyhow::ensure!(pending(settings).await?.is_empty(), "{place} is no log of this version: see `iskra migrate`");
    let storage = Storage { migrate: false, ..settings.storage.clone() };
    open(&storage, Arc::new(SilentBus)).await
}

/// Opens the log in a file, which takes its time from `clock`.
pub(crate) async fn open_sqlite(storage: &Storage, bus: Arc<dyn Bus>, clock: Clock) -> anyhow::Result<Arc<dyn Log>> {
    let mut options = SqliteOptions::new(&storage.path, storage.partitions.get(), bus);
    (options.migrate, options.clock) = (storage.migrate, clock);
    options.queued_requests = storage.queue.get();
    let log = SqliteLog::open(options).await.with_context(|| format!("opening the log {}", storage.path.display()))?;
    Ok(log)
}

async fn open_postgres(url: &str, storage: &Storage, bus: Arc<dyn Bus>) -> anyhow::Result<Arc<dyn Log>> {
    let mut options = PostgresOptions::new(url, storage.partitions.get(), bus);
    options.queued_requests = storage.queue.get();
    options.chunk = storage.hot;
    options.compress_after = storage.warm;
    let open = async || {
        if storage.migrate {
            let migrated = durable_log_postgres::migrate(url).await?;
            if !migrated.applied.is_empty() {
                info!("{migrated}");
            }
        }
        PostgresLog::open(options.clone()).await
    };
    let log = patiently(open, OpenError::is_passing).await.context("opening the log")?;
    Ok(log)
}

/// Brings the tables of the store up to date, and answers what was applied.
pub async fn migrate(settings: &Settings) -> anyhow::Result<Migrations> {
    match &settings.storage.url {
        Some(url) => {
            let migrated = patiently(async || durable_log_postgres::migrate(url.expose()).await, OpenError::is_passing);
            Ok(migrated.await?.applied)
        }
        None => Ok(durable_log_sqlite::migrate(&settings.storage.path).await?),
    }
}

/// What [`migrate`] would apply.
pub async fn pending(settings: &Settings) -> anyhow::Result<Migrations> {
    match &settings.storage.url {
        Some(url) => Ok(durable_log_postgres::pending(url.expose()).await?),
        None => Ok(durable_log_sqlite::pending(&settings.storage.path).await?),
    }
}

/// Gives a restored log another epoch, so that positions of the one before are void.
pub async fn new_epoch(settings: &Settings) -> anyhow::Result<()> {
    match &settings.storage.url {
        Some(url) => Ok(durable_log_postgres::new_epoch(url.expose()).await?),
        None => Ok(durable_log_sqlite::new_epoch(&settings.storage.path).await?),
    }
}
