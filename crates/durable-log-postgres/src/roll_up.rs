//! Brings the summaries of the past up to date with the log: every bucket into which a new sample falls, however late it
//! came, is summed up anew. How far that is done is known by number, so that history knows what it can rely on.

use std::time::Duration;

use domain::Timestamp;
use sqlx::{Connection, PgConnection, Row};

use crate::chunks::{Chunks, align};
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
    // Whoever comes first does it; the lock ends with the connection.
    let is_ours: bool =
        sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(&mut connection).await?;
    if !is_ours {
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
    connection.close().await?;
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
            sqlx::query("CALL refresh_continuous_aggregate($1::regclass, $2::timestamptz, $3::timestamptz)")
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
        for statement in [SUM_UP_SAMPLES, SUM_UP_TEN_SECONDS, SUM_UP_MINUTES] {
            sqlx::query(statement)
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

const SELECT_HOURS: &str = "
    SELECT DISTINCT date_bin('1 hour', at, 'epoch') FROM samples
    WHERE partition = $1 AND seq > $2 AND seq <= $3 AND at >= $4 AND at <= $5";

/// The ten seconds into which the samples of the bite fall, from all the samples in them. The last bounds leave out chunks.
const SUM_UP_SAMPLES: &str = "
    WITH touched AS (
        SELECT DISTINCT subject_id AS subject, date_bin('10 seconds', at, 'epoch') AS start FROM samples
        WHERE partition = $1 AND seq > $2 AND seq <= $3 AND at >= $4 AND at <= $5
    )
    INSERT INTO samples_10s (subject_id, bucket,
        clarity_min, clarity_max, clarity_sum, clarity_count, clarity_last, chaos_min, chaos_max, chaos_sum,
        chaos_count, chaos_last, trust_min, trust_max, trust_sum, trust_count, trust_last, pain_min, pain_max,
        pain_sum, pain_count, pain_last)
    SELECT subject, start,
        min(clarity), max(clarity), sum(clarity), count(clarity),
        (array_agg(clarity ORDER BY at DESC) FILTER (WHERE clarity IS NOT NULL))[1], min(chaos), max(chaos),
        sum(chaos), count(chaos), (array_agg(chaos ORDER BY at DESC) FILTER (WHERE chaos IS NOT NULL))[1],
        min(trust), max(trust), sum(trust), count(trust),
        (array_agg(trust ORDER BY at DESC) FILTER (WHERE trust IS NOT NULL))[1], min(pain), max(pain), sum(pain),
        count(pain), (array_agg(pain ORDER BY at DESC) FILTER (WHERE pain IS NOT NULL))[1]
    FROM touched CROSS JOIN LATERAL (
        SELECT * FROM samples WHERE subject_id = subject AND at >= start AND at < start + interval '10 seconds'
            AND at >= date_bin('10 seconds', $4, 'epoch') AND at < date_bin('10 seconds', $5, 'epoch') + interval '10 seconds'
    ) AS its
    GROUP BY subject, start
    ON CONFLICT (subject_id, bucket) DO UPDATE SET
        clarity_min = excluded.clarity_min, clarity_max = excluded.clarity_max, clarity_sum = excluded.clarity_sum,
        clarity_count = excluded.clarity_count, clarity_last = excluded.clarity_last,
        chaos_min = excluded.chaos_min, chaos_max = excluded.chaos_max, chaos_sum = excluded.chaos_sum,
        chaos_count = excluded.chaos_count, chaos_last = excluded.chaos_last, trust_min = excluded.trust_min,
        trust_max = excluded.trust_max, trust_sum = excluded.trust_sum, trust_count = excluded.trust_count,
        trust_last = excluded.trust_last, pain_min = excluded.pain_min, pain_max = excluded.pain_max,
        pain_sum = excluded.pain_sum, pain_count = excluded.pain_count, pain_last = excluded.pain_last";

/// The same for minutes, from the summaries of ten seconds.
const SUM_UP_TEN_SECONDS: &str = "
    WITH touched AS (
        SELECT DISTINCT subject_id AS subject, date_bin('1 minute', at, 'epoch') AS start FROM samples
        WHERE partition = $1 AND seq > $2 AND seq <= $3 AND at >= $4 AND at <= $5
    )
    INSERT INTO samples_1m (subject_id, bucket,
        clarity_min, clarity_max, clarity_sum, clarity_count, clarity_last, chaos_min, chaos_max, chaos_sum,
        chaos_count, chaos_last, trust_min, trust_max, trust_sum, trust_count, trust_last, pain_min, pain_max,
        pain_sum, pain_count, pain_last)
    SELECT subject, start,
        min(clarity_min), max(clarity_max), sum(clarity_sum), sum(clarity_count),
        (array_agg(clarity_last ORDER BY bucket DESC) FILTER (WHERE clarity_last IS NOT NULL))[1], min(chaos_min),
        max(chaos_max), sum(chaos_sum), sum(chaos_count),
        (array_agg(chaos_last ORDER BY bucket DESC) FILTER (WHERE chaos_last IS NOT NULL))[1], min(trust_min),
        max(trust_max), sum(trust_sum), sum(trust_count),
        (array_agg(trust_last ORDER BY bucket DESC) FILTER (WHERE trust_last IS NOT NULL))[1], min(pain_min),
        max(pain_max), sum(pain_sum), sum(pain_count),
        (array_agg(pain_last ORDER BY bucket DESC) FILTER (WHERE pain_last IS NOT NULL))[1]
    FROM touched CROSS JOIN LATERAL (
        SELECT * FROM samples_10s WHERE subject_id = subject AND bucket >= start AND bucket < start + interval '1 minute'
            AND bucket >= date_bin('1 minute', $4, 'epoch') AND bucket < date_bin('1 minute', $5, 'epoch') + interval '1 minute'
    ) AS its
    GROUP BY subject, start
    ON CONFLICT (subject_id, bucket) DO UPDATE SET
        clarity_min = excluded.clarity_min, clarity_max = excluded.clarity_max, clarity_sum = excluded.clarity_sum,
        clarity_count = excluded.clarity_count, clarity_last = excluded.clarity_last,
        chaos_min = excluded.chaos_min, chaos_max = excluded.chaos_max, chaos_sum = excluded.chaos_sum,
        chaos_count = excluded.chaos_count, chaos_last = excluded.chaos_last, trust_min = excluded.trust_min,
        trust_max = excluded.trust_max, trust_sum = excluded.trust_sum, trust_count = excluded.trust_count,
        trust_last = excluded.trust_last, pain_min = excluded.pain_min, pain_max = excluded.pain_max,
        pain_sum = excluded.pain_sum, pain_count = excluded.pain_count, pain_last = excluded.pain_last";

/// The same for hours, from the summaries of minutes.
const SUM_UP_MINUTES: &str = "
    WITH touched AS (
        SELECT DISTINCT subject_id AS subject, date_bin('1 hour', at, 'epoch') AS start FROM samples
        WHERE partition = $1 AND seq > $2 AND seq <= $3 AND at >= $4 AND at <= $5
    )
    INSERT INTO samples_1h (subject_id, bucket,
        clarity_min, clarity_max, clarity_sum, clarity_count, clarity_last, chaos_min, chaos_max, chaos_sum,
        chaos_count, chaos_last, trust_min, trust_max, trust_sum, trust_count, trust_last, pain_min, pain_max,
        pain_sum, pain_count, pain_last)
    SELECT subject, start,
        min(clarity_min), max(clarity_max), sum(clarity_sum), sum(clarity_count),
        (array_agg(clarity_last ORDER BY bucket DESC) FILTER (WHERE clarity_last IS NOT NULL))[1], min(chaos_min),
        max(chaos_max), sum(chaos_sum), sum(chaos_count),
        (array_agg(chaos_last ORDER BY bucket DESC) FILTER (WHERE chaos_last IS NOT NULL))[1], min(trust_min),
        max(trust_max), sum(trust_sum), sum(trust_count),
        (array_agg(trust_last ORDER BY bucket DESC) FILTER (WHERE trust_last IS NOT NULL))[1], min(pain_min),
        max(pain_max), sum(pain_sum), sum(pain_count),
        (array_agg(pain_last ORDER BY bucket DESC) FILTER (WHERE pain_last IS NOT NULL))[1]
    FROM touched CROSS JOIN LATERAL (
        SELECT * FROM samples_1m WHERE subject_id = subject AND bucket >= start AND bucket < start + interval '1 hour'
            AND bucket >= date_bin('1 hour', $4, 'epoch') AND bucket < date_bin('1 hour', $5, 'epoch') + interval '1 hour'
    ) AS its
    GROUP BY subject, start
    ON CONFLICT (subject_id, bucket) DO UPDATE SET
        clarity_min = excluded.clarity_min, clarity_max = excluded.clarity_max, clarity_sum = excluded.clarity_sum,
        clarity_count = excluded.clarity_count, clarity_last = excluded.clarity_last,
        chaos_min = excluded.chaos_min, chaos_max = excluded.chaos_max, chaos_sum = excluded.chaos_sum,
        chaos_count = excluded.chaos_count, chaos_last = excluded.chaos_last, trust_min = excluded.trust_min,
        trust_max = excluded.trust_max, trust_sum = excluded.trust_sum, trust_count = excluded.trust_count,
        trust_last = excluded.trust_last, pain_min = excluded.pain_min, pain_max = excluded.pain_max,
        pain_sum = excluded.pain_sum, pain_count = excluded.pain_count, pain_last = excluded.pain_last";
