use domain::ArtifactStatus::{self, Block, Ok as Fine, Warn};
use serde_json::{Value, json};

use super::{Objection, Verdict, judge};
use crate::archive::archive;
use crate::place::{ARCHIVE, INDEX};
use crate::throwaway::Throwaway;

/// A record with nothing to say against it.
pub(crate) fn good() -> Value {
    json!({
        "delta": {}, "dimension": {}, "omega": { "completeness": 1.0 }, "lambda": { "status": "OK" },
        "sift": { "source": "s", "inference": "i", "fact": "f", "trace": "t" },
    })
}

fn with(pointer: &str, value: Value) -> String {
    let mut record = good();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    record.pointer_mut(parent).unwrap()[name] = value;
    record.to_string()
}

pub(crate) fn verdict(throwaway: &Throwaway, base: &str) -> Verdict {
    let repository = throwaway.repository();
    let (base, head) = (repository.commit(base).unwrap(), repository.commit("HEAD").unwrap());
    judge(&repository, &base, &head, None, None).unwrap()
}

fn objections(verdict: &Verdict) -> Vec<String> {
    let sentence = |objection: &Objection| {
        objection.path.iter().chain([&objection.what.en]).cloned().collect::<Vec<_>>().join(" ")
    };
    verdict.objections.iter().map(sentence).collect()
}

const MISSING: &str = "there is no new artifact in `.iskra/artifacts` among the changes";

#[test]
fn an_artifact_decides() {
    let bad = with("/omega/completeness", json!(2));
    let says_block = with("/lambda/status", json!("BLOCK"));
    let says_warn = with("/lambda/status", json!("WARN"));
    let incomplete = with("/omega/completeness", json!(0.5));
    let good = good().to_string();
    for (what, artifacts, expected) in [
        ("good", &[good.as_str()][..], Fine),
        ("incomplete", &[&incomplete], Warn),
        ("bad", &[&bad], Block),
        ("not JSON", &["{"], Block),
        ("the worst of several", &[&good, &incomplete], Warn),
        ("what it says of the change", &[&says_block], Block),
        ("what it says of the change", &[&says_warn], Warn),
    ] {
        let throwaway = Throwaway::new();
        let base = throwaway.commit(0);
        throwaway.write("code", "x\n");
        for (number, artifact) in artifacts.iter().enumerate() {
            throwaway.write(&format!(".iskra/artifacts/{number}.json"), artifact);
        }
        throwaway.commit(1);
        let verdict = verdict(&throwaway, &base);
        assert_eq!((verdict.status(), verdict.is_blocked()), (expected, expected == Block), "{what}");
        assert_eq!((objections(&verdict).len(), verdict.draft.is_some()), (0, false), "{what}");
    }
}

#[test]
fn without_an_artifact_there_is_a_draft() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    throwaway.write("code", "x\n").write(".iskra/artifacts/README.md", "x\n").commit(1);
    let verdict = verdict(&throwaway, &base);
    assert_eq!((verdict.status(), objections(&verdict)), (Block, vec![MISSING.to_owned()]));
    assert!(verdict.draft.is_some());
}

#[test]
fn the_artifact_of_another_change_does_not_count() {
    let throwaway = Throwaway::new();
    let base = throwaway.write(".iskra/artifacts/old.json", good().to_string()).commit(0);
    throwaway.write("code", "x\n").write(".iskra/artifacts/copy.json", good().to_string()).commit(1);
    assert_eq!(objections(&verdict(&throwaway, &base)), [MISSING], "the same again");
    throwaway.write(".iskra/artifacts/old.json", with("/omega/completeness", json!(0.9))).commit(2);
    assert_eq!(objections(&verdict(&throwaway, &base)), [MISSING], "one that was mended");
    throwaway.write(".iskra/artifacts/copy.json", with("/omega/completeness", json!(0.8))).commit(3);
    assert_eq!(verdict(&throwaway, &base).status(), Fine);
}

#[test]
fn what_only_looks_like_an_artifact_is_told() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    throwaway.write("code", "x\n").write(".iskra/artifacts/good.json", good().to_string());
    throwaway.write(".iskra/artifacts/a b.json", "{}").write(".iskra/artifacts/sub/a.JSON", "{}");
    throwaway.write(".iskra/artifacts/large.json", vec![b' '; artifacts::MAX_BYTES + 1]);
    std::os::unix::fs::symlink("/etc/passwd", throwaway.path().join(".iskra/artifacts/link.json")).unwrap();
    throwaway.commit(1);
    let verdict = verdict(&throwaway, &base);
    assert!(verdict.is_blocked());
    let expected = [
        ".iskra/artifacts/a b.json is called or lies as no artifact may: directly in the folder, of letters, digits, `.`, `_` and `-`",
        ".iskra/artifacts/large.json is larger than an artifact can be",
        ".iskra/artifacts/link.json is no plain file",
        ".iskra/artifacts/sub/a.JSON is called or lies as no artifact may: directly in the folder, of letters, digits, `.`, `_` and `-`",
    ];
    assert_eq!(objections(&verdict), expected);
}

#[test]
fn a_flood_of_artifacts_is_not_read() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    for number in 0..52 {
        throwaway.write(
            &format!(".iskra/artifacts/{number}.json"),
            with("/omega/completeness", json!(1.0 - f64::from(number) / 500.0)),
        );
    }
    throwaway.write("code", "x\n").commit(1);
    let verdict = verdict(&throwaway, &base);
    assert_eq!((verdict.artifacts.len(), verdict.objections.len(), verdict.is_blocked()), (50, 2, true));
}

/// A repository in which one change was merged, archived, and another artifact waits.
fn archived() -> (Throwaway, String) {
    let throwaway = Throwaway::new();
    throwaway.write(".iskra/artifacts/first.json", good().to_string()).commit(0);
    run_archive(&throwaway);
    throwaway.commit(1);
    let base = throwaway.write(".iskra/artifacts/second.json", with("/omega/completeness", json!(0.9))).commit(2);
    (throwaway, base)
}

fn run_archive(throwaway: &Throwaway) {
    let repository = throwaway.repository();
    archive(&repository, &repository.commit("HEAD").unwrap()).unwrap();
}

#[test]
fn archiving_needs_no_artifact_of_its_own() {
    let (throwaway, base) = archived();
    run_archive(&throwaway);
    throwaway.commit(3);
    let of_archiving = verdict(&throwaway, &base);
    assert_eq!((of_archiving.status(), objections(&of_archiving)), (Fine, vec![]));
    throwaway.write("code", "x\n").commit(4);
    assert_eq!(objections(&verdict(&throwaway, &base)), [MISSING], "but whatever comes with it does");
}

#[test]
fn the_archive_only_grows() {
    let first = format!("{ARCHIVE}/2026-01-01/first.json");
    for (what, status, expected, falsify) in [
        (
            "changed",
            Block,
            "is archived: it can neither be changed nor removed",
            (|throwaway, first| {
                throwaway.write(first, "{}");
            }) as fn(&Throwaway, &str),
        ),
        ("removed", Block, "is archived: it can neither be changed nor removed", |throwaway, first| {
            std::fs::remove_file(throwaway.path().join(first)).unwrap();
        }),
        ("a stray", Block, "stray.json is archived without a line in the index", |throwaway, _| {
            throwaway.write(&format!("{ARCHIVE}/2026-01-02/stray.json"), "{}");
        }),
        ("no index", Block, "index.jsonl cannot be read any more", |throwaway, _| {
            std::fs::remove_file(throwaway.path().join(INDEX)).unwrap();
        }),
        ("another index", Block, "index.jsonl is changed: lines can only be added to its end", |throwaway, _| {
            let text = std::fs::read_to_string(throwaway.path().join(INDEX)).unwrap();
            throwaway.write(INDEX, text.replace("OK", "WARN"));
        }),
        ("a line without a file", Block, "second.json is not what its line in the index says", |throwaway, _| {
            run_archive(throwaway);
            std::fs::remove_file(throwaway.path().join(ARCHIVE).join("2026-01-01/second.json")).unwrap();
        }),
        ("a line about another file", Block, "second.json is not what its line in the index says", |throwaway, _| {
            run_archive(throwaway);
            throwaway.write(&format!("{ARCHIVE}/2026-01-01/second.json"), "{}");
        }),
        ("a torn line", Block, "index.jsonl ends in the middle of a line", |throwaway, _| {
            let text = std::fs::read_to_string(throwaway.path().join(INDEX)).unwrap();
            throwaway.write(INDEX, text + "{");
        }),
        (
            "an artifact that vanishes",
            Block,
            ".iskra/artifacts/second.json was merged and is removed: it belongs into the archive",
            |throwaway, _| {
                std::fs::remove_file(throwaway.path().join(".iskra/artifacts/second.json")).unwrap();
            },
        ),
        ("nothing", Fine, "", |_, _| {}),
    ] as [(&str, ArtifactStatus, &str, fn(&Throwaway, &str)); 10]
    {
        let (throwaway, base) = archived();
        falsify(&throwaway, &first);
        throwaway.commit(3);
        let verdict = verdict(&throwaway, &base);
        assert_eq!(verdict.status(), status, "{what}: {:?}", verdict.objections);
        let found = objections(&verdict);
        assert!(status == Fine || found.iter().any(|text| text.ends_with(expected)), "{what}: {found:?}");
    }
}
