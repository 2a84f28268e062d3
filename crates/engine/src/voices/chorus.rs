//! All voices in one picture, and when it is told again.

use domain::{Chorus, Conflict, Mood, Synergy, Timestamp, Voice, VoiceNow};
use rules::Rules;
use serde::{Deserialize, Serialize};

use super::{VoiceState, Voices, thousandths};
use crate::polyphony::{AUDIBLE, energy};

/// What was told of the voices at last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) at: Timestamp,
    activities: [f64; 7],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    leader: Option<Voice>,
}

impl Told {
    pub(super) fn now(at: Timestamp, voices: &[VoiceState; 7], leader: Option<Voice>) -> Self {
        Self { at, activities: std::array::from_fn(|index| voices[index].activity), leader }
    }

    /// Whether the voices are noticeably different now.
    pub(super) fn differs(&self, voices: &[VoiceState; 7], leader: Option<Voice>, told_change: f64) -> bool {
        // Between two numbers of thousandths lies a number of thousandths, though not exactly.
        let has_moved = |(voice, told): (&VoiceState, &f64)| thousandths((voice.activity - told).abs()) >= told_change;
        self.leader != leader || voices.iter().zip(&self.activities).any(has_moved)
    }
}

impl Voices {
    /// How all voices are now.
    pub(crate) fn chorus(&self, rules: &Rules) -> Chorus {
        let now = |voice: Voice| {
            let state = &self.voices[voice.index()];
            VoiceNow {
                voice,
                activity: state.activity,
                energy: thousandths(energy(state.activity)),
                mood: self.mood(voice),
                active: state.activation().cloned(),
                last_active: state.last_active.filter(|_| state.activation().is_none()),
            }
        };
        Chorus {
            voices: Voice::ALL.map(now).into(),
            leader: self.polyphony.leader,
            conflicts: self.polyphony.conflicts.clone(),
            synergies: self.synergies(rules),
            harmony: thousandths(self.polyphony.harmony),
            synthesis_readiness: thousandths(self.polyphony.readiness),
        }
    }

    fn mood(&self, voice: Voice) -> Mood {
        let state = &self.voices[voice.index()];
        let waits = |conflict: &Conflict| {
            conflict.between.contains(&voice) && conflict.leads.is_some_and(|leader| leader != voice)
        };
        match state.activation() {
            None if state.activity > AUDIBLE => Mood::Listening,
            None => Mood::Resting,
            Some(_) if self.polyphony.leader == Some(voice) => Mood::Leading,
            Some(_) if self.polyphony.conflicts.iter().any(waits) => Mood::Waiting,
            Some(_) => Mood::Engaged,
        }
    }

    fn synergies(&self, rules: &Rules) -> Vec<Synergy> {
        let polyphony = &rules.voices.polyphony;
        let strong = |between: &&[Voice; 2]| {
            between.iter().all(|voice| self.voices[voice.index()].activity > polyphony.synergy_above)
        };
        let synergy = |between: &[Voice; 2]| Synergy {
            between: *between,
            strength: thousandths(
                between.iter().map(|voice| energy(self.voices[voice.index()].activity)).sum::<f64>() / 2.0,
            ),
        };
        polyphony.synergies.iter().filter(strong).map(synergy).collect()
    }
}
