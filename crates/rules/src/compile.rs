//! Makes [`Rules`](crate::Rules) of what is written, one module for each file, and tells whatever is wrong with it.
//!
//! A value that cannot be read is replaced for the time being, or left out, so that the rest is still looked at: what
//! comes out counts only if there are no findings.

pub(crate) mod actions;
pub(crate) mod bands;
mod edges;
pub(crate) mod escalation;
mod implied;
mod names;
mod numbers;
mod objectives;
mod polyphony;
pub(crate) mod signals;
pub(crate) mod states;
pub(crate) mod titles;
pub(crate) mod voices;

pub(crate) use names::Names;
