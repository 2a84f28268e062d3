use std::path::PathBuf;
use std::time::Duration;

use backtest::Moment;
use clap::{Args, ValueEnum};
use domain::Subject;
use settings::Settings;

use crate::cli;

#[derive(Args, Debug)]
#[command(
    after_help = "Would these rules have paged more? Judges what is stored once by the rules in force and once by others:\n  \
        iskra backtest --config new-rules --since 7d\n  \
        iskra backtest --config new-rules --since 7d --fail-on more-told    for CI\n\n\
        Is what the log says what the engine concludes? Judges what is stored again and compares every event:\n  \
        iskra backtest\n\n\
        Nothing is written and nobody is told. docs/backtest.md explains the answers.\n\
        Exit code: 0 nothing differs (or nothing that --fail-on names), 1 something differs, 2 wrong use, or the log or \
        the rules cannot be read."
)]
pub(crate) struct BacktestArguments {
    /// Folder of the rules to try; of files that it does not have, those in force (against the log: those built in)
    #[arg(long, value_name = "DIR")]
    pub(crate) config: Option<PathBuf>,
    /// From when on: so long ago, e.g. 7d, or a moment like 2026-01-04T03:00:00Z [default: 7d; against the log: all]
    #[arg(long, value_name = "MOMENT")]
    pub(crate) since: Option<Moment>,
    /// Until when [default: now]
    #[arg(long, value_name = "MOMENT")]
    pub(crate) until: Option<Moment>,
    /// Only this subject; may be repeated [default: all]
    #[arg(long = "subject", value_name = "SUBJECT")]
    pub(crate) subjects: Vec<Subject>,
    /// What to compare with [default: the rules in force; without --config the log]
    #[arg(long, value_enum)]
    pub(crate) against: Option<Against>,
    /// So much of the time before is judged too, but not counted, so that the engine knows what was going on
    #[arg(long, value_name = "DURATION", value_parser = cli::duration, default_value = "1h")]
    pub(crate) warm_up: Duration,
    /// What makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Any)]
    pub(crate) fail_on: FailOn,
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) settings: InForce,
}

/// Where the log is, and the rules in force.
#[derive(Args, Debug)]
pub(crate) struct InForce {
    /// Folder of the settings and the rules in force [default: ./config if there is one]
    #[arg(long = "settings", value_name = "DIR", env = "ISKRA_CONFIG")]
    folder: Option<PathBuf>,
    /// Sets one key of the settings, e.g. --set storage.path=data/iskra.db; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = cli::key_value)]
    set: Vec<(String, String)>,
}

/// What the past is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Against {
    /// What the engine concludes by the rules in force
    Rules,
    /// What is stored: every event, byte by byte
    Log,
}

/// What makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Anything that differs
    Any,
    /// That anybody would be told more often of alerts of any priority
    MoreTold,
    /// Nothing
    Never,
}

impl InForce {
    /// The folder named, or `config` if there is one.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        cli::folder(self.folder.as_ref())
    }

    /// The settings, with `more` over those of flags.
    pub(crate) fn load_with(&self, more: &[(String, String)]) -> anyhow::Result<Settings> {
        let flags = [&self.set, more].concat();
        Ok(Settings::load(self.folder().as_deref(), settings::environment(), &flags)?)
    }

    /// The settings in force.
    pub(crate) fn load(&self) -> anyhow::Result<Settings> {
        self.load_with(&[])
    }
}

impl BacktestArguments {
    /// What to compare with.
    pub(crate) fn against(&self) -> Against {
        let usual = if self.config.is_some() { Against::Rules } else { Against::Log };
        self.against.unwrap_or(usual)
    }
}
