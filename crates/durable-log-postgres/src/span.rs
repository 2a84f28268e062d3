use sqlx::{PgConnection, Row};

use crate::moment::Moment;

/// Between which times the samples with numbers after `after` and up to `until` were measured, and no more than some
/// thousand others; none where there is no sample. Samples lie by time: with its bounds, only chunks that hold them are read.
pub(crate) async fn span(
    connection: &mut PgConnection,
    partition: i16,
    after: i64,
    until: i64,
) -> sqlx::Result<(Option<Moment>, Option<Moment>)> {
    let row = sqlx::query(SELECT_SPAN).bind(partition).bind(after).bind(until).fetch_one(connection).await?;
    Ok((row.try_get("oldest")?, row.try_get("newest")?))
}

/// Those of the stretches that the numbers fall into, and of the one that is being filled. `least` and `greatest` pass over
/// nulls.
const SELECT_SPAN: &str = "
    SELECT least(full_ones.oldest, CASE WHEN stretch_after < $3 THEN stretch_oldest END) AS oldest,
        greatest(full_ones.newest, CASE WHEN stretch_after < $3 THEN stretch_newest END) AS newest
    FROM heads, LATERAL (
        SELECT min(oldest) AS oldest, max(newest) AS newest FROM stretches
        WHERE partition = $1 AND through > $2 AND through <= coalesce(
            (SELECT through FROM stretches WHERE partition = $1 AND through >= $3 ORDER BY through LIMIT 1), seq)
    ) AS full_ones
    WHERE partition = $1";
