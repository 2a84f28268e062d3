#![doc = include_str!("../README.md")]

mod archive;
mod change;
mod comment;
mod component;
mod draft;
mod entropy;
mod error;
mod gate;
mod git;
mod index;
mod measured;
mod place;
mod profile;
#[cfg(test)]
mod throwaway;

pub use archive::{Moved, archive, index, verify, waiting};
pub use change::{Change, Kind};
pub use comment::comment;
pub use component::component;
pub use draft::Draft;
pub use error::Error;
pub use gate::{Judged, Objection, Verdict, judge};
pub use git::{Commit, Repository};
pub use index::{Broken, Index, Line, What};
pub use measured::{Lines, Measured, Part};
pub use place::{ARCHIVE, ARTIFACTS, INDEX, OURS};
pub use profile::Dimension;
