//! Brings the summaries of the past up to date with the log: every bucket into which a new sample falls, however late it
//! came, is summed up anew. How far that is done is known by number, so that history knows what it can rely on.

use std::time::Duration;

use domain::{Timestamp, Vital};
use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::chunks::{Chunks, align};
use crate::connect::{give_back, take_lock};
use crate::moment::Moment;
use crate::open::Shared;
use crate::read::{Grain, number};

/// Entries that are summed up in one transaction.
const BITE: i64 = 50_000;
/// Held by whoever sums up: a number that nobody else takes.
const LOCK: i64 = 0x6973_6b72_6173_756d;
/// Summaries are fewer than samples: their chunks are so many times as wide.
const WIDER: u32 = 7;

/// What is being summed up of a partition.
struct Pending {
    partition: i16,
    through: i64,
    until: i64,
    span: Option<(Timestamp, Timestamp)>,
}

/// One bite of each partition; answers whether there is more to do.
pub(crate) async fn roll_up(shared: &Shared) -> sqlx::Result<bool> {
    let mut connection = shared.server.keeper().await?;
    // Whoever comes first does it. After a failure the lock ends with the connection.
    if !take_lock(&mut connection, LOCK).await? {
        return Ok(false);
    }
    let mut pending = Vec::new();
    for partition in (0..shared.partitions).map(u16::cast_signed) {
        pending.extend(take_pending(&mut connection, partition).await?);
    }
    let mut more = false;
    if shared.has_timescale {
        refresh(&mut connection, &pending).await?;
    } else {
        for pending in pending {
            more |= bite(&mut connection, &pending, shared.chunk).await?;
        }
    }
    give_back(connection, LOCK).await?;
    Ok(more)
}

/// What was begun, or else all that is new; none where nothing is.
async fn take_pending(connection: &mut PgConnection, partition: i16) -> sqlx::Result<Option<Pending>> {
    sqlx::query(TAKE_PENDING).bind(partition).execute(&mut *connection).await?;
    let row = sqlx::query(SELECT_PENDING).bind(partition).fetch_one(connection).await?;
    let oldest: Option<Moment> = row.try_get("pending_oldest")?;
    let newest: Option<Moment> = row.try_get("pending_newest")?;
    let Some(until) = row.try_get("pending_through")? else { return Ok(None) };
    let span = oldest.zip(newest).map(|(oldest, newest)| (oldest.0, newest.0));
    Ok(Some(Pending { partition, through: number(&row, "through")?.cast_signed(), until, span }))
}

/// TimescaleDB knows by itself which buckets have changed between the times.
async fn refresh(connection: &mut PgConnection, pending: &[Pending]) -> sqlx::Result<()> {
    let spans = || pending.iter().filter_map(|pending| pending.span);
    if let Some((oldest, newest)) = spans().map(|span| span.0).min().zip(spans().map(|span| span.1).max()) {
        for grain in Grain::SUMMARIES.into_iter().rev() {
            let from = align(oldest, grain.width());
            let to = align(newest, grain.width()).plus(grain.width());
            sqlx::query(REFRESH)
                .bind(grain.table())
                .bind(Moment(from))
                .bind(Moment(to))
                .execute(&mut *connection)
                .await?;
        }
    }
    for pending in pending {
        sqlx::query(END_PENDING).bind(pending.partition).bind(pending.until).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn bite(connection: &mut PgConnection, pending: &Pending, chunk: Duration) -> sqlx::Result<bool> {
    let partition = pending.partition;
    let until = pending.until.min(pending.through + BITE);
    if let Some((oldest, newest)) = pending.span {
        make_chunks(connection, pending, until, chunk).await?;
        sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
        for grain in Grain::SUMMARIES.into_iter().rev() {
            // Made of our own names alone.
            sqlx::query(AssertSqlSafe(sum_up(grain)))
                .bind(partition)
                .bind(pending.through)
                .bind(until)
                .bind(Moment(oldest))
                .bind(Moment(newest))
                .execute(&mut *connection)
                .await?;
        }
    } else {
        sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
    }
    let is_done = until == pending.until;
    let advance = if is_done { END_PENDING } else { "UPDATE roll_ups SET through = $2 WHERE partition = $1" };
    sqlx::query(advance).bind(partition).bind(until).execute(&mut *connection).await?;
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(!is_done)
}

/// Wherever a sample of the bite falls.
async fn make_chunks(
    connection: &mut PgConnection,
    pending: &Pending,
    until: i64,
    chunk: Duration,
) -> sqlx::Result<()> {
    let Some((oldest, newest)) = pending.span else { return Ok(()) };
    let hours: Vec<Moment> = sqlx::query_scalar(SELECT_HOURS)
        .bind(pending.partition)
        .bind(pending.through)
        .bind(until)
        .bind(Moment(oldest))
        .bind(Moment(newest))
        .fetch_all(&mut *connection)
        .await?;
    for grain in Grain::SUMMARIES {
        let mut chunks = Chunks::new(grain.table(), chunk * WIDER);
        let buckets =
            hours.iter().flat_map(|hour| [hour.0, hour.0.plus(Grain::Hour.width() - Grain::TenSeconds.width())]);
        chunks.ensure(connection, buckets.map(|at| align(at, grain.width()))).await?;
    }
    Ok(())
}

/// Sums up, wherever a sample of the bite falls, all that is there from the next finer grain. The last bounds leave out
/// chunks.
fn sum_up(grain: Grain) -> String {
    let (finer, time) = match grain {
        Grain::Sample | Grain::TenSeconds => (Grain::Sample, "at"),
        Grain::Minute => (Grain::TenSeconds, "bucket"),
        Grain::Hour => (Grain::Minute, "bucket"),
    };
    let (table, source, width) = (grain.table(), finer.table(), grain.interval());
    let each = |vital: &dyn Fn(&str) -> String| Vital::ALL.map(|it| vital(it.name())).join(", ");
    let columns = each(&|v| format!("{v}_min, {v}_max, {v}_sum, {v}_count, {v}_last"));
    let sums = each(&|v| match finer {
        Grain::Sample => format!("min({v}), max({v}), sum({v}), count({v}), {}", last(v, time)),
        _ => format!("min({v}_min), max({v}_max), sum({v}_sum), sum({v}_count), {}", last(&format!("{v}_last"), time)),
    });
    let updates: Vec<_> = columns.split(", ").map(|column| format!("{column} = excluded.{column}")).collect();
    format!(
        "WITH touched AS (
            SELECT DISTINCT subject_id AS subject, date_bin('{width}', at, 'epoch') AS start FROM samples
            WHERE partition = $1 AND seq > $2 AND seq <= $3 AND at >= $4 AND at <= $5
        )
        INSERT INTO {table} (subject_id, bucket, {columns})
        SELECT subject, start, {sums}
        FROM touched CROSS JOIN LATERAL (
            SELECT * FROM {source}
            WHERE subject_id = subject AND {time} >= start AND {time} < start + interval '{width}'
                AND {time} >= date_bin('{width}', $4, 'epoch')
                AND {time} < date_bin('{width}', $5, 'epoch') + interval '{width}'
        ) AS its
        GROUP BY subject, start
        ON CONFLICT (subject_id, bucket) DO UPDATE SET {}",
        updates.join(", ")
    )
}

/// The last value in the order of time that is one.
fn last(column: &str, time: &str) -> String {
    format!("(array_agg({column} ORDER BY {time} DESC) FILTER (WHERE {column} IS NOT NULL))[1]")
}

/// The head forgets what is fresh and the roll-up takes it over, in one statement: history sees it in one of the two.
const TAKE_PENDING: &str = "
    WITH head AS (SELECT seq, fresh_oldest, fresh_newest FROM heads WHERE partition = $1 FOR UPDATE),
    taken AS (
        INSERT INTO roll_ups AS old (partition, pending_through, pending_oldest, pending_newest)
        SELECT $1, seq, fresh_oldest, fresh_newest FROM head
        ON CONFLICT (partition) DO UPDATE SET
            pending_through = excluded.pending_through,
            pending_oldest = excluded.pending_oldest, pending_newest = excluded.pending_newest
        WHERE old.pending_through IS NULL AND old.through < excluded.pending_through
        RETURNING partition
    )
    UPDATE heads SET fresh_oldest = NULL, fresh_newest = NULL FROM taken WHERE heads.partition = taken.partition";

const SELECT_PENDING: &str = "
    SELECT through, pending_through, pending_oldest, pending_newest FROM roll_ups WHERE partition = $1";

const END_PENDING: &str = "
    UPDATE roll_ups SET through = $2, pending_through = NULL, pending_oldest = NULL, pending_newest = NULL
    WHERE partition = $1";

/// In one go, which leaves out what has not changed: by default it is a transaction for every ten buckets between the
/// times, and one late sample makes that hundreds of thousands.
const REFRESH: &str = "
    CALL refresh_continuous_aggregate($1::regclass, $2::timestamptz, $3::timestamptz,
        options => '{\"buckets_per_batch\": 0}')";

const SELECT_HOURS: &str = "
    SELECT DISTINCT date_bin('1 hour', at, 'epoch') FROM samples
    WHERE partition = $1 AND seq > $2 AND seq <= $3 AND at >= $4 AND at <= $5";
