//! Things that can happen, made from a few small numbers.

use domain::*;
use durable_log::Body;

use super::memory_log::event;

pub(super) fn subject(number: u8) -> Subject {
    // Names that fall into all three partitions of the log.
    Subject::new(&format!("{number}-agent")).unwrap()
}

pub(super) fn subject_of(body: &Body) -> &Subject {
    match body {
        Body::Sample(sample) => &sample.subject,
        Body::Command(subject, _) => subject,
        Body::Event(event) => &event.subject,
    }
}

pub(super) fn sample(number: u8, at: i64, vitals: &[(Vital, f64)]) -> Body {
    let mut all = Vitals::default();
    for &(vital, value) in vitals {
        all.set(vital, Score::new(value));
    }
    Body::Sample(Sample {
        subject: subject(number),
        at: Timestamp::from_millis(at),
        vitals: all,
        signals: Signals::new(),
    })
}

pub(super) fn levels(number: u8, at: i64, vital: Vital, level: Level) -> Body {
    let (at, mut verdict) = (Timestamp::from_millis(at), Verdict::default());
    *verdict.get_mut(vital) =
        Some(VitalVerdict { level, priority: None, side: None, since: at, value: 0.5, stale: false });
    event(&subject(number), at, EventBody::Levels { changed: vec![vital], verdict })
}

pub(super) fn alert(number: u8, at: i64, id: &str, change: AlertChange) -> Body {
    let (at, state) = match change {
        AlertChange::Resolved => (Timestamp::from_millis(at), AlertState::Resolved),
        _ => (Timestamp::from_millis(at), AlertState::Firing),
    };
    let alert = Alert {
        id: id.to_owned(),
        subject: subject(number),
        rule: "pain_critical_high".to_owned(),
        name: "PainCriticalHigh".to_owned(),
        vital: Some(Vital::Pain),
        side: Some(Side::High),
        level: Level::Block,
        priority: Priority::P0,
        state,
        value: 0.95,
        threshold: 0.7,
        since: at,
        opened_at: at,
        resolved_at: (state == AlertState::Resolved).then_some(at),
        notification: Notification::Sent { at },
        acknowledged: None,
        silenced: None,
        simulated: None,
        escalation: domain::Escalation::default(),
        actions: Vec::new(),
        summary: Text::default(),
        description: Text::default(),
        recommendation: Text::default(),
    };
    event(&subject(number), at, EventBody::Alert { change, alert: Box::new(alert) })
}

/// The one silence of a subject.
pub(super) fn silence(number: u8, at: i64, change: SilenceChange) -> Body {
    let at = Timestamp::from_millis(at);
    let silence = Silence {
        id: format!("0-{number}.silence"),
        subject: subject(number),
        rule: None,
        from: at,
        until: at.plus(limits::SHORTEST_SILENCE),
        by: "Ann".to_owned(),
        note: String::new(),
        ended: (change != SilenceChange::Created).then_some(SilenceEnd { at, by: None }),
    };
    event(&subject(number), at, EventBody::Silence { change, silence })
}

#[test]
fn the_subjects_fall_into_all_partitions() {
    let partitions: std::collections::BTreeSet<_> = (0..4).map(|n| durable_log::partition_of(&subject(n), 3)).collect();
    assert_eq!(partitions.len(), 3);
}
