use std::time::Duration;

use domain::{Timestamp, Vital};
use rules::Objectives;
use serde::{Deserialize, Serialize};

/// Buckets of a span, besides the present one: of a window of a burn, and of the whole period.
pub(super) const OF_BURN: i64 = 12;
pub(super) const OF_PERIOD: i64 = 30;
/// No bucket is narrower, in microseconds: a short span has fewer of them.
const NARROWEST: i64 = 1_000_000;

/// The spans that objectives look back over, each once, with its number of buckets.
pub(super) fn spans(objectives: &Objectives) -> Vec<(Duration, i64)> {
    let burns = objectives.burns.iter().flat_map(|burn| [burn.short, burn.long]).map(|span| (span, OF_BURN));
    let mut spans: Vec<_> = burns.chain([(objectives.period, OF_PERIOD)]).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// What can spoil a time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spoilt {
    /// The vital was outside its OK zone.
    Bad,
    /// It was not measured.
    Blind,
}

/// What was bad or not measured in a span of time, by buckets. A bucket begins at a multiple of its width since 1970, and
/// good time leaves no trace: so a healthy subject costs nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ring {
    /// Of a bucket, in microseconds.
    width: i64,
    /// How many full ones it looks back over.
    buckets: i64,
    /// Nothing is known from before.
    #[serde(default, skip_serializing_if = "is_default")]
    since: Timestamp,
    /// For each vital in the order of time.
    #[serde(default, skip_serializing_if = "is_default")]
    runs: [Vec<Run>; 4],
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Buckets in a row that are alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[i64; 4]", into = "[i64; 4]")]
struct Run {
    /// The number of the first, counted since 1970.
    first: i64,
    /// How many.
    count: i64,
    /// Microseconds that were bad in each.
    bad: i64,
    /// Microseconds that were not measured in each.
    blind: i64,
}

impl Run {
    const fn spoil(&mut self, spoilt: Spoilt, micros: i64) {
        match spoilt {
            Spoilt::Bad => self.bad += micros,
            Spoilt::Blind => self.blind += micros,
        }
    }
}

impl From<[i64; 4]> for Run {
    fn from([first, count, bad, blind]: [i64; 4]) -> Self {
        Self { first, count, bad, blind }
    }
}

impl From<Run> for [i64; 4] {
    fn from(run: Run) -> Self {
        [run.first, run.count, run.bad, run.blind]
    }
}

/// What a span held, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) good: i64,
    pub(super) bad: i64,
}

impl Ring {
    pub(super) fn new(span: Duration, buckets: i64, since: Timestamp) -> Self {
        let (width, buckets) = shape(span, buckets);
        Self { width, buckets, since, runs: Default::default() }
    }

    pub(super) fn is_of(&self, span: Duration, buckets: i64) -> bool {
        (self.width, self.buckets) == shape(span, buckets)
    }

    pub(super) const fn width(&self) -> i64 {
        self.width
    }

    /// Whether anything bad is in it.
    pub(super) fn has_bad(&self, vital: Vital) -> bool {
        self.runs[vital.index()].iter().any(|run| run.bad > 0)
    }

    /// Takes in a time that was not good, in microseconds since 1970.
    pub(super) fn spoil(&mut self, vital: Vital, spoilt: Spoilt, from: i64, to: i64) {
        let width = self.width;
        // Mostly it lies within the latest bucket, and nothing needs to be divided.
        if let Some(last) = self.runs[vital.index()].last_mut()
            && last.first.saturating_mul(width) <= from
            && to <= (last.first + 1).saturating_mul(width)
        {
            return last.spoil(spoilt, to - from);
        }
        let mut at = from.max(self.oldest(to).saturating_mul(width));
        while at < to {
            let number = at.div_euclid(width);
            let end = (number + 1).saturating_mul(width).min(to);
            bucket(&mut self.runs[vital.index()], number).spoil(spoilt, end - at);
            at = end;
        }
    }

    /// Lets go of what lies too far back.
    pub(super) fn forget(&mut self, now: Timestamp) {
        let oldest = self.oldest(now.as_micros());
        for runs in self.runs.iter_mut().filter(|runs| !runs.is_empty()) {
            runs.retain(|run| run.first + run.count > oldest);
        }
    }

    /// What it held until `until`, of a vital that was first measured at `from`.
    pub(super) fn measured(&self, vital: Vital, from: Timestamp, until: Timestamp) -> Measured {
        let until = until.as_micros();
        let oldest = self.oldest(until);
        let begins = oldest.saturating_mul(self.width).max(self.since.max(from).as_micros());
        let (mut bad, mut blind) = (0, 0);
        for run in &self.runs[vital.index()] {
            let count = (run.first + run.count - run.first.max(oldest)).max(0);
            bad += count * run.bad;
            blind += count * run.blind;
        }
        Measured { good: (until - begins - bad - blind).max(0), bad }
    }

    /// The number of the first bucket that is not too far back at `now`.
    const fn oldest(&self, now: i64) -> i64 {
        now.div_euclid(self.width) - self.buckets
    }
}

/// The width and the number of the buckets of a span.
fn shape(span: Duration, buckets: i64) -> (i64, i64) {
    let span = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
    match span / buckets {
        width if width < NARROWEST => (NARROWEST, (span / NARROWEST).max(1)),
        width => (width, buckets),
    }
}

/// The present bucket, as a run of its own; those before it that are alike become one.
fn bucket(runs: &mut Vec<Run>, number: i64) -> &mut Run {
    if runs.last().is_none_or(|run| run.first != number) {
        if let [.., earlier, last] = runs.as_mut_slice()
            && earlier.first + earlier.count == last.first
            && (earlier.bad, earlier.blind) == (last.bad, last.blind)
        {
            earlier.count += last.count;
            runs.pop();
        }
        runs.push(Run { first: number, count: 1, bad: 0, blind: 0 });
    }
    runs.last_mut().expect("it was pushed if there was none")
}

#[cfg(test)]
mod tests;
