use std::time::Duration;

use domain::{Priority, Text};

/// What share of the time vitals should be inside their OK zones.
#[derive(Clone, Debug, PartialEq)]
pub struct Objectives {
    /// The share, from 0 to 1, for each vital in the order of `Vital::ALL`.
    pub shares: [f64; 4],
    /// Over how long.
    pub period: Duration,
    /// A window counts when so much of it was measured, from 0 to 1: of less, nothing is known.
    pub measured: f64,
    /// When a budget is being used up too fast, the fastest first.
    pub burns: Vec<Burn>,
}

/// One pair of windows. The alert fires while the budget burns faster than the factor in both of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Burn {
    /// The ending of the rule's id, e.g. `burn_1h`: with the vital `pain_burn_1h`.
    pub id: String,
    /// The ending of the alert's name, e.g. `Burn1h`: with the vital `PainBurn1h`.
    pub alert: String,
    /// So many times faster than the budget lasts.
    pub factor: f64,
    /// Long enough to matter, already scaled from 30 days to the period.
    pub long: Duration,
    /// Short enough to end soon when it is over, already scaled.
    pub short: Duration,
    /// How urgent.
    pub priority: Priority,
    /// Why it matters.
    pub reason: Text,
    /// What to do first.
    pub recommendation: Text,
}
