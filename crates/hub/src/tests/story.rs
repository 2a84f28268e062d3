//! What happens to a hub and its viewers, told act by act.

use std::sync::Arc;

use bytes::Bytes;
use domain::{AlertChange, Level, Timestamp, Vital};
use durable_log::{Body, BusState, Cursor, Entry, Snapshot, partition_of};
use futures_util::FutureExt;
use prometheus::Registry;
use serde_json::Value;

use super::memory_log::MemoryLog;
use super::screen::{Client, Screen};
use super::world::{alert, levels, sample, subject_of};
use crate::backlog::Backlog;
use crate::metrics::Metrics;
use crate::step::Step;
use crate::view::View;
use crate::{Channels, Delivery, Hub, Interest, Viewer};

/// More than anything here is.
pub(super) const PLENTY: usize = 1_000_000;

/// One thing that happens in a story.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Entries are committed together: (subject, what, value).
    Commit(Vec<(u8, u8, u8)>),
    /// A second passes.
    Beat,
    /// A viewer reads what waits for it.
    Read(usize),
    /// A viewer loses its connection, and what waited, and resumes.
    Resume(usize),
    /// A viewer goes, and another one begins with the present.
    Begin(usize),
}

/// A hub, its log, and those who look at it.
pub(super) struct Story {
    pub(super) log: Arc<MemoryLog>,
    pub(super) hub: Arc<Hub>,
    pub(super) entries: Vec<Entry>,
    pub(super) viewers: Vec<(Interest, Viewer, Client)>,
    time: i64,
}

impl Story {
    pub(super) fn begin(interests: Vec<Interest>) -> Self {
        Self::after(&[], PLENTY, interests)
    }

    /// One in which something happened before anybody came, and so much may be merged for all viewers together.
    pub(super) fn after(acts: &[Act], merged: usize, interests: Vec<Interest>) -> Self {
        let log = MemoryLog::new(Arc::new(bus_local::SilentBus));
        let snapshot = durable_log::Log::snapshot(&*log).now_or_never().unwrap().unwrap();
        let mut hub = Hub::new(log.clone(), snapshot, Metrics::new(&Registry::new(), 100).unwrap());
        hub.backlog = Backlog::new(merged);
        let hub = Arc::new(hub);
        let mut story = Self { log, hub, entries: Vec::new(), viewers: Vec::new(), time: 0 };
        acts.iter().for_each(|act| story.act(act));
        for interest in interests {
            let (viewer, client, _) = story.newcomer(&interest);
            story.viewers.push((interest, viewer, client));
        }
        story
    }

    /// One who begins with the present, and the frame that holds it.
    pub(super) fn newcomer(&self, interest: &Interest) -> (Viewer, Client, Bytes) {
        let (mut viewer, mut client) = (self.hub.viewer(), Client::default());
        let frames = viewer.subscribe(interest.clone(), None).now_or_never().unwrap();
        client.read(&frames);
        (viewer, client, frames[1].clone())
    }

    fn body(&mut self, (number, what, value): (u8, u8, u8)) -> Body {
        self.time += 1;
        let (at, value) = (self.time, f64::from(value) / 100.0);
        match what {
            0..4 => sample(number, at, &[(Vital::ALL[usize::from(what)], value)]),
            4 => sample(number, at, &[(Vital::Clarity, value), (Vital::Pain, 1.0 - value)]),
            5 => levels(number, at, Vital::Pain, if value > 0.5 { Level::Block } else { Level::Ok }),
            6 => alert(number, at, &format!("alert-{number}"), AlertChange::Opened),
            _ => alert(number, at, &format!("alert-{number}"), AlertChange::Resolved),
        }
    }

    pub(super) fn act(&mut self, act: &Act) {
        match act {
            Act::Commit(things) => {
                let bodies = things.iter().map(|thing| self.body(*thing)).collect();
                let batches = self.log.store(bodies);
                self.entries.extend(batches.iter().flat_map(|batch| batch.entries.iter().cloned()));
                self.hub.tell(Step::new(batches, self.log.head()));
            }
            Act::Beat => self.hub.beat(BusState::Live),
            Act::Read(index) => {
                let index = index % self.viewers.len();
                self.read(index);
            }
            Act::Resume(index) => {
                let index = index % self.viewers.len();
                let (interest, viewer, client) = &mut self.viewers[index];
                *viewer = self.hub.viewer();
                client.read(&viewer.subscribe(interest.clone(), client.cursor.as_deref()).now_or_never().unwrap());
            }
            Act::Begin(index) => {
                let index = index % self.viewers.len();
                let (viewer, client, _) = self.newcomer(&self.viewers[index].0);
                (self.viewers[index].1, self.viewers[index].2) = (viewer, client);
            }
        }
    }

    pub(super) fn read(&mut self, index: usize) {
        let (_, viewer, client) = &mut self.viewers[index];
        while let Some(delivery) = viewer.next().now_or_never() {
            match delivery {
                Delivery::Frames(frames) => client.read(&frames),
                Delivery::Close(close) => panic!("sent away: {close:?}"),
            }
        }
    }

    /// Everybody reads to the end and knows what the log says since its last snapshot.
    pub(super) fn end(&mut self) {
        for index in 0..self.viewers.len() {
            self.read(index);
            let (interest, _, client) = &self.viewers[index];
            let snapshot = client.snapshots.last().unwrap();
            let begin: Cursor = snapshot["cursor"].as_str().unwrap().parse().unwrap();
            let (mut screen, mut before) = (Screen::default(), View::new(nothing(&begin), 1_000));
            for entry in &self.entries {
                match entry.seq > begin.seq(partition_of(subject_of(&entry.body), 3)) {
                    true => screen.read(entry, interest),
                    false => drop(before.apply(entry)),
                }
            }
            assert_eq!(client.screen, screen, "viewer {index} of {interest:?}");
            if *interest == all() {
                let time: Timestamp = serde_json::from_value(snapshot["server_time"].clone()).unwrap();
                let before: Value = serde_json::from_slice(&before.excerpt(interest).to_bytes(&begin, time)).unwrap();
                assert_eq!(*snapshot, before, "what viewer {index} began with");
            }
        }
        assert_eq!(self.hub.backlog.things(), 0, "nothing is merged for who has read all");
    }

    /// Nobody had to begin anew.
    pub(super) fn was_one_chain(&self) {
        for (_, _, client) in &self.viewers {
            assert_eq!(client.snapshots.len(), 1, "the stream was resumed, not begun anew");
        }
    }
}

/// Everything of all subjects.
pub(super) fn all() -> Interest {
    Interest::new(Channels::ALL, None)
}

fn nothing(cursor: &Cursor) -> Snapshot {
    Snapshot { cursor: cursor.clone(), subjects: Vec::new(), alerts: Vec::new() }
}
