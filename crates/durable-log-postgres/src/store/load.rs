use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Subject, Timestamp};
use log_writer::{Content, Head, Known, Work, event_ids, sample_keys, subjects_of_group};
use sqlx::{PgConnection, Row};

use super::stretch::Stretch;
use super::{Lookup, PostgresStore};
use crate::moment::Moment;
use crate::read::{number, subject, time, vitals};

impl PostgresStore {
    /// Locks the head and reads what the store holds of the things that the group speaks of.
    pub(super) async fn load(
        &self,
        connection: &mut PgConnection,
        group: &[Work],
        lookup: Lookup,
    ) -> sqlx::Result<(Known, Stretch)> {
        let (head, stretch) = self.head(connection).await?;
        let (subjects, free_ids) = self.subject_ids(connection, group).await?;
        let (mut samples, mut events) = (HashMap::new(), HashSet::new());
        if lookup == Lookup::Looking {
            samples = find_samples(connection, &sample_keys(group, &subjects)).await?;
            events = find_events(connection, &event_ids(group)).await?;
        }
        let heads = BTreeMap::from([(self.partition, head)]);
        let free_ids = Box::new(free_ids.into_iter());
        Ok((Known { partitions: self.shared.partitions, heads, subjects, free_ids, samples, events }, stretch))
    }

    async fn head(&self, connection: &mut PgConnection) -> sqlx::Result<(Head, Stretch)> {
        let row = sqlx::query(LOCK_HEAD).bind(self.partition.0.cast_signed()).fetch_one(connection).await?;
        self.shared.hear(time(&row, "now")?, row.try_get("timeline")?);
        let head = Head {
            seq: number(&row, "seq")?,
            recorded: time(&row, "recorded")?,
            fence: number(&row, "fence")?,
            engine_through: number(&row, "engine_through")?,
            engine_now: time(&row, "engine_now")?,
            saved_through: number(&row, "saved_through")?,
            saved_now: time(&row, "saved_now")?,
        };
        let oldest: Option<Moment> = row.try_get("stretch_oldest")?;
        let newest: Option<Moment> = row.try_get("stretch_newest")?;
        let span = oldest.zip(newest).map(|(oldest, newest)| (oldest.0, newest.0));
        Ok((head, Stretch { after: number(&row, "stretch_after")?, span }))
    }

    /// The ids of the subjects that have one, and an id for each that has none.
    async fn subject_ids(
        &self,
        connection: &mut PgConnection,
        group: &[Work],
    ) -> sqlx::Result<(HashMap<Subject, i64>, Vec<i64>)> {
        let mut ids = HashMap::new();
        let mut unknown = HashSet::new();
        for subject in subjects_of_group(group) {
            match self.subjects.get(subject) {
                Some(id) => drop(ids.insert(subject.clone(), *id)),
                None => drop(unknown.insert(subject.as_str())),
            }
        }
        if unknown.is_empty() {
            return Ok((ids, Vec::new()));
        }
        let unknown: Vec<&str> = unknown.into_iter().collect();
        let rows = sqlx::query("SELECT name, id FROM subjects WHERE name = ANY($1)")
            .bind(&unknown)
            .fetch_all(&mut *connection)
            .await?;
        for row in &rows {
            ids.insert(subject(row.try_get("name")?)?, row.try_get("id")?);
        }
        let missing = i64::try_from(unknown.len() - rows.len()).unwrap_or(i64::MAX);
        let free = sqlx::query_scalar("SELECT nextval('subject_ids') FROM generate_series(1, $1)").bind(missing);
        Ok((ids, free.fetch_all(connection).await?))
    }
}

async fn find_samples(
    connection: &mut PgConnection,
    wanted: &[(i64, Timestamp)],
) -> sqlx::Result<HashMap<(i64, Timestamp), Content>> {
    let (Some(oldest), Some(newest)) = (wanted.iter().map(|(_, at)| *at).min(), wanted.iter().map(|(_, at)| *at).max())
    else {
        return Ok(HashMap::new());
    };
    let ids: Vec<i64> = wanted.iter().map(|(id, _)| *id).collect();
    let times: Vec<Moment> = wanted.iter().map(|(_, at)| Moment(*at)).collect();
    let rows = sqlx::query(FIND_SAMPLES)
        .bind(ids)
        .bind(times)
        .bind(Moment(oldest))
        .bind(Moment(newest))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let content = Content { vitals: vitals(row)?, signals: row.try_get("signals")? };
            Ok(((row.try_get("subject_id")?, time(row, "at")?), content))
        })
        .collect()
}

async fn find_events(connection: &mut PgConnection, ids: &[&str]) -> sqlx::Result<HashSet<String>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let there = sqlx::query_scalar("SELECT id FROM entries WHERE id = ANY($1)").bind(ids);
    Ok(there.fetch_all(connection).await?.into_iter().collect())
}

/// What the view `saved` says is said here again: a view would show the row as it was before the lock.
const LOCK_HEAD: &str = "
    SELECT seq, recorded, fence, engine_through, engine_now, stretch_after, stretch_oldest, stretch_newest,
        CASE WHEN checkpoint_of = engine_through THEN checkpoint ELSE engine_through END AS saved_through,
        CASE WHEN checkpoint_of = engine_through THEN checkpoint_now ELSE engine_now END AS saved_now,
        clock_timestamp() AS now, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline
    FROM heads WHERE partition = $1 FOR UPDATE";

/// The bounds of time leave out the chunks that hold none of them. Looked up one by one (`OFFSET 0` keeps it so): a join
/// would unpack all that a compressed chunk holds of a subject, for each of its samples.
const FIND_SAMPLES: &str = "
    SELECT subject_id, at, clarity, chaos, trust, pain, signals::text AS signals
    FROM unnest($1::bigint[], $2::timestamptz[]) AS wanted (wanted_id, wanted_at), LATERAL (
        SELECT * FROM samples
        WHERE subject_id = wanted_id AND at = wanted_at AND at BETWEEN $3 AND $4 OFFSET 0
    ) AS found";
