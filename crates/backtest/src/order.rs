use std::time::Duration;

use domain::{Timestamp, limits};
use durable_log::SampleEntry;

/// Clocks of several writers may differ a little.
const SLACK: Duration = Duration::from_secs(60);

/// Puts samples of one subject, which are read slice by slice of the time at which they were measured, into the order of
/// their numbers: that in which an engine saw them. One that came late lies in an earlier slice than its neighbours.
#[derive(Debug, Default)]
pub struct Order {
    waiting: Vec<SampleEntry>,
}

impl Order {
    /// How far ahead of its recording a sample may have been measured: so much more than is wanted must be read.
    pub const AHEAD: Duration = Duration::from_secs(limits::AHEAD_SECONDS.unsigned_abs()).saturating_add(SLACK);

    /// Takes in the samples of the next slice, which ends before `end`, and answers those before which no other can come.
    pub fn take(&mut self, slice: Vec<SampleEntry>, end: Timestamp) -> Vec<SampleEntry> {
        self.waiting.extend(slice);
        // Runs that are in order already, which this notices.
        self.waiting.sort_by_key(|entry| entry.seq);
        let recorded_before = end.minus(Self::AHEAD);
        let ready = self.waiting.partition_point(|entry| entry.recorded < recorded_before);
        let rest = self.waiting.split_off(ready);
        std::mem::replace(&mut self.waiting, rest)
    }

    /// How many others can still come before.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The samples that are left when all slices were read.
    pub fn finish(self) -> Vec<SampleEntry> {
        self.waiting
    }
}

#[cfg(test)]
mod tests {
    use domain::{Sample, Signals, Subject, Vitals};

    use super::*;

    const HOUR: i64 = 3_600;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    fn entry((seq, at, recorded): (u64, i64, i64)) -> SampleEntry {
        let subject = Subject::new("agent-7").unwrap();
        let sample = Sample { subject, at: second(at), vitals: Vitals::default(), signals: Signals::new() };
        SampleEntry { seq, recorded: second(recorded), sample }
    }

    #[test]
    fn slices_become_one_order_though_some_came_late_and_some_ahead() {
        // One every ten minutes for two days; each seventh comes a day late, each fifth is almost an hour ahead.
        let mut all: Vec<_> = (0..288)
            .map(|n| (n * 600, n * 600))
            .map(|(at, time)| match time / 600 {
                n if n % 7 == 0 => (at, time + 24 * HOUR),
                n if n % 5 == 0 => (at + 3_500, time),
                _ => (at, time),
            })
            .collect();
        all.sort_by_key(|(_, recorded)| *recorded);
        let all: Vec<_> = all.into_iter().zip(1..).map(|((at, recorded), seq)| entry((seq, at, recorded))).collect();
        let (mut order, mut ordered, mut most) = (Order::default(), Vec::new(), 0);
        for start in (0..49 * HOUR).step_by(6 * 3_600) {
            let within = |entry: &&SampleEntry| (second(start)..second(start + 6 * HOUR)).contains(&entry.sample.at);
            ordered.extend(order.take(all.iter().filter(within).cloned().collect(), second(start + 6 * HOUR)));
            most = most.max(order.waiting.len());
        }
        ordered.extend(order.finish());
        assert_eq!(ordered.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=288).collect::<Vec<_>>());
        assert!(most < 60, "{most} had to wait");
    }
}
