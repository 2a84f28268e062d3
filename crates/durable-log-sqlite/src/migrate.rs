use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::OpenError;
use crate::open::{open_file, store};

/// The migrations of this version. A later version may have applied more: those are safe while this one runs.
fn migrations() -> Migrator {
    let mut migrations = sqlx::migrate!("../../migrations/sqlite");
    migrations.set_ignore_missing(true);
    migrations
}

/// Brings the tables of the file at `path` up to date, and makes the file when there is none. Answers what was applied:
/// number and description, in order. Several processes may do so at the same time.
pub async fn migrate(path: &Path) -> Result<Vec<(i64, String)>, OpenError> {
    let (_, mut connection) = open_file(path).await?;
    let pending = list_pending(&mut connection).await.map_err(store(path, "looking for its tables"))?;
    apply(&mut connection, path).await?;
    connection.close().await.map_err(store(path, "closing the file"))?;
    Ok(pending)
}

/// The migrations of this version that were not applied to the file at `path`, which need not be there.
pub async fn pending(path: &Path) -> Result<Vec<(i64, String)>, OpenError> {
    if !path.exists() {
        return Ok(missing(&[]));
    }
    let connect = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = SqliteConnection::connect_with(&connect).await.map_err(store(path, "opening the file"))?;
    let pending = list_pending(&mut connection).await.map_err(store(path, "looking for its tables"))?;
    connection.close().await.map_err(store(path, "closing the file"))?;
    Ok(pending)
}

/// Several processes may find an old file at the same time: sqlx does not lock it, so of two that do the same step one
/// comes too late and fails, and finds the step done when it looks again.
pub(crate) async fn apply(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let migrations = migrations();
    for _ in migrations.iter() {
        if migrations.run_direct(None, connection, false).await.is_ok() {
            return Ok(());
        }
    }
    let at_last = migrations.run_direct(None, connection, false).await;
    at_last.map_err(|source| OpenError::Migration { path: path.into(), source })
}

pub(crate) async fn list_pending(connection: &mut SqliteConnection) -> sqlx::Result<Vec<(i64, String)>> {
    let is_there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')")
            .fetch_one(&mut *connection)
            .await?;
    let applied: Vec<i64> = match is_there {
        true => sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(connection).await?,
        false => Vec::new(),
    };
    Ok(missing(&applied))
}

fn missing(applied: &[i64]) -> Vec<(i64, String)> {
    let migrations = migrations();
    let missing = migrations.iter().filter(|migration| !applied.contains(&migration.version));
    missing.map(|migration| (migration.version, migration.description.to_string())).collect()
}
