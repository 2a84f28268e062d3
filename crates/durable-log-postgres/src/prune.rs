//! What is old goes: first for readers, by number; then from the disk, chunk by chunk.

use domain::Timestamp;
use durable_log::Partition;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use crate::chunks;
use crate::connect::{give_back, take_lock};
use crate::moment::Moment;
use crate::open::Shared;
use crate::read::number;
use crate::span::span;
use crate::store::FULL;

/// Held by whoever tidies up: a number that nobody else takes.
const LOCK: i64 = 0x6973_6b72_6174_6964;

/// A chunk that cannot be dropped within this waits for the next time: whoever writes waits meanwhile.
const DROPPING: &str = "SET LOCAL lock_timeout = '500ms'";

/// Within a transaction that it begins: lets entries of a partition go that were recorded before `before`, the oldest
/// first. Many stretches go at once, by their last number: their samples stay in their chunk, out of sight, until all of
/// it goes, and only commands and events must be deleted, `limit` at a time. Of a stretch that is old in part, `limit`
/// entries go.
pub(crate) async fn entries(
    connection: &mut PgConnection,
    partition: Partition,
    before: Timestamp,
    limit: u32,
) -> sqlx::Result<u64> {
    let (partition, limit) = (partition.0.cast_signed(), u64::from(limit));
    sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
    let whole = sqlx::query(LAST_STRETCH).bind(partition).bind(Moment(before)).bind(FULL.cast_signed());
    let whole = whole.fetch_one(&mut *connection).await?;
    let mut gone = delete_entries(connection, partition, limit).await?;
    let room = limit.saturating_sub(gone);
    if room > 0 {
        let stretches = advance(connection, partition, &whole).await?;
        gone += stretches;
        if gone < limit {
            let pruned = number(&whole, "pruned")? + stretches;
            let (after, until) = (pruned.cast_signed(), (pruned + limit - gone).cast_signed());
            let (oldest, newest) = span(connection, partition, after, until).await?;
            let some = sqlx::query(LAST_TO_GO).bind(partition).bind(Moment(before)).bind(after).bind(until);
            let some = some.bind(oldest).bind(newest).fetch_one(&mut *connection).await?;
            gone += advance(connection, partition, &some).await?;
        }
        // They are counted already.
        delete_entries(connection, partition, room).await?;
    }
    Ok(gone)
}

/// Deletes up to `limit` commands and events that are out of sight.
async fn delete_entries(connection: &mut PgConnection, partition: i16, limit: u64) -> sqlx::Result<u64> {
    let delete = sqlx::query(DELETE_ENTRIES).bind(partition).bind(limit.cast_signed());
    Ok(delete.execute(connection).await?.rows_affected())
}

/// Takes everything up to the `last` of a row out of sight, and answers how many entries that are.
async fn advance(connection: &mut PgConnection, partition: i16, row: &PgRow) -> sqlx::Result<u64> {
    let Some(last) = row.try_get::<Option<i64>, _>("last")? else { return Ok(0) };
    for statement in [
        "UPDATE heads SET pruned = $2 WHERE partition = $1",
        "DELETE FROM stretches WHERE partition = $1 AND through <= $2",
    ] {
        sqlx::query(statement).bind(partition).bind(last).execute(&mut *connection).await?;
    }
    Ok(last.cast_unsigned() - number(row, "pruned")?)
}

/// Deletes alerts and experiments that ended before `before` and artifacts that were kept before it, drops the chunks of which nothing is left to see, and compresses those that
/// are old enough, where TimescaleDB can. One process at a time; the others have nothing to do.
pub(crate) async fn the_rest(shared: &Shared, before: Timestamp, limit: u32) -> sqlx::Result<()> {
    let mut connection = shared.server.keeper().await?;
    if take_lock(&mut connection, LOCK).await? {
        for delete in [DELETE_ALERTS, DELETE_EXPERIMENTS, DELETE_ARTIFACTS] {
            sqlx::query(delete).bind(Moment(before)).bind(i64::from(limit)).execute(&mut connection).await?;
        }
        if shared.has_timescale {
            drop_and_compress(&mut connection, before, shared).await?;
        }
        // Of runs, and of samples where TimescaleDB does not do it.
        while drop_one(&mut connection, before).await? {}
    }
    give_back(connection, LOCK).await
}

/// Drops a chunk of which nothing is left to see; answers whether there was one. An unlocked look comes first, for mostly
/// there is none.
async fn drop_one(connection: &mut PgConnection, before: Timestamp) -> sqlx::Result<bool> {
    let until = oldest_in_sight(connection, before).await?;
    if chunks::find_old(connection, until).await?.is_none() {
        return Ok(false);
    }
    let until = begin_dropping(connection, before).await?;
    if let Some(chunk) = chunks::find_old(connection, until).await? {
        chunks::drop(connection, chunk).await?;
    }
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(true)
}

/// Begins a transaction in which nobody writes, and answers until when chunks can go: a sample of an old time that was
/// committed before is in sight, one that comes later finds its chunk gone and makes another.
async fn begin_dropping(connection: &mut PgConnection, before: Timestamp) -> sqlx::Result<Timestamp> {
    sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
    sqlx::raw_sql(DROPPING).execute(&mut *connection).await?;
    sqlx::raw_sql("SELECT FROM heads ORDER BY partition FOR UPDATE").execute(&mut *connection).await?;
    oldest_in_sight(connection, before).await
}

async fn oldest_in_sight(connection: &mut PgConnection, before: Timestamp) -> sqlx::Result<Timestamp> {
    let oldest: Option<Moment> = sqlx::query_scalar(OLDEST_IN_SIGHT).fetch_one(connection).await?;
    Ok(oldest.map_or(before, |oldest| oldest.0.min(before)))
}

async fn drop_and_compress(connection: &mut PgConnection, before: Timestamp, shared: &Shared) -> sqlx::Result<()> {
    let until = oldest_in_sight(connection, before).await?;
    if sqlx::query_scalar(HAS_OLD_CHUNKS).bind(Moment(until)).fetch_one(&mut *connection).await? {
        let until = begin_dropping(connection, before).await?;
        // The summaries are those of the version before.
        for table in ["samples", "samples_10s", "samples_1m", "samples_1h"] {
            let drop = sqlx::query_scalar("SELECT drop_chunks($1::regclass, older_than => $2::timestamptz)");
            let chunks: Vec<String> = drop.bind(table).bind(Moment(until)).fetch_all(&mut *connection).await?;
            for chunk in chunks {
                tracing::info!("dropped the chunk {chunk}: all of it is older than the retention");
            }
        }
        sqlx::raw_sql("COMMIT").execute(&mut *connection).await?;
    }
    let before = shared.clock.now().minus(shared.compress_after);
    let chunks: Vec<String> = sqlx::query_scalar(TO_COMPRESS).bind(Moment(before)).fetch_all(&mut *connection).await?;
    for chunk in chunks {
        let compress = sqlx::query("CALL convert_to_columnstore($1::regclass)").bind(&chunk);
        match compress.execute(&mut *connection).await {
            Ok(_) => tracing::info!("compressed the chunk {chunk}"),
            // Somebody writes into it, or reads it for long. The others need not wait.
            Err(sqlx::Error::Database(error)) => {
                tracing::warn!("the chunk {chunk} is compressed another time: {error}")
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The end of the last stretch that is old enough, if so many entries are before it that going one by one would not keep
/// up. The head is locked, so that nobody prunes beside us.
const LAST_STRETCH: &str = "
    WITH head AS (SELECT pruned FROM heads WHERE partition = $1 FOR UPDATE)
    SELECT pruned, (
        SELECT max(through) FROM stretches WHERE partition = $1 AND through >= pruned + $3 AND recorded < $2
    ) AS last FROM head";

const DELETE_ENTRIES: &str = "
    DELETE FROM entries WHERE partition = $1 AND seq IN (
        SELECT seq FROM entries
        WHERE partition = $1 AND seq <= (SELECT pruned FROM heads WHERE partition = $1)
        ORDER BY seq LIMIT $2
    )";

/// The last of the oldest entries of a partition that are old enough. Their numbers have no gap, so these alone tell which
/// they are: only so many are read, whatever the log holds, for the head is locked meanwhile.
const LAST_TO_GO: &str = "
    SELECT $3::bigint AS pruned, max(seq) AS last FROM (
        SELECT seq, recorded FROM samples
        WHERE partition = $1 AND seq > $3 AND seq <= $4 AND at >= $5 AND at <= $6
        UNION ALL
        SELECT seq, recorded FROM entries WHERE partition = $1 AND seq > $3 AND seq <= $4
    ) AS oldest_ones WHERE recorded < $2";

const DELETE_ALERTS: &str = "
    DELETE FROM alerts WHERE id IN (
        SELECT id FROM alerts WHERE state = 'resolved' AND resolved_at < $1 ORDER BY resolved_at LIMIT $2
    )";

const DELETE_EXPERIMENTS: &str = "
    DELETE FROM experiments WHERE id IN (SELECT id FROM experiments WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)";

/// With what they belong to.
const DELETE_ARTIFACTS: &str = "
    WITH gone AS (
        DELETE FROM artifacts WHERE id IN (SELECT id FROM artifacts WHERE at < $1 ORDER BY at, id LIMIT $2) RETURNING id
    )
    DELETE FROM artifact_links WHERE artifact IN (SELECT id FROM gone)";

/// When the first sample was measured that readers of the log may still see; none when there is none.
const OLDEST_IN_SIGHT: &str = "
    SELECT least(
        (SELECT min(oldest) FROM stretches JOIN heads USING (partition) WHERE through > heads.pruned),
        (SELECT min(stretch_oldest) FROM heads WHERE seq > pruned)
    )";

/// Whether TimescaleDB has chunks of samples or summaries that end at a time or before it.
const HAS_OLD_CHUNKS: &str = "
    SELECT EXISTS (
        SELECT show_chunks(name::regclass, older_than => $1::timestamptz)
        FROM unnest(ARRAY['samples', 'samples_10s', 'samples_1m', 'samples_1h']) AS name
    )";

/// Samples that come late lie beside what is compressed (8: it is so in part) until that is done again.
const TO_COMPRESS: &str = "
    SELECT name FROM timescaledb_information.chunks, format('%I.%I', chunk_schema, chunk_name) AS name
    WHERE hypertable_name = 'samples' AND range_end <= $1
        AND (NOT is_compressed OR _timescaledb_functions.chunk_status(name::regclass) & 8 > 0)
    ORDER BY range_end";
