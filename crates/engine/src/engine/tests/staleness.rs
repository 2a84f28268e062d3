use super::*;

#[test]
fn silence_freezes_the_level_and_raises_an_alert_of_its_own() {
    let mut story = Story::new();
    story.sample(0.0, &OK);
    assert!(story.tick(59.9).is_empty());
    assert_eq!(
        story.tick(100.0),
        ["60: levels clarity OK stale chaos OK stale trust OK stale pain OK stale", "60: stale Opened, sent 60",]
    );
    assert_eq!(
        story.sample(200.0, &OK),
        ["200: levels clarity OK chaos OK trust OK pain OK", "200: stale Resolved, sent 60"]
    );
}

#[test]
fn nothing_resolves_because_data_stopped() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.95));
    let lines = story.tick(3_600.0);
    assert!(lines.iter().all(|line| !line.contains("Resolved")), "{lines:?}");
    // Within the staleness time the last value counts, after it nothing new opens.
    assert_eq!(
        lines,
        [
            "30: pain_block_high Opened, held until 60",
            "60: levels pain BLOCKP0 stale",
            "60: stale Opened, sent 60",
            "60: pain_block_high Notified, sent 60",
            // What fires goes on calling people.
            "300: pain_critical_high Escalated 2, sent 0",
            "900: pain_critical_high Escalated 3, sent 0",
            "960: pain_block_high Escalated 2, sent 60",
            "960: stale Escalated 2, sent 60"
        ]
    );
}

#[test]
fn what_was_pending_begins_anew_after_a_silence() {
    let mut story = Story::new();
    story.sample(0.0, &pain(0.55));
    story.tick(100.0);
    story.sample(110.0, &pain(0.55));
    story.sample(165.0, &pain(0.55));
    story.sample(220.0, &pain(0.55));
    assert!(story.tick(229.9).iter().all(|line| !line.contains("warn")));
    assert_eq!(story.tick(230.0), ["230: pain_warn_high Opened, sent 230"]);
}

#[test]
fn one_silent_vital_is_noticed_while_others_speak() {
    let mut story = Story::new();
    story.sample(0.0, &OK);
    story.sample(30.0, &[(Vital::Clarity, 0.8), (Vital::Chaos, 0.45), (Vital::Trust, 0.8)]);
    assert_eq!(
        story.tick(60.0),
        ["60: levels clarity OK chaos OK trust OK pain OK stale", "60: stale Opened, sent 60"]
    );
    let EventBody::Alert { alert, .. } = &story.events.last().unwrap().body else { panic!("no alert") };
    assert_eq!(alert.summary.en, "agent-7 sends samples, but no pain for 1 min");
    assert_eq!(story.sample(61.0, &OK), ["61: levels clarity OK chaos OK trust OK pain OK"]);
    assert_eq!(story.tick(65.0), ["65: stale Resolved, sent 60"]);
}
