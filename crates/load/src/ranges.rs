use std::collections::BTreeMap;
use std::ops::Range;

/// A set of numbers, kept as the ranges that they fill: as large as it has holes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ranges {
    /// Start and end; they do not touch.
    ranges: BTreeMap<u64, u64>,
}

impl Ranges {
    /// Adds these; answers how many of them are new.
    pub(crate) fn insert(&mut self, new: Range<u64>) -> u64 {
        if new.is_empty() {
            return 0;
        }
        let (mut start, mut end) = (new.start, new.end);
        let mut known = 0;
        // From the last range that could touch it backwards: mostly there is one, which grows.
        while let Some((&from, &to)) = self.ranges.range(..=end).next_back() {
            if to < start {
                break;
            }
            known += to.min(new.end).saturating_sub(from.max(new.start));
            (start, end) = (start.min(from), end.max(to));
            if to == end && from == start && from <= new.start {
                // It holds all of them already.
                return new.end - new.start - known;
            }
            self.ranges.remove(&from);
        }
        self.ranges.insert(start, end);
        new.end - new.start - known
    }

    pub(crate) fn contains(&self, number: u64) -> bool {
        self.ranges.range(..=number).next_back().is_some_and(|(_, &end)| number < end)
    }

    /// What is not here.
    pub(crate) fn holes(&self, within: Range<u64>) -> Vec<Range<u64>> {
        let mut holes = Vec::new();
        let mut from = within.start;
        let before = self.ranges.range(..=within.start).next_back();
        for (&start, &end) in
            before.into_iter().chain(self.ranges.range(within.start + 1..within.end.max(within.start + 1)))
        {
            if start > from {
                holes.push(from..start.min(within.end));
            }
            from = from.max(end);
        }
        if from < within.end {
            holes.push(from..within.end);
        }
        holes
    }

    /// In how many pieces it is.
    pub(crate) fn pieces(&self) -> usize {
        self.ranges.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_set_as_one_of_all_numbers() {
        let (mut ranges, mut set) = (Ranges::default(), std::collections::BTreeSet::new());
        let mut state = 1_u64;
        for _ in 0..2_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (start, length) = ((state >> 33) % 500, (state >> 20) % 8);
            let new = (start..start + length).filter(|&number| set.insert(number)).count() as u64;
            assert_eq!(ranges.insert(start..start + length), new, "{start} and {length} more");
            let listed: Vec<u64> = ranges.ranges.iter().flat_map(|(&from, &to)| from..to).collect();
            assert_eq!(listed, set.iter().copied().collect::<Vec<_>>());
            assert!(ranges.ranges.iter().zip(ranges.ranges.keys().skip(1)).all(|((_, end), next)| end < next));
        }
    }

    #[test]
    fn holes_are_told() {
        let mut some = Ranges::default();
        for range in [5..10, 20..21, 90..205] {
            some.insert(range);
        }
        assert_eq!(some.holes(0..210), [0..5, 10..20, 21..90, 205..210]);
        assert_eq!(some.holes(6..100), [10..20, 21..90]);
        assert_eq!(some.holes(100..110), []);
        assert_eq!(Ranges::default().holes(3..7).into_iter().flatten().collect::<Vec<_>>(), [3, 4, 5, 6]);
        let held: Vec<u64> = (0..25).filter(|&number| some.contains(number)).collect();
        assert_eq!(held, [5, 6, 7, 8, 9, 20]);
    }
}
