use crate::Plan;

/// The subjects that a viewer looks at: some in a row, or all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Of all viewers together.
    subjects: u64,
    /// From 0.
    first: u64,
    count: u64,
}

impl Look {
    /// What the viewer with this number looks at: each at others, until all subjects had their turn.
    pub(crate) fn of(plan: &Plan, viewer: usize) -> Self {
        let subjects = plan.subjects;
        let count = plan.look_at.unwrap_or(subjects).clamp(1, subjects);
        let first = if count == subjects { 0 } else { viewer as u64 % subjects * count % subjects };
        Self { subjects, first, count }
    }

    /// The numbers of the subjects, from 1; none where it is all of them.
    pub(crate) fn subjects(&self) -> Option<impl Iterator<Item = u64> + use<>> {
        let Self { subjects, first, count } = *self;
        (count < subjects).then(|| (0..count).map(move |index| (first + index) % subjects + 1))
    }

    /// The place of a sample among those of these subjects: without holes, where none is missing.
    pub(crate) fn place(&self, sample: u64) -> Option<u64> {
        let index = (sample % self.subjects + self.subjects - self.first) % self.subjects;
        (index < self.count).then(|| sample / self.subjects * self.count + index)
    }

    /// The sample at this place.
    pub(crate) fn sample(&self, place: u64) -> u64 {
        place / self.count * self.subjects + (self.first + place % self.count) % self.subjects
    }

    /// A place that no sample before this one has.
    pub(crate) fn place_after(&self, sample: u64) -> u64 {
        sample.div_ceil(self.subjects) * self.count
    }

    /// How many of the samples are of these subjects, when there are so many of each.
    pub(crate) fn sum(&self, sums: &Sums) -> u64 {
        let end = self.first + self.count;
        let until = |end: u64| sums.0[usize::try_from(end).expect("they are counted in memory")];
        match end.checked_sub(self.subjects) {
            None | Some(0) => until(end) - until(self.first),
            Some(over) => until(self.subjects) - until(self.first) + until(over),
        }
    }
}

/// How many samples there are of all subjects before each, and at last of all.
#[derive(Debug)]
pub(crate) struct Sums(Vec<u64>);

impl FromIterator<u64> for Sums {
    fn from_iter<I: IntoIterator<Item = u64>>(counts: I) -> Self {
        let mut sum = 0;
        let sums = counts.into_iter().map(|count| {
            sum += count;
            sum
        });
        Self(std::iter::once(0).chain(sums).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sample_of_what_is_looked_at_has_a_place() {
        for (subjects, look_at) in [(7, None), (7, Some(1)), (7, Some(3)), (7, Some(7)), (7, Some(9)), (1, None)] {
            for viewer in 0..10 {
                let look = Look::of(&Plan { subjects, look_at, ..crate::tests::plan() }, viewer);
                let count = look_at.unwrap_or(subjects).min(subjects);
                let seen: Vec<u64> = match look.subjects() {
                    Some(subjects) => subjects.collect(),
                    None => (1..=subjects).collect(),
                };
                assert_eq!(seen.len() as u64, count);
                let places: Vec<u64> = (0..subjects * 5).filter_map(|sample| look.place(sample)).collect();
                let mut sorted = places.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, (0..count * 5).collect::<Vec<_>>(), "{look:?}");
                for sample in 0..subjects * 5 {
                    assert_eq!(look.place(sample).is_some(), seen.contains(&(sample % subjects + 1)), "{look:?}");
                    assert!(look.place(sample).is_none_or(|place| look.sample(place) == sample), "{look:?}");
                }
                let sums = (1..=subjects).map(|subject| 10 * subject).collect();
                assert_eq!(look.sum(&sums), seen.iter().map(|subject| 10 * subject).sum::<u64>(), "{look:?}");
            }
        }
    }
}
