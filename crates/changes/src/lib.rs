#![doc = include_str!("../README.md")]

mod change;
mod component;
mod draft;
mod entropy;
mod error;
mod git;
mod measured;
mod place;
mod profile;
#[cfg(test)]
mod throwaway;

pub use change::{Change, Kind};
pub use component::component;
pub use draft::Draft;
pub use error::Error;
pub use git::{Commit, Repository};
pub use measured::{Lines, Measured, Part};
pub use place::{ARCHIVE, ARTIFACTS, OURS};
pub use profile::Dimension;
