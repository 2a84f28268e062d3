use super::*;

#[test]
fn a_single_critical_sample_makes_one_page_and_one_resolve() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.3));
    assert_eq!(story.sample(1.0, &pain(0.95)), ["1: levels pain BLOCKP0", "1: pain_critical_high Opened, sent 1"]);
    assert_eq!(story.sample(2.0, &pain(0.3)), ["2: levels pain OK"]);
    assert!(story.tick(5.9).is_empty());
    assert_eq!(story.tick(6.0), ["6: pain_critical_high Resolved, sent 1"]);
    assert!(story.tick(59.0).is_empty());
}

#[test]
fn an_alert_opens_when_its_condition_has_held_for_long_enough() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.65));
    story.sample(29.0, &pain(0.66));
    assert!(story.tick(29.9).is_empty());
    assert_eq!(story.tick(31.0), ["30: pain_block_high Opened, sent 30"]);
    story.sample(60.0, &pain(0.66));
    assert!(story.sample(119.0, &pain(0.66)).is_empty());
    assert_eq!(story.sample(121.0, &pain(0.66)), ["120: pain_warn_high Opened, sent 120"]);
}

#[test]
fn a_condition_that_ends_in_time_never_alerts() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.65));
    story.sample(29.0, &pain(0.3));
    assert!(story.tick(59.0).is_empty());
}

#[test]
fn a_value_on_an_edge_does_not_flap() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.71));
    for second in 1..50 {
        let value = if second % 2 == 0 { 0.701 } else { 0.699 };
        let lines = story.sample(f64::from(second), &pain(value));
        assert!(lines.iter().all(|line| !line.contains("critical")), "{lines:?}");
    }
    assert!(story.sample(50.0, &pain(0.5)).contains(&"50: pain_critical_high Resolved, sent 0".to_owned()));
}

#[test]
fn an_alert_stays_when_its_condition_returns_within_the_minimum_hold() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.95));
    story.sample(1.0, &pain(0.3));
    story.sample(2.0, &pain(0.95));
    assert!(story.tick(20.0).is_empty());
}

#[test]
fn the_cooldown_holds_a_notification_back_and_tells_it_later() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.95));
    story.sample(1.0, &pain(0.3));
    story.tick(5.0);
    assert_eq!(story.sample(10.0, &pain(0.95))[1], "10: pain_critical_high Opened, held until 60");
    story.sample(30.0, &pain(0.95));
    assert!(story.tick(59.0).iter().all(|line| !line.contains("critical")));
    assert_eq!(story.tick(60.0), ["60: pain_critical_high Notified, sent 60", "60: pain_block_high Notified, sent 60"]);
}

#[test]
fn what_is_over_before_its_cooldown_was_told_to_nobody() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.95));
    story.sample(1.0, &pain(0.3));
    story.sample(10.0, &pain(0.95));
    story.sample(11.0, &pain(0.3));
    assert_eq!(story.tick(59.0), ["15: pain_critical_high Resolved, suppressed"]);
}

#[test]
fn a_rise_in_priority_is_never_held_back() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.65));
    story.sample(30.0, &pain(0.65));
    assert_eq!(story.sample(31.0, &pain(0.95))[1], "31: pain_critical_high Opened, sent 31");
}

#[test]
fn the_cooldowns_of_two_vitals_are_apart() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.95));
    assert_eq!(story.sample(1.0, &[(Vital::Trust, 0.4)])[1], "1: trust_critical_low Opened, sent 1");
}

#[test]
fn acknowledging_is_told_once_and_never_mutes_the_resolve() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.95));
    assert_eq!(story.acknowledge(1.0, "3-1.pain_critical_high"), ["1: pain_critical_high Acknowledged, sent 0"]);
    assert!(story.acknowledge(2.0, "3-1.pain_critical_high").is_empty());
    assert!(story.acknowledge(2.0, "3-1.something_else").is_empty());
    assert_eq!(story.sample(6.0, &pain(0.3)).last().unwrap(), "6: pain_critical_high Resolved, sent 0");
}

#[test]
fn an_edge_that_the_rules_no_longer_have_lets_its_alert_go() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.95));
    let mut rules = Rules::built_in();
    rules.bands[Vital::Pain.index()].edges.retain(|edge| edge.priority != domain::Priority::P0);
    story.engine.adopt(Arc::new(rules));
    assert_eq!(story.sample(1.0, &pain(0.95)), ["0: pain_critical_high Resolved, sent 0", "1: levels pain BLOCKP1"]);
}

#[test]
fn an_alert_says_what_is_wrong_in_both_languages() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.95));
    story.sample(30.0, &pain(0.95));
    let said = |rule: &str| {
        let mut alerts = story.events.iter().filter_map(|event| match &event.body {
            EventBody::Alert { alert, .. } => Some(alert),
            _ => None,
        });
        let alert = alerts.find(|alert| alert.rule == rule).unwrap();
        format!("{}\n{}", alert.summary.en, alert.summary.ru)
    };
    insta::assert_snapshot!(said("pain_critical_high"), @"
    Pain of agent-7 is 0.95: critical from 0.70 up
    Боль agent-7: 0,95; критично от 0,70 и выше
    ");
    insta::assert_snapshot!(said("pain_block_high"), @"
    Pain of agent-7 is 0.95: BLOCK from 0.60 up, for 30 s
    Боль agent-7: 0,95; BLOCK от 0,60 и выше, уже 30 с
    ");
}
