use crate::rehearsal::{Rehearsal, moment};

mod activation;
mod chorus;
mod conflict;
mod properties;
mod rows;
mod story;

const VOICE: &[&str] = &["voice"];
type Values = &'static [(&'static str, f64)];

const UNKNOWN: f64 = f64::NAN;

/// The shipped rules, with actions switched off: they activate voices as well.
fn without_actions() -> rules::Rules {
    let mut rules = rules::Rules::built_in();
    rules.actions.is_enabled = false;
    rules
}
