//! No ∆DΩΛ, no merge: whether a change may be merged as far as its artifacts are concerned.

mod archiving;

use artifacts::{Checked, MAX_BYTES};
use domain::{ArtifactStatus, Text};

use crate::change::{Change, Entry, Kind};
use crate::draft::Draft;
use crate::error::Error;
use crate::git::{Blobs, Commit, Repository};
use crate::measured::Measured;
use crate::place::{ARCHIVE, ARTIFACTS, artifact_name, is_meant_as_artifact};

/// So many artifacts of one change are read. An honest one has a handful.
const MOST_ARTIFACTS: usize = 50;

/// What the rule says of a change.
#[derive(Debug)]
pub struct Verdict {
    /// What was changed.
    pub measured: Measured,
    /// Its artifacts, by path.
    pub artifacts: Vec<Judged>,
    /// What stands in the way besides what is wrong in an artifact.
    pub objections: Vec<Objection>,
    /// An artifact to begin with, where there is none.
    pub draft: Option<Draft>,
}

/// An artifact of the change.
#[derive(Debug)]
pub struct Judged {
    /// Its path in the repository.
    pub path: String,
    /// What the check says of it.
    pub checked: Checked,
}

/// Something that stands in the way of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The file that it is about, if it is about one.
    pub path: Option<String>,
    /// What is wrong, as a sentence that goes on after the path.
    pub what: Text,
}

/// Judges what `head` has done since it left `base`. What the pull request is called and numbered goes into the draft.
pub fn judge(
    repository: &Repository,
    base: &Commit,
    head: &Commit,
    title: Option<&str>,
    pull_request: Option<u64>,
) -> Result<Verdict, Error> {
    let measured = Measured::of(repository, base, head)?;
    let ours = repository.changes_of_ours(&measured.base, head)?;
    let mut blobs = repository.blobs()?;
    let mut look = Look { known: ids(repository, &measured.base)?, ..Look::default() };
    for change in ours.iter().filter(|change| is_below(&change.path, ARTIFACTS)) {
        look.at(change, &ours, &mut blobs)?;
    }
    look.objections.extend(archiving::objections(&ours, &mut blobs)?);
    // Who only moves artifacts into the archive, or mends one, has nothing new to tell.
    let is_missing = !look.has_new && !measured.changes.is_empty();
    if is_missing {
        let what = Text::new(
            format!("there is no new artifact in `{ARTIFACTS}` among the changes"),
            format!("среди изменений нет нового артефакта в `{ARTIFACTS}`"),
        );
        look.objections.push(Objection { path: None, what });
    }
    let draft = is_missing.then(|| Draft::of(&measured, title, pull_request));
    Ok(Verdict { measured, artifacts: look.artifacts, objections: look.objections, draft })
}

impl Verdict {
    /// The worst of all: what is wrong with it, what its artifacts are worth, and what they say of the change.
    pub fn status(&self) -> ArtifactStatus {
        let objections = self.objections.iter().map(|_| ArtifactStatus::Block);
        self.artifacts.iter().map(Judged::status).chain(objections).max().unwrap_or(ArtifactStatus::Ok)
    }

    /// Whether the change must not be merged.
    pub fn is_blocked(&self) -> bool {
        self.status() == ArtifactStatus::Block
    }
}

impl Objection {
    fn about(path: &str, en: &str, ru: &str) -> Self {
        Self { path: Some(path.to_owned()), what: Text::new(en, ru) }
    }
}

impl Judged {
    /// The worse of what the check says of the artifact and of what the artifact says of the change.
    pub fn status(&self) -> ArtifactStatus {
        self.checked.declared.map_or(self.checked.status, |declared| declared.max(self.checked.status))
    }
}

/// What is found while the artifacts are looked at.
#[derive(Default)]
struct Look {
    /// The contents that were there before: the same again describes another change.
    known: Vec<String>,
    artifacts: Vec<Judged>,
    objections: Vec<Objection>,
    has_new: bool,
}

impl Look {
    fn at(&mut self, change: &Change, ours: &[Change], blobs: &mut Blobs) -> Result<(), Error> {
        let path = String::from_utf8_lossy(&change.path).into_owned();
        let mut object = |en: &str, ru: &str| self.objections.push(Objection::about(&path, en, ru));
        let name = artifact_name(&change.path);
        let Some(new) = &change.new else {
            let is_archived = ours.iter().any(|other| {
                is_below(&other.path, ARCHIVE)
                    && other.kind == Kind::Added
                    && id(other.new.as_ref()) == id(change.old.as_ref())
            });
            if name.is_some() && !is_archived {
                object(
                    "was merged and is removed: it belongs into the archive",
                    "удалён после слияния: его место в архиве",
                );
            }
            return Ok(());
        };
        match name {
            None if is_meant_as_artifact(&change.path) => object(
                "is called or lies as no artifact may: directly in the folder, of letters, digits, `.`, `_` and `-`",
                "назван или лежит не так, как артефакт: прямо в папке, из латинских букв, цифр, `.`, `_` и `-`",
            ),
            None => {}
            Some(_) if !new.is_file() => object("is no plain file", "не обычный файл"),
            Some(_) if self.artifacts.len() == MOST_ARTIFACTS => {
                object("is one artifact too many to be read", "не прочитан: артефактов слишком много");
            }
            Some(_) => match blobs.read(&new.id, MAX_BYTES as u64)? {
                None => object("is larger than an artifact can be", "больше, чем может быть артефакт"),
                Some(content) => {
                    self.has_new |= change.kind == Kind::Added && !self.known.contains(&new.id);
                    self.artifacts.push(Judged { path, checked: artifacts::check(&content) });
                }
            },
        }
        Ok(())
    }
}

/// The contents of all artifacts that a commit has, archived or not.
fn ids(repository: &Repository, commit: &Commit) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    for folder in [ARTIFACTS, ARCHIVE] {
        ids.extend(repository.files(commit, folder)?.into_iter().map(|(_, entry)| entry.id));
    }
    Ok(ids)
}

fn id(entry: Option<&Entry>) -> Option<&str> {
    entry.map(|entry| entry.id.as_str())
}

fn is_below(path: &[u8], folder: &str) -> bool {
    path.strip_prefix(folder.as_bytes()).is_some_and(|rest| rest.starts_with(b"/"))
}

#[cfg(test)]
pub(crate) mod tests;
