use std::collections::BTreeMap;

use sqlx::{PgConnection, Row};
use summaries::{Run, RunKey, read_run};

use crate::moment::Moment;
use crate::read::{number, unreadable};

/// Runs in one statement.
const AT_ONCE: usize = 5_000;

/// Within a transaction: adds what is new to the runs that are there, and makes those that are not.
pub(super) async fn add(connection: &mut PgConnection, runs: BTreeMap<RunKey, Run>) -> sqlx::Result<()> {
    let mut runs: Vec<(RunKey, Run)> = runs.into_iter().collect();
    for runs in runs.chunks_mut(AT_ONCE) {
        let keys: Vec<RunKey> = runs.iter().map(|(key, _)| *key).collect();
        let subjects: Vec<i64> = keys.iter().map(|key| key.subject_id).collect();
        let grains: Vec<i16> = keys.iter().map(|key| key.grain.seconds()).collect();
        let beginnings: Vec<Moment> = keys.iter().map(|key| Moment(key.begins)).collect();
        let known = sqlx::query(SELECT_KNOWN).bind(&subjects).bind(&grains).bind(&beginnings);
        let bounds = (keys.iter().map(|key| key.begins).min(), keys.iter().map(|key| key.begins).max());
        let known = known.bind(bounds.0.map(Moment)).bind(bounds.1.map(Moment));
        for row in known.fetch_all(&mut *connection).await? {
            let place = usize::try_from(number(&row, "place")? - 1).map_err(unreadable)?;
            let (key, run) = runs.get_mut(place).ok_or(sqlx::Error::RowNotFound)?;
            let buckets = read_run(key.grain, key.begins, row.try_get("body")?).map_err(unreadable)?;
            buckets.into_iter().for_each(|(at, sums)| run.add(at, sums));
        }
        let bodies: Vec<Vec<u8>> = runs.iter().map(|(key, run)| run.write(*key)).collect();
        let upsert = sqlx::query(UPSERT).bind(subjects).bind(grains).bind(beginnings).bind(bodies);
        upsert.execute(&mut *connection).await?;
    }
    Ok(())
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

const UPSERT: &str = "
    INSERT INTO runs (subject_id, grain, begins, body)
    SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::bytea[])
    ON CONFLICT (subject_id, grain, begins) DO UPDATE SET body = excluded.body";
