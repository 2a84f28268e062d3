use std::path::Path;
use std::time::Duration;

use durable_log::Epoch;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Row, SqliteConnection, SqlitePool};
use tokio::time::{Instant, sleep};
use tracing::warn;

use crate::error::is_busy;
use crate::migrate::{apply, list_pending};
use crate::{OpenError, SqliteOptions};

/// What this code reads and writes; another format is refused.
const FORMAT: i64 = 1;
/// How long a transaction waits for that of another process, and a read for a free connection.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries to open a busy file.
const BETWEEN_TRIES: Duration = Duration::from_millis(10);
/// Pages of the write-ahead log, 16 MiB, after which they are copied into the file: late enough that a page that is
/// written again and again is copied once for many commits.
const CHECKPOINT_PAGES: &str = "4000";
/// The write-ahead log is cut back to this after a burst.
const WAL_BYTES: &str = "67108864";
/// Pages that the writer keeps in memory, in KiB (SQLite counts these as negative).
const WRITER_CACHE: &str = "-8192";

/// An opened file.
pub(crate) struct Opened {
    pub(crate) connect: SqliteConnectOptions,
    pub(crate) connection: SqliteConnection,
    pub(crate) readers: SqlitePool,
    pub(crate) epoch: Epoch,
    pub(crate) partitions: u16,
}

/// Opens the file and makes sure that it is a log that keeps what it is given.
pub(crate) async fn open(options: &SqliteOptions) -> Result<Opened, OpenError> {
    let path = options.path.as_path();
    let (connect, mut connection) = open_file(path).await?;
    if options.migrate {
        apply(&mut connection, path).await?;
    } else if !list_pending(&mut connection).await.map_err(store(path, "looking for its tables"))?.is_empty() {
        return Err(OpenError::NotMigrated { path: path.into() });
    }
    let (epoch, partitions) = identity(&mut connection, options).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.readers.max(1))
        .acquire_timeout(PATIENCE)
        .connect_with(SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(PATIENCE))
        .await
        .map_err(store(path, "opening the file for reading"))?;
    Ok(Opened { connect, connection, readers, epoch, partitions })
}

/// A connection that writes; the file and its folder are made when they are not there.
pub(crate) async fn open_file(path: &Path) -> Result<(SqliteConnectOptions, SqliteConnection), OpenError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| OpenError::Folder { path: path.into(), source })?;
    }
    let connect = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("journal_size_limit", WAL_BYTES)
        .pragma("cache_size", WRITER_CACHE);
    let mut connection = first_connection(&connect).await.map_err(store(path, "opening the file"))?;
    expect_pragma(&mut connection, path, "journal_mode", "PRAGMA journal_mode", "wal").await?;
    expect_pragma(&mut connection, path, "synchronous", "PRAGMA synchronous", "2").await?;
    Ok((connect, connection))
}

/// The step to a write-ahead log does not wait for other processes that open or close the file at this moment, whatever
/// the busy timeout is: so it is tried again until they are through.
async fn first_connection(connect: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match SqliteConnection::connect_with(connect).await {
            Err(error) if is_busy(&error) && Instant::now() < deadline => sleep(BETWEEN_TRIES).await,
            result => return result,
        }
    }
}

/// Durability is asked for above; this sees that it was given, whatever the file system and the build of SQLite are.
async fn expect_pragma(
    connection: &mut SqliteConnection,
    path: &Path,
    pragma: &'static str,
    query: &'static str,
    wanted: &'static str,
) -> Result<(), OpenError> {
    let row = sqlx::query(query).fetch_one(connection).await.map_err(store(path, "reading its settings"))?;
    let number = || row.try_get::<i64, _>(0).map(|number| number.to_string());
    let found = row.try_get(0).or_else(|_| number()).map_err(store(path, "reading its settings"))?;
    if found == wanted {
        return Ok(());
    }
    Err(OpenError::NotDurable { path: path.into(), pragma, found, wanted })
}

/// Gives a new file its format, epoch and partitions, and reads those of the file.
async fn identity(connection: &mut SqliteConnection, options: &SqliteOptions) -> Result<(Epoch, u16), OpenError> {
    let path = options.path.as_path();
    let unfit = |what: String| OpenError::Unfit { path: path.into(), what };
    let wanted = options.partitions.max(1);
    let drawn = uuid::Uuid::new_v4().as_u64_pair().1.cast_signed();
    for (key, value) in [("format", FORMAT), ("epoch", drawn), ("partitions", i64::from(wanted))] {
        sqlx::query("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(key)
            .bind(value)
            .execute(&mut *connection)
            .await
            .map_err(store(path, "naming the log"))?;
    }
    let mut meta = [0; 3];
    for (value, key) in meta.iter_mut().zip(["format", "epoch", "partitions"]) {
        *value = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(key)
            .fetch_one(&mut *connection)
            .await
            .map_err(store(path, "reading the log's name"))?;
    }
    let [format, epoch, partitions] = meta;
    if format != FORMAT {
        return Err(unfit(format!("its format is {format}, this version reads {FORMAT}")));
    }
    let partitions = u16::try_from(partitions).map_err(|_| unfit(format!("it says that it has {partitions} parts")))?;
    if partitions != wanted {
        warn!("the log at {} keeps its {partitions} partitions, {wanted} were asked for", path.display());
    }
    sqlx::query(INSERT_HEADS)
        .bind(partitions)
        .execute(&mut *connection)
        .await
        .map_err(store(path, "making the heads"))?;
    Ok((Epoch(epoch.cast_unsigned()), partitions))
}

const INSERT_HEADS: &str = "
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)
    INSERT INTO heads (partition) SELECT n FROM numbers WHERE true ON CONFLICT DO NOTHING";

pub(crate) fn store(path: &Path, doing: &'static str) -> impl FnOnce(sqlx::Error) -> OpenError {
    move |source| OpenError::Store { path: path.into(), doing, source }
}
