use domain::SeamKind;

use super::Mutants;
use super::conditions::changed;

#[test]
fn states() {
    let mut mutants = Mutants::new();
    let states = mutants.shipped.states.list.clone();
    for (place, state) in states.iter().enumerate() {
        let name = &state.id;
        mutants.add(format!("{name} removed"), |rules| rules.states.list.remove(place));
        for (text, when) in changed(&state.when, &mutants.shipped.signals.vocabulary.clone()) {
            mutants.add(format!("{name} when {text}"), |rules| rules.states.list[place].when = when);
        }
        let other = if state.into == SeamKind::Bridge { SeamKind::Pause } else { SeamKind::Bridge };
        mutants.add(format!("into {name}"), |rules| rules.states.list[place].into = other);
        mutants.add(format!("out of {name}"), |rules| {
            let out = &mut rules.states.list[place].out;
            *out = if out.is_some() { None } else { Some(SeamKind::Reset) };
        });
    }
    for (place, pair) in states.windows(2).enumerate() {
        let what = format!("{} after {}", pair[0].id, pair[1].id);
        mutants.add(what, |rules| rules.states.list.swap(place, place + 1));
    }
    mutants.add_times("dwell", |rules| &mut rules.states.dwell);
    mutants.add_numbers("strong_from", 0.0005, |rules| &mut rules.states.strong_from);
    mutants.add_numbers("reach", 0.0015, |rules| &mut rules.states.bifurcation_reach);
    mutants.add_times("cooldown of bifurcations", |rules| &mut rules.states.bifurcation_cooldown);
    // Those pairs have nothing in common that is not a state before them.
    let exclusive = [
        "CHAOTIC_CREATION after CRYSTALLIZATION",
        "CRYSTALLIZATION after CREATIVE_INTEGRATION",
        "HARMONIOUS_FLOW after CREATIVE_TENSION",
    ];
    mutants.check(&["states"], &exclusive);
}
