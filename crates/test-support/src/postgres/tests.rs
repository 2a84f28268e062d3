use std::pin::pin;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use super::Postgres;

async fn count(url: &str) -> anyhow::Result<i64> {
    let mut connection = PgConnection::connect(url).await?;
    Ok(sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut connection).await?)
}

#[tokio::test]
async fn what_was_committed_survives_a_kill_and_a_stop() {
    let mut postgres = Postgres::start().await.unwrap();
    let url = postgres.create_database().await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let fill = "CREATE TABLE kept (number integer); INSERT INTO kept VALUES (1), (2)";
    sqlx::raw_sql(fill).execute(&mut connection).await.unwrap();

    postgres.kill().await.unwrap();
    assert!(count(&url).await.is_err(), "it is gone");
    postgres.restart().await.unwrap();
    assert_eq!(count(&url).await.unwrap(), 2);

    postgres.stop().await.unwrap();
    assert!(count(&url).await.is_err(), "it is gone");
    postgres.restart().await.unwrap();
    assert_eq!(count(&url).await.unwrap(), 2);
}

#[tokio::test]
async fn a_paused_server_answers_when_it_goes_on() {
    let mut postgres = Postgres::start().await.unwrap();
    let mut connection = PgConnection::connect(postgres.url()).await.unwrap();

    postgres.pause().unwrap();
    let mut question = pin!(sqlx::query_scalar::<_, i32>("SELECT 1").fetch_one(&mut connection));
    let soon = Duration::from_millis(300);
    assert!(tokio::time::timeout(soon, &mut question).await.is_err(), "it answers although it is paused");
    postgres.resume().unwrap();
    assert_eq!(question.await.unwrap(), 1);
}

#[tokio::test]
async fn databases_of_the_shared_server_are_apart() {
    let postgres = Postgres::shared().await.unwrap();
    let (one, other) = (postgres.create_database().await.unwrap(), postgres.create_database().await.unwrap());
    assert_ne!(one, other);
    let mut connection = PgConnection::connect(&one).await.unwrap();
    sqlx::raw_sql("CREATE TABLE kept ()").execute(&mut connection).await.unwrap();
    assert_eq!(count(&one).await.unwrap(), 0);
    assert!(count(&other).await.is_err());
}

#[tokio::test]
async fn a_database_goes_with_its_test() {
    let database = Postgres::shared_database().await.unwrap();
    let url = database.to_owned();
    let _still_there = PgConnection::connect(&url).await.unwrap();
    drop(database);
    let gone = PgConnection::connect(&url).await.unwrap_err();
    assert!(gone.to_string().contains("does not exist"), "{gone}");
}

#[tokio::test]
async fn it_keeps_its_promises_to_those_who_commit() {
    let postgres = Postgres::shared().await.unwrap();
    let mut connection = PgConnection::connect(postgres.url()).await.unwrap();
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let value = sqlx::query_scalar::<_, String>("SELECT current_setting($1)").bind(setting);
        assert_eq!(value.fetch_one(&mut connection).await.unwrap(), "on", "{setting}");
    }
}

#[tokio::test]
async fn further_settings_count_over_its_own_also_after_a_restart() {
    let mut postgres = Postgres::start_with(&["shared_buffers=32MB"]).await.unwrap();
    let first = postgres.process_id().unwrap();
    postgres.restart().await.unwrap();
    let mut connection = PgConnection::connect(postgres.url()).await.unwrap();
    let memory = sqlx::query_scalar::<_, String>("SELECT current_setting('shared_buffers')");
    assert_eq!(memory.fetch_one(&mut connection).await.unwrap(), "32MB");
    assert_ne!(postgres.process_id().unwrap(), first);
}
