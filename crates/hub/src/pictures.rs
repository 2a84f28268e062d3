use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use durable_log::Cursor;
use tokio::time::Instant;

use crate::{Hub, Interest};

/// Subjects from which on a picture is shared: making a smaller one costs less than leading viewers on from an older one.
const WIDE: usize = 100;
/// Most pictures that are kept.
const PICTURES: usize = 8;
/// How long one is kept: a crowd has come by then.
const KEPT: Duration = Duration::from_secs(1);

/// The present of many subjects, as the frame that a newcomer begins with. A crowd that comes at once would make it, and
/// keep it until it has read it, once for each; so it is made once, and who is shown one of a moment ago goes on from there
/// over a [`Bridge`](crate::bridge::Bridge).
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    kept: Mutex<VecDeque<Picture>>,
    making: tokio::sync::Mutex<()>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) text: Bytes,
    /// Where its chain begins: the position of the room.
    pub(crate) cursor: Arc<Cursor>,
    interest: Interest,
    /// Where the hub stood.
    as_of: Arc<Cursor>,
    subjects: usize,
    made_at: Instant,
}

impl Pictures {
    /// The present of `interest`, or nearly so, when that is wide; a narrow one is better made anew.
    pub(crate) async fn get(&self, hub: &Hub, interest: &Interest) -> Option<Picture> {
        if hub.state().view.breadth(interest) < WIDE {
            return None;
        }
        // One is made at a time, so that those who waited find it.
        let _alone = self.making.lock().await;
        let head = Arc::clone(hub.state().rooms.cursor());
        let kept = self.kept().iter().find(|picture| picture.is_good_for(interest, &head)).cloned();
        Some(kept.unwrap_or_else(|| {
            let picture = Picture::make(hub, interest);
            self.keep(picture.clone());
            picture
        }))
    }

    /// Lets go of those that are too old.
    pub(crate) fn forget(&self) {
        self.kept().retain(Picture::is_young);
    }

    fn keep(&self, picture: Picture) {
        let mut kept = self.kept();
        kept.retain(|other| other.interest != picture.interest);
        kept.truncate(PICTURES - 1);
        kept.push_front(picture);
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Picture>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Picture {
    fn make(hub: &Hub, interest: &Interest) -> Self {
        let state = hub.state();
        let cursor = Arc::clone(state.rooms.position_of(interest));
        let as_of = Arc::clone(state.rooms.cursor());
        let excerpt = state.view.excerpt(interest);
        drop(state);
        Self {
            text: excerpt.to_bytes(&cursor, hub.now()),
            cursor,
            interest: interest.clone(),
            as_of,
            subjects: excerpt.subjects.len(),
            made_at: Instant::now(),
        }
    }

    /// Whether it is of this, and what has happened since is little beside it.
    fn is_good_for(&self, interest: &Interest, head: &Cursor) -> bool {
        let little = u64::try_from(self.subjects / 10).unwrap_or(u64::MAX);
        let is_near = head.distance_from(&self.as_of).is_some_and(|entries| entries <= little);
        self.interest == *interest && is_near && self.is_young()
    }

    fn is_young(&self) -> bool {
        self.made_at.elapsed() < KEPT
    }
}
