//! `iskra delta validate`, as people and workflows use it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::cli::{iskra, run};

const GOOD: &str = r#"{
  "delta": {}, "dimension": {}, "omega": {"completeness": 0.9}, "lambda": {"status": "OK"},
  "sift": {"source": "s", "inference": "i", "fact": "f", "trace": "t"}
}"#;

/// The good one with one text replaced.
fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from));
    GOOD.replace(from, to)
}

fn doubtful() -> String {
    with("0.9", "0.5")
}

fn bad() -> String {
    with("0.9", "1.5").replace(r#", "trace": "t""#, "")
}

/// A folder with an artifact of each status, and something that is none.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "changes/bad.json", &bad());
    write(folder.path(), "changes/.hidden/doubtful.JSON", &doubtful());
    write(folder.path(), "changes/good.json", GOOD);
    write(folder.path(), "changes/README.md", "{");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn validate(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(folder, &[&["delta", "validate"], arguments].concat())
}

#[test]
fn people_read_a_block_for_each_file() {
    let folder = folder();
    let (code, said, noted) = validate(folder.path(), &["changes"]);
    assert_eq!(
        (code, &*said),
        (
            1,
            "! changes/.hidden/doubtful.JSON: WARN\n  \
               ! 2:59  Ω001  $.omega.completeness is 0.5: the record is not complete enough to stand by itself\n\
             ✗ changes/bad.json: BLOCK\n  \
               ✗ 2:59  Ω001     $.omega.completeness is 1.5; allowed is a number from 0 to 1\n  \
               ✗ 3:11  ΔDΩΛ003  $.sift.trace is missing; it is a text, a list or an object that is not empty\n\
             ✓ changes/good.json: OK\n\
             \n\
             3 artifacts: 1 OK, 1 WARN, 1 BLOCK\n"
        ),
        "{noted}"
    );
    let (_, said, _) = validate(folder.path(), &["changes", "--language", "ru"]);
    assert!(said.contains("$.omega.completeness = 1.5; допустимо: число от 0 до 1"), "{said}");
    assert!(said.ends_with("артефактов 3: 1 OK, 1 WARN, 1 BLOCK\n"), "{said}");
}

#[test]
fn the_exit_code_is_that_of_the_worst() {
    let folder = folder();
    for (arguments, expected) in [
        (&["changes/good.json"][..], 0),
        (&["changes/good.json", "changes/.hidden"], 0),
        (&["changes/good.json", "changes/bad.json"], 1),
        (&["changes/README.md"], 1),
        (&["changes/bad.json", "not-there.json"], 2),
        (&["changes/good.json", "not-there.json"], 2),
        (&["."], 1),
        (&[], 2),
        (&["changes/good.json", "--format", "xml"], 2),
    ] {
        let (code, said, noted) = validate(folder.path(), arguments);
        assert_eq!(code, expected, "{arguments:?}: {said}{noted}");
    }
    fs::create_dir(folder.path().join("empty")).unwrap();
    let (code, _, noted) = validate(folder.path(), &["empty"]);
    assert_eq!((code, &*noted), (2, "iskra: empty: no *.json in this folder: nothing was checked\n"));
}

#[test]
fn standard_input_is_read_no_further_than_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    let validate = |text: &[u8]| {
        let mut command = iskra(folder.path(), &["delta", "validate", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        // It may have read enough before everything was written.
        let _written = command.stdin.take().unwrap().write_all(text);
        let output = command.wait_with_output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(validate(GOOD.as_bytes()), (0, "✓ -: OK\n".to_owned()));
    let (code, said) = validate(&b"[".repeat(50_000_000));
    assert!(code == 1 && said.contains("larger than the 1048576 bytes"), "{said}");
    let (code, said, _) = run(folder.path(), &["delta", "validate", "/dev/zero"]);
    assert!(code == 1 && said.contains("larger than the 1048576 bytes"), "{said}");
}

#[test]
fn links_below_a_folder_are_not_followed() {
    let folder = folder();
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.json", "{\"password\": 1}");
    symlink(outside.path(), folder.path().join("changes/away")).unwrap();
    symlink(folder.path(), folder.path().join("changes/round")).unwrap();
    let (code, said, noted) = validate(folder.path(), &["changes"]);
    assert!(code == 1 && said.ends_with("3 artifacts: 1 OK, 1 WARN, 1 BLOCK\n"), "{said}");
    for name in ["away", "round"] {
        assert!(noted.contains(&format!("iskra: changes/{name}: not followed: a link to another folder\n")), "{noted}");
    }
    let (code, said, _) = validate(folder.path(), &["changes/round/changes/good.json"]);
    assert_eq!((code, &*said), (0, "✓ changes/round/changes/good.json: OK\n"), "whoever names a link means it");
    // What looks like an artifact must not go unchecked in silence.
    symlink(outside.path().join("secret.json"), folder.path().join("changes/link.json")).unwrap();
    let (code, said, noted) = validate(folder.path(), &["changes"]);
    assert!(code == 2 && !said.contains("secret"), "{said}");
    assert!(noted.contains("iskra: changes/link.json: not checked: an artifact below a folder is a file"), "{noted}");
}

#[test]
fn programs_read_json() {
    let folder = folder();
    let (code, said, _) = validate(folder.path(), &["changes", "gone.json", "--format", "json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    let validation = &said["validation"];
    assert_eq!((code, &validation["status"]), (2, &json!("BLOCK")));
    assert_eq!(
        validation["artifacts"][1],
        json!({
            "file": "changes/bad.json",
            "status": "BLOCK",
            "declared": "OK",
            "findings": [
                {
                    "code": "Ω001", "severity": "BLOCK", "path": "$.omega.completeness", "line": 2, "column": 59, "value": "1.5",
                    "allowed": {"en": "a number from 0 to 1", "ru": "число от 0 до 1"},
                    "message": {
                        "en": "$.omega.completeness is 1.5; allowed is a number from 0 to 1",
                        "ru": "$.omega.completeness = 1.5; допустимо: число от 0 до 1",
                    },
                },
                {
                    "code": "ΔDΩΛ003", "severity": "BLOCK", "path": "$.sift.trace", "line": 3, "column": 11,
                    "allowed": {
                        "en": "a text, a list or an object that is not empty",
                        "ru": "непустой текст, список или объект",
                    },
                    "message": {
                        "en": "$.sift.trace is missing; it is a text, a list or an object that is not empty",
                        "ru": "нет поля $.sift.trace; здесь нужно: непустой текст, список или объект",
                    },
                },
            ],
        })
    );
    assert_eq!(validation["not_checked"][0]["file"], "gone.json");
}

#[test]
fn a_workflow_gets_commands_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let name = "a,b:c%\r\n::stop-commands::x\n##[add-mask]y.json";
    let value = "x\n::error file=z::injected\u{202e}%0A";
    write(folder.path(), name, &with("0.9", &json!(value).to_string()));
    write(folder.path(), "bad.json", &bad());
    let (code, said, noted) = validate(folder.path(), &[".", "gone.json", "--format", "github"]);
    assert_eq!((code, &*noted), (2, ""));
    assert_eq!(
        said,
        "::error file=./a%2Cb%3Ac%25%0D%0A%3A%3Astop-commands%3A%3Ax%0A##[add-mask]y.json,line=2,col=59,\
         title=ΔDΩΛ004::$.omega.completeness is \"x\\n::error file=z::injected\\u{202e}%250A\"; \
         allowed is a number from 0 to 1\n\
         ::error file=./bad.json,line=2,col=59,title=Ω001::$.omega.completeness is 1.5; allowed is a number from 0 to 1\n\
         ::error file=./bad.json,line=3,col=11,title=ΔDΩΛ003::$.sift.trace is missing; it is a text, a list or an object \
         that is not empty\n\
         ::error file=gone.json::cannot be read: No such file or directory (os error 2)\n\
         ::notice::2 artifacts: 2 BLOCK\n"
    );
}

#[test]
fn a_hostile_name_moves_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "x/\u{1b}[2J\n✓ all.json", "{\"\u{202e}\u{7f}\": 1}");
    let (code, said, _) = validate(folder.path(), &["x"]);
    assert_eq!(code, 1);
    assert!(said.starts_with("✗ x/\\u{1b}[2J\\u{a}✓ all.json: BLOCK\n"), "{said}");
    assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{said:?}");
}

#[test]
fn code_scanning_reads_sarif() {
    let folder = folder();
    fs::rename(folder.path().join("changes/bad.json"), folder.path().join("changes/ü #1:?.json")).unwrap();
    let (code, said, _) = validate(folder.path(), &["changes", "gone.json", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&said).unwrap();
    let run = &log["runs"][0];
    assert_eq!((code, &log["version"]), (2, &json!("2.1.0")));
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 8);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(
        run["results"][1],
        json!({
            "ruleId": "Ω001",
            "level": "error",
            "message": {"text": "$.omega.completeness is 1.5; allowed is a number from 0 to 1"},
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": {"uri": "changes/%C3%BC%20%231%3A%3F.json"},
                    "region": {"startLine": 2, "startColumn": 59},
                },
                "logicalLocations": [{"fullyQualifiedName": "$.omega.completeness"}],
            }],
        })
    );
    assert_eq!(run["results"][0]["level"], "warning");
}
