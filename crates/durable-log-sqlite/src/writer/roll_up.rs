use durable_log::Partition;
use log_writer::Failure;
use sqlx::{QueryBuilder, SqliteConnection};

use crate::bulk::pieces;
use crate::roll_up::{Bite, Step};

/// Does a step of summing up.
pub(super) async fn step(connection: &mut SqliteConnection, partition: Partition, step: Step) -> Result<(), Failure> {
    let done = match step {
        Step::Take => take(connection, partition).await,
        Step::Store(bite) => store(connection, partition, bite).await,
    };
    done.map_err(Failure::before_commit("summing up"))
}

async fn take(connection: &mut SqliteConnection, partition: Partition) -> sqlx::Result<()> {
    let taken = sqlx::query(TAKE_PENDING).bind(partition.0).execute(&mut *connection).await?;
    if taken.rows_affected() > 0 {
        sqlx::query(FORGET).bind(partition.0).execute(connection).await?;
    }
    Ok(())
}

async fn store(connection: &mut SqliteConnection, partition: Partition, bite: Bite) -> sqlx::Result<()> {
    let advance = if bite.is_last { END_PENDING } else { ADVANCE };
    let advance = sqlx::query(advance).bind(partition.0).bind(bite.through).bind(bite.until);
    if advance.execute(&mut *connection).await?.rows_affected() == 0 {
        return Ok(());
    }
    for piece in pieces(&bite.runs) {
        let mut upsert = QueryBuilder::new("INSERT INTO runs (subject_id, grain, begins, body) ");
        upsert.push_values(piece, |mut values, (key, body)| {
            values.push_bind(key.subject_id).push_bind(key.grain.seconds());
            values.push_bind(key.begins.as_micros()).push_bind(body.as_slice());
        });
        upsert.push(" ON CONFLICT (subject_id, grain, begins) DO UPDATE SET body = excluded.body");
        upsert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Unless somebody did it meanwhile.
const TAKE_PENDING: &str = "
    INSERT INTO summed (partition, pending_through, pending_oldest, pending_newest)
    SELECT partition, seq, CASE WHEN unsummed_through = seq THEN unsummed_oldest ELSE -0x7fffffffffffffff END,
        CASE WHEN unsummed_through = seq THEN unsummed_newest ELSE 0x7fffffffffffffff END
    FROM heads WHERE partition = ?1
    ON CONFLICT (partition) DO UPDATE SET pending_through = excluded.pending_through,
        pending_oldest = excluded.pending_oldest, pending_newest = excluded.pending_newest
    WHERE pending_through IS NULL AND through < excluded.pending_through";

const FORGET: &str = "
    UPDATE heads SET unsummed_oldest = NULL, unsummed_newest = NULL, unsummed_through = seq WHERE partition = ?1";

const ADVANCE: &str = "UPDATE summed SET through = ?3 WHERE partition = ?1 AND through = ?2";

const END_PENDING: &str = "
    UPDATE summed SET through = ?3, pending_through = NULL, pending_oldest = NULL, pending_newest = NULL
    WHERE partition = ?1 AND through = ?2";
