#![doc = include_str!("../README.md")]

mod action;
mod alert;
mod artifact;
mod draft;
mod event;
mod experiment;
mod level;
pub mod limits;
mod presence;
mod sample;
mod seam;
mod silence;
mod subject;
mod text;
mod time;
mod vital;
mod voice;

pub use action::{Action, Delivery, Reach, Suppression};
pub use alert::{Acknowledgement, Alert, AlertState, Channel, Escalation, EscalationStep, HeldBy, Notification};
pub use artifact::{About, Artifact, ArtifactStatus};
pub use draft::{Draft, Rejection, RejectionCode, is_signal_name};
pub use event::{AlertChange, Command, Event, EventBody};
pub use experiment::{Experiment, ExperimentChange, ExperimentEnd, Outcome, Simulated, StopCondition};
pub use level::{Level, Light, Priority, Side, Verdict, VitalVerdict};
pub use presence::{Presence, ToneNow};
pub use sample::{Sample, SignalValue, Signals};
pub use seam::{Seam, SeamKind, StateNow};
pub use silence::{Silence, SilenceChange, SilenceEnd};
pub use subject::{Subject, SubjectError};
pub use text::{Language, Text};
pub use time::Timestamp;
pub use vital::{Score, Vital, Vitals};
pub use voice::{Activation, Chorus, Conflict, Mood, StoodDown, Synergy, Urgency, Voice, VoiceNow};
