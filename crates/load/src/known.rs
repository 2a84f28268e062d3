use domain::Timestamp;

use crate::frame::Merged;
use crate::look::Look;
use crate::ranges::Ranges;
use crate::schedule::Schedule;

/// Most pieces of what a watcher knows. So many holes are no delay any more: it goes on counting only.
const MOST_PIECES: usize = 100_000;

/// What a watcher knows of the samples.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) look: Look,
    /// By their places.
    pub(crate) samples: Ranges,
    /// Came more than once.
    pub(crate) twice: u64,
    /// Came merged in a way that does not tell which they were.
    pub(crate) unnamed: u64,
    /// What it did not see may be what it was told that it would not.
    pub(crate) began_anew: bool,
    /// There were too many holes to remember them.
    pub(crate) is_lost: bool,
}

impl Known {
    /// Nothing yet.
    pub(crate) fn new(look: Look) -> Self {
        Self { look, samples: Ranges::default(), twice: 0, unnamed: 0, began_anew: false, is_lost: false }
    }

    fn insert(&mut self, sample: u64) {
        // The service sends more than was asked for: that is told by the count.
        let Some(place) = self.look.place(sample) else { return };
        self.twice += 1 - self.samples.insert(place..place + 1);
    }

    /// Takes in what came in one frame.
    pub(crate) fn note(&mut self, schedule: &Schedule, times: &[Timestamp], merged: &[Merged]) {
        if self.is_lost {
            return;
        }
        for sample in times.iter().filter_map(|at| schedule.sample(*at)) {
            self.insert(sample);
        }
        for Merged { from, latest, count } in merged {
            let (Some(from), Some(latest)) = (schedule.sample(*from), schedule.sample(*latest)) else { continue };
            let step = usize::try_from(schedule.subjects()).unwrap_or(usize::MAX);
            // A subject's samples between these two: all of them, unless some came in another order.
            match (latest - from) / schedule.subjects() + 1 == *count {
                true => {
                    for sample in (from..=latest).step_by(step) {
                        self.insert(sample);
                    }
                }
                false => self.unnamed += count,
            }
        }
        self.is_lost = self.samples.pieces() > MOST_PIECES;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;

    /// Of a load of three subjects, 100 samples a second.
    fn schedule() -> (Schedule, Look) {
        let plan = Plan { subjects: 3, ..crate::tests::plan() };
        (Schedule::new(&plan, Timestamp::from_micros(1_000_000)), Look::of(&plan, 0))
    }

    #[test]
    fn merged_samples_are_known_where_all_between_the_ends_are_there() {
        let (schedule, look) = schedule();
        let merged = |from, latest, count| Merged { from: schedule.at(from), latest: schedule.at(latest), count };
        let mut known = Known::new(look);
        known.note(&schedule, &[0, 1, 2].map(|sample| schedule.at(sample)), &[merged(3, 9, 3), merged(4, 10, 3)]);
        assert_eq!(known.samples.holes(0..12), [5..6, 8..9, 11..12]);
        known.note(&schedule, &[], &[merged(5, 11, 2)]);
        assert_eq!((known.unnamed, known.twice), (2, 0), "one of three is somewhere else");
        known.note(&schedule, &[schedule.at(2), schedule.at(2)], &[merged(3, 3, 1)]);
        assert_eq!(known.twice, 3);
    }
}
