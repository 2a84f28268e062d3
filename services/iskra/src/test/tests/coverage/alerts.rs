use domain::{Channel, Priority, Side};

use super::Mutants;

#[test]
fn bands() {
    let mut mutants = Mutants::new();
    for band in mutants.shipped.bands.clone() {
        let vital = band.vital.index();
        for (place, edge) in band.edges.iter().enumerate() {
            mutants.add(format!("{} removed", edge.rule), |rules| rules.bands[vital].edges.remove(place));
            mutants.add(format!("{} on its edge", edge.rule), |rules| {
                let inclusive = &mut rules.bands[vital].edges[place].inclusive;
                *inclusive = !*inclusive;
            });
            mutants.add_numbers(&edge.rule, 0.0015, |rules| &mut rules.bands[vital].edges[place].at);
            mutants.add_times(&format!("for of {}", edge.rule), |rules| &mut rules.bands[vital].edges[place].hold);
        }
        mutants
            .add_numbers(&format!("hysteresis of {}", band.vital), 0.002, |rules| &mut rules.bands[vital].hysteresis);
        mutants.add_times(&format!("cooldown of {}", band.vital), |rules| &mut rules.bands[vital].cooldown);
    }
    mutants.check(&["bands", "alerts"], &[]);
}

#[test]
fn what_keeps_alerts_open() {
    let mut mutants = Mutants::new();
    for side in [Side::Low, Side::High] {
        for priority in Priority::ALL {
            let edges = mutants.shipped.bands.iter().flat_map(|band| &band.edges);
            if edges.filter(|edge| (edge.side, edge.priority) == (side, priority)).count() == 0 {
                continue;
            }
            mutants.add(format!("{priority:?} {side:?} keeps firing"), |rules| {
                for edge in rules.bands.iter_mut().flat_map(|band| &mut band.edges) {
                    if (edge.side, edge.priority) == (side, priority) {
                        edge.keep_firing = std::time::Duration::from_secs(1);
                    }
                }
            });
        }
    }
    mutants.add_times("minimum hold", |rules| &mut rules.minimum_hold);
    mutants.add_times("staleness", |rules| &mut rules.staleness.after);
    mutants.add("staleness is P0", |rules| rules.staleness.priority = Priority::P0);
    mutants.add("staleness is P2", |rules| rules.staleness.priority = Priority::P2);
    mutants.check(&["alerts", "escalation"], &[]);
}

#[test]
fn escalation() {
    let mut mutants = Mutants::new();
    for (chain, priority) in Priority::ALL.into_iter().enumerate() {
        let steps = mutants.shipped.escalation.chains[chain].clone();
        for place in 0..steps.len() {
            let what = format!("{} step {}", priority.name(), place + 1);
            if steps.len() > 1 {
                mutants.add(format!("{what} removed"), |rules| rules.escalation.chains[chain].remove(place));
            }
            mutants.add(format!("{what}: role"), |rules| rules.escalation.chains[chain][place].role.push('!'));
            mutants.add(format!("{what}: channels"), |rules| {
                let channels = &mut rules.escalation.chains[chain][place].channels;
                if channels.pop().is_none() {
                    channels.push(Channel::Email);
                }
            });
            if place > 0 {
                mutants.add(format!("{what} + 1s"), |rules| rules.escalation.chains[chain][place].after_seconds += 1);
                mutants.add(format!("{what} - 1s"), |rules| rules.escalation.chains[chain][place].after_seconds -= 1);
            }
        }
        let what = format!("acknowledgements of {}", priority.name());
        mutants.add_times(&what, |rules| &mut rules.escalation.acknowledge_timeouts[chain]);
    }
    for place in 0..mutants.shipped.escalation.maintenance.len() {
        mutants.add("maintenance removed", |rules| rules.escalation.maintenance.remove(place));
        mutants.add_times("maintenance begins", |rules| &mut rules.escalation.maintenance[place].begins);
        mutants.add_times("maintenance lasts", |rules| &mut rules.escalation.maintenance[place].lasts);
        for priority in Priority::ALL {
            mutants.add(format!("maintenance and {}", priority.name()), |rules| {
                let mutes = &mut rules.escalation.maintenance[place].mutes;
                match mutes.iter().position(|muted| *muted == priority) {
                    Some(muted) => _ = mutes.remove(muted),
                    None => mutes.push(priority),
                }
            });
        }
    }
    for place in 0..mutants.shipped.escalation.chaos.len() {
        mutants.add("chaos window removed", |rules| rules.escalation.chaos.remove(place));
        mutants.add_times("chaos window begins", |rules| &mut rules.escalation.chaos[place].begins);
        mutants.add_times("chaos window lasts", |rules| &mut rules.escalation.chaos[place].lasts);
    }
    for (place, pattern) in mutants.shipped.escalation.anytime.clone().into_iter().enumerate() {
        let what = format!("experiments on {}", pattern.name);
        mutants.add(format!("{what} removed"), |rules| rules.escalation.anytime.remove(place));
        mutants.add(format!("{what}: as a beginning, or not"), |rules| {
            let is_beginning = &mut rules.escalation.anytime[place].is_beginning;
            *is_beginning = !*is_beginning;
        });
    }
    mutants.check(&["escalation", "experiments"], &[]);
}
