//! The past shown on the dashboards as if it were now.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bus_local::SilentBus;
use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{Clock, Log as _};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use serde_json::{Value, json};

use crate::suite::eventually;
use crate::viewer::Viewer;

/// A Thursday afternoon: no maintenance window is near.
const START: i64 = 1_767_276_000;
/// From here on it hurts.
const PAIN: i64 = 600;

fn moment(second: i64) -> Timestamp {
    Timestamp::from_millis((START + second) * 1_000)
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap_or_else(|| panic!("no time: {value}")).parse().unwrap()
}

/// An hour of two subjects at one sample a second, each recorded a tenth of a second after it was measured. The pain of
/// `agent-7` is critical from [`PAIN`] on.
async fn fill(path: &Path) {
    let hand = Arc::new(AtomicI64::new(0));
    let wall = Arc::clone(&hand);
    let clock = Clock::new(move || Timestamp::from_micros(wall.load(Ordering::SeqCst)));
    let log = SqliteLog::open(SqliteOptions { clock, ..SqliteOptions::new(path, 4, Arc::new(SilentBus)) });
    let log = log.await.unwrap();
    for second in 0..3_600 {
        hand.store(moment(second).as_micros() + 100_000, Ordering::SeqCst);
        let samples = ["agent-7", "calm"].map(|subject| {
            let pain = if subject == "agent-7" && second >= PAIN { 0.95 } else { 0.3 };
            let values = Vital::ALL.into_iter().zip([0.8, 0.45, 0.75, pain]);
            let vitals =
                values.fold(Vitals::default(), |all, (vital, value)| all.with(vital, Score::new(value).unwrap()));
            let subject = Subject::new(subject).unwrap();
            Sample { subject, at: moment(second), vitals, signals: Signals::new() }
        });
        log.append(samples.to_vec()).await.unwrap();
    }
    log.close().await;
}

/// A running replay; killed when dropped.
struct Replay {
    process: Child,
    pulse: String,
}

impl Replay {
    /// Of the store in `folder`, which also holds what it needs while it runs.
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let free = ["pulse", "seams", "voices", "slo_engine"].map(|service| format!("ports.{service}=0"));
        let path = format!("storage.path={}", folder.join("iskra.db").display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_iskra"));
        command.args(["replay", "--set", &path, "--set", "log.filter=warn"]).args(arguments).env_remove("ISKRA_CONFIG");
        command.args(free.iter().flat_map(|port| ["--set", port]));
        let temporary = folder.join("temporary");
        std::fs::create_dir_all(&temporary).unwrap();
        let mut process = command.env("TMPDIR", &temporary).stdout(Stdio::piped()).spawn().unwrap();
        let line = BufReader::new(process.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        let pulse = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        Self { process, pulse }
    }

    /// Its exit code, once it has ended by itself; nothing is left behind.
    async fn ended(mut self, folder: &Path) -> Option<i32> {
        let code = eventually("it ends", async || self.process.try_wait().unwrap()).await.code();
        let left: Vec<_> = folder.join("temporary").read_dir().unwrap().collect();
        assert!(left.is_empty(), "it leaves {left:?} behind");
        code
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_seen_with_its_own_times_and_judged_anew() {
    let folder = tempfile::tempdir().unwrap();
    fill(&folder.path().join("iskra.db")).await;
    let (from, until) = (moment(PAIN - 300), moment(PAIN + 300));
    let at = from.to_string();
    let arguments = ["--at", &at, "--speed", "100", "--for", "10m", "--subject", "agent-7"];
    let replay = Replay::start(folder.path(), &arguments);
    let mut viewer = Viewer::connect(&replay.pulse).await;
    viewer.send(&json!({"type": "subscribe"})).await;

    let (mut seen, mut before) = (0, from);
    let alert = loop {
        let frame = viewer.next().await;
        let shown = time(&frame["server_time"]);
        assert!((before..=until).contains(&shown), "the clock says {shown} after {before}");
        before = shown;
        let empty = Vec::new();
        for sample in frame["samples"].as_array().unwrap_or(&empty) {
            let measured = time(&sample["at"]);
            assert!(measured < shown && shown.since(measured).as_secs() < 60, "{measured} is shown at {shown}");
            assert_eq!(sample["subject"], "agent-7");
            seen += 1;
        }
        if let Some(level) = frame["levels"].get(0).filter(|level| level["verdict"]["pain"]["level"] == "BLOCK") {
            // Judged at the very moment at which it was recorded then.
            assert_eq!(time(&level["at"]).as_micros(), moment(PAIN).as_micros() + 100_000, "{level}");
        }
        if let Some(alert) = frame["alerts"].get(0).filter(|_| frame["type"] == "update") {
            break alert.clone();
        }
    };
    assert!(seen > 50, "{seen} samples were seen before the alert");
    assert_eq!((&alert["alert"]["name"], &alert["change"]), (&"PainCriticalHigh".into(), &"opened".into()), "{alert}");
    assert_eq!(replay.ended(folder.path()).await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_ends_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    fill(&folder.path().join("iskra.db")).await;
    let at = moment(0).to_string();
    let replay = Replay::start(folder.path(), &["--at", &at]);
    let mut viewer = Viewer::connect(&replay.pulse).await;
    viewer.send(&json!({"type": "subscribe"})).await;
    let snapshot = viewer.next_of("snapshot").await;
    assert!(time(&snapshot["server_time"]) < moment(600), "{snapshot}");
    let id = replay.process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(replay.ended(folder.path()).await, Some(0));

    for (arguments, wrong) in [
        (&["--at", "2999-01-01T00:00:00Z"][..], "--at must lie in the past"),
        (&["--at", &at, "--subject", "agent-7", "--subject", "nobody"], "the log knows no subject `nobody`"),
    ] {
        let refused = Command::new(env!("CARGO_BIN_EXE_iskra"))
            .args(["replay", "--set"])
            .arg(format!("storage.path={}", folder.path().join("iskra.db").display()))
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.status.code() == Some(1) && said.contains(wrong), "{said}");
    }
}
