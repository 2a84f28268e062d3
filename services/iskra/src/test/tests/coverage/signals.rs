use super::Mutants;
use super::conditions::changed;

#[test]
fn derived_signals() {
    let mut mutants = Mutants::new();
    for (place, derived) in mutants.shipped.signals.derived.clone().into_iter().enumerate() {
        let name = &derived.name;
        mutants.add(format!("{name} removed"), |rules| rules.signals.derived.remove(place));
        for (text, when) in changed(&derived.when, &mutants.shipped.signals.vocabulary.clone()) {
            mutants.add(format!("{name} when {text}"), |rules| rules.signals.derived[place].when = when);
        }
        if !derived.hold.is_zero() {
            mutants.add_times(&format!("for of {name}"), |rules| &mut rules.signals.derived[place].hold);
        }
        if !derived.keep.is_zero() {
            mutants.add_times(&format!("keep_for of {name}"), |rules| &mut rules.signals.derived[place].keep);
        }
        if derived.is_told {
            mutants.add(format!("{name} is not told"), |rules| rules.signals.derived[place].is_told = false);
        }
        if derived.duration.is_some() {
            mutants.add(format!("duration of {name}"), |rules| rules.signals.derived[place].duration = None);
        }
    }
    mutants.check(&["signals", "voices"], &[]);
}
