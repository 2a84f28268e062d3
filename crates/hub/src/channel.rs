use std::fmt;

use domain::{EventBody, Vital};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One kind of thing that a viewer can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// The clarity of samples.
    Clarity,
    /// The chaos of samples.
    Chaos,
    /// The trust of samples.
    Trust,
    /// The pain of samples.
    Pain,
    /// What else samples carry, and what the engine derives from it.
    Signals,
    /// What the engine says of subjects.
    Levels,
    /// Alerts as they open, change and end, and the silences that mute them.
    Alerts,
    /// Voices as they are activated, stand down, agree and disagree.
    Voices,
    /// Automatic actions.
    Actions,
    /// Symbols as they are performed.
    Symbols,
    /// Tones as they change.
    Tones,
    /// States as they change.
    Seams,
    /// Days of objectives as they end.
    Budgets,
    /// Experiments as they begin, change and end.
    Experiments,
    /// ∆DΩΛ artifacts as they are kept.
    Artifacts,
}

impl Channel {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 15] = [
        Self::Clarity,
        Self::Chaos,
        Self::Trust,
        Self::Pain,
        Self::Signals,
        Self::Levels,
        Self::Alerts,
        Self::Voices,
        Self::Actions,
        Self::Symbols,
        Self::Tones,
        Self::Seams,
        Self::Budgets,
        Self::Experiments,
        Self::Artifacts,
    ];

    /// The channel on which an event is told.
    pub(crate) const fn of(body: &EventBody) -> Self {
        match body {
            EventBody::Levels { .. } => Self::Levels,
            EventBody::Alert { .. } | EventBody::Silence { .. } => Self::Alerts,
            EventBody::Signal { .. } => Self::Signals,
            EventBody::Voice { .. } | EventBody::Conflict { .. } | EventBody::Chorus { .. } => Self::Voices,
            EventBody::Action { .. } => Self::Actions,
            EventBody::Symbol { .. } => Self::Symbols,
            EventBody::Tone { .. } => Self::Tones,
            EventBody::Seam { .. } | EventBody::Bifurcation { .. } => Self::Seams,
            EventBody::Account { .. } => Self::Budgets,
            EventBody::Experiment { .. } => Self::Experiments,
            EventBody::Artifact { .. } => Self::Artifacts,
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl From<Vital> for Channel {
    fn from(vital: Vital) -> Self {
        match vital {
            Vital::Clarity => Self::Clarity,
            Vital::Chaos => Self::Chaos,
            Vital::Trust => Self::Trust,
            Vital::Pain => Self::Pain,
        }
    }
}

/// A set of channels, written as a list.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Channels(u16);

impl Channels {
    /// No channel.
    pub const NONE: Self = Self(0);
    /// Every channel.
    pub const ALL: Self = Self((1 << Channel::ALL.len()) - 1);
    /// The channels that samples fill.
    pub const SAMPLES: Self = Self(0b0001_1111);

    /// Whether `channel` is in it.
    pub const fn has(self, channel: Channel) -> bool {
        self.0 & channel.bit() != 0
    }

    /// Those of this set that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether no channel is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two sets share a channel.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those that are in it.
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        Channel::ALL.into_iter().filter(move |&channel| self.has(channel))
    }
}

impl FromIterator<Channel> for Channels {
    fn from_iter<I: IntoIterator<Item = Channel>>(channels: I) -> Self {
        Self(channels.into_iter().fold(0, |bits, channel| bits | channel.bit()))
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Channels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for channel in self.iter() {
            list.serialize_element(&channel)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Channels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Channel>::deserialize(deserializer)?.into_iter().collect())
    }
}
