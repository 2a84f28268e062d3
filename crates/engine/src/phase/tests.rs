use std::time::Duration;

use domain::{EventBody, Seam, SeamKind, Vital, Voice};
use rules::Rules;

use crate::chronicle::{Chronicle, OK, moment};

mod bifurcation;

type Values = [(&'static str, f64); 4];

fn values(clarity: f64, chaos: f64, trust: f64, pain: f64) -> Values {
    [("clarity", clarity), ("chaos", chaos), ("trust", trust), ("pain", pain)]
}

/// The last seam.
fn seam(story: &Chronicle) -> &Seam {
    let seam = story.events.iter().rev().find_map(|event| match &event.body {
        EventBody::Seam { seam } => Some(seam),
        _ => None,
    });
    seam.expect("no seam was drawn")
}

fn state(story: &mut Chronicle) -> String {
    let phase: serde_json::Value = story.part("phase");
    phase["state"].as_str().unwrap_or("UNKNOWN").to_owned()
}

/// Into which state vitals lead a subject without one, and what the seam says of it.
fn enters(values: &[(&str, f64)]) -> (String, SeamKind, String) {
    let mut story = Chronicle::of(&["seam"]);
    story.at(0.0, values);
    story.tick(5.0);
    let seam = seam(&story);
    assert_eq!(seam.from, "UNKNOWN");
    assert!(seam.intensity == 0.0 && seam.intensity.is_sign_positive());
    (seam.to.clone(), seam.kind, seam.triggers[0].en.clone())
}

#[test]
fn every_state_has_its_rule_and_its_kind_of_seam() {
    let check = |values: &[(&str, f64)], state: &str, kind: SeamKind, trigger: &str| {
        assert_eq!(enters(values), (state.to_owned(), kind, trigger.to_owned()));
    };
    check(
        &values(0.8, 0.5, 0.49, 0.61),
        "CRISIS_MODE",
        SeamKind::Conflict,
        "Pain 0.61 above 0.60 and trust 0.49 below 0.50",
    );
    let mut injected = OK.to_vec();
    injected.push(("chaos_injection", 1.0));
    check(&injected, "CHAOTIC_STIMULATION", SeamKind::Chaos, "A chaos injection is running");
    check(
        &values(0.59, 0.71, 0.6, 0.3),
        "CHAOTIC_CREATION",
        SeamKind::Chaos,
        "Chaos 0.71 above 0.70 and clarity 0.59 below 0.60",
    );
    check(
        &values(0.81, 0.19, 0.9, 0.1),
        "CRYSTALLIZATION",
        SeamKind::Pause,
        "Chaos 0.19 below 0.20 and clarity 0.81 above 0.80",
    );
    check(
        &values(0.71, 0.4, 0.81, 0.2),
        "CREATIVE_INTEGRATION",
        SeamKind::Weave,
        "Chaos 0.40 from 0.40 to 0.60, clarity 0.71 above 0.70, trust 0.81 above 0.80 and pain 0.20 below 0.40",
    );
    check(
        &values(0.5, 0.5, 0.81, 0.29),
        "HARMONIOUS_FLOW",
        SeamKind::Bridge,
        "Trust 0.81 above 0.80 and pain 0.29 below 0.30",
    );
    check(
        &values(0.71, 0.41, 0.8, 0.9),
        "CREATIVE_TENSION",
        SeamKind::Insight,
        "Chaos 0.41 between 0.40 and 0.60 and clarity 0.71 above 0.70",
    );
    check(&OK, "BALANCED", SeamKind::Bridge, "All vitals are OK");
}

#[test]
fn the_first_state_that_holds_is_the_subject_s() {
    // It would be CREATIVE_TENSION and BALANCED, too.
    assert_eq!(enters(&values(0.75, 0.45, 0.85, 0.25)).0, "CREATIVE_INTEGRATION");
}

#[test]
fn without_all_four_vitals_there_is_no_state() {
    let crisis = values(0.8, 0.5, 0.4, 0.7);
    assert_eq!(enters(&crisis).0, "CRISIS_MODE");
    for missing in 0..4 {
        let mut story = Chronicle::of(&["seam", "bifurcation"]);
        let some: Vec<_> =
            crisis.iter().enumerate().filter(|(place, _)| *place != missing).map(|(_, some)| *some).collect();
        assert!(story.repeat(0.0, 20.0, 1.0, &some).is_empty(), "{missing}");
    }
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &crisis);
    // Clarity and chaos go stale, and with them the crisis is no longer known.
    assert_eq!(story.repeat(10.0, 100.0, 1.0, &crisis[2..]), ["74: CRISIS_MODE to UNKNOWN, Reset"]);
}

#[test]
fn a_state_may_have_a_dwell_time_of_its_own() {
    let mut rules = Rules::built_in();
    rules.states.list[0].dwell = Some(Duration::from_secs(2));
    let mut story = Chronicle::with(rules, &["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    assert_eq!(story.repeat(10.0, 13.0, 1.0, &values(0.8, 0.5, 0.3, 0.9)), ["12: BALANCED to CRISIS_MODE, Conflict"]);
    let [en, ..] = story.explain(13.0, "BALANCED");
    assert_eq!(en, "not the present state");
    assert_eq!(story.repeat(13.0, 20.0, 1.0, &OK), ["18: CRISIS_MODE to BALANCED, Reset"]);
}

#[test]
fn a_subject_begins_unknown_and_a_seam_leads_into_its_first_state() {
    let mut story = Chronicle::of(&["seam"]);
    assert!(story.at(0.0, &OK).is_empty());
    assert_eq!(state(&mut story), "UNKNOWN");
    assert!(story.tick(4.9).is_empty());
    assert_eq!(story.tick(5.0), ["5: UNKNOWN to BALANCED, Bridge"]);
    let seam = seam(&story);
    assert_eq!((seam.at, seam.took, seam.intensity, seam.velocity), (moment(0.0), 0.0, 0.0, 0.0));
    assert!(seam.before.is_empty());
    assert!(story.repeat(6.0, 30.0, 1.0, &OK).is_empty());
}

#[test]
fn out_of_a_crisis_is_a_reset_wherever_it_leads() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &values(0.8, 0.5, 0.3, 0.9));
    assert_eq!(
        story.repeat(10.0, 16.0, 1.0, &values(0.81, 0.1, 0.9, 0.1)),
        ["15: CRISIS_MODE to CRYSTALLIZATION, Reset"]
    );
}

#[test]
fn a_sample_of_the_dwell_time_may_be_the_last_in_its_state() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    story.at(10.0, &values(0.8, 0.5, 0.3, 0.9));
    story.at(12.0, &values(0.8, 0.5, 0.4, 0.9));
    story.at(20.0, &OK);
    assert_eq!(story.tick(25.0), ["25: CRISIS_MODE to BALANCED, Reset"]);
    let seam = seam(&story);
    assert_eq!((seam.took, seam.before.get(Vital::Trust).unwrap().get()), (8.0, 0.4));
}

#[test]
fn a_state_without_a_name_says_why() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    assert_eq!(story.repeat(10.0, 16.0, 1.0, &values(0.65, 0.35, 0.7, 0.35)), ["15: BALANCED to UNKNOWN, Bridge"]);
    assert_eq!(seam(&story).triggers[0].en, "No state fits");
    // Pain goes stale while the others are sent.
    story.repeat(20.0, 30.0, 1.0, &OK);
    let others = &OK[..3];
    assert_eq!(story.repeat(30.0, 100.0, 1.0, others), ["94: BALANCED to UNKNOWN, Bridge"]);
    assert_eq!(
        (&*seam(&story).triggers[0].en, &*seam(&story).triggers[0].ru),
        ("No value of pain", "Нет значения: боль")
    );
}

#[test]
fn a_seam_tells_how_far_how_fast_and_how_surely() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &values(0.75, 0.35, 0.7, 0.35));
    story.at(11.0, &values(0.72, 0.35, 0.7, 0.35));
    // Two seconds of silence; then once something else, before it stays.
    story.at(13.0, &values(0.65, 0.35, 0.7, 0.35));
    story.at(13.5, &values(0.85, 0.15, 0.7, 0.35));
    story.at(17.0, &values(0.92, 0.15, 0.7, 0.35));
    assert_eq!(story.tick(18.5), ["18.5: BALANCED to CRYSTALLIZATION, Pause"]);
    let seam = seam(&story);
    assert_eq!(seam.id, "3-13.seam", "the thirteenth sample was the first in the new state");
    assert_eq!((seam.at, seam.took), (moment(13.5), 6.0), "from the sample at 11 to that at 17");
    let of = |vital: Vital| (seam.before.get(vital).unwrap().get(), seam.after.get(vital).unwrap().get());
    assert_eq!((of(Vital::Clarity), of(Vital::Chaos)), ((0.72, 0.92), (0.35, 0.15)));
    let distance = (0.2_f64.powi(2) * 2.0).sqrt();
    assert!((seam.intensity - distance / 2.0).abs() < 1e-9, "{}", seam.intensity);
    assert!((seam.velocity - seam.intensity / 6.0).abs() < 1e-9, "{}", seam.velocity);
    assert!(seam.strong);
    assert!((seam.confidence - 2.0 / 3.0).abs() < 1e-9, "{}", seam.confidence);
    assert_eq!(seam.triggers[0].ru, "Хаос 0,15 ниже 0,20 и ясность 0,92 выше 0,80");
}

#[test]
fn a_seam_is_strong_from_a_tenth() {
    let strong = |pain: f64| {
        let mut story = Chronicle::of(&["seam"]);
        story.repeat(0.0, 10.0, 1.0, &values(0.75, 0.35, 0.7, 0.35));
        story.repeat(10.0, 16.0, 1.0, &values(0.75, 0.35, 0.7, pain));
        (seam(&story).to.clone(), seam(&story).strong)
    };
    assert_eq!(strong(0.54), ("UNKNOWN".to_owned(), false));
    assert_eq!(strong(0.55), ("UNKNOWN".to_owned(), true));
}

#[test]
fn a_sample_in_the_old_state_ends_the_attempt() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    let crisis = values(0.8, 0.5, 0.3, 0.9);
    story.repeat(10.0, 14.0, 1.0, &crisis);
    story.at(14.0, &OK);
    assert!(story.repeat(14.5, 19.0, 0.5, &crisis).is_empty());
    assert_eq!(story.repeat(19.0, 21.0, 0.5, &crisis), ["19.5: BALANCED to CRISIS_MODE, Conflict"]);
    let seam = seam(&story);
    assert_eq!((seam.took, seam.confidence), (5.0, 1.0), "what was before the return does not count");
}

#[test]
fn a_sample_in_a_third_state_begins_a_new_run() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    let (crisis, crystal) = (values(0.8, 0.5, 0.3, 0.9), values(0.85, 0.15, 0.7, 0.35));
    story.repeat(10.0, 12.0, 1.0, &crisis);
    story.at(12.0, &crystal);
    assert_eq!(story.repeat(13.0, 19.0, 1.0, &crisis), ["18: BALANCED to CRISIS_MODE, Conflict"]);
    let seam = seam(&story);
    assert_eq!((seam.at, seam.took), (moment(13.0), 8.0));
    // Two before the third state and five after it, of eight.
    assert_eq!(seam.confidence, 7.0 / 8.0);
}

#[test]
fn silence_changes_no_state_but_lets_a_seam_be_drawn() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    story.at(10.0, &values(0.8, 0.5, 0.3, 0.9));
    assert_eq!(story.tick(10_000.0), ["15: BALANCED to CRISIS_MODE, Conflict"]);
    assert_eq!(state(&mut story), "CRISIS_MODE");
}

#[test]
fn without_a_dwell_time_the_seam_is_drawn_at_once() {
    let mut rules = Rules::built_in();
    rules.states.dwell = Duration::ZERO;
    let mut story = Chronicle::with(rules, &["seam"]);
    assert_eq!(story.at(0.0, &OK), ["0: UNKNOWN to BALANCED, Bridge"]);
    assert_eq!(story.at(1.0, &values(0.8, 0.5, 0.3, 0.9)), ["1: BALANCED to CRISIS_MODE, Conflict"]);
    assert_eq!(seam(&story).confidence, 1.0);
}

#[test]
fn a_seam_names_the_voices_on_both_sides() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    // Anhantra is called by trust and pain.
    story.repeat(10.0, 16.0, 1.0, &values(0.8, 0.5, 0.3, 0.9));
    let seam = seam(&story);
    assert!(seam.voices_before.is_empty(), "{:?}", seam.voices_before);
    assert!(seam.voices_after.contains(&Voice::Anhantra), "{:?}", seam.voices_after);
}

#[test]
fn a_transition_shows_while_it_is_under_way() {
    let mut story = Chronicle::of(&["symbol"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    story.at(10.0, &values(0.65, 0.35, 0.7, 0.35));
    story.events.clear();
    story.at(11.0, &values(0.65, 0.35, 0.7, 0.35));
    let symbols: Vec<&str> = story
        .events
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::Symbol { symbol, .. } => Some(symbol.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(symbols, ["threshold"]);
}

#[test]
fn a_state_is_explained() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    let [state, ..] = story.explain(10.0, "BALANCED");
    assert_eq!(state, "the present state");
    let crisis = ["not the present state", "не текущее состояние", "pain 0.35 > 0.6 and trust 0.7 < 0.5"];
    assert_eq!(story.explain(10.0, "CRISIS_MODE"), crisis);
    story.at(10.0, &values(0.8, 0.5, 0.3, 0.9));
    let [en, ru, _] = story.explain(13.0, "CRISIS_MODE");
    assert_eq!(en, "about to begin: it has held for 3 s of 5 s");
    assert_eq!(ru, "вот-вот начнётся: держится 3 с из 5 с");
}

#[test]
fn an_attempt_survives_a_restore() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    story.restore();
    story.at(12.0, &values(0.8, 0.5, 0.3, 0.9));
    story.restore();
    assert_eq!(story.tick(17.0), ["17: BALANCED to CRISIS_MODE, Conflict"]);
    assert_eq!(seam(&story).took, 3.0);
}

#[test]
fn a_state_that_the_rules_no_longer_have_is_left_with_the_next_sample() {
    let mut story = Chronicle::of(&["seam"]);
    story.repeat(0.0, 10.0, 1.0, &OK);
    story.at(10.0, &values(0.8, 0.5, 0.3, 0.9));
    let mut rules = Rules::built_in();
    rules.states.list.retain(|state| state.id != "BALANCED" && state.id != "CRISIS_MODE");
    rules.hash = "others".to_owned();
    story.adopt(rules);
    assert!(story.tick(40.0).is_empty(), "what dwelt is no state any more");
    assert_eq!(state(&mut story), "BALANCED");
    assert_eq!(story.repeat(40.0, 46.0, 1.0, &OK), ["45: BALANCED to UNKNOWN, Bridge"]);
}
