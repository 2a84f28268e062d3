use rules::Rules;

use crate::chronicle::{Chronicle, OK, derive};

/// Tells when the condition holds and when no more, with the shipped rules.
fn of(when: &str) -> Chronicle {
    let mut rules = Rules::built_in();
    derive(&mut rules, "found", when);
    Chronicle::with(rules, &["signal"])
}

fn pain(value: f64) -> [(&'static str, f64); 1] {
    [("pain", value)]
}

#[test]
fn an_average_is_the_mean_of_the_samples_within_its_window() {
    let mut story = of("avg(pain, 30s) > 0.5");
    assert!(story.at(0.0, &pain(0.2)).is_empty());
    assert!(story.at(1.0, &pain(0.8)).is_empty());
    assert_eq!(story.at(2.0, &pain(0.8)), ["2: found true"]);
    assert_eq!(story.at(3.0, &pain(0.1)), ["3: found false"]);
    // The 0.2 of second 0 leaves the window: the mean of 0.8, 0.8 and 0.1 is above 0.5.
    assert!(story.tick(29.9).is_empty());
    assert_eq!(story.tick(30.0), ["30: found true"]);
    // Then the first 0.8 does: of 0.8 and 0.1 it is below.
    assert_eq!(story.tick(40.0), ["31: found false"]);
}

#[test]
fn extremes_are_those_of_the_window() {
    let mut story = of("max(pain, 1m) - min(pain, 1m) > 0.5");
    story.at(0.0, &pain(0.1));
    assert!(story.at(10.0, &pain(0.5)).is_empty());
    assert_eq!(story.at(20.0, &pain(0.7)), ["20: found true"]);
    story.at(50.0, &pain(0.6));
    assert_eq!(story.tick(70.0), ["60: found false"]);
}

#[test]
fn a_rate_is_the_change_per_second_between_the_oldest_and_the_newest_value() {
    let mut story = of("rate(pain, 30s) > 0.02");
    assert!(story.at(0.0, &pain(0.1)).is_empty(), "one sample has no rate");
    assert!(story.at(0.0, &pain(0.9)).is_empty(), "nor have two of one moment");
    assert!(story.at(10.0, &pain(0.3)).is_empty(), "0.02 is not above 0.02");
    assert_eq!(story.at(20.0, &pain(0.6)), ["20: found true"]);
    assert_eq!(story.at(25.0, &pain(0.6)), ["25: found false"]);
}

#[test]
fn a_window_without_a_value_is_unknown() {
    let mut story = of("not (max(pain, 30s) > 0.5)");
    assert_eq!(story.at(0.0, &pain(0.1)), ["0: found true"]);
    // After half a minute nothing is left to say that it was not above.
    assert_eq!(story.tick(59.0), ["30: found false"]);
    assert_eq!(story.at(59.0, &[("clarity", 0.8)]), ["59: found true"], "the value still holds when the sample comes");
    story.tick(119.0);
    assert!(story.at(120.0, &[("clarity", 0.8)]).is_empty(), "now it is stale");
}

#[test]
fn a_window_goes_on_after_a_restore() {
    let mut story = of("avg(pain, 30s) > 0.5");
    story.at(0.0, &pain(0.2));
    story.at(1.0, &pain(0.8));
    story.restore();
    assert_eq!(story.at(2.0, &pain(0.8)), ["2: found true"]);
    story.at(3.0, &pain(0.1));
    story.restore();
    assert_eq!(story.tick(40.0), ["30: found true", "31: found false"]);
}

#[test]
fn a_ring_never_grows_beyond_its_buckets() {
    let mut story = of("avg(pain, 1s) > 0.5");
    for step in 0..500 {
        story.at(f64::from(step) / 100.0, &OK);
    }
    let saved: serde_json::Value = story.part("windows");
    let rings: Vec<_> = saved.as_object().unwrap().values().collect();
    assert_eq!(rings.len(), 1);
    assert_eq!(rings[0]["buckets"].as_array().unwrap().len(), 30);
}
