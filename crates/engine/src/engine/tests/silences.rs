//! Silences: the noise is muted, what is so is not.

use std::time::Duration;

use domain::{Alert, EscalationStep, Priority, Silence, SilenceChange, Text, limits};
use rules::Window;

use super::*;
use crate::View;

const CRITICAL: &str = "pain_critical_high";

/// Told at once, after 100 s, after 300 s; acknowledgements last 1,000 s. Of pain only P0 is watched, cooldown 60 s.
fn rules() -> Rules {
    let mut rules = Rules::built_in();
    let step = |role: &str, after_seconds| EscalationStep { role: role.into(), after_seconds, channels: Vec::new() };
    rules.escalation.chains = [(); 3].map(|()| vec![step("Ann", 0), step("Bob", 100), step("Cem", 300)]);
    rules.escalation.acknowledge_timeouts = [Duration::from_secs(1_000); 3];
    rules.escalation.maintenance.clear();
    rules.objectives.burns.clear();
    rules.bands[Vital::Pain.index()].edges.retain(|edge| edge.rule == CRITICAL);
    rules.staleness.after = Duration::from_secs(1_000_000);
    rules
}

/// One that has seen a sample in which all was well.
fn story() -> Story {
    let mut story = Story::with(rules());
    story.sample(0.0, &pain(0.3));
    story
}

/// The alerts that were told of by the lines, without levels.
fn alerts(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().filter(|line| !line.contains("levels")).collect()
}

fn last_alert(story: &Story) -> Alert {
    let alert = |event: &Event| match &event.body {
        EventBody::Alert { alert, .. } => Some((**alert).clone()),
        _ => None,
    };
    story.events.iter().rev().find_map(alert).unwrap()
}

fn view(story: &mut Story, seconds: f64) -> View {
    let (subject, saved) = story.engine.take_changed().pop().unwrap();
    let views = crate::Views::new(Arc::clone(story.engine.rules()));
    views.of(subject, story.engine.now(), moment(seconds), &saved).unwrap()
}

#[test]
fn what_opens_under_a_silence_is_told_at_its_end_if_it_still_fires() {
    let mut story = story();
    assert_eq!(story.silence(10.0, None, 500), ["10: silence created"]);
    assert_eq!(
        story.sample(20.0, &pain(0.95)),
        ["20: levels pain BLOCKP0", "20: pain_critical_high Opened, silenced until 510"],
        "P0 too: a person decided so"
    );
    assert_eq!(last_alert(&story).silenced.unwrap().by, "Ann");
    assert_eq!(
        story.tick(5_000.0),
        [
            "510: silence expired",
            "510: pain_critical_high Notified, sent 510",
            // The chain begins when people are told.
            "610: pain_critical_high Escalated 2, sent 510",
            "810: pain_critical_high Escalated 3, sent 510"
        ]
    );
    assert_eq!(last_alert(&story).silenced, None);
}

#[test]
fn what_is_over_before_its_silence_was_told_to_nobody() {
    let mut story = story();
    story.silence(10.0, None, 500);
    story.sample(20.0, &pain(0.95));
    assert_eq!(alerts(story.sample(30.0, &pain(0.3))), ["30: pain_critical_high Resolved, suppressed"]);
    assert_eq!(story.tick(5_000.0), ["510: silence expired"]);
}

#[test]
fn what_ends_together_with_its_silence_is_not_told() {
    let mut story = story();
    story.silence(10.0, None, 500);
    story.sample(20.0, &pain(0.95));
    // The minimum hold ends at 510.
    story.engine.adopt(Arc::new(Rules { minimum_hold: Duration::from_secs(490), ..rules() }));
    story.sample(30.0, &pain(0.3));
    assert_eq!(story.tick(5_000.0), ["510: silence expired", "510: pain_critical_high Resolved, suppressed"]);
}

#[test]
fn what_was_told_and_is_silenced_climbs_no_more_until_the_silence_is_over() {
    let mut story = story();
    story.sample(10.0, &pain(0.95));
    assert_eq!(
        story.silence(50.0, Some(CRITICAL), 500),
        ["50: silence created", "50: pain_critical_high Silenced, sent 10"]
    );
    assert_eq!(
        story.tick(5_000.0),
        [
            "550: silence expired",
            "550: pain_critical_high Unsilenced, sent 10",
            "550: pain_critical_high Escalated 2, sent 10",
            "750: pain_critical_high Escalated 3, sent 10"
        ]
    );
}

#[test]
fn whoever_was_told_is_told_of_the_end_under_a_silence_too() {
    let mut story = story();
    story.sample(10.0, &pain(0.95));
    story.silence(50.0, None, 500);
    assert_eq!(alerts(story.sample(60.0, &pain(0.3))), ["60: pain_critical_high Resolved, sent 10"]);
}

#[test]
fn a_silence_that_is_ended_early_lets_people_be_told_at_once() {
    let mut story = story();
    story.silence(10.0, None, 500);
    story.sample(20.0, &pain(0.95));
    assert_eq!(story.unsilence(100.0, 2), ["100: silence ended", "100: pain_critical_high Notified, sent 100"]);
    let EventBody::Silence { silence, .. } = &story.events[story.events.len() - 2].body else { panic!("no silence") };
    assert_eq!(silence.ended.as_ref().unwrap().by.as_deref(), Some("Bob"));
    assert!(story.unsilence(110.0, 2).is_empty(), "it is over");
    assert_eq!(story.tick(250.0), ["200: pain_critical_high Escalated 2, sent 100"]);
}

#[test]
fn what_climbs_goes_on_at_once_when_its_silence_is_ended_early() {
    let mut story = story();
    story.sample(10.0, &pain(0.95));
    story.silence(50.0, None, 500);
    let ended = ["400: silence ended", "400: pain_critical_high Unsilenced, sent 10"];
    assert_eq!(story.unsilence(400.0, 3), ended);
    assert_eq!(story.tick(401.0), ["400: pain_critical_high Escalated 2, sent 10"]);
}

#[test]
fn of_several_silences_the_one_that_lasts_longest_counts() {
    let mut story = story();
    story.sample(10.0, &pain(0.95));
    story.silence(20.0, None, 100);
    assert_eq!(story.silence(30.0, Some(CRITICAL), 500)[1], "30: pain_critical_high Silenced, sent 10");
    assert_eq!(story.silence(40.0, None, 60), ["40: silence created"], "it changes nothing for the alert");
    assert_eq!(story.tick(125.0), ["100: silence expired", "120: silence expired"]);
    assert_eq!(last_alert(&story).silenced.unwrap().until, moment(530.0));
    story.silence(200.0, None, 100);
    assert_eq!(story.unsilence(210.0, 4), ["210: silence ended", "210: pain_critical_high Silenced, sent 10"]);
    assert_eq!(last_alert(&story).silenced.unwrap().until, moment(300.0));
}

#[test]
fn a_silence_of_one_rule_mutes_no_other() {
    let mut rules = rules();
    rules.staleness.after = Duration::from_secs(60);
    let mut story = Story::with(rules);
    story.sample(0.0, &pain(0.95));
    assert_eq!(story.silence(10.0, Some("stale"), 200), ["10: silence created"]);
    assert_eq!(
        alerts(story.tick(250.0)),
        [
            "60: stale Opened, silenced until 210",
            "100: pain_critical_high Escalated 2, sent 0",
            "210: silence expired",
            "210: stale Notified, sent 210"
        ]
    );
}

#[test]
fn a_cooldown_goes_on_when_the_silence_is_over_before_it() {
    let mut story = story();
    story.sample(10.0, &pain(0.95));
    story.sample(20.0, &pain(0.3));
    story.sample(30.0, &pain(0.95));
    assert_eq!(last_alert(&story).notification, held(70.0, HeldBy::Cooldown));
    let lines = ["35: silence created", "35: pain_critical_high Silenced, silenced until 85"];
    assert_eq!(story.silence(35.0, None, 50), lines);
    assert_eq!(story.unsilence(40.0, 5), ["40: silence ended", "40: pain_critical_high Unsilenced, held until 70"]);
    assert_eq!(story.tick(80.0), ["70: pain_critical_high Notified, sent 70"]);
}

#[test]
fn a_window_goes_on_when_a_silence_ends_in_it() {
    let mut rules = rules();
    rules.bands[Vital::Pain.index()].edges[0].priority = Priority::P1;
    rules.escalation.maintenance.push(Window {
        name: Text::default(),
        // The stories begin on a Thursday.
        begins: Duration::from_secs(3 * 86_400 + 200),
        lasts: Duration::from_secs(800),
        mutes: vec![Priority::P1],
    });
    let mut story = Story::with(rules);
    story.sample(0.0, &pain(0.3));
    story.silence(10.0, None, 500);
    assert_eq!(alerts(story.sample(20.0, &pain(0.95))), ["20: pain_critical_high Opened, muted until 1000"]);
    assert_eq!(
        story.tick(1_050.0),
        [
            "510: silence expired",
            "510: pain_critical_high Unsilenced, muted until 1000",
            "1000: pain_critical_high Notified, sent 1000"
        ]
    );
}

#[test]
fn what_a_silence_held_is_told_together() {
    let mut rules = rules();
    let band = &mut rules.bands[Vital::Pain.index()];
    *band = Rules::built_in().bands[Vital::Pain.index()].clone();
    let mut story = Story::with(rules);
    story.sample(0.0, &pain(0.3));
    story.silence(5.0, None, 500);
    story.sample(10.0, &pain(0.95));
    story.tick(400.0);
    let lines = story.tick(505.0);
    let told = ["pain_critical_high", "pain_block_high", "pain_warn_high"];
    assert_eq!(lines[1..], told.map(|rule| format!("505: {rule} Notified, sent 505")));
}

#[test]
fn a_lapse_waits_for_the_end_of_a_silence() {
    let mut story = story();
    story.sample(10.0, &pain(0.95));
    story.acknowledge(20.0, "3-2.pain_critical_high");
    story.silence(30.0, None, 2_000);
    assert_eq!(
        story.tick(2_100.0),
        [
            "2030: silence expired",
            "2030: pain_critical_high Unsilenced, sent 10",
            "2030: pain_critical_high Lapsed, sent 10",
            "2030: pain_critical_high Escalated 2, sent 10"
        ]
    );
}

#[test]
fn burns_are_muted_too() {
    let mut rules = Rules::built_in();
    rules.staleness.after = Duration::from_secs(1_000_000);
    let mut story = Story::with(rules);
    story.sample(0.0, &pain(0.55));
    story.silence(1.0, Some("pain_burn_1h"), 100_000);
    let lines = story.tick(50_000.0);
    assert!(lines.iter().any(|line| line.ends_with("pain_burn_1h Opened, silenced until 100001")), "{lines:?}");
    let told = ": pain_burn_1h Notified, sent";
    assert!(story.unsilence(60_000.0, 2).iter().any(|line| line.contains(told)), "{:?}", story.events.last());
    let other: Vec<_> = lines.iter().filter(|line| line.contains("pain_burn_6h Opened, sent")).collect();
    assert_eq!(other.len(), 1, "{lines:?}");

    // Its chain stands still, and goes on as soon as the silence is over.
    story.silence(60_010.0, Some("pain_burn_1h"), 100_000);
    let of_burn = |lines: Vec<String>| lines.into_iter().filter(|line| line.contains("burn_1h")).collect::<Vec<_>>();
    assert_eq!(of_burn(story.tick(69_999.0)), [""; 0]);
    assert_eq!(of_burn(story.unsilence(70_000.0, 4)), ["70000: pain_burn_1h Unsilenced, sent 60000"]);
    assert_eq!(of_burn(story.tick(70_001.0)), ["70000: pain_burn_1h Escalated 2, sent 60000"]);
}

#[test]
fn one_silence_too_many_is_none() {
    let mut story = story();
    for _ in 0..limits::SILENCES {
        assert_eq!(story.silence(10.0, None, 100), ["10: silence created"]);
    }
    assert!(story.silence(10.0, None, 100).is_empty());
    let ended = story.tick(200.0);
    assert_eq!(ended.len(), limits::SILENCES);
    assert_eq!(story.silence(200.0, None, 100), ["200: silence created"]);
}

#[test]
fn whoever_looks_at_the_subject_sees_its_silences() {
    let mut story = story();
    story.silence(10.0, Some(CRITICAL), 500);
    let [(_, presence)] = &story.engine.take_presences()[..] else { panic!("nothing new") };
    let [Silence { id, rule, from, until, .. }] = &presence.silences[..] else { panic!("no silence") };
    assert_eq!(
        (id.as_str(), rule.as_deref(), *from, *until),
        ("3-2.silence", Some(CRITICAL), moment(10.0), moment(510.0))
    );
    story.tick(600.0);
    assert!(story.engine.take_presences()[0].1.silences.is_empty());
    let EventBody::Silence { change, silence } = &story.events.last().unwrap().body else { panic!("no silence") };
    assert_eq!((*change, silence.ended.as_ref().unwrap().at), (SilenceChange::Expired, moment(510.0)));
}

#[test]
fn it_is_explained() {
    let mut story = story();
    story.silence(10.0, Some(CRITICAL), 500);
    let of = |view: View, rule: &str| view.explain().into_iter().find(|now| now.rule == rule).unwrap();
    let now = of(view(&mut story, 15.0), CRITICAL);
    assert_eq!(now.state.en, "the value is not beyond the edge; silenced until 2026-01-01T00:08:30Z by Ann");
    assert_eq!(now.state.ru, "значение не за границей; заглушено до 2026-01-01T00:08:30Z: Ann");
    assert_eq!(now.silenced.unwrap().id, "3-2.silence");
    story.sample(20.0, &pain(0.95));
    let view = view(&mut story, 25.0);
    let muted = "alert 3-3.pain_critical_high fires: nobody was told; silenced until 2026-01-01T00:08:30Z by Ann";
    assert_eq!(of(view, CRITICAL).state.en, muted);
    story.sample(30.0, &pain(0.95));
    assert_eq!(of(self::view(&mut story, 30.0), "stale").silenced, None);
}

fn held(until: f64, by: HeldBy) -> Notification {
    Notification::Held { until: moment(until), by }
}
