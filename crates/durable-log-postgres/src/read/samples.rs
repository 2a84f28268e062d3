use durable_log::{LogError, SampleEntry, SamplesQuery};
use futures_util::TryStreamExt;
use log_writer::Page;
use sqlx::{PgConnection, Row};

use super::rows::sample_in_order;
use crate::moment::Moment;
use crate::readers::Readers;

/// Samples of one subject, in the order of their numbers.
pub(crate) async fn samples(readers: &Readers, query: &SamplesQuery) -> Result<Vec<SampleEntry>, LogError> {
    let read = async |connection: &mut PgConnection| {
        let mut page = Page::new(query.limit);
        let mut rows = sqlx::query(SELECT_SAMPLES)
            .bind(query.subject.as_str())
            .bind(Moment(query.from))
            .bind(Moment(query.until))
            .bind(i64::try_from(query.after).unwrap_or(i64::MAX))
            .fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let seq = row.try_get::<i64, _>(6)?.cast_unsigned();
            if page.wants(seq) {
                let recorded = row.try_get::<Moment, _>(7)?.0;
                page.add(SampleEntry { seq, recorded, sample: sample_in_order(&row, query.subject.clone())? });
            }
        }
        Ok(page.finish())
    };
    readers.read("reading samples", read).await
}

/// As they lie, which is nearly the order of their numbers: sorting them here would take longer than reading them.
const SELECT_SAMPLES: &str = "
    SELECT at, clarity, chaos, trust, pain, signals::text, seq, recorded FROM samples
    WHERE subject_id = (SELECT id FROM subjects WHERE name = $1) AND at >= $2 AND at < $3
        AND seq > greatest($4, (SELECT pruned FROM subjects JOIN heads USING (partition) WHERE name = $1))";
