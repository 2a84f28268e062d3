use domain::{Priority, Vital};

use super::Mutants;

#[test]
fn objectives() {
    let mut mutants = Mutants::new();
    for vital in Vital::ALL {
        let what = format!("share of {vital}");
        mutants.add_numbers(&what, 0.001, |rules| &mut rules.objectives.shares[vital.index()]);
    }
    mutants.add("a longer period", |rules| rules.objectives.period *= 2);
    mutants.add("a shorter period", |rules| rules.objectives.period /= 2);
    mutants.add_numbers("measured", 0.02, |rules| &mut rules.objectives.measured);
    mutants.check(&["objectives"], &[]);
}

#[test]
fn burns() {
    let mut mutants = Mutants::new();
    for (place, burn) in mutants.shipped.objectives.burns.clone().into_iter().enumerate() {
        let what = &burn.id;
        mutants.add(format!("{what} removed"), |rules| rules.objectives.burns.remove(place));
        mutants.add_numbers(&format!("factor of {what}"), burn.factor / 20.0, |rules| {
            &mut rules.objectives.burns[place].factor
        });
        mutants
            .add(format!("{what} over a longer time"), |rules| rules.objectives.burns[place].long = burn.long * 3 / 2);
        mutants
            .add(format!("{what} over a shorter time"), |rules| rules.objectives.burns[place].long = burn.long * 2 / 3);
        mutants.add(format!("{what} ends later"), |rules| rules.objectives.burns[place].short = burn.short * 2);
        mutants.add(format!("{what} ends sooner"), |rules| rules.objectives.burns[place].short = burn.short / 2);
        mutants.add(format!("{what} of another priority"), |rules| {
            let priority = &mut rules.objectives.burns[place].priority;
            *priority = if *priority == Priority::P1 { Priority::P2 } else { Priority::P1 };
        });
    }
    mutants.check(&["objectives"], &[]);
}
