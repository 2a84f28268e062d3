use conditions::Condition;
use domain::{EventBody, Voice};

use super::*;

const HUNDUN: [(&str, f64); 1] = [("rigidity_detected", 1.0)];
const CALM: [(&str, f64); 1] = [("rigidity_detected", 0.0)];

#[test]
fn an_active_voice_is_not_activated_again() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &HUNDUN);
    assert!(rehearsal.at(1.0, &CALM).is_empty());
    assert!(rehearsal.at(2.0, &HUNDUN).is_empty());
    assert!(rehearsal.at(3.0, &[("chaos", 0.1), ("stagnation_duration", 400.0)]).is_empty());
}

#[test]
fn an_activation_expires_when_its_own_trigger_has_not_held_for_ten_minutes() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &HUNDUN);
    rehearsal.at(100.0, &CALM);
    assert!(rehearsal.tick(699.0).is_empty());
    assert_eq!(rehearsal.tick(701.0), ["700: hundun ends Expired"]);
}

#[test]
fn a_trigger_that_holds_in_between_puts_the_expiry_off() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &HUNDUN);
    rehearsal.at(100.0, &CALM);
    rehearsal.at(600.0, &HUNDUN);
    rehearsal.at(650.0, &CALM);
    assert!(rehearsal.tick(1_249.0).is_empty());
    assert_eq!(rehearsal.tick(1_250.0), ["1250: hundun ends Expired"]);
}

#[test]
fn silence_ends_no_activation() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &[("decision_impact_score", 0.9)]);
    rehearsal.at(60.0, &[("decision_impact_score", UNKNOWN)]);
    assert!(rehearsal.tick(100_000.0).is_empty());
}

#[test]
fn a_cooldown_runs_from_the_end_and_is_over_by_time_alone() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &HUNDUN);
    // Stands down with its trigger still holding.
    assert_eq!(rehearsal.at(50.0, &[("chaos", 0.7)]), ["50: hundun ends Done"]);
    assert!(rehearsal.at(60.0, &[("chaos", 0.5)]).is_empty());
    assert_eq!(rehearsal.tick(400.0), ["350: hundun begins by hundun.2"]);
}

#[test]
fn a_cooldown_does_not_hold_back_what_is_more_urgent() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &HUNDUN);
    rehearsal.at(50.0, &[("chaos", 0.7)]);
    let lines = rehearsal.at(51.0, &[("chaos", 0.1), ("stagnation_duration", 400.0)]);
    assert_eq!(lines, ["51: hundun begins by hundun.1"]);
}

#[test]
fn a_cooldown_holds_back_what_is_less_urgent() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &[("chaos", 0.1), ("stagnation_duration", 400.0)]);
    rehearsal.at(50.0, &[("chaos", 0.7)]);
    assert!(rehearsal.at(51.0, &[("chaos", 0.5), ("rigidity_detected", 1.0)]).is_empty());
    // 400 s after the end, though its own cooldown is 300 s.
    assert_eq!(rehearsal.tick(1_000.0), ["450: hundun begins by hundun.2"]);
}

#[test]
fn a_shorter_cooldown_that_is_more_urgent_does_not_cut_a_longer_one_short() {
    let mut rehearsal = Rehearsal::of(VOICE);
    let mut rules = rehearsal.rules.clone();
    rules.voices.voices[Voice::Hundun.index()].triggers[0].cooldown = std::time::Duration::from_secs(10);
    rehearsal.rules = rules;
    rehearsal.at(0.0, &HUNDUN);
    rehearsal.at(50.0, &[("chaos", 0.7)]);
    rehearsal.at(51.0, &[("chaos", 0.1), ("stagnation_duration", 400.0)]);
    rehearsal.at(52.0, &[("chaos", 0.7)]);
    rehearsal.at(53.0, &[("chaos", 0.5), ("stagnation_duration", UNKNOWN)]);
    assert_eq!(rehearsal.tick(1_000.0), ["350: hundun begins by hundun.2"]);
}

#[test]
fn the_most_urgent_trigger_activates() {
    let mut rehearsal = Rehearsal::of(VOICE);
    let both = [("decision_impact_score", 0.9), ("ethical_violation_detected", 1.0)];
    assert_eq!(rehearsal.at(0.0, &both), ["0: iskriv begins by iskriv.1"]);
    // Whatever their order.
    let mut rules = rehearsal.rules.clone();
    rules.voices.voices[Voice::Iskriv.index()].triggers.reverse();
    assert_eq!(Rehearsal::with(rules, VOICE).at(0.0, &both), ["0: iskriv begins by iskriv.1"]);
}

#[test]
fn a_voice_is_not_activated_while_it_stands_down() {
    let mut rehearsal = Rehearsal::of(VOICE);
    assert!(rehearsal.at(0.0, &[("rigidity_detected", 1.0), ("chaos", 0.7)]).is_empty());
    assert!(rehearsal.tick(10_000.0).is_empty());
    assert_eq!(rehearsal.at(10_001.0, &[("chaos", 0.5)]), ["10001: hundun begins by hundun.2"]);
}

#[test]
fn what_activated_a_voice_and_is_gone_from_the_rules_ends_it() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &HUNDUN);
    rehearsal.rules.voices.voices[Voice::Hundun.index()].triggers.truncate(1);
    assert_eq!(rehearsal.restore(), ["0: hundun ends RulesChanged"]);
}

#[test]
fn a_restored_voice_goes_on_where_it_was() {
    let script = |restores: bool| {
        let mut rehearsal = Rehearsal::of(&["voice", "chorus", "conflict"]);
        let mut lines = Vec::new();
        for (second, name, value) in [
            (0.0, "rigidity_detected", 1.0),
            (1.0, "stagnation_detected", 1.0),
            (50.0, "chaos", 0.7),
            (60.0, "chaos", 0.5),
            (61.0, "decision_impact_score", 0.77),
            (90.0, "stagnation_detected", 0.0),
        ] {
            lines.extend(rehearsal.at(second, &[(name, value)]));
            if restores {
                lines.extend(rehearsal.restore());
            }
        }
        lines.extend(rehearsal.tick(2_000.0));
        (lines, rehearsal.saved(), rehearsal.value("harmony"))
    };
    assert_eq!(script(false), script(true));
}

#[test]
fn an_untouched_voice_is_saved_in_few_bytes() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &[("chaos", 0.5), ("clarity", 0.65), ("trust", 0.8), ("pain", 0.2)]);
    let saved = serde_json::to_string(&rehearsal.voices).unwrap();
    insta::assert_snapshot!(saved, @r#"{"voices":[{},{"activity":0.375},{},{},{},{},{}],"polyphony":{},"told":{"at":"2026-01-01T00:00:00Z","activities":[0.0,0.375,0.0,0.0,0.0,0.0,0.0]}}"#);
}

#[test]
fn an_activation_says_why_with_the_numbers_and_what_is_behind_a_derived_signal() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &[("clarity", 0.88), ("chaos", 0.15), ("stagnation_detected", 1.0)]);
    let EventBody::Voice { activation, .. } = &rehearsal.events[0].body else { panic!("no voice") };
    assert_eq!((activation.id.as_str(), activation.since), ("3-1.voice.pino", moment(0.0)));
    insta::assert_snapshot!(format!("{}\n{}", activation.reason.en, activation.reason.ru), @r"
    Stagnation (clarity 0.88 above 0.85 and chaos 0.15 below 0.20 for 15 min): play begins
    Застой (ясность 0,88 выше 0,85 и хаос 0,15 ниже 0,20 уже 15 мин): начинается игра
    ");
}

#[test]
fn the_end_of_an_activation_has_its_own_id() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &HUNDUN);
    rehearsal.at(1.0, &CALM);
    rehearsal.tick(1_000.0);
    let ids: Vec<&str> =
        rehearsal.events.iter().map(|event| event.id.as_str()).filter(|id| id.contains("voice")).collect();
    assert_eq!(ids, ["3-1.voice.hundun", "3-2+600000000.voice.hundun.end"]);
}

#[test]
fn it_can_be_told_why_a_voice_is_not_active() {
    let mut rehearsal = Rehearsal::of(VOICE);
    rehearsal.at(0.0, &HUNDUN);
    let active = rehearsal.explain("hundun.2");
    assert_eq!(
        (active.holds, active.since, active.state.en.as_str()),
        (Some(true), Some(moment(0.0)), "active: break_patterns")
    );
    assert_eq!(rehearsal.explain("hundun.1").state.en, "the voice is active by hundun.2");
    assert_eq!(rehearsal.explain("kayn.1").state.en, "too little is known to tell");
    rehearsal.at(50.0, &[("chaos", 0.7)]);
    assert_eq!(rehearsal.explain("hundun.2").state.en, "not active: the voice stands down now");
    assert_eq!(rehearsal.explain("hundun.stands_down").holds, Some(true));
    rehearsal.at(51.0, &[("chaos", 0.5)]);
    let held = rehearsal.explain("hundun.2");
    assert_eq!(
        (held.state.en.as_str(), held.cooldown_until),
        ("not active: held back by a cooldown", Some(moment(350.0)))
    );
    assert_eq!(held.why.en, "rigidity_detected true");
    assert_eq!(rehearsal.explain("hundun.1").state.en, "the condition does not hold");
    assert_eq!(rehearsal.explain("iskriv.veto").holds, None);
}

#[test]
fn what_begins_stays_until_the_next_moment_at_least() {
    let mut rules = rules::Rules::built_in();
    let stands_down = Condition::parse("multiple_voices_active", &mut rules.signals.vocabulary).unwrap();
    rules.voices.voices[Voice::Hundun.index()].stands_down = stands_down;
    let mut rehearsal = Rehearsal::with(rules, VOICE);
    let both = [("stagnation_detected", 1.0), ("rigidity_detected", 1.0)];
    assert_eq!(
        rehearsal.at(0.0, &both),
        ["0: pino begins by pino.2", "0: hundun begins by hundun.2", "0: iskra begins by iskra.2"]
    );
    assert_eq!(rehearsal.at(1.0, &both), ["1: hundun ends Done"]);
}
