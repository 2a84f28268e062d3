use domain::{Sample, Score, Timestamp, Vital, Vitals};
use durable_log::{Cursor, Epoch};

use super::*;

fn sample(name: &str, at: i64, pain: f64) -> Sample {
    Sample {
        subject: Subject::new(name).unwrap(),
        at: Timestamp::from_millis(at),
        vitals: Vitals::default().with(Vital::Pain, Score::clamped(pain)),
        signals: domain::Signals::new(),
    }
}

fn entry(sample: Sample) -> Entry {
    Entry { seq: 1, recorded: sample.at, body: Body::Sample(sample) }
}

fn snapshot(samples: Vec<Sample>) -> Snapshot {
    let now = |sample: Sample| SubjectNow { latest: Some(sample.clone()), ..SubjectNow::unknown(sample.subject) };
    let subjects = samples.into_iter().map(now).collect();
    Snapshot { cursor: Cursor::start(Epoch(1), 1), subjects, alerts: Vec::new() }
}

fn names(view: &View) -> Vec<String> {
    view.subjects().iter().map(|now| now.subject.to_string()).collect()
}

#[test]
fn the_latest_sample_is_the_one_with_the_latest_time_not_the_last_to_come() {
    let mut view = View::new(snapshot(vec![]), 10);
    for (at, pain) in [(1, 0.1), (3, 0.3), (2, 0.2)] {
        assert_eq!(view.apply(&entry(sample("a", at, pain))), Applied::Quietly);
    }
    let now = view.subject(&Subject::new("a").unwrap()).unwrap();
    assert_eq!(now.latest, Some(sample("a", 3, 0.3)));
}

#[test]
fn of_too_many_subjects_those_seen_last_are_held() {
    let view = View::new(snapshot(vec![sample("a", 1, 0.1), sample("b", 3, 0.1), sample("c", 2, 0.1)]), 2);
    assert_eq!(names(&view), ["b", "c"]);
}

#[test]
fn a_new_subject_beyond_the_limit_is_ignored_and_told() {
    let mut view = View::new(snapshot(vec![sample("a", 1, 0.1)]), 1);
    assert_eq!(view.apply(&entry(sample("b", 2, 0.1))), Applied::Ignored);
    assert_eq!(view.apply(&entry(sample("a", 2, 0.1))), Applied::Quietly);
    assert_eq!(names(&view), ["a"]);
}

#[test]
fn what_was_handed_out_does_not_change_any_more() {
    let mut view = View::new(snapshot(vec![sample("a", 1, 0.1)]), 1);
    let before = view.subjects();
    view.apply(&entry(sample("a", 2, 0.9)));
    assert_eq!(before[0].latest, Some(sample("a", 1, 0.1)));
}
