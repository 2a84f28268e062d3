use domain::{Delivery, EventBody, Suppression, Voice};
use rules::{Rules, Webhook};

use crate::counts::Counted;
use crate::explain::RuleKind;
use crate::rehearsal::{Rehearsal, moment};

const ACTION: &[&str] = &["action"];

fn chaos(value: f64) -> [(&'static str, f64); 1] {
    [("chaos", value)]
}

/// Rules in which the actions on chaos really reach outside.
fn wet() -> Rules {
    let mut rules = Rules::built_in();
    for action in &mut rules.actions.list {
        action.is_dry_run = false;
    }
    let url = "https://example.com/actions".to_owned();
    let actions = vec!["stabilize_system".to_owned()];
    rules.actions.webhooks = vec![Webhook { url, secret: "KEY".to_owned(), actions }];
    rules
}

fn suppressed(counted: &[Counted], action: &str, why: Suppression) -> u64 {
    counted.iter().find(|counted| counted.rule == action).map_or(0, |counted| counted.suppressed[why as usize])
}

#[test]
fn each_action_is_taken_beyond_its_edge_and_not_on_it() {
    let rows = [
        ("activate_pino_hundun", "clarity", 0.901, 0.9, "Inside"),
        ("activate_sam_structure", "clarity", 0.599, 0.6, "Inside"),
        ("stimulate_creative_chaos", "chaos", 0.149, 0.15, "DryRun"),
        ("stabilize_system", "chaos", 0.801, 0.8, "DryRun"),
        ("activate_anhantra_empathy", "trust", 0.499, 0.5, "Inside"),
        ("emergency_recovery", "pain", 0.601, 0.6, "DryRun"),
    ];
    for (action, vital, beyond, edge, reach) in rows {
        let mut rehearsal = Rehearsal::of(ACTION);
        assert!(rehearsal.at(0.0, &[(vital, edge)]).is_empty(), "{action}");
        assert_eq!(rehearsal.at(1.0, &[(vital, beyond)]), [format!("1: {action} {reach} None")]);
        assert_eq!(rehearsal.taken_lately(), [action]);
    }
}

#[test]
fn each_action_activates_its_voices() {
    let rows: [(&str, f64, &[Voice]); 4] = [
        ("clarity", 0.95, &[Voice::Pino, Voice::Hundun]),
        ("clarity", 0.55, &[Voice::Sam]),
        ("trust", 0.45, &[Voice::Anhantra]),
        ("pain", 0.65, &[Voice::Kayn, Voice::Anhantra]),
    ];
    for (vital, value, voices) in rows {
        let mut rehearsal = Rehearsal::of(ACTION);
        rehearsal.at(0.0, &[(vital, value)]);
        let active = rehearsal.voices.active();
        let expected = Voice::ALL.map(|voice| voices.contains(&voice) || (voice == Voice::Iskra && voices.len() > 1));
        assert_eq!(active, expected, "{vital} {value}");
    }
}

#[test]
fn an_action_leaves_a_voice_alone_that_is_active_or_stands_down() {
    let mut rehearsal = Rehearsal::of(&["voice"]);
    rehearsal.at(0.0, &[("stagnation_detected", 1.0)]);
    assert_eq!(
        rehearsal.at(1.0, &[("clarity", 0.95), ("system_chaos", 0.9)]),
        Vec::<String>::new(),
        "Pino is active, Hundun stands down"
    );
}

#[test]
fn an_action_names_the_voices_that_began() {
    let mut rehearsal = Rehearsal::of(&["voice"]);
    rehearsal.at(0.0, &[("stagnation_detected", 1.0), ("system_chaos", 0.5)]);
    rehearsal.at(1.0, &[("clarity", 0.95)]);
    let mut actions = rehearsal.events.iter().filter_map(|event| match &event.body {
        EventBody::Action { action } => Some(action),
        _ => None,
    });
    // Pino was active already.
    assert_eq!(actions.next_back().unwrap().voices, [Voice::Hundun]);
}

#[test]
fn an_activation_by_an_action_ends_when_the_action_has_had_no_reason_for_ten_minutes() {
    let mut rehearsal = Rehearsal::of(&["voice"]);
    assert_eq!(rehearsal.at(0.0, &[("trust", 0.45)]), ["0: anhantra begins by activate_anhantra_empathy"]);
    rehearsal.at(50.0, &[("trust", 0.7)]);
    assert_eq!(rehearsal.tick(1_000.0), ["650: anhantra ends Expired"]);
}

#[test]
fn an_action_is_taken_again_when_its_cooldown_ends_while_its_condition_holds() {
    let mut rehearsal = Rehearsal::of(ACTION);
    rehearsal.at(0.0, &chaos(0.85));
    assert!(rehearsal.at(100.0, &chaos(0.9)).is_empty());
    assert_eq!(rehearsal.tick(1_199.0), ["600: stabilize_system DryRun None"]);
    rehearsal.at(1_199.5, &chaos(0.5));
    assert!(rehearsal.tick(5_000.0).is_empty());
}

#[test]
fn within_its_cooldown_it_is_suppressed_and_taken_when_that_ends() {
    let mut rehearsal = Rehearsal::of(ACTION);
    rehearsal.at(0.0, &chaos(0.85));
    rehearsal.at(100.0, &chaos(0.5));
    assert!(rehearsal.taken_lately().is_empty(), "there is no reason for it now");
    assert!(rehearsal.at(200.0, &chaos(0.85)).is_empty());
    assert_eq!(rehearsal.tick(700.0), ["600: stabilize_system DryRun None"]);
    let counted = rehearsal.counted();
    assert_eq!((counted[0].taken, suppressed(&counted, "stabilize_system", Suppression::Cooldown)), (2, 1));
    assert!(rehearsal.counted().is_empty(), "what was taken is not counted twice");
}

#[test]
fn it_is_taken_so_many_times_an_hour_and_again_when_the_hour_is_over() {
    let mut rules = Rules::built_in();
    let action = rules.actions.list.iter_mut().find(|action| action.id == "stabilize_system").unwrap();
    action.an_hour = 2;
    let mut rehearsal = Rehearsal::with(rules, ACTION);
    rehearsal.at(0.0, &chaos(0.85));
    // When the oldest of them is an hour ago it is tried anew, so what was held back is not forgotten.
    assert_eq!(rehearsal.tick(3_599.0), ["600: stabilize_system DryRun None"]);
    assert_eq!(rehearsal.tick(4_300.0), ["3600: stabilize_system DryRun None", "4200: stabilize_system DryRun None"]);
    let counted = rehearsal.counted();
    assert_eq!((counted[0].taken, suppressed(&counted, "stabilize_system", Suppression::Budget)), (4, 1));
}

#[test]
fn while_its_effect_lasts_it_holds_back_what_would_work_against_it() {
    let mut rehearsal = Rehearsal::of(ACTION);
    rehearsal.at(0.0, &chaos(0.85));
    assert!(rehearsal.at(1.0, &chaos(0.1)).is_empty());
    assert_eq!(suppressed(&rehearsal.counted(), "stimulate_creative_chaos", Suppression::Exclusive), 1);
    let held = rehearsal.explain("stimulate_creative_chaos");
    assert_eq!(held.state.en, "not taken: it would work against an action that was just taken");
    assert_eq!(held.suppressed.unwrap().at, moment(1.0));
    rehearsal.restore();
    assert_eq!(rehearsal.tick(2_000.0), ["300: stimulate_creative_chaos DryRun None"]);
}

#[test]
fn a_dry_run_holds_back_no_other_than_a_dry_run() {
    let mut rules = Rules::built_in();
    let stabilize = rules.actions.list.iter_mut().find(|action| action.id == "stabilize_system").unwrap();
    stabilize.is_dry_run = false;
    let mut rehearsal = Rehearsal::with(rules.clone(), ACTION);
    rehearsal.at(0.0, &chaos(0.1));
    rehearsal.restore();
    // What was only tried dry is in nobody's way, what was not is.
    assert_eq!(rehearsal.at(1.0, &chaos(0.85)), ["1: stabilize_system Outside None"]);
    let mut rehearsal = Rehearsal::with(rules, ACTION);
    rehearsal.at(0.0, &chaos(0.85));
    assert!(rehearsal.at(1.0, &chaos(0.1)).is_empty());
    assert_eq!(suppressed(&rehearsal.counted(), "stimulate_creative_chaos", Suppression::Exclusive), 1);
}

#[test]
fn the_veto_stops_what_obeys_it_and_nothing_else() {
    let mut rehearsal = Rehearsal::of(ACTION);
    assert!(rehearsal.at(0.0, &[("ethical_violation_stands", 1.0), ("chaos", 0.1)]).is_empty());
    assert_eq!(suppressed(&rehearsal.counted(), "stimulate_creative_chaos", Suppression::Veto), 1);
    assert_eq!(rehearsal.explain("iskriv.veto").state, rehearsal.rules.voices.veto.reason);
    assert_eq!(rehearsal.at(1.0, &chaos(0.85)), ["1: stabilize_system DryRun None"]);
}

#[test]
fn what_the_veto_held_back_is_taken_when_the_veto_is_lifted() {
    let mut rehearsal = Rehearsal::of(ACTION);
    rehearsal.at(0.0, &[("ethical_violation_stands", 1.0), ("chaos", 0.1)]);
    assert!(rehearsal.tick(5_000.0).is_empty());
    assert!(rehearsal.at(5_000.0, &chaos(0.11)).is_empty());
    rehearsal.restore();
    assert!(rehearsal.at(5_001.0, &chaos(0.1)).is_empty());
    assert_eq!(suppressed(&rehearsal.counted(), "stimulate_creative_chaos", Suppression::Veto), 1);
    let lifted = [("ethical_violation_stands", 0.0)];
    assert_eq!(rehearsal.at(5_002.0, &lifted), ["5002: stimulate_creative_chaos DryRun None"]);
}

#[test]
fn what_was_switched_off_is_taken_when_it_is_switched_on() {
    let mut rehearsal = Rehearsal::of(ACTION);
    rehearsal.rules.actions.is_enabled = false;
    assert!(rehearsal.at(0.0, &chaos(0.85)).is_empty());
    assert!(rehearsal.at(700.0, &chaos(0.85)).is_empty());
    rehearsal.rules.actions.is_enabled = true;
    assert!(rehearsal.restore().is_empty());
    assert_eq!(rehearsal.at(701.0, &chaos(0.85)), ["701: stabilize_system DryRun None"]);
}

#[test]
fn nothing_is_taken_while_actions_are_switched_off() {
    let mut rules = Rules::built_in();
    rules.actions.is_enabled = false;
    let mut rehearsal = Rehearsal::with(rules, ACTION);
    assert!(rehearsal.at(0.0, &[("chaos", 0.85), ("clarity", 0.5), ("pain", 0.9)]).is_empty());
    let counted: Vec<_> = rehearsal.counted().into_iter().filter(|counted| counted.kind == RuleKind::Action).collect();
    assert_eq!(counted.len(), 3);
    assert!(counted.iter().all(|counted| counted.taken == 0 && counted.suppressed.iter().sum::<u64>() == 1));
    assert_eq!(suppressed(&counted, "emergency_recovery", Suppression::SwitchedOff), 1);
    assert!(rehearsal.voices.active().iter().all(|active| !active));
}

#[test]
fn what_is_unknown_takes_no_action_and_does_not_take_it_again() {
    let mut rehearsal = Rehearsal::of(ACTION);
    rehearsal.at(0.0, &chaos(0.85));
    rehearsal.at(60.0, &chaos(f64::NAN));
    assert!(rehearsal.tick(10_000.0).is_empty());
}

#[test]
fn who_is_asked_outside_is_waited_for() {
    let mut rehearsal = Rehearsal::with(wet(), ACTION);
    assert_eq!(rehearsal.at(0.0, &chaos(0.85)), ["0: stabilize_system Outside Pending"]);
    assert_eq!(rehearsal.actions.pending()[0].id, "3-1.action.stabilize_system");
    rehearsal.restore();
    assert!(rehearsal.deliver(1.0, "3-1.action.something_else", Delivery::Delivered).is_empty());
    assert!(rehearsal.deliver(1.0, "3-1.action.stabilize_system", Delivery::Pending).is_empty());
    let lines = rehearsal.deliver(2.0, "3-1.action.stabilize_system", Delivery::Delivered);
    assert_eq!(lines, ["2: stabilize_system Outside Delivered"]);
    assert_eq!(rehearsal.events.last().unwrap().id, "3-1.action.stabilize_system.delivered");
    assert!(rehearsal.deliver(3.0, "3-1.action.stabilize_system", Delivery::Failed).is_empty(), "it is told once");
    assert!(rehearsal.actions.pending().is_empty());
    // No webhook asks for this one.
    rehearsal.at(10.0, &chaos(0.5));
    assert_eq!(rehearsal.at(2_000.0, &chaos(0.1)), ["2000: stimulate_creative_chaos Outside None"]);
}

#[test]
fn of_too_many_that_wait_the_oldest_counts_as_failed() {
    let mut rehearsal = Rehearsal::with(wet(), ACTION);
    let mut lines = rehearsal.at(0.0, &chaos(0.85));
    for round in 1..=16 {
        lines.extend(rehearsal.at(f64::from(round) * 600.0, &chaos(0.85)));
    }
    assert_eq!(rehearsal.actions.pending().len(), 16);
    assert_eq!(lines[lines.len() - 1], "9600: stabilize_system Outside Failed");
    assert_eq!(lines.iter().filter(|line| line.ends_with("Failed")).count(), 1);
}

#[test]
fn an_action_tells_all_about_itself() {
    let mut rehearsal = Rehearsal::of(ACTION);
    rehearsal.at(0.0, &chaos(0.1));
    let EventBody::Action { action } = &rehearsal.events[0].body else { panic!("no action") };
    insta::assert_json_snapshot!(action, @r#"
    {
      "id": "3-1.action.stimulate_creative_chaos",
      "action": "stimulate_creative_chaos",
      "priority": "P0",
      "at": "2026-01-01T00:00:00Z",
      "reach": "dry_run",
      "parameters": {
        "duration_seconds": 300.0,
        "intensity": 3.0
      },
      "reason": {
        "en": "Chaos 0.10 below 0.15: a little chaos is asked for",
        "ru": "Хаос 0,10 ниже 0,15: просим немного хаоса"
      },
      "delivery": "none"
    }
    "#);
}

#[test]
fn a_restored_action_keeps_its_cooldown_under_other_rules() {
    let mut rehearsal = Rehearsal::of(ACTION);
    rehearsal.at(0.0, &chaos(0.85));
    rehearsal.rules.actions.list.reverse();
    rehearsal.rules.actions.exclusive.clear();
    rehearsal.restore();
    assert!(rehearsal.at(10.0, &chaos(0.86)).is_empty());
    let cooling = rehearsal.explain("stabilize_system");
    assert_eq!((cooling.cooldown_until, cooling.since), (Some(moment(600.0)), Some(moment(0.0))));
    assert_eq!(cooling.state.en, "taken a moment ago: its cooldown lasts");
    assert_eq!(rehearsal.tick(700.0), ["600: stabilize_system DryRun None"]);
}
