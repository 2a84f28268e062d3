//! The machine's clock is set back while the suite runs: what is recorded stays in order, and alerts come in their time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bus_local::SilentBus;
use domain::Timestamp;
use durable_log::Log as _;
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use rules::Rules;
use serde_json::Value;
use tempfile::TempDir;

use crate::production::Audit;
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

/// Rules that wait a second before P1 alerts, of which the alert is over soon.
fn rules(folder: &Path) -> Arc<Rules> {
    let all = include_str!("../config/slo-thresholds-matrix.yml");
    let quick = all.replace("P1: 30s", "P1: 1s").replace("minimum_hold: 5s", "minimum_hold: 1s");
    assert_ne!(all, quick);
    let path = folder.join("slo-thresholds-matrix.yml");
    std::fs::write(&path, quick).unwrap();
    Arc::new(Rules::load_folder(folder).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_stops_nothing() {
    let (data, config, clock) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), FalseClock::new());
    let rules = rules(config.path());
    let mut launcher = std::process::Command::new("sh");
    launcher.args(["-c", r#"exec "$@" 2>"$0""#]).arg(clock.log());
    launcher.env("LD_PRELOAD", faketime()).env("FAKETIME_TIMESTAMP_FILE", clock.file());
    launcher.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let config = config.path().display().to_string();
    let suite = Suite::start_by(launcher, "0", data.path(), &["--config", &config, "--set", "log.filter=info"]).await;

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
    log.close().await;
    assert_eq!(suite.stop().await, Some(0));
}
