mod alerts;
mod artifacts;
mod blocking;
mod entries;
mod events;
mod experiments;
mod history;
mod past;
mod rows;
mod samples;
mod snapshot;

pub(crate) use alerts::{alert, alerts};
pub(crate) use artifacts::{artifact, artifacts};
pub(crate) use blocking::{KEEPING, read, unreadable};
pub(crate) use entries::{entries, heads, size_bytes};
pub(crate) use events::events;
pub(crate) use experiments::{experiment, experiments};
pub(crate) use history::{history, measured_in_order};
pub(crate) use past::past;
pub(crate) use rows::{number, subject, time, vitals};
pub(crate) use samples::samples;
pub(crate) use snapshot::{engine_state, snapshot, subject_state, subject_states};

/// Most rows of any one answer, whatever was asked for.
const MOST_ROWS: u32 = 100_000;
