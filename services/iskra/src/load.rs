//! Makes load on a suite that runs, and tells how it bore it. docs/load.md explains the figures.

mod arguments;
mod missing;
mod mute;
mod progress;
mod report;

use std::cell::OnceCell;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

use load::{Error, Outcome, Plan, Target, Window};

pub(crate) use self::arguments::LoadArguments;
use self::progress::Progress;
use self::report::Report;
use crate::say;
use crate::server::Server;

/// What shells answer of what was ended by Ctrl-C.
const INTERRUPTED: u8 = 130;

pub(crate) fn run(arguments: &LoadArguments) -> anyhow::Result<ExitCode> {
    arguments.check()?;
    load::let_open(arguments.viewers + arguments.connections).map_err(|most| {
        anyhow::anyhow!(
            "{} viewers need more open files than this process may have ({most}): raise the hard limit \
            (`ulimit -Hn`, LimitNOFILE= of systemd, --ulimit of Docker), or name fewer viewers",
            arguments.viewers
        )
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let begun = OnceCell::new();
        let made = tokio::select! {
            made = make(arguments, &begun) => Some(made),
            _ = tokio::signal::ctrl_c() => None,
        };
        // Whatever ended it: what was sent falls silent now.
        if let Some(begun) = begun.get().filter(|_| !arguments.no_mute && may_be_stored(made.as_ref())) {
            mute::mute(arguments, begun.elapsed()).await;
        }
        let Some(outcome) = made.transpose()? else {
            say::note("stopped before its end: nothing can be said of it");
            return Ok(ExitCode::from(INTERRUPTED));
        };
        let cores = available_parallelism().map_or(1, usize::from);
        let report = Report::new(arguments, &outcome, cores);
        let lines = if arguments.json { vec![serde_json::to_string_pretty(&report)?] } else { report.lines() };
        let _is_read = lines.iter().all(|line| say::out(line));
        Ok(if outcome.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

/// Whether any sample is stored, as far as it is known.
fn may_be_stored(made: Option<&anyhow::Result<Outcome>>) -> bool {
    match made {
        Some(Ok(outcome)) => outcome.counts.acknowledged + outcome.counts.unknown > 0,
        Some(Err(_)) | None => true,
    }
}

/// Also notes when samples begin to be sent.
async fn make(arguments: &LoadArguments, begun: &OnceCell<Instant>) -> anyhow::Result<Outcome> {
    let plan = Plan::from(arguments);
    let server = Server::at(&arguments.url)?;
    let streams =
        if arguments.dashboards.is_empty() { std::slice::from_ref(&arguments.url) } else { &*arguments.dashboards };
    let streams = streams.iter().map(|url| Server::at(url)?.address("/ws")).collect::<anyhow::Result<_>>()?;
    let target = Target {
        client: server.client(Some(plan.patience))?,
        // What is opened stays open.
        sockets: server.client(None)?,
        door: server.address("/api/v1/samples")?,
        streams,
    };
    let mut progress = Progress::of(&plan);
    let tell = |window: &Window| {
        begun.get_or_init(Instant::now);
        say::note(&progress.line(window));
    };
    match load::run(target, plan, tell).await {
        Ok(outcome) => Ok(outcome),
        Err(Error::Refused { url, answer }) => Err(server.refusal(*answer).await.context(url)),
        Err(Error::SentAway { code: 4503, .. }) => {
            anyhow::bail!("it lets no more viewers in: `sockets.max` says how many, for each service")
        }
        Err(error) => Err(error.into()),
    }
}
