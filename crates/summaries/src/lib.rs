#![doc = include_str!("../README.md")]

mod fold;
mod grain;
mod pieces;
mod run;
mod sum;
mod summing;

pub use fold::Fold;
pub use grain::{Grain, align};
pub use pieces::{Piece, pieces};
pub use run::{Run, RunKey, Unreadable, read_run};
pub use sum::{Sum, Sums, measured};
pub use summing::Summing;
