//! Brings the summaries of the past up to date with the log: every new sample is added to the runs into which it falls,
//! however late it came. How far that is done is known by number, so that history knows what it can rely on.

mod runs;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::Timestamp;
use futures_util::TryStreamExt;
use sqlx::{PgConnection, Row};
use summaries::{Grain, Run, RunKey, Summing};

use crate::chunks::Chunks;
use crate::connect::{give_back, take_lock};
use crate::open::Shared;
use crate::read::{measured_in_order, number};
use crate::span::span;

/// Entries that are summed up in one transaction.
const BITE: i64 = 50_000;
/// Held by whoever sums up: a number that nobody else takes.
const LOCK: i64 = 0x6973_6b72_6173_756d;
/// Summaries are smaller than samples: their chunks are so many times as wide.
const WIDER: u32 = 7;

/// What is being summed up of a partition.
struct Pending {
    partition: i16,
    through: i64,
    until: i64,
}

/// One bite of each partition; answers whether there is more to do.
pub(crate) async fn roll_up(shared: &Shared) -> sqlx::Result<bool> {
    let mut connection = shared.server.keeper().await?;
    // Whoever comes first does it. After a failure the lock ends with the connection.
    if !take_lock(&mut connection, LOCK).await? {
        return Ok(false);
    }
    let mut chunks = Chunks::new("runs", chunk_width(shared.chunk));
    let mut more = false;
    for partition in (0..shared.partitions).map(u16::cast_signed) {
        if let Some(pending) = take_pending(&mut connection, partition).await? {
            more |= bite(&mut connection, &pending, &mut chunks).await?;
        }
    }
    give_back(connection, LOCK).await?;
    Ok(more)
}

/// No run may reach beyond its chunk: it would go while its last samples stay.
fn chunk_width(chunk: Duration) -> Duration {
    let longest = Grain::Hour.run().as_micros();
    let runs = (chunk * WIDER).as_micros().div_ceil(longest);
    Grain::Hour.run() * u32::try_from(runs).unwrap_or(u32::MAX)
}

/// What was begun, or else all that is new; none where nothing is.
async fn take_pending(connection: &mut PgConnection, partition: i16) -> sqlx::Result<Option<Pending>> {
    sqlx::query(TAKE_PENDING).bind(partition).execute(&mut *connection).await?;
    let row = sqlx::query(SELECT_PENDING).bind(partition).fetch_one(connection).await?;
    let Some(until) = row.try_get("pending_through")? else { return Ok(None) };
    Ok(Some(Pending { partition, through: number(&row, "through")?.cast_signed(), until }))
}

async fn bite(connection: &mut PgConnection, pending: &Pending, chunks: &mut Chunks) -> sqlx::Result<bool> {
    let until = pending.until.min(pending.through + BITE);
    let runs = sum_up(connection, pending, until).await?;
    let beginnings: BTreeSet<Timestamp> = runs.keys().map(|key| key.begins).collect();
    chunks.ensure(connection, beginnings.into_iter()).await?;
    sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
    runs::add(connection, runs, until).await?;
    let is_done = until == pending.until;
    let advance = if is_done { END_PENDING } else { ADVANCE };
    sqlx::query(advance).bind(pending.partition).bind(until).execute(&mut *connection).await?;
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(!is_done)
}

/// The runs of what is new, up to a number.
async fn sum_up(connection: &mut PgConnection, pending: &Pending, until: i64) -> sqlx::Result<BTreeMap<RunKey, Run>> {
    let Pending { partition, through, .. } = *pending;
    let (oldest, newest) = span(connection, partition, through, until).await?;
    let mut summing = Summing::default();
    let mut rows =
        sqlx::query(SELECT_NEW).bind(partition).bind(through).bind(until).bind(oldest).bind(newest).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let (at, sums) = measured_in_order(&row)?;
        summing.add(row.try_get(5)?, at, sums);
    }
    Ok(summing.into_runs())
}

/// The head forgets what is not summed up and the roll-up takes it over, in one statement: history sees it in one of the
/// two.
const TAKE_PENDING: &str = "
    WITH head AS (
        SELECT seq,
            CASE WHEN unsummed_through = seq THEN unsummed_oldest ELSE '-infinity' END AS oldest,
            CASE WHEN unsummed_through = seq THEN unsummed_newest ELSE 'infinity' END AS newest
        FROM heads WHERE partition = $1 FOR UPDATE
    ),
    taken AS (
        INSERT INTO summed AS old (partition, pending_through, pending_oldest, pending_newest)
        SELECT $1, seq, oldest, newest FROM head
        ON CONFLICT (partition) DO UPDATE SET
            pending_through = excluded.pending_through,
            pending_oldest = excluded.pending_oldest, pending_newest = excluded.pending_newest
        WHERE old.pending_through IS NULL AND old.through < excluded.pending_through
        RETURNING partition
    )
    UPDATE heads SET unsummed_oldest = NULL, unsummed_newest = NULL, unsummed_through = seq
    FROM taken WHERE heads.partition = taken.partition";

const SELECT_PENDING: &str = "SELECT through, pending_through FROM summed WHERE partition = $1";

const ADVANCE: &str = "UPDATE summed SET through = $2 WHERE partition = $1";

const END_PENDING: &str = "
    UPDATE summed SET through = $2, pending_through = NULL, pending_oldest = NULL, pending_newest = NULL
    WHERE partition = $1";

/// The bounds of time leave out the chunks that hold none of them.
const SELECT_NEW: &str = "
    SELECT at, clarity, chaos, trust, pain, subject_id FROM samples
    WHERE partition = $1 AND seq > $2 AND seq <= $3 AND at >= $4 AND at <= $5";
