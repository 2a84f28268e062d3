use std::collections::{HashMap, HashSet};

use domain::{Subject, Timestamp};
use sqlx::{Row, SqliteConnection};

use super::Writer;
use crate::bulk::find_samples;
use crate::error::Failure;
use crate::plan::{Head, Known, json, subjects_of};
use crate::queue::Work;
use crate::read::subject;

impl Writer {
    /// What the store holds of the things that the group speaks of.
    pub(super) async fn load(&self, connection: &mut SqliteConnection, group: &[Work]) -> Result<Known, Failure> {
        let heads = heads(connection).await.map_err(Failure::before_commit("reading the heads"))?;
        let (subjects, next_subject) =
            self.subject_ids(connection, group).await.map_err(Failure::before_commit("looking up subjects"))?;
        let wanted: Vec<(i64, Timestamp)> = samples(group, &subjects);
        let samples = find_samples(connection, &wanted).await.map_err(Failure::before_commit("looking up samples"))?;
        let events = events(connection, group).await.map_err(Failure::before_commit("looking up events"))?;
        Ok(Known { heads, subjects, next_subject, samples, events })
    }

    /// The ids of the subjects that have one, and the next free id.
    async fn subject_ids(
        &self,
        connection: &mut SqliteConnection,
        group: &[Work],
    ) -> sqlx::Result<(HashMap<Subject, i64>, i64)> {
        let mut ids = HashMap::new();
        let mut unknown = HashSet::new();
        for subject in group.iter().flat_map(subjects) {
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

async fn heads(connection: &mut SqliteConnection) -> sqlx::Result<Vec<Head>> {
    let rows = sqlx::query("SELECT seq, recorded, fence, engine_through, engine_now FROM heads ORDER BY partition")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Head {
                seq: row.try_get::<i64, _>("seq")?.cast_unsigned(),
                recorded: Timestamp::from_micros(row.try_get("recorded")?),
                fence: row.try_get::<i64, _>("fence")?.cast_unsigned(),
                engine_through: row.try_get::<i64, _>("engine_through")?.cast_unsigned(),
                engine_now: Timestamp::from_micros(row.try_get("engine_now")?),
            })
        })
        .collect()
}

async fn events(connection: &mut SqliteConnection, group: &[Work]) -> sqlx::Result<HashSet<String>> {
    let ids: Vec<&str> = group.iter().flat_map(event_ids).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let there = sqlx::query_scalar("SELECT id FROM entries WHERE id IN (SELECT value FROM json_each(?))");
    Ok(there.bind(json(&ids)).fetch_all(connection).await?.into_iter().collect())
}

/// The keys of samples that may be there already: those of subjects that are.
fn samples(group: &[Work], subjects: &HashMap<Subject, i64>) -> Vec<(i64, Timestamp)> {
    let appended = group.iter().filter_map(|work| match work {
        Work::Append(samples, _) => Some(samples),
        _ => None,
    });
    appended.flatten().filter_map(|sample| Some((*subjects.get(&sample.subject)?, sample.at))).collect()
}

fn subjects(work: &Work) -> Box<dyn Iterator<Item = &Subject> + '_> {
    match work {
        Work::Append(samples, _) => Box::new(samples.iter().map(|sample| &sample.subject)),
        Work::Command(subject, ..) => Box::new(std::iter::once(subject)),
        Work::Commit(commit, _) => Box::new(subjects_of(commit)),
        Work::Claim(..) | Work::Prune { .. } => Box::new(std::iter::empty()),
    }
}

fn event_ids(work: &Work) -> impl Iterator<Item = &str> {
    let events = match work {
        Work::Commit(commit, _) => commit.events.as_slice(),
        _ => &[],
    };
    events.iter().map(|event| event.id.as_str())
}
