//! Shows the past as if it happened now: the whole suite, over a log of its own whose clock runs through that time.

mod arguments;
mod feeder;
mod past_clock;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use assembly::Deps;
use durable_log::Log;
use rules::Loaded;
use settings::Settings;

use crate::past::subjects;
use crate::say;
use crate::up::Listeners;
pub(crate) use arguments::ReplayArguments;
use feeder::Feeder;
use past_clock::PastClock;

/// The beginning of the name of the folder that holds the log while it runs.
const FOLDER: &str = "iskra-replay-";

pub(crate) fn run(arguments: &ReplayArguments) -> anyhow::Result<ExitCode> {
    let settings = arguments.settings.load()?;
    // Removed when this returns, however it does.
    let folder = tempfile::Builder::new().prefix(FOLDER).tempdir().context("making a folder for the replay")?;
    let file = folder.path().join("iskra.db");
    let alone = arguments.settings.load_with(&alone(&file.display().to_string()))?.together();
    let rules = rules(arguments)?;
    let runtime = assembly::start_process(&settings)?;
    runtime.block_on(async {
        let log = assembly::open_to_read(&settings).await?;
        let outcome = replay(arguments, &log, Arc::new(alone), rules).await;
        log.close().await;
        outcome
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What a replay must not share with the living: their log, their bus, those who page people.
fn alone(file: &str) -> Vec<(String, String)> {
    let settings = [
        ("storage.url", ""),
        ("storage.path", file),
        ("storage.migrate", "true"),
        ("bus.redis", ""),
        ("alertmanager.urls", ""),
        ("host_probe.enabled", "false"),
    ];
    settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec()
}

/// The rules to judge by, without anybody outside who would be told of actions.
fn rules(arguments: &ReplayArguments) -> anyhow::Result<Loaded> {
    let folder = arguments.config.clone().or_else(|| arguments.settings.folder());
    let mut loaded = folder.map_or_else(|| Ok(Loaded::built_in()), |folder| Loaded::load_folders(&[&folder]))?;
    Arc::make_mut(&mut loaded.rules).actions.webhooks.clear();
    Ok(loaded)
}

async fn replay(
    arguments: &ReplayArguments,
    log: &Arc<dyn Log>,
    settings: Arc<Settings>,
    rules: Loaded,
) -> anyhow::Result<()> {
    let present = log.now();
    anyhow::ensure!(arguments.at < present, "--at must lie in the past: the log's clock says {present}");
    if !arguments.subjects.is_empty() {
        subjects(&arguments.subjects, &**log).await?;
    }
    let until = arguments.lasts.map_or(present, |lasts| arguments.at.plus(lasts)).min(present);
    let clock = PastClock::new(arguments.at, arguments.speed);
    let listeners = Listeners::bind(&settings)?;
    let deps = Deps::of_another_time(&settings, rules, clock.to_clock()).await?;
    let mut feeder = Feeder::new(log, &arguments.subjects, deps.log.clone(), clock.clone(), until).await?;
    let shutdown = assembly::shutdown_signal()?;
    let lasts = Duration::from_secs(until.since(arguments.at).div_f64(arguments.speed).as_secs());
    say::note(&format!(
        "The past from {} to {until}, {} times as fast, takes {}; nobody is told anything. Ctrl-C stops it.",
        arguments.at,
        arguments.speed,
        yaml_file::write_duration(lasts)
    ));
    listeners.tell()?;
    clock.start();
    let feed = async {
        let ended = shutdown.run_until_cancelled(feeder.run()).await.unwrap_or(Ok(()));
        shutdown.cancel();
        ended
    };
    let (served, fed) = tokio::join!(listeners.serve(settings, deps, shutdown.clone()), feed);
    feeder.tell();
    served.and(fed)
}
