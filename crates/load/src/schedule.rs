use std::time::Duration;

use domain::Timestamp;

use crate::Plan;

const SECOND: u64 = 1_000_000;

/// When each sample is due, and which sample a time belongs to. All samples of a batch are due together, and then bear
/// times a microsecond apart: no two of a subject may have the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    start: Timestamp,
    rate: u64,
    batch: u64,
    subjects: u64,
    /// How many batches there are.
    batches: u64,
    /// Those before are for warming up.
    measured_from: u64,
}

impl Schedule {
    pub(crate) fn new(plan: &Plan, start: Timestamp) -> Self {
        let batches = |length: Duration| plan.samples(length) / plan.batch;
        let Plan { rate, batch, subjects, warm_up, length, .. } = *plan;
        let (batches, measured_from) = (batches(warm_up + length), batches(warm_up));
        Self { start, rate, batch, subjects, batches, measured_from }
    }

    pub(crate) fn batches(&self) -> u64 {
        self.batches
    }

    /// How many samples a batch has.
    pub(crate) fn size(&self) -> u64 {
        self.batch
    }

    pub(crate) fn due(&self, batch: u64) -> Timestamp {
        self.start.plus(Duration::from_micros(batch * self.batch * SECOND / self.rate))
    }

    /// The numbers of the samples of a batch.
    pub(crate) fn samples(&self, batch: u64) -> std::ops::Range<u64> {
        batch * self.batch..(batch + 1) * self.batch
    }

    pub(crate) fn batch_of(&self, sample: u64) -> u64 {
        sample / self.batch
    }

    pub(crate) fn at(&self, sample: u64) -> Timestamp {
        self.due(self.batch_of(sample)).plus(Duration::from_micros(sample % self.batch))
    }

    /// From 1.
    pub(crate) fn subject(&self, sample: u64) -> u64 {
        sample % self.subjects + 1
    }

    pub(crate) fn subjects(&self) -> u64 {
        self.subjects
    }

    /// The sample with this time; none if it is not one of ours.
    pub(crate) fn sample(&self, at: Timestamp) -> Option<u64> {
        let passed = u64::try_from(at.as_micros().checked_sub(self.start.as_micros())?).ok()?;
        // The last batch that is due by then.
        let batch = passed.checked_add(1)?.checked_mul(self.rate)?.div_ceil(self.batch * SECOND) - 1;
        let sample = batch * self.batch + at.since(self.due(batch)).as_micros() as u64;
        (batch < self.batches && self.batch_of(sample) == batch).then_some(sample)
    }

    pub(crate) fn is_measured(&self, batch: u64) -> bool {
        batch >= self.measured_from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_gives_back_the_number_of_its_sample() {
        for (rate, batch) in [(1, 1), (3, 1), (7, 7), (999, 10), (10_000, 100), (33_333, 7), (1_000_000, 1_000)] {
            let plan = Plan { rate, batch, subjects: 7, ..crate::tests::plan() };
            let schedule = Schedule::new(&plan, Timestamp::from_micros(1_767_225_600_000_001));
            let last = schedule.batches() * batch;
            for sample in (0..last.min(5_000)).chain(last.saturating_sub(2_000)..last) {
                let at = schedule.at(sample);
                assert_eq!(schedule.sample(at), Some(sample), "{rate}/s by {batch}");
                assert!(schedule.due(schedule.batch_of(sample)) <= at);
                assert!(sample == 0 || schedule.at(sample - 1) < at, "{rate}/s by {batch}: {sample} is not later");
            }
            assert_eq!(schedule.sample(schedule.at(last)), None, "after the end");
        }
    }

    #[test]
    fn times_of_others_are_none_of_ours() {
        let plan = Plan { rate: 10, batch: 2, ..crate::tests::plan() };
        let schedule = Schedule::new(&plan, Timestamp::from_micros(1_000_000));
        assert_eq!(schedule.sample(Timestamp::from_micros(999_999)), None);
        assert_eq!(schedule.sample(Timestamp::from_micros(1_000_001)), Some(1));
        assert_eq!(schedule.sample(Timestamp::from_micros(1_000_002)), None);
        assert_eq!(schedule.sample(Timestamp::from_micros(i64::MIN)), None);
        assert_eq!(schedule.sample(Timestamp::from_micros(i64::MAX)), None);
    }
}
