use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::{Draft, SignalValue, Subject, Timestamp, Vital, Vitals};

use crate::Formulas;

mod figures;
mod reading;
#[cfg(test)]
mod tests;

pub use figures::FIGURES;
use figures::{Figures, Memory};
use reading::Reading;

/// Shorter intervals hold too few clock ticks to measure anything.
const SHORTEST_INTERVAL_SECONDS: f64 = 0.1;

/// Measures the host that it runs on.
#[derive(Debug)]
pub struct HostProbe {
    subject: Subject,
    formulas: Formulas,
    proc_root: PathBuf,
    previous: Option<Reading>,
    memory: Memory,
    /// Figures whose absence was told.
    told: BTreeSet<&'static str>,
}

/// Why there is no sample.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The time base is missing: most likely this is not Linux.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The time base is there and says nothing.
    #[error("{} does not say how long the host has been up", path.display())]
    Uptime {
        /// Which file.
        path: PathBuf,
    },
    /// No formula has a single figure to go by.
    #[error("none of the figures that the formulas need can be measured under {}", proc_root.display())]
    NothingMeasured {
        /// Where the figures were looked for.
        proc_root: PathBuf,
    },
}

impl HostProbe {
    /// A probe that has read nothing yet; `proc_root` is `/proc` outside of tests.
    pub const fn new(subject: Subject, formulas: Formulas, proc_root: PathBuf) -> Self {
        let memory = Memory::new();
        Self { subject, formulas, proc_root, previous: None, memory, told: BTreeSet::new() }
    }

    /// Measures since the last call, meant to be about a second ago.
    ///
    /// The first call gives nothing, because most figures are differences; neither does one too soon after the last,
    /// nor the first after the host was restarted under the probe.
    pub fn read(&mut self, now: Timestamp) -> Result<Option<Draft>, ProbeError> {
        let current = Reading::take(&self.proc_root)?;
        let Some(previous) = &self.previous else {
            self.previous = Some(current);
            return Ok(None);
        };
        let seconds = current.uptime - previous.uptime;
        if seconds < 0.0 {
            self.memory = Memory::new();
            self.previous = Some(current);
            return Ok(None);
        }
        if seconds < SHORTEST_INTERVAL_SECONDS {
            return Ok(None);
        }
        let figures = Figures::between(previous, &current, seconds, &mut self.memory);
        self.previous = Some(current);
        self.tell_missing(&figures);
        self.draft(&figures, now).map(Some)
    }

    fn draft(&self, figures: &Figures, now: Timestamp) -> Result<Draft, ProbeError> {
        let mut vitals = Vitals::default();
        for vital in Vital::ALL {
            let formula = self.formulas.get(vital);
            vitals.set(vital, formula.and_then(|formula| formula.score(|name| figures.get(name))));
        }
        if vitals.is_empty() {
            return Err(ProbeError::NothingMeasured { proc_root: self.proc_root.clone() });
        }
        let signals = figures.present().map(|(name, value)| (name.into(), SignalValue::Number(value))).collect();
        Ok(Draft { subject: self.subject.clone(), at: Some(now), vitals, signals })
    }

    /// Says once of each figure that it is missing, and in words why that may be.
    fn tell_missing(&mut self, figures: &Figures) {
        for (name, origin) in FIGURES {
            let needed = Vital::ALL.into_iter().filter_map(|vital| self.formulas.get(vital));
            let is_needed = needed.flat_map(|formula| &formula.inputs).any(|input| input.figure == name);
            if is_needed && figures.get(name).is_none() && self.told.insert(name) {
                tracing::warn!(
                    figure = name,
                    subject = %self.subject,
                    "host figure `{name}` cannot be read from {}/{origin}: vitals are measured without it",
                    self.proc_root.display()
                );
            }
        }
    }
}
