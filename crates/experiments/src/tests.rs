use std::sync::{Arc, LazyLock};

use domain::Language;
use rules::Rules;

use super::*;

mod late;
mod mistakes;
mod runs;
mod shipped;

static RULES: LazyLock<Arc<Rules>> = LazyLock::new(|| Arc::new(Rules::built_in()));

fn script(text: &str) -> Arc<Script> {
    Arc::new(Script::parse("experiment.yml", text, &RULES).unwrap_or_else(|error| panic!("{error}")))
}

fn run(text: &str) -> Report {
    Simulation::new(script(text), "Ann").finish()
}

/// An experiment with these fields besides the needed ones.
fn experiment(more: &str) -> String {
    let mut text = "\
name: small
title: { en: Small, ru: Малый }
hypothesis: { en: It works., ru: Это работает. }
subject: lab
"
    .to_owned();
    for (field, default) in [
        ("simulated:", "simulated: inbox"),
        ("lasts:", "lasts: 60s"),
        ("phases:", "phases: [{ name: calm, at: 0s }]"),
        ("samples:", "samples: [{ at: 0s, clarity: 0.75, chaos: 0.45, trust: 0.75, pain: 0.30 }]"),
        ("expect:", "expect: [{ at: 10s, light: green }]"),
    ] {
        if !more.lines().any(|line| line.starts_with(field)) {
            text.push_str(default);
            text.push('\n');
        }
    }
    text + more
}
