use domain::EventBody;

use super::*;

fn event(subject: &str, second: i64, states: &[&str]) -> Event {
    let body = EventBody::Bifurcation {
        states: states.iter().map(ToString::to_string).collect(),
        vitals: domain::Vitals::default(),
    };
    let at = Timestamp::from_millis(second * 1_000);
    Event { id: format!("0-{second}.bifurcation"), subject: Subject::new(subject).unwrap(), at, body }
}

#[test]
fn the_same_events_are_the_same_whichever_side_runs_ahead() {
    let mut audit = Audit::new(Timestamp::from_millis(2_000));
    for second in 0..10 {
        audit.concluded(&event("a", second, &["BALANCED"]));
        audit.concluded(&event("b", second, &[]));
    }
    for second in 0..10 {
        audit.stored(&event("b", second, &[]));
        // What comes before the time that is looked at may be anything.
        audit.stored(&event("a", second, &[if second < 2 { "OTHER" } else { "BALANCED" }]));
    }
    assert_eq!(audit.finish(), Audited { same: 16, deviations: Vec::new() });
}

#[test]
fn the_first_deviation_of_each_subject_is_told() {
    let mut audit = Audit::new(Timestamp::default());
    for second in 0..10 {
        audit.concluded(&event("changed", second, &[]));
        audit.stored(&event("changed", second, if second == 4 || second == 6 { &["OTHER"] } else { &[] }));
        if second != 3 {
            audit.concluded(&event("superfluous", second, &[]));
        }
        audit.stored(&event("superfluous", second, &[]));
        audit.concluded(&event("missing", second, &[]));
        if second < 9 {
            audit.stored(&event("missing", second, &[]));
        }
    }
    let Audited { same, deviations } = audit.finish();
    let told: Vec<_> = deviations
        .iter()
        .map(|deviation| {
            let second = |json: &Option<String>| {
                let id = serde_json::from_str::<Event>(json.as_deref()?).unwrap().id;
                Some(id)
            };
            (deviation.subject.as_str(), second(&deviation.stored), second(&deviation.concluded))
        })
        .collect();
    let id = |second: u32| Some(format!("0-{second}.bifurcation"));
    assert_eq!(told, [("changed", id(4), id(4)), ("missing", None, id(9)), ("superfluous", id(3), id(4))]);
    assert_eq!(same, 4 + 9 + 3);
}
