//! Asks the program `git`.
//!
//! A repository may be hostile: its settings, attributes, paths and contents are what its author wished. So only commands
//! are used that read objects; the work tree, hooks, filters, external differs, other repositories and promised objects
//! are out of reach; and what decides how a difference is counted is said here, not found there.

mod blobs;
mod commit;
mod differences;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(crate) use self::blobs::Blobs;
pub use self::commit::Commit;
use crate::change::{Change, Entry};
use crate::error::Error;
use crate::place::OURS;

const NO_FILES_SHA1: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const NO_FILES_SHA256: &str = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";

/// A repository on this machine.
#[derive(Clone, Debug)]
pub struct Repository {
    folder: PathBuf,
    work_tree: PathBuf,
    /// The id of the tree without files, in the format of this repository.
    no_files: &'static str,
}

impl Repository {
    /// The repository that a folder belongs to.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let mut question = hardened();
        question.current_dir(folder).args([
            "rev-parse",
            "--absolute-git-dir",
            "--show-toplevel",
            "--show-object-format",
        ]);
        let answer = question.output().map_err(Error::Git)?;
        let lines = lines(&answer.stdout);
        match lines.as_slice() {
            // A repository can say that its files lie elsewhere: then they are not ours to move.
            [git, work_tree, format] if answer.status.success() && is_within(folder, work_tree) => Ok(Self {
                folder: git.into(),
                work_tree: work_tree.into(),
                no_files: if format == "sha256" { NO_FILES_SHA256 } else { NO_FILES_SHA1 },
            }),
            _ if answer.status.success() => {
                Err(Error::NoRepository { folder: folder.to_owned(), said: "its files lie elsewhere".to_owned() })
            }
            _ => Err(Error::NoRepository { folder: folder.to_owned(), said: said(&answer) }),
        }
    }

    /// Where its files lie.
    pub fn work_tree(&self) -> &Path {
        &self.work_tree
    }

    /// The commit that a revision names.
    pub fn commit(&self, revision: &str) -> Result<Commit, Error> {
        let is_possible = !revision.is_empty() && !revision.starts_with('-') && !revision.contains(['\0', '\n', '\r']);
        if !is_possible {
            return Err(Error::Revision { revision: revision.to_owned() });
        }
        let unknown = || Error::Unknown { revision: revision.to_owned() };
        let named = format!("{revision}^{{commit}}");
        let answer = self.ask(["rev-parse", "--verify", "--quiet", &named])?;
        let id = lines(&answer.stdout).pop().filter(|_| answer.status.success()).ok_or_else(unknown)?;
        Commit::parse(id.clone(), &self.answer(["cat-file", "commit", &id])?)
    }

    /// Where the history of `head` left that of `base`.
    pub fn fork(&self, base: &Commit, head: &Commit) -> Result<Commit, Error> {
        let answer = self.ask(["merge-base", base.id(), head.id()])?;
        match (answer.status.code(), lines(&answer.stdout).first()) {
            (Some(0), Some(id)) => self.commit(id),
            (Some(1), _) => Err(Error::Unrelated { base: base.id().to_owned(), head: head.id().to_owned() }),
            _ => Err(refused("merge-base", &answer)),
        }
    }

    /// How many commits `head` has that `base` has not.
    pub fn commits_between(&self, base: &Commit, head: &Commit) -> Result<u64, Error> {
        let range = format!("{}..{}", base.id(), head.id());
        let count = self.answer(["rev-list", "--count", &range])?;
        let count = String::from_utf8_lossy(&count).trim().parse();
        count.map_err(|_| Error::Answer { question: "rev-list --count" })
    }

    /// The commit that brought a file as `head` has it into the first line of its history: of what was merged, the merge.
    pub fn brought(&self, head: &Commit, path: &str) -> Result<Commit, Error> {
        let path = format!(":(top,literal){path}");
        let id = self.answer(["rev-list", "-1", "--first-parent", head.id(), "--", &path])?;
        lines(&id).first().map_or_else(|| Ok(head.clone()), |id| self.commit(id))
    }

    /// What differs between two commits, ours left out, by path.
    pub fn changes(&self, base: &Commit, head: &Commit) -> Result<Vec<Change>, Error> {
        self.differences(base, head, &["--find-renames=50%", "-l1000"], &format!(":(top,exclude,literal){OURS}"))
    }

    /// What of ours differs between two commits, by path; what was moved is gone in one place and new in another.
    pub fn changes_of_ours(&self, base: &Commit, head: &Commit) -> Result<Vec<Change>, Error> {
        self.differences(base, head, &["--no-renames"], &format!(":(top,literal){OURS}"))
    }

    fn differences(&self, base: &Commit, head: &Commit, renames: &[&str], which: &str) -> Result<Vec<Change>, Error> {
        let counted = ["diff-tree", "-r", "-z", "--raw", "--numstat", "--no-abbrev", "--no-ext-diff", "--no-textconv"];
        let how = ["--diff-algorithm=myers", "--no-indent-heuristic", "--ignore-submodules=none"];
        let between = [base.id(), head.id(), "--", which];
        let arguments = [&counted[..], &how, renames, &between].concat();
        let mut changes =
            differences::parse(&self.answer(arguments)?).ok_or(Error::Answer { question: "diff-tree" })?;
        changes.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(changes)
    }

    /// The files of a commit below a folder (`""` for all), by path.
    pub fn files(&self, commit: &Commit, below: &str) -> Result<Vec<(Vec<u8>, Entry)>, Error> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", commit.id()];
        let folder = format!("{below}/");
        if !below.is_empty() {
            arguments.extend(["--", &folder]);
        }
        differences::tree(&self.answer(arguments)?).ok_or(Error::Answer { question: "ls-tree" })
    }

    /// Reads contents, one after the other.
    pub(crate) fn blobs(&self) -> Result<Blobs, Error> {
        Blobs::start(self.command())
    }

    /// The answer of a command that succeeds.
    fn answer<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, Error> {
        let arguments: Vec<&str> = arguments.into_iter().collect();
        let answer = self.ask(arguments.iter().copied())?;
        match answer.status.success() {
            true => Ok(answer.stdout),
            false => Err(refused(arguments[0], &answer)),
        }
    }

    fn ask<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Result<Output, Error> {
        self.command().args(arguments).output().map_err(Error::Git)
    }

    /// As if it were a bare repository, so that no file of the work tree decides anything.
    fn command(&self) -> Command {
        let mut command = hardened();
        let mut folder = std::ffi::OsString::from("--git-dir=");
        folder.push(&self.folder);
        // Attributes are looked up where there are none: which files are text is not for the change itself to say. Before
        // git 2.41 they would come from the index.
        command.current_dir(&self.folder);
        command.env("GIT_ATTR_SOURCE", self.no_files).env("GIT_INDEX_FILE", self.folder.join("no-index"));
        command.args([folder.as_os_str(), OsStr::new("--bare")]);
        command
    }
}

/// `git`, deaf to everything that could make it run, fetch, ask or count otherwise. The person's own settings stay in
/// force, for they say which repositories are trusted at all.
fn hardened() -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        let is_kept =
            |name: &str| !name.starts_with("GIT_") || name.starts_with("GIT_CONFIG") || name == "GIT_EXEC_PATH";
        if !name.to_str().is_some_and(is_kept) {
            command.env_remove(name);
        }
    }
    command.envs([
        ("LC_ALL", "C"),
        ("GIT_ALLOW_PROTOCOL", ""),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_NO_REPLACE_OBJECTS", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_ATTR_NOSYSTEM", "1"),
    ]);
    command.arg("--no-pager");
    for setting in [
        "core.quotePath=off",
        "core.fsmonitor=false",
        "core.attributesFile=/dev/null",
        // What is larger is not text: nobody reads it, and comparing it would cost memory.
        "core.bigFileThreshold=16m",
    ] {
        command.args(["-c", setting]);
    }
    command.stdin(Stdio::null());
    command
}

fn refused(question: &str, answer: &Output) -> Error {
    Error::Refused { question: question.to_owned(), said: said(answer) }
}

fn is_within(folder: &Path, work_tree: &str) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(folder).zip(real(Path::new(work_tree))).is_some_and(|(folder, work_tree)| folder.starts_with(work_tree))
}

/// On one line, and with nothing in it that a terminal or a log would obey.
fn said(answer: &Output) -> String {
    artifacts::visible(&lines(&answer.stderr).join(" / "))
}

fn lines(answer: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(answer).lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
