mod alerts;
mod entries;
mod history;
mod pieces;
mod rows;
mod snapshot;

pub(crate) use alerts::{alert, alerts};
pub(crate) use entries::{entries, heads};
pub(crate) use history::history;
pub(crate) use pieces::Grain;
pub(crate) use rows::{number, subject, time, vitals};
pub(crate) use snapshot::{engine_state, snapshot};

/// Most rows of any one answer, whatever was asked for.
const MOST_ROWS: u32 = 100_000;
