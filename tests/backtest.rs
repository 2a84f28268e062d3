//! The past judged anew, by the program itself, over stores with real samples.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bus_local::SilentBus;
use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{Clock, Log};
use durable_log_postgres::{PostgresLog, PostgresOptions};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use test_support::Postgres;

use crate::suite::{Suite, eventually};

const RULES: &str = include_str!("../config/slo-thresholds-matrix.yml");
/// A Thursday afternoon: no maintenance window is near.
const START: i64 = 1_767_276_000;

fn moment(second: i64) -> Timestamp {
    Timestamp::from_millis((START + second) * 1_000)
}

/// `iskra backtest` over the store that `set` names: exit code, answer, remarks.
fn backtest(set: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iskra"));
    command.args(["backtest", "--set", set]).args(arguments);
    // A folder in which nothing is set.
    let folder = tempfile::tempdir().unwrap();
    let output = command.current_dir(folder.path()).env_remove("ISKRA_CONFIG").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A clock that is set by hand.
fn clock() -> (Clock, Arc<AtomicI64>) {
    let hand = Arc::new(AtomicI64::new(0));
    let wall = Arc::clone(&hand);
    (Clock::new(move || Timestamp::from_micros(wall.load(Ordering::SeqCst))), hand)
}

/// Two hours at one sample a second, recorded as they came. The pain of `agent-7` is 0.72 for ten minutes, from 1:20 on.
async fn fill(log: &dyn Log, hand: &AtomicI64) {
    for second in (0..7_200).step_by(30) {
        hand.store(moment(second + 30).as_micros(), Ordering::SeqCst);
        let samples = (second..second + 30).flat_map(|second| {
            ["agent-7", "calm"].map(|subject| {
                let hurts = subject == "agent-7" && (4_800..5_400).contains(&second);
                let values = Vital::ALL.into_iter().zip([0.8, 0.45, 0.75, if hurts { 0.72 } else { 0.3 }]);
                let vitals =
                    values.fold(Vitals::default(), |all, (vital, value)| all.with(vital, Score::new(value).unwrap()));
                let subject = Subject::new(subject).unwrap();
                Sample { subject, at: moment(second), vitals, signals: Signals::new() }
            })
        });
        log.append(samples.collect()).await.unwrap();
    }
    log.close().await;
}

/// A folder of rules in which pain is critical from 0.75 on instead of 0.70.
fn patient(folder: &Path) -> PathBuf {
    let folder = folder.join("patient");
    std::fs::create_dir(&folder).unwrap();
    let pain = RULES.find("\n  pain:").unwrap();
    let (before, of_pain) = RULES.split_at(pain);
    let changed = of_pain.replacen("\">= 0.70\"", "\">= 0.75\"", 1);
    assert_ne!(changed, of_pain, "the rules as shipped are written otherwise now");
    std::fs::write(folder.join("slo-thresholds-matrix.yml"), format!("{before}{changed}")).unwrap();
    folder
}

/// What any store answers that was filled.
fn answers(set: &str) {
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(folder.path());
    let (patient, same) = (patient.to_str().unwrap(), folder.path().to_str().unwrap());
    let (since, until) = (moment(3_600).to_string(), moment(7_200).to_string());
    let ask = |config: &str, more: &[&str]| {
        backtest(set, &[&["--config", config, "--since", &since, "--until", &until], more].concat())
    };

    let (code, said, wrong) = ask(same, &[]);
    assert_eq!((code, &*wrong), (0, ""), "{said}");
    assert!(said.starts_with(&format!("{since} to {until}, 7200 samples\n")), "{said}");
    assert!(said.ends_with("nothing differs: people are told 2 times either way\n"), "{said}");

    let (code, said, _) = ask(patient, &[]);
    assert_eq!(code, 1, "{said}");
    let line = |begins: &str| {
        let line = said.lines().find(|line| line.trim_start().starts_with(begins));
        let line = line.unwrap_or_else(|| panic!("no `{begins}` in:\n{said}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("alert P0"), "alert P0 PainCriticalHigh 1 time, 10m (16.7 %) -");
    assert_eq!(line("told P0 DevOps Lead"), "told P0 DevOps Lead by slack, pagerduty 1 time -");
    assert_eq!(line("told P0 SRE"), "told P0 SRE by slack, pagerduty 1 time -");
    assert!(!said.contains("calm") && said.contains("all of 2 subjects"), "{said}");
    let end = "1 of 2 subjects differ: people would be told 0 times instead of 2 times\n";
    assert!(said.ends_with(end), "{said}");

    let shipped = folder.path().join("shipped");
    std::fs::create_dir(&shipped).unwrap();
    std::fs::write(shipped.join("slo-thresholds-matrix.yml"), RULES).unwrap();
    let shipped = shipped.to_str().unwrap();
    // Of what a folder does not have, it is that in force.
    let (code, said, _) = ask(same, &["--settings", patient, "--subject", "agent-7"]);
    assert_eq!(code, 0, "{said}");
    for (config, settings, code) in [(patient, shipped, 0), (shipped, patient, 1)] {
        let (exit, said, _) = ask(config, &["--settings", settings, "--fail-on", "more-told", "--subject", "agent-7"]);
        assert_eq!(exit, code, "{said}");
    }

    let (code, said, _) = ask(patient, &["--json"]);
    let answer: Value = serde_json::from_str(&said).unwrap();
    let answer = &answer["backtest"];
    assert_eq!((code, &answer["told"]), (1, &json!({"in_force": 2, "candidate": 0})));
    assert_eq!(answer["subjects"][1], json!({"subject": "calm", "samples": 3_600, "differences": []}));
    let alert = &answer["subjects"][0]["differences"][0];
    let none = json!({"times": 0, "seconds": 0.0});
    let fired = json!({"times": 1, "seconds": 600.0});
    let expected = json!({"area": "alert", "name": "P0 PainCriticalHigh", "in_force": fired, "candidate": none});
    assert_eq!(alert, &expected);
    let red = json!({"area": "level", "name": "pain BLOCK", "times": 1, "seconds": 600.0});
    assert!(answer["totals"]["candidate"].as_array().unwrap().contains(&red), "{answer:#}");

    // Nobody has judged it when it came.
    let (code, said, _) = backtest(set, &[]);
    assert_eq!((code, &*said), (0, "0 samples, 0 events: byte for byte what the engine concludes\n"));

    let (code, _, wrong) = ask(patient, &["--subject", "nobody"]);
    assert_eq!((code, &*wrong), (2, "iskra: the log knows no subject `nobody`\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_rules_are_tried_on_what_sqlite_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("iskra.db");
    let (clock, hand) = clock();
    let options = SqliteOptions { clock, ..SqliteOptions::new(&path, 4, Arc::new(SilentBus)) };
    fill(&*SqliteLog::open(options).await.unwrap(), &hand).await;
    let set = format!("storage.path={}", path.display());
    answers(&set);

    for (arguments, wrong) in [
        (&["--config", "nowhere"][..], "nowhere"),
        (&["--config", "/", "--since", "1h", "--until", "2h"], "--since must lie before --until"),
        (&["--against", "rules"], "--config names the folder"),
        (&["--since", "yesterday"], "how long ago"),
        (&["--set", "storage.path=missing.db"], "missing.db"),
    ] {
        let (code, _, said) = backtest(&set, arguments);
        assert!(code == 2 && said.contains(wrong), "{arguments:?}: {code}, {said}");
    }
    let missing = folder.path().join("missing.db");
    let (code, _, said) = backtest(&format!("storage.path={}", missing.display()), &[]);
    assert!(code == 2 && said.contains("missing.db") && !missing.exists(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_rules_are_tried_on_what_postgresql_holds() {
    let database = Postgres::shared_database().await.unwrap();
    let url: &str = &database;
    durable_log_postgres::migrate(url).await.unwrap();
    let (clock, hand) = clock();
    let log =
        PostgresLog::open(PostgresOptions { clock: Some(clock), ..PostgresOptions::new(url, 4, Arc::new(SilentBus)) });
    fill(&*log.await.unwrap(), &hand).await;
    answers(&format!("storage.url={url}"));
}

/// Gives the suite some hundreds of samples of which many are bad, and answers how many.
async fn hurt(suite: &Suite) -> usize {
    let mut count = 0;
    for round in 0..40 {
        let bad = round % 4 < 2;
        let samples: Vec<_> = ["agent-1", "agent-2", "agent-3", "agent-4", "agent-5"]
            .iter()
            .map(|subject| match bad {
                true => json!({"subject": subject, "clarity": 0.96, "chaos": 0.85, "trust": 0.35, "pain": 0.95, "signals": {"drift": 0.4}}),
                false => json!({"subject": subject, "clarity": 0.8, "chaos": 0.45, "trust": 0.75, "pain": 0.3}),
            })
            .collect();
        count += samples.len();
        suite.push(&Value::from(samples)).await;
    }
    let alerts = suite.alerts("?state=firing").await;
    let id = alerts[0]["id"].as_str().unwrap();
    let path = format!("{}/api/v1/alerts/{id}/acknowledge", suite.pulse);
    let answer = suite.client.post(path).json(&json!({"by": "Ada"})).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_engine_has_said_live_is_what_it_says_again_and_a_forged_event_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let count = hurt(&suite).await;
    let set = format!("storage.path={}", folder.path().join("iskra.db").display());
    let same = |said: &str| {
        let numbers: Vec<usize> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        assert!(said.ends_with("byte for byte what the engine concludes\n"), "{said}");
        (numbers[0], numbers[1])
    };
    // While it runs, and over a restart.
    let judged = async |count: usize| {
        eventually("all samples are judged", async || {
            let (code, said, wrong) = backtest(&set, &[]);
            assert_eq!(code, 0, "{said}{wrong}");
            let (samples, events) = same(&said);
            (samples == count).then_some(events)
        })
        .await
    };
    let live = judged(count).await;
    assert!(live > 200, "too little was said to prove anything: {live}");
    assert_eq!(suite.stop().await, Some(0));
    let suite = Suite::start(folder.path(), &[]).await;
    let count = count + hurt(&suite).await;
    // What is not judged yet when it stops is judged after the next start.
    let events = judged(count).await;
    assert_eq!(suite.stop().await, Some(0));
    assert!(events > live, "{events} events, {live} before");

    let mut store = SqliteConnection::connect(&folder.path().join("iskra.db").display().to_string()).await.unwrap();
    let forged = "UPDATE entries SET body = replace(body, '\"value\":0.95', '\"value\":0.94') WHERE (partition, seq) =
        (SELECT partition, seq FROM entries WHERE body LIKE '%agent-3%' AND body LIKE '%PainCriticalHigh%' LIMIT 1)";
    assert_eq!(sqlx::query(forged).execute(&mut store).await.unwrap().rows_affected(), 1);
    let (code, said, _) = backtest(&set, &[]);
    assert_eq!(code, 1, "{said}");
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines[0], "agent-3: from here on the log differs");
    assert!(lines[1].contains("\"value\":0.94") && lines[2].contains("\"value\":0.95"), "{said}");
    assert!(lines[3].ends_with("; 1 subject differs"), "{said}");
    let (code, said, _) = backtest(&set, &["--json", "--subject", "agent-4"]);
    let answer: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &answer["backtest"]["differs"]), (0, &json!(false)));
}
