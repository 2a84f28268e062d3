use std::collections::VecDeque;

use conditions::{Function, Window};
use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// A window looks back over so many buckets, the present one among them: over 29 to 30 thirtieths of its span.
const BUCKETS: i64 = 30;

/// The buckets of one window in which there was a value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Ring {
    /// The oldest first, at most [`BUCKETS`].
    buckets: VecDeque<Bucket>,
    /// The newest value, and when it came.
    latest: Option<(f64, Timestamp)>,
    /// What follows from the window and the buckets, and is not saved.
    #[serde(skip)]
    known: Option<Known>,
}

/// The values of a thirtieth of the window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Bucket {
    /// Which, counted since 1970.
    number: i64,
    /// When the first value came.
    at: Timestamp,
    /// How many values.
    count: u32,
    /// Their sum, an extreme or the first of them, as the function needs it.
    value: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Known {
    function: Function,
    /// Of a bucket, in microseconds.
    width: i64,
    /// All buckets but the last together: so a value costs the same however many there are.
    closed: Option<Bucket>,
}

impl Bucket {
    /// Both as one; this one is the earlier.
    fn with(self, function: Function, later: Self) -> Self {
        let value = match function {
            Function::Average => self.value + later.value,
            Function::Minimum => self.value.min(later.value),
            Function::Maximum => self.value.max(later.value),
            Function::Rate => self.value,
        };
        Self { count: self.count.saturating_add(later.count), value, ..self }
    }
}

impl Ring {
    /// Works out what is not saved.
    pub(super) fn align(&mut self, window: &Window) {
        let width = i64::try_from(window.span.as_micros()).unwrap_or(i64::MAX) / BUCKETS;
        self.known = Some(Known { function: window.function, width: width.max(1), closed: None });
        self.close();
    }

    /// Takes in a value.
    pub(super) fn take(&mut self, now: Timestamp, value: f64) {
        let Some(Known { function, width, .. }) = self.known else { return };
        self.forget(now);
        self.latest = Some((value, now));
        let new = Bucket { number: now.as_micros().div_euclid(width), at: now, count: 1, value };
        match self.buckets.back_mut() {
            Some(last) if last.number == new.number => *last = last.with(function, new),
            _ => {
                if self.buckets.capacity() == 0 {
                    self.buckets.reserve_exact(BUCKETS as usize);
                }
                self.buckets.push_back(new);
                self.close();
            }
        }
    }

    /// Lets go of what lies too far back.
    pub(super) fn forget(&mut self, now: Timestamp) {
        let before = self.buckets.len();
        while self.due().is_some_and(|due| due <= now) {
            self.buckets.pop_front();
        }
        if self.buckets.len() != before {
            self.close();
        }
    }

    /// When the oldest bucket will lie too far back.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let (oldest, known) = (self.buckets.front()?, self.known?);
        Some(Timestamp::from_micros((oldest.number + BUCKETS).saturating_mul(known.width)))
    }

    /// What the window says; NaN without a value, and for a rate without two moments.
    pub(super) fn value(&self) -> f64 {
        let (Some(last), Some((latest, at)), Some(known)) = (self.buckets.back(), self.latest, self.known) else {
            return f64::NAN;
        };
        let all = known.closed.map_or(*last, |closed| closed.with(known.function, *last));
        match known.function {
            Function::Average => all.value / f64::from(all.count),
            Function::Minimum | Function::Maximum => all.value,
            // A change within no time would be infinite.
            Function::Rate if at == all.at => f64::NAN,
            Function::Rate => (latest - all.value) / at.since(all.at).as_secs_f64(),
        }
    }

    fn close(&mut self) {
        let Some(known) = &mut self.known else { return };
        let closed = self.buckets.len().saturating_sub(1);
        let function = known.function;
        known.closed = self.buckets.iter().take(closed).copied().reduce(|all, next| all.with(function, next));
    }
}
