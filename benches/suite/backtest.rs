//! The whole command `iskra backtest`: a week of one subject at one sample a second, judged by two sets of rules.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bus_local::SilentBus;
use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{Log, SamplesQuery};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use sqlx::{Connection as _, SqliteConnection};

use crate::Bench;
use crate::process::Process;
use crate::report::{Report, Row, spread};

const SECONDS: i64 = 7 * 86_400;
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600;
/// Samples in one call.
const BATCH: usize = 5_000;
const RUNS: usize = 5;
/// Every sample came a tenth of a second after it was measured: they were not written so, for that takes a week.
const AS_THEY_CAME: &str = "UPDATE samples SET recorded = at + 100000";

/// One run of the command.
struct Run {
    /// From the start of the process to its end.
    took: Duration,
    /// What it used of all cores, which other work on the machine changes least.
    cpu: Duration,
    /// The most that it held in memory, in KiB.
    peak: u64,
}

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(bench.folder.path())?;
    let path = folder.path().join("iskra.db");
    let start = Instant::now();
    fill(&path).await?;
    let took = start.elapsed().as_secs_f64();
    report.note(&format!("backtest: loading {SECONDS} samples"), format!("{took:.0} s"))?;
    let (mut reads, mut runs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        reads.push(read(&path).await?);
        runs.push(run(bench, folder.path(), &path)?);
    }
    let median = |times: &[Duration]| {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        sorted[sorted.len() / 2].as_secs_f64()
    };
    let took: Vec<_> = runs.iter().map(|run| run.took).collect();
    let cpu = median(&runs.iter().map(|run| run.cpu).collect::<Vec<_>>());
    let peak = runs.iter().map(|run| run.peak).max().unwrap_or_default();
    report.add(Row {
        what: "`iskra backtest`: a week of one subject at 1 Hz, two sets of rules".to_owned(),
        aim: "< 1 s",
        figure: format!("{}; {cpu:.2} s of CPU, at most {} MiB", spread(&took), peak / 1_024),
        limit: format!("reading the same alone: {}", spread(&reads)),
        ratio: Some(median(&took) / median(&reads)),
    })
}

fn moment(second: i64) -> Timestamp {
    Timestamp::from_millis((START + second) * 1_000)
}

/// Each moment has figures of its own, within OK but for five minutes of every six hours.
fn sample(subject: &Subject, second: i64) -> Sample {
    let wave = (second % 97) as f64 / 1_000.0;
    let hurts = if second % 21_600 < 300 { 0.5 } else { 0.0 };
    let values = Vital::ALL.into_iter().zip([0.72, 0.35, 0.7, 0.25 + hurts]);
    let vitals = values.fold(Vitals::default(), |all, (vital, base)| all.with(vital, Score::clamped(base + wave)));
    Sample { subject: subject.clone(), at: moment(second), vitals, signals: Signals::new() }
}

async fn fill(path: &Path) -> anyhow::Result<()> {
    let log = SqliteLog::open(SqliteOptions::new(path, 1, Arc::new(SilentBus))).await?;
    let subject = Subject::new("agent-7")?;
    for first in (0..SECONDS).step_by(BATCH) {
        let batch = (first..SECONDS.min(first + BATCH as i64)).map(|second| sample(&subject, second));
        log.append(batch.collect()).await?;
    }
    log.close().await;
    let mut store = SqliteConnection::connect(&path.to_string_lossy()).await?;
    sqlx::query(AS_THEY_CAME).execute(&mut store).await?;
    Ok(store.close().await?)
}

/// All samples through the log, and nothing else.
async fn read(path: &Path) -> anyhow::Result<Duration> {
    let log = SqliteLog::open(SqliteOptions::new(path, 1, Arc::new(SilentBus))).await?;
    let (from, until) = (moment(0), moment(SECONDS));
    let query = SamplesQuery { subject: Subject::new("agent-7")?, from, until, after: 0, limit: 1_000_000 };
    let start = Instant::now();
    let found = log.samples(query).await?.len();
    let took = start.elapsed();
    log.close().await;
    anyhow::ensure!(i64::try_from(found)? == SECONDS, "{found} samples were read");
    Ok(took)
}

fn run(bench: &Bench, rules: &Path, store: &Path) -> anyhow::Result<Run> {
    let (since, until) = (moment(0).to_string(), moment(SECONDS).to_string());
    let start = Instant::now();
    let mut child = Command::new(&bench.iskra)
        .args(["backtest", "--since", &since, "--until", &until, "--set", "storage.partitions=1", "--set"])
        .arg(format!("storage.path={}", store.display()))
        .arg("--config")
        .arg(rules)
        .env_remove("ISKRA_CONFIG")
        .current_dir(bench.folder.path())
        .stdout(Stdio::piped())
        .spawn()?;
    let process = Process { id: child.id() };
    let (mut cpu, mut peak) = (Duration::ZERO, 0);
    // Neither ever sinks, so the last look is the right one.
    while child.try_wait()?.is_none() {
        cpu = process.cpu().unwrap_or(cpu);
        peak = process.peak().unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    let took = start.elapsed();
    let output = child.wait_with_output()?;
    let said = String::from_utf8(output.stdout).context("it writes text")?;
    let is_right =
        output.status.success() && said.contains(&format!("{SECONDS} samples")) && said.contains("nothing differs");
    anyhow::ensure!(is_right, "it ended with {}: {said}", output.status);
    Ok(Run { took, cpu, peak })
}
