//! What the command line understands. The words here are the first documentation that a newcomer reads.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{Priority, Subject, Timestamp};
use url::Url;

use crate::audit::AuditArguments;
use crate::backtest::BacktestArguments;
use crate::delta::DeltaArguments;
use crate::escalate::Moment;
use crate::experiment::{DemoArguments, ExperimentArguments};
use crate::health::HealthArguments;
use crate::language::LanguageArguments;
use crate::load::LoadArguments;
use crate::replay::ReplayArguments;
use crate::silence::SilenceArguments;
use crate::token::TokenArguments;

/// Watches systems whose quality is a score: stores samples of clarity, chaos, trust and pain, shows them live, and
/// wakes people when it matters.
#[derive(Debug, Parser)]
#[command(
    name = "iskra",
    version,
    after_help = "First steps:\n  \
        iskra up                                   watch this machine; open http://localhost:3001\n  \
        iskra push --subject agent-7 --pain 0.95   send a sample: a P0 alert opens\n  \
        iskra tail --channels levels,alerts        watch what the engine says\n\n\
        Settings come from <config>/iskra.yml, from variables like ISKRA__PORTS__PULSE, and from flags; \
        `iskra config` prints what is in force and where it was set.\n\
        Commands that talk to a suite find it at ISKRA_URL, and show it the token of ISKRA_TOKEN or of the file \
        ISKRA_TOKEN_FILE where it is locked."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Starts the whole suite in one process, and watches this machine as subject `host`
    Up(UpArguments),
    /// Starts one service, as in production: over a database and Redis that all of them share
    Serve(ServeArguments),
    /// Sends samples: one from flags, or many as NDJSON from standard input
    Push(PushArguments),
    /// Prints what happens, as it happens
    Tail(TailArguments),
    /// Makes load: samples at a fixed rate, thousands of viewers who miss nothing, and how long it took
    Load(LoadArguments),
    /// Checks settings, rules and sources, and says what is wrong and where
    Check(CheckArguments),
    /// Runs tests of rules: samples in; levels, alerts, voices, actions and pages out
    Test(TestArguments),
    /// Judges what is stored anew: by other rules, or to see that the log is right
    Backtest(BacktestArguments),
    /// Shows the past on the dashboards, as if it were now
    Replay(ReplayArguments),
    /// Shows in under two minutes what happens when an agent loses trust; needs a suite that runs
    Demo(DemoArguments),
    /// Runs experiments: a hypothesis, injections of chaos, what must be seen by when, and a report
    Experiment(ExperimentArguments),
    /// Shows who is told of an alert, and when
    Escalate(EscalateArguments),
    /// Tells why something fired on a subject, and why it did not
    Explain(ExplainArguments),
    /// Mutes a subject, or one of its rules, for a while
    Silence(SilenceArguments),
    /// Tells how objectives were met
    Slo(SloArguments),
    /// Works with ∆DΩΛ artifacts: what changed, how deep, how sure, and what follows
    Delta(DeltaArguments),
    /// Asks a service whether it can do its work
    Health(HealthArguments),
    /// Makes, lists and revokes the tokens that people and programs show when access is locked
    Token(TokenArguments),
    /// Prints who did what: what people asked for, log-ins, tokens made and revoked
    Audit(AuditArguments),
    /// Prints the settings in force, and where each was set
    Config(SettingsArguments),
    /// Brings the tables of the log up to date, or says whether they are
    Migrate(MigrateArguments),
    /// Begins a new epoch, after the log was restored from a backup
    #[command(
        after_help = "A restored log gives numbers anew that readers have seen for other entries. A new epoch tells \
        browsers and services to forget their positions and to take a snapshot. Stop every service, restore, run \
        `iskra new-epoch`, start them again. Entries are not touched; running it once too often does no harm."
    )]
    NewEpoch(SettingsArguments),
}

#[derive(Args, Debug)]
pub(crate) struct SettingsArguments {
    /// Folder with iskra.yml, the files of the rules and sources.yml [default: ./config if there is one]; of files that
    /// it does not have, those that are built in
    #[arg(long, value_name = "DIR", env = "ISKRA_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Sets one key, e.g. --set alertmanager.urls=http://127.0.0.1:9093; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Exit code: 0 everything is good, 1 something is wrong: file, line, column and a hint are told."
)]
pub(crate) struct CheckArguments {
    /// Folder to check; goes before --config
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingsArguments,
}

impl CheckArguments {
    pub(crate) fn into_settings(self) -> SettingsArguments {
        let Self { folder, mut settings } = self;
        settings.config = folder.or(settings.config);
        settings
    }
}

#[derive(Args, Debug)]
pub(crate) struct EscalateArguments {
    #[command(subcommand)]
    pub(crate) command: EscalateCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EscalateCommand {
    /// Prints who would be told of an alert that goes on firing: when, and by which ways
    Simulate(SimulateArguments),
}

#[derive(Args, Debug)]
#[command(
    after_help = "The engine itself says so, on a simulated clock, by the chains and windows of escalation.yml:\n  \
        iskra escalate simulate P0                            nobody reacts\n  \
        iskra escalate simulate P0 --acknowledge-after 7m     somebody does: no more steps until that lapses\n  \
        iskra escalate simulate P1 --at 'Sun 03:00'           in the weekly maintenance window\n\n\
        Nobody is told anything, and nothing is written. docs/escalation.md explains the rules."
)]
pub(crate) struct SimulateArguments {
    /// P0, P1 or P2
    #[arg(value_parser = priority)]
    pub(crate) priority: Priority,
    /// When it opens: the next 'Sun 03:00' (UTC), or a moment like 2026-01-04T03:00:00Z [default: now]
    #[arg(long, value_name = "MOMENT")]
    pub(crate) at: Option<Moment>,
    /// Somebody acknowledges it so long after it was first told, e.g. 7m [default: nobody ever does]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) acknowledge_after: Option<Duration>,
    /// Folder with escalation.yml [default: ./config if there is one]; if it has none, what is built in
    #[arg(long, value_name = "DIR", env = "ISKRA_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Each rule with its present values, whether its condition holds, how long it has, what its \
        cooldown leaves, and what holds people's attention back:\n  \
        iskra explain agent-7                      everything\n  \
        iskra explain agent-7 pain_critical_high   one rule, or all whose names begin so\n  \
        iskra explain agent-7 kayn --json          for programs\n\n\
        docs/explain.md explains the answers.")]
pub(crate) struct ExplainArguments {
    /// Of whom
    pub(crate) subject: Subject,
    /// The rule, or how the names of several begin
    pub(crate) rule: Option<String>,
    /// Where a dashboard service listens
    #[arg(long, default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    pub(crate) url: Url,
    /// Prints JSON, with the sentences in both languages
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) language: LanguageArguments,
}

#[derive(Args, Debug)]
pub(crate) struct SloArguments {
    #[command(subcommand)]
    pub(crate) command: SloCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SloCommand {
    /// Prints a month as Markdown: each objective, what of its budget is left, and the alerts
    Report(ReportArguments),
}

#[derive(Args, Debug)]
pub(crate) struct ReportArguments {
    /// The month (UTC), e.g. 2026-01
    #[arg(long)]
    pub(crate) month: String,
    /// Only this subject
    #[arg(long)]
    pub(crate) subject: Option<Subject>,
    /// Where a dashboard service listens
    #[arg(long, default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    pub(crate) url: Url,
    /// Prints JSON instead
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) language: LanguageArguments,
}

#[derive(Args, Debug)]
pub(crate) struct UpArguments {
    #[command(flatten)]
    pub(crate) settings: SettingsArguments,
    /// Folder of the SQLite file [default: data]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDR")]
    pub(crate) bind: Option<IpAddr>,
    /// Port of Pulse, the vital signs [default: 3001; 0: any free one]
    #[arg(long, value_name = "PORT")]
    pub(crate) pulse_port: Option<u16>,
    /// Port of Seams, the transitions [default: 3002]
    #[arg(long, value_name = "PORT")]
    pub(crate) seams_port: Option<u16>,
    /// Port of Voices, the responding voices [default: 3003]
    #[arg(long, value_name = "PORT")]
    pub(crate) voices_port: Option<u16>,
    /// Port of the SLO engine [default: 3004]
    #[arg(long, value_name = "PORT")]
    pub(crate) slo_engine_port: Option<u16>,
}

#[derive(Args, Debug)]
#[command(after_help = "In production each service runs by itself, in as many replicas as are needed:\n  \
        export ISKRA__STORAGE__URL_FILE=/run/secrets/iskra-postgres   postgres://iskra:…@db.example.com/iskra\n  \
        export ISKRA__BUS__REDIS_FILE=/run/secrets/iskra-redis        redis://:…@cache.example.com:6379\n  \
        iskra migrate && iskra token create ann\n  \
        iskra serve pulse --set bind=0.0.0.0 --set access.mode=locked\n\n\
        Without a database all share the SQLite file of one machine; without Redis they look at the log four times a \
        second. The machine itself is watched only with --set host_probe.enabled=true.")]
pub(crate) struct ServeArguments {
    /// Which service
    #[arg(value_enum)]
    pub(crate) service: Service,
    #[command(flatten)]
    pub(crate) settings: SettingsArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    /// The doors for samples and the dashboard of vital signs
    Pulse,
    /// The dashboard of transitions
    Seams,
    /// The dashboard of voices
    Voices,
    /// Judges and pages
    SloEngine,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Services do the same when they start, unless storage.migrate is false. A migration is safe while \
        services of the version before run; several may migrate at once.\n\
        Exit code: 0 the tables are up to date, 1 they are not."
)]
pub(crate) struct MigrateArguments {
    /// Changes nothing: prints what would be applied
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) settings: SettingsArguments,
}

#[derive(Args, Debug)]
#[command(after_help = "Without vitals, NDJSON is read from standard input, one sample a line:\n  \
        {\"subject\":\"agent-7\",\"at\":\"2026-01-01T00:00:00Z\",\"clarity\":0.8,\"pain\":0.3}\n\
        Exit code: 0 everything was stored, 1 something was refused or could not be sent.")]
pub(crate) struct PushArguments {
    /// Where Pulse listens
    #[arg(long, default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    pub(crate) url: Url,
    /// Whom the sample is about
    #[arg(long)]
    pub(crate) subject: Option<Subject>,
    /// When it was measured, e.g. 2026-01-01T00:00:00Z [default: now]
    #[arg(long)]
    pub(crate) at: Option<Timestamp>,
    /// 0 to 1
    #[arg(long, value_name = "SCORE")]
    pub(crate) clarity: Option<f64>,
    /// 0 to 1
    #[arg(long, value_name = "SCORE")]
    pub(crate) chaos: Option<f64>,
    /// 0 to 1
    #[arg(long, value_name = "SCORE")]
    pub(crate) trust: Option<f64>,
    /// 0 to 1
    #[arg(long, value_name = "SCORE")]
    pub(crate) pain: Option<f64>,
    /// Another number or true/false, e.g. --signal drift=0.1; may be repeated
    #[arg(long = "signal", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) signals: Vec<(String, String)>,
    /// Most samples in one request, when reading standard input: what is there is sent, without waiting for more
    #[arg(long, value_name = "COUNT", default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub(crate) batch: u16,
}

#[derive(Args, Debug)]
pub(crate) struct TailArguments {
    /// Only these subjects
    pub(crate) subjects: Vec<Subject>,
    /// Where a dashboard service listens
    #[arg(long, default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    pub(crate) url: Url,
    /// Only these channels: clarity, chaos, trust, pain, signals, levels, alerts
    #[arg(long, value_delimiter = ',')]
    pub(crate) channels: Vec<String>,
    /// Prints the frames as the server sends them, one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(
    after_help = "A test is data: samples and times, and what must be so at which moment. It runs on the engine itself, \
        in milliseconds; docs/rule-tests.md explains the files, those in config/tests test the rules as shipped.\n\
        Exit code: 0 all passed, 1 something failed or a file is wrong."
)]
pub(crate) struct TestArguments {
    /// Files with tests, or folders of them
    #[arg(default_value = "config/tests")]
    pub(crate) paths: Vec<PathBuf>,
    /// Folder of the rules to test [default: what the file names, else the folder above the file's]
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// Only tests with this in their name
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,
    /// Prints one JSON object instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// The folder named, or `config` if there is one.
pub(crate) fn folder(named: Option<&PathBuf>) -> Option<PathBuf> {
    named.cloned().or_else(|| Some(PathBuf::from("config")).filter(|folder| folder.is_dir()))
}

fn priority(text: &str) -> Result<Priority, &'static str> {
    let named = Priority::ALL.into_iter().find(|priority| priority.name().eq_ignore_ascii_case(text));
    named.ok_or("expected P0, P1 or P2")
}

pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    yaml_file::parse_duration(text).map_err(|wrong| match wrong.hint {
        Some(hint) => format!("{}: {hint}", wrong.message),
        None => wrong.message,
    })
}

pub(crate) fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl SettingsArguments {
    /// The folder to read: the one named, or `config` if there is one.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        folder(self.config.as_ref())
    }

    /// The settings in force, with `more` flags over those of `--set`.
    pub(crate) fn load(&self, more: &[(String, String)]) -> anyhow::Result<settings::Settings> {
        let overrides = [&self.set, more].concat();
        Ok(settings::Settings::load(self.folder().as_deref(), settings::environment(), &overrides)?)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
