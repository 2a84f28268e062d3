use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::Timestamp;
use durable_log::{Clock, Epoch};
use sqlx::{Connection, PgConnection, Row};
use tokio::time::timeout;

use crate::connect::{READING, Server};
use crate::database_clock::DatabaseClock;
use crate::migrate::list_pending;
use crate::moment::Moment;
use crate::{OpenError, PostgresOptions};

/// What this code reads and writes; another format is refused.
const FORMAT: i64 = 1;
/// The oldest release that is supported.
const OLDEST_RELEASE: i32 = 14;

/// What all parts of an open log share.
pub(crate) struct Shared {
    pub(crate) server: Server,
    /// For people: the store and its version.
    pub(crate) store: String,
    /// Whether the samples lie in a hypertable of TimescaleDB.
    pub(crate) has_timescale: bool,
    pub(crate) partitions: u16,
    pub(crate) clock: Clock,
    /// How much time one chunk of samples spans.
    pub(crate) chunk: Duration,
    /// Chunks older than this are compressed, where they can be.
    pub(crate) compress_after: Duration,
    database_clock: DatabaseClock,
    /// Drawn when the log was made, or given by a restore.
    drawn: i64,
    epoch: AtomicU64,
}

impl Shared {
    /// Takes in what the database has told of itself: the time, and the timeline of its write-ahead log. Each failover
    /// and each restore to a point in time begins another timeline, and with it another epoch.
    pub(crate) fn hear(&self, time: Timestamp, timeline: i32) {
        self.database_clock.hear(time);
        self.epoch.store(epoch(self.drawn, timeline), Ordering::Relaxed);
    }

    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.epoch.load(Ordering::Relaxed))
    }
}

fn epoch(drawn: i64, timeline: i32) -> u64 {
    drawn.cast_unsigned().wrapping_add(u64::from(timeline.cast_unsigned()))
}

/// Makes sure that the database keeps what it is given, and that it is a log of this format.
pub(crate) async fn open(options: &PostgresOptions) -> Result<Arc<Shared>, OpenError> {
    let server = Server::new(&options.url)?;
    let mut connection = server.keeper().await.map_err(server.failed("connecting"))?;
    let looked = timeout(READING, look(server.clone(), &mut connection, options)).await;
    let late = || server.failed("looking at it")(sqlx::Error::Io(ErrorKind::TimedOut.into()));
    let shared = looked.unwrap_or_else(|_| Err(late()));
    drop(connection.close().await);
    shared.map(Arc::new)
}

async fn look(server: Server, connection: &mut PgConnection, options: &PostgresOptions) -> Result<Shared, OpenError> {
    let release = check_server(&server, connection).await?;
    if !list_pending(connection).await.map_err(server.failed("looking for its tables"))?.is_empty() {
        return Err(OpenError::NotMigrated { server: server.name });
    }
    let (drawn, partitions) = identity(&server, connection, options.partitions.max(1)).await?;
    let row =
        sqlx::query(LOOK_AROUND).fetch_one(&mut *connection).await.map_err(server.failed("reading what it is"))?;
    let failed = server.failed("reading what it is");
    let read = || -> sqlx::Result<_> {
        let time: Moment = row.try_get("now")?;
        let timescale: Option<String> = row.try_get("timescale")?;
        Ok((time.0, row.try_get::<i32, _>("timeline")?, timescale, row.try_get("has_timescale")?))
    };
    let (time, timeline, timescale, has_timescale): (_, _, _, bool) = read().map_err(failed)?;
    let store = match timescale.filter(|_| has_timescale) {
        Some(version) => format!("PostgreSQL {release} with TimescaleDB {version}"),
        None => format!("PostgreSQL {release}"),
    };
    if has_timescale {
        let width = sqlx::query(SET_WIDTH).bind(i64::try_from(options.chunk.as_micros()).unwrap_or(i64::MAX));
        width.execute(connection).await.map_err(server.failed("setting the width of its chunks"))?;
    }
    let database_clock = DatabaseClock::new(time);
    let clock = options.clock.clone().unwrap_or_else(|| database_clock.steady());
    let epoch = AtomicU64::new(epoch(drawn, timeline));
    Ok(Shared {
        server,
        store,
        has_timescale,
        partitions,
        clock,
        chunk: options.chunk,
        compress_after: options.compress_after,
        database_clock,
        drawn,
        epoch,
    })
}

/// Asserts what durability rests on, and answers the release.
async fn check_server(server: &Server, connection: &mut PgConnection) -> Result<String, OpenError> {
    let row = sqlx::query(
        "SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
            current_setting('server_version_num')::int / 10000 AS release, pg_is_in_recovery() AS is_replica,
            split_part(current_setting('server_version'), ' ', 1) AS version, current_setting('server_encoding') AS encoding",
    )
    .fetch_one(connection)
    .await
    .map_err(server.failed("reading its settings"))?;
    let text = |column: &str| row.try_get::<String, _>(column).map_err(server.failed("reading its settings"));
    let unfit = |what: String| OpenError::Unfit { server: server.name.clone(), what };
    for (setting, wanted, good) in
        [("synchronous_commit", "on", ["on", "remote_apply"].as_slice()), ("fsync", "on", ["on"].as_slice())]
    {
        let found = text(setting)?;
        if !good.contains(&found.as_str()) {
            return Err(OpenError::NotDurable { server: server.name.clone(), setting, found, wanted });
        }
    }
    let version = text("version")?;
    let release: i32 = row.try_get("release").map_err(server.failed("reading its settings"))?;
    if release < OLDEST_RELEASE {
        return Err(unfit(format!("it is PostgreSQL {version}, at least {OLDEST_RELEASE} is needed")));
    }
    if row.try_get("is_replica").map_err(server.failed("reading its settings"))? {
        return Err(unfit("it is a replica that only reads: name the primary".to_owned()));
    }
    let encoding = text("encoding")?;
    if encoding != "UTF8" {
        return Err(unfit(format!("its encoding is {encoding}, it must be UTF8")));
    }
    Ok(version)
}

/// Gives a new log its format, epoch and partitions, and reads those of the log.
async fn identity(server: &Server, connection: &mut PgConnection, wanted: u16) -> Result<(i64, u16), OpenError> {
    let drawn = uuid::Uuid::new_v4().as_u64_pair().1.cast_signed();
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ('format', $1), ('epoch', $2), ('partitions', $3) ON CONFLICT DO NOTHING",
    )
    .bind(FORMAT)
    .bind(drawn)
    .bind(i64::from(wanted))
    .execute(&mut *connection)
    .await
    .map_err(server.failed("naming the log"))?;
    let mut meta = [0; 3];
    for (value, key) in meta.iter_mut().zip(["format", "epoch", "partitions"]) {
        *value = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_one(&mut *connection)
            .await
            .map_err(server.failed("reading the log's name"))?;
    }
    let [format, epoch, partitions] = meta;
    let unfit = |what: String| OpenError::Unfit { server: server.name.clone(), what };
    if format != FORMAT {
        return Err(unfit(format!("it holds a log of format {format}, this version reads {FORMAT}")));
    }
    let partitions = u16::try_from(partitions).map_err(|_| unfit(format!("it says that it has {partitions} parts")))?;
    if partitions != wanted {
        tracing::warn!("the log in {} keeps its {partitions} partitions, {wanted} were asked for", server.name);
    }
    sqlx::query("INSERT INTO heads (partition) SELECT generate_series(0, $1 - 1) ON CONFLICT DO NOTHING")
        .bind(i32::from(partitions))
        .execute(connection)
        .await
        .map_err(server.failed("making the heads"))?;
    Ok((epoch, partitions))
}

/// The samples are one table (`r`) when they lie in a hypertable, and a parent of partitions (`p`) when not.
const LOOK_AROUND: &str = "
    SELECT clock_timestamp() AS now,
        ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline,
        (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescale,
        (SELECT relkind = 'r' FROM pg_class WHERE oid = 'samples'::regclass) AS has_timescale";

/// For the chunks to come.
const SET_WIDTH: &str = "
    SELECT set_chunk_time_interval('samples', $1 * interval '1 microsecond')
    FROM timescaledb_information.dimensions
    WHERE hypertable_name = 'samples' AND time_interval <> $1 * interval '1 microsecond'";
