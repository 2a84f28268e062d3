use crate::change::{Change, Kind};
use crate::error::Error;
use crate::throwaway::Throwaway;

/// What a change shows, as text: kind, path before, path, lines.
fn shown(change: &Change) -> String {
    let text = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
    let before = change.before.as_deref().map(|before| format!("{} -> ", text(before))).unwrap_or_default();
    let lines = change.lines.map_or("-".to_owned(), |(added, deleted)| format!("+{added} -{deleted}"));
    format!("{:?} {before}{} {lines}", change.kind, text(&change.path))
}

fn changes(throwaway: &Throwaway, base: &str, head: &str) -> Vec<String> {
    let repository = throwaway.repository();
    let (base, head) = (repository.commit(base).unwrap(), repository.commit(head).unwrap());
    repository.changes(&base, &head).unwrap().iter().map(shown).collect()
}

#[test]
fn every_kind_of_change_is_understood() {
    let throwaway = Throwaway::new();
    throwaway
        .write("gone", "1\n2\n")
        .write("moved", "a\nb\nc\nd\n")
        .write("kept", "1\n2\n3\n")
        .write("picture", b"\0\x01");
    let base = throwaway.commit(0);
    std::fs::remove_file(throwaway.path().join("gone")).unwrap();
    std::fs::rename(throwaway.path().join("moved"), throwaway.path().join("there")).unwrap();
    throwaway.write("there", "a\nb\nc\nd\ne\n").write("kept", "1\nzwei\n3\n").write("picture", b"\0\x02");
    throwaway.write("line\nbreak\t\"quoted\"", "x\n").write("0\t0\tfake", "y\n").write(":100644 fake", "z\n");
    std::os::unix::fs::symlink("/etc/passwd", throwaway.path().join("link")).unwrap();
    std::fs::create_dir(throwaway.path().join("other")).unwrap();
    throwaway.git(["update-index", "--add", "--cacheinfo", &format!("160000,{base},other")]);
    let head = throwaway.commit(1);
    assert_eq!(
        changes(&throwaway, &base, &head),
        [
            "Added 0\t0\tfake +1 -0",
            "Added :100644 fake +1 -0",
            "Deleted gone +0 -2",
            "Modified kept +1 -1",
            "Added line\nbreak\t\"quoted\" +1 -0",
            "Added link +1 -0",
            "Added other -",
            "Modified picture -",
            "Renamed moved -> there +1 -0",
        ]
    );
}

#[test]
fn a_path_that_is_no_text_is_kept_as_it_is() {
    use std::os::unix::ffi::OsStrExt as _;
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    std::fs::write(throwaway.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9")), "x\n").unwrap();
    let head = throwaway.commit(1);
    let repository = throwaway.repository();
    let found = repository.changes(&repository.commit(&base).unwrap(), &repository.commit(&head).unwrap()).unwrap();
    assert_eq!(found[0].path, b"caf\xe9");
}

#[test]
fn ours_is_no_part_of_the_change() {
    let throwaway = Throwaway::new();
    throwaway.write("moved.json", "{}\n{}\n");
    let base = throwaway.commit(0);
    std::fs::remove_file(throwaway.path().join("moved.json")).unwrap();
    throwaway.write(".iskra/artifacts/moved.json", "{}\n{}\n").write(".iskratches", "x\n");
    let head = throwaway.commit(1);
    assert_eq!(changes(&throwaway, &base, &head), ["Added .iskratches +1 -0", "Deleted moved.json +0 -2"]);
    let repository = throwaway.repository();
    let (base, head) = (repository.commit(&base).unwrap(), repository.commit(&head).unwrap());
    let ours = repository.changes_of_ours(&base, &head).unwrap();
    assert_eq!(ours.iter().map(shown).collect::<Vec<_>>(), ["Added .iskra/artifacts/moved.json +2 -0"]);
    assert_eq!(ours[0].kind, Kind::Added);
}

#[test]
fn what_cannot_be_a_revision_never_reaches_git() {
    let throwaway = Throwaway::new();
    throwaway.commit(0);
    let repository = throwaway.repository();
    for wrong in ["--output=/tmp/x", "-x", "", "main\nmain", "main\0"] {
        assert!(matches!(repository.commit(wrong), Err(Error::Revision { .. })), "{wrong:?}");
    }
    for unknown in ["nowhere", "main..main", "$(touch pwned)", "main --all"] {
        assert!(matches!(repository.commit(unknown), Err(Error::Unknown { .. })), "{unknown:?}");
    }
    assert!(repository.commit("main").is_ok());
}

#[test]
fn a_change_begins_where_its_history_left() {
    let throwaway = Throwaway::new();
    let fork = throwaway.write("a", "1\n").commit(0);
    throwaway.git(["switch", "--quiet", "--create", "topic"]);
    let topic = throwaway.write("b", "2\n").commit(1);
    throwaway.git(["switch", "--quiet", "main"]);
    let main = throwaway.write("c", "3\n").commit(2);
    throwaway.git(["switch", "--quiet", "--orphan", "elsewhere"]);
    let elsewhere = throwaway.commit(3);
    let repository = throwaway.repository();
    let commit = |id: &str| repository.commit(id).unwrap();
    assert_eq!(repository.fork(&commit(&main), &commit(&topic)).unwrap().id(), fork);
    assert_eq!(repository.commits_between(&commit(&fork), &commit(&topic)).unwrap(), 1);
    let unrelated = repository.fork(&commit(&main), &commit(&elsewhere));
    assert!(matches!(unrelated, Err(Error::Unrelated { .. })), "{unrelated:?}");
}

#[test]
fn what_was_merged_was_brought_by_the_merge() {
    let throwaway = Throwaway::new();
    throwaway.write("a", "1\n").commit(0);
    throwaway.git(["switch", "--quiet", "--create", "topic"]);
    throwaway.write("b", "2\n").commit(1);
    throwaway.git(["switch", "--quiet", "main"]);
    throwaway.write("c", "3\n").commit(2);
    throwaway.git(["merge", "--quiet", "--no-ff", "--no-edit", "topic"]);
    let merge = throwaway.git(["rev-parse", "HEAD"]);
    throwaway.write("d", "4\n").commit(5);
    let repository = throwaway.repository();
    let head = repository.commit("HEAD").unwrap();
    assert_eq!(repository.brought(&head, "b").unwrap().id(), merge);
    assert_eq!(repository.brought(&head, "nowhere").unwrap(), head);
}

/// The author of a repository decides its settings, attributes and hooks; none of them runs anything or counts otherwise.
#[test]
fn a_hostile_repository_runs_nothing_and_changes_no_figure() {
    let throwaway = Throwaway::new();
    throwaway.write("code.rs", "one\n");
    let base = throwaway.commit(0);
    throwaway.write("code.rs", "one\ntwo\n").write(".gitattributes", "* diff=evil -text filter=evil binary\n");
    let head = throwaway.commit(1);
    let touch = format!("touch {}/pwned", throwaway.path().display());
    for setting in [
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.smudge",
        "filter.evil.clean",
        "core.fsmonitor",
        "core.pager",
        "pager.diff-tree",
        "core.sshCommand",
        "alias.diff-tree",
    ] {
        throwaway.git(["config", setting, &touch]);
    }
    throwaway.git(["config", "diff.renames", "false"]);
    throwaway.git(["config", "core.attributesFile", &throwaway.path().join(".gitattributes").display().to_string()]);
    assert_eq!(changes(&throwaway, &base, &head), ["Added .gitattributes +1 -0", "Modified code.rs +1 -0"]);
    assert!(!throwaway.path().join("pwned").exists());
}

#[test]
fn a_missing_object_is_not_fetched() {
    let throwaway = Throwaway::new();
    let base = throwaway.write("a", "1\n").commit(0);
    let head = throwaway.write("a", "2\n").commit(1);
    let id = throwaway.git(["rev-parse", "HEAD:a"]);
    std::fs::remove_file(throwaway.path().join(".git/objects").join(&id[..2]).join(&id[2..])).unwrap();
    for (setting, value) in [
        ("extensions.partialClone", "origin"),
        ("core.repositoryFormatVersion", "1"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", &format!("ext::touch {}/pwned", throwaway.path().display())),
        ("protocol.ext.allow", "always"),
    ] {
        throwaway.git(["config", setting, value]);
    }
    let repository = throwaway.repository();
    let (base, head) = (repository.commit(&base).unwrap(), repository.commit(&head).unwrap());
    assert!(matches!(repository.changes(&base, &head), Err(Error::Refused { .. })));
    assert!(!throwaway.path().join("pwned").exists());
}

#[test]
fn contents_are_read_up_to_a_size() {
    let throwaway = Throwaway::new();
    throwaway.write("small", "12345").write("large", "123456").write("empty", "").commit(0);
    let repository = throwaway.repository();
    let id = |name: &str| throwaway.git(["rev-parse", &format!("HEAD:{name}")]);
    let mut blobs = repository.blobs().unwrap();
    assert_eq!(blobs.read(&id("small"), 5).unwrap().unwrap(), b"12345");
    assert_eq!(blobs.read(&id("large"), 5).unwrap(), None);
    assert_eq!(blobs.read(&id("empty"), 5).unwrap().unwrap(), b"");
    assert_eq!(blobs.read(&id("small"), 5).unwrap().unwrap(), b"12345", "what was too large is passed over");
    assert!(blobs.read("0000000000000000000000000000000000000000", 5).is_err());
}

#[test]
fn a_repository_of_long_ids_is_read_alike() {
    let throwaway = Throwaway::new();
    std::fs::remove_dir_all(throwaway.path().join(".git")).unwrap();
    throwaway.git(["init", "--quiet", "--object-format=sha256", "--initial-branch=main"]);
    let base = throwaway.write("a", "1\n").commit(0);
    let head = throwaway.write("a", "2\n").commit(1);
    assert_eq!(changes(&throwaway, &base, &head), ["Modified a +1 -1"]);
}

#[test]
fn a_folder_without_a_repository_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = crate::git::Repository::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::NoRepository { .. }), "{error}");
}

#[test]
fn files_that_lie_elsewhere_are_not_ours() {
    let (throwaway, elsewhere) = (Throwaway::new(), tempfile::tempdir().unwrap());
    throwaway.commit(0);
    throwaway.git(["config", "core.worktree", &elsewhere.path().display().to_string()]);
    let opened = crate::git::Repository::open(throwaway.path());
    assert!(matches!(opened, Err(Error::NoRepository { .. })), "{opened:?}");
}
