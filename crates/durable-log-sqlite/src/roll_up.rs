//! Brings the summaries of the past up to date with the log, as on PostgreSQL: every new sample is added to the runs into
//! which it falls. What is new is read and added up beside the writer, which only stores what came of it.

use std::collections::BTreeMap;

use durable_log::Partition;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension};
use summaries::{Run, RunKey, Summing, Unreadable, align, read_run};

use crate::read::{measured_in_order, unreadable};

/// Entries that are summed up in one transaction: the producers wait meanwhile.
const BITE: i64 = 10_000;

/// What the writer does for a bite. It changes nothing if somebody else was quicker.
pub(crate) enum Step {
    /// There is something new: its times are noted, so that history goes on to read it from the samples.
    Take,
    /// Stores runs as they are with what is new.
    Store(Bite),
}

/// A part of what is pending, summed up.
pub(crate) struct Bite {
    pub(crate) runs: Vec<(RunKey, Vec<u8>)>,
    /// It holds what came after this number,
    pub(crate) through: i64,
    /// up to this one,
    pub(crate) until: i64,
    /// with which nothing is pending any more.
    pub(crate) is_last: bool,
}

/// What is to be done for a partition; none when all of it is summed up.
pub(crate) fn next_step(connection: &Connection, partition: Partition) -> rusqlite::Result<Option<Step>> {
    let state = connection.query_row(SELECT_STATE, [partition.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let Some((seq, through, pending)): Option<(i64, i64, Option<i64>)> = state.optional()? else { return Ok(None) };
    let Some(pending) = pending else { return Ok((seq > through).then_some(Step::Take)) };
    let until = pending.min(through + BITE);
    let mut statement = connection.prepare(SELECT_NEW)?;
    let mut rows = statement.query((partition.0, through, until))?;
    let mut summing = Summing::default();
    while let Some(row) = rows.next()? {
        let (at, sums) = measured_in_order(row)?;
        summing.add(row.get(5)?, at, sums);
    }
    let runs = with_what_is_known(connection, summing.into_runs(), until)?;
    Ok(Some(Step::Store(Bite { runs, through, until, is_last: until == pending })))
}

fn with_what_is_known(
    connection: &Connection,
    runs: BTreeMap<RunKey, Run>,
    until: i64,
) -> rusqlite::Result<Vec<(RunKey, Vec<u8>)>> {
    let mut known = connection.prepare(SELECT_KNOWN)?;
    let mut all = Vec::with_capacity(runs.len());
    for (key, mut run) in runs {
        let mut rows = known.query((key.subject_id, key.grain.seconds(), key.begins.as_micros()))?;
        if let Some(row) = rows.next()? {
            match read_run(key.grain, key.begins, row.get_ref(0)?.as_blob()?) {
                Ok(buckets) => buckets.into_iter().for_each(|(at, sums)| run.add(at, sums)),
                // Whoever wrote it goes on with it.
                Err(error @ Unreadable::Version(_)) => return Err(unreadable(0, Type::Blob, error)),
                Err(error) => {
                    let id = key.subject_id;
                    tracing::warn!(subject_id = id, "{error}: the samples of subject {id} are summed up anew");
                    run = sum_up_anew(connection, key, until)?;
                }
            }
        }
        all.push((key, run.write(key)));
    }
    Ok(all)
}

/// A run of the samples that are there, up to a number.
fn sum_up_anew(connection: &Connection, key: RunKey, until: i64) -> rusqlite::Result<Run> {
    let ends = key.begins.plus(key.grain.run());
    let mut statement = connection.prepare(SELECT_OF_RUN)?;
    let mut rows = statement.query((key.subject_id, key.begins.as_micros(), ends.as_micros(), until))?;
    let mut run = Run::default();
    while let Some(row) = rows.next()? {
        let (at, sums) = measured_in_order(row)?;
        run.add(align(at, key.grain.width()), sums);
    }
    Ok(run)
}

const SELECT_STATE: &str = "
    SELECT seq, coalesce(through, 0), pending_through
    FROM heads LEFT JOIN summed USING (partition) WHERE partition = ?1";

const SELECT_NEW: &str = "
    SELECT at, clarity, chaos, trust, pain, subject_id FROM samples WHERE partition = ?1 AND seq > ?2 AND seq <= ?3";

const SELECT_KNOWN: &str = "SELECT body FROM runs WHERE subject_id = ?1 AND grain = ?2 AND begins = ?3";

const SELECT_OF_RUN: &str = "
    SELECT at, clarity, chaos, trust, pain FROM samples WHERE subject_id = ?1 AND at >= ?2 AND at < ?3 AND seq <= ?4";
