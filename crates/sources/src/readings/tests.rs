use std::borrow::Cow;

use domain::{Draft, SignalValue, Timestamp, Vital};

use super::{Gathered, Readings};
use crate::Sources;

const FILE: &str = "
host:
  pain:
    combine: max
    inputs:
      - { figure: cpu_pressure, points: [[0, 0.25], [1, 0.75]] }
metrics:
  - metric: gen_ai.evaluation.score
    where: { gen_ai.evaluation.name: Groundedness }
    subject: gen_ai.agent.name
    vital: trust
    points: [[1, 0.2], [5, 0.9]]
  - metric: gen_ai.evaluation.score
    where: { gen_ai.evaluation.name: Fluency }
    subject: gen_ai.agent.name
    signal: fluency
";

/// The most samples of a test's request.
const MOST: usize = 50;

const AGENT: &[(&str, &str)] = &[("iskra.subject", "agent-7")];

/// Takes what a metric with these attributes has measured.
fn take(readings: &mut Readings<'_>, metric: &str, pairs: &[(&str, &str)], at: Option<Timestamp>, value: f64) {
    let mut attributes = Vec::new();
    for &(name, value) in pairs {
        readings.add_attribute(&mut attributes, name, Cow::Borrowed(value));
    }
    readings.take(metric, &[&attributes[..]], at, Some(value));
}

fn at(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp::from_millis(1_000 * seconds))
}

fn sources() -> Sources {
    Sources::parse("sources.yml", FILE).unwrap()
}

fn gather(take: impl FnOnce(&mut Readings<'_>)) -> (Vec<Gathered>, usize) {
    let sources = sources();
    let mut readings = Readings::new(&sources.metrics, MOST);
    take(&mut readings);
    let unmapped = readings.unmapped;
    (readings.finish(), unmapped)
}

fn drafts(gathered: &[Gathered]) -> Vec<&Draft> {
    gathered.iter().map(|each| each.draft.as_ref().expect("a sample")).collect()
}

#[test]
fn what_is_measured_at_one_moment_is_one_sample() {
    let (gathered, unmapped) = gather(|readings| {
        take(readings, "iskra.clarity", AGENT, at(1), 0.8);
        take(readings, "iskra_pain", AGENT, at(1), 0.3);
        take(readings, "iskra.signal.drift", AGENT, at(1), 7.0);
        take(readings, "iskra.clarity", AGENT, at(2), 0.7);
        assert!(!readings.asks_for("process.cpu.time", 1) && readings.asks_for("gen_ai.evaluation.score", 1));
    });
    let [first, second] = drafts(&gathered)[..] else { panic!("two samples: {gathered:?}") };
    assert_eq!(first.vitals.get(Vital::Clarity).unwrap().get(), 0.8);
    assert_eq!(first.vitals.get(Vital::Pain).unwrap().get(), 0.3);
    assert_eq!(first.signals.get("drift"), Some(&SignalValue::Number(7.0)));
    assert_eq!((second.at, second.vitals.present().count()), (at(2), 1));
    assert_eq!(gathered.iter().map(|each| each.readings).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(unmapped, 1);
}

#[test]
fn a_mapping_takes_the_first_that_fits_and_calibrates() {
    let score = |name| [("gen_ai.evaluation.name", name), ("gen_ai.agent.name", "agent-7")];
    let (gathered, unmapped) = gather(|readings| {
        take(readings, "gen_ai.evaluation.score", &score("Groundedness"), at(1), 3.0);
        take(readings, "gen_ai_evaluation_score", &score("Fluency"), at(1), 4.0);
        take(readings, "gen_ai.evaluation.score", &score("Similarity"), at(1), 4.0);
    });
    let [sample] = drafts(&gathered)[..] else { panic!("one sample: {gathered:?}") };
    assert_eq!(sample.vitals.get(Vital::Trust).unwrap().get(), 0.55);
    assert_eq!(sample.signals.get("fluency"), Some(&SignalValue::Number(4.0)));
    assert_eq!(unmapped, 1, "nobody asked for the similarity");
}

#[test]
fn what_cannot_be_a_sample_says_why_and_keeps_no_other_back() {
    let (gathered, _) = gather(|readings| {
        take(readings, "iskra.clarity", AGENT, at(1), 0.8);
        take(readings, "iskra.pain", AGENT, at(1), 1.5);
        take(readings, "iskra.trust", &[], at(1), 0.5);
        take(readings, "iskra.trust", &[("subject", "not a subject")], at(1), 0.5);
        take(readings, "iskra.signal.drift", &[("subject", "lonely")], at(1), 0.5);
        readings.take("iskra.trust", &[], at(1), None);
        assert!(readings.asks_for("iskra.chaos", 3));
        readings.refuse_all("iskra.chaos", 3, "a histogram");
    });
    let told: Vec<String> = gathered
        .iter()
        .map(|each| match &each.draft {
            Ok(draft) => format!("{} {}", draft.subject, each.readings),
            Err(rejection) => rejection.to_string(),
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    agent-7 1
    pain: a vital lies within [0, 1]
    iskra.trust: the attribute iskra_subject or subject says whom it is about
    subject: a subject holds letters, digits and . _ - : @ only, not ' '
    signals go with at least one of clarity, chaos, trust, pain of the same subject and moment
    iskra.trust: no value is there that can be read
    iskra.chaos: a histogram
    ");
}

#[test]
fn where_there_was_nothing_to_measure_there_is_nothing_to_refuse() {
    let (gathered, unmapped) = gather(|readings| {
        take(readings, "iskra.clarity", AGENT, at(1), 0.8);
        take(readings, "iskra.pain", AGENT, at(1), f64::NAN);
        take(readings, "iskra.pain", AGENT, at(2), f64::NAN);
    });
    let [sample] = drafts(&gathered)[..] else { panic!("one sample: {gathered:?}") };
    assert_eq!((sample.vitals.present().count(), unmapped), (1, 0));
}

#[test]
fn only_vitals_and_signals_need_no_mapping() {
    let sources = sources();
    let mut readings = Readings::new(&sources.metrics, MOST);
    assert!(Vital::ALL.iter().all(|vital| readings.asks_for(&format!("iskra.{}", vital.name()), 1)));
    assert!(readings.asks_for("iskra.signal.drift", 1));
    for other in ["iskra_ingest_commit_seconds", "iskra_painful", "iskra_signals", "iskra_"] {
        assert!(!readings.asks_for(other, 1), "{other}");
    }
    // A name that is a little too long is told, one that is far too long would be told as often as it has points.
    assert!(readings.asks_for(&format!("iskra.signal.{}", "a".repeat(100)), 1));
    assert!(!readings.asks_for(&format!("iskra.signal.{}", "a".repeat(64 * 1024)), 1));
}

#[test]
fn no_more_is_gathered_than_a_request_may_hold() {
    let sources = sources();
    let too_many = |take: &dyn Fn(&mut Readings<'_>, i64)| {
        let mut readings = Readings::new(&sources.metrics, MOST);
        (0..1_000).for_each(|moment| take(&mut readings, moment));
        assert!(!readings.asks_for("iskra.chaos", 1), "it is read no further");
        readings.finish().len()
    };
    assert_eq!(too_many(&|readings, moment| take(readings, "iskra.pain", AGENT, at(moment), 0.3)), MOST + 1);
    assert_eq!(too_many(&|readings, moment| take(readings, "iskra.pain", AGENT, at(moment), 1.5)), MOST + 1);
}

#[test]
fn what_is_no_subject_is_not_kept() {
    let sources = sources();
    let mut readings = Readings::new(&sources.metrics, MOST);
    let long = "a".repeat(1024 * 1024);
    for moment in 0..10 {
        take(&mut readings, "iskra.pain", &[("subject", long.as_str())], at(moment), 0.3);
    }
    assert!(readings.places.is_empty());
    let told: usize = readings.finish().iter().map(|each| each.draft.as_ref().unwrap_err().value.len()).sum();
    assert!(told < 1_000, "{told}");
}

#[test]
fn attributes_are_kept_if_somebody_asks_for_them_and_the_first_of_each_name() {
    let sources = sources();
    let readings = Readings::new(&sources.metrics, MOST);
    let mut attributes = Vec::new();
    for name in ["host.name", "iskra.subject", "iskra_subject", "gen_ai.evaluation.name", "gen_ai.agent.id"] {
        readings.add_attribute(&mut attributes, name, Cow::Borrowed(name));
    }
    let expected = [("iskra_subject", "iskra.subject"), ("gen_ai_evaluation_name", "gen_ai.evaluation.name")];
    assert_eq!(attributes, expected.map(|(name, value)| (name, Cow::Borrowed(value))));
}

#[test]
fn signals_of_a_sample_are_bounded() {
    let (gathered, _) = gather(|readings| {
        take(readings, "iskra.clarity", AGENT, at(1), 0.8);
        for index in 0..40 {
            take(readings, &format!("iskra.signal.s{index}"), AGENT, at(1), 1.0);
        }
    });
    let refused = gathered.iter().filter(|each| each.draft.is_err()).count();
    assert_eq!(refused, 40 - domain::limits::SIGNALS);
}
