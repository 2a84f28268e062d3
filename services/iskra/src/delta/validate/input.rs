//! Finds and reads what is to be checked.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use artifacts::{Checked, MAX_BYTES};

/// A file, and what came of it.
#[derive(Debug)]
pub(super) struct Validated {
    /// As it was named, or `-`.
    pub(super) path: PathBuf,
    outcome: Result<Checked, Wrong>,
}

/// Why nothing was checked.
#[derive(Debug)]
pub(super) enum Wrong {
    /// It could not be read.
    Unreadable(io::Error),
    /// A folder in which there is nothing to check.
    Empty,
    /// An artifact by its name, below a folder, that is a link or another thing than a file.
    NoFile,
    /// A link, below a folder, to another folder.
    Elsewhere,
}

impl Validated {
    /// What is said of it, if it was checked.
    pub(super) fn checked(&self) -> Option<&Checked> {
        self.outcome.as_ref().ok()
    }

    /// Its name, and why it was not checked.
    pub(super) fn wrong(&self) -> Option<(String, &Wrong)> {
        self.outcome.as_ref().err().map(|wrong| (self.name(), wrong))
    }

    /// For people.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }
}

impl Wrong {
    /// Whether the answer is incomplete without it.
    pub(super) const fn is_fatal(&self) -> bool {
        !matches!(self, Self::Elsewhere)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Self::Empty => f.write_str("no *.json in this folder: nothing was checked"),
            Self::NoFile => {
                f.write_str("not checked: an artifact below a folder is a file, neither a link nor anything else")
            }
            Self::Elsewhere => f.write_str("not followed: a link to another folder"),
        }
    }
}

/// Checks everything that is named.
pub(super) fn validate(paths: &[PathBuf]) -> Vec<Validated> {
    let mut all = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            all.push(checked(path.clone(), read(io::stdin().lock())));
        } else if path.is_dir() {
            validate_folder(path, &mut all);
        } else {
            all.push(validate_file(path.clone()));
        }
    }
    all
}

fn validate_file(path: PathBuf) -> Validated {
    let bytes = File::open(&path).and_then(read);
    checked(path, bytes)
}

fn checked(path: PathBuf, bytes: io::Result<Vec<u8>>) -> Validated {
    Validated { path, outcome: bytes.map(|bytes| artifacts::check(&bytes)).map_err(Wrong::Unreadable) }
}

/// No more than it takes to see that it is too much.
fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Every `*.json` below, in the order of their names. Links are not followed: an artifact of a folder lies in it.
fn validate_folder(folder: &Path, all: &mut Vec<Validated>) {
    let before = all.len();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let kind = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => {
                all.push(Validated { path, outcome: Err(Wrong::Unreadable(error)) });
                continue;
            }
        };
        // The folder itself was named: it may be a link.
        if kind.is_dir() || path == folder {
            match names(&path) {
                Ok(names) => waiting.extend(names.into_iter().rev()),
                Err(error) => all.push(Validated { path, outcome: Err(Wrong::Unreadable(error)) }),
            }
        } else if kind.is_file() && is_json(&path) {
            all.push(validate_file(path));
        } else if is_json(&path) {
            all.push(Validated { path, outcome: Err(Wrong::NoFile) });
        } else if path.is_dir() {
            all.push(Validated { path, outcome: Err(Wrong::Elsewhere) });
        }
    }
    if all[before..].iter().all(|one| matches!(one.outcome, Err(Wrong::Elsewhere))) {
        all.push(Validated { path: folder.to_owned(), outcome: Err(Wrong::Empty) });
    }
}

fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}
