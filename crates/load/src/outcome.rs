use std::time::Duration;

use domain::Timestamp;

use crate::Plan;
use crate::known::Known;
use crate::look::{Look, Sums};
use crate::ranges::Ranges;
use crate::recorder::Times;
use crate::schedule::Schedule;
use crate::tally::{Seen, Sent, get};

/// Examples of what is missing that are told.
const EXAMPLES: usize = 5;

/// Counted since the start, warm-up included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Samples that are stored, as the service said.
    pub acknowledged: u64,
    /// Samples that it refused.
    pub rejected: u64,
    /// Answers that said to come back later.
    pub busy: u64,
    /// Requests without an answer that could be understood.
    pub broken: u64,
    /// Samples of which it is not known whether they are stored.
    pub unknown: u64,
    /// Samples that were due and never sent.
    pub unsent: u64,
    /// Samples that viewers saw, one by one or merged.
    pub delivered: u64,
    /// Those of them that came merged.
    pub merged: u64,
    /// Updates.
    pub frames: u64,
    /// Bytes of all frames.
    pub bytes: u64,
    /// Frames that were merged because a viewer lagged.
    pub lagged: u64,
    /// Updates that do not follow the one before them.
    pub gaps: u64,
    /// Connections of viewers that were lost.
    pub lost: u64,
    /// Times that a viewer came back too late to resume, and began with a picture of the present.
    pub anew: u64,
    /// Viewers who are connected.
    pub there: u64,
}

/// How it goes.
#[derive(Clone, Debug)]
pub struct Window {
    /// Since the first sample was due.
    pub at: Duration,
    /// Since the start.
    pub counts: Counts,
    /// From due to acknowledged or given up in microseconds, of what was measured since the last window.
    pub acknowledged: Times,
    /// From due to seen.
    pub seen: Times,
}

/// What did not come as it should.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Viewers whose chain of cursors broke.
    pub broken_chains: usize,
    /// Viewers who got fewer samples than are stored, and by how many in all. At least: those that are unknown and were
    /// stored after all are counted as if they were others.
    pub short: (usize, u64),
    /// Viewers who got more, and by how many in all.
    pub over: (usize, u64),
    /// Samples that watchers know to be stored and did not see, the most of any.
    pub unseen: u64,
    /// Samples that a watcher saw more than once, the most of any.
    pub twice: u64,
    /// Some of those that were not seen: subject and time.
    pub examples: Vec<(String, Timestamp)>,
    /// Of those who got fewer, viewers who began anew: they were told so.
    pub anew: usize,
    /// Viewers who were not connected at the end.
    pub absent: usize,
    /// Watchers who lost count of what they saw.
    pub blind: usize,
}

/// What became of it all. Times are in microseconds.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// At the end.
    pub counts: Counts,
    /// How long it took until all viewers were there.
    pub opening: Duration,
    /// From connecting to the picture of the present.
    pub opened: Times,
    /// From due to acknowledged, of each sample that was measured and not refused. What was given up counts with the time
    /// until then: it took at least so long.
    pub acknowledged: Times,
    /// From due to seen, for each sample and viewer; all in a frame are taken for as late as the first in it. That is too
    /// soon only for what was sent again and stands behind younger ones.
    pub seen: Times,
    /// The same as watchers see it, who look at each sample.
    pub watched: Times,
    /// How many samples were acknowledged, of those that are measured.
    pub reached: u64,
    /// How long that took, from when the first was due to when the last was answered or given up.
    pub lasted: Duration,
    /// CPU time of this process meanwhile, warm-up included, and how long that was.
    pub cpu: (Duration, Duration),
    /// How many samples are stored of each subject, as the service said; the first first.
    pub of_subject: Vec<u64>,
    /// What did not come as it should.
    pub missing: Missing,
}

impl Counts {
    pub(crate) fn of(sent: &Sent, seen: &[impl AsRef<Seen>]) -> Self {
        let mut counts = Self {
            acknowledged: get(&sent.acknowledged),
            rejected: get(&sent.rejected),
            busy: get(&sent.busy),
            broken: get(&sent.broken),
            unknown: get(&sent.unknown),
            unsent: get(&sent.unsent),
            ..Self::default()
        };
        for seen in seen {
            let seen = seen.as_ref();
            counts.delivered += get(&seen.samples);
            counts.merged += get(&seen.merged);
            counts.frames += get(&seen.frames);
            counts.bytes += get(&seen.bytes);
            counts.lagged += get(&seen.lagged);
            counts.gaps += get(&seen.gaps);
            counts.lost += get(&seen.lost);
            counts.anew += get(&seen.anew);
            counts.there += u64::from(seen.is_there.load(std::sync::atomic::Ordering::Relaxed));
        }
        counts
    }
}

impl Outcome {
    /// Whether something is stored, and nothing of it is missing: where nothing came, nobody can miss it.
    pub fn is_good(&self) -> bool {
        self.counts.acknowledged > 0 && self.missing.is_nothing()
    }
}

impl Missing {
    /// Whether every sample that is stored came to everybody, once, as far as it can be told.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn of(sent: &Sent, plan: &Plan, seen: &[impl AsRef<Seen>]) -> Self {
        let sums: Sums = sent.of_subject().collect();
        let mut missing = Self::default();
        for (viewer, seen) in seen.iter().enumerate() {
            let seen = seen.as_ref();
            let samples = get(&seen.samples);
            let expected = Look::of(plan, viewer).sum(&sums);
            let (short, over) =
                (expected.saturating_sub(samples), samples.saturating_sub(expected + get(&sent.unknown)));
            missing.broken_chains += usize::from(get(&seen.gaps) > 0);
            missing.short = (missing.short.0 + usize::from(short > 0), missing.short.1 + short);
            missing.over = (missing.over.0 + usize::from(over > 0), missing.over.1 + over);
            missing.anew += usize::from(short > 0 && get(&seen.anew) > 0);
            missing.absent += usize::from(!seen.is_there.load(std::sync::atomic::Ordering::Relaxed));
        }
        missing
    }

    /// Adds what a watcher knows, where these samples are stored.
    pub(crate) fn add(&mut self, known: &Known, stored: &Ranges, schedule: &Schedule, prefix: &str) {
        if known.is_lost {
            self.blind += 1;
            return;
        }
        self.twice = self.twice.max(known.twice);
        // Told already: it was sent a picture instead.
        if known.began_anew {
            return;
        }
        let end = known.look.place_after(schedule.samples(schedule.batches()).start);
        let unseen = || {
            let places = known.samples.holes(0..end).into_iter().flatten();
            places.map(|place| known.look.sample(place)).filter(|&sample| stored.contains(sample))
        };
        let count = (unseen().count() as u64).saturating_sub(known.unnamed);
        if count > self.unseen {
            self.unseen = count;
            let example = |sample| (format!("{prefix}-{}", schedule.subject(sample)), schedule.at(sample));
            self.examples = unseen().take(EXAMPLES).map(example).collect();
        }
    }
}
