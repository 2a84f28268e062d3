//! What a group of requests speaks of: what a store must look up before there can be a plan.

use std::collections::HashMap;

use domain::{Sample, Subject, Timestamp};

use crate::Work;
use crate::plan::subjects_of;

/// Every subject of the group, some of them many times.
pub fn subjects_of_group(group: &[Work]) -> impl Iterator<Item = &Subject> {
    group.iter().flat_map(subjects)
}

/// The ids of the events that the group wants to write.
pub fn event_ids(group: &[Work]) -> Vec<&str> {
    let events = group.iter().flat_map(|work| match work {
        Work::Commit(commit, _) => commit.events.as_slice(),
        _ => &[],
    });
    events.map(|event| event.id.as_str()).collect()
}

/// The keys of samples that may be there already: those of subjects that are.
pub fn sample_keys(group: &[Work], subjects: &HashMap<Subject, i64>) -> Vec<(i64, Timestamp)> {
    samples(group).filter_map(|sample| Some((*subjects.get(&sample.subject)?, sample.at))).collect()
}

/// When the samples of the group were measured.
pub fn sample_times(group: &[Work]) -> impl Iterator<Item = Timestamp> {
    samples(group).map(|sample| sample.at)
}

fn samples(group: &[Work]) -> impl Iterator<Item = &Sample> {
    let appended = group.iter().filter_map(|work| match work {
        Work::Append(samples, _) => Some(samples),
        _ => None,
    });
    appended.flatten()
}

fn subjects(work: &Work) -> Box<dyn Iterator<Item = &Subject> + '_> {
    match work {
        Work::Append(samples, _) => Box::new(samples.iter().map(|sample| &sample.subject)),
        Work::Command(subject, ..) => Box::new(std::iter::once(subject)),
        Work::Commit(commit, _) => Box::new(subjects_of(commit)),
        Work::Claim(..) => Box::new(std::iter::empty()),
    }
}
