use std::collections::VecDeque;

use durable_log::Partition;

/// Divides a chore that may do only so much at a time among the partitions. Each has the same share; what one leaves goes
/// to those that have more to do.
pub struct Fairly {
    busy: VecDeque<Partition>,
    /// Those of `busy` that had their share in this round.
    had_theirs: usize,
    share: u32,
    left: u32,
    done: u64,
}

impl Fairly {
    /// Up to `limit` in all partitions together.
    pub fn new(partitions: u16, limit: u32) -> Self {
        let busy: VecDeque<_> = (0..partitions).map(Partition).collect();
        Self { had_theirs: busy.len(), busy, share: 0, left: limit, done: 0 }
    }

    /// Whose turn it is, and how much may be done there; none when all is done that may be.
    pub fn next_turn(&mut self) -> Option<(Partition, u32)> {
        if self.had_theirs == self.busy.len() {
            self.share = self.left.div_ceil(u32::try_from(self.busy.len()).unwrap_or(u32::MAX).max(1));
            self.had_theirs = 0;
        }
        let most = self.share.min(self.left);
        (most > 0).then(|| self.busy.pop_front().map(|partition| (partition, most))).flatten()
    }

    /// So much was done in a turn: less than might have been when nothing is left to do there, and more only where more
    /// costs no more.
    pub fn did(&mut self, (partition, most): (Partition, u32), part: u64) {
        self.done += part;
        self.left -= most.min(u32::try_from(part).unwrap_or(u32::MAX));
        if part >= u64::from(most) {
            self.busy.push_back(partition);
            self.had_theirs += 1;
        }
    }

    /// How much was done.
    pub const fn done(&self) -> u64 {
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much is done of what each partition has to do.
    fn check<const N: usize>(limit: u32, to_do: [u64; N], expected: [u64; N]) {
        let mut done = [0; N];
        let mut turns = Fairly::new(u16::try_from(N).unwrap(), limit);
        while let Some(turn) = turns.next_turn() {
            let place = usize::from(turn.0.0);
            let part = (to_do[place] - done[place]).min(u64::from(turn.1));
            done[place] += part;
            turns.did(turn, part);
        }
        assert_eq!((done, turns.done()), (expected, expected.iter().sum()));
    }

    #[test]
    fn each_has_its_share_and_what_one_leaves_goes_to_the_others() {
        check(30, [100, 100, 100], [10, 10, 10]);
        check(30, [100, 3, 100], [14, 3, 13]);
        check(30, [5, 5, 5], [5, 5, 5]);
        check(2, [9, 9, 9], [1, 1, 0]);
        check(9, [0, 0, 9], [0, 0, 9]);
    }

    #[test]
    fn what_costs_nothing_keeps_the_others_from_nothing() {
        let mut turns = Fairly::new(2, 10);
        for (expected, part) in [((0, 5), 1_000_000), ((1, 5), 0), ((0, 5), 0)] {
            let turn = turns.next_turn().unwrap();
            assert_eq!((turn.0.0, turn.1), expected);
            turns.did(turn, part);
        }
        assert!(turns.next_turn().is_none());
        assert_eq!(turns.done(), 1_000_000);
    }
}
