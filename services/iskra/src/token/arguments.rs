use std::time::Duration;

use access::Scope;
use clap::{Args, Subcommand};

use crate::cli::{self, SettingsArguments};

#[derive(Args, Debug)]
#[command(
    after_help = "Works on the store that the settings name, whether a service runs or not; running services know within \
        two seconds. The text of a token is printed once, and only its SHA-256 is kept:\n  \
        iskra token create ann                                          a person: looks and operates\n  \
        iskra token create agent-7 --scope ingest --expires 90d         a program that sends samples\n  \
        iskra token create prometheus --scope read\n  \
        iskra token list\n  \
        iskra token revoke ann\n\n\
        docs/access.md explains scopes, sessions and what a locked suite asks for."
)]
pub(crate) struct TokenArguments {
    #[command(subcommand)]
    pub(crate) command: TokenCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Makes one, and prints its text: the only time that anybody sees it
    Create(CreateArguments),
    /// Lists all of them, those that are over too
    List(ListArguments),
    /// Ends one, with the sessions that came from it
    Revoke(RevokeArguments),
}

#[derive(Args, Debug)]
pub(crate) struct CreateArguments {
    /// Who will hold it: a person, or a program. What is done with it is done by this name
    pub(crate) name: String,
    /// What it may: ingest, read or operate; may be repeated [default: read and operate]
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) scopes: Vec<Scope>,
    /// Ends by itself after so long, e.g. 90d [default: never]
    #[arg(long, value_name = "DURATION", value_parser = cli::duration)]
    pub(crate) expires: Option<Duration>,
    #[command(flatten)]
    pub(crate) by: ByArguments,
    #[command(flatten)]
    pub(crate) settings: SettingsArguments,
}

#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// Prints JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) settings: SettingsArguments,
}

#[derive(Args, Debug)]
pub(crate) struct RevokeArguments {
    /// Its id, or its name where only one that is not over has it
    pub(crate) token: String,
    #[command(flatten)]
    pub(crate) by: ByArguments,
    #[command(flatten)]
    pub(crate) settings: SettingsArguments,
}

#[derive(Args, Debug)]
pub(crate) struct ByArguments {
    /// Who does it, for the audit
    #[arg(
        long,
        value_name = "NAME",
        env = "USER",
        default_value = "somebody at the machine",
        hide_default_value = true
    )]
    pub(crate) by: String,
}
