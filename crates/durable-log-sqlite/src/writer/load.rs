use std::collections::{BTreeMap, HashMap, HashSet};

use domain::Subject;
use durable_log::Partition;
use log_writer::{Failure, Head, Known, Work, event_ids, json, sample_keys, subjects_of_group};
use sqlx::{Row, SqliteConnection};

use super::SqliteStore;
use crate::bulk::find_samples;
use crate::read::{number, subject, time};

impl SqliteStore {
    /// Begins a transaction, and reads what the store holds of the things that the group speaks of.
    pub(super) async fn begin(&self, connection: &mut SqliteConnection, group: &[Work]) -> Result<Known, Failure> {
        let heads = begin(connection).await.map_err(Failure::before_commit("beginning"))?;
        let (subjects, next_subject) =
            self.subject_ids(connection, group).await.map_err(Failure::before_commit("looking up subjects"))?;
        let wanted = sample_keys(group, &subjects);
        let samples = find_samples(connection, &wanted).await.map_err(Failure::before_commit("looking up samples"))?;
        let events = events(connection, group).await.map_err(Failure::before_commit("looking up events"))?;
        let partitions = u16::try_from(heads.len()).unwrap_or(u16::MAX);
        Ok(Known { partitions, heads, subjects, free_ids: Box::new(next_subject..), samples, events })
    }

    /// The ids of the subjects that have one, and the next free id.
    async fn subject_ids(
        &self,
        connection: &mut SqliteConnection,
        group: &[Work],
    ) -> sqlx::Result<(HashMap<Subject, i64>, i64)> {
        let mut ids = HashMap::new();
        let mut unknown = HashSet::new();
        for subject in subjects_of_group(group) {
            match self.subjects.get(subject) {
                Some(id) => drop(ids.insert(subject.clone(), *id)),
                None => drop(unknown.insert(subject)),
            }
        }
        if unknown.is_empty() {
            return Ok((ids, 0));
        }
        let rows = sqlx::query("SELECT name, id FROM subjects WHERE name IN (SELECT value FROM json_each(?))")
            .bind(json(&unknown))
            .fetch_all(&mut *connection)
            .await?;
        for row in rows {
            ids.insert(subject(row.try_get("name")?)?, row.try_get("id")?);
        }
        let last: i64 =
            sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM subjects").fetch_one(&mut *connection).await?;
        Ok((ids, last + 1))
    }
}

/// Not by sqlx's own transaction: after a failed rollback that would never begin another one.
const BEGIN_AND_READ_HEADS: &str = "
    BEGIN IMMEDIATE;
    SELECT partition, seq, recorded, fence, engine_through, engine_now, saved_through, saved_now
    FROM heads JOIN saved USING (partition) ORDER BY partition";

async fn begin(connection: &mut SqliteConnection) -> sqlx::Result<BTreeMap<Partition, Head>> {
    let heads = sqlx::query(BEGIN_AND_READ_HEADS).fetch_all(connection).await?;
    heads
        .iter()
        .map(|row| {
            let head = Head {
                seq: number(row, "seq")?,
                recorded: time(row, "recorded")?,
                fence: number(row, "fence")?,
                engine_through: number(row, "engine_through")?,
                engine_now: time(row, "engine_now")?,
                saved_through: number(row, "saved_through")?,
                saved_now: time(row, "saved_now")?,
            };
            Ok((Partition(row.try_get("partition")?), head))
        })
        .collect()
}

async fn events(connection: &mut SqliteConnection, group: &[Work]) -> sqlx::Result<HashSet<String>> {
    let ids = event_ids(group);
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let there = sqlx::query_scalar("SELECT id FROM entries WHERE id IN (SELECT value FROM json_each(?))");
    Ok(there.bind(json(&ids)).fetch_all(connection).await?.into_iter().collect())
}
