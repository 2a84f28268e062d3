#![doc = include_str!("../README.md")]

mod ask;
mod audit;
mod backtest;
mod check;
mod cli;
mod config;
mod delta;
mod escalate;
mod experiment;
mod explain;
mod health;
mod language;
mod load;
mod migrate;
mod new_epoch;
mod past;
mod push;
mod replay;
mod say;
mod serve;
mod server;
mod silence;
mod slo;
mod tail;
mod test;
mod token;
mod up;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

/// Keeps memory flat under many short-lived buffers, where the system's allocator lets it grow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Up(arguments) => up::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Push(arguments) => push::run(arguments),
        Command::Tail(arguments) => tail::run(arguments),
        Command::Load(arguments) => load::run(&arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Backtest(arguments) => Ok(backtest::run(&arguments)),
        Command::Escalate(arguments) => escalate::run(&arguments),
        Command::Experiment(arguments) => Ok(experiment::run(&arguments)),
        Command::Demo(arguments) => Ok(experiment::demo(&arguments)),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Silence(arguments) => silence::run(&arguments),
        Command::Slo(arguments) => slo::run(&arguments),
        Command::Delta(arguments) => delta::run(&arguments),
        Command::Health(arguments) => health::run(&arguments),
        Command::Token(arguments) => token::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::NewEpoch(arguments) => new_epoch::run(&arguments),
    };
    outcome.unwrap_or_else(|error| {
        say::error(&format!("{error:#}"));
        ExitCode::FAILURE
    })
}
