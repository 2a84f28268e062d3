use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use domain::{Alert, AlertChange, Event, EventBody, Sample, Subject, Timestamp, Verdict, Vital, Voice};
use durable_log::{Body, Cursor, Entry};
use serde::Serialize;

use crate::backlog::Share;
use crate::wire::{AlertFrame, LevelsFrame, MergedFrame, ServerFrame, UpdateFrame};
use crate::{Channel, Interest};

/// What a viewer missed, as one frame: it grows with the number of subjects, not with time.
#[derive(Debug)]
pub(crate) struct Merge {
    prev: Arc<Cursor>,
    cursor: Arc<Cursor>,
    frames: u64,
    subjects: BTreeMap<Subject, MergedSubject>,
    levels: BTreeMap<Subject, MergedLevels>,
    alerts: BTreeMap<String, (AlertChange, Alert)>,
    /// The latest of each kind of each thing.
    events: BTreeMap<EventKey, Event>,
    share: Share,
}

/// Subject, kind, and the name of what it is about.
type EventKey = (Subject, &'static str, String);

/// The samples of one subject.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MergedSubject {
    /// Time of the earliest.
    pub(crate) from: Timestamp,
    /// The latest.
    pub(crate) latest: Sample,
    /// One for each vital that was sent.
    pub(crate) vitals: [Option<Range>; 4],
}

/// The values of one vital: the extremes are kept, so that a spike cannot hide.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Range {
    pub(crate) last: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) count: u64,
    #[serde(skip)]
    at: Timestamp,
}

#[derive(Debug)]
struct MergedLevels {
    at: Timestamp,
    changed: Vec<Vital>,
    verdict: Verdict,
}

impl Merge {
    /// Nothing yet, for a viewer who was told everything up to `position`.
    pub(crate) fn new(position: Arc<Cursor>, share: Share) -> Self {
        Self {
            prev: Arc::clone(&position),
            cursor: position,
            frames: 0,
            subjects: BTreeMap::new(),
            levels: BTreeMap::new(),
            alerts: BTreeMap::new(),
            events: BTreeMap::new(),
            share,
        }
    }

    /// The frames that are merged in it.
    pub(crate) const fn frames(&self) -> u64 {
        self.frames
    }

    /// The position after everything in it.
    pub(crate) fn cursor(&self) -> Arc<Cursor> {
        Arc::clone(&self.cursor)
    }

    /// Takes in one frame: its entries, as far as they are wanted, and the position after it. Answers whether there is room
    /// for that.
    pub(crate) fn fold<'a>(
        &mut self,
        entries: impl Iterator<Item = &'a Entry>,
        cursor: &Arc<Cursor>,
        interest: &Interest,
    ) -> bool {
        self.frames += 1;
        self.advance(cursor);
        for entry in entries {
            match &entry.body {
                Body::Sample(sample) if interest.wants_sample(sample) => self.sample(sample),
                Body::Event(event) => self.event(event, interest),
                Body::Sample(_) | Body::Command(..) => {}
            }
        }
        self.share.set(self.subjects.len() + self.levels.len() + self.alerts.len() + self.events.len())
    }

    /// Moves on over entries that are not wanted.
    pub(crate) fn advance(&mut self, cursor: &Arc<Cursor>) {
        self.cursor = Arc::clone(cursor);
    }

    fn sample(&mut self, sample: &Sample) {
        match self.subjects.get_mut(&sample.subject) {
            Some(merged) => merged.take(sample),
            None => drop(self.subjects.insert(sample.subject.clone(), MergedSubject::new(sample))),
        }
    }

    fn event(&mut self, event: &Event, interest: &Interest) {
        if !interest.wants(Channel::of(&event.body), &event.subject) {
            return;
        }
        let name = match &event.body {
            EventBody::Levels { changed, verdict } => {
                let mut all = self.levels.remove(&event.subject).map_or_else(Vec::new, |levels| levels.changed);
                all.extend(changed);
                all.sort_unstable();
                all.dedup();
                let levels = MergedLevels { at: event.at, changed: all, verdict: verdict.clone() };
                self.levels.insert(event.subject.clone(), levels);
                return;
            }
            EventBody::Alert { change, alert } => {
                self.alerts.insert(alert.id.clone(), (*change, (**alert).clone()));
                return;
            }
            EventBody::Signal { signal, .. } => signal.clone(),
            EventBody::Voice { voice, .. } => voice.name().to_owned(),
            EventBody::Conflict { conflict, .. } => conflict.between.map(Voice::name).join("-"),
            EventBody::Action { action } => action.action.clone(),
            EventBody::Symbol { symbol, .. } => symbol.clone(),
            EventBody::Silence { silence, .. } => silence.id.clone(),
            EventBody::Account { vital, .. } => vital.name().to_owned(),
            EventBody::Experiment { experiment, .. } => experiment.id.clone(),
            EventBody::Artifact { artifact } => artifact.id.clone(),
            EventBody::Chorus { .. }
            | EventBody::Tone { .. }
            | EventBody::Seam { .. }
            | EventBody::Bifurcation { .. } => String::new(),
        };
        self.events.insert((event.subject.clone(), event.body.kind(), name), event.clone());
    }

    /// As frames: that it lagged, and what it missed.
    pub(crate) fn to_frames(&self, interest: &Interest, server_time: Timestamp) -> [Bytes; 2] {
        let channels = interest.channels();
        let levels = self.levels.iter();
        let update = UpdateFrame {
            prev: &self.prev,
            cursor: &self.cursor,
            server_time,
            samples: Vec::new(),
            merged: self.subjects.values().map(|merged| MergedFrame { merged, channels }).collect(),
            levels: levels
                .map(|(subject, levels)| LevelsFrame::new(subject, levels.at, &levels.changed, &levels.verdict))
                .collect(),
            alerts: self.alerts.values().map(|(change, alert)| AlertFrame { change: *change, alert }).collect(),
            events: self.events.values().collect(),
        };
        [ServerFrame::Lagged { frames: self.frames }.to_bytes(), ServerFrame::Update(update).to_bytes()]
    }
}

impl MergedSubject {
    fn new(sample: &Sample) -> Self {
        let mut merged = Self { from: sample.at, latest: sample.clone(), vitals: [None; 4] };
        merged.widen(sample);
        merged
    }

    fn take(&mut self, sample: &Sample) {
        self.from = self.from.min(sample.at);
        if sample.at >= self.latest.at {
            self.latest = sample.clone();
        }
        self.widen(sample);
    }

    fn widen(&mut self, sample: &Sample) {
        for (vital, score) in sample.vitals.present() {
            let value = score.get();
            let first = Range { last: value, min: value, max: value, count: 0, at: sample.at };
            let range = self.vitals[vital.index()].get_or_insert(first);
            range.min = range.min.min(value);
            range.max = range.max.max(value);
            range.count += 1;
            if sample.at >= range.at {
                (range.last, range.at) = (value, sample.at);
            }
        }
    }
}

#[cfg(test)]
mod tests;
