#![doc = include_str!("../README.md")]

mod calibration;
mod config;
mod formula;
mod host;
mod mapping;
mod otlp;
mod promql;
mod readings;
mod remote_write;
mod wire;

pub use calibration::{Calibration, CalibrationError};
pub use config::Sources;
pub use formula::{Combine, Formula, Formulas, Input};
pub use host::{FIGURES, HostProbe, ProbeError};
pub use mapping::{Mappings, fold};
pub use otlp::{OtlpError, read_otlp_json, read_otlp_protobuf};
pub use promql::{AnswerError, Credentials, Polled, Promql, Query};
pub use readings::{Gathered, Readings};
pub use remote_write::{RemoteWriteError, read_remote_write};
pub use yaml_file::Error;

pub(crate) use mapping::{Mapping, Target};
