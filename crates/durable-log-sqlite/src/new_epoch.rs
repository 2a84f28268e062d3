use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteLockingMode};
use sqlx::{Connection, SqliteConnection};

use crate::OpenError;
use crate::open::store;

/// How long somebody may take to close the log.
const PATIENCE: Duration = Duration::from_secs(1);

/// Gives the log in the file at `path` another epoch, so that positions of the one before are void: for a log that was
/// restored from a backup, whose numbers mean other entries than those that readers have seen. Refused while somebody has
/// the log open, who would go on under the old epoch.
pub async fn new_epoch(path: &Path) -> Result<(), OpenError> {
    let connect =
        SqliteConnectOptions::new().filename(path).locking_mode(SqliteLockingMode::Exclusive).busy_timeout(PATIENCE);
    let mut connection = SqliteConnection::connect_with(&connect).await.map_err(store(path, "opening the file"))?;
    let drawn = uuid::Uuid::new_v4().as_u64_pair().1.cast_signed();
    let updated = sqlx::query("UPDATE meta SET value = ? WHERE key = 'epoch'")
        .bind(drawn)
        .execute(&mut connection)
        .await
        .map_err(store(path, "writing its epoch, for which every service must be stopped"))?;
    connection.close().await.map_err(store(path, "closing the file"))?;
    match updated.rows_affected() {
        1 => Ok(()),
        _ => Err(OpenError::Unfit { path: path.into(), what: "no service has ever opened it".to_owned() }),
    }
}
