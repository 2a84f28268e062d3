use std::collections::BTreeMap;
use std::iter::from_fn;

use futures_util::TryStreamExt;
use sqlx::{PgConnection, Row};
use summaries::{Run, RunKey, Unreadable, align, read_run};

use crate::moment::Moment;
use crate::read::{measured_in_order, number, unreadable};

/// Runs in one statement.
const AT_ONCE: usize = 5_000;

/// Within a transaction: adds what is new, up to a number, to the runs that are there, and makes those that are not. What
/// is written is let go of at once: each run takes more room with what is known of it.
pub(super) async fn add(
    connection: &mut PgConnection,
    mut runs: BTreeMap<RunKey, Run>,
    until: i64,
) -> sqlx::Result<()> {
    while !runs.is_empty() {
        let mut part: Vec<(RunKey, Run)> = from_fn(|| runs.pop_first()).take(AT_ONCE).collect();
        let keys: Vec<RunKey> = part.iter().map(|(key, _)| *key).collect();
        let subjects: Vec<i64> = keys.iter().map(|key| key.subject_id).collect();
        let grains: Vec<i16> = keys.iter().map(|key| key.grain.seconds()).collect();
        let beginnings: Vec<Moment> = keys.iter().map(|key| Moment(key.begins)).collect();
        let known = sqlx::query(SELECT_KNOWN).bind(&subjects).bind(&grains).bind(&beginnings);
        let bounds = (keys.iter().map(|key| key.begins).min(), keys.iter().map(|key| key.begins).max());
        let known = known.bind(bounds.0.map(Moment)).bind(bounds.1.map(Moment)).fetch_all(&mut *connection).await?;
        for row in known {
            let place = usize::try_from(number(&row, "place")? - 1).map_err(unreadable)?;
            let (key, run) = part.get_mut(place).ok_or(sqlx::Error::RowNotFound)?;
            match read_run(key.grain, key.begins, row.try_get("body")?) {
                Ok(buckets) => buckets.into_iter().for_each(|(at, sums)| run.add(at, sums)),
                // Whoever wrote it goes on with it.
                Err(error @ Unreadable::Version(_)) => return Err(unreadable(error)),
                Err(error) => {
                    let id = key.subject_id;
                    tracing::warn!(subject_id = id, "{error}: the samples of subject {id} are summed up anew");
                    *run = sum_up_anew(connection, *key, until).await?;
                }
            }
        }
        let bodies: Vec<Vec<u8>> = part.iter().map(|(key, run)| run.write(*key)).collect();
        let upsert = sqlx::query(UPSERT).bind(subjects).bind(grains).bind(beginnings).bind(bodies);
        upsert.execute(&mut *connection).await?;
    }
    Ok(())
}

/// A run of the samples that are there, up to a number.
async fn sum_up_anew(connection: &mut PgConnection, key: RunKey, until: i64) -> sqlx::Result<Run> {
    let ends = key.begins.plus(key.grain.run());
    let select =
        sqlx::query(SELECT_OF_RUN).bind(key.subject_id).bind(Moment(key.begins)).bind(Moment(ends)).bind(until);
    let mut rows = select.fetch(connection);
    let mut run = Run::default();
    while let Some(row) = rows.try_next().await? {
        let (at, sums) = measured_in_order(&row)?;
        run.add(align(at, key.grain.width()), sums);
    }
    Ok(run)
}

/// Looked up one by one (`OFFSET 0` keeps it so): they are few among very many. The bounds leave out chunks.
const SELECT_KNOWN: &str = "
    SELECT place, body
    FROM unnest($1::bigint[], $2::smallint[], $3::timestamptz[])
        WITH ORDINALITY AS wanted (its_subject, its_grain, its_beginning, place), LATERAL (
        SELECT body FROM runs
        WHERE subject_id = its_subject AND grain = its_grain AND begins = its_beginning AND begins BETWEEN $4 AND $5
        OFFSET 0
    ) AS found";

const SELECT_OF_RUN: &str = "
    SELECT at, clarity, chaos, trust, pain FROM samples
    WHERE subject_id = $1 AND at >= $2 AND at < $3 AND seq <= $4";

const UPSERT: &str = "
    INSERT INTO runs (subject_id, grain, begins, body)
    SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::bytea[])
    ON CONFLICT (subject_id, grain, begins) DO UPDATE SET body = excluded.body";
