use std::time::Duration;

use domain::{Command, Event, EventBody, Experiment, ExperimentChange, ExperimentEnd, Outcome, Text, Timestamp};

use super::*;

fn check<'a>(report: &'a Report, what: &str) -> &'a Checked {
    report.checks.iter().find(|check| check.what == what).unwrap()
}

/// The moments, in seconds, and doses that the engine is told of when something changes.
fn doses(text: &str) -> Vec<(u64, String, u8)> {
    let mut simulation = Simulation::new(script(text), "Ann");
    let from = simulation.now();
    let mut doses: Vec<(u64, String, u8)> = Vec::new();
    while simulation.due().is_some() {
        simulation.step();
        let Some(experiment) = simulation.run().experiment().filter(|experiment| experiment.ended.is_none()) else {
            continue;
        };
        let now = (simulation.now().since(from).as_secs(), experiment.phase.clone(), experiment.dose);
        if doses.last().is_none_or(|last| (&last.1, last.2) != (&now.1, now.2)) {
            doses.push(now);
        }
    }
    doses
}

#[test]
fn a_dose_lasts_as_long_as_it_says_or_until_the_next_phase() {
    let text = experiment(
        "phases: [{ name: a, at: 5s, dose: 3, lasts: 7s }, { name: b, at: 20s, dose: 2 }, { name: c, at: 31s }]\n",
    );
    let told = doses(&text);
    let told: Vec<_> = told.iter().map(|(at, phase, dose)| (*at, phase.as_str(), *dose)).collect();
    assert_eq!(told, [(0, "", 0), (5, "a", 3), (12, "a", 0), (20, "b", 2), (31, "c", 0)]);
}

#[test]
fn a_dose_ends_when_what_it_is_for_has_been_held() {
    let text = |trust: &str| {
        experiment(&format!(
            "phases: [{{ name: a, at: 5s, dose: 3, reached: {{ chaos: 0.45, trust: {trust}, held: 8s }} }}]\n\
             samples: [{{ at: 0s, chaos: 0.30, trust: 0.70, pain: 0.3 }}, {{ at: 10s, chaos: 0.45 }}, {{ at: 14s, chaos: 0.46 }}, {{ at: 20s, chaos: 0.45 }}]\n"
        ))
    };
    let told = doses(&text("0.70"));
    assert_eq!(told.last(), Some(&(28, "a".to_owned(), 0)), "{told:?}");
    let report = run(&text("0.70"));
    assert!(report.passed, "{}", report.markdown(Language::En));
    let missed = run(&text("0.80"));
    assert!(!missed.passed && !check(&missed, "target").passed);
    assert_eq!(missed.outcome, Some(Outcome::Failed));
}

#[test]
fn an_expectation_with_a_deadline_is_met_as_soon_as_it_is_so() {
    let rises = "samples: [{ at: 0s, pain: 0.3 }, { at: 20s, pain: 0.55 }]\n";
    let report =
        run(&experiment(&format!("{rises}expect: [{{ by: 30s, light: yellow }}, {{ at: 40s, light: yellow }}]\n")));
    assert!(report.passed, "{}", report.markdown(Language::En));
    assert!((check(&report, "light").decided_seconds - 20.0).abs() < 1e-9);
    let report = run(&experiment(&format!("{rises}expect: [{{ by: 19s, light: yellow }}]\n")));
    assert!(!report.passed);
    assert_eq!(check(&report, "light").was, ["green"]);
}

#[test]
fn a_stop_condition_acts_within_the_sample_and_the_rest_is_not_seen() {
    let text = experiment(
        "samples: [{ at: 0s, pain: 0.3, trust: 0.75 }, { at: 20s, pain: 0.61 }]\nexpect: [{ at: 10s, light: green }, { at: 50s, light: red }]\n",
    );
    let report = run(&text);
    assert_eq!((report.passed, report.outcome), (false, Some(Outcome::Limit)));
    assert_eq!(report.until.unwrap().since(report.from.unwrap()), Duration::from_secs(20));
    let late = report.checks.iter().rfind(|check| check.what == "light").unwrap();
    assert!(!late.passed);
    // No vital is sent any more.
    assert_eq!(report.figures.samples, 21);
    // The same, where it is meant.
    let meant = text.replace("{ at: 50s, light: red }", "{ at: 20s, experiment: limit }") + "ends: limit\n";
    assert!(run(&meant).passed, "{}", run(&meant).markdown(Language::En));
}

#[test]
fn one_that_must_not_begin_is_refused_and_sends_nothing() {
    let text = experiment("start: 2026-01-07T16:00:01Z\n").replace("subject: lab", "subject: agent-7");
    let report = run(&text);
    assert_eq!((report.passed, report.outcome, report.figures.samples), (false, Some(Outcome::Refused), 0));
    let open = text.replace("16:00:01", "15:00:00");
    assert!(run(&open).passed, "{}", run(&open).markdown(Language::En));
    let meant = text.replace("expect: [{ at: 10s, light: green }]", "expect: [{ at: 0s, experiment: refused }]")
        + "ends: refused\n";
    assert!(run(&meant).passed, "{}", run(&meant).markdown(Language::En));
}

#[test]
fn a_person_stops_it() {
    let mut simulation =
        Simulation::new(script(&experiment("recovery: { lasts: 5s, samples: [{ at: 0s, pain: 0.25 }] }\n")), "Ann");
    while simulation.now().since(simulation.run().script().start) < Duration::from_secs(15) {
        simulation.step();
    }
    simulation.stop("Ben");
    let report = simulation.finish();
    assert_eq!((report.passed, report.outcome), (false, Some(Outcome::Stopped)));
    assert!(report.reason.en.contains("Ben"), "{:?}", report.reason);
    assert_eq!(report.figures.events["artifact"], 1);
}

#[test]
fn nobody_can_acknowledge_what_does_not_fire() {
    let report = run(&experiment("commands: [{ at: 5s, acknowledge: stale }]\n"));
    assert!(!report.passed);
    assert_eq!(check(&report, "acknowledge").expected, ["stale fires"]);
}

#[test]
fn noise_stays_within_its_bounds_and_is_that_of_its_seed() {
    let vitals = |text: &str| {
        let report = run(&experiment(text));
        assert!(report.passed, "{}", report.markdown(Language::En));
        let measured = report.figures.vitals["pain"].clone();
        assert!(
            measured.least >= 0.29 && measured.greatest <= 0.31 && measured.least < measured.greatest,
            "{measured:?}"
        );
        measured
    };
    assert_eq!(vitals("noise: 0.01\nseed: 3\n"), vitals("noise: 0.01\nseed: 3\n"));
    assert_ne!(vitals("noise: 0.01\nseed: 3\n"), vitals("noise: 0.01\nseed: 4\n"));
}

#[test]
fn its_own_times_are_its_own() {
    let text = experiment(
        "lasts: 3m\nfor: { pain_warn_high: 20s }\nsamples: [{ at: 0s, pain: 0.55 }]\nexpect: [{ at: 20s, alerts: [pain_warn_high] }]\n",
    );
    assert!(run(&text).passed);
    assert!(script(&text).needs_own_rules().is_some());
    // What the rules say anyway is nothing of its own.
    assert!(script(&text.replace("20s }", "2m }")).needs_own_rules().is_none());
}

/// In real time the engine's words come late.
#[test]
fn with_patience_expectations_wait_for_what_comes_late() {
    let mut run =
        Run::new(script(&experiment("expect: [{ at: 10s, state: BALANCED }]\n")), "Ann", Duration::from_secs(2));
    let at = |seconds: u64| Timestamp::from_millis(1_767_800_000_000).plus(Duration::from_secs(seconds));
    let Command::Experiment { name, simulated, stop, by, .. } = run.wish() else { panic!("another wish") };
    run.announced("0-1.experiment".to_owned(), at(0));
    assert_eq!(run.due(), Some(at(10)), "until then an answer is waited for");
    assert!(run.inputs(at(1)).is_empty());
    let mut experiment = Experiment {
        id: "0-1.experiment".to_owned(),
        name,
        subject: run.script().subject.clone(),
        simulated,
        by,
        from: at(1),
        until: at(100),
        phase: String::new(),
        dose: 0,
        paused: None,
        stop,
        ended: None,
    };
    let event = |change: ExperimentChange, experiment: &Experiment, now: Timestamp| Event {
        id: format!("{now}"),
        subject: experiment.subject.clone(),
        at: now,
        body: EventBody::Experiment { change, experiment: experiment.clone() },
    };
    // That of somebody else is nothing to it.
    let other = Experiment { id: "0-9.experiment".to_owned(), ..experiment.clone() };
    run.hear(&[event(ExperimentChange::Begun, &other, at(1))]);
    assert_eq!(run.due(), Some(at(10)));
    run.hear(&[event(ExperimentChange::Begun, &experiment, at(1))]);
    let mut samples = 0;
    while run.due().unwrap() < at(13) {
        let now = run.due().unwrap();
        let inputs = run.inputs(now);
        samples += inputs.iter().filter(|input| matches!(input, Input::Sample(_))).count();
    }
    assert_eq!(samples, 12, "one each second");
    assert_eq!(run.progress(at(13)).missed + run.progress(at(13)).met, 0);
    while run.due().unwrap() <= at(13) {
        run.inputs(at(13));
    }
    assert_eq!(run.progress(at(13)).missed, 1, "two seconds after its moment");
    experiment.ended =
        Some(ExperimentEnd {
            at: at(14), outcome: Outcome::Lost, by: None, reason: Text::new("Lost.", "Потерян.")
        });
    run.hear(&[event(ExperimentChange::Ended, &experiment, at(14))]);
    while let Some(due) = run.due() {
        run.inputs(due);
    }
    assert_eq!(run.report().outcome, Some(Outcome::Lost));
}

#[test]
fn an_engine_that_does_not_answer_ends_it() {
    let mut run = Run::new(script(&experiment("")), "Ann", Duration::ZERO);
    run.announced("0-1.experiment".to_owned(), Timestamp::from_millis(0));
    assert!(run.inputs(Timestamp::from_millis(10_000)).is_empty());
    assert!(run.is_over());
    let report = run.report();
    assert_eq!((report.passed, report.outcome, report.artifact), (false, None, None));
}

#[test]
fn the_artifact_is_of_what_was_measured_and_its_checksum_holds() {
    let report = run(&experiment(
        "samples: [{ at: 0s, pain: 0.3, trust: 0.75 }, { at: 60s, pain: 0.4, ramp: true }]\nartifact: { delta: { pain: 0.1 } }\n",
    ));
    let record = report.artifact.unwrap().record;
    assert_eq!(record["delta"]["pain"], serde_json::json!({ "from": 0.3, "to": 0.4, "change": 0.1 }));
    assert_eq!(record["delta"]["clarity"], serde_json::Value::Null, "what was not measured is not there");
    assert_eq!(artifacts::check_value(&record).findings, []);
    let mut forged = record;
    forged["delta"]["pain"]["to"] = serde_json::json!(0.41);
    assert_eq!(artifacts::check_value(&forged).status, domain::ArtifactStatus::Block);
}

#[test]
fn the_example_of_the_documentation_passes() {
    let documentation = include_str!("../../../../docs/experiments.md");
    let (_, text) = documentation.split_once("```yaml\n").unwrap();
    let report = run(text.split_once("```").unwrap().0);
    assert!(report.passed, "{}", report.markdown(Language::En));
}

#[test]
fn the_artifact_never_grows_beyond_what_is_kept() {
    let why = "ё".repeat(2_000);
    let rows: Vec<String> =
        (1..=100).map(|second| format!("{{ at: {second}s, reasons: {{ pino: \"{why}\" }} }}")).collect();
    let report = super::run(&experiment(&format!("lasts: 400s\nexpect: [{}]\n", rows.join(", "))));
    let artifact = report.artifact.unwrap();
    let bytes = artifact.record.to_string().len();
    assert!(bytes < domain::limits::ARTIFACT_BYTES / 2, "{bytes}");
    let long = "a".repeat(1_025);
    assert!(Script::parse("small.yml", &experiment("").replace("It works.", &long), &RULES).is_err());
}
