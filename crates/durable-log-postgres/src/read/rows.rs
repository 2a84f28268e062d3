use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::postgres::PgRow;
use summaries::{Sums, measured};

use crate::moment::Moment;

/// The vitals in the columns of that name.
pub(crate) fn vitals(row: &PgRow) -> sqlx::Result<Vitals> {
    let mut vitals = Vitals::default();
    for vital in Vital::ALL {
        if let Some(value) = row.try_get::<Option<f64>, _>(vital.name())? {
            vitals.set(vital, Some(score(vital, value)?));
        }
    }
    Ok(vitals)
}

/// The sample in the columns `at`, the vitals and `signals`.
pub(super) fn sample(row: &PgRow, subject: Subject) -> sqlx::Result<Sample> {
    let signals = match row.try_get::<Option<&str>, _>("signals")? {
        Some(signals) => json(signals)?,
        None => Signals::new(),
    };
    Ok(Sample { subject, at: time(row, "at")?, vitals: vitals(row)?, signals })
}

/// The sample in the first columns: `at`, the vitals and `signals`. By position: there may be very many, and looking up
/// names would cost more than the rest.
pub(super) fn sample_in_order(row: &PgRow, subject: Subject) -> sqlx::Result<Sample> {
    let mut vitals = Vitals::default();
    for vital in Vital::ALL {
        if let Some(value) = row.try_get(1 + vital.index())? {
            vitals.set(vital, Some(score(vital, value)?));
        }
    }
    let signals = row.try_get::<Option<&str>, _>(5)?.map_or(Ok(Signals::new()), json)?;
    Ok(Sample { subject, at: row.try_get::<Moment, _>(0)?.0, vitals, signals })
}

/// What was measured, in the first columns: `at` and the vitals.
pub(crate) fn measured_in_order(row: &PgRow) -> sqlx::Result<(Timestamp, Sums)> {
    let at = row.try_get::<Moment, _>(0)?.0;
    let mut values = [None; Vital::ALL.len()];
    for vital in Vital::ALL {
        values[vital.index()] = row.try_get(1 + vital.index())?;
    }
    Ok((at, measured(values, at)))
}

fn score(vital: Vital, value: f64) -> sqlx::Result<Score> {
    Score::new(value).ok_or_else(|| unreadable(format!("{vital} is {value}")))
}

/// The subject of that name.
pub(crate) fn subject(name: &str) -> sqlx::Result<Subject> {
    Subject::new(name).map_err(unreadable)
}

pub(crate) fn time(row: &PgRow, column: &str) -> sqlx::Result<Timestamp> {
    Ok(row.try_get::<Moment, _>(column)?.0)
}

pub(crate) fn number(row: &PgRow, column: &str) -> sqlx::Result<u64> {
    Ok(row.try_get::<i64, _>(column)?.cast_unsigned())
}

pub(super) fn json<T: DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(unreadable)
}

/// What lies in the database is not what was written there.
pub(crate) fn unreadable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(why.into())
}
