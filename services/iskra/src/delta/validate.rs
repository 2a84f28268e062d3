//! Checks artifacts, and tells all that is wrong with them.

mod github;
mod input;
mod json;
mod sarif;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use domain::ArtifactStatus;

use self::input::Validated;
use crate::language::LanguageArguments;
use crate::say;

#[derive(Args, Debug)]
#[command(after_help = "What is wrong has a code, a place, the value, and what is allowed:\n  \
        iskra delta validate changes/              every *.json below the folder\n  \
        git show HEAD:change.json | iskra delta validate -\n  \
        iskra delta validate --format github .     annotations for a workflow\n\n\
        docs/artifacts.md explains fields and codes; docs/delta-omega-lambda.schema.json is for editors.\n\
        Exit code: 0 all are OK or WARN, 1 some are BLOCK, 2 something could not be read, or there was nothing to check.")]
pub(crate) struct ValidateArguments {
    /// Artifacts, folders of them (every *.json below is one), or - for standard input
    #[arg(required = true, value_name = "FILE|DIR|-")]
    paths: Vec<PathBuf>,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    language: LanguageArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object, with the sentences in both languages
    Json,
    /// Commands of a GitHub workflow, which annotate the lines
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

pub(super) fn run(arguments: &ValidateArguments) -> anyhow::Result<ExitCode> {
    let language = arguments.language.language();
    let all = input::validate(&arguments.paths);
    let lines = match arguments.format {
        Format::Text => text::lines(&all, language),
        Format::Json => vec![json::object(&all).to_string()],
        Format::Github => github::lines(&all, language),
        Format::Sarif => vec![sarif::log(&all, language).to_string()],
    };
    let _is_read = lines.iter().all(|line| say::out(line));
    if arguments.format != Format::Github {
        for (name, wrong) in all.iter().filter_map(Validated::wrong) {
            say::error(&format!("{}: {wrong}", artifacts::visible(&name)));
        }
    }
    Ok(ExitCode::from(exit_code(&all)))
}

fn exit_code(all: &[Validated]) -> u8 {
    match worst(all) {
        _ if all.iter().any(|one| one.wrong().is_some_and(|(_, wrong)| wrong.is_fatal())) => 2,
        Some(ArtifactStatus::Block) => 1,
        _ => 0,
    }
}

/// The worst status; none when nothing was checked.
fn worst(all: &[Validated]) -> Option<ArtifactStatus> {
    all.iter().filter_map(Validated::checked).map(|checked| checked.status).max()
}

/// How many there are of each status, for the last line.
fn counts(all: &[Validated]) -> [(ArtifactStatus, usize); 3] {
    [ArtifactStatus::Ok, ArtifactStatus::Warn, ArtifactStatus::Block].map(|status| {
        (status, all.iter().filter_map(Validated::checked).filter(|checked| checked.status == status).count())
    })
}
