use std::io;
use std::path::{Path, PathBuf};

use crate::index::Broken;

/// Why a question about a repository has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is not there, or could not be talked to.
    #[error("cannot run git: is it installed?")]
    Git(#[source] io::Error),
    /// The program refused.
    #[error("git {question} failed: {said}")]
    Refused {
        /// Which of its commands.
        question: String,
        /// What it wrote to its standard error.
        said: String,
    },
    /// The program answered something that we do not understand.
    #[error("git {question} answered in a way that is not understood")]
    Answer {
        /// Which of its commands.
        question: &'static str,
    },
    /// The folder belongs to no repository.
    #[error("{} is not in a git repository: {said}", folder.display())]
    NoRepository {
        /// Where we looked.
        folder: PathBuf,
        /// What git says.
        said: String,
    },
    /// A revision that looks like an option, or cannot be one at all.
    #[error("`{}` cannot be a revision", revision.escape_debug())]
    Revision {
        /// What was given.
        revision: String,
    },
    /// A revision that the repository does not know.
    #[error("`{}` is no commit of this repository (in a shallow clone: fetch its history)", revision.escape_debug())]
    Unknown {
        /// What was given.
        revision: String,
    },
    /// Two commits without a common past.
    #[error("{base} and {head} have no common history (in a shallow clone: fetch it all)")]
    Unrelated {
        /// Where the change should begin.
        base: String,
        /// Where it ends.
        head: String,
    },
    /// The list of the archive is not as it was written.
    #[error(transparent)]
    Index(Broken),
    /// Where a folder or a file of ours should be is something else.
    #[error("{} is neither missing nor a plain file or folder: a link could lead anywhere", path.display())]
    NotOurs {
        /// Where.
        path: PathBuf,
    },
    /// Another artifact is in the archive under both names that this one could have.
    #[error("the archive of {day} has another {name}, under its checksum too")]
    Taken {
        /// The day.
        day: String,
        /// The name.
        name: String,
    },
    /// The disk refused.
    #[error("cannot {doing} {}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// What the disk said, and where.
    pub(crate) fn at(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source }
    }
}
