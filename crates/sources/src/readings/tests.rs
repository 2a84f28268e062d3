use domain::{Draft, SignalValue, Timestamp, Vital};

use super::{Gathered, Readings};
use crate::{Sources, fold};

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

fn attributes(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (fold(name), (*value).to_owned())).collect()
}

fn at(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp::from_millis(1_000 * seconds))
}

fn gather(take: impl FnOnce(&mut Readings<'_>)) -> (Vec<Gathered>, usize) {
    let sources = Sources::parse("sources.yml", FILE).unwrap();
    let mut readings = Readings::new(&sources.metrics);
    take(&mut readings);
    let unmapped = readings.unmapped;
    (readings.finish(), unmapped)
}

fn drafts(gathered: &[Gathered]) -> Vec<&Draft> {
    gathered.iter().map(|each| each.draft.as_ref().expect("a sample")).collect()
}

#[test]
fn what_is_measured_at_one_moment_is_one_sample() {
    let agent = attributes(&[("iskra.subject", "agent-7")]);
    let (gathered, unmapped) = gather(|readings| {
        readings.take("iskra.clarity", &agent, at(1), 0.8);
        readings.take("iskra_pain", &agent, at(1), 0.3);
        readings.take("iskra.signal.drift", &agent, at(1), 7.0);
        readings.take("iskra.clarity", &agent, at(2), 0.7);
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
    let score = |name| attributes(&[("gen_ai.evaluation.name", name), ("gen_ai.agent.name", "agent-7")]);
    let (gathered, unmapped) = gather(|readings| {
        readings.take("gen_ai.evaluation.score", &score("Groundedness"), at(1), 3.0);
        readings.take("gen_ai_evaluation_score", &score("Fluency"), at(1), 4.0);
        readings.take("gen_ai.evaluation.score", &score("Similarity"), at(1), 4.0);
    });
    let [sample] = drafts(&gathered)[..] else { panic!("one sample: {gathered:?}") };
    assert_eq!(sample.vitals.get(Vital::Trust).unwrap().get(), 0.55);
    assert_eq!(sample.signals.get("fluency"), Some(&SignalValue::Number(4.0)));
    assert_eq!(unmapped, 1, "nobody asked for the similarity");
}

#[test]
fn what_cannot_be_a_sample_says_why_and_keeps_no_other_back() {
    let agent = attributes(&[("iskra.subject", "agent-7")]);
    let (gathered, _) = gather(|readings| {
        readings.take("iskra.clarity", &agent, at(1), 0.8);
        readings.take("iskra.pain", &agent, at(1), 1.5);
        readings.take("iskra.trust", &agent, at(1), f64::NAN);
        readings.take("iskra.trust", &[], at(1), 0.5);
        readings.take("iskra.trust", &attributes(&[("subject", "not a subject")]), at(1), 0.5);
        readings.take("iskra.signal.drift", &attributes(&[("subject", "lonely")]), at(1), 0.5);
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
    trust: a vital lies within [0, 1]
    iskra.trust: the attribute iskra_subject or subject says whom it is about
    subject: a subject holds letters, digits and . _ - : @ only, not ' '
    signals go with at least one of clarity, chaos, trust, pain of the same subject and moment
    iskra.chaos: a histogram
    ");
}

#[test]
fn signals_of_a_sample_are_bounded() {
    let agent = attributes(&[("iskra.subject", "agent-7")]);
    let (gathered, _) = gather(|readings| {
        readings.take("iskra.clarity", &agent, at(1), 0.8);
        for index in 0..40 {
            readings.take(&format!("iskra.signal.s{index}"), &agent, at(1), 1.0);
        }
    });
    let refused = gathered.iter().filter(|each| each.draft.is_err()).count();
    assert_eq!(refused, 40 - domain::limits::SIGNALS);
}
