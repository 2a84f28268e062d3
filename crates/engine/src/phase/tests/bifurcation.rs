use super::*;

/// A subject at rest, ten seconds in BALANCED.
fn balanced() -> Chronicle {
    let mut story = Chronicle::of(&["bifurcation"]);
    assert!(story.repeat(0.0, 10.0, 1.0, &OK).is_empty());
    story
}

#[test]
fn two_other_states_within_reach_make_a_bifurcation() {
    let mut story = balanced();
    assert!(story.at(10.0, &values(0.75, 0.36, 0.7, 0.35)).is_empty(), "tension alone is near");
    assert_eq!(
        story.at(11.0, &values(0.75, 0.36, 0.76, 0.34)),
        ["11: near CREATIVE_INTEGRATION, HARMONIOUS_FLOW, CREATIVE_TENSION"]
    );
}

#[test]
fn the_present_state_is_not_counted() {
    let mut story = Chronicle::of(&["bifurcation", "seam"]);
    let tension = values(0.72, 0.44, 0.7, 0.55);
    // CREATIVE_TENSION is where it is; BALANCED is one move of pain away.
    assert_eq!(
        story.repeat(0.0, 60.0, 1.0, &tension),
        ["0: near CREATIVE_TENSION, BALANCED", "5: UNKNOWN to CREATIVE_TENSION, Insight"]
    );
    assert!(story.repeat(60.0, 200.0, 1.0, &tension).is_empty());
}

#[test]
fn a_state_that_holds_all_over_hides_those_after_it() {
    let mut story = balanced();
    // Deep in a crisis nothing else is near, though tension would hold as well.
    assert!(story.repeat(10.0, 30.0, 1.0, &values(0.8, 0.5, 0.3, 0.9)).is_empty());
}

#[test]
fn it_is_told_again_when_the_states_are_others_and_the_cooldown_is_over() {
    let mut story = balanced();
    let (three, two) = (values(0.75, 0.36, 0.76, 0.34), values(0.75, 0.36, 0.76, 0.36));
    assert_eq!(story.at(10.0, &three).len(), 1);
    assert!(story.repeat(11.0, 70.0, 1.0, &two).is_empty(), "the cooldown is a minute");
    assert_eq!(story.at(70.0, &two), ["70: near CREATIVE_INTEGRATION, CREATIVE_TENSION"]);
    assert!(story.repeat(71.0, 200.0, 1.0, &two).is_empty(), "the same states are nothing new");
    assert!(story.at(200.0, &OK).is_empty());
    assert_eq!(story.at(201.0, &two).len(), 1, "they were not near in between");
}

#[test]
fn it_is_looked_for_once_a_second() {
    let mut story = balanced();
    assert!(story.at(10.0, &OK).is_empty());
    assert!(story.at(10.5, &values(0.75, 0.36, 0.76, 0.34)).is_empty());
    assert_eq!(story.at(11.0, &values(0.75, 0.36, 0.76, 0.34)).len(), 1);
}

#[test]
fn what_lies_just_within_reach_is_near() {
    let mut story = balanced();
    // From 0.35 it is 0.05 to 0.40, where integration begins; 0.05 to 0.30 is not enough for flow, nor for tension.
    assert_eq!(story.at(10.0, &values(0.75, 0.35, 0.76, 0.34)), ["10: near CREATIVE_INTEGRATION, HARMONIOUS_FLOW"]);
}

#[test]
fn what_is_unknown_leads_nowhere() {
    let mut story = Chronicle::of(&["bifurcation"]);
    assert!(story.repeat(0.0, 30.0, 1.0, &[("chaos", 0.36), ("trust", 0.76), ("pain", 0.34)]).is_empty());
}

#[test]
fn what_was_told_survives_a_restore() {
    let mut story = balanced();
    let three = values(0.75, 0.36, 0.76, 0.34);
    assert_eq!(story.at(10.0, &three).len(), 1);
    story.restore();
    assert!(story.repeat(11.0, 200.0, 1.0, &three).is_empty());
}
