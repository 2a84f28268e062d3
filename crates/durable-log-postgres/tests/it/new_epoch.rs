//! A log that was restored.

use std::sync::Arc;

use bus_local::SilentBus;
use durable_log::Log;
use durable_log_postgres::{OpenError, PostgresLog, new_epoch};

use crate::fixture::PostgresFixture;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_epoch_voids_positions_once_nobody_has_the_log_open() {
    let fixture = PostgresFixture::new();
    let url = fixture.url().await;
    let no_log = new_epoch(url).await;
    assert!(matches!(no_log, Err(OpenError::Unfit { .. })), "{no_log:?}");

    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let before = log.heads().await.unwrap();
    let refused = new_epoch(url).await.unwrap_err();
    assert!(refused.to_string().contains("stop them first"), "{refused}");
    log.close().await;

    // The server notices a moment later that a client went.
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while let Err(refused) = new_epoch(url).await {
        assert!(tokio::time::Instant::now() < deadline, "{refused}");
    }
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let after = log.heads().await.unwrap();
    assert!(after.epoch != before.epoch && after.distance_from(&before).is_none());
    log.close().await;
}
