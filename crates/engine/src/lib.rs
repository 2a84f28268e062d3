#![doc = include_str!("../README.md")]

mod actions;
mod artifact;
mod bars;
mod budget;
#[cfg(test)]
mod chronicle;
mod context;
mod counts;
mod derived;
mod engine;
mod escalation;
mod experiments;
mod explain;
mod layout;
mod phase;
mod phrases;
mod polyphony;
mod reason;
#[cfg(test)]
mod rehearsal;
mod silences;
mod simulate;
mod slots;
mod subject;
mod symbols;
mod timer;
mod tones;
mod view;
mod vital;
mod voices;
mod watch;
mod windows;
mod wording;

pub use budget::{BudgetNow, BurnNow};
pub use counts::Counted;
pub use engine::{Engine, Input, RestoreError, Unjudged};
pub use explain::{RuleKind, RuleNow, Suppressed};
pub use simulate::simulate_escalation;
pub use subject::alert_rules;
pub use view::{View, Views};
