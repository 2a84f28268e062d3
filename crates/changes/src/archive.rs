//! Moves the artifacts of what was merged into the archive.
//!
//! Each step is on disk before the next begins: a copy, the line of the index, and only then the original goes. Whoever
//! dies between two of them loses nothing, and the next run goes on where it stopped.

mod folder;

use std::path::Path;

use artifacts::MAX_BYTES;

use self::folder::{Folder, Kept};
use crate::error::Error;
use crate::git::{Commit, Repository};
use crate::index::{Index, sha256};
use crate::place::{ARCHIVE, ARTIFACTS, artifact_name, is_meant_as_artifact, is_name};

/// What became of an artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It lies in the archive now, under this path below it.
    Archived {
        /// Its name before.
        name: String,
        /// `<day>/<name>`.
        file: String,
    },
    /// It stays where it is.
    Left {
        /// Its path in the repository.
        path: String,
        /// Why.
        why: &'static str,
    },
}

/// Moves every artifact that `head` has into the archive, under the day on which it came into the first line of its
/// history. Only what lies in the work tree as it was committed is moved.
pub fn archive(repository: &Repository, head: &Commit) -> Result<Vec<Moved>, Error> {
    let mut folder = Folder::open(repository.work_tree())?;
    let mut blobs = repository.blobs()?;
    let mut moved = Vec::new();
    for (path, entry) in repository.files(head, ARTIFACTS)? {
        let shown = String::from_utf8_lossy(&path).into_owned();
        let left = |why| Moved::Left { path: shown.clone(), why };
        if !is_meant_as_artifact(&path) {
            continue;
        }
        let Some(name) = artifact_name(&path).filter(|_| entry.is_file()) else {
            moved.push(left("it is no artifact: that is a file in this folder, called like `name.json`"));
            continue;
        };
        let Some(content) = blobs.read(&entry.id, MAX_BYTES as u64)? else {
            moved.push(left("it is larger than an artifact can be"));
            continue;
        };
        match folder.original(name)? {
            // Archived by an earlier run, and not committed yet.
            None => {}
            Some(here) if here != content => moved.push(left("it was changed since it was committed")),
            Some(_) => {
                let day = day(&repository.brought(head, &shown)?);
                let file = folder.archive(&day, name, &content)?;
                folder.remove(name)?;
                moved.push(Moved::Archived { name: name.to_owned(), file });
            }
        }
    }
    Ok(moved)
}

/// What is wrong with the archive below a work tree; nothing if all of it is as it was written.
pub fn verify(work_tree: &Path) -> Result<Vec<String>, Error> {
    let (bytes, index) = match folder::read_index(work_tree)? {
        (bytes, Ok(index)) => (bytes, index),
        (_, Err(broken)) => return Ok(vec![broken.to_string()]),
    };
    let mut wrong = Vec::new();
    if index.whole() < bytes.len() {
        wrong.push("the last line of the index was never finished; archiving again mends it".to_owned());
    }
    for line in index.lines() {
        let path = work_tree.join(ARCHIVE).join(&line.file);
        match folder::read(&path)? {
            Kept::File(content) if sha256(&content) == line.sha256 => {}
            Kept::File(_) => wrong.push(format!("{} is not what was archived", line.file)),
            Kept::Other => wrong.push(format!("{} is no file", line.file)),
            Kept::Nothing => wrong.push(format!("{} is missing", line.file)),
        }
    }
    for file in folder::files(work_tree)? {
        if index.line(&file).is_none() {
            wrong.push(format!("{} is in no line of the index", file.escape_debug()));
        }
    }
    Ok(wrong)
}

/// The index below a work tree.
pub fn index(work_tree: &Path) -> Result<Index, Error> {
    folder::read_index(work_tree)?.1.map_err(Error::Index)
}

/// The names of the artifacts that wait for their merge or for the archive.
pub fn waiting(work_tree: &Path) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> =
        folder::entries(&work_tree.join(ARTIFACTS))?.into_iter().map(|(name, _)| name).collect();
    names.retain(|name| is_name(name));
    names.sort();
    Ok(names)
}

fn day(commit: &Commit) -> String {
    // A moment is written as 2026-01-02T03:04:05Z.
    commit.at().to_string().chars().take_while(|c| *c != 'T').collect()
}

#[cfg(test)]
mod tests;
