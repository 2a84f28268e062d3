#![doc = include_str!("../README.md")]

mod calibration;
mod config;
mod formula;
mod host;

pub use calibration::{Calibration, CalibrationError};
pub use config::Sources;
pub use formula::{Combine, Formula, Formulas, Input};
pub use host::{FIGURES, HostProbe, ProbeError};
pub use yaml_file::Error;
