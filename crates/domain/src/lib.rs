#![doc = include_str!("../README.md")]

mod alert;
mod draft;
mod event;
mod level;
pub mod limits;
mod sample;
mod subject;
mod text;
mod time;
mod vital;

pub use alert::{Acknowledgement, Alert, AlertState, Notification};
pub use draft::{Draft, Rejection, RejectionCode};
pub use event::{AlertChange, Command, Event, EventBody};
pub use level::{Level, Light, Priority, Side, Verdict, VitalVerdict};
pub use sample::{Sample, SignalValue, Signals};
pub use subject::{Subject, SubjectError};
pub use text::{Language, Text};
pub use time::Timestamp;
pub use vital::{Score, Vital, Vitals};
