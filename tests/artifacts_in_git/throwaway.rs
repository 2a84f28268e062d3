use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// A repository that a test makes, and a place for all that a workflow needs around it.
pub(super) struct Throwaway {
    folder: tempfile::TempDir,
}

impl Throwaway {
    pub(super) fn new() -> Self {
        let throwaway = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(throwaway.path()).unwrap();
        throwaway.git(["init", "--quiet", "--initial-branch=main"]);
        throwaway.write("README.md", "x\n").commit("Begin");
        throwaway
    }

    /// The folder around the repository: a runner's workspace.
    pub(super) fn around(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("change")
    }

    pub(super) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(super) fn commit(&self, message: &str) -> String {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--message", message]);
        self.git(["rev-parse", "HEAD"])
    }

    pub(super) fn git<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> String {
        git(&self.path(), arguments)
    }
}

/// What a git command says in a folder, made by somebody on the first of January.
pub(super) fn git<I: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = I>) -> String {
    let mut command = Command::new("git");
    // Tests put hostile settings into repositories; these commands are not what is tested.
    command.args(["-c", "core.fsmonitor=false"]).args(arguments).current_dir(folder).stdin(Stdio::null()).envs([
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_AUTHOR_NAME", "Somebody"),
        ("GIT_AUTHOR_EMAIL", "somebody@example.com"),
        ("GIT_COMMITTER_NAME", "Somebody"),
        ("GIT_COMMITTER_EMAIL", "somebody@example.com"),
        ("GIT_AUTHOR_DATE", "2026-01-01T12:00:00Z"),
        ("GIT_COMMITTER_DATE", "2026-01-01T12:00:00Z"),
    ]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// An artifact of this completeness, which decides what it is worth.
pub(super) fn artifact(completeness: f64) -> String {
    let record: Value = json!({
        "delta": {}, "dimension": {}, "omega": { "completeness": completeness }, "lambda": { "status": "OK" },
        "sift": { "source": "s", "inference": "i", "fact": "f", "trace": "t" },
    });
    record.to_string()
}
