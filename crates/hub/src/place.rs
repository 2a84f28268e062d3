use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use domain::Timestamp;
use durable_log::Cursor;
use tokio::sync::Notify;

use crate::Interest;
use crate::backlog::{Backlog, Share};
use crate::merge::Merge;
use crate::update::Update;
use crate::wire::Close;

/// Most frames that wait for one viewer: half a second at the rate at which frames are told apart by eye.
const FRAMES: usize = 32;
/// Most bytes of them: about what the kernel holds for a connection as well.
const BYTES: usize = 128 * 1024;
/// Most entries that they keep in memory beyond their text. It is shared with all who wait for the same.
const ENTRIES: usize = 8_000;

/// Where frames wait for one viewer: a short queue, and when that is full one merged frame. When too much is merged for all
/// viewers together nothing waits, and the viewer begins anew.
#[derive(Debug)]
pub(crate) struct Place {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Debug)]
struct State {
    interest: Interest,
    /// What the viewer was told up to, once it has everything that was taken from here.
    position: Arc<Cursor>,
    waiting: Waiting,
    close: Option<Close>,
    backlog: Arc<Backlog>,
}

#[derive(Debug)]
enum Waiting {
    Queue(Queue),
    Merge(Box<Merge>),
    /// So many frames were let go of.
    Nothing(u64),
}

#[derive(Debug, Default)]
struct Queue {
    frames: VecDeque<Frame>,
    bytes: usize,
    entries: usize,
}

/// A sign of life, shared by all.
#[derive(Debug)]
pub(crate) struct Beat {
    pub(crate) text: Bytes,
    pub(crate) cursor: Arc<Cursor>,
}

/// What can wait in a place.
#[derive(Clone, Debug)]
pub(crate) enum Frame {
    Update(Arc<Update>),
    Beat(Arc<Beat>),
}

/// What was taken from a place.
#[derive(Debug)]
pub(crate) enum Taken {
    /// What waited.
    Frames(Vec<Bytes>),
    /// So many frames waited and are lost: the viewer begins anew. It stays so until the place is turned to that.
    Lost(u64),
    /// The viewer is to be sent away.
    Close(Close),
}

impl Place {
    pub(crate) fn new(position: Arc<Cursor>, backlog: Arc<Backlog>) -> Self {
        let waiting = Waiting::Queue(Queue::default());
        let state = State { interest: Interest::none(), position, waiting, close: None, backlog };
        Self { state: Mutex::new(state), wake: Notify::new() }
    }

    /// Takes a frame in; answers whether the viewer began to lag with it.
    pub(crate) fn push(&self, frame: &Frame) -> bool {
        let mut state = self.lock();
        let began_to_lag = state.push(frame);
        drop(state);
        self.wake.notify_one();
        began_to_lag
    }

    /// Everything that waits, as of `now`; waits until there is something. Cancel-safe.
    pub(crate) async fn next(&self, now: impl Fn() -> Timestamp) -> Taken {
        loop {
            if let Some(taken) = self.take(now()) {
                return taken;
            }
            self.wake.notified().await;
        }
    }

    /// Everything that waits.
    pub(crate) fn take(&self, now: Timestamp) -> Option<Taken> {
        let mut state = self.lock();
        if let Some(close) = state.close {
            return Some(Taken::Close(close));
        }
        match &mut state.waiting {
            Waiting::Queue(queue) => {
                let last = queue.frames.back()?.cursor();
                (queue.bytes, queue.entries) = (0, 0);
                let texts = queue.frames.drain(..).map(Frame::into_text).collect();
                state.position = last;
                return Some(Taken::Frames(texts));
            }
            Waiting::Nothing(frames) => return Some(Taken::Lost(*frames)),
            Waiting::Merge(_) => {}
        }
        let interest = state.interest.clone();
        let Waiting::Merge(merge) = state.empty() else { return None };
        state.position = merge.cursor();
        drop(state);
        Some(Taken::Frames(merge.to_frames(&interest, now).into()))
    }

    /// Empties it for another interest, of which the viewer was told up to `position`.
    pub(crate) fn turn_to(&self, interest: Interest, position: Arc<Cursor>) {
        let mut state = self.lock();
        (state.interest, state.position) = (interest, position);
        state.empty();
    }

    /// Why the viewer is to be sent away, if so.
    pub(crate) fn closed(&self) -> Option<Close> {
        self.lock().close
    }

    /// Sends the viewer away.
    pub(crate) fn close(&self, close: Close) {
        self.lock().close = Some(close);
        self.wake.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn empty(&mut self) -> Waiting {
        std::mem::replace(&mut self.waiting, Waiting::Queue(Queue::default()))
    }

    fn push(&mut self, frame: &Frame) -> bool {
        match &mut self.waiting {
            Waiting::Nothing(frames) => {
                *frames += 1;
                false
            }
            Waiting::Merge(merge) => {
                if !frame.fold_into(merge, &self.interest) {
                    self.waiting = Waiting::Nothing(merge.frames());
                }
                false
            }
            Waiting::Queue(queue) if queue.has_room(frame) => {
                queue.push(frame.clone());
                false
            }
            Waiting::Queue(queue) => {
                let queue = std::mem::take(queue);
                let share = Share::of(Arc::clone(&self.backlog));
                let mut merge = Box::new(Merge::new(Arc::clone(&self.position), share));
                let mut has_room = true;
                for frame in queue.frames.iter().chain([frame]) {
                    has_room &= frame.fold_into(&mut merge, &self.interest);
                }
                self.waiting = if has_room { Waiting::Merge(merge) } else { Waiting::Nothing(merge.frames()) };
                true
            }
        }
    }
}

impl Queue {
    /// A single frame has room always, however large.
    fn has_room(&self, frame: &Frame) -> bool {
        let (bytes, entries) = frame.weight();
        let fits = self.frames.len() < FRAMES && self.bytes + bytes <= BYTES && self.entries + entries <= ENTRIES;
        fits || self.frames.is_empty()
    }

    fn push(&mut self, frame: Frame) {
        let (bytes, entries) = frame.weight();
        self.bytes += bytes;
        self.entries += entries;
        self.frames.push_back(frame);
    }
}

impl Frame {
    fn weight(&self) -> (usize, usize) {
        match self {
            Self::Update(update) => (update.text.len(), update.step.len()),
            Self::Beat(beat) => (beat.text.len(), 0),
        }
    }

    fn cursor(&self) -> Arc<Cursor> {
        match self {
            Self::Update(update) => Arc::clone(&update.cursor),
            Self::Beat(beat) => Arc::clone(&beat.cursor),
        }
    }

    /// Answers whether there is room for that.
    fn fold_into(&self, merge: &mut Merge, interest: &Interest) -> bool {
        match self {
            Self::Update(update) => merge.fold(update.step.entries_for(interest).into_iter(), &update.cursor, interest),
            Self::Beat(beat) => {
                merge.advance(&beat.cursor);
                true
            }
        }
    }

    fn into_text(self) -> Bytes {
        match self {
            Self::Update(update) => update.text.clone(),
            Self::Beat(beat) => beat.text.clone(),
        }
    }
}
