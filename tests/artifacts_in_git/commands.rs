//! `iskra delta generate`, `list`, `show` and `diff`, as people use them.

use std::fs;

use serde_json::Value;

use super::throwaway::{Throwaway, artifact};
use crate::cli::run;

#[test]
fn generate_writes_a_valid_draft_once() {
    let throwaway = Throwaway::new();
    throwaway.git(["switch", "--quiet", "--create", "topic"]);
    throwaway.write("crates/a/lib.rs", "x\n").commit("Change something");
    let folder = throwaway.path();
    let arguments = ["delta", "generate", "--base", "main", "--pr", "12", "--out", ".iskra/artifacts/12.json"];
    let (code, said, remarks) = run(&folder, &arguments);
    assert_eq!((code, said.as_str()), (0, ""), "{remarks}");
    let draft = fs::read_to_string(folder.join(".iskra/artifacts/12.json")).unwrap();
    assert_eq!(run(&folder, &["delta", "generate", "--base", "main", "--pr", "12"]).1, draft, "and prints the same");
    let record: Value = serde_json::from_str(&draft).unwrap();
    assert_eq!((&record["pull_request"], &record["timestamp"]), (&12.into(), &"2026-01-01T12:00:00Z".into()));
    assert_eq!(run(&folder, &["delta", "validate", ".iskra/artifacts/12.json"]).0, 0);
    let (code, _, remarks) = run(&folder, &arguments);
    assert_eq!(code, 2, "{remarks}");
    assert_eq!(fs::read_to_string(folder.join(".iskra/artifacts/12.json")).unwrap(), draft, "nothing is written over");
}

#[test]
fn what_cannot_be_answered_is_told_with_2() {
    let throwaway = Throwaway::new();
    let elsewhere = tempfile::tempdir().unwrap();
    for (folder, arguments, named) in [
        (throwaway.path(), &["delta", "generate", "--base", "nowhere"][..], "no commit"),
        (throwaway.path(), &["delta", "generate", "--base=--output=pwned"], "cannot be a revision"),
        (throwaway.path(), &["delta", "gate", "--base", "nowhere"], "no commit"),
        (throwaway.path(), &["delta", "show", "nothing"], "no artifact called"),
        (elsewhere.path().to_owned(), &["delta", "list"], "not in a git repository"),
        (elsewhere.path().to_owned(), &["delta", "archive"], "not in a git repository"),
    ] {
        let (code, _, remarks) = run(&folder, arguments);
        assert_eq!(code, 2, "{arguments:?}: {remarks}");
        assert!(remarks.contains(named), "{arguments:?}: {remarks}");
    }
    assert!(!throwaway.path().join("pwned").exists());
}

#[test]
fn the_archive_can_be_listed_verified_shown_and_compared() {
    let throwaway = Throwaway::new();
    throwaway.write(".iskra/artifacts/11-old.json", artifact(1.0)).commit("One");
    let folder = throwaway.path();
    let (code, said, _) = run(&folder, &["delta", "archive"]);
    let moved = "11-old.json -> .iskra/delta-omega-lambda-archive/2026-01-01/11-old.json\n";
    assert_eq!((code, said.as_str()), (0, moved));
    throwaway.write(".iskra/artifacts/12-new.json", artifact(0.5));
    let listed = "OK     2026-01-01/11-old.json\nWARN   waiting     12-new.json\n";
    assert_eq!(run(&folder, &["delta", "list"]).1, listed);
    let json: Value = serde_json::from_str(&run(&folder, &["delta", "list", "--json"]).1).unwrap();
    assert_eq!((&json["archived"][0]["line"], &json["waiting"][0]["status"]), (&1.into(), &"WARN".into()));
    let shown = run(&folder, &["delta", "show", "12-new"]).1;
    assert!(shown.starts_with("WARN  ") && shown.contains("omega.completeness  0.5\n"), "{shown}");
    assert_eq!(
        run(&folder, &["delta", "diff", "11-old", "12-new"]),
        (1, "~ omega.completeness  1.0 -> 0.5\n".into(), String::new())
    );
    assert_eq!(run(&folder, &["delta", "diff", "11", "11-old.json"]).0, 0);
    assert_eq!(run(&folder, &["delta", "list", "--verify"]).0, 0);
    fs::write(folder.join(".iskra/delta-omega-lambda-archive/2026-01-01/11-old.json"), artifact(0.9)).unwrap();
    let (code, said, _) = run(&folder, &["delta", "list", "--verify"]);
    assert_eq!((code, said.as_str()), (1, "2026-01-01/11-old.json is not what was archived\n"));
}

#[test]
fn help_names_what_matters() {
    let folder = tempfile::tempdir().unwrap();
    for (command, named) in [
        ("generate", &["--base", "--head", "--pr", "--out", "Exit code"][..]),
        ("gate", &["--base", "--out", "comment.md", "draft.json", "GITHUB_OUTPUT", "Exit code"]),
        ("archive", &["YYYY-MM-DD", "index.jsonl", "Exit code"]),
        ("list", &["--verify", "--json", "Exit code"]),
        ("show", &["--json", "--language", "Exit code"]),
        ("diff", &["Exit code"]),
    ] {
        let (code, said, _) = run(folder.path(), &["delta", command, "--help"]);
        assert_eq!(code, 0);
        for word in named {
            assert!(said.contains(word), "{command} does not name {word}:\n{said}");
        }
    }
}
