use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use domain::Subject;
use durable_log::{Batch, Body, Cursor, Entry};

use crate::Interest;

/// Entries that were ready together: what one frame tells of.
#[derive(Debug)]
pub(crate) struct Step {
    batches: Vec<Arc<Batch>>,
    /// The position after them.
    pub(crate) cursor: Cursor,
    /// Where the entries about each subject stand, by batch and place in it; made when it is first asked for.
    places: OnceLock<HashMap<Subject, Vec<(usize, usize)>>>,
}

impl Step {
    pub(crate) const fn new(batches: Vec<Arc<Batch>>, cursor: Cursor) -> Self {
        Self { batches, cursor, places: OnceLock::new() }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.batches.iter().flat_map(|batch| &batch.entries)
    }

    pub(crate) fn len(&self) -> usize {
        self.batches.iter().map(|batch| batch.entries.len()).sum()
    }

    /// The entries about the subjects of an interest, in their order, and perhaps others. Most viewers look at few subjects
    /// of many: they should not have to look through all entries for that.
    pub(crate) fn entries_for(&self, interest: &Interest) -> Vec<&Entry> {
        let Some(few) = interest.subjects().filter(|subjects| subjects.len() < self.len()) else {
            return self.entries().collect();
        };
        let places = self.places.get_or_init(|| self.places());
        let mut chosen: Vec<_> = few.iter().filter_map(|subject| places.get(subject)).flatten().collect();
        chosen.sort_unstable();
        chosen.into_iter().map(|&(batch, place)| &self.batches[batch].entries[place]).collect()
    }

    fn places(&self) -> HashMap<Subject, Vec<(usize, usize)>> {
        let mut places = HashMap::<_, Vec<_>>::new();
        for (number, batch) in self.batches.iter().enumerate() {
            for (place, entry) in batch.entries.iter().enumerate() {
                let subject = match &entry.body {
                    Body::Sample(sample) => &sample.subject,
                    Body::Event(event) => &event.subject,
                    Body::Command(subject, _) => subject,
                };
                places.entry(subject.clone()).or_default().push((number, place));
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use domain::{Sample, Signals, Timestamp, Vitals};
    use durable_log::{Epoch, Partition};

    use super::*;
    use crate::Channels;

    /// A batch of each partition, which holds the samples of these subjects.
    fn step(batches: &[&[&str]]) -> Step {
        let at = Timestamp::default();
        let sample = |name: &str| {
            let (subject, vitals, signals) = (Subject::new(name).unwrap(), Vitals::default(), Signals::new());
            Body::Sample(Sample { subject, at, vitals, signals })
        };
        let entries = |names: &[&str]| {
            let entry = |(seq, name): (u64, &&str)| Entry { seq, recorded: at, body: sample(name) };
            (1..).zip(names).map(entry).collect()
        };
        let batch =
            |(partition, names): (u16, &&[&str])| Batch { partition: Partition(partition), entries: entries(names) };
        let batches: Vec<_> = (0..).zip(batches).map(batch).map(Arc::new).collect();
        Step::new(batches, Cursor::start(Epoch(1), 2))
    }

    fn chosen(step: &Step, subjects: Option<&[&str]>) -> String {
        let subjects = subjects.map(|names| names.iter().map(|name| Subject::new(name).unwrap()).collect());
        let interest = Interest::new(Channels::ALL, subjects);
        let name = |entry: &Entry| match &entry.body {
            Body::Sample(sample) => format!("{}{}", sample.subject, entry.seq),
            other => panic!("there are only samples: {other:?}"),
        };
        step.entries_for(&interest).into_iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn who_looks_at_few_gets_theirs_alone_and_in_order() {
        let step = step(&[&["a", "b", "a", "c"], &["d", "a", "b"]]);
        assert_eq!(chosen(&step, Some(&["a"])), "a1 a3 a2");
        assert_eq!(chosen(&step, Some(&["d", "b"])), "b2 d1 b3");
        assert_eq!(chosen(&step, Some(&["e"])), "");
        assert_eq!(chosen(&step, Some(&[])), "");
        assert_eq!(chosen(&step, None), "a1 b2 a3 c4 d1 a2 b3");
    }

    #[test]
    fn who_looks_at_more_than_there_is_looks_through_all() {
        assert_eq!(chosen(&step(&[&["a"], &[]]), Some(&["b", "c"])), "a1");
    }
}
