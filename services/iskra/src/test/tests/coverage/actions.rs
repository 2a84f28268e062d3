use domain::Priority;
use rules::Interference;

use super::Mutants;
use super::conditions::changed;

#[test]
fn actions() {
    let mut mutants = Mutants::new();
    for (place, action) in mutants.shipped.actions.list.clone().into_iter().enumerate() {
        let name = &action.id;
        mutants.add(format!("{name} removed"), |rules| rules.actions.list.remove(place));
        for (text, when) in changed(&action.when, &mutants.shipped.signals.vocabulary.clone()) {
            mutants.add(format!("{name} when {text}"), |rules| rules.actions.list[place].when = when);
        }
        mutants.add_times(&format!("cooldown of {name}"), |rules| &mut rules.actions.list[place].cooldown);
        if action.lasts != action.cooldown {
            mutants.add_times(&format!("{name} lasts"), |rules| &mut rules.actions.list[place].lasts);
        }
        mutants.add(format!("{name} of another priority"), |rules| {
            let priority = &mut rules.actions.list[place].priority;
            *priority = if *priority == Priority::P0 { Priority::P1 } else { Priority::P0 };
        });
        for parameter in action.parameters.keys() {
            mutants.add(format!("{name} without {parameter}"), |rules| {
                rules.actions.list[place].parameters.remove(parameter)
            });
            mutants.add(format!("{name} with more {parameter}"), |rules| {
                rules.actions.list[place].parameters.entry(parameter.clone()).and_modify(|number| *number += 1.0);
            });
        }
        mutants.add(format!("{name} oftener an hour"), |rules| rules.actions.list[place].an_hour += 1);
        mutants.add(format!("{name} less often an hour"), |rules| rules.actions.list[place].an_hour -= 1);
        for voice in 0..action.voices.len() {
            let what = format!("{name} without {}", action.voices[voice].name());
            mutants.add(what, |rules| rules.actions.list[place].voices.remove(voice));
        }
        mutants.add(format!("{name} reaches as far"), |rules| {
            let reaches_outside = &mut rules.actions.list[place].reaches_outside;
            *reaches_outside = !*reaches_outside;
        });
        if action.reaches_outside {
            mutants.add(format!("{name} is tried dry"), |rules| rules.actions.list[place].is_dry_run = false);
        }
        for other in [None, Some(Interference::Stop), Some(Interference::Pause)] {
            if other != action.experiments {
                mutants.add(format!("{name} and experiments: {other:?}"), |rules| {
                    rules.actions.list[place].experiments = other;
                });
            }
        }
        mutants.add(format!("{name} and the veto"), |rules| {
            let obeys_veto = &mut rules.actions.list[place].obeys_veto;
            *obeys_veto = !*obeys_veto;
        });
    }
    for (group, actions) in mutants.shipped.actions.exclusive.clone().into_iter().enumerate() {
        for place in 0..actions.len() {
            mutants.add("exclusive actions", |rules| rules.actions.exclusive[group].remove(place));
        }
    }
    mutants.add("actions switched off", |rules| rules.actions.is_enabled = false);
    for (text, when) in changed(&mutants.shipped.voices.veto.when.clone(), &mutants.shipped.signals.vocabulary.clone())
    {
        mutants.add(format!("veto when {text}"), |rules| rules.voices.veto.when = when);
    }
    // Their cooldowns alone see to it that they are not taken oftener.
    let kept_by_cooldowns = [
        "stimulate_creative_chaos oftener an hour",
        "stabilize_system oftener an hour",
        "emergency_recovery oftener an hour",
    ];
    mutants.check(&["actions", "experiments"], &kept_by_cooldowns);
}
