//! What is old goes: first for readers, by number; then from the disk, chunk by chunk.

use domain::Timestamp;
use durable_log::Partition;
use sqlx::{PgConnection, Row};

use crate::chunks;
use crate::connect::{give_back, take_lock};
use crate::moment::Moment;
use crate::open::Shared;
use crate::read::number;

/// Held by whoever tidies up: a number that nobody else takes.
const LOCK: i64 = 0x6973_6b72_6174_6964;

/// Within a transaction that it begins: lets up to `limit` entries of a partition go that were recorded before `before`,
/// the oldest first. Samples stay in their chunk, out of sight, until all of it goes.
pub(crate) async fn entries(
    connection: &mut PgConnection,
    partition: Partition,
    before: Timestamp,
    limit: u32,
) -> sqlx::Result<u64> {
    let partition = partition.0.cast_signed();
    sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
    let row = sqlx::query(LAST_TO_GO)
        .bind(partition)
        .bind(Moment(before))
        .bind(i64::from(limit))
        .fetch_one(&mut *connection)
        .await?;
    let (pruned, last) = (number(&row, "pruned")?, row.try_get::<Option<i64>, _>("last")?);
    let Some(last) = last else { return Ok(0) };
    for statement in [
        "UPDATE heads SET pruned = $2 WHERE partition = $1",
        "DELETE FROM entries WHERE partition = $1 AND seq <= $2",
        "DELETE FROM stretches WHERE partition = $1 AND through <= $2",
    ] {
        sqlx::query(statement).bind(partition).bind(last).execute(&mut *connection).await?;
    }
    Ok(last.cast_unsigned() - pruned)
}

/// Deletes alerts that ended before `before`, drops the chunks of which nothing is left to see, and compresses those that
/// are old enough, where TimescaleDB can. One process at a time; the others have nothing to do.
pub(crate) async fn the_rest(shared: &Shared, before: Timestamp, limit: u32) -> sqlx::Result<()> {
    let mut connection = shared.server.keeper().await?;
    if take_lock(&mut connection, LOCK).await? {
        sqlx::query(DELETE_ALERTS).bind(Moment(before)).bind(i64::from(limit)).execute(&mut connection).await?;
        let oldest: Option<Moment> = sqlx::query_scalar(OLDEST_IN_SIGHT).fetch_one(&mut connection).await?;
        let until = oldest.map_or(before, |oldest| oldest.0.min(before));
        match shared.has_timescale {
            true => drop_and_compress(&mut connection, until, shared).await?,
            false => chunks::drop_until(&mut connection, until).await?,
        }
    }
    give_back(connection, LOCK).await
}

async fn drop_and_compress(connection: &mut PgConnection, until: Timestamp, shared: &Shared) -> sqlx::Result<()> {
    for table in ["samples", "samples_10s", "samples_1m", "samples_1h"] {
        sqlx::query("SELECT drop_chunks($1::regclass, older_than => $2::timestamptz)")
            .bind(table)
            .bind(Moment(until))
            .execute(&mut *connection)
            .await?;
    }
    let before = shared.clock.now().minus(shared.compress_after);
    let chunks: Vec<String> = sqlx::query_scalar(TO_COMPRESS).bind(Moment(before)).fetch_all(&mut *connection).await?;
    for chunk in chunks {
        sqlx::query("CALL convert_to_columnstore($1::regclass)").bind(&chunk).execute(&mut *connection).await?;
        tracing::info!("compressed the chunk {chunk}");
    }
    Ok(())
}

/// The last of the oldest entries of a partition that are old enough. Times of recording rise with the numbers, so the
/// search stops at the first that is too young. The head is locked, so that nobody prunes beside us.
const LAST_TO_GO: &str = "
    WITH head AS (SELECT pruned, seq FROM heads WHERE partition = $1 FOR UPDATE),
    place AS (
        SELECT least(min(oldest), (SELECT stretch_oldest FROM heads WHERE partition = $1)) AS oldest,
            greatest(max(newest), (SELECT stretch_newest FROM heads WHERE partition = $1)) AS newest
        FROM stretches, head
        WHERE partition = $1 AND through > head.pruned AND through <= coalesce(
            (SELECT through FROM stretches, head AS h WHERE partition = $1 AND through >= h.pruned + $3
            ORDER BY through LIMIT 1), head.seq)
    )
    SELECT head.pruned, (
        SELECT max(seq) FROM (
            SELECT seq, recorded FROM (
                SELECT samples.seq, recorded FROM samples, place
                WHERE partition = $1 AND samples.seq > head.pruned AND at BETWEEN place.oldest AND place.newest
                UNION ALL
                SELECT entries.seq, recorded FROM entries WHERE partition = $1 AND entries.seq > head.pruned
                ORDER BY seq LIMIT $3
            ) AS oldest_ones WHERE recorded < $2
        ) AS to_go
    ) AS last FROM head";

const DELETE_ALERTS: &str = "
    DELETE FROM alerts WHERE id IN (
        SELECT id FROM alerts WHERE state = 'resolved' AND resolved_at < $1 ORDER BY resolved_at LIMIT $2
    )";

/// When the first sample was measured that readers of the log may still see; none when there is none.
const OLDEST_IN_SIGHT: &str = "
    SELECT least(
        (SELECT min(oldest) FROM stretches JOIN heads USING (partition) WHERE through > heads.pruned),
        (SELECT min(stretch_oldest) FROM heads WHERE seq > pruned)
    )";

const TO_COMPRESS: &str = "
    SELECT format('%I.%I', chunk_schema, chunk_name) FROM timescaledb_information.chunks
    WHERE hypertable_name = 'samples' AND range_end <= $1 AND NOT is_compressed
    ORDER BY range_end LIMIT 10";
