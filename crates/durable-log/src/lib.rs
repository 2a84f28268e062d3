#![doc = include_str!("../README.md")]

mod artifacts;
mod bus;
mod clock;
#[cfg(feature = "contract")]
pub mod contract;
mod cursor;
mod entry;
mod error;
mod events;
mod experiments;
mod follower;
mod history;
mod log;
mod past;
mod samples;
mod share;

pub use artifacts::ArtifactFilter;
pub use bus::{Bus, BusState, Hint, Subscription};
pub use clock::Clock;
pub use cursor::{Cursor, CursorError, Epoch};
pub use entry::{Batch, Body, Entry, Partition, partition_of};
pub use error::LogError;
pub use events::{EventFilter, Order};
pub use experiments::ExperimentFilter;
pub use follower::{Followed, Follower};
pub use history::{Bucket, History, HistoryPoint, HistoryQuery, Resolution};
pub use log::{AlertFilter, Appended, EngineCommit, EngineState, Fence, Log, Member, Outcome, Snapshot, SubjectNow};
pub use past::{Past, PastQuery, TELLING, alert_then};
pub use samples::{SampleEntry, SamplesQuery};
pub use share::divide;
