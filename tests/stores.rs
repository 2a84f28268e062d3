//! What those who run the suite do with its stores: migrate, begin a new epoch, start it over PostgreSQL.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use test_support::Postgres;

use crate::suite::{PATIENCE, Suite, eventually};
use crate::viewer::Viewer;

/// Runs the program in an empty folder of its own, with this variable.
fn run(folder: &Path, arguments: &[&str], variable: (&str, &str)) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iskra"));
    let output = command.args(arguments).current_dir(folder).env_remove("ISKRA_CONFIG").env(variable.0, variable.1);
    let output = output.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A process that is killed when dropped; what the script started ends with it.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Goes from no tables to all of them; `place` is what is named, `variable` where it stands.
fn migrates(variable: (&str, &str), place: &str) {
    let folder = tempfile::tempdir().unwrap();
    let iskra = |arguments: &[&str]| run(folder.path(), arguments, variable);

    let (code, said, _) = iskra(&["migrate", "--check"]);
    assert_eq!((code, said.lines().next()), (1, Some("missing 0001 log")), "{said}");
    assert!(said.ends_with(&format!("the tables of {place} are not up to date: run `iskra migrate`\n")), "{said}");

    let serve = ["serve", "voices", "--set", "ports.voices=0", "--set", "storage.migrate=false"];
    let (code, _, said) = iskra(&serve);
    assert!(code == 1 && said.contains("run `iskra migrate`"), "{said}");

    let (code, said, _) = iskra(&["migrate"]);
    assert_eq!((code, said.lines().next()), (0, Some("applied 0001 log")), "{said}");
    let up_to_date = format!("the tables of {place} are up to date\n");
    assert!(said.ends_with(&up_to_date), "{said}");
    for again in [&["migrate"][..], &["migrate", "--check"]] {
        let (code, said, _) = iskra(again);
        assert_eq!((code, &said), (0, &up_to_date));
    }
}

#[test]
fn migrate_makes_the_sqlite_file() {
    migrates(("ISKRA__STORAGE__PATH", "here/iskra.db"), "here/iskra.db");
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_makes_the_tables_of_a_database_whose_address_is_in_a_file() {
    let url = Postgres::shared_database().await.unwrap();
    let with_password = url.replacen("postgres@", "postgres:secret@", 1);
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("address");
    std::fs::write(&secret, format!("{with_password}\n")).unwrap();
    let shown = with_password.replacen(":secret@", ":***@", 1);
    migrates(("ISKRA__STORAGE__URL_FILE", secret.to_str().unwrap()), &shown);
}

/// The epoch that a new viewer is told.
async fn epoch(suite: &Suite) -> String {
    let (_, snapshot) = Viewer::with_snapshot(&suite.pulse).await;
    snapshot["cursor"].as_str().unwrap().split(':').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_epoch_begins_when_the_suite_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("iskra.db").display().to_string();
    let new_epoch = || run(folder.path(), &["new-epoch"], ("ISKRA__STORAGE__PATH", &path));
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.3).await;
    let before = epoch(&suite).await;
    let (code, _, said) = new_epoch();
    assert!(code == 1 && said.contains("every service must be stopped"), "{said}");
    suite.stop().await;
    let (code, said, wrong) = new_epoch();
    assert_eq!(
        (code, said),
        (0, format!("the log in {path} begins a new epoch: whoever reads it will take a snapshot\n")),
        "{wrong}"
    );
    let suite = Suite::start(folder.path(), &[]).await;
    assert_ne!(epoch(&suite).await, before);
    assert_eq!(suite.get("/api/v1/subjects").await["subjects"][0]["subject"], "agent-7", "nothing is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_in_one_process_works_over_postgresql_too() {
    let database = Postgres::shared_database().await.unwrap();
    let url: &str = &database;
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &["--set", &format!("storage.url={url}")]).await;
    let ready = suite.get("/-/ready").await;
    assert!(ready["details"]["store"].as_str().unwrap().starts_with("PostgreSQL 1"), "{ready}");
    assert_eq!(ready["details"]["bus"], "live", "{ready}");
    suite.push_pain("agent-7", 0.95).await;
    eventually("the engine judges it", async || suite.alerts("?state=firing").await.pop()).await;
    assert!(!folder.path().join("iskra.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_waits_for_its_database_and_leaves_the_machine_alone() {
    let mut postgres = Postgres::start().await.unwrap();
    let url = postgres.create_database().await.unwrap();
    postgres.stop().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pulse = Command::new(env!("CARGO_BIN_EXE_iskra"))
        .args(["serve", "pulse", "--set", "ports.pulse=0", "--set", &format!("storage.url={url}")])
        .current_dir(folder.path())
        .env_remove("ISKRA_CONFIG")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pulse = Started(pulse);
    let mut said = BufReader::new(pulse.0.stderr.take().unwrap());
    let mut line = || {
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        line
    };
    let address = line().trim().strip_prefix("listening on ").unwrap().to_owned();
    let waiting = line();
    assert!(waiting.contains("failed while connecting") && waiting.contains("s more"), "{waiting}");
    postgres.restart().await.unwrap();

    test_support::use_tls();
    let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
    let ready = client.get(format!("{address}/-/ready")).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    let ready: Value = ready.json().await.unwrap();
    assert_eq!(ready["details"]["bus"], "polling", "{ready}");
    let sample = json!({"subject": "agent-7", "pain": 0.3});
    let answer = client.post(format!("{address}/api/v1/samples")).json(&sample).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    // With the probe there would be another subject: it comes first, long before anybody can ask.
    let subjects: Value = eventually("the sample", async || {
        let answer = client.get(format!("{address}/api/v1/subjects")).send().await.ok()?;
        let subjects: Value = answer.json().await.ok()?;
        subjects["subjects"].get(0).is_some().then_some(subjects)
    })
    .await;
    assert_eq!(subjects["subjects"].as_array().unwrap().len(), 1, "{subjects}");
}

#[tokio::test(flavor = "multi_thread")]
async fn run_production_starts_all_of_it_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    // PostgreSQL runs as another user when we are root.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/run-production"))
        .arg(env!("CARGO_BIN_EXE_iskra"))
        .current_dir(folder.path())
        .env_remove("ISKRA_CONFIG")
        .envs(["PULSE", "SEAMS", "VOICES", "SLO_ENGINE"].map(|name| (format!("ISKRA__PORTS__{name}"), "0")))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut script = Started(script);
    let lines = BufReader::new(script.0.stdout.take().unwrap()).lines().map_while(Result::ok);
    let addresses: Vec<_> = lines.filter_map(|line| Some(line.split_once("http://")?.1.to_owned())).take(4).collect();
    assert_eq!(addresses.len(), 4, "it starts");
    test_support::use_tls();
    let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
    for address in &addresses {
        let ready: Value = client.get(format!("http://{address}/-/ready")).send().await.unwrap().json().await.unwrap();
        let details = &ready["details"];
        assert!(details["store"].as_str().unwrap().starts_with("PostgreSQL") && details["bus"] == "live", "{ready}");
    }
    eventually("the machine's own figures", async || {
        let answer = client.get(format!("http://{}/api/v1/subjects", addresses[2])).send().await.ok()?;
        (answer.json::<Value>().await.ok()?["subjects"][0]["subject"] == "host").then_some(())
    })
    .await;

    let postmaster = folder.path().join("data/production/postgres/data/postmaster.pid");
    assert!(postmaster.exists());
    assert!(Command::new("kill").args(["-TERM", &script.0.id().to_string()]).status().unwrap().success());
    let ended = eventually("it ends", async || script.0.try_wait().unwrap()).await;
    assert_eq!(ended.code(), Some(0));
    assert!(!postmaster.exists(), "PostgreSQL was shut down");
    for address in &addresses {
        assert!(client.get(format!("http://{address}/health")).send().await.is_err(), "{address} still answers");
    }
}
