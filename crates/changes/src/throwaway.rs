//! A repository that a test makes, and that goes with it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::git::Repository;

pub(crate) struct Throwaway {
    folder: tempfile::TempDir,
}

impl Throwaway {
    pub(crate) fn new() -> Self {
        let throwaway = Self { folder: tempfile::tempdir().unwrap() };
        throwaway.git(["init", "--quiet", "--initial-branch=main"]);
        throwaway
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn repository(&self) -> Repository {
        Repository::open(self.path()).unwrap()
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// Commits all that lies there, so many minutes after the beginning of 2026, and says which commit it is.
    pub(crate) fn commit(&self, minute: u32) -> String {
        self.git(["add", "--all", "--force"]);
        let at = format!("2026-01-01T00:{minute:02}:00Z");
        let commit = ["commit", "--quiet", "--allow-empty", "--message=x"];
        self.run(Command::new("git").args(commit).env("GIT_COMMITTER_DATE", &at).env("GIT_AUTHOR_DATE", &at));
        self.git(["rev-parse", "HEAD"])
    }

    pub(crate) fn git<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> String {
        self.run(Command::new("git").args(arguments))
    }

    fn run(&self, command: &mut Command) -> String {
        let somebody = [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_AUTHOR_NAME", "Somebody"),
            ("GIT_AUTHOR_EMAIL", "somebody@example.com"),
            ("GIT_COMMITTER_NAME", "Somebody"),
            ("GIT_COMMITTER_EMAIL", "somebody@example.com"),
        ];
        let answer = command.current_dir(self.path()).envs(somebody).stdin(Stdio::null()).output().unwrap();
        assert!(answer.status.success(), "{command:?}: {}", String::from_utf8_lossy(&answer.stderr));
        String::from_utf8(answer.stdout).unwrap().trim().to_owned()
    }
}
