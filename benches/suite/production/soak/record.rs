//! How it went, a line for each window.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use load::Window;
use sqlx::PgConnection;
use tokio::time::timeout;

use super::{Production, Servers, unjudged};
use crate::Bench;
use crate::process::Process;
use crate::report::millis;

/// What a database that has just died may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// What is measured of each.
const PROCESSES: [&str; 7] = ["pulse", "seams", "voices", "slo_engine", "postgres", "redis", "load"];
const REST: &str = "acknowledged,delivered,merged,viewers,connections_lost,began_anew,gaps,\
    acknowledged_p50_ms,acknowledged_p99_ms,acknowledged_max_ms,seen_p50_ms,seen_p99_ms,seen_max_ms,\
    unjudged_entries,database_bytes,journal_bytes,died";

/// What PostgreSQL takes of it, in bytes.
#[derive(Clone, Copy)]
pub(super) struct Disk {
    pub(super) database: u64,
    /// Written anew again and again: it does not grow with the samples.
    pub(super) journal: u64,
}

pub(super) struct Record {
    file: File,
    path: PathBuf,
    /// In MiB: of each process at first, at last and at most.
    memory: [[u64; 3]; PROCESSES.len()],
    /// The 99th percentiles of each window.
    p99: [Vec<f64>; 2],
    /// Since the last line.
    died: Vec<&'static str>,
}

impl Disk {
    pub(super) async fn of(servers: &Servers) -> anyhow::Result<Self> {
        disk(&mut servers.connect().await?).await
    }
}

impl Record {
    /// Beside the other output of the build.
    pub(super) async fn create(bench: &Bench, production: &Production) -> anyhow::Result<Self> {
        let target = bench.folder.path().ancestors().nth(2).context("it lies in target/release")?;
        let folder = target.join("bench");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join("soak.csv");
        let mut file = File::create(&path).with_context(|| path.display().to_string())?;
        let heads: Vec<_> = PROCESSES.iter().map(|name| format!("{name}_mib")).collect();
        writeln!(file, "seconds,{},{REST}", heads.join(","))?;
        let memory = memory(production).map(|mib| [mib.unwrap_or(0), 0, 0]);
        Ok(Self { file, path, memory, p99: Default::default(), died: Vec::new() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Something died.
    pub(super) fn note(&mut self, part: &'static str) {
        self.died.push(part);
    }

    /// Writes a line. What is away at the moment leaves its column empty.
    pub(super) async fn write(&mut self, production: &Production, window: &Window) -> anyhow::Result<()> {
        let now = memory(production);
        for (of, mib) in self.memory.iter_mut().zip(now) {
            if let Some(mib) = mib {
                *of = [of[0], mib, of[2].max(mib)];
            }
        }
        let (left, disk) = match timeout(PATIENCE, ask(&production.servers)).await {
            Ok(Ok((left, disk))) => (left.to_string(), format!("{},{}", disk.database, disk.journal)),
            Ok(Err(_)) | Err(_) => (String::new(), ",".to_owned()),
        };
        let counts = &window.counts;
        let [mut acknowledged, mut seen] = [String::new(), String::new()];
        for (text, p99, times) in [(&mut acknowledged, 0, &window.acknowledged), (&mut seen, 1, &window.seen)] {
            *text = match times.is_empty() {
                true => ",,".to_owned(),
                false => [0.5, 0.99, 1.0].map(|quantile| format!("{:.2}", millis(times, quantile))).join(","),
            };
            if !times.is_empty() {
                self.p99[p99].push(millis(times, 0.99));
            }
        }
        let memory = now.map(|mib| mib.map(|mib| mib.to_string()).unwrap_or_default()).join(",");
        let died = std::mem::take(&mut self.died).join(" ");
        writeln!(
            self.file,
            "{:.1},{memory},{},{},{},{},{},{},{},{acknowledged},{seen},{left},{disk},{died}",
            window.at.as_secs_f64(),
            counts.acknowledged,
            counts.delivered,
            counts.merged,
            counts.there,
            counts.lost,
            counts.anew,
            counts.gaps,
        )?;
        Ok(())
    }

    /// Of each process, in MiB: at first, at last, at most.
    pub(super) fn memory(&self) -> impl Iterator<Item = (&'static str, [u64; 3])> {
        PROCESSES.into_iter().zip(self.memory)
    }

    /// The 99th percentile of the middle one of all windows, in milliseconds: acknowledged, and seen.
    pub(super) fn middle(&self) -> [f64; 2] {
        self.p99.each_ref().map(|p99| {
            let mut sorted = p99.clone();
            sorted.sort_by(f64::total_cmp);
            sorted.get(sorted.len() / 2).copied().unwrap_or_default()
        })
    }
}

async fn ask(servers: &Servers) -> anyhow::Result<(i64, Disk)> {
    let mut connection = servers.connect().await?;
    Ok((unjudged(&mut connection).await?, disk(&mut connection).await?))
}

async fn disk(connection: &mut PgConnection) -> anyhow::Result<Disk> {
    let bytes =
        "SELECT pg_database_size(current_database()), (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir())::bigint";
    let (database, journal): (i64, i64) = sqlx::query_as(bytes).fetch_one(connection).await?;
    Ok(Disk { database: database.cast_unsigned(), journal: journal.cast_unsigned() })
}

/// What each process has in memory, in MiB; of PostgreSQL all of its processes, what they share counted once.
fn memory(production: &Production) -> [Option<u64>; PROCESSES.len()] {
    let of = |process: Process| process.resident().ok().map(|resident| resident.total / 1024);
    let servers = &production.servers;
    [
        of(production.pulse.process()),
        of(production.seams.process()),
        of(production.voices.process()),
        of(production.engines[0].process()),
        servers.postgres.process_id().and_then(|id| Process { id }.shares_of_family().ok()).map(|kib| kib / 1024),
        of(Process { id: servers.redis.process_id() }),
        of(Process { id: std::process::id() }),
    ]
}
