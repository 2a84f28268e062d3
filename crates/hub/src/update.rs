use std::sync::Arc;

use bytes::Bytes;
use domain::{Event, EventBody, Timestamp};
use durable_log::{Body, Cursor, Entry};

use crate::step::Step;
use crate::wire::{AlertFrame, LevelsFrame, SampleFrame, ServerFrame, UpdateFrame};
use crate::{Channel, Interest};

/// A frame that is shared by all who want it, and what it was made of, in case it must be merged with others.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) text: Bytes,
    pub(crate) cursor: Arc<Cursor>,
    pub(crate) step: Arc<Step>,
}

/// What of some entries is wanted.
#[derive(Default)]
pub(crate) struct Contents<'a> {
    samples: Vec<SampleFrame<'a>>,
    levels: Vec<LevelsFrame<'a>>,
    alerts: Vec<AlertFrame<'a>>,
    events: Vec<&'a Event>,
}

impl<'a> Contents<'a> {
    pub(crate) fn of(entries: impl Iterator<Item = &'a Entry>, interest: &Interest) -> Self {
        let mut contents = Self::default();
        for entry in entries {
            contents.take(entry, interest);
        }
        contents
    }

    fn take(&mut self, entry: &'a Entry, interest: &Interest) {
        let channels = interest.channels();
        match &entry.body {
            Body::Sample(sample) if interest.wants_sample(sample) => {
                self.samples.push(SampleFrame { sample, channels })
            }
            Body::Event(event) if interest.wants(Channel::of(&event.body), &event.subject) => match &event.body {
                EventBody::Levels { changed, verdict } => {
                    self.levels.push(LevelsFrame::new(&event.subject, event.at, changed, verdict));
                }
                EventBody::Alert { change, alert } => self.alerts.push(AlertFrame { change: *change, alert }),
                _ => self.events.push(event),
            },
            Body::Sample(_) | Body::Command(..) | Body::Event(_) => {}
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.samples.is_empty() && self.levels.is_empty() && self.alerts.is_empty() && self.events.is_empty()
    }

    pub(crate) fn into_bytes(self, prev: &Cursor, cursor: &Cursor, server_time: Timestamp) -> Bytes {
        let Self { samples, levels, alerts, events } = self;
        let merged = Vec::new();
        ServerFrame::Update(UpdateFrame { prev, cursor, server_time, samples, merged, levels, alerts, events })
            .to_bytes()
    }
}
