use std::fs;
use std::path::Path;

use super::{Moved, archive, index, verify};
use crate::error::Error;
use crate::place::{ARCHIVE, INDEX};
use crate::throwaway::Throwaway;

fn run(throwaway: &Throwaway) -> Result<Vec<Moved>, Error> {
    let repository = throwaway.repository();
    archive(&repository, &repository.commit("HEAD").unwrap())
}

fn archived(name: &str, file: &str) -> Moved {
    Moved::Archived { name: name.to_owned(), file: file.to_owned() }
}

fn exists(throwaway: &Throwaway, path: &str) -> bool {
    throwaway.path().join(path).exists()
}

/// Two artifacts, merged together.
fn two() -> Throwaway {
    let throwaway = Throwaway::new();
    throwaway.write(".iskra/artifacts/a.json", "{\"a\":1}").write(".iskra/artifacts/b.json", "{}").commit(0);
    throwaway
}

fn all_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in folder.read_dir().unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => files.extend(all_files(&entry.path())),
            false => files.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap())),
        }
    }
    files.sort();
    files
}

#[test]
fn what_was_merged_is_moved_under_its_day() {
    let throwaway = two();
    let moved = run(&throwaway).unwrap();
    assert_eq!(moved, [archived("a.json", "2026-01-01/a.json"), archived("b.json", "2026-01-01/b.json")]);
    assert!(!exists(&throwaway, ".iskra/artifacts/a.json"));
    let copy = fs::read(throwaway.path().join(ARCHIVE).join("2026-01-01/a.json")).unwrap();
    assert_eq!(copy, b"{\"a\":1}");
    assert_eq!(index(throwaway.path()).unwrap().lines().len(), 2);
    assert_eq!(verify(throwaway.path()).unwrap(), Vec::<String>::new());
}

#[test]
fn archiving_again_changes_nothing() {
    let throwaway = two();
    run(&throwaway).unwrap();
    let before = all_files(&throwaway.path().join(".iskra"));
    assert_eq!(run(&throwaway).unwrap(), [], "before the move is committed");
    assert_eq!(all_files(&throwaway.path().join(".iskra")), before);
    throwaway.commit(1);
    assert_eq!(run(&throwaway).unwrap(), [], "and after");
    assert_eq!(all_files(&throwaway.path().join(".iskra")), before);
}

#[test]
fn only_what_is_merged_is_moved() {
    let throwaway = two();
    throwaway.write(".iskra/artifacts/a.json", "{\"a\":2}").write(".iskra/artifacts/untracked.json", "{}");
    let moved = run(&throwaway).unwrap();
    let left = Moved::Left { path: ".iskra/artifacts/a.json".to_owned(), why: "it was changed since it was committed" };
    assert_eq!(moved, [left, archived("b.json", "2026-01-01/b.json")]);
    assert!(exists(&throwaway, ".iskra/artifacts/a.json") && exists(&throwaway, ".iskra/artifacts/untracked.json"));
}

#[test]
fn nothing_in_the_archive_is_written_over() {
    let throwaway = two();
    run(&throwaway).unwrap();
    throwaway.commit(1);
    throwaway.write(".iskra/artifacts/a.json", "{\"a\":2}").commit(2);
    let moved = run(&throwaway).unwrap();
    let [Moved::Archived { file, .. }] = moved.as_slice() else { panic!("{moved:?}") };
    assert!(file.starts_with("2026-01-01/a.") && file.len() == "2026-01-01/a.0123456789ab.json".len(), "{file}");
    let first = fs::read(throwaway.path().join(ARCHIVE).join("2026-01-01/a.json")).unwrap();
    assert_eq!(first, b"{\"a\":1}");
    assert_eq!(verify(throwaway.path()).unwrap(), Vec::<String>::new());
}

/// Each state that a run which died could leave behind; all of them end as if it had not died.
#[test]
fn whoever_dies_between_two_steps_is_finished_by_the_next() {
    let good = two();
    run(&good).unwrap();
    let line = fs::read_to_string(good.path().join(INDEX)).unwrap();
    let first = line.split_inclusive('\n').next().unwrap();
    for (what, copy, index_text) in [
        ("before anything", None, ""),
        ("while the copy was written", None, ""),
        ("after the copy", Some("{\"a\":1}"), ""),
        ("while the line was written", Some("{\"a\":1}"), &first[..40]),
        ("after the line", Some("{\"a\":1}"), first),
        ("after the line, and the copy was lost", None, first),
    ] {
        let throwaway = two();
        throwaway.write(INDEX, index_text);
        if what == "while the copy was written" {
            throwaway.write(&format!("{ARCHIVE}/2026-01-01/.being-archived-x"), "{\"a");
        }
        if let Some(copy) = copy {
            throwaway.write(&format!("{ARCHIVE}/2026-01-01/a.json"), copy);
        }
        run(&throwaway).unwrap();
        let text = fs::read_to_string(throwaway.path().join(INDEX)).unwrap();
        assert_eq!(text, line, "{what}");
        assert_eq!(verify(throwaway.path()).unwrap(), Vec::<String>::new(), "{what}");
        assert!(!exists(&throwaway, ".iskra/artifacts/a.json"), "{what}");
    }
}

#[test]
fn every_falsification_is_told() {
    for (what, falsify) in [
        (
            "2026-01-01/a.json is not what was archived",
            (|archive| fs::write(archive.join("2026-01-01/a.json"), "{}")) as fn(&Path) -> _,
        ),
        ("2026-01-01/b.json is missing", |archive| fs::remove_file(archive.join("2026-01-01/b.json"))),
        ("2026-01-01/c.json is in no line of the index", |archive| fs::write(archive.join("2026-01-01/c.json"), "{}")),
        ("stray is in no line of the index", |archive| fs::write(archive.join("stray"), "{}")),
        ("line 1 of the index is none", |archive| fs::write(archive.join("index.jsonl"), "x\n")),
        ("2026-01-01/b.json is no file", |archive| {
            fs::remove_file(archive.join("2026-01-01/b.json"))?;
            std::os::unix::fs::symlink("a.json", archive.join("2026-01-01/b.json"))
        }),
    ] {
        let throwaway = two();
        run(&throwaway).unwrap();
        falsify(&throwaway.path().join(ARCHIVE)).unwrap();
        assert_eq!(verify(throwaway.path()).unwrap(), [what]);
    }
}

#[test]
fn a_broken_index_is_not_added_to() {
    let throwaway = two();
    throwaway.write(INDEX, "{}\n");
    let error = run(&throwaway).unwrap_err();
    assert_eq!(error.to_string(), "line 1 of the index is none");
    assert!(exists(&throwaway, ".iskra/artifacts/a.json"));
}

#[test]
fn a_link_leads_nowhere() {
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("a.json"), "{\"a\":1}").unwrap();
    for linked in [".iskra/artifacts", ARCHIVE, &format!("{ARCHIVE}/2026-01-01"), INDEX] {
        let throwaway = two();
        let path = throwaway.path().join(linked);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), &path).unwrap();
        let error = run(&throwaway).unwrap_err();
        assert!(matches!(error, Error::NotOurs { .. }), "{linked}: {error}");
        assert_eq!(all_files(elsewhere.path()).len(), 1, "{linked}");
    }
}

#[test]
fn what_is_no_artifact_stays() {
    let throwaway = Throwaway::new();
    for path in ["sub/a.json", "a b.json", "-a.json", "readme.md"] {
        throwaway.write(&format!(".iskra/artifacts/{path}"), "{}");
    }
    std::os::unix::fs::symlink("/etc/passwd", throwaway.path().join(".iskra/artifacts/link.json")).unwrap();
    throwaway.write(".iskra/artifacts/large.json", vec![b' '; artifacts::MAX_BYTES + 1]);
    throwaway.commit(0);
    let moved = run(&throwaway).unwrap();
    assert_eq!(moved.len(), 5, "and of what was not meant as one, nothing is said");
    assert!(moved.iter().all(|moved| matches!(moved, Moved::Left { .. })), "{moved:?}");
}

#[test]
fn two_at_once_archive_each_artifact_once() {
    let throwaway = Throwaway::new();
    for number in 0..20 {
        throwaway.write(&format!(".iskra/artifacts/{number}.json"), format!("{{\"n\":{number}}}"));
    }
    throwaway.commit(0);
    let moved = std::thread::scope(|scope| {
        let writers = [(); 4].map(|()| scope.spawn(|| run(&throwaway).unwrap().len()));
        writers.map(|writer| writer.join().unwrap()).iter().sum::<usize>()
    });
    assert_eq!((moved, index(throwaway.path()).unwrap().lines().len()), (20, 20));
    assert_eq!(verify(throwaway.path()).unwrap(), Vec::<String>::new());
}
