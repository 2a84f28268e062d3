#![doc = include_str!("../README.md")]

mod archive;
mod change;
mod component;
mod draft;
mod entropy;
mod error;
mod git;
mod index;
mod measured;
mod place;
mod profile;
#[cfg(test)]
mod throwaway;

pub use archive::{Moved, archive, index, verify};
pub use change::{Change, Kind};
pub use component::component;
pub use draft::Draft;
pub use error::Error;
pub use git::{Commit, Repository};
pub use index::{Broken, Index, Line, What};
pub use measured::{Lines, Measured, Part};
pub use place::{ARCHIVE, ARTIFACTS, INDEX, OURS};
pub use profile::Dimension;
