//! The workflow that comments: it has a token that may write, and a file from a stranger.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};

use super::workflow::{COMMENT, Outcome, Runner, Workflow, root};

/// Stands for GitHub: answers from files, filtered as `gh` would, and keeps what was asked of it.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
[[ -n ${GH_TOKEN:-} ]]
printf '%s\n' "$*" >> "$PLACE/calls"
filter=. method=GET path=
while [[ $# -gt 0 ]]; do
  case $1 in
    --jq) filter=$2; shift ;;
    --method) method=$2; shift ;;
    --raw-field) printf '%s\n' "$2" >> "$PLACE/fields"; shift ;;
    repos/*) path=$1 ;;
  esac
  shift
done
case "$method $path" in
  'GET '*/pulls) jq --raw-output "$filter" "$PLACE/pulls.json" ;;
  'GET '*/comments*) jq --raw-output "$filter" "$PLACE/comments.json" ;;
  *) cat > "$PLACE/body.json" ;;
esac
"#;

struct Comment {
    runner: Runner,
    workspace: tempfile::TempDir,
}

impl Comment {
    /// A run on commit `c0ffee` of a stranger's branch, and the pull requests and comments that there are.
    fn new(pulls: &Value, comments: &Value) -> Self {
        let workspace = tempfile::tempdir().unwrap();
        symlink(root().join("scripts"), workspace.path().join("scripts")).unwrap();
        let run = json!({
            "head_sha": "c0ffee", "head_branch": "$(touch pwned)`x`", "head_repository": { "owner": { "login": "stranger" } },
        });
        let runner = Runner::new(workspace.path(), json!({ "workflow_run": run }));
        runner.program("gh", GH);
        fs::write(runner.place().join("pulls.json"), pulls.to_string()).unwrap();
        fs::write(runner.place().join("comments.json"), comments.to_string()).unwrap();
        fs::create_dir(runner.temp().join("result")).unwrap();
        Self { runner, workspace }
    }

    fn file(&self) -> std::path::PathBuf {
        self.runner.temp().join("result/comment.md")
    }

    fn run(&self) -> Outcome {
        let workflow = Workflow::read(COMMENT);
        let outcome = self.runner.run(&workflow, workflow.step("comment", "comment"));
        assert!(!self.workspace.path().join("pwned").exists());
        outcome
    }

    fn kept(&self, name: &str) -> String {
        fs::read_to_string(self.runner.place().join(name)).unwrap_or_default()
    }

    fn body(&self) -> Option<String> {
        let body: Value = serde_json::from_str(&self.kept("body.json")).ok()?;
        Some(body["body"].as_str().unwrap().to_owned())
    }
}

fn one() -> Value {
    json!([{ "number": 12, "head": { "sha": "c0ffee" } }, { "number": 13, "head": { "sha": "older" } }])
}

#[test]
fn the_first_verdict_is_a_new_comment_on_the_pull_request_that_github_names() {
    let comment = Comment::new(&one(), &json!([]));
    fs::write(comment.file(), "## passed\n\n- **OK** `.iskra/artifacts/12.json`\npull request 99\n").unwrap();
    let outcome = comment.run();
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        comment.kept("calls").contains("--method POST repos/example/iskra/issues/12/comments"),
        "{}",
        comment.kept("calls")
    );
    assert_eq!(comment.kept("fields"), "head=stranger:$(touch pwned)`x`\n");
    let expected =
        "<!-- iskra: delta-omega-lambda -->\n## passed\n\n- **OK** `.iskra/artifacts/12.json`\npull request 99";
    assert_eq!(comment.body().unwrap(), expected);
}

#[test]
fn later_verdicts_take_its_place() {
    let marker = "<!-- iskra: delta-omega-lambda -->\nx";
    let comment = Comment::new(
        &one(),
        &json!([
            { "id": 1, "user": { "login": "somebody" }, "body": marker },
            { "id": 2, "user": { "login": "github-actions[bot]" }, "body": "another" },
            { "id": 3, "user": { "login": "github-actions[bot]" }, "body": marker },
        ]),
    );
    fs::write(comment.file(), "later").unwrap();
    assert_eq!(comment.run().code, 0);
    assert!(
        comment.kept("calls").contains("--method PATCH repos/example/iskra/issues/comments/3 "),
        "{}",
        comment.kept("calls")
    );
    assert!(!comment.kept("calls").contains("POST"));
}

#[test]
fn a_commit_that_is_no_longer_the_last_gets_no_comment() {
    for pulls in [json!([]), json!([{ "number": 12, "head": { "sha": "newer" } }])] {
        let comment = Comment::new(&pulls, &json!([]));
        fs::write(comment.file(), "x").unwrap();
        assert_eq!((comment.run().code, comment.body()), (0, None));
    }
}

#[test]
fn no_file_or_a_link_gets_no_comment() {
    let comment = Comment::new(&one(), &json!([]));
    assert_eq!((comment.run().code, comment.body()), (0, None));
    symlink("/etc/passwd", comment.file()).unwrap();
    assert_eq!((comment.run().code, comment.body()), (0, None));
}

#[test]
fn a_hostile_file_becomes_harmless_text() {
    let evil = "<!-- iskra: delta-omega-lambda --> <img src=x> @everybody [click](https://evil.example.com) ![x](y)\n\
                [a]: http://evil.example.com\n[b][c] www.evil.example.com example/iskra#12 GH-12\0\u{1b}[31m\n\
                w\u{200b}ww.evil.example.com ]\u{2060}(x) \u{202e}\u{feff} `code` Ω001 “кириллица”\n";
    let comment = Comment::new(&one(), &json!([]));
    let mut bytes = evil.as_bytes().to_vec();
    bytes.extend(b"\xff\xfe not utf-8\n");
    fs::write(comment.file(), bytes).unwrap();
    assert_eq!(comment.run().code, 0);
    let body = comment.body().unwrap();
    let (first, rest) = body.split_once('\n').unwrap();
    assert_eq!(first, "<!-- iskra: delta-omega-lambda -->");
    for word in [
        "<", "@", "](", "![", "]:", "][", "://", "www.", "#12", "GH-12", "\0", "\u{1b}", "\u{200b}", "\u{202e}",
        "\u{2060}",
    ] {
        assert!(!rest.contains(word), "{word:?} in {rest}");
    }
    for word in ["everybody", "evil.example.com", "`code` Ω001 “кириллица”", "not utf-8"] {
        assert!(rest.contains(word), "{word:?} in {rest}");
    }
}

#[test]
fn a_huge_file_is_cut_to_what_a_comment_may_have() {
    let comment = Comment::new(&one(), &json!([]));
    fs::write(comment.file(), "я".repeat(1 << 20)).unwrap();
    assert_eq!(comment.run().code, 0);
    let body = comment.body().unwrap();
    assert!((29_000..65_536).contains(&body.chars().count()), "{}", body.chars().count());
    assert!(Path::new(&comment.file()).exists() && !body.contains('\u{fffd}'));
}
