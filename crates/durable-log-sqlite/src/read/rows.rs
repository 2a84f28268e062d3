use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// The vitals in the columns of that name.
pub(crate) fn vitals(row: &SqliteRow) -> sqlx::Result<Vitals> {
    let mut vitals = Vitals::default();
    for vital in Vital::ALL {
        if let Some(value) = row.try_get::<Option<f64>, _>(vital.name())? {
            vitals.set(vital, Some(score(vital, value)?));
        }
    }
    Ok(vitals)
}

/// The sample in the columns `at`, the vitals and `signals`.
pub(super) fn sample(row: &SqliteRow, subject: Subject) -> sqlx::Result<Sample> {
    let signals = match row.try_get::<Option<&str>, _>("signals")? {
        Some(signals) => json(signals)?,
        None => Signals::new(),
    };
    Ok(Sample { subject, at: time(row, "at")?, vitals: vitals(row)?, signals })
}

fn score(vital: Vital, value: f64) -> sqlx::Result<Score> {
    Score::new(value).ok_or_else(|| unreadable(format!("{vital} is {value}")))
}

/// The subject of that name.
pub(crate) fn subject(name: &str) -> sqlx::Result<Subject> {
    Subject::new(name).map_err(unreadable)
}

pub(crate) fn time(row: &SqliteRow, column: &str) -> sqlx::Result<Timestamp> {
    Ok(Timestamp::from_micros(row.try_get(column)?))
}

pub(crate) fn number(row: &SqliteRow, column: &str) -> sqlx::Result<u64> {
    Ok(row.try_get::<i64, _>(column)?.cast_unsigned())
}

pub(super) fn json<T: DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(unreadable)
}

/// What lies in the file is not what was written there.
fn unreadable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(why.into())
}
