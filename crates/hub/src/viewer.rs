use std::sync::Arc;

use bytes::Bytes;
use durable_log::Cursor;

use crate::bridge::Bridge;
use crate::place::Place;
use crate::update::Contents;
use crate::wire::{ServerFrame, Status, SubjectFrame};
use crate::{Channels, Delivery, Hub, Interest};

/// Most entries that are read from the log for a viewer that resumes; who missed more gets a snapshot.
const RESUME_ENTRIES: u64 = 30_000;

/// One who looks at the hub. Gone when dropped.
pub struct Viewer {
    hub: Arc<Hub>,
    id: u64,
    place: Arc<Place>,
    interest: Interest,
    bridge: Option<Bridge>,
}

impl Viewer {
    pub(crate) fn enter(hub: Arc<Hub>, id: u64) -> Self {
        let interest = Interest::none();
        let mut state = hub.state();
        let place = Arc::new(Place::new(Arc::clone(state.rooms.cursor())));
        state.rooms.enter(&interest, id, &place);
        drop(state);
        Self { hub, id, place, interest, bridge: None }
    }

    /// Wants `interest` from now on, instead of what it wanted before. Answers the frames to send first; what waited is
    /// void. Without `resume`, or when that lies too far back, they hold the present.
    pub fn subscribe(&mut self, interest: Interest, resume: Option<&str>) -> Vec<Bytes> {
        let resume = resume.and_then(|cursor| cursor.parse::<Cursor>().ok());
        let hub = Arc::clone(&self.hub);
        let mut state = hub.state();
        let (position, _) = self.move_to(&mut state.rooms, interest);
        let cursor = Arc::clone(state.rooms.cursor());
        let near = |from: &Cursor| cursor.distance_from(from).is_some_and(|missed| missed <= RESUME_ENTRIES);
        if let Some(from) = resume.filter(near) {
            drop(state);
            self.bridge = Some(Bridge::new(from, cursor, position));
            return self.sent(vec![self.subscribed(true)]);
        }
        let (subjects, alerts) = state.view.excerpt(&self.interest);
        drop(state);
        self.bridge = None;
        let channels = self.interest.channels();
        let snapshot = ServerFrame::Snapshot {
            cursor: &position,
            server_time: hub.now(),
            subjects: subjects.iter().map(|now| SubjectFrame { now, channels }).collect(),
            alerts: alerts.iter().map(|alert| &**alert).collect(),
        };
        self.sent(vec![self.subscribed(false), snapshot.to_bytes()])
    }

    /// Gives up `channels`, or all. Answers the frames to send next; the chain of cursors goes on.
    pub fn unsubscribe(&mut self, channels: Option<Channels>) -> Vec<Bytes> {
        let interest = self.interest.without(channels.unwrap_or(Channels::ALL));
        let hub = Arc::clone(&self.hub);
        let mut state = hub.state();
        let waiting = self.place.take(hub.now());
        let (position, before) = self.move_to(&mut state.rooms, interest);
        let cursor = Arc::clone(state.rooms.cursor());
        drop(state);
        if let Some(bridge) = self.bridge.take() {
            // What waited lies beyond the bridge, which now reaches farther.
            self.bridge = Some(bridge.turned_to(cursor, position));
            return self.sent(vec![self.subscribed(true)]);
        }
        let mut frames = match waiting {
            Some(Delivery::Frames(frames)) => frames,
            Some(Delivery::Close(_)) | None => Vec::new(),
        };
        frames.push(self.subscribed(true));
        if let Some(before) = before.filter(|before| *before != position) {
            // The rooms stand at different places with nothing between them that this viewer wants.
            frames.push(Contents::default().into_bytes(&before, &position, hub.now()));
        }
        self.sent(frames)
    }

    /// What is to be sent next; waits until there is something. Cancel-safe.
    pub async fn next(&mut self) -> Delivery {
        if let Some(close) = self.place.closed() {
            return Delivery::Close(close);
        }
        if let Some(bridge) = &mut self.bridge {
            match bridge.next(&self.hub, &self.interest).await {
                Ok(Some(frame)) => return Delivery::Frames(self.sent(vec![frame])),
                Ok(None) => self.bridge = None,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "a viewer cannot resume from the log and gets a snapshot");
                    let interest = self.interest.clone();
                    // It was told already what it is subscribed to; a snapshot begins the chain anew at any time.
                    return Delivery::Frames(self.subscribe(interest, None).split_off(1));
                }
            }
        }
        match self.place.next(|| self.hub.now()).await {
            Delivery::Frames(frames) => Delivery::Frames(self.sent(frames)),
            close @ Delivery::Close(_) => close,
        }
    }

    /// Changes rooms; answers the position of the new one and that of the old one.
    fn move_to(&mut self, rooms: &mut crate::rooms::Rooms, interest: Interest) -> (Arc<Cursor>, Option<Arc<Cursor>>) {
        let before = rooms.leave(&self.interest, self.id);
        self.interest = interest;
        (rooms.enter(&self.interest, self.id, &self.place), before)
    }

    fn subscribed(&self, resumed: bool) -> Bytes {
        let (channels, subjects) = (self.interest.channels(), self.interest.subjects());
        ServerFrame::Subscribed { channels, subjects, status: Status::Ok, resumed, server_time: self.hub.now() }
            .to_bytes()
    }

    fn sent(&self, frames: Vec<Bytes>) -> Vec<Bytes> {
        let bytes: usize = frames.iter().map(Bytes::len).sum();
        self.hub.metrics.frames.inc_by(u64::try_from(frames.len()).unwrap_or(0));
        self.hub.metrics.bytes.inc_by(u64::try_from(bytes).unwrap_or(0));
        frames
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.hub.state().rooms.leave(&self.interest, self.id);
        self.hub.metrics.viewers.dec();
    }
}
