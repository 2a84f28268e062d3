use serde_json::Value;

use super::Draft;
use crate::measured::Measured;
use crate::throwaway::Throwaway;

fn draft(throwaway: &Throwaway, base: &str, head: &str) -> String {
    let repository = throwaway.repository();
    let (base, head) = (repository.commit(base).unwrap(), repository.commit(head).unwrap());
    Draft::of(&Measured::of(&repository, &base, &head).unwrap(), Some("A \"title\""), Some(12)).to_json()
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_draft_has_what_was_measured() {
    let throwaway = Throwaway::new();
    throwaway.write("crates/a/src/lib.rs", "fn a() {\n    1\n}\n").write("README.md", "x\n").write("old", "1\n2\n");
    let base = throwaway.write("web/picture", b"\0").commit(0);
    throwaway.write("crates/a/src/lib.rs", "fn a() {\n    if b {\n        1\n    }\n}\n").write("README.md", "x\ny\n");
    std::fs::remove_file(throwaway.path().join("old")).unwrap();
    let head = throwaway.write("web/picture", b"\0\x01").write("new", "1\n2\n3\n4\n5\n6\n").commit(7);
    let draft = read(&draft(&throwaway, &base, &head));
    assert_eq!(draft["timestamp"], "2026-01-01T00:07:00Z");
    assert_eq!((&draft["title"], &draft["pull_request"]), (&"A \"title\"".into(), &12.into()));
    assert_eq!((&draft["auto_generated"], &draft["lambda"]["status"]), (&true.into(), &"WARN".into()));
    let delta = &draft["delta"];
    // Four files after, one gone: five in all. Added lines: 3, 1, 6; deleted ones: 1, 2.
    assert_eq!(delta["entropy_over_files"], 5);
    assert_eq!(delta["additions"], serde_json::json!({ "count": 3, "lines": 10, "entropy": 0.5579 }));
    assert_eq!(delta["deletions"], serde_json::json!({ "count": 2, "lines": 3, "entropy": 0.3955 }));
    let modified = serde_json::json!({ "count": 2, "entropy": 0.3109, "complexity_change": 3 });
    assert_eq!(delta["modifications"], modified);
    assert_eq!(delta["files"]["changed"], 5);
    assert_eq!(delta["files"]["not_text"], 1);
    let parts: Vec<_> = delta["components"].as_array().unwrap().iter().map(|part| part["name"].clone()).collect();
    assert_eq!(parts, [".", "crates/a", "web"]);
    assert_eq!(draft["dimension"]["profile"], serde_json::json!({ "files": 3, "lines": 13, "deepest": 8 }));
    assert_eq!(draft["sift"]["trace"], format!("iskra delta generate --base {base} --head {head}"));
    assert_eq!(
        draft["sift"]["fact"],
        "5 files in 3 components and 1 commit: 10 lines added, 3 lines deleted; 1 file without lines to count."
    );
}

#[test]
fn a_draft_is_the_same_for_the_same_commits_wherever_it_is_made() {
    let throwaway = Throwaway::new();
    let base = throwaway.write("a.rs", "x\n").commit(0);
    let deep: String = (0..64).map(|line| format!("{}x\n", " ".repeat((line * 7) % 17))).collect();
    let head = throwaway.write("a.rs", &deep).write("b/c.rs", &deep).commit(1);
    let first = draft(&throwaway, &base, &head);
    assert!(first.contains("\"box_counts\""), "{first}");
    // What lies about, and what is committed later of ours, is no part of it.
    throwaway.write("a.rs", "changed").write(".gitattributes", "* binary").write("stray", "x");
    assert_eq!(draft(&throwaway, &base, &head), first);
    throwaway.git(["checkout", "--quiet", "--", "a.rs"]);
    std::fs::remove_file(throwaway.path().join("stray")).unwrap();
    std::fs::remove_file(throwaway.path().join(".gitattributes")).unwrap();
    let with_artifact = throwaway.write(".iskra/artifacts/12.json", &first).commit(2);
    let (mut first, mut second) = (read(&first), read(&draft(&throwaway, &base, &with_artifact)));
    for draft in [&mut first, &mut second] {
        draft["timestamp"] = Value::Null;
        draft["sift"] = Value::Null;
    }
    assert_eq!(first, second);
}

#[test]
fn nothing_is_measured_where_nothing_changed() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    let draft = read(&draft(&throwaway, &base, &base));
    assert_eq!(draft["delta"]["additions"], serde_json::json!({ "count": 0, "lines": 0, "entropy": 0.0 }));
    assert!(draft["dimension"]["not_measured"].is_string());
}

#[test]
fn many_paths_are_not_all_listed() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    for number in 0..502 {
        throwaway.write(&format!("f{number:03}"), "x\n");
    }
    let head = throwaway.commit(1);
    let draft = read(&draft(&throwaway, &base, &head));
    assert_eq!(draft["delta"]["paths"].as_array().unwrap().len(), 500);
    assert_eq!(draft["delta"]["paths_left_out"], 2);
    assert_eq!(draft["delta"]["additions"]["entropy"], 1.0);
}

#[test]
fn a_hidden_character_of_a_path_is_seen_in_the_draft() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    let head = throwaway.write("a\u{202e}b\u{e9}", "x\n").commit(1);
    let text = draft(&throwaway, &base, &head);
    assert!(text.contains("a\\u202eb\u{e9}"), "{text}");
    assert_eq!(read(&text)["delta"]["paths"][0]["path"], "a\u{202e}b\u{e9}");
}

#[test]
fn a_draft_is_valid_and_asks_for_a_person() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    let head = throwaway.write("a", "x\n").commit(1);
    let checked = artifacts::check(draft(&throwaway, &base, &head).as_bytes());
    assert_eq!(checked.status, domain::ArtifactStatus::Warn, "{checked:?}");
}
