use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use domain::{Alert, AlertState, EventBody, Subject, Timestamp};
use durable_log::{Body, Cursor, Entry, Snapshot, SubjectNow};

use crate::wire::{ServerFrame, SubjectFrame};
use crate::{Channel, Channels, Interest};

/// The present, folded from a snapshot and every entry since. What it hands out is shared, never copied.
#[derive(Debug)]
pub(crate) struct View {
    subjects: BTreeMap<Subject, Arc<SubjectNow>>,
    firing: BTreeMap<String, Arc<Alert>>,
    limit: usize,
}

/// What an entry did to the view.
#[derive(Debug, PartialEq)]
pub(crate) enum Applied {
    /// Nothing that others wait for.
    Quietly,
    /// An alert changed to this.
    Alert(Arc<Alert>),
    /// The silences of a subject changed.
    Silences,
    /// It was about one subject more than the view holds.
    Ignored,
}

impl View {
    /// The present as of `snapshot`, of at most `limit` subjects: those that were seen last.
    pub(crate) fn new(snapshot: Snapshot, limit: usize) -> Self {
        let mut subjects = snapshot.subjects;
        if subjects.len() > limit {
            subjects.sort_by_key(|now| std::cmp::Reverse(now.latest.as_ref().map(|sample| sample.at)));
            subjects.truncate(limit);
        }
        let subjects = subjects.into_iter().map(|now| (now.subject.clone(), Arc::new(now))).collect();
        let firing = snapshot.alerts.into_iter().map(|alert| (alert.id.clone(), Arc::new(alert))).collect();
        Self { subjects, firing, limit }
    }

    pub(crate) fn apply(&mut self, entry: &Entry) -> Applied {
        match &entry.body {
            Body::Sample(sample) => {
                let Some(now) = self.subject_mut(&sample.subject) else { return Applied::Ignored };
                if now.latest.as_ref().is_none_or(|latest| sample.at >= latest.at) {
                    now.latest = Some(sample.clone());
                }
                Applied::Quietly
            }
            Body::Command(..) => Applied::Quietly,
            Body::Event(event) => match &event.body {
                EventBody::Levels { verdict, .. } => {
                    let Some(now) = self.subject_mut(&event.subject) else { return Applied::Ignored };
                    now.verdict = Some(verdict.clone());
                    Applied::Quietly
                }
                EventBody::Alert { alert, .. } => Applied::Alert(self.alert_changed(alert)),
                body => {
                    let Some(now) = self.subject_mut(&event.subject) else { return Applied::Ignored };
                    now.presence.apply(body);
                    match body {
                        EventBody::Silence { .. } => Applied::Silences,
                        _ => Applied::Quietly,
                    }
                }
            },
        }
    }

    fn alert_changed(&mut self, alert: &Alert) -> Arc<Alert> {
        let shared = Arc::new(alert.clone());
        match alert.state {
            AlertState::Firing => self.firing.insert(alert.id.clone(), Arc::clone(&shared)),
            AlertState::Resolved => self.firing.remove(&alert.id),
        };
        shared
    }

    /// The place of a subject; none for a new one when there are too many.
    fn subject_mut(&mut self, subject: &Subject) -> Option<&mut SubjectNow> {
        if !self.subjects.contains_key(subject) {
            if self.subjects.len() >= self.limit {
                return None;
            }
            let now = SubjectNow::unknown(subject.clone());
            self.subjects.insert(subject.clone(), Arc::new(now));
        }
        self.subjects.get_mut(subject).map(Arc::make_mut)
    }

    pub(crate) fn subjects(&self) -> Vec<Arc<SubjectNow>> {
        self.subjects.values().map(Arc::clone).collect()
    }

    pub(crate) fn subject(&self, subject: &Subject) -> Option<Arc<SubjectNow>> {
        self.subjects.get(subject).map(Arc::clone)
    }

    pub(crate) fn count(&self) -> usize {
        self.subjects.len()
    }

    /// The alert with this id, while it fires.
    pub(crate) fn alert(&self, id: &str) -> Option<Arc<Alert>> {
        self.firing.get(id).map(Arc::clone)
    }

    /// The alerts of a subject that fire.
    pub(crate) fn alerts_of(&self, subject: &Subject) -> Vec<Arc<Alert>> {
        self.firing.values().filter(|alert| alert.subject == *subject).map(Arc::clone).collect()
    }

    /// How many subjects there are at most in an excerpt for `interest`.
    pub(crate) fn breadth(&self, interest: &Interest) -> usize {
        match interest.subjects() {
            _ if interest.channels().is_empty() => 0,
            None => self.subjects.len(),
            Some(wanted) => wanted.len(),
        }
    }

    /// What of the present is of `interest`: the subjects and the alerts that fire.
    pub(crate) fn excerpt(&self, interest: &Interest) -> Excerpt {
        let subjects = match interest.subjects() {
            _ if interest.channels().is_empty() => Vec::new(),
            None => self.subjects(),
            Some(wanted) => wanted.iter().filter_map(|subject| self.subject(subject)).collect(),
        };
        let alerts = self.firing.values().filter(|alert| interest.wants(Channel::Alerts, &alert.subject));
        Excerpt { channels: interest.channels(), subjects, alerts: alerts.map(Arc::clone).collect() }
    }
}

/// A part of the present.
pub(crate) struct Excerpt {
    channels: Channels,
    pub(crate) subjects: Vec<Arc<SubjectNow>>,
    pub(crate) alerts: Vec<Arc<Alert>>,
}

impl Excerpt {
    /// As the frame from which a viewer's chain begins at `cursor`.
    pub(crate) fn to_bytes(&self, cursor: &Cursor, server_time: Timestamp) -> Bytes {
        let channels = self.channels;
        let subjects = self.subjects.iter().map(|now| SubjectFrame { now, channels }).collect();
        let alerts = self.alerts.iter().map(|alert| &**alert).collect();
        ServerFrame::Snapshot { cursor, server_time, subjects, alerts }.to_bytes()
    }
}

#[cfg(test)]
mod tests;
