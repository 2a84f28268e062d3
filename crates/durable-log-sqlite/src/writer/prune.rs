use domain::Timestamp;
use durable_log::Partition;
use log_writer::{Failure, Fairly};
use sqlx::SqliteConnection;

/// Deletes up to `limit` entries recorded before `before`, always the oldest of a partition first, so that what is left
/// of it has no hole; and alerts, experiments and artifacts that ended or were kept before it.
pub(super) async fn prune(connection: &mut SqliteConnection, before: Timestamp, limit: u32) -> Result<u64, Failure> {
    prune_all(connection, before, limit).await.map_err(Failure::before_commit("pruning"))
}

async fn prune_all(connection: &mut SqliteConnection, before: Timestamp, limit: u32) -> sqlx::Result<u64> {
    let partitions: u16 = sqlx::query_scalar("SELECT count(*) FROM heads").fetch_one(&mut *connection).await?;
    let mut turns = Fairly::new(partitions, limit);
    while let Some(turn) = turns.next_turn() {
        let (Partition(partition), limit) = turn;
        let last: Option<i64> = sqlx::query_scalar(LAST_TO_GO)
            .bind(partition)
            .bind(before.as_micros())
            .bind(limit)
            .fetch_one(&mut *connection)
            .await?;
        let mut pruned = 0;
        for delete in [DELETE_SAMPLES, DELETE_ENTRIES] {
            let deleted = sqlx::query(delete).bind(partition).bind(last).execute(&mut *connection).await?;
            pruned += deleted.rows_affected();
        }
        turns.did(turn, pruned);
    }
    for delete in [DELETE_ALERTS, DELETE_EXPERIMENTS, DELETE_LINKS, DELETE_ARTIFACTS] {
        sqlx::query(delete).bind(before.as_micros()).bind(limit).execute(&mut *connection).await?;
    }
    sqlx::query(DELETE_RUNS).bind(before.as_micros()).bind(limit).execute(connection).await?;
    Ok(turns.done())
}

/// The last of the oldest entries of a partition that are old enough. Times of recording rise with the numbers, so the
/// search stops at the first that is too young.
const LAST_TO_GO: &str = "
    SELECT max(seq) FROM (
        SELECT seq, recorded FROM (
            SELECT seq, recorded FROM samples WHERE partition = ?1
            UNION ALL
            SELECT seq, recorded FROM entries WHERE partition = ?1
            ORDER BY seq LIMIT ?3
        ) WHERE recorded < ?2
    )";

const DELETE_SAMPLES: &str = "DELETE FROM samples WHERE partition = ? AND seq <= ?";

const DELETE_ENTRIES: &str = "DELETE FROM entries WHERE partition = ? AND seq <= ?";

const DELETE_ALERTS: &str = "
    DELETE FROM alerts WHERE id IN (
        SELECT id FROM alerts WHERE state = 'resolved' AND resolved_at < ? ORDER BY resolved_at LIMIT ?
    )";

const DELETE_EXPERIMENTS: &str = "
    DELETE FROM experiments WHERE id IN (SELECT id FROM experiments WHERE ended_at < ? ORDER BY ended_at LIMIT ?)";

/// Of the artifacts that go next.
const DELETE_LINKS: &str = "
    DELETE FROM artifact_links WHERE artifact IN (SELECT id FROM artifacts WHERE at < ? ORDER BY at, id LIMIT ?)";

const DELETE_ARTIFACTS: &str = "
    DELETE FROM artifacts WHERE id IN (SELECT id FROM artifacts WHERE at < ? ORDER BY at, id LIMIT ?)";

/// Those that ended before the oldest sample of their subject: one that was measured long ago may have come just now. Of
/// samples that lie far apart each makes three runs, so they would come faster than they go if no more went at a time.
const DELETE_RUNS: &str = "
    DELETE FROM runs WHERE rowid IN (
        SELECT rowid FROM runs WHERE begins < ? AND coalesce(
            begins + 12 * grain * 1000000 <= (SELECT min(at) FROM samples WHERE samples.subject_id = runs.subject_id), true)
        ORDER BY begins LIMIT 3 * ?
    )";
