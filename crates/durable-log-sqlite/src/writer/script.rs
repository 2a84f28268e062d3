use futures_util::TryStreamExt;
use log_writer::{Failure, json};
use sqlx::{AssertSqlSafe, Either, Executor, Sqlite, SqliteConnection};

use crate::error::at_commit;

/// Statements and the commit after them, as one errand to the connection's thread: to go there and back takes longer than a
/// small statement does.
#[derive(Default)]
pub(super) struct Script {
    /// What each statement does, and the statement.
    statements: Vec<(&'static str, &'static str)>,
    /// What each is given.
    rows: Vec<String>,
}

impl Script {
    /// One statement for any number of rows, given as a JSON array of arrays. Integers and texts only: SQLite's reading of
    /// decimals is not exact.
    pub(super) fn add<T: serde::Serialize>(&mut self, doing: &'static str, statement: &'static str, rows: &[T]) {
        if !rows.is_empty() {
            self.statements.push((doing, statement));
            self.rows.push(json(&rows));
        }
    }

    /// Does them in order up to the first that fails.
    pub(super) async fn commit(self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let text = self.statements.iter().fold(String::new(), |text, (_, statement)| text + statement + ";") + "COMMIT";
        let query = sqlx::query::<Sqlite>(AssertSqlSafe(text));
        let mut steps = connection.fetch_many(self.rows.into_iter().fold(query, |query, rows| query.bind(rows)));
        let mut done = 0;
        loop {
            match steps.try_next().await {
                Ok(Some(Either::Left(_))) => done += 1,
                Ok(Some(Either::Right(_))) => {}
                Ok(None) if done > self.statements.len() => return Ok(()),
                // It was cut off, nobody knows where.
                Ok(None) => return Err(at_commit(sqlx::Error::WorkerCrashed)),
                Err(error) => {
                    return Err(match self.statements.get(done) {
                        Some((doing, _)) => Failure::before_commit(doing)(error),
                        None => at_commit(error),
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use durable_log::LogError;
    use sqlx::Connection;

    use super::*;

    const KEEP: &str = "INSERT INTO kept (id) SELECT value ->> 0 FROM json_each(?)";
    const OWE: &str = "INSERT INTO owed (id) SELECT value ->> 0 FROM json_each(?)";

    async fn begun() -> SqliteConnection {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("SQLite is there");
        let tables = "CREATE TABLE kept (id INTEGER PRIMARY KEY CHECK (id > 0)) STRICT;
            CREATE TABLE owed (id INTEGER REFERENCES kept DEFERRABLE INITIALLY DEFERRED) STRICT;
            BEGIN";
        sqlx::raw_sql(tables).execute(&mut connection).await.expect("tables can be made");
        connection
    }

    async fn kept(connection: &mut SqliteConnection) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(connection).await.expect("the table is there")
    }

    #[tokio::test]
    async fn all_is_written_and_committed() {
        let mut connection = begun().await;
        let mut script = Script::default();
        script.add("keeping", KEEP, &[[1], [2]]);
        script.add("owing nothing", OWE, &[[0_u8; 1]; 0]);
        script.add("owing", OWE, &[[2]]);
        script.commit(&mut connection).await.expect("nothing is wrong");
        sqlx::query("ROLLBACK").execute(&mut connection).await.expect_err("the transaction is over");
        assert_eq!(kept(&mut connection).await, 2);
    }

    #[tokio::test]
    async fn a_statement_that_fails_is_named_and_nothing_after_it_is_done() {
        let mut connection = begun().await;
        let mut script = Script::default();
        script.add("keeping", KEEP, &[[1]]);
        script.add("keeping more", KEEP, &[[-1]]);
        let failure = script.commit(&mut connection).await.expect_err("-1 is not allowed");
        assert!(crate::error::is_of_a_request(&failure));
        assert!(matches!(LogError::from(failure), LogError::Store { doing: "keeping more", .. }));
        sqlx::query("ROLLBACK").execute(&mut connection).await.expect("the transaction is still open");
        assert_eq!(kept(&mut connection).await, 0);
    }

    #[tokio::test]
    async fn a_commit_that_fails_is_told_from_what_comes_before_it() {
        let mut connection = begun().await;
        let mut script = Script::default();
        script.add("owing", OWE, &[[7]]);
        let failure = script.commit(&mut connection).await.expect_err("7 is not kept");
        assert!(failure.is_unknown(), "{failure}");
    }
}
