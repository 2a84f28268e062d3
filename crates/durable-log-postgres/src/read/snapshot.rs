use domain::{Alert, Presence, Subject, Timestamp};
use durable_log::{EngineState, LogError, Partition, Snapshot, SubjectNow};
use sqlx::postgres::PgRow;
use sqlx::{Connection, PgConnection, Row};

use super::MOST_ROWS;
use super::entries::heads;
use super::rows::{json, number, sample, subject, time};
use crate::open::Shared;
use crate::readers::Readers;

/// One state of the database for all statements that follow.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The present, as of one moment.
pub(crate) async fn snapshot(readers: &Readers, shared: &Shared) -> Result<Snapshot, LogError> {
    let read = async |connection: &mut PgConnection| {
        let mut transaction = connection.begin_with(BEGIN).await?;
        let cursor = heads(&mut transaction, shared).await?;
        let subjects = subjects(&mut transaction).await?;
        let alerts = firing(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Snapshot { cursor, subjects, alerts })
    };
    readers.read("taking a snapshot", read).await
}

/// What a row tells of a subject: its latest sample, verdict and presence.
pub(super) fn subject_now(row: &PgRow) -> sqlx::Result<SubjectNow> {
    let subject = subject(row.try_get("name")?)?;
    let is_there: bool = row.try_get("is_there")?;
    let latest = is_there.then(|| sample(row, subject.clone())).transpose()?;
    let verdict = row.try_get::<Option<&str>, _>("verdict")?.map(json).transpose()?;
    let presence = row.try_get::<Option<&str>, _>("presence")?.map_or(Ok(Presence::default()), json)?;
    Ok(SubjectNow { subject, latest, verdict, presence })
}

async fn subjects(connection: &mut PgConnection) -> sqlx::Result<Vec<SubjectNow>> {
    let rows = sqlx::query(SELECT_SUBJECTS).fetch_all(connection).await?;
    rows.iter().map(subject_now).collect()
}

async fn firing(connection: &mut PgConnection) -> sqlx::Result<Vec<Alert>> {
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT body::text FROM alerts WHERE state = 'firing' ORDER BY opened_at DESC, id DESC")
            .fetch_all(connection)
            .await?;
    rows.iter().map(|body| json(body)).collect()
}

/// Where the engine of a partition left off.
pub(crate) async fn engine_state(readers: &Readers, partition: Partition) -> Result<EngineState, LogError> {
    let read = async |connection: &mut PgConnection| {
        let mut transaction = connection.begin_with(BEGIN).await?;
        let state = state_of(&mut transaction, partition).await?;
        transaction.commit().await?;
        Ok(state)
    };
    readers.read("reading the engine's state", read).await
}

async fn state_of(connection: &mut PgConnection, partition: Partition) -> sqlx::Result<EngineState> {
    let partition = partition.0.cast_signed();
    let head = sqlx::query(SELECT_ENGINE).bind(partition).fetch_one(&mut *connection).await?;
    let rows = sqlx::query(SELECT_ENGINE_SUBJECTS).bind(partition).fetch_all(connection).await?;
    let subjects = rows.iter().map(|row| Ok((subject(row.try_get("name")?)?, row.try_get("state")?)));
    Ok(EngineState {
        through: number(&head, "engine_through")?,
        now: time(&head, "engine_now")?,
        saved_through: number(&head, "saved_through")?,
        saved_now: time(&head, "saved_now")?,
        subjects: subjects.collect::<sqlx::Result<_>>()?,
    })
}

/// What the engine saved of one subject, and its clock.
pub(crate) async fn subject_state(
    readers: &Readers,
    subject: &Subject,
) -> Result<Option<(Timestamp, String)>, LogError> {
    let read = async |connection: &mut PgConnection| {
        let row = sqlx::query(SELECT_SUBJECT_STATE).bind(subject.as_str()).fetch_optional(connection).await?;
        row.map(|row| Ok((time(&row, "saved_now")?, row.try_get("state")?))).transpose()
    };
    readers.read("reading a subject's state", read).await
}

/// The same of the first subjects by name.
pub(crate) async fn subject_states(
    readers: &Readers,
    limit: u32,
) -> Result<Vec<(Subject, Timestamp, String)>, LogError> {
    let read = async |connection: &mut PgConnection| {
        let limit = i64::from(limit.min(MOST_ROWS));
        let rows = sqlx::query(SELECT_SUBJECT_STATES).bind(limit).fetch_all(connection).await?;
        rows.iter()
            .map(|row| Ok((subject(row.try_get("name")?)?, time(row, "saved_now")?, row.try_get("state")?)))
            .collect()
    };
    readers.read("reading the states of subjects", read).await
}

/// The chunks are in the order of their times, so that looking for a subject's latest sample ends in the first of them
/// that has one.
const SELECT_SUBJECTS: &str = "
    SELECT name, latest.at IS NOT NULL AS is_there, latest.at, clarity, chaos, trust, pain, signals::text AS signals,
        verdicts.body::text AS verdict, presences.body::text AS presence
    FROM subjects
    JOIN heads USING (partition)
    LEFT JOIN LATERAL (
        SELECT * FROM samples WHERE subject_id = subjects.id AND samples.seq > heads.pruned ORDER BY at DESC LIMIT 1
    ) AS latest ON true
    LEFT JOIN verdicts ON verdicts.subject_id = subjects.id
    LEFT JOIN presences ON presences.subject_id = subjects.id
    ORDER BY name COLLATE \"C\"";

const SELECT_ENGINE: &str = "
    SELECT engine_through, engine_now, saved_through, saved_now FROM heads JOIN saved USING (partition)
    WHERE partition = $1";

const SELECT_ENGINE_SUBJECTS: &str = "
    SELECT name, state FROM engine_subjects JOIN subjects ON subjects.id = subject_id
    WHERE engine_subjects.partition = $1 ORDER BY name COLLATE \"C\"";

const SELECT_SUBJECT_STATE: &str = "
    SELECT saved_now, state FROM subjects
    JOIN engine_subjects ON engine_subjects.subject_id = subjects.id
    JOIN saved ON saved.partition = engine_subjects.partition
    WHERE name = $1";

/// Names are sorted alone, so that only the states that are wanted are read.
const SELECT_SUBJECT_STATES: &str = "
    WITH first AS (
        SELECT id, name FROM subjects WHERE EXISTS (SELECT FROM engine_subjects WHERE subject_id = id)
        ORDER BY name COLLATE \"C\" LIMIT $1
    )
    SELECT name, saved_now, state FROM first
    JOIN engine_subjects ON engine_subjects.subject_id = first.id
    JOIN saved ON saved.partition = engine_subjects.partition
    ORDER BY name COLLATE \"C\"";
