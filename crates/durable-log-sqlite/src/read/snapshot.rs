use domain::{Alert, Presence, Subject, Timestamp};
use durable_log::{EngineState, Epoch, LogError, Partition, Snapshot, SubjectNow};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use super::MOST_ROWS;
use super::entries::heads;
use super::rows::{json, number, sample, subject, time};
use crate::error::reading;

/// The present, as of one moment: a transaction that reads sees one state of the file.
pub(crate) async fn snapshot(readers: &SqlitePool, epoch: Epoch) -> Result<Snapshot, LogError> {
    const DOING: &str = "taking a snapshot";
    let mut transaction = readers.begin().await.map_err(reading(DOING))?;
    let cursor = heads(&mut *transaction, epoch).await?;
    let subjects = subjects(&mut transaction).await.map_err(reading(DOING))?;
    let alerts = firing(&mut transaction).await.map_err(reading(DOING))?;
    Ok(Snapshot { cursor, subjects, alerts })
}

/// What a row tells of a subject: its latest sample, verdict and presence.
pub(super) fn subject_now(row: &SqliteRow) -> sqlx::Result<SubjectNow> {
    let subject = subject(row.try_get("name")?)?;
    let latest = match row.try_get::<Option<i64>, _>("at")? {
        Some(_) => Some(sample(row, subject.clone())?),
        None => None,
    };
    let verdict = row.try_get::<Option<&str>, _>("verdict")?.map(json).transpose()?;
    let presence = row.try_get::<Option<&str>, _>("presence")?.map_or(Ok(Presence::default()), json)?;
    Ok(SubjectNow { subject, latest, verdict, presence })
}

async fn subjects(connection: &mut SqliteConnection) -> sqlx::Result<Vec<SubjectNow>> {
    let rows = sqlx::query(SELECT_SUBJECTS).fetch_all(connection).await?;
    rows.iter().map(subject_now).collect()
}

async fn firing(connection: &mut SqliteConnection) -> sqlx::Result<Vec<Alert>> {
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT body FROM alerts WHERE state = 'firing' ORDER BY opened_at DESC, id DESC")
            .fetch_all(connection)
            .await?;
    rows.iter().map(|body| json(body)).collect()
}

/// Where the engine of a partition left off.
pub(crate) async fn engine_state(readers: &SqlitePool, partition: Partition) -> Result<EngineState, LogError> {
    let mut transaction = readers.begin().await.map_err(reading("reading the engine's state"))?;
    state_of(&mut transaction, partition).await.map_err(reading("reading the engine's state"))
}

async fn state_of(connection: &mut SqliteConnection, partition: Partition) -> sqlx::Result<EngineState> {
    let head = sqlx::query(SELECT_ENGINE).bind(partition.0).fetch_one(&mut *connection).await?;
    let rows: Vec<SqliteRow> = sqlx::query(SELECT_ENGINE_SUBJECTS).bind(partition.0).fetch_all(connection).await?;
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
    readers: &SqlitePool,
    subject: &Subject,
) -> Result<Option<(Timestamp, String)>, LogError> {
    let row = sqlx::query(SELECT_SUBJECT_STATE)
        .bind(subject.as_str())
        .fetch_optional(readers)
        .await
        .map_err(reading("reading a subject's state"))?;
    let state = |row: SqliteRow| Ok((time(&row, "saved_now")?, row.try_get("state")?));
    row.map(state).transpose().map_err(reading("reading a subject's state"))
}

/// The same of the first subjects by name.
pub(crate) async fn subject_states(
    readers: &SqlitePool,
    limit: u32,
) -> Result<Vec<(Subject, Timestamp, String)>, LogError> {
    const DOING: &str = "reading the states of subjects";
    let limit = limit.min(MOST_ROWS);
    let rows = sqlx::query(SELECT_SUBJECT_STATES).bind(limit).fetch_all(readers).await.map_err(reading(DOING))?;
    let state = |row: &SqliteRow| Ok((subject(row.try_get("name")?)?, time(row, "saved_now")?, row.try_get("state")?));
    rows.iter().map(state).collect::<sqlx::Result<_>>().map_err(reading(DOING))
}

const SELECT_SUBJECTS: &str = "
    SELECT name, at, clarity, chaos, trust, pain, signals, verdicts.body AS verdict, presences.body AS presence
    FROM subjects
    LEFT JOIN samples ON samples.subject_id = subjects.id
        AND samples.at = (SELECT max(at) FROM samples AS latest WHERE latest.subject_id = subjects.id)
    LEFT JOIN verdicts ON verdicts.subject_id = subjects.id
    LEFT JOIN presences ON presences.subject_id = subjects.id
    ORDER BY name";

const SELECT_ENGINE: &str = "
    SELECT engine_through, engine_now, saved_through, saved_now FROM heads JOIN saved USING (partition)
    WHERE partition = ?";

const SELECT_ENGINE_SUBJECTS: &str = "
    SELECT name, state FROM engine_subjects JOIN subjects ON subjects.id = subject_id
    WHERE engine_subjects.partition = ? ORDER BY name";

const SELECT_SUBJECT_STATE: &str = "
    SELECT saved_now, state FROM subjects
    JOIN engine_subjects ON engine_subjects.subject_id = subjects.id
    JOIN saved ON saved.partition = engine_subjects.partition
    WHERE name = ?";

const SELECT_SUBJECT_STATES: &str = "
    SELECT name, saved_now, state FROM subjects
    JOIN engine_subjects ON engine_subjects.subject_id = subjects.id
    JOIN saved ON saved.partition = engine_subjects.partition
    ORDER BY name LIMIT ?";
