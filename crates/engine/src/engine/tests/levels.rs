use super::*;

#[test]
fn a_level_is_the_plain_truth_about_the_latest_value() {
    let mut story = Story::new();
    let level = |story: &mut Story, at: f64, value: f64| story.sample(at, &pain(value))[0].clone();
    assert_eq!(level(&mut story, 0.0, 0.3), "0: levels pain OK");
    assert_eq!(level(&mut story, 1.0, 0.5001), "1: levels pain WARNP2");
    assert_eq!(level(&mut story, 2.0, 0.6), "2: levels pain BLOCKP1");
    assert_eq!(level(&mut story, 3.0, 0.7), "3: levels pain BLOCKP0");
    assert_eq!(level(&mut story, 4.0, 0.5), "4: levels pain OK");
    assert_eq!(level(&mut story, 5.0, 0.19), "5: levels pain WARNP2");
}

#[test]
fn an_unchanged_level_is_no_event_and_keeps_its_beginning() {
    let mut story = Story::new();
    assert_eq!(story.sample(0.0, &OK), ["0: levels clarity OK chaos OK trust OK pain OK"]);
    assert!(story.sample(1.0, &pain(0.31)).is_empty());
    story.sample(2.0, &pain(0.55));
    story.sample(3.0, &pain(0.56));
    let EventBody::Levels { changed, verdict } = &story.events.last().unwrap().body else { panic!("no levels") };
    assert_eq!(changed, &[Vital::Pain]);
    assert_eq!(verdict.pain.unwrap().since, moment(2.0));
}

#[test]
fn a_sample_older_than_the_newest_is_history() {
    let mut story = Story::new();
    story.sample(10.0, &pain(0.3));
    assert!(story.late_sample(11.0, 9.0, &pain(0.95)).is_empty());
    assert_eq!(story.engine.unjudged().superseded, 1);
}

#[test]
fn a_sample_as_old_as_the_staleness_time_is_history() {
    let mut story = Story::new();
    assert!(story.late_sample(100.0, 40.0, &pain(0.95)).is_empty());
    assert_eq!(story.engine.unjudged().late, 1);
    assert_eq!(story.late_sample(101.0, 42.0, &pain(0.95)).len(), 2);
}

#[test]
fn a_producer_whose_clock_runs_ahead_does_not_silence_the_others() {
    let mut story = Story::new();
    story.late_sample(0.0, 1_800.0, &pain(0.3));
    assert_eq!(story.sample(1.0, &pain(0.55)), ["1: levels pain WARNP2"]);
}
