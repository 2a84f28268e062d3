//! The lock of the doors, as the settings want it, over the store that they name.

use std::sync::Arc;

use access::{Access, AccessStore};
use anyhow::Context as _;
use durable_log_postgres::PostgresAccess;
use durable_log_sqlite::SqliteAccess;
use http_service::Lock;
use settings::Settings;

/// Reads who may what. The log was opened before: its tables are up to date.
pub(crate) async fn lock(settings: &Settings) -> anyhow::Result<Lock> {
    let settings::Access { mode, proxies, requests_per_second } = &settings.access;
    let store = access_store(settings)?;
    let access = Access::start(*mode, *requests_per_second, settings.storage.retention, store);
    let access = access.await.context("reading who may what")?;
    tracing::info!(access.mode = mode.name(), "access is {}", mode.name());
    Ok(Lock::new(access, proxies.clone(), settings.sockets.origins.clone()))
}

/// Where tokens, sessions and the audit are kept: with the log. Connects when it is first asked.
pub fn access_store(settings: &Settings) -> anyhow::Result<Arc<dyn AccessStore>> {
    Ok(match &settings.storage.url {
        Some(url) => Arc::new(PostgresAccess::new(url.expose())?),
        None => Arc::new(SqliteAccess::new(&settings.storage.path)),
    })
}
