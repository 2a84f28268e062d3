use domain::{Urgency, Voice};

use super::Mutants;
use super::conditions::changed;

#[test]
fn triggers() {
    let mut mutants = Mutants::new();
    for (voice, rule) in mutants.shipped.voices.voices.clone().into_iter().enumerate() {
        for (place, trigger) in rule.triggers.iter().enumerate() {
            let name = &trigger.id;
            mutants.add(format!("{name} removed"), |rules| rules.voices.voices[voice].triggers.remove(place));
            for (text, when) in changed(&trigger.when, &mutants.shipped.signals.vocabulary.clone()) {
                mutants
                    .add(format!("{name} when {text}"), |rules| rules.voices.voices[voice].triggers[place].when = when);
            }
            mutants.add_times(&format!("cooldown of {name}"), |rules| {
                &mut rules.voices.voices[voice].triggers[place].cooldown
            });
            mutants.add(format!("response of {name}"), |rules| {
                rules.voices.voices[voice].triggers[place].response.push('!')
            });
        }
    }
    let not_testable = [
        // Stagnation takes fifteen minutes to come back, the cooldown three.
        "cooldown of pino.2",
        // It lasts only while chaos is below 0.2 anyway.
        "hundun.1 when chaos <= 0.2 ",
        "hundun.1 when chaos < 0.205 ",
        // A readiness is a mean of roundings, and hardly ever just 0.8.
        "iskra.1 when synthesis_readiness >= 0.8",
    ];
    mutants.check(&["voices", "readiness"], &not_testable);
}

#[test]
fn stand_downs() {
    let mut mutants = Mutants::new();
    for (voice, rule) in mutants.shipped.voices.voices.clone().into_iter().enumerate() {
        for (text, when) in changed(&rule.stands_down, &mutants.shipped.signals.vocabulary.clone()) {
            let what = format!("{} stands down when {text}", rule.voice.name());
            mutants.add(what, |rules| rules.voices.voices[voice].stands_down = when);
        }
    }
    mutants.add_times("expiry", |rules| &mut rules.voices.expiry);
    mutants.check(&["voices", "signals"], &[]);
}

#[test]
fn polyphony() {
    let mut mutants = Mutants::new();
    for (voice, rule) in mutants.shipped.voices.voices.clone().into_iter().enumerate() {
        let name = rule.voice.name();
        let last = mutants.shipped.voices.voices.iter().map(|rule| rule.rank).max().unwrap_or_default();
        if rule.rank < last {
            mutants.add(format!("{name} has the last rank"), |rules| rules.voices.voices[voice].rank = last + 1);
        } else {
            mutants.add(format!("{name} has the first rank"), |rules| rules.voices.voices[voice].rank = 0);
        }
        for (place, trigger) in rule.triggers.iter().enumerate() {
            let other = if trigger.urgency == Urgency::Medium { Urgency::Critical } else { Urgency::Medium };
            let what = format!("urgency of {}", trigger.id);
            mutants.add(what, |rules| rules.voices.voices[voice].triggers[place].urgency = other);
        }
    }
    let pairs = |pairs: &[[Voice; 2]]| pairs.iter().map(|pair| pair.map(Voice::name).join("-")).collect::<Vec<_>>();
    for (place, pair) in pairs(&mutants.shipped.voices.polyphony.conflicts).into_iter().enumerate() {
        mutants.add(format!("conflict {pair}"), |rules| rules.voices.polyphony.conflicts.remove(place));
    }
    for (place, pair) in pairs(&mutants.shipped.voices.polyphony.synergies).into_iter().enumerate() {
        mutants.add(format!("synergy {pair}"), |rules| rules.voices.polyphony.synergies.remove(place));
    }
    mutants.add_numbers("conflict_from", 0.005, |rules| &mut rules.voices.polyphony.conflict_from);
    mutants.add_numbers("conflict_hysteresis", 0.005, |rules| &mut rules.voices.polyphony.conflict_hysteresis);
    mutants.add("synergies of half active voices", |rules| rules.voices.polyphony.synergy_above -= 0.01);
    mutants.add("synergies of fully active voices", |rules| rules.voices.polyphony.synergy_above += 0.2);
    mutants.add("one voice is several", |rules| rules.voices.polyphony.multiple_from -= 1);
    mutants.add("two voices are not several", |rules| rules.voices.polyphony.multiple_from += 1);
    mutants.check(&["polyphony", "voices", "readiness"], &[]);
}

#[test]
fn symbols() {
    let mut mutants = Mutants::new();
    for (place, symbol) in mutants.shipped.symbols.clone().into_iter().enumerate() {
        let name = &symbol.id;
        mutants.add(format!("{name} removed"), |rules| rules.symbols.remove(place));
        for (text, when) in changed(&symbol.when, &mutants.shipped.signals.vocabulary.clone()) {
            mutants.add(format!("{name} when {text}"), |rules| rules.symbols[place].when = when);
        }
        let other = if symbol.voice == Voice::Kayn { Voice::Iskra } else { Voice::Kayn };
        mutants.add(format!("{name} by {}", other.name()), |rules| rules.symbols[place].voice = other);
        mutants.add(format!("{name} oftener in a row"), |rules| rules.symbols[place].in_a_row += 1);
        mutants.add(format!("{name} less often in a row"), |rules| rules.symbols[place].in_a_row -= 1);
        if let Some(an_hour) = symbol.an_hour {
            mutants.add(format!("{name} oftener an hour"), |rules| rules.symbols[place].an_hour = Some(an_hour + 1));
            mutants.add(format!("{name} less often an hour"), |rules| rules.symbols[place].an_hour = Some(an_hour - 1));
        }
    }
    mutants.check(&["symbols"], &[]);
}

#[test]
fn tones() {
    let mut mutants = Mutants::new();
    let tones = mutants.shipped.tones.clone();
    for (place, tone) in tones.iter().enumerate() {
        let name = &tone.id;
        mutants.add(format!("{name} removed"), |rules| rules.tones.remove(place));
        for (text, when) in changed(&tone.when, &mutants.shipped.signals.vocabulary.clone()) {
            mutants.add(format!("{name} when {text}"), |rules| rules.tones[place].when = when);
        }
        let other = if tone.voice == Voice::Hundun { Voice::Kayn } else { Voice::Hundun };
        mutants.add(format!("{name} by {}", other.name()), |rules| rules.tones[place].voice = other);
    }
    for (place, pair) in tones.windows(2).enumerate() {
        mutants.add(format!("{} after {}", pair[0].id, pair[1].id), |rules| rules.tones.swap(place, place + 1));
    }
    // More clarity than 0.8 and less than 0.7 at once there is not.
    mutants.check(&["tones"], &["recovery after structuring"]);
}
