//! Backup and restore, rehearsed: the shipped scripts over real databases.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use test_support::{Database, Postgres};

use super::shipped;
use crate::suite::{Suite, eventually};

/// Runs a script of `deploy/postgres` over a database: whether it went well, and what it complained of.
fn script(name: &str, database: &str, input: Stdio, output: Stdio) -> (bool, String) {
    let url: url::Url = database.parse().unwrap();
    let ended = Command::new(shipped::path(&format!("deploy/postgres/{name}")))
        .env("PGHOST", url.host_str().unwrap())
        .env("PGPORT", url.port().unwrap().to_string())
        .env("PGUSER", url.username())
        .env("PGDATABASE", url.path().trim_start_matches('/'))
        .stdin(input)
        .stdout(output)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    (ended.status.success(), String::from_utf8(ended.stderr).unwrap())
}

fn back_up(database: &str, dump: &Path) {
    let (is_good, said) = script("backup", database, Stdio::null(), File::create(dump).unwrap().into());
    assert!(is_good, "{said}");
}

fn restore(dump: &Path, database: &str) -> (bool, String) {
    script("restore", database, File::open(dump).unwrap().into(), Stdio::null())
}

/// An empty database as the deployment has one.
async fn empty() -> Database {
    let database = Postgres::shared_database().await.unwrap();
    if Postgres::shared().await.unwrap().has_timescale().await.unwrap() {
        let mut connection = PgConnection::connect(&database).await.unwrap();
        sqlx::raw_sql("CREATE EXTENSION timescaledb").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
    database
}

async fn tables(database: &str) -> i64 {
    let mut connection = PgConnection::connect(database).await.unwrap();
    let count = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')";
    let count = sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    count
}

async fn suite(folder: &Path, database: &str) -> Suite {
    Suite::start(folder, &["--set", &format!("storage.url={database}")]).await
}

/// What people and producers were told is kept.
async fn kept(suite: &Suite) -> [Value; 3] {
    let history = "/api/v1/subjects/agent-7/history?from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:00Z";
    [suite.get(history).await, suite.get("/api/v1/alerts").await, suite.get("/api/v1/artifacts").await]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_a_restore_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("iskra.dump");
    let before = empty().await;
    let suite_before = suite(folder.path(), &before).await;
    let samples: Vec<_> = (0..60)
        .map(|second| json!({"subject": "agent-7", "at": format!("2026-01-01T00:00:{second:02}Z"), "trust": 0.7, "signals": {"drift": 0.1}}))
        .collect();
    suite_before.push(&json!(samples)).await;
    suite_before.push_pain("agent-7", 0.95).await;
    let alert = eventually("an alert", async || suite_before.alerts("?state=firing&subject=agent-7").await.pop()).await;
    let id = alert["id"].as_str().unwrap();
    let post = async |path: &str, body: Value| {
        let answer =
            suite_before.client.post(format!("{}{path}", suite_before.pulse)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    };
    post(&format!("/api/v1/alerts/{id}/acknowledge"), json!({"by": "Ann"})).await;
    let record = json!({
        "delta": {"pain": {"from": 0.95, "to": 0.3, "change": -0.65}}, "dimension": {}, "omega": {"completeness": 0.9},
        "lambda": {"status": "OK"},
        "sift": {"source": "the log", "inference": "the queue was full", "fact": "pain 0.95", "trace": "1-1"},
    });
    post("/api/v1/artifacts", json!({"subject": "agent-7", "about": {"alert": id}, "by": "Ann", "record": record}))
        .await;
    let before_it = eventually("all of it is there", async || {
        let kept = kept(&suite_before).await;
        let acknowledged = &kept[1]["alerts"][0]["acknowledged"]["by"];
        (acknowledged == "Ann" && !kept[2]["artifacts"].as_array()?.is_empty()).then_some(kept)
    })
    .await;

    // It runs meanwhile.
    back_up(&before, &dump);
    assert_eq!(suite_before.stop().await, Some(0));

    let after = empty().await;
    let (is_good, said) = restore(&dump, &after);
    assert!(is_good, "{said}");
    let new_epoch = Command::new(env!("CARGO_BIN_EXE_iskra"))
        .args(["new-epoch", "--set", &format!("storage.url={}", &*after)])
        .current_dir(folder.path())
        .env_remove("ISKRA_CONFIG")
        .output()
        .unwrap();
    assert!(new_epoch.status.success(), "{new_epoch:?}");
    let suite_after = suite(folder.path(), &after).await;
    assert_eq!(kept(&suite_after).await, before_it);

    // The end of what fired before is judged by the same state.
    suite_after.push_pain("agent-7", 0.3).await;
    let resolved = async || suite_after.alerts("?state=resolved&subject=agent-7").await.pop();
    assert_eq!(eventually("it resolves", resolved).await["id"], id);
    let mut newer: Vec<_> = (0..60)
        .map(|second| json!({"subject": "agent-7", "at": format!("2026-01-02T00:00:{second:02}Z"), "trust": 0.7}))
        .collect();
    newer.push(samples[0].clone());
    let report = suite_after.push(&json!(newer)).await;
    assert_eq!((&report["accepted"], &report["duplicate"]), (&json!(60), &json!(1)), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_database_and_a_broken_dump_are_refused_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("iskra.dump");
    let full = empty().await;
    let suite = suite(folder.path(), &full).await;
    let samples: Vec<_> =
        (0..1_000).map(|millisecond| json!({"subject": format!("agent-{millisecond}"), "pain": 0.3})).collect();
    suite.push(&json!(samples)).await;
    assert_eq!(suite.stop().await, Some(0));
    back_up(&full, &dump);

    let tables_before = tables(&full).await;
    let (is_good, said) = restore(&dump, &full);
    assert!(!is_good && said.contains("the database is not empty"), "{said}");
    assert_eq!(tables(&full).await, tables_before);

    let whole = std::fs::read(&dump).unwrap();
    let broken = folder.path().join("broken.dump");
    let target = empty().await;
    for length in [0, 100, whole.len() / 2, whole.len() - 10] {
        std::fs::write(&broken, &whole[..length]).unwrap();
        let (is_good, said) = restore(&broken, &target);
        assert!(!is_good && said.contains("the dump cannot be restored. Nothing was changed."), "{length}: {said}");
        assert_eq!(tables(&target).await, 0, "{length}");
    }
    let (is_good, said) = restore(&dump, &target);
    assert!(is_good, "{said}");
    assert_eq!(tables(&target).await, tables_before);
}
