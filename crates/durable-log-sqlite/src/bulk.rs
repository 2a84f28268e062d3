use std::collections::HashMap;
use std::iter::from_fn;

use domain::{Timestamp, Vital};
use log_writer::{Content, SampleRow};
use sqlx::{QueryBuilder, Row, SqliteConnection};

use crate::read::vitals;

/// Largest piece as a power of two: 256 rows, few enough for SQLite's 32,766 parameters and enough to make one hop to
/// the connection's thread cost nothing by the row.
const LARGEST: u32 = 8;

/// Splits rows into pieces of 256, 128, 64, … and 1: so nine prepared statements serve every number of rows.
pub(crate) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    from_fn(move || {
        let size = 1_usize << rows.len().checked_ilog2()?.min(LARGEST);
        let (piece, rest) = rows.split_at(size);
        rows = rest;
        Some(piece)
    })
}

/// Writes samples. Bound values, not JSON: SQLite's own reading of decimals is off by a digit for small numbers.
pub(crate) async fn insert_samples(connection: &mut SqliteConnection, rows: &[SampleRow]) -> sqlx::Result<()> {
    for piece in pieces(rows) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO samples (subject_id, at, partition, seq, recorded, clarity, chaos, trust, pain, signals) ",
        );
        insert.push_values(piece, |mut values, row| {
            values.push_bind(row.subject_id).push_bind(row.at.as_micros());
            values.push_bind(row.partition.0).push_bind(row.seq.cast_signed()).push_bind(row.recorded.as_micros());
            for vital in Vital::ALL {
                values.push_bind(row.score(vital));
            }
            values.push_bind(row.content.signals.as_deref());
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Those of the wanted samples that are there.
pub(crate) async fn find_samples(
    connection: &mut SqliteConnection,
    wanted: &[(i64, Timestamp)],
) -> sqlx::Result<HashMap<(i64, Timestamp), Content>> {
    let mut found = HashMap::with_capacity(wanted.len());
    for piece in pieces(wanted) {
        let mut select = QueryBuilder::new("WITH wanted (subject_id, at) AS (");
        select.push_values(piece, |mut values, (subject_id, at)| {
            values.push_bind(*subject_id).push_bind(at.as_micros());
        });
        // A cross join keeps the order: each wanted key is looked up.
        select.push(
            ") SELECT subject_id, at, clarity, chaos, trust, pain, signals \
             FROM wanted CROSS JOIN samples USING (subject_id, at)",
        );
        for row in select.build().fetch_all(&mut *connection).await? {
            let key = (row.try_get("subject_id")?, Timestamp::from_micros(row.try_get("at")?));
            found.insert(key, Content { vitals: vitals(&row)?, signals: row.try_get("signals")? });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_cover_all_rows_in_order() {
        for total in [0, 1, 2, 3, 100, 255, 256, 257, 5_000] {
            let rows: Vec<usize> = (0..total).collect();
            let sizes: Vec<usize> = pieces(&rows).map(<[usize]>::len).collect();
            assert!(sizes.iter().all(|size| size.is_power_of_two() && *size <= 256), "{sizes:?}");
            assert_eq!(pieces(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        }
    }
}
