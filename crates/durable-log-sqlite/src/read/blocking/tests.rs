use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::*;

/// Far more than giving up takes, and far less than counting.
const SOON: Duration = Duration::from_secs(10);

/// A file with a place for one reader.
async fn file() -> (TempDir, PathBuf, SqlitePool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("iskra.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let readers = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    (folder, path, readers)
}

/// Takes minutes.
fn count(connection: &Connection) -> rusqlite::Result<i64> {
    let count = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000000)
        SELECT count(*) FROM numbers";
    connection.query_row(count, [], |row| row.get(0))
}

#[tokio::test]
async fn a_read_ends_with_whoever_waits_for_it() {
    let (_folder, path, readers) = file().await;
    let (begun, has_begun) = oneshot::channel();
    let work = move |connection: &Connection| {
        begun.send(()).unwrap();
        count(connection)
    };
    tokio::select! {
        counted = read(&readers, path, "counting", KEEPING, work) => panic!("it goes on for minutes: {counted:?}"),
        begun = has_begun => begun.unwrap(),
    }
    timeout(SOON, readers.acquire()).await.expect("its place is free").unwrap();
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_an_error() {
    let (_folder, path, readers) = file().await;
    let counting = read(&readers, path, "counting", Duration::from_millis(50), count);
    let counted = timeout(SOON, counting).await.expect("it is given up");
    let Err(LogError::Store { doing: "counting", source }) = &counted else { panic!("expected an error: {counted:?}") };
    assert_eq!(source.to_string(), "interrupted");
    timeout(SOON, readers.acquire()).await.expect("its place is free").unwrap();
}
