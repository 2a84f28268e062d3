use std::collections::BTreeMap;

use serde::Serialize;

use crate::change::{Change, Kind};
use crate::component::component;
use crate::entropy::entropy;
use crate::error::Error;
use crate::git::{Blobs, Commit, Repository};
use crate::place::OURS;
use crate::profile::{Dimension, Profile};

/// A larger file is not read by people either.
const MOST_BYTES_OF_A_FILE: u64 = 1 << 20;

/// So many bytes of files make up a profile at most: what one change may cost in time and memory.
const MOST_BYTES_OF_A_PROFILE: u64 = 16 << 20;

/// What differs between two commits, in figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Where the history of the change left the other.
    pub base: Commit,
    /// Where it ends.
    pub head: Commit,
    /// How many commits lie between.
    pub commits: u64,
    /// The files, by path.
    pub changes: Vec<Change>,
    /// Added lines.
    pub additions: Lines,
    /// Deleted lines.
    pub deletions: Lines,
    /// Files of text that were there and have another content; absent where one of them is too large to be read.
    pub modifications: Option<Modifications>,
    /// Over how many files the entropies are taken: all that were there before or are there after.
    pub files: u64,
    /// The parts of the repository that it touches, by name.
    pub parts: Vec<Part>,
    /// How rough the changed files are as they are now; absent where they are too small to tell.
    pub dimension: Option<Dimension>,
}

/// Lines on one side of a change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lines {
    /// In how many files.
    pub count: u64,
    /// How many.
    pub lines: u64,
    /// How scattered they are.
    pub entropy: f64,
}

/// What became of files that were there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Modifications {
    /// How many files.
    pub count: u64,
    /// How scattered the lines added to them and deleted from them are.
    pub entropy: f64,
    /// How many steps of indentation their lines have now, less how many they had.
    pub complexity_change: i64,
}

/// A part of the repository, and what of the change is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `crates/domain`, `web`, `.`.
    pub name: String,
    /// Changed files.
    pub files: u64,
    /// Added lines.
    pub added: u64,
    /// Deleted lines.
    pub deleted: u64,
}

impl Measured {
    /// Measures what `head` has done since it left `base`: what a pull request shows.
    pub fn of(repository: &Repository, base: &Commit, head: &Commit) -> Result<Self, Error> {
        let base = repository.fork(base, head)?;
        let changes = repository.changes(&base, head)?;
        let deleted = changes.iter().filter(|change| change.kind == Kind::Deleted).count();
        let is_measured = |path: &[u8]| !path.starts_with(format!("{OURS}/").as_bytes());
        let here = repository.files(head, "")?.iter().filter(|(path, _)| is_measured(path)).count();
        let files = (here + deleted) as u64;
        let mut blobs = repository.blobs()?;
        Ok(Self {
            commits: repository.commits_between(&base, head)?,
            additions: lines(&changes, files, |(added, _)| added),
            deletions: lines(&changes, files, |(_, deleted)| deleted),
            modifications: modifications(&changes, files, &mut blobs)?,
            parts: parts(&changes),
            dimension: dimension(&changes, &mut blobs)?,
            base,
            head: head.clone(),
            changes,
            files,
        })
    }

    /// How many of the files fared so.
    pub fn count(&self, fared: impl Fn(&Change) -> bool) -> u64 {
        self.changes.iter().filter(|change| fared(change)).count() as u64
    }
}

fn lines(changes: &[Change], files: u64, side: impl Fn((u64, u64)) -> u64) -> Lines {
    let counts: Vec<u64> =
        changes.iter().filter_map(|change| change.lines).map(side).filter(|count| *count > 0).collect();
    Lines { count: counts.len() as u64, lines: counts.iter().sum(), entropy: rounded(entropy(&counts, files)) }
}

fn modifications(changes: &[Change], files: u64, blobs: &mut Blobs) -> Result<Option<Modifications>, Error> {
    let mut counts = Vec::new();
    let mut steps = 0;
    for change in changes {
        let Some(((added, deleted), (old, new))) = change.lines.zip(change.old.as_ref().zip(change.new.as_ref()))
        else {
            continue;
        };
        if old.id == new.id || !old.is_file() || !new.is_file() {
            continue;
        }
        let before = blobs.read(&old.id, MOST_BYTES_OF_A_FILE)?;
        let Some((before, after)) = before.zip(blobs.read(&new.id, MOST_BYTES_OF_A_FILE)?) else { return Ok(None) };
        steps += profile_of(&after).steps() - profile_of(&before).steps();
        counts.push(added + deleted);
    }
    let count = counts.len() as u64;
    Ok(Some(Modifications { count, entropy: rounded(entropy(&counts, files)), complexity_change: steps }))
}

fn profile_of(content: &[u8]) -> Profile {
    let mut profile = Profile::default();
    profile.add(content);
    profile
}

/// Over the changed files of text as they are now, one after the other.
fn dimension(changes: &[Change], blobs: &mut Blobs) -> Result<Option<Dimension>, Error> {
    let mut profile = Profile::default();
    let mut left = MOST_BYTES_OF_A_PROFILE;
    for change in changes.iter().filter(|change| change.lines.is_some()) {
        let Some(new) = change.new.as_ref().filter(|new| new.is_file()) else { continue };
        if let Some(content) = blobs.read(&new.id, MOST_BYTES_OF_A_FILE.min(left))? {
            left -= content.len() as u64;
            profile.add(&content);
        }
    }
    Ok(profile.dimension())
}

fn parts(changes: &[Change]) -> Vec<Part> {
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for change in changes {
        let name = component(&String::from_utf8_lossy(&change.path));
        let empty = Part { name: name.clone(), files: 0, added: 0, deleted: 0 };
        let part = parts.entry(name).or_insert(empty);
        let (added, deleted) = change.lines.unwrap_or_default();
        part.files += 1;
        part.added += added;
        part.deleted += deleted;
    }
    parts.into_values().collect()
}

/// Four digits are enough for a share.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
