use std::collections::HashMap;
use std::sync::Arc;

use domain::Timestamp;
use durable_log::Cursor;

use crate::Interest;
use crate::place::{Beat, Frame, Place};
use crate::step::Step;
use crate::update::{Contents, Update};
use crate::wire::Close;

/// The viewers, grouped by what they want: a frame is made once for each room.
///
/// A room's position is the cursor of the last frame that its viewers were told. Entries after it that the room does
/// not want are passed over in silence, so a newcomer starts from the room's position and shares its chain.
#[derive(Debug)]
pub(crate) struct Rooms {
    rooms: HashMap<Interest, Room>,
    cursor: Arc<Cursor>,
}

#[derive(Debug)]
struct Room {
    position: Arc<Cursor>,
    places: HashMap<u64, Arc<Place>>,
}

impl Rooms {
    pub(crate) fn new(cursor: Cursor) -> Self {
        Self { rooms: HashMap::new(), cursor: Arc::new(cursor) }
    }

    /// The position after everything that was followed.
    pub(crate) const fn cursor(&self) -> &Arc<Cursor> {
        &self.cursor
    }

    /// Where a viewer with this interest would begin.
    pub(crate) fn position_of(&self, interest: &Interest) -> &Arc<Cursor> {
        self.rooms.get(interest).map_or(&self.cursor, |room| &room.position)
    }

    /// Lets a viewer in, and answers the room's position, from which its frames go on.
    pub(crate) fn enter(&mut self, interest: &Interest, id: u64, place: &Arc<Place>) -> Arc<Cursor> {
        let room = self.rooms.entry(interest.clone());
        let room = room.or_insert_with(|| Room { position: Arc::clone(&self.cursor), places: HashMap::new() });
        place.turn_to(interest.clone(), Arc::clone(&room.position));
        room.places.insert(id, Arc::clone(place));
        Arc::clone(&room.position)
    }

    /// Lets a viewer out, and answers the room's position.
    pub(crate) fn leave(&mut self, interest: &Interest, id: u64) -> Option<Arc<Cursor>> {
        let room = self.rooms.get_mut(interest)?;
        room.places.remove(&id);
        let position = Arc::clone(&room.position);
        if room.places.is_empty() {
            self.rooms.remove(interest);
        }
        Some(position)
    }

    /// Tells every room what it wants of `step`; answers how many viewers were told, and how many of them began to lag.
    pub(crate) fn tell(&mut self, step: &Arc<Step>, now: Timestamp) -> (usize, u64) {
        self.cursor = Arc::new(step.cursor.clone());
        let (mut told, mut lagging) = (0, 0);
        for (interest, room) in &mut self.rooms {
            let contents = Contents::of(step.entries_for(interest).into_iter(), interest);
            if contents.is_empty() {
                continue;
            }
            let text = contents.into_bytes(&room.position, &self.cursor, now);
            room.position = Arc::clone(&self.cursor);
            let update = Update { text, cursor: Arc::clone(&self.cursor), step: Arc::clone(step) };
            told += room.places.len();
            lagging += room.tell(&Frame::Update(Arc::new(update)));
        }
        (told, lagging)
    }

    /// Tells everybody the same sign of life, made for the present cursor.
    pub(crate) fn beat(&mut self, beat: &Arc<Beat>) -> u64 {
        let mut lagging = 0;
        for room in self.rooms.values_mut() {
            room.position = Arc::clone(&self.cursor);
            lagging += room.tell(&Frame::Beat(Arc::clone(beat)));
        }
        lagging
    }

    /// Sends everybody away.
    pub(crate) fn close(&mut self, close: Close) {
        for (_, room) in self.rooms.drain() {
            for place in room.places.values() {
                place.close(close);
            }
        }
    }
}

impl Room {
    fn tell(&self, frame: &Frame) -> u64 {
        self.places.values().map(|place| u64::from(place.push(frame))).sum()
    }
}
