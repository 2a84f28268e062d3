//! Databases that are no logs, or would not keep one.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use domain::Timestamp;
use durable_log::{EventFilter, Log as _};
use durable_log_postgres::{OpenError, PostgresLog, PostgresOptions, migrate, pending};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use test_support::Postgres;

use crate::fixture::PostgresFixture;

async fn refusal(options: PostgresOptions) -> OpenError {
    match PostgresLog::open(options).await {
        Ok(_) => panic!("expected a refusal"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_database_that_answers_before_it_has_written_is_refused() {
    let fixture = PostgresFixture::new();
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    let name: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut connection).await.unwrap();
    let relax = format!("ALTER DATABASE {name} SET synchronous_commit = off");
    sqlx::raw_sql(AssertSqlSafe(relax)).execute(&mut connection).await.unwrap();
    let error = refusal(fixture.options(Arc::new(SilentBus)).await).await;
    assert!(matches!(error, OpenError::NotDurable { setting: "synchronous_commit", .. }), "{error:?}");
    assert!(error.to_string().contains("synchronous_commit is off, it must be on"), "{error}");
}

#[tokio::test]
async fn tables_are_made_by_whoever_comes_first_and_missed_otherwise() {
    let url = Postgres::shared_database().await.unwrap();
    let error = refusal(PostgresOptions::new(&*url, 1, Arc::new(SilentBus))).await;
    assert!(matches!(error, OpenError::NotMigrated { .. }), "{error:?}");
    let all = pending(&url).await.unwrap();
    assert!(!all.is_empty());
    let migrating = [migrate(&url), migrate(&url), migrate(&url)];
    for migrated in futures_util::future::join_all(migrating).await {
        migrated.unwrap();
    }
    assert!(pending(&url).await.unwrap().is_empty());
    let again = migrate(&url).await.unwrap();
    assert!(again.applied.is_empty() && again.to_string().ends_with("are up to date"), "{again}");
}

#[tokio::test]
async fn events_of_an_older_version_are_listed_by_their_kind_and_time() {
    let url = Postgres::shared_database().await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::migrate!("../../migrations/postgres").run_to(3, &mut connection).await.unwrap();
    sqlx::raw_sql(OLD_ENTRIES).execute(&mut connection).await.unwrap();
    migrate(&url).await.unwrap();
    let log = PostgresLog::open(PostgresOptions::new(&*url, 1, Arc::new(SilentBus))).await.unwrap();
    let filter = EventFilter { kinds: vec!["signal"], limit: 10, ..EventFilter::default() };
    let ids: Vec<String> = log.events(filter.clone()).await.unwrap().into_iter().map(|event| event.id).collect();
    assert_eq!(ids, ["0-3"]);
    let exact = Timestamp::from_micros(1_767_225_600_250_001);
    let filter = EventFilter {
        kinds: vec!["levels"],
        from: Some(exact),
        until: Some(exact.plus(Duration::from_micros(1))),
        ..filter
    };
    let ids: Vec<String> = log.events(filter).await.unwrap().into_iter().map(|event| event.id).collect();
    assert_eq!(ids, ["0-2"]);
}

/// Somebody wrote `\u0000`, which PostgreSQL keeps but does not read.
const OLD_ENTRIES: &str = r#"
    INSERT INTO subjects VALUES (1, 'agent-7', 0);
    INSERT INTO entries VALUES
        (0, 1, now(), 'command', 1, NULL, '{"kind":"signal"}'),
        (0, 2, now(), 'event', 1, '0-2', '{"id":"0-2","subject":"agent-7","at":"2026-01-01T00:00:00.250001Z",
            "kind":"levels","changed":[],"verdict":{"config_hash":""}}'),
        (0, 3, now(), 'event', 1, '0-3', '{"id":"0-3","subject":"agent-7","at":"2026-01-01T00:00:00Z","kind":"signal",
            "signal":"rigidity_detected","value":true,"reason":{"en":"\u0000","ru":""}}')"#;

/// A backup holds all tables for as long as it takes. What changes one waits for it, and nobody may wait behind that for
/// longer than a writer's patience.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_version_before_goes_on_while_a_migration_waits_and_after_it() {
    let url = Postgres::shared().await.unwrap().create_database().await.unwrap();
    let mut before = PgConnection::connect(&url).await.unwrap();
    sqlx::migrate!("../../migrations/postgres").run_to(3, &mut before).await.unwrap();
    sqlx::raw_sql("INSERT INTO heads (partition) VALUES (0); SET lock_timeout = '5s'")
        .execute(&mut before)
        .await
        .unwrap();
    let mut backup = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK entries IN ACCESS SHARE MODE").execute(&mut backup).await.unwrap();
    let migrating = tokio::spawn({
        let url = url.clone();
        async move { migrate(&url).await }
    });
    let waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'entries'::regclass AND NOT granted)";
    tokio::time::timeout(Duration::from_secs(20), async {
        while !sqlx::query_scalar::<_, bool>(waiting).fetch_one(&mut backup).await.unwrap() {}
    })
    .await
    .expect("the migration waits for the backup");
    for seq in 1..=3_i64 {
        write_as_before(&mut before, seq).await;
    }
    sqlx::raw_sql("COMMIT").execute(&mut backup).await.unwrap();
    let migrated = migrating.await.unwrap().unwrap();
    assert_eq!(migrated.applied.first().map(|(number, _)| *number), Some(4));
    write_as_before(&mut before, 4).await;
}

/// What the version before wrote with each commit.
async fn write_as_before(connection: &mut PgConnection, seq: i64) {
    let insert = "INSERT INTO entries (partition, seq, recorded, kind, subject_id, id, body)
        VALUES (0, $1, now(), 'event', 1, $1::text, '{\"kind\":\"levels\"}')";
    sqlx::query(insert).bind(seq).execute(&mut *connection).await.unwrap();
    let update = "UPDATE heads SET seq = $1, recorded = now() WHERE partition = 0";
    sqlx::query(update).bind(seq).execute(connection).await.unwrap();
}

#[tokio::test]
async fn a_later_version_may_have_migrated_already() {
    let fixture = PostgresFixture::new();
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'of a later version', true, '', 0)";
    sqlx::query(later).execute(&mut connection).await.unwrap();
    PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.expect("it is safe while this version runs");
    migrate(fixture.url().await).await.expect("nothing is to be done");
}

#[tokio::test]
async fn a_log_of_another_format_is_refused() {
    let fixture = PostgresFixture::new();
    PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    sqlx::query("UPDATE meta SET value = 2 WHERE key = 'format'").execute(&mut connection).await.unwrap();
    let error = refusal(fixture.options(Arc::new(SilentBus)).await).await;
    assert!(matches!(error, OpenError::Unfit { .. }), "{error:?}");
}

#[tokio::test]
async fn errors_name_the_server_and_never_the_password() {
    for url in ["postgres://ann:secret@127.0.0.1:1/iskra", "no address with a secret"] {
        let error = refusal(PostgresOptions::new(url, 1, Arc::new(SilentBus))).await;
        let told = format!("{:#} {error:?}", error_chain(&error));
        assert!(!told.contains("secret"), "{told}");
    }
}

fn error_chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
