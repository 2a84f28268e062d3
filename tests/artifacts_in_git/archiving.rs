//! The workflow that archives what was merged: one job moves and may not write, the other proposes and builds nothing.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::json;

use super::throwaway::{Throwaway, artifact, git};
use super::workflow::{ARCHIVE, Outcome, Runner, Workflow};

/// Stands for GitHub, where so many pull requests of the archive are open.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
[[ -n ${GH_TOKEN:-} ]]
printf '%s\n' "$*" >> "$PLACE/calls"
if [[ "$1 $2" = 'pr list' ]]; then cat "$PLACE/open"; fi
"#;

/// Runs both jobs on the tip of main, each in a clone of its own; says what the last step came to, and what was asked.
fn run(throwaway: &Throwaway, open: &str) -> (Outcome, String) {
    let workflow = Workflow::read(ARCHIVE);
    let tip = throwaway.git(["rev-parse", "main"]);
    let around = tempfile::tempdir().unwrap();
    let clone = |name: &str| {
        let origin = throwaway.path().display().to_string();
        git(around.path(), ["clone", "--quiet", "--branch", "main", &origin, name]);
        around.path().join(name)
    };
    let first = clone("first");
    // What is built is left out of commits, as in the repository itself.
    fs::write(first.join(".git/info/exclude"), "/target/\n").unwrap();
    fs::create_dir_all(first.join("target/debug")).unwrap();
    symlink(env!("CARGO_BIN_EXE_iskra"), first.join("target/debug/iskra")).unwrap();
    let runner = Runner::new(&first, json!({ "after": tip }));
    let outcome = runner.run(&workflow, workflow.step("archive", "archive"));
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let outcome = runner.run(&workflow, workflow.step("archive", "commit"));
    assert_eq!(outcome.code, 0, "{outcome:?}");
    if outcome.outputs == "moved=false\n" {
        return (outcome, String::new());
    }
    assert_eq!(outcome.outputs, "moved=true\n");
    let second = clone("second");
    fs::copy(first.join("archive.bundle"), second.join("archive.bundle")).unwrap();
    let runner = Runner::new(&second, json!({ "after": tip }));
    runner.program("gh", GH);
    fs::write(runner.place().join("open"), open).unwrap();
    let outcome = runner.run(&workflow, workflow.step("propose", "propose"));
    (outcome, fs::read_to_string(runner.place().join("calls")).unwrap_or_default())
}

#[test]
fn what_was_merged_is_proposed_for_the_archive_and_passes_the_rule() {
    let throwaway = Throwaway::new();
    throwaway.write("a.rs", "x\n").write(".iskra/artifacts/12.json", artifact(1.0));
    let main = throwaway.commit("Change something");
    let (outcome, calls) = run(&throwaway, "0\n");
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(calls.contains("pr create --draft --head delta-omega-lambda-archive --base main"), "{calls}");
    assert_eq!(throwaway.git(["rev-parse", "main"]), main, "main itself is left alone");
    let moved = throwaway.git(["diff", "--name-status", "--no-renames", "main", "delta-omega-lambda-archive"]);
    let expected = "D\t.iskra/artifacts/12.json\n\
                    A\t.iskra/delta-omega-lambda-archive/2026-01-01/12.json\n\
                    A\t.iskra/delta-omega-lambda-archive/index.jsonl";
    assert_eq!(moved, expected);
    let gate = ["delta", "gate", "--base", "main", "--head", "delta-omega-lambda-archive"];
    let (code, said, _) = crate::cli::run(&throwaway.path(), &gate);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_proposal_that_is_open_is_renewed() {
    let throwaway = Throwaway::new();
    throwaway.write(".iskra/artifacts/12.json", artifact(1.0)).commit("One");
    run(&throwaway, "0\n");
    throwaway.write(".iskra/artifacts/13.json", artifact(0.9)).commit("Two");
    let (outcome, calls) = run(&throwaway, "1\n");
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(!calls.contains("pr create"), "{calls}");
    let index = throwaway.git(["show", "delta-omega-lambda-archive:.iskra/delta-omega-lambda-archive/index.jsonl"]);
    assert_eq!(index.lines().count(), 2, "{index}");
}

#[test]
fn after_the_proposal_was_merged_there_is_nothing_to_do() {
    let throwaway = Throwaway::new();
    throwaway.write(".iskra/artifacts/12.json", artifact(1.0)).commit("One");
    run(&throwaway, "0\n");
    throwaway.git(["merge", "--quiet", "--no-ff", "--no-edit", "delta-omega-lambda-archive"]);
    let (outcome, _) = run(&throwaway, "0\n");
    assert_eq!(outcome.outputs, "moved=false\n");
    let (code, said, _) = crate::cli::run(&throwaway.path(), &["delta", "list", "--verify"]);
    assert_eq!(code, 0, "{said}");
}
