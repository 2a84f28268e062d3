//! The bounds of everything that producers and people can send. They are part of the contract.

use std::time::Duration;

/// Longest subject name, in bytes.
pub const SUBJECT_BYTES: usize = 128;
/// Most signals in one sample.
pub const SIGNALS: usize = 32;
/// Longest signal name, in bytes.
pub const SIGNAL_NAME_BYTES: usize = 64;
/// Largest magnitude of a numeric signal: beyond it a double no longer counts in ones.
pub const SIGNAL_MAGNITUDE: f64 = 9_007_199_254_740_992.0;
/// How far ahead of the server's clock a sample's time may be.
pub const AHEAD_SECONDS: i64 = 3_600;
/// Longest JSON text of one sample, in bytes: above what the other limits allow, with room for white space.
pub const SAMPLE_BYTES: usize = 8 * 1024;
/// Longest name of a person who acknowledges or silences, in bytes.
pub const PERSON_BYTES: usize = 128;
/// Longest note on an acknowledgement or a silence, in bytes.
pub const NOTE_BYTES: usize = 1_024;
/// Most silences of a subject that are in force at once.
pub const SILENCES: usize = 16;
/// Shortest silence.
pub const SHORTEST_SILENCE: Duration = Duration::from_mins(1);
/// Longest silence: what is to be quiet for longer is a matter for the rules.
pub const LONGEST_SILENCE: Duration = Duration::from_hours(7 * 24);
/// Longest experiment.
pub const LONGEST_EXPERIMENT: Duration = Duration::from_hours(24);
/// Longest name of an experiment or of a phase, in bytes.
pub const EXPERIMENT_NAME_BYTES: usize = 64;
/// The largest dose of an injection.
pub const LARGEST_DOSE: u8 = 10;
/// A runner that was not heard of for so long is gone, and its experiment over.
pub const RUNNER_LEASE: Duration = Duration::from_secs(15);
/// For so long after the end of an experiment its runner may bring a simulated subject to rest; later samples are of others.
pub const LONGEST_RECOVERY: Duration = Duration::from_mins(10);
/// Largest record of an artifact that is kept in the log, in bytes of its JSON.
pub const ARTIFACT_BYTES: usize = 64 * 1024;
