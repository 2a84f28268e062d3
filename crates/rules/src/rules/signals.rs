use std::collections::BTreeMap;
use std::time::Duration;

use conditions::{Condition, Slot, Vocabulary};
use domain::{Text, Voice};

/// Every name that a condition may use, and where its value stands.
///
/// The slots of a subject begin with the four vitals in the order of `Vital::ALL`, so that a vital's index is its slot;
/// then come what the engine fills in, the derived signals, the producers' signals and the windows.
#[derive(Clone, Debug, PartialEq)]
pub struct Signals {
    /// All names.
    pub vocabulary: Vocabulary,
    /// What the engine fills in.
    pub engine: EngineSlots,
    /// The derived signals, in the order in which they are worked out.
    pub derived: Vec<Derived>,
    /// The slots of the producers' signals, sorted by name: what a sample brings under another name serves nobody here.
    pub produced: Vec<(Box<str>, Slot)>,
    /// How the producers' signals are shown.
    pub titles: BTreeMap<Box<str>, Text>,
}

/// The slots that the engine fills in by its own knowledge.
#[derive(Clone, Debug, PartialEq)]
pub struct EngineSlots {
    /// `all_vitals_ok`: all four vitals are known and inside their OK zones.
    pub all_vitals_ok: Slot,
    /// `state_transition`: another state than the present one holds, but not yet for its dwell time.
    pub state_transition: Slot,
    /// `experiment_injects`: an experiment injects chaos, and nothing holds it back.
    pub experiment_injects: Slot,
    /// `conflict_detected`: a pair of voices is in conflict above the intensity that the rules name.
    pub conflict_detected: Slot,
    /// `multiple_voices_active`: so many voices besides the integrator are active as the rules name.
    pub multiple_voices_active: Slot,
    /// `harmony`, from 0 to 1.
    pub harmony: Slot,
    /// `synthesis_readiness`, from 0 to 1.
    pub synthesis_readiness: Slot,
    /// `<voice>_active`, for each voice.
    pub active: [Slot; 7],
    /// `<voice>_leads`, for each voice.
    pub leads: [Slot; 7],
}

impl EngineSlots {
    /// The slot of `<voice>_active`.
    pub const fn active(&self, voice: Voice) -> Slot {
        self.active[voice.index()]
    }

    /// The slot of `<voice>_leads`.
    pub const fn leads(&self, voice: Voice) -> Slot {
        self.leads[voice.index()]
    }
}

/// A flag that the engine works out: true once its condition has held for long enough, and for a while after it.
///
/// It is known (false) from the first sample on: what is unknown makes its condition false.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// Its name.
    pub name: String,
    /// How it is shown.
    pub title: Text,
    /// Where its flag stands.
    pub slot: Slot,
    /// Where the seconds since it became true stand, if the rules name them; unknown while it is false.
    pub duration: Option<Slot>,
    /// When it is true.
    pub when: Condition,
    /// How long the condition must hold first.
    pub hold: Duration,
    /// How long it stays true after the condition.
    pub keep: Duration,
    /// Whether its changes are events: not for what only serves other rules.
    pub is_told: bool,
}
