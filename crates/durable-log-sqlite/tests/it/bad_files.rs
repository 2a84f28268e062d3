//! Files that are no logs, or would not keep one.

use std::sync::Arc;

use bus_local::SilentBus;
use durable_log::Log;
use durable_log_sqlite::{OpenError, SqliteLog, SqliteOptions};
use sqlx::{Connection, SqliteConnection};

use crate::fixture::SqliteFixture;

async fn refusal(options: SqliteOptions) -> OpenError {
    match SqliteLog::open(options).await {
        Ok(_) => panic!("expected a refusal"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_log_in_memory_is_refused_because_it_would_not_last() {
    let error = refusal(SqliteOptions::new(":memory:", 1, Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::NotDurable { pragma: "journal_mode", .. }), "{error:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let fixture = SqliteFixture::new();
    std::fs::create_dir_all(fixture.path().parent().unwrap()).unwrap();
    std::fs::write(fixture.path(), "not a database, but something that somebody wants to keep".repeat(100)).unwrap();
    let before = std::fs::read(fixture.path()).unwrap();
    let error = refusal(fixture.options(Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::Store { .. }), "{error:?}");
    assert_eq!(std::fs::read(fixture.path()).unwrap(), before);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let fixture = SqliteFixture::new();
    std::fs::write(fixture.path().parent().unwrap(), "a file where the folder should be").unwrap();
    let error = refusal(fixture.options(Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::Folder { .. }), "{error:?}");
}

#[tokio::test]
async fn a_log_of_another_format_is_refused() {
    let fixture = SqliteFixture::new();
    SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap().close().await;
    let mut connection = SqliteConnection::connect(fixture.path().to_str().unwrap()).await.unwrap();
    sqlx::query("UPDATE meta SET value = 2 WHERE key = 'format'").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let error = refusal(fixture.options(Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::Unfit { .. }), "{error:?}");
}
