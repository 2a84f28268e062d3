use crate::RuleNow;
use crate::chronicle::{Chronicle, OK, moment, seconds};

/// Sunday 02:00: the weekly maintenance window begins.
const SUNDAY: f64 = 3.0 * 86_400.0 + 2.0 * 3_600.0;

/// What programs read of a rule, on one line, in seconds.
fn line(now: &RuleNow, at: f64) -> String {
    let mut line = now.holds.map_or("?", |holds| if holds { "yes" } else { "no" }).to_owned();
    let mut add = |what: Option<String>| what.into_iter().for_each(|what| line.push_str(&format!(", {what}")));
    add(now.value.map(|value| format!("value {value}")));
    add(now.threshold.map(|threshold| format!("threshold {threshold}")));
    add(now.held_seconds.map(|held| format!("held {held}")));
    add(now.for_seconds.map(|hold| format!("for {hold}")));
    add(now.cooldown_until.map(|until| format!("cooldown {} left", seconds(until) - at)));
    add(now.suppressed.map(|it| format!("suppressed at {} by {}", seconds(it.at), it.why.name())));
    add(now.notification.map(|told| match told {
        domain::Notification::Sent { at } => format!("sent at {}", seconds(at)),
        domain::Notification::Held { until, by } => format!("held until {} by {by:?}", seconds(until)),
        domain::Notification::Suppressed => "suppressed".to_owned(),
    }));
    add(now.inhibited_by.as_ref().map(|by| format!("inhibited by {by}")));
    line
}

/// How a rule of a story stands at a moment of it.
#[track_caller]
fn check(tell: fn(&mut Chronicle), at: f64, rows: &[(&str, &str)]) {
    let mut story = Chronicle::of(&[]);
    tell(&mut story);
    let all = story.view(at).explain();
    for (rule, expected) in rows {
        let now = all.iter().find(|now| now.rule == *rule).unwrap_or_else(|| panic!("no rule `{rule}`"));
        assert_eq!(line(now, at), *expected, "{rule} at {at}");
    }
}

#[test]
fn an_edge_tells_its_value_and_for_how_long_it_must_hold() {
    let rows = [
        ("pain_critical_high", "no, value 0.35, threshold 0.7, for 0"),
        ("pain_block_high", "no, value 0.35, threshold 0.6, for 30"),
        ("pain_warn_low", "no, value 0.35, threshold 0.2, for 120"),
    ];
    check(|story| _ = story.at(0.0, &OK), 5.0, &rows);
    let rows = [("pain_block_high", "yes, value 0.65, threshold 0.6, held 12, for 30")];
    check(|story| _ = story.repeat(0.0, 15.0, 4.0, &[("pain", 0.65)]), 12.0, &rows);
}

#[test]
fn a_cooldown_is_told_of_those_that_it_holds_back() {
    let rows = [
        ("pain_block_high", "yes, value 0.65, threshold 0.6, held 40, for 30, cooldown 50 left, sent at 30"),
        ("pain_warn_high", "yes, value 0.65, threshold 0.5, held 40, for 120, cooldown 50 left"),
        // A rise in priority is never held back.
        ("pain_critical_high", "no, value 0.65, threshold 0.7, for 0"),
    ];
    check(|story| _ = story.repeat(0.0, 45.0, 10.0, &[("pain", 0.65)]), 40.0, &rows);
    let rows = [
        ("pain_critical_high", "yes, value 0.95, threshold 0.7, held 40, for 0, cooldown 20 left, sent at 0"),
        (
            "pain_block_high",
            "yes, value 0.95, threshold 0.6, held 40, for 30, cooldown 20 left, held until 60 by Cooldown",
        ),
    ];
    check(|story| _ = story.repeat(0.0, 45.0, 10.0, &[("pain", 0.95)]), 40.0, &rows);
}

#[test]
fn a_maintenance_window_is_told() {
    let rows =
        [("pain_block_high", "yes, value 0.65, threshold 0.6, held 40, for 30, held until 273600 by Maintenance")];
    check(|story| _ = story.repeat(SUNDAY, SUNDAY + 45.0, 10.0, &[("pain", 0.65)]), SUNDAY + 40.0, &rows);
}

/// By a critical alert of whatever vital, once both were handed to Alertmanager.
#[test]
fn the_inhibitor_is_named() {
    let by_pain = "inhibited by 3-1.pain_critical_high";
    let rows = [
        ("pain_critical_high", "yes, value 0.95, threshold 0.7, held 190, for 0, sent at 0"),
        ("pain_block_high", &*format!("yes, value 0.95, threshold 0.6, held 190, for 30, sent at 60, {by_pain}")),
        ("pain_warn_high", &*format!("yes, value 0.95, threshold 0.5, held 190, for 120, sent at 120, {by_pain}")),
    ];
    check(|story| _ = story.repeat(0.0, 200.0, 10.0, &[("pain", 0.95)]), 190.0, &rows);
    let rows = [
        (
            "trust_block_low",
            "yes, value 0.3, threshold 0.55, held 40, for 30, cooldown 200 left, held until 240 by Cooldown",
        ),
        (
            "pain_block_high",
            "yes, value 0.65, threshold 0.6, held 40, for 30, cooldown 50 left, sent at 30, \
                inhibited by 3-1.trust_critical_low",
        ),
    ];
    check(|story| _ = story.repeat(0.0, 45.0, 10.0, &[("trust", 0.3), ("pain", 0.65)]), 40.0, &rows);
}

#[test]
fn silence_is_told_and_what_was_never_measured() {
    fn tell(story: &mut Chronicle) {
        story.at(0.0, &[("pain", 0.95)]);
        story.tick(60.0);
    }
    let rows = [
        ("pain_critical_high", "?, value 0.95, threshold 0.7, for 0, sent at 0"),
        (
            "pain_block_high",
            "?, value 0.95, threshold 0.6, for 30, cooldown 60 left, sent at 60, inhibited by 3-1.pain_critical_high",
        ),
        ("stale", "yes, value 60, threshold 60, held 60, sent at 60, inhibited by 3-1.pain_critical_high"),
        ("clarity_critical_low", "?, threshold 0.5, for 0"),
        ("clarity_burn_1h", "?, threshold 14.4"),
    ];
    check(tell, 60.0, &rows);
    let mut story = Chronicle::of(&[]);
    tell(&mut story);
    assert_eq!(story.explain(60.0, "clarity_critical_low")[2], "never measured");
}

#[test]
fn it_is_told_why_something_was_suppressed() {
    fn tell(story: &mut Chronicle) {
        story.at(0.0, &[("pain", 0.65)]);
        story.at(1.0, &[("pain", 0.3)]);
        story.at(2.0, &[("pain", 0.65)]);
    }
    check(tell, 2.0, &[("emergency_recovery", "yes, cooldown 898 left, suppressed at 2 by cooldown")]);
}

#[test]
fn of_two_states_that_hold_the_first_is_present() {
    let mut story = Chronicle::of(&[]);
    story.repeat(0.0, 10.0, 1.0, &[("clarity", 0.75), ("chaos", 0.5), ("trust", 0.85), ("pain", 0.25)]);
    assert_eq!(story.explain(9.0, "CREATIVE_INTEGRATION")[0], "the present state");
    for later in ["HARMONIOUS_FLOW", "CREATIVE_TENSION", "BALANCED"] {
        assert_eq!(story.explain(9.0, later)[0], "another one goes first", "{later}");
    }
    assert_eq!(story.explain(9.0, "CRISIS_MODE")[0], "not the present state");
}

#[test]
fn nothing_is_known_beyond_what_was_due() {
    let mut story = Chronicle::of(&[]);
    story.at(0.0, &[("pain", 0.3), ("trust", 0.8)]);
    let good = |story: &mut Chronicle, at: f64| story.view(at).budgets()[0].good_seconds;
    assert_eq!((good(&mut story, 59.0), story.view(59.0).at()), (59.0, moment(59.0)));
    // No engine has looked since: at 60 it would have found the subject stale.
    assert_eq!((good(&mut story, 3_600.0), story.view(3_600.0).at()), (60.0, moment(60.0)));
    story.tick(3_600.0);
    assert_eq!((good(&mut story, 3_600.0), story.view(3_600.0).at()), (60.0, moment(3_600.0)));
}
