#![doc = include_str!("../README.md")]

mod compile;
mod edit;
mod error;
mod files;
mod live;
mod load;
mod rules;
#[cfg(test)]
mod tests;
mod written;

pub use edit::{Moved, NotMoved};
pub use error::{Brief, Error};
pub use files::{FILES, Files};
pub use live::{LiveRules, Refused};
pub use load::Loaded;
pub use rules::{
    ActionRule, Actions, Band, Burn, Derived, Edge, EngineSlots, EscalationRules, Interference, Objectives, Polyphony,
    Rules, Signals, Staleness, StateRule, States, SubjectPattern, Symbol, Tone, Trigger, Veto, VoiceRule, Voices,
    Webhook, Window, next_in_week,
};
pub use written::{TextFile, parse_moment};
