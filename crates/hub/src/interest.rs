use std::sync::Arc;

use domain::{Sample, Subject};

use crate::{Channel, Channels};

/// What a viewer wants to see. Viewers with equal interests share every frame.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Interest {
    channels: Channels,
    /// Sorted; none means all.
    subjects: Option<Arc<[Subject]>>,
}

impl Interest {
    /// The interest in `channels` of `subjects`, or of all subjects.
    pub fn new(channels: Channels, subjects: Option<Vec<Subject>>) -> Self {
        let subjects = subjects.map(|mut subjects| {
            subjects.sort_unstable();
            subjects.dedup();
            subjects.into()
        });
        Self { channels, subjects }
    }

    /// The interest in nothing: that of a viewer who has not asked yet.
    pub const fn none() -> Self {
        Self { channels: Channels::NONE, subjects: None }
    }

    /// The same without `channels`.
    #[must_use]
    pub fn without(&self, channels: Channels) -> Self {
        Self { channels: self.channels.without(channels), subjects: self.subjects.clone() }
    }

    /// The channels.
    pub const fn channels(&self) -> Channels {
        self.channels
    }

    /// The subjects; none means all.
    pub fn subjects(&self) -> Option<&[Subject]> {
        self.subjects.as_deref()
    }

    /// Whether `channel` of `subject` is wanted.
    pub fn wants(&self, channel: Channel, subject: &Subject) -> bool {
        self.channels.has(channel) && self.has_subject(subject)
    }

    /// Whether anything that `sample` carries is wanted.
    pub fn wants_sample(&self, sample: &Sample) -> bool {
        self.channels.meets(channels_of(sample)) && self.has_subject(&sample.subject)
    }

    pub(crate) fn has_subject(&self, subject: &Subject) -> bool {
        self.subjects.as_ref().is_none_or(|subjects| subjects.binary_search(subject).is_ok())
    }
}

fn channels_of(sample: &Sample) -> Channels {
    let vitals = sample.vitals.present().map(|(vital, _)| Channel::from(vital));
    vitals.chain((!sample.signals.is_empty()).then_some(Channel::Signals)).collect()
}
