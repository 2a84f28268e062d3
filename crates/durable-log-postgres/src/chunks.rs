//! Chunks where TimescaleDB does not make them: partitions by time, made when the first row falls into one and dropped
//! when all of it is old. The table `chunks` says which there are.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use summaries::align;

use crate::moment::Moment;
use crate::read::time;

/// Held while a chunk is made, by whoever makes one: a number that nobody else takes.
const MAKING: i64 = 0x6973_6b72_6163_686b;

/// The chunks of a table that are known to be there: when each begins and ends.
#[derive(Debug)]
pub(crate) struct Chunks {
    parent: &'static str,
    width: Duration,
    known: BTreeMap<Timestamp, Timestamp>,
}

impl Chunks {
    /// Those of `parent`, new ones as wide as `width`.
    pub(crate) const fn new(parent: &'static str, width: Duration) -> Self {
        Self { parent, width, known: BTreeMap::new() }
    }

    /// What was known may be outdated.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }

    /// Makes the chunks into which these times fall, where there are none. Not within a transaction.
    pub(crate) async fn ensure(
        &mut self,
        connection: &mut PgConnection,
        times: impl Iterator<Item = Timestamp> + Send,
    ) -> sqlx::Result<()> {
        for at in times {
            if !self.is_known(at) {
                let (begins, ends) = self.find_or_make(connection, at).await?;
                self.known.insert(begins, ends);
            }
        }
        Ok(())
    }

    fn is_known(&self, at: Timestamp) -> bool {
        self.known.range(..=at).next_back().is_some_and(|(_, ends)| at < *ends)
    }

    async fn find_or_make(&self, connection: &mut PgConnection, at: Timestamp) -> sqlx::Result<(Timestamp, Timestamp)> {
        sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MAKING).execute(&mut *connection).await?;
        let chunk = match self.find(connection, at).await? {
            Place::There(begins, ends) => (begins, ends),
            Place::Free(begins, ends) => {
                self.make(connection, begins, ends).await?;
                (begins, ends)
            }
        };
        sqlx::raw_sql("COMMIT").execute(connection).await?;
        Ok(chunk)
    }

    async fn find(&self, connection: &mut PgConnection, at: Timestamp) -> sqlx::Result<Place> {
        let neighbours = sqlx::query(
            "SELECT (SELECT max(begins) FROM chunks WHERE parent = $1 AND begins <= $2) AS begins,
                (SELECT max(ends) FROM chunks WHERE parent = $1 AND begins <= $2) AS ends,
                (SELECT min(begins) FROM chunks WHERE parent = $1 AND begins > $2) AS next",
        )
        .bind(self.parent)
        .bind(Moment(at))
        .fetch_one(connection)
        .await?;
        let moment = |column: &str| neighbours.try_get::<Option<Moment>, _>(column).map(|at| at.map(|at| at.0));
        let (begins, ends, next) = (moment("begins")?, moment("ends")?, moment("next")?);
        if let Some((begins, ends)) = begins.zip(ends)
            && at < ends
        {
            return Ok(Place::There(begins, ends));
        }
        // Chunks made under another width may reach into this one.
        let aligned = align(at, self.width);
        let begins = ends.map_or(aligned, |ends| aligned.max(ends));
        let ends = next.map_or(aligned.plus(self.width), |next| aligned.plus(self.width).min(next));
        Ok(Place::Free(begins, ends))
    }

    /// Attaching an empty table stops nobody who writes or reads, as making it within the parent would.
    async fn make(&self, connection: &mut PgConnection, begins: Timestamp, ends: Timestamp) -> sqlx::Result<()> {
        let parent = self.parent;
        let date: String = begins.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
        let name = format!("{parent}_{}", date.to_lowercase());
        let make = format!(
            "CREATE TABLE {name} (LIKE {parent} INCLUDING ALL);
            ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES FROM ('{begins}') TO ('{ends}')"
        );
        // Made of our own names and of times alone.
        sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut *connection).await?;
        sqlx::query("INSERT INTO chunks (parent, begins, ends, name) VALUES ($1, $2, $3, $4)")
            .bind(parent)
            .bind(Moment(begins))
            .bind(Moment(ends))
            .bind(name)
            .execute(connection)
            .await?;
        Ok(())
    }
}

enum Place {
    There(Timestamp, Timestamp),
    Free(Timestamp, Timestamp),
}

/// A chunk of any table that ends at `until` or before it, the oldest first.
pub(crate) async fn find_old(connection: &mut PgConnection, until: Timestamp) -> sqlx::Result<Option<PgRow>> {
    sqlx::query("SELECT parent, begins, name FROM chunks WHERE ends <= $1 ORDER BY ends LIMIT 1")
        .bind(Moment(until))
        .fetch_optional(connection)
        .await
}

/// Drops a chunk that was found. Within a transaction.
pub(crate) async fn drop(connection: &mut PgConnection, chunk: PgRow) -> sqlx::Result<()> {
    let name: String = chunk.try_get("name")?;
    // The name was made by us, above.
    sqlx::raw_sql(AssertSqlSafe(format!("DROP TABLE {name}"))).execute(&mut *connection).await?;
    sqlx::query("DELETE FROM chunks WHERE parent = $1 AND begins = $2")
        .bind(chunk.try_get::<&str, _>("parent")?)
        .bind(Moment(time(&chunk, "begins")?))
        .execute(connection)
        .await?;
    tracing::info!("dropped the chunk {name}: all of it is older than the retention");
    Ok(())
}
