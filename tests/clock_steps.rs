//! The machine's clock is set back while the suite runs: what is recorded stays in order, and alerts come in their time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bus_local::SilentBus;
use domain::Timestamp;
use durable_log::Log as _;
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use rules::Rules;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

use crate::production::{Audit, goes_red};
use crate::suite::{Suite, eventually};

/// The library that gives a process a clock of its own, kept in a file.
fn faketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").expect("libraries").filter_map(|entry| Some(entry.ok()?.path()));
    folders
        .map(|folder| folder.join("faketime/libfaketimeMT.so.1"))
        .find(|library| library.exists())
        .expect("libfaketime is missing: get it with `apt-get install faketime`")
}

/// The machine's clock, as the suite sees it.
struct FalseClock {
    folder: TempDir,
}

impl FalseClock {
    fn new() -> Self {
        let clock = Self { folder: tempfile::tempdir().unwrap() };
        clock.set(0);
        clock
    }

    /// Sets it off from the true one by so many seconds.
    fn set(&self, offset: i64) {
        // As a whole or not at all: it is read at every look at the clock.
        let next = self.folder.path().join("next");
        std::fs::write(&next, format!("{offset:+}\n")).unwrap();
        std::fs::rename(next, self.file()).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("offset")
    }

    /// Where the suite's log goes.
    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

/// The rules, with other times in the place of some, and no quiet hours for P1: it may be Sunday.
fn rules(folder: &Path, other_times: &[(&str, &str)]) -> Arc<Rules> {
    let mut rules = include_str!("../config/slo-thresholds-matrix.yml").to_owned();
    for (time, other) in other_times {
        assert!(rules.contains(time), "{time}");
        rules = rules.replace(time, other);
    }
    std::fs::write(folder.join("slo-thresholds-matrix.yml"), rules).unwrap();
    let escalation = include_str!("../config/escalation.yml");
    let always = escalation.replace("mutes: [P1, P2]", "mutes: [P2]");
    assert_ne!(escalation, always);
    std::fs::write(folder.join("escalation.yml"), always).unwrap();
    Arc::new(Rules::load_folder(folder).unwrap())
}

/// The suite with this clock.
async fn start(clock: &FalseClock, data: &Path, config: &Path) -> Suite {
    let mut launcher = std::process::Command::new("sh");
    launcher.args(["-c", r#"exec "$@" 2>"$0""#]).arg(clock.log());
    launcher.env("LD_PRELOAD", faketime()).env("FAKETIME_TIMESTAMP_FILE", clock.file());
    launcher.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let config = config.display().to_string();
    Suite::start_by(launcher, "0", data, &["--config", &config, "--set", "log.filter=info"]).await
}

/// A producer that follows the corrected clock is behind that of the log: what it sends counts as late. They meet again.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_clock_was_set_back_samples_with_a_time_of_their_own_are_judged_again() {
    let (data, config, clock) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), FalseClock::new());
    rules(config.path(), &[("after: 60s", "after: 2s")]);
    let suite = start(&clock, data.path(), config.path()).await;
    clock.set(-6);
    let send = async || {
        let at = Timestamp::from(SystemTime::now()).minus(Duration::from_secs(6));
        let report = suite.push(&json!({"subject": "agent-7", "pain": 0.65, "at": at})).await;
        assert_eq!(report["accepted"], 1, "{report}");
    };
    eventually("the first ones are late", async || {
        send().await;
        let metrics = suite.client.get(format!("{}/metrics", suite.slo_engine)).send().await.ok()?.text().await.ok()?;
        let late = "iskra_engine_unjudged_total{reason=\"late\"} ";
        metrics.lines().any(|line| line.strip_prefix(late).is_some_and(|count| count != "0")).then_some(())
    })
    .await;
    eventually("later ones are not", async || {
        send().await;
        let subject = suite.get("/api/v1/subjects/agent-7").await;
        (subject["subject"]["level"] == "BLOCK").then_some(())
    })
    .await;
    assert_eq!(suite.stop().await, Some(0));
}

/// The suite's clock: it is the suite that runs this.
const BY_THE_CLOCK: &str = "
    CREATE TRIGGER by_the_clock AFTER INSERT ON samples BEGIN
        UPDATE samples SET recorded = CAST(unixepoch('subsec') * 1000000 AS INTEGER)
        WHERE partition = new.partition AND seq = new.seq;
    END";

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_stops_nothing() {
    let (data, config, clock) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), FalseClock::new());
    // P1 alerts after a second, and what is over is soon told.
    let rules = rules(config.path(), &[("P1: 30s", "P1: 1s"), ("minimum_hold: 5s", "minimum_hold: 1s")]);
    let suite = start(&clock, data.path(), config.path()).await;

    let mut samples = 0;
    for (round, offset) in [0, -30, -3600].into_iter().enumerate() {
        clock.set(offset);
        let subject = format!("agent-{round}");
        // Above the edge of P1 alone, without a time of its own: it is taken at the suite's.
        for _ in 0..20 {
            let report = suite.push_pain(&subject, 0.65).await;
            samples += report["accepted"].as_u64().unwrap();
        }
        let alert: Value = eventually("P1 fires in its time", async || {
            let alerts = suite.alerts(&format!("?state=firing&subject={subject}")).await;
            alerts.into_iter().find(|alert| alert["priority"] == "P1")
        })
        .await;
        assert_eq!(alert["notification"]["status"], "sent", "{alert}");
        // The lines of its log have the machine's time: it is as wrong as it should be.
        let line = eventually("the log tells of it", async || {
            let text = std::fs::read_to_string(clock.log()).ok()?;
            text.lines().find(|line| line.contains("opened") && line.contains(&subject)).map(str::to_owned)
        })
        .await;
        let told: Timestamp = line.split_whitespace().next().unwrap().parse().unwrap();
        let told_offset = (told.as_micros() - Timestamp::from(SystemTime::now()).as_micros()) / 1_000_000;
        assert!((told_offset - offset).abs() < 10, "the log is off by {told_offset} s instead of {offset} s: {line}");
        suite.push_pain(&subject, 0.3).await;
        samples += 1;
        eventually("and is over", async || {
            let alerts = suite.alerts(&format!("?state=resolved&subject={subject}")).await;
            alerts.into_iter().find(|over| over["id"] == alert["id"])
        })
        .await;
    }

    // While it runs: the log may be read by other processes.
    let options = SqliteOptions::new(data.path().join("iskra.db"), 4, Arc::new(SilentBus));
    let log = SqliteLog::open(options).await.unwrap();
    let mut audit = Audit::new(4, &rules);
    audit.read_to_the_end(&*log).await.unwrap();
    assert_eq!(audit.stored().count() as u64, samples);

    // Without what keeps the times in order: samples are recorded at whatever time the clock shows.
    let database = SqliteConnectOptions::new().filename(data.path().join("iskra.db"));
    let mut connection = SqliteConnection::connect_with(&database).await.unwrap();
    sqlx::raw_sql(BY_THE_CLOCK).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    suite.push_pain("agent-0", 0.3).await;
    goes_red("a log that believes the clock", "recorded", audit.read(&*log).await);
    log.close().await;
    assert_eq!(suite.stop().await, Some(0));
}
