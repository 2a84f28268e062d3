//! Measures the suite as a user starts it: the release binary, real sockets, a real disk; embedded, and as in production
//! over PostgreSQL and Redis. Beside each figure stands a limit of the same machine, measured in the same run; the ratio
//! says more than the figure.

mod backtest;
mod bare;
mod connection;
mod cost;
mod crowd;
mod disk;
mod fanout;
mod growth;
mod ingest;
mod iskra;
mod latency;
mod memory;
mod pace;
mod pages;
mod paging;
mod peers;
mod process;
mod production;
mod publisher;
mod raw;
mod report;
mod samples;
mod sockets;
mod start;
mod storm;
mod viewer;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::report::Report;

/// Measures the suite. Without names, all that is embedded.
#[derive(Parser)]
struct Arguments {
    /// What to measure
    #[arg(value_enum)]
    sections: Vec<Section>,
    /// All that needs PostgreSQL and Redis
    #[arg(long)]
    production: bool,
    /// How long memory is watched under load [default: 1], and how long the soak is [default: 4]
    #[arg(long)]
    minutes: Option<u32>,
    /// How long the overload lasts
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// How many samples `history` and `backtest-read` look into
    #[arg(long, default_value_t = 10_000_000)]
    samples: u64,
    /// The program [default: the one that `make build` leaves beside this]
    #[arg(long)]
    iskra: Option<PathBuf>,
    /// Where the points of plots go [default: target/bench/points]
    #[arg(long)]
    points: Option<PathBuf>,
    /// Serves the bare handlers instead: what is measured against runs in a process of its own too
    #[arg(long, hide = true)]
    bare: bool,
    /// Serves raw sockets instead, gathering messages for so many milliseconds
    #[arg(long, hide = true)]
    raw: Option<u64>,
    /// Cargo says this to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Section {
    Ingest,
    Latency,
    Pages,
    Paging,
    Start,
    Memory,
    Sockets,
    Fanout,
    Saturation,
    Growth,
    Storm,
    Backtest,
    ProductionIngest,
    ProductionLatency,
    ProductionPaging,
    ProductionSockets,
    History,
    BacktestRead,
    Takeover,
    Recovery,
    Overload,
    /// Only when it is named
    Soak,
}

/// What every section works with.
pub(crate) struct Bench {
    iskra: PathBuf,
    /// A folder on the disk that is measured.
    folder: tempfile::TempDir,
    minutes: u32,
    soak_minutes: u32,
    seconds: u32,
    samples: u64,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(gather) = arguments.raw {
        return raw::serve(Duration::from_millis(gather));
    }
    allow_many_files()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match arguments.bare {
        true => runtime.block_on(bare::serve()),
        false => runtime.block_on(measure(&arguments)),
    }
}

/// As many open files as the system lets us have, for thousands of sockets; the servers inherit it.
fn allow_many_files() -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?)
}

async fn measure(arguments: &Arguments) -> anyhow::Result<()> {
    let release = std::env::current_exe()?.ancestors().nth(2).context("it lies in target/release/deps")?.to_owned();
    let iskra = arguments.iskra.clone().unwrap_or_else(|| release.join("iskra"));
    let iskra = iskra.canonicalize().with_context(|| format!("no {}: run `make build` first", iskra.display()))?;
    // Beside the build, because a temporary folder may lie in memory.
    let folder = tempfile::tempdir_in(&release)?;
    let Arguments { minutes, seconds, samples, .. } = *arguments;
    let (minutes, soak_minutes) = (minutes.unwrap_or(1), minutes.unwrap_or(4));
    let bench = Bench { iskra, folder, minutes, soak_minutes, seconds, samples };
    let points = arguments.points.clone().unwrap_or_else(|| release.with_file_name("bench").join("points"));
    let mut report = Report::new(points);
    disk::describe_machine(&bench, &mut report)?;
    let measured = measure_all(&bench, &mut report, &arguments.wanted()).await;
    report.print()?;
    measured
}

async fn measure_all(bench: &Bench, report: &mut Report, sections: &[Section]) -> anyhow::Result<()> {
    if sections.iter().any(|section| section.is_production()) {
        production::describe(bench, report).await.context("starting what production needs")?;
    }
    let mut failed = Vec::new();
    for section in sections {
        // The others are worth their time nevertheless.
        if let Err(error) = section.measure(bench, report).await {
            report::say(&format!("{section:?} has failed: {error:?}"))?;
            failed.push(section);
        }
    }
    anyhow::ensure!(failed.is_empty(), "these have failed: {failed:?}");
    Ok(())
}

impl Arguments {
    fn wanted(&self) -> Vec<Section> {
        let all = Section::value_variants().iter().copied();
        match self.sections.is_empty() {
            true => {
                all.filter(|section| section.is_production() == self.production && *section != Section::Soak).collect()
            }
            false => all.filter(|section| self.sections.contains(section)).collect(),
        }
    }
}

impl Section {
    const fn is_production(self) -> bool {
        match self {
            Self::Ingest
            | Self::Latency
            | Self::Pages
            | Self::Paging
            | Self::Start
            | Self::Memory
            | Self::Sockets
            | Self::Fanout
            | Self::Saturation
            | Self::Growth
            | Self::Storm
            | Self::Backtest => false,
            Self::ProductionIngest
            | Self::ProductionLatency
            | Self::ProductionPaging
            | Self::ProductionSockets
            | Self::History
            | Self::BacktestRead
            | Self::Takeover
            | Self::Recovery
            | Self::Overload
            | Self::Soak => true,
        }
    }

    async fn measure(self, bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
        match self {
            Self::Ingest => ingest::measure(bench, report).await,
            Self::Latency => latency::measure(bench, report).await,
            Self::Pages => pages::measure(bench, report).await,
            Self::Paging => paging::measure(bench, report).await,
            Self::Start => start::measure(bench, report).await,
            Self::Memory => memory::measure(bench, report).await,
            Self::Fanout => fanout::measure(bench, report).await,
            Self::Saturation => fanout::saturate(bench, report).await,
            Self::Growth => growth::measure(bench, report).await,
            Self::Storm => storm::measure(bench, report).await,
            Self::Sockets => sockets::measure(bench, report).await,
            Self::Backtest => backtest::measure(bench, report).await,
            Self::ProductionIngest => production::ingest::measure(bench, report).await,
            Self::ProductionLatency => production::latency::measure(bench, report).await,
            Self::ProductionPaging => production::paging::measure(bench, report).await,
            Self::ProductionSockets => production::sockets::measure(bench, report).await,
            Self::History => production::history::measure(bench, report).await,
            Self::BacktestRead => production::backtest_read::measure(bench, report).await,
            Self::Takeover => production::takeover::measure(bench, report).await,
            Self::Recovery => production::recovery::measure(bench, report).await,
            Self::Overload => production::overload::measure(bench, report).await,
            Self::Soak => production::soak::measure(bench, report).await,
        }
    }
}
