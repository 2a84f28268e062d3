#![doc = include_str!("../README.md")]

mod compile;
mod file;
mod noise;
mod report;
mod run;
mod script;
mod shipped;
mod simulation;
#[cfg(test)]
mod tests;

pub use report::{Checked, Figures, Kept, Measured, Report};
pub use run::{Input, Progress, Run};
pub use script::{Phase, Recovery, Script, Target};
pub use shipped::SHIPPED;
pub use simulation::Simulation;
