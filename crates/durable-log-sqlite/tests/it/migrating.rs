//! Bringing the tables up to date apart from opening the log, and beginning a new epoch.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use domain::Timestamp;
use durable_log::{EventFilter, Log};
use durable_log_sqlite::{OpenError, SqliteLog, SqliteOptions, migrate, new_epoch, pending};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::fixture::{SqliteFixture, sample};

fn without_migrating(fixture: &SqliteFixture) -> SqliteOptions {
    SqliteOptions { migrate: false, ..fixture.options(Arc::new(SilentBus)) }
}

#[tokio::test]
async fn what_is_pending_is_told_without_making_the_file() {
    let fixture = SqliteFixture::new();
    let pending = pending(&fixture.path()).await.unwrap();
    assert_eq!(pending.first(), Some(&(1, "log".to_owned())));
    assert!(!fixture.path().exists());
}

#[tokio::test]
async fn a_log_that_may_not_migrate_opens_after_somebody_did() {
    let fixture = SqliteFixture::new();
    let refused = SqliteLog::open(without_migrating(&fixture)).await;
    assert!(matches!(refused.err(), Some(OpenError::NotMigrated { .. })));

    let waiting = pending(&fixture.path()).await.unwrap();
    assert_eq!(migrate(&fixture.path()).await.unwrap(), waiting);
    assert_eq!(migrate(&fixture.path()).await.unwrap(), []);
    assert_eq!(pending(&fixture.path()).await.unwrap(), []);
    let log = SqliteLog::open(without_migrating(&fixture)).await.unwrap();
    log.append(vec![sample(0)]).await.unwrap();
    log.close().await;
}

#[tokio::test]
async fn the_tables_of_a_later_version_are_no_obstacle() {
    let fixture = SqliteFixture::new();
    migrate(&fixture.path()).await.unwrap();
    let mut connection = SqliteConnection::connect(fixture.path().to_str().unwrap()).await.unwrap();
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'later', true, x'00', 0)";
    sqlx::query(later).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(migrate(&fixture.path()).await.unwrap(), []);
    SqliteLog::open(without_migrating(&fixture)).await.unwrap().close().await;
}

#[tokio::test]
async fn a_new_epoch_voids_positions_and_keeps_the_entries() {
    let fixture = SqliteFixture::new();
    let log = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    log.append(vec![sample(0)]).await.unwrap();
    let before = log.heads().await.unwrap();
    let refused = new_epoch(&fixture.path()).await;
    assert!(matches!(refused, Err(OpenError::Store { .. })), "the log is open: {refused:?}");
    log.close().await;
    new_epoch(&fixture.path()).await.unwrap();
    let log = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let after = log.heads().await.unwrap();
    assert!(after.epoch != before.epoch && after.distance_from(&before).is_none());
    assert_eq!(log.snapshot().await.unwrap().subjects.len(), 1);
    log.close().await;
}

#[tokio::test]
async fn a_file_without_a_log_has_no_epoch() {
    let fixture = SqliteFixture::new();
    assert!(matches!(new_epoch(&fixture.path()).await, Err(OpenError::Store { .. })));
    assert!(!fixture.path().exists());
    migrate(&fixture.path()).await.unwrap();
    assert!(matches!(new_epoch(&fixture.path()).await, Err(OpenError::Unfit { .. })));
}

#[tokio::test]
async fn events_of_an_older_version_are_listed_by_their_kind_and_time() {
    let fixture = SqliteFixture::new();
    std::fs::create_dir_all(fixture.path().parent().unwrap()).unwrap();
    let file = SqliteConnectOptions::new().filename(fixture.path()).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&file).await.unwrap();
    sqlx::migrate!("../../migrations/sqlite").run_to(2, &mut connection).await.unwrap();
    sqlx::raw_sql(OLD_ENTRIES).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let log = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let filter = EventFilter { kinds: vec!["signal"], limit: 10, ..EventFilter::default() };
    let ids: Vec<String> = log.events(filter.clone()).await.unwrap().into_iter().map(|event| event.id).collect();
    assert_eq!(ids, ["0-3"]);
    let exact = Timestamp::from_micros(1_767_225_600_250_001);
    let filter = EventFilter {
        kinds: vec!["levels"],
        from: Some(exact),
        until: Some(exact.plus(Duration::from_micros(1))),
        ..filter
    };
    let ids: Vec<String> = log.events(filter).await.unwrap().into_iter().map(|event| event.id).collect();
    assert_eq!(ids, ["0-2"]);
    log.close().await;
}

const OLD_ENTRIES: &str = r#"
    INSERT INTO subjects VALUES (1, 'agent-7', 0);
    INSERT INTO entries VALUES
        (0, 1, 5, 'command', 1, NULL, '{"kind":"signal"}'),
        (0, 2, 5, 'event', 1, '0-2', '{"id":"0-2","subject":"agent-7","at":"2026-01-01T00:00:00.250001Z",
            "kind":"levels","changed":[],"verdict":{"config_hash":""}}'),
        (0, 3, 5, 'event', 1, '0-3', '{"id":"0-3","subject":"agent-7","at":"2026-01-01T00:00:00Z",
            "kind":"signal","signal":"rigidity_detected","value":true,"reason":{"en":"\u0000","ru":""}}')"#;
