//! From the start of the process to the first live picture.

use std::path::Path;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::Bench;
use crate::connection::Connection;
use crate::report::{Report, Row, histogram, millis, record};
use crate::samples::{self, Batches};
use crate::viewer::Viewer;

/// Starts of each kind.
const STARTS: usize = 5;
/// Samples in the log that is not new.
const STORED: usize = 1_000_000;
/// Samples in one request when it is filled.
const BATCH: usize = 5_000;

/// From the start of the process.
struct Seen {
    snapshot: Histogram<u64>,
    update: Histogram<u64>,
}

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let mut fresh = Seen { snapshot: histogram(), update: histogram() };
    for _ in 0..STARTS {
        let folder = tempfile::tempdir_in(bench.folder.path())?;
        start(bench, folder.path(), &mut fresh).await?;
    }
    tell(report, "a new folder", &fresh)?;
    let folder = tempfile::tempdir_in(bench.folder.path())?;
    fill(bench, folder.path()).await?;
    let mut filled = Seen { snapshot: histogram(), update: histogram() };
    for _ in 0..STARTS {
        start(bench, folder.path(), &mut filled).await?;
    }
    tell(report, "1 M samples", &filled)
}

fn tell(report: &mut Report, data: &str, seen: &Seen) -> anyhow::Result<()> {
    let figure = |histogram| format!("median {:.0} ms, max {:.0} ms", millis(histogram, 0.5), millis(histogram, 1.0));
    report.add(Row {
        what: format!("start → first live update of `host`, {data}"),
        aim: "≤ 1 s",
        figure: figure(&seen.update),
        ..Row::default()
    })?;
    report.note(&format!("start → first snapshot, {data}"), figure(&seen.snapshot))
}

async fn start(bench: &Bench, folder: &Path, seen: &mut Seen) -> anyhow::Result<()> {
    let start = Instant::now();
    let suite = bench.start(folder, &[])?;
    let mut viewer = Viewer::open(suite.pulse, r#","subjects":["host"]"#).await?;
    record(&mut seen.snapshot, start.elapsed());
    viewer.wait_for(|frame| !frame.samples.is_empty()).await?;
    record(&mut seen.update, start.elapsed());
    suite.stop()
}

/// Fills the log through the front door.
async fn fill(bench: &Bench, folder: &Path) -> anyhow::Result<()> {
    let suite = bench.start(folder, &["--set", "host_probe.enabled=false"])?;
    let mut connection = Connection::open(suite.pulse).await?;
    let mut batches = Batches::new("agent".to_owned(), 1_000);
    let start = Instant::now();
    for _ in 0..STORED / BATCH {
        connection.post(samples::PATH, batches.next(BATCH)).await?;
    }
    let rate = STORED as f64 / start.elapsed().max(Duration::from_millis(1)).as_secs_f64();
    crate::report::say(&format!("filled: {rate:.0} samples/s from one producer, {BATCH} a request"))?;
    suite.stop()
}
