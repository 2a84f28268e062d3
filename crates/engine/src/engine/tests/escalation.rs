//! Who is told, and when: chains, acknowledgements that lapse, and windows in which nobody is disturbed.

use std::time::Duration;

use domain::{Alert, EscalationStep, Priority, Text};
use rules::Window;

use super::*;

const P0: &str = "3-1.pain_critical_high";

/// Chains of seconds: at once, after 100 s, after 300 s; acknowledgements last 1,000 s. Only the edge of P0 is watched.
fn rules() -> Rules {
    let mut rules = Rules::built_in();
    let step = |role: &str, after_seconds| EscalationStep { role: role.into(), after_seconds, channels: Vec::new() };
    rules.escalation.chains = [(); 3].map(|()| vec![step("Ann", 0), step("Bob", 100), step("Cem", 300)]);
    rules.escalation.acknowledge_timeouts = [Duration::from_secs(1_000); 3];
    rules.escalation.maintenance.clear();
    rules.objectives.burns.clear();
    rules.bands[Vital::Pain.index()].edges.retain(|edge| edge.rule == "pain_critical_high");
    // Silence is another story.
    rules.staleness.after = Duration::from_secs(1_000_000);
    rules
}

/// The same where the alert has another priority, and 200 s to 1,000 s are a window that mutes P1.
fn with_window(priority: Priority) -> Rules {
    let mut rules = rules();
    rules.bands[Vital::Pain.index()].edges[0].priority = priority;
    rules.escalation.maintenance.push(Window {
        name: Text::default(),
        // The stories begin on a Thursday.
        begins: Duration::from_secs(3 * 86_400 + 200),
        lasts: Duration::from_secs(800),
        mutes: vec![Priority::P1, Priority::P2],
    });
    rules
}

fn last_alert(story: &Story) -> &Alert {
    let alert = story.events.iter().rev().find_map(|event| match &event.body {
        EventBody::Alert { alert, .. } => Some(alert),
        _ => None,
    });
    alert.expect("there was an alert")
}

/// What the ticks from here to `end` bring, without the levels.
fn until(story: &mut Story, end: f64) -> Vec<String> {
    story.tick(end).into_iter().map(|line| line.replace("pain_critical_high ", "")).collect()
}

#[test]
fn an_alert_that_nobody_acknowledges_climbs_to_the_end_of_its_chain() {
    let mut story = Story::with(rules());
    story.sample(0.0, &pain(0.95));
    assert!(until(&mut story, 99.9).is_empty());
    assert_eq!(until(&mut story, 5_000.0), ["100: Escalated 2, sent 0", "300: Escalated 3, sent 0"]);
    let alert = last_alert(&story);
    assert_eq!(alert.escalation.taken, [moment(0.0), moment(100.0), moment(300.0)]);
}

#[test]
fn an_alert_that_ends_climbs_no_further() {
    let mut story = Story::with(rules());
    story.sample(0.0, &pain(0.95));
    story.sample(100.0, &pain(0.3));
    assert!(until(&mut story, 5_000.0).is_empty());
}

#[test]
fn who_acknowledges_stops_the_climb_until_that_lapses() {
    let mut story = Story::with(rules());
    story.sample(0.0, &pain(0.95));
    story.tick(100.0);
    story.acknowledge(150.0, P0);
    // Step 3 was due at 300 and comes at once.
    assert_eq!(until(&mut story, 5_000.0), ["1150: Lapsed, sent 0", "1150: Escalated 3, sent 0"]);
    let alert = last_alert(&story);
    assert_eq!((alert.escalation.lapses, &alert.acknowledged), (1, &None));
}

#[test]
fn whoever_was_told_last_is_told_again_at_each_lapse_at_the_end_of_a_chain_too() {
    let mut story = Story::with(rules());
    story.sample(0.0, &pain(0.95));
    story.acknowledge(50.0, P0);
    story.tick(1_250.0);
    story.acknowledge(1_300.0, P0);
    assert_eq!(until(&mut story, 5_000.0), ["2300: Lapsed, sent 0"]);
    assert_eq!(last_alert(&story).escalation.told_again, [1, 3]);
}

#[test]
fn after_a_lapse_no_step_is_left_out_and_each_has_its_time() {
    let mut story = Story::with(rules());
    story.sample(0.0, &pain(0.95));
    story.acknowledge(50.0, P0);
    assert_eq!(
        until(&mut story, 5_000.0),
        ["1050: Lapsed, sent 0", "1050: Escalated 2, sent 0", "1250: Escalated 3, sent 0"]
    );
}

#[test]
fn a_lapse_before_the_next_step_is_due_does_not_hurry_it() {
    let mut rules = rules();
    rules.escalation.acknowledge_timeouts = [Duration::from_secs(10); 3];
    let mut story = Story::with(rules);
    story.sample(0.0, &pain(0.95));
    story.acknowledge(50.0, P0);
    assert_eq!(until(&mut story, 200.0), ["60: Lapsed, sent 0", "100: Escalated 2, sent 0"]);
}

#[test]
fn what_happens_twice_has_a_name_for_each_time() {
    let mut rules = rules();
    rules.escalation.acknowledge_timeouts = [Duration::from_secs(10); 3];
    let mut story = Story::with(rules);
    story.sample(0.0, &pain(0.95));
    for second in [1.0, 20.0, 40.0] {
        story.acknowledge(second, P0);
        assert!(story.acknowledge(second, P0).is_empty(), "the second one changes nothing");
    }
    story.tick(100.0);
    story.sample(101.0, &pain(0.3));
    let ids: Vec<_> =
        story.events.iter().filter_map(|event| event.id.strip_prefix("3-1.pain_critical_high.")).collect();
    assert_eq!(
        ids,
        [
            "opened",
            "acknowledged",
            "lapsed",
            "acknowledged-2",
            "lapsed-2",
            "acknowledged-3",
            "lapsed-3",
            "escalated-2",
            "resolved",
            "artifact"
        ]
    );
}

#[test]
fn an_acknowledgement_without_a_timeout_lasts() {
    let mut rules = rules();
    rules.escalation.acknowledge_timeouts = [Duration::ZERO; 3];
    let mut story = Story::with(rules);
    story.sample(0.0, &pain(0.95));
    story.acknowledge(50.0, P0);
    assert!(until(&mut story, 100_000.0).is_empty());
}

#[test]
fn the_chain_of_an_open_alert_outlives_a_reload() {
    let mut story = Story::with(rules());
    story.sample(0.0, &pain(0.95));
    let mut others = rules();
    others.escalation.chains = [const { Vec::new() }; 3];
    story.engine.adopt(Arc::new(others));
    assert_eq!(until(&mut story, 5_000.0), ["100: Escalated 2, sent 0", "300: Escalated 3, sent 0"]);
}

#[test]
fn what_opens_in_a_window_is_told_at_its_end_and_climbs_from_there() {
    let mut story = Story::with(with_window(Priority::P1));
    assert_eq!(story.sample(400.0, &pain(0.95))[1], "400: pain_critical_high Opened, muted until 1000");
    assert_eq!(
        until(&mut story, 5_000.0),
        ["1000: Notified, sent 1000", "1100: Escalated 2, sent 1000", "1300: Escalated 3, sent 1000"]
    );
}

#[test]
fn what_opens_and_ends_in_a_window_was_told_to_nobody() {
    let mut story = Story::with(with_window(Priority::P1));
    story.sample(400.0, &pain(0.95));
    assert_eq!(story.sample(500.0, &pain(0.3)).last().unwrap(), "500: pain_critical_high Resolved, suppressed");
    assert!(until(&mut story, 5_000.0).is_empty());
}

#[test]
fn p0_is_never_muted_where_the_rules_do_not_say_so() {
    let mut story = Story::with(with_window(Priority::P0));
    assert_eq!(story.sample(400.0, &pain(0.95))[1], "400: pain_critical_high Opened, sent 400");
    assert_eq!(until(&mut story, 999.0), ["500: Escalated 2, sent 400", "700: Escalated 3, sent 400"]);
}

#[test]
fn a_step_that_comes_due_in_a_window_waits_for_its_end() {
    let mut story = Story::with(with_window(Priority::P1));
    story.sample(150.0, &pain(0.95));
    // Step 2 is due at 250.
    assert_eq!(until(&mut story, 5_000.0), ["1000: Escalated 2, sent 150", "1200: Escalated 3, sent 150"]);
}

#[test]
fn a_lapse_in_a_window_waits_for_its_end() {
    let mut rules = with_window(Priority::P1);
    rules.escalation.acknowledge_timeouts = [Duration::from_secs(100); 3];
    let mut story = Story::with(rules);
    story.sample(150.0, &pain(0.95));
    story.acknowledge(160.0, P0);
    assert_eq!(until(&mut story, 1_100.0), ["1000: Lapsed, sent 150", "1000: Escalated 2, sent 150"]);
}

#[test]
fn the_end_of_what_was_told_is_told_in_a_window_too() {
    let mut story = Story::with(with_window(Priority::P1));
    story.sample(150.0, &pain(0.95));
    assert_eq!(story.sample(400.0, &pain(0.3)).last().unwrap(), "400: pain_critical_high Resolved, sent 150");
}

#[test]
fn a_cooldown_that_is_over_in_a_window_waits_for_its_end() {
    let mut story = Story::with(with_window(Priority::P1));
    story.sample(150.0, &pain(0.95));
    story.sample(160.0, &pain(0.3));
    // The cooldown would be over at 210.
    assert_eq!(story.sample(190.0, &pain(0.95))[1], "190: pain_critical_high Opened, muted until 1000");
    assert_eq!(until(&mut story, 1_050.0), ["1000: Notified, sent 1000"]);
}

#[test]
fn what_is_held_does_not_climb_and_may_be_acknowledged() {
    let mut story = Story::with(with_window(Priority::P1));
    story.sample(400.0, &pain(0.95));
    assert_eq!(story.acknowledge(500.0, P0), ["500: pain_critical_high Acknowledged, muted until 1000"]);
    assert_eq!(
        until(&mut story, 5_000.0),
        [
            "1000: Notified, sent 1000",
            "1500: Lapsed, sent 1000",
            "1500: Escalated 2, sent 1000",
            "1700: Escalated 3, sent 1000"
        ]
    );
}

#[test]
fn silence_climbs_like_everything_else() {
    let mut rules = rules();
    rules.staleness.after = Duration::from_secs(60);
    let mut story = Story::with(rules);
    story.sample(0.0, &pain(0.3));
    let lines = story.tick(5_000.0);
    let climb = ["60: stale Opened, sent 60", "160: stale Escalated 2, sent 60", "360: stale Escalated 3, sent 60"];
    assert_eq!(lines[1..], climb);
}

#[test]
fn a_simulation_says_what_the_engine_does() {
    let of_alert = |event: &Event| match &event.body {
        EventBody::Alert { change, alert } if alert.rule != "stale" => Some((*change, event.at, alert.notification)),
        _ => None,
    };
    for (priority, acknowledged) in [(Priority::P0, false), (Priority::P1, false), (Priority::P1, true)] {
        let rules = with_window(priority);
        let mut story = Story::with(rules.clone());
        story.sample(150.0, &pain(0.95));
        if acknowledged {
            story.acknowledge(180.0, P0);
        }
        story.tick(100_000.0);
        let patience = acknowledged.then_some(Duration::from_secs(30));
        let simulated = crate::simulate_escalation(&rules, priority, moment(150.0), patience);
        let really: Vec<_> = story.events.iter().filter_map(of_alert).collect();
        assert!(really.len() >= 3, "{really:?}");
        assert_eq!(simulated.iter().filter_map(of_alert).collect::<Vec<_>>(), really);
    }
}
