//! Decides whether a change may be merged: no ∆DΩΛ, no merge.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use changes::{Verdict, comment};
use clap::Args;

use super::repository::ChangeArguments;
use crate::language::LanguageArguments;
use crate::say;

#[derive(Args, Debug)]
#[command(
    after_help = "A change needs a new artifact in .iskra/artifacts. Without one, or with one that is not valid or says BLOCK, \
        it is blocked; WARN passes with a comment, and OK passes:\n  \
        iskra delta gate --base origin/main                       the comment is printed\n  \
        iskra delta gate --base \"$BASE\" --head \"$HEAD\" --out DIR   comment.md and draft.json are written\n\n\
        Only commits are read, never files that lie about; docs/artifacts-in-git.md explains the rule.\n\
        Exit code: 0 it may be merged, 1 it is blocked, 2 it could not be judged."
)]
pub(crate) struct GateArguments {
    #[command(flatten)]
    change: ChangeArguments,
    /// Writes comment.md there, and draft.json where an artifact is missing
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Adds status=, blocked= and draft= to this file, for the next steps of a workflow
    #[arg(long, value_name = "FILE", env = "GITHUB_OUTPUT")]
    outputs: Option<PathBuf>,
    /// Adds the comment to this file, for the page of a workflow's run
    #[arg(long, value_name = "FILE", env = "GITHUB_STEP_SUMMARY")]
    summary: Option<PathBuf>,
    #[command(flatten)]
    language: LanguageArguments,
}

pub(super) fn run(arguments: &GateArguments) -> anyhow::Result<ExitCode> {
    let change = &arguments.change;
    let (repository, base, head) = change.open()?;
    let verdict = changes::judge(&repository, &base, &head, change.title(), change.pr)?;
    let comment = comment(&verdict, arguments.language.language());
    match &arguments.out {
        Some(folder) => {
            write(folder, &verdict, &comment)?;
            // In the log of a workflow a line of others could be a command to it: only our own words go there.
            let _is_read = say::out(&summary(&verdict));
        }
        None => {
            let _is_read = say::out(comment.trim_end());
        }
    }
    if let Some(path) = &arguments.outputs {
        let (status, blocked, draft) = (verdict.status().name(), verdict.is_blocked(), verdict.draft.is_some());
        append(path, &format!("status={status}\nblocked={blocked}\ndraft={draft}\n"))?;
    }
    if let Some(path) = &arguments.summary {
        append(path, &comment)?;
    }
    Ok(if verdict.is_blocked() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn summary(verdict: &Verdict) -> String {
    let merge = if verdict.is_blocked() { "blocked" } else { "passed" };
    let (artifacts, objections) = (verdict.artifacts.len(), verdict.objections.len());
    format!("{}: {merge}; artifacts: {artifacts}, objections: {objections}", verdict.status().name())
}

fn write(folder: &Path, verdict: &Verdict, comment: &str) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("comment.md"), comment)?;
        match &verdict.draft {
            Some(draft) => fs::write(folder.join("draft.json"), draft.to_json()),
            None => Ok(()),
        }
    };
    write().with_context(|| format!("cannot write into {}", folder.display()))
}

fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    let append = || OpenOptions::new().append(true).create(true).open(path)?.write_all(text.as_bytes());
    append().with_context(|| format!("cannot write to {}", path.display()))
}
