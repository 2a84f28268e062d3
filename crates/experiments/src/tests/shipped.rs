use std::time::Duration;

use domain::{Vital, Voice};

use super::*;

#[test]
fn all_that_are_shipped_pass() {
    for (name, text) in SHIPPED {
        let report = run(text);
        assert!(report.passed, "{}", report.markdown(Language::En));
        assert_eq!(report.name, name);
        let artifact = report.artifact.unwrap();
        assert_eq!(artifact.status, domain::ArtifactStatus::Ok, "{:?}", artifacts::check_value(&artifact.record));
    }
}

#[test]
fn the_folder_has_no_others() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/experiments");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut shipped = SHIPPED.map(|(name, _)| name).to_vec();
    names.sort_unstable();
    shipped.sort_unstable();
    assert_eq!(names, shipped);
}

#[test]
fn the_same_file_and_seed_give_the_same_report_to_the_byte() {
    let written = |text: &str| {
        let report = run(text);
        let json = serde_json::to_string(&report).unwrap();
        (json, report.markdown(Language::En), report.markdown(Language::Ru))
    };
    for (name, text) in SHIPPED {
        assert_eq!(written(text), written(text), "{name}");
    }
    let (_, demo) = SHIPPED[6];
    assert_ne!(written(demo).0, written(&demo.replace("seed: 7", "seed: 8")).0);
}

/// Each shipped experiment notices when what it is about is not there any more.
#[test]
fn each_fails_without_its_rules() {
    type Change = fn(&mut Rules);
    let changes: [(&str, &str, Change); 28] = [
        ("stagnation-to-creative", "no patience of clarity", |rules| {
            edge(rules, "clarity_warn_high").hold = TWO_MINUTES
        }),
        ("stagnation-to-creative", "no patience of chaos", |rules| edge(rules, "chaos_block_low").hold = TWO_MINUTES),
        ("stagnation-to-creative", "clarity has no upper WARN", |rules| edge(rules, "clarity_warn_high").at = 2.0),
        ("stagnation-to-creative", "chaos has no lower BLOCK", |rules| edge(rules, "chaos_block_low").at = -1.0),
        ("stagnation-to-creative", "no standstill", |rules| never(derived(rules, "stagnation_detected"))),
        ("stagnation-to-creative", "Pino is not called", |rules| drop(triggers(rules, Voice::Pino).pop())),
        ("stagnation-to-creative", "Pino does not play", |rules| drop(triggers(rules, Voice::Pino).remove(0))),
        ("stagnation-to-creative", "no Hundun", |rules| triggers(rules, Voice::Hundun).clear()),
        ("stagnation-to-creative", "no Iskra", |rules| triggers(rules, Voice::Iskra).clear()),
        ("stagnation-to-creative", "no BALANCED", |rules| without_state(rules, "BALANCED")),
        ("stagnation-to-creative", "no CRYSTALLIZATION", |rules| without_state(rules, "CRYSTALLIZATION")),
        ("stagnation-to-creative", "no CHAOTIC_STIMULATION", |rules| without_state(rules, "CHAOTIC_STIMULATION")),
        ("stagnation-to-creative", "no CREATIVE_TENSION", |rules| without_state(rules, "CREATIVE_TENSION")),
        ("stagnation-to-creative", "no CREATIVE_INTEGRATION", |rules| without_state(rules, "CREATIVE_INTEGRATION")),
        ("trust-collapse", "trust is never critical", |rules| edge(rules, "trust_critical_low").at = -1.0),
        ("trust-collapse", "nobody acknowledges for long", |rules| {
            rules.escalation.acknowledge_timeouts = [Duration::from_mins(3); 3]
        }),
        ("trust-collapse", "no care", |rules| without_action(rules, "activate_anhantra_empathy")),
        ("trust-collapse", "no Kayn", |rules| triggers(rules, Voice::Kayn).clear()),
        ("ethical-violation", "no guardian", |rules| triggers(rules, Voice::Iskriv).clear()),
        ("ethical-violation", "nothing stands", |rules| never(derived(rules, "ethical_violation_stands"))),
        ("emotional-overload", "no emergency", |rules| without_action(rules, "emergency_recovery")),
        ("emotional-overload", "the emergency stops nothing", |rules| {
            action(rules, "emergency_recovery").experiments = None
        }),
        ("voice-conflict", "no conflicts", |rules| rules.voices.polyphony.conflicts.clear()),
        ("voice-conflict", "no Anhantra", |rules| triggers(rules, Voice::Anhantra).clear()),
        ("data-loss", "more patience", |rules| rules.staleness.after = Duration::from_mins(4)),
        ("data-loss", "less patience", |rules| rules.staleness.after = Duration::from_secs(30)),
        ("demo", "trust is never critical", |rules| edge(rules, "trust_critical_low").at = -1.0),
        ("demo", "nobody is told", |rules| rules.escalation.chains.iter_mut().for_each(Vec::clear)),
    ];
    for (name, what, change) in changes {
        let (_, text) = SHIPPED.into_iter().find(|(shipped, _)| *shipped == name).unwrap();
        let mut script = Script::parse(name, text, &RULES).unwrap();
        let mut rules = Rules::clone(&script.rules);
        change(&mut rules);
        assert_ne!(rules, *script.rules, "{what} changes nothing");
        script.rules = Arc::new(rules);
        assert!(!Simulation::new(Arc::new(script), "Ann").finish().passed, "{name} passes where {what}");
    }
}

const TWO_MINUTES: Duration = Duration::from_mins(2);

fn edge<'a>(rules: &'a mut Rules, name: &str) -> &'a mut rules::Edge {
    rules.bands.iter_mut().flat_map(|band| &mut band.edges).find(|edge| edge.rule == name).unwrap()
}

fn derived<'a>(rules: &'a mut Rules, name: &str) -> &'a mut rules::Derived {
    rules.signals.derived.iter_mut().find(|signal| signal.name == name).unwrap()
}

/// What would have to hold for a year does not.
fn never(signal: &mut rules::Derived) {
    signal.hold = Duration::from_hours(24 * 365);
}

fn triggers(rules: &mut Rules, voice: Voice) -> &mut Vec<rules::Trigger> {
    &mut rules.voices.voices.iter_mut().find(|rule| rule.voice == voice).unwrap().triggers
}

fn action<'a>(rules: &'a mut Rules, id: &str) -> &'a mut rules::ActionRule {
    rules.actions.list.iter_mut().find(|action| action.id == id).unwrap()
}

fn without_action(rules: &mut Rules, id: &str) {
    rules.actions.list.retain(|action| action.id != id);
}

fn without_state(rules: &mut Rules, id: &str) {
    rules.states.list.retain(|state| state.id != id);
}

#[test]
fn the_first_experiment_has_every_row_of_its_table() {
    let report = run(SHIPPED[0].1);
    let delta = &report.artifact.unwrap().record["delta"];
    let change = |vital: Vital| delta[vital.name()]["change"].as_f64().unwrap();
    assert_eq!(Vital::ALL.map(change), [-0.12, 0.27, 0.07, 0.03]);
    let rows = [0.0, 15.0, 20.0, 25.0, 30.0, 35.0, 45.0, 50.0, 60.0, 75.0, 90.0, 140.0];
    for minute in rows {
        // What happens at a moment may be looked at within the next half minute.
        let is_near = |check: &&Checked| (0.0..=30.0).contains(&(check.at_seconds - minute * 60.0));
        assert!(
            report.checks.iter().any(|check| is_near(&check) && check.line > 0),
            "nothing is looked at in minute {minute}"
        );
    }
}
