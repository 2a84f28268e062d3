use std::collections::BTreeMap;

use domain::{Alert, AlertChange, Event, EventBody, Level, Light, Score, Subject, Timestamp, Verdict, Vital, Vitals};
use durable_log::{Bucket, HistoryPoint, Past};
use serde::Serialize;
use utoipa::ToSchema;

use crate::routes::bodies::{Sample, SubjectBody};

/// A part of the past.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::routes) struct OnePast {
    pub(super) past: PastBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Past)]
pub(super) struct PastBody {
    pub(super) from: Timestamp,
    /// As asked for, and at most now.
    pub(super) to: Timestamp,
    /// How far the answer reaches: to go on, ask again from here.
    pub(super) until: Timestamp,
    /// Since when everything is still there. Absent when nothing was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) history_from: Option<Timestamp>,
    /// How it was at `from`.
    pub(super) start: Start,
    /// What happened after `from`, one for each moment, oldest first.
    pub(super) updates: Vec<Update>,
    /// Whether there is more until `to`.
    pub(super) truncated: bool,
}

/// How it was at a moment, which belongs to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PastStart)]
pub(super) struct Start {
    /// Those of which something was known, by name: of the first 1,000.
    subjects: Vec<SubjectBody>,
    /// Those that fired, as they were, latest opened first.
    alerts: Vec<Alert>,
    /// Whether there are more subjects.
    truncated: bool,
}

impl From<Past> for Start {
    fn from(past: Past) -> Self {
        let Past { subjects, alerts, truncated } = past;
        Self { subjects: subjects.iter().map(SubjectBody::from).collect(), alerts, truncated }
    }
}

/// What happened at a moment; as in an update of the stream, empty lists are left out.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = PastUpdate)]
pub(super) struct Update {
    at: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Sample>)]
    samples: Vec<domain::Sample>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merged: Vec<Merged>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    levels: Vec<LevelsChange>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alerts: Vec<AlertChanged>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    events: Vec<Event>,
}

/// Several samples of one subject.
#[derive(Debug, Serialize, ToSchema)]
struct Merged {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    from: Timestamp,
    /// The last value of each vital.
    #[schema(value_type = Sample)]
    latest: domain::Sample,
    vitals: BTreeMap<&'static str, Range>,
}

/// The extremes of a vital.
#[derive(Debug, Serialize, ToSchema)]
struct Range {
    last: f64,
    min: f64,
    max: f64,
    count: u64,
}

/// That the verdict on a subject changed.
#[derive(Debug, Serialize, ToSchema)]
struct LevelsChange {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    at: Timestamp,
    light: Light,
    level: Level,
    changed: Vec<Vital>,
    verdict: Verdict,
}

/// What happened to an alert.
#[derive(Debug, Serialize, ToSchema)]
struct AlertChanged {
    change: AlertChange,
    alert: Box<Alert>,
}

/// Updates by their moments.
#[derive(Debug, Default)]
pub(super) struct Updates(BTreeMap<Timestamp, Update>);

impl Updates {
    fn at(&mut self, at: Timestamp) -> &mut Update {
        self.0.entry(at).or_insert_with(|| Update { at, ..Update::default() })
    }

    pub(super) fn add_samples(&mut self, samples: Vec<domain::Sample>) {
        for sample in samples {
            self.at(sample.at).samples.push(sample);
        }
    }

    /// Adds what was measured between two moments.
    pub(super) fn add_merged(&mut self, subject: Subject, from: Timestamp, end: Timestamp, point: &HistoryPoint) {
        let (mut latest, mut vitals) = (Vitals::default(), BTreeMap::new());
        for vital in Vital::ALL {
            if let Some(Bucket { min, max, last, count, .. }) = point.get(vital).copied() {
                latest.set(vital, Score::new(last));
                vitals.insert(vital.name(), Range { last, min, max, count });
            }
        }
        let latest = domain::Sample { subject: subject.clone(), at: end, vitals: latest, signals: <_>::default() };
        self.at(end).merged.push(Merged { subject, from, latest, vitals });
    }

    pub(super) fn add_events(&mut self, events: Vec<Event>) {
        for event in events {
            let update = self.at(event.at);
            let (subject, at) = (event.subject.clone(), event.at);
            match event.body {
                EventBody::Levels { changed, verdict } => {
                    let (light, level) = (verdict.light(), verdict.level());
                    update.levels.push(LevelsChange { subject, at, light, level, changed, verdict });
                }
                EventBody::Alert { change, alert } => update.alerts.push(AlertChanged { change, alert }),
                _ => update.events.push(event),
            }
        }
    }

    /// Those until a moment, inclusive.
    pub(super) fn until(mut self, until: Timestamp) -> Vec<Update> {
        self.0.retain(|at, _| *at <= until);
        self.0.into_values().collect()
    }
}
