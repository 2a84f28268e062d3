use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};
use url::Url;

use crate::language::LanguageArguments;

#[derive(Args, Debug)]
#[command(
    after_help = "An experiment is a file: a hypothesis, phases, what must be seen by when, and what stops it:\n  \
        iskra experiment list\n  \
        iskra experiment run trust-collapse                    as fast as the machine can\n  \
        iskra experiment run my.yml --speed 60 --out reports   a minute takes a second\n  \
        iskra experiment run my.yml --against http://127.0.0.1:3001   in real time, on a running suite\n\n\
        docs/experiments.md explains the files and the reports.\n\
        Exit code: 0 all that had to be seen was seen, 1 something was not, 2 it could not be run."
)]
pub(crate) struct ExperimentArguments {
    #[command(subcommand)]
    pub(crate) command: ExperimentCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExperimentCommand {
    /// Runs one: on a simulated clock, or in real time on a running suite
    Run(RunArguments),
    /// Stops one that runs in a suite
    Stop(StopArguments),
    /// Checks files, and says what is wrong and where
    Check(CheckArguments),
    /// Lists those that are there
    List(ListArguments),
}

#[derive(Args, Debug)]
pub(crate) struct RunArguments {
    /// A file, or the name of one that is shipped or lies in the folder `experiments` of the rules
    pub(crate) experiment: String,
    /// How many times as fast as real time; `max`: as fast as the machine can
    #[arg(long, value_name = "N", default_value = "max", conflicts_with = "against")]
    pub(crate) speed: Speed,
    /// Runs it in real time where Pulse listens there, e.g. http://127.0.0.1:3001; Ctrl-C stops it
    #[arg(long, value_name = "URL")]
    pub(crate) against: Option<Url>,
    /// Folder for the report (NAME.md) and the artifact (NAME.json) [default: the report is printed]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Folder of the rules [default: ./config if there is one]; of files that it does not have, those that are built in
    #[arg(long, value_name = "DIR", env = "ISKRA_CONFIG")]
    pub(crate) rules: Option<PathBuf>,
    /// Who runs it
    #[arg(long, value_name = "NAME", env = "USER", default_value = "iskra")]
    pub(crate) by: String,
    /// Prints the report as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) language: LanguageArguments,
}

#[derive(Args, Debug)]
#[command(after_help = "A simulated agent is stimulated, loses trust, somebody is paged, and all is well again: in \
        under two minutes, in the inbox only, with an artifact at its end. It needs a suite that runs (iskra up).\n\
        Exit code: 0 all that had to be seen was seen, 1 something was not, 2 it could not be run.")]
pub(crate) struct DemoArguments {
    /// Where Pulse listens
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    pub(crate) against: Url,
    /// Who runs it
    #[arg(long, value_name = "NAME", env = "USER", default_value = "iskra")]
    pub(crate) by: String,
    #[command(flatten)]
    pub(crate) language: LanguageArguments,
}

#[derive(Args, Debug)]
pub(crate) struct StopArguments {
    /// Which one, e.g. 3-1043.experiment
    pub(crate) id: String,
    /// Where Pulse listens
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    pub(crate) against: Url,
    /// Who stops it
    #[arg(long, value_name = "NAME", env = "USER", default_value = "iskra")]
    pub(crate) by: String,
    /// Why
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) note: String,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// Files, or names as of `run`
    #[arg(required = true)]
    pub(crate) experiments: Vec<String>,
    /// Folder of the rules [default: ./config if there is one]
    #[arg(long, value_name = "DIR", env = "ISKRA_CONFIG")]
    pub(crate) rules: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// Folder of the rules [default: ./config if there is one]
    #[arg(long, value_name = "DIR", env = "ISKRA_CONFIG")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) language: LanguageArguments,
}

/// How fast the simulated clock goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Speed {
    /// So many times as fast as real time.
    Times(f64),
    /// As fast as the machine can.
    Max,
}

impl FromStr for Speed {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const SLOWEST: f64 = 0.1;
        const FASTEST: f64 = 1e6;
        let times = || text.parse().ok().filter(|times| (SLOWEST..=FASTEST).contains(times));
        match text {
            "max" => Ok(Self::Max),
            _ => times().map(Self::Times).ok_or("expected max, or a number from 0.1 to 1000000, like 60"),
        }
    }
}
