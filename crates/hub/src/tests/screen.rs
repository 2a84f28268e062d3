use std::collections::BTreeMap;

use bytes::Bytes;
use durable_log::{Body, Entry};
use serde_json::Value;

use crate::wire::{AlertFrame, LevelsFrame};
use crate::{Channel, Interest};
use domain::EventBody;

/// What a client knows after reading frames; or what it ought to know after reading entries.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Screen {
    vitals: BTreeMap<(String, String), Seen>,
    levels: BTreeMap<String, Value>,
    alerts: BTreeMap<String, Value>,
}

#[derive(Debug, PartialEq)]
struct Seen {
    last: f64,
    min: f64,
    max: f64,
    count: u64,
}

impl Seen {
    fn add(&mut self, other: &Self) {
        self.last = other.last;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.count += other.count;
    }
}

impl Screen {
    fn see(&mut self, subject: &str, vital: &str, seen: Seen) {
        match self.vitals.get_mut(&(subject.to_owned(), vital.to_owned())) {
            Some(known) => known.add(&seen),
            None => drop(self.vitals.insert((subject.to_owned(), vital.to_owned()), seen)),
        }
    }

    /// Learns from an entry of the log.
    pub(super) fn read(&mut self, entry: &Entry, interest: &Interest) {
        match &entry.body {
            Body::Sample(sample) => {
                for (vital, score) in sample.vitals.present() {
                    if interest.wants(vital.into(), &sample.subject) {
                        let value = score.get();
                        let seen = Seen { last: value, min: value, max: value, count: 1 };
                        self.see(sample.subject.as_str(), vital.name(), seen);
                    }
                }
            }
            Body::Command(..) => {}
            Body::Event(event) => match &event.body {
                EventBody::Levels { changed, verdict } if interest.wants(Channel::Levels, &event.subject) => {
                    let frame = LevelsFrame::new(&event.subject, event.at, changed, verdict);
                    self.levels(&serde_json::to_value(frame).unwrap());
                }
                EventBody::Alert { change, alert } if interest.wants(Channel::Alerts, &event.subject) => {
                    self.alert(&serde_json::to_value(AlertFrame { change: *change, alert }).unwrap());
                }
                _ => {}
            },
        }
    }

    fn levels(&mut self, frame: &Value) {
        let mut frame = frame.clone();
        // A merged frame names all that changed on the way.
        frame.as_object_mut().unwrap().remove("changed");
        self.levels.insert(frame["subject"].as_str().unwrap().to_owned(), frame);
    }

    fn alert(&mut self, frame: &Value) {
        self.alerts.insert(frame["alert"]["id"].as_str().unwrap().to_owned(), frame.clone());
    }

    fn update(&mut self, frame: &Value) {
        let list = |name: &str| frame[name].as_array().cloned().unwrap_or_default();
        for sample in list("samples") {
            for vital in ["clarity", "chaos", "trust", "pain"] {
                if let Some(value) = sample[vital].as_f64() {
                    let seen = Seen { last: value, min: value, max: value, count: 1 };
                    self.see(sample["subject"].as_str().unwrap(), vital, seen);
                }
            }
        }
        for merged in list("merged") {
            for (vital, range) in merged["vitals"].as_object().unwrap() {
                let number = |name: &str| range[name].as_f64().unwrap();
                let (last, min, max) = (number("last"), number("min"), number("max"));
                let seen = Seen { last, min, max, count: range["count"].as_u64().unwrap() };
                self.see(merged["subject"].as_str().unwrap(), vital, seen);
            }
        }
        list("levels").iter().for_each(|levels| self.levels(levels));
        list("alerts").iter().for_each(|alert| self.alert(alert));
    }
}

/// A client: what it knows since its last snapshot, and its place in the chain of cursors.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) screen: Screen,
    pub(super) cursor: Option<String>,
    pub(super) snapshots: Vec<Value>,
    pub(super) lagged: u64,
    pub(super) heartbeats: u64,
}

impl Client {
    /// Reads frames; fails where the chain is broken.
    pub(super) fn read(&mut self, frames: &[Bytes]) {
        for frame in frames {
            let frame: Value = serde_json::from_slice(frame).unwrap();
            match frame["type"].as_str().unwrap() {
                "update" => {
                    assert_eq!(frame["prev"].as_str(), self.cursor.as_deref(), "the chain is broken: {frame}");
                    self.screen.update(&frame);
                }
                "snapshot" => {
                    self.screen = Screen::default();
                    self.snapshots.push(frame.clone());
                }
                "heartbeat" => self.heartbeats += 1,
                "lagged" => self.lagged += frame["frames"].as_u64().unwrap(),
                "subscribed" => {}
                other => panic!("unexpected {other}"),
            }
            if let Some(cursor) = frame["cursor"].as_str() {
                self.cursor = Some(cursor.to_owned());
            }
        }
    }
}
