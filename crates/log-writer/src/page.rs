use durable_log::SampleEntry;

/// Most samples of one page, whatever was asked for.
const MOST: u32 = 1_000_000;
/// How many more than wanted are held, before those beyond the page are let go.
const SPARE: usize = 65_536;

/// The first samples by their numbers, of many that come in another order: that in which they lie.
pub struct Page {
    limit: usize,
    entries: Vec<SampleEntry>,
    /// This number and those after it are beyond the page.
    end: u64,
}

impl Page {
    /// An empty page for `limit` samples.
    pub fn new(limit: u32) -> Self {
        let end = if limit == 0 { 0 } else { u64::MAX };
        Self { limit: limit.min(MOST) as usize, entries: Vec::new(), end }
    }

    /// Whether a sample with this number may belong to it.
    pub const fn wants(&self, seq: u64) -> bool {
        seq < self.end
    }

    /// Takes in a sample that it wants.
    pub fn add(&mut self, entry: SampleEntry) {
        self.entries.push(entry);
        if self.entries.len() >= self.limit + SPARE {
            self.let_go();
        }
    }

    /// The samples in the order of their numbers.
    pub fn finish(mut self) -> Vec<SampleEntry> {
        self.let_go();
        // Most have come in this order, which is noticed.
        self.entries.sort_unstable_by_key(|entry| entry.seq);
        self.entries
    }

    fn let_go(&mut self) {
        if self.entries.len() > self.limit {
            let (_, last, _) = self.entries.select_nth_unstable_by_key(self.limit - 1, |entry| entry.seq);
            self.end = last.seq;
            self.entries.truncate(self.limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Sample, Signals, Subject, Timestamp, Vitals};

    use super::*;

    /// The numbers on a page of those that come, and how many were held at most.
    fn page(limit: u32, seqs: impl Iterator<Item = u64>) -> (Vec<u64>, usize) {
        let (subject, at) = (Subject::new("agent-7").unwrap(), Timestamp::from_micros(0));
        let sample = Sample { subject, at, vitals: Vitals::default(), signals: Signals::new() };
        let (mut page, mut most) = (Page::new(limit), 0);
        for seq in seqs {
            if page.wants(seq) {
                page.add(SampleEntry { seq, recorded: at, sample: sample.clone() });
            }
            most = most.max(page.entries.len());
        }
        (page.finish().iter().map(|entry| entry.seq).collect(), most)
    }

    #[test]
    fn the_first_by_number_are_kept_in_whatever_order_they_come() {
        for limit in [0, 1, 3, 10, 100] {
            let expected: Vec<u64> = (1..=u64::from(limit.min(10))).collect();
            assert_eq!(page(limit, 1..=10).0, expected);
            assert_eq!(page(limit, (1..=10).rev()).0, expected);
            assert_eq!(page(limit, [7, 1, 10, 3, 2, 9, 4, 8, 6, 5].into_iter()).0, expected);
        }
    }

    #[test]
    fn no_more_are_held_than_are_wanted_and_some_to_spare() {
        let (seqs, most) = page(1_000, (1..=300_000).rev());
        assert_eq!(seqs, (1..=1_000).collect::<Vec<_>>());
        assert!(most <= 1_000 + SPARE, "{most}");
        let (seqs, most) = page(1_000, 1..=300_000);
        assert_eq!(seqs, (1..=1_000).collect::<Vec<_>>());
        assert!(most <= 1_000 + SPARE, "{most}");
    }
}
