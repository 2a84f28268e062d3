//! The workflow that judges a pull request, its step run on changes of every kind.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use super::throwaway::{Throwaway, artifact};
use super::workflow::{Outcome, Runner, VALIDATION, Workflow};

/// Runs the step that judges what was done since `base`, as for a pull request of this title.
fn judge(throwaway: &Throwaway, base: &str, title: &str) -> Outcome {
    let program = throwaway.around().join("rule/target/debug");
    if !program.exists() {
        fs::create_dir_all(&program).unwrap();
        symlink(env!("CARGO_BIN_EXE_iskra"), program.join("iskra")).unwrap();
    }
    let head = throwaway.git(["rev-parse", "HEAD"]);
    let pull_request = json!({ "number": 12, "title": title, "base": { "sha": base }, "head": { "sha": head } });
    let runner = Runner::new(throwaway.around(), json!({ "pull_request": pull_request }));
    let workflow = Workflow::read(VALIDATION);
    runner.run(&workflow, workflow.step("validate", "judge"))
}

fn result(throwaway: &Throwaway, name: &str) -> Option<String> {
    fs::read_to_string(throwaway.around().join("result").join(name)).ok()
}

#[test]
fn a_change_is_judged_by_its_artifact() {
    for (what, completeness, code, outputs, beginning) in [
        ("none", None, 1, "status=BLOCK\nblocked=true\ndraft=true\n", "## ∆DΩΛ: blocked, an artifact is missing\n"),
        ("bad", Some(2.0), 1, "status=BLOCK\nblocked=true\ndraft=false\n", "## ∆DΩΛ: blocked\n"),
        ("warn", Some(0.5), 0, "status=WARN\nblocked=false\ndraft=false\n", "## ∆DΩΛ: passed, a person should look\n"),
        ("good", Some(1.0), 0, "status=OK\nblocked=false\ndraft=false\n", "## ∆DΩΛ: passed\n"),
    ] {
        let throwaway = Throwaway::new();
        let base = throwaway.git(["rev-parse", "HEAD"]);
        if let Some(completeness) = completeness {
            throwaway.write(".iskra/artifacts/12.json", artifact(completeness));
        }
        throwaway.write("crates/a/lib.rs", "x\n").commit("Change something");
        let outcome = judge(&throwaway, &base, "Change something");
        assert_eq!((outcome.code, outcome.outputs.as_str()), (code, outputs), "{what}: {outcome:?}");
        let comment = result(&throwaway, "comment.md").unwrap();
        assert!(comment.starts_with(beginning), "{what}: {comment}");
        assert_eq!(outcome.summary, comment, "{what}");
        assert_eq!(result(&throwaway, "draft.json").is_some(), completeness.is_none(), "{what}");
    }
}

#[test]
fn the_draft_passes_once_it_is_committed_and_is_good_once_it_is_completed() {
    let throwaway = Throwaway::new();
    let base = throwaway.git(["rev-parse", "HEAD"]);
    throwaway.write("a.rs", "x\n").commit("Change something");
    assert_eq!(judge(&throwaway, &base, "Change something").code, 1);
    let draft = result(&throwaway, "draft.json").unwrap();
    throwaway.write(".iskra/artifacts/12.json", &draft).commit("Add the draft");
    let outcome = judge(&throwaway, &base, "Change something");
    assert_eq!((outcome.code, outcome.outputs.lines().next()), (0, Some("status=WARN")), "{outcome:?}");
    let mut record: Value = serde_json::from_str(&draft).unwrap();
    assert_eq!((&record["title"], &record["pull_request"]), (&json!("Change something"), &json!(12)));
    record["auto_generated"] = json!(false);
    record["omega"] = json!({ "completeness": 1.0 });
    record["lambda"] = json!({ "status": "OK" });
    record["sift"]["inference"] = json!("It does something now.");
    throwaway.write(".iskra/artifacts/12.json", record.to_string()).commit("Complete it");
    let outcome = judge(&throwaway, &base, "Change something");
    assert_eq!((outcome.code, outcome.outputs.lines().next()), (0, Some("status=OK")), "{outcome:?}");
}

/// Someone from a fork, who wants a shell, the log, or the outputs to do something.
#[test]
fn a_hostile_pull_request_is_only_text() {
    let titles = [
        "$(touch pwned) `touch pwned` \"; touch pwned; rm -rf change #",
        "'; touch pwned; '",
        "--out=pwned",
        "-x\n::set-output name=status::OK\nblocked=false",
        "%0Ablocked=false\r\n::error::owned\u{202e}",
    ];
    for title in titles {
        let throwaway = Throwaway::new();
        let base = throwaway.git(["rev-parse", "HEAD"]);
        for path in
            ["$(touch pwned)", "`touch pwned`", "\"; touch pwned #", "-rf", "--out=x", "a\n::error::owned\nb", "%0A::x"]
        {
            throwaway.write(path, "x\n");
        }
        throwaway.write(".gitattributes", "* diff=evil\n").commit(title);
        throwaway.git(["config", "diff.evil.command", "touch pwned"]);
        throwaway.git(["config", "core.fsmonitor", "touch pwned"]);
        throwaway.write(".iskra/artifacts/a\n::error::owned.json", "{}");
        throwaway.write(
            ".iskra/artifacts/b.json",
            json!({ "a\n::error::owned": 1, "delta": "\n::error::owned" }).to_string(),
        );
        throwaway.commit(title);
        let outcome = judge(&throwaway, &base, title);
        assert_eq!(
            (outcome.code, outcome.outputs.as_str()),
            (1, "status=BLOCK\nblocked=true\ndraft=false\n"),
            "{outcome:?}"
        );
        let commands = outcome.log.lines().filter(|line| line.trim_start().starts_with("::") || line.contains("##["));
        assert_eq!(commands.collect::<Vec<_>>(), Vec::<&str>::new(), "a line of the log is a command to GitHub");
        fs::remove_dir_all(throwaway.path().join(".iskra")).unwrap();
        throwaway.commit("Remove the artifacts");
        let outcome = judge(&throwaway, &base, title);
        assert_eq!(
            (outcome.code, outcome.outputs.as_str()),
            (1, "status=BLOCK\nblocked=true\ndraft=true\n"),
            "{outcome:?}"
        );
        let draft: Value = serde_json::from_str(&result(&throwaway, "draft.json").unwrap()).unwrap();
        assert_eq!(draft["title"], title.trim());
        assert!(throwaway.path().exists());
        for folder in [throwaway.around().to_owned(), throwaway.path()] {
            assert!(!folder.join("pwned").exists(), "{title:?} ran something");
        }
    }
}

#[test]
fn what_cannot_be_judged_does_not_pass() {
    let throwaway = Throwaway::new();
    let outcome = judge(&throwaway, "0000000000000000000000000000000000000000", "x");
    assert_eq!((outcome.code, outcome.outputs.as_str()), (2, ""), "{outcome:?}");
}
