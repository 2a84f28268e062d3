//! Measures the embedded suite as a user starts it: the release binary, real sockets, a real disk. Beside each figure
//! stands a limit of the same machine, measured in the same run; the ratio says more than the figure.

mod bare;
mod connection;
mod disk;
mod ingest;
mod iskra;
mod latency;
mod memory;
mod pace;
mod paging;
mod process;
mod report;
mod samples;
mod sockets;
mod start;
mod viewer;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};

use crate::report::Report;

/// Measures the embedded suite. Without names, everything.
#[derive(Parser)]
struct Arguments {
    /// What to measure
    #[arg(value_enum)]
    sections: Vec<Section>,
    /// How long memory is watched under load
    #[arg(long, default_value_t = 1)]
    minutes: u32,
    /// The program [default: the one that `make build` leaves beside this]
    #[arg(long)]
    iskra: Option<PathBuf>,
    /// Serves the bare handlers instead: what is measured against runs in a process of its own too
    #[arg(long, hide = true)]
    bare: bool,
    /// Cargo says this to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Section {
    Ingest,
    Latency,
    Paging,
    Start,
    Memory,
    Sockets,
}

/// What every section works with.
pub(crate) struct Bench {
    iskra: PathBuf,
    /// A folder on the disk that is measured.
    folder: tempfile::TempDir,
    minutes: u32,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match arguments.bare {
        true => runtime.block_on(bare::serve()),
        false => runtime.block_on(measure(&arguments)),
    }
}

async fn measure(arguments: &Arguments) -> anyhow::Result<()> {
    let release = std::env::current_exe()?.ancestors().nth(2).context("it lies in target/release/deps")?.to_owned();
    let iskra = arguments.iskra.clone().unwrap_or_else(|| release.join("iskra"));
    anyhow::ensure!(iskra.exists(), "there is no {}: run `make build` first", iskra.display());
    // Beside the build, because a temporary folder may lie in memory.
    let bench = Bench { iskra, folder: tempfile::tempdir_in(release)?, minutes: arguments.minutes };
    let wants = |section| arguments.sections.is_empty() || arguments.sections.contains(&section);
    let mut report = Report::default();
    disk::describe_machine(&bench, &mut report)?;
    if wants(Section::Ingest) {
        ingest::measure(&bench, &mut report).await.context("ingest")?;
    }
    if wants(Section::Latency) {
        latency::measure(&bench, &mut report).await.context("latency")?;
    }
    if wants(Section::Paging) {
        paging::measure(&bench, &mut report).await.context("paging")?;
    }
    if wants(Section::Start) {
        start::measure(&bench, &mut report).await.context("start")?;
    }
    if wants(Section::Memory) {
        memory::measure(&bench, &mut report).await.context("memory")?;
    }
    if wants(Section::Sockets) {
        sockets::measure(&bench, &mut report).await.context("sockets")?;
    }
    report.print()
}
