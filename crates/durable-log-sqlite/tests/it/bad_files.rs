//! Files that are no logs, or would not keep one.

use std::sync::Arc;

use bus_local::SilentBus;
use domain::Command;
use durable_log::{Log, LogError, Partition, SamplesQuery};
use durable_log_sqlite::{OpenError, SqliteLog, SqliteOptions};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::fixture::{SqliteFixture, sample};

async fn refusal(options: SqliteOptions) -> OpenError {
    match SqliteLog::open(options).await {
        Ok(_) => panic!("expected a refusal"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_log_in_memory_is_refused_because_it_would_not_last() {
    let error = refusal(SqliteOptions::new(":memory:", 1, Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::NotDurable { pragma: "journal_mode", .. }), "{error:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let fixture = SqliteFixture::new();
    std::fs::create_dir_all(fixture.path().parent().unwrap()).unwrap();
    std::fs::write(fixture.path(), "not a database, but something that somebody wants to keep".repeat(100)).unwrap();
    let before = std::fs::read(fixture.path()).unwrap();
    let error = refusal(fixture.options(Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::Store { .. }), "{error:?}");
    assert_eq!(std::fs::read(fixture.path()).unwrap(), before);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let fixture = SqliteFixture::new();
    std::fs::write(fixture.path().parent().unwrap(), "a file where the folder should be").unwrap();
    let error = refusal(fixture.options(Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::Folder { .. }), "{error:?}");
}

#[tokio::test]
async fn a_log_of_another_format_is_refused() {
    let fixture = SqliteFixture::new();
    SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap().close().await;
    let mut connection = SqliteConnection::connect(fixture.path().to_str().unwrap()).await.unwrap();
    sqlx::query("UPDATE meta SET value = 2 WHERE key = 'format'").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let error = refusal(fixture.options(Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::Unfit { .. }), "{error:?}");
}

#[tokio::test]
async fn a_statement_that_fails_takes_its_group_along_and_nothing_more() {
    let fixture = SqliteFixture::new();
    let log = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let mut connection = SqliteConnection::connect(fixture.path().to_str().unwrap()).await.unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'on purpose'); END";
    sqlx::query(refuse).execute(&mut connection).await.unwrap();
    for n in 0..3 {
        let command = Command::Acknowledge { alert: "x".into(), by: "Ann".into(), note: String::new() };
        let error = log.append_command(sample(0).subject, command).await.unwrap_err();
        assert!(matches!(error, LogError::Store { doing: "writing entries", .. }), "{error:?}");
        assert!(log.snapshot().await.unwrap().subjects.len() <= usize::from(n > 0), "the name went with the command");
        log.append(vec![sample(n)]).await.expect("the next transaction knows nothing of the failed one");
    }
    assert_eq!(log.read(Partition(0), 0, 10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_lies_in_the_file_and_is_no_sample_is_not_read_as_one() {
    let fixture = SqliteFixture::new();
    let log = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let first = sample(0);
    log.append(vec![first.clone()]).await.unwrap();
    let (from, until) = (first.at, sample(1).at);
    let query = SamplesQuery { subject: first.subject, from, until, after: 0, limit: 10 };
    let mut connection = SqliteConnection::connect(fixture.path().to_str().unwrap()).await.unwrap();
    for (harm, said) in [("pain = 7.5", "pain is 7.5"), ("pain = 0.5, signals = '{\"drift\": '", "EOF")] {
        assert_eq!(log.samples(query.clone()).await.unwrap().len(), 1);
        sqlx::query(AssertSqlSafe(format!("UPDATE samples SET {harm}"))).execute(&mut connection).await.unwrap();
        let LogError::Store { doing: "reading samples", source } = log.samples(query.clone()).await.unwrap_err() else {
            panic!("the store was read");
        };
        let reason = source.source().expect("what is wrong with it").to_string();
        assert!(reason.contains(said), "{reason}");
        sqlx::query("UPDATE samples SET pain = 0.5, signals = NULL").execute(&mut connection).await.unwrap();
    }
}
