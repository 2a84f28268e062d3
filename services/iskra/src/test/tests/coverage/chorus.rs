use std::time::Duration;

use conditions::{Condition, Kind, Range};
use domain::Voice;

use super::Mutants;

/// A condition on what nobody ever sends.
fn never(mutants: &Mutants) -> Condition {
    let mut vocabulary = mutants.shipped.signals.vocabulary.clone();
    vocabulary.add("never_sent", Kind::Flag, Range::ANY);
    Condition::parse("never_sent", &mut vocabulary).unwrap()
}

#[test]
fn every_voice_stands_down() {
    let mut mutants = Mutants::new();
    let never = never(&mutants);
    for voice in Voice::ALL {
        let what = format!("{} never stands down", voice.name());
        mutants.add(what, |rules| rules.voices.voices[voice.index()].stands_down = never.clone());
    }
    mutants.check(&["voices", "signals"], &[]);
}

#[test]
fn how_the_chorus_is_told() {
    let mut mutants = Mutants::new();
    mutants.add("nobody vetoes", |rules| rules.voices.veto.when = never(&Mutants::new()));
    for voice in Voice::ALL {
        if voice != mutants.shipped.voices.polyphony.integrator {
            let what = format!("{} integrates", voice.name());
            mutants.add(what, |rules| rules.voices.polyphony.integrator = voice);
        }
    }
    mutants.add_numbers("told_change", 0.005, |rules| &mut rules.voices.polyphony.told_change);
    mutants.add_times("told_every", |rules| &mut rules.voices.polyphony.told_every);
    mutants.add("told at every change", |rules| rules.voices.polyphony.told_every = Duration::ZERO);
    mutants.check(&["polyphony", "actions", "voices"], &[]);
}
