use std::time::Duration;

use clap::{Args, Subcommand};
use domain::Subject;
use url::Url;

use crate::cli;

#[derive(Args, Debug)]
#[command(
    after_help = "People are not told of what opens meanwhile, and not reminded of what they were told; what still \
        fires at the end is told then, and the end of what was told at once:\n  \
        iskra silence add agent-7 --for 1h --note 'we are on it'\n  \
        iskra silence add agent-7 --for 30m --rule pain_critical_high\n  \
        iskra silence list\n  \
        iskra silence end 3-1043.silence\n\n\
        docs/escalation.md explains the rules."
)]
pub(crate) struct SilenceArguments {
    #[command(subcommand)]
    pub(crate) command: SilenceCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SilenceCommand {
    /// Begins one
    Add(AddArguments),
    /// Lists those that are in force
    List(ListArguments),
    /// Ends one early
    End(EndArguments),
}

#[derive(Args, Debug)]
pub(crate) struct AddArguments {
    /// Of whom
    pub(crate) subject: Subject,
    /// For how long, e.g. 30m, 1h30m; from 1m to 7d
    #[arg(long = "for", value_name = "DURATION", value_parser = cli::duration)]
    pub(crate) lasts: Duration,
    /// Only this rule [default: all of the subject]
    #[arg(long)]
    pub(crate) rule: Option<String>,
    /// Who asks
    #[arg(long, value_name = "NAME", env = "USER")]
    pub(crate) by: String,
    /// Why
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) note: String,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// Only of this subject
    pub(crate) subject: Option<Subject>,
    /// Those that are over instead
    #[arg(long)]
    pub(crate) over: bool,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

#[derive(Args, Debug)]
pub(crate) struct EndArguments {
    /// Which one, e.g. 3-1043.silence
    pub(crate) id: String,
    /// Who asks
    #[arg(long, value_name = "NAME", env = "USER")]
    pub(crate) by: String,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

#[derive(Args, Debug)]
pub(crate) struct ServerArguments {
    /// Where Pulse listens
    #[arg(long, default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    pub(crate) url: Url,
    /// Prints JSON instead
    #[arg(long)]
    pub(crate) json: bool,
}
