use std::time::Duration;

use conditions::Condition;
use domain::{SeamKind, Text};

/// The phases of a subject. The first whose condition holds is its state; else `UNKNOWN`.
#[derive(Clone, Debug, PartialEq)]
pub struct States {
    /// In order.
    pub list: Vec<StateRule>,
    /// How the state is shown that is none of them.
    pub unknown: Text,
    /// How long another state must hold before the seam is drawn, if it does not say so itself.
    pub dwell: Duration,
    /// From this intensity on a seam is strong.
    pub strong_from: f64,
    /// How near other states must be for a bifurcation: so much may each vital move.
    pub bifurcation_reach: f64,
    /// A bifurcation is not told again for so long.
    pub bifurcation_cooldown: Duration,
}

impl States {
    /// How long `state` must hold before the seam into it is drawn; without one, `UNKNOWN`.
    pub fn dwell(&self, state: Option<&StateRule>) -> Duration {
        state.and_then(|state| state.dwell).unwrap_or(self.dwell)
    }
}

/// One phase.
#[derive(Clone, Debug, PartialEq)]
pub struct StateRule {
    /// Its name, e.g. `CRISIS_MODE`.
    pub id: String,
    /// How it is shown.
    pub name: Text,
    /// When.
    pub when: Condition,
    /// How long it must hold before the seam into it is drawn, if not as long as others.
    pub dwell: Option<Duration>,
    /// The kind of a seam into it.
    pub into: SeamKind,
    /// The kind of a seam out of it, whatever comes after.
    pub out: Option<SeamKind>,
}
