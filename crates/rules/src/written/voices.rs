use std::time::Duration;

use domain::{Urgency, Voice};
use serde::Deserialize;
use yaml_file::{Entries, Located, Scalar, present};

use super::{Formula, TextFile, Waveform, Word};

/// `voices-triggers.yml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoicesFile {
    pub(crate) expiry: Scalar<Duration>,
    pub(crate) voices: Located<EachVoice>,
    pub(crate) polyphony: PolyphonyFile,
    pub(crate) veto: VetoFile,
    pub(crate) symbols: Entries<SymbolFile>,
    pub(crate) tones: Entries<ToneFile>,
    pub(crate) neutral: TextFile,
}

/// Each is needed, but a missing one should not hide what is wrong with the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EachVoice {
    kayn: Option<VoiceFile>,
    pino: Option<VoiceFile>,
    sam: Option<VoiceFile>,
    anhantra: Option<VoiceFile>,
    hundun: Option<VoiceFile>,
    iskriv: Option<VoiceFile>,
    iskra: Option<VoiceFile>,
}

impl EachVoice {
    pub(crate) const fn get(&self, voice: Voice) -> Option<&VoiceFile> {
        match voice {
            Voice::Kayn => self.kayn.as_ref(),
            Voice::Pino => self.pino.as_ref(),
            Voice::Sam => self.sam.as_ref(),
            Voice::Anhantra => self.anhantra.as_ref(),
            Voice::Hundun => self.hundun.as_ref(),
            Voice::Iskriv => self.iskriv.as_ref(),
            Voice::Iskra => self.iskra.as_ref(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoiceFile {
    pub(crate) name: TextFile,
    pub(crate) archetype: TextFile,
    pub(crate) colour: Scalar<String>,
    pub(crate) pitch: Scalar<f64>,
    pub(crate) waveform: Scalar<Word<Waveform>>,
    pub(crate) rank: Scalar<f64>,
    pub(crate) triggers: Vec<TriggerFile>,
    pub(crate) stands_down: Scalar<Formula>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TriggerFile {
    pub(crate) when: Scalar<Formula>,
    pub(crate) urgency: Scalar<Word<Urgency>>,
    pub(crate) cooldown: Scalar<Duration>,
    pub(crate) response: Scalar<String>,
    pub(crate) says: TextFile,
}

/// Pairs of voices.
pub(crate) type PairsFile = Vec<Located<Vec<Scalar<Word<Voice>>>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolyphonyFile {
    pub(crate) conflicts: PairsFile,
    pub(crate) synergies: PairsFile,
    pub(crate) conflict_from: Scalar<f64>,
    pub(crate) conflict_hysteresis: Scalar<f64>,
    pub(crate) synergy_above: Scalar<f64>,
    pub(crate) multiple_from: Scalar<f64>,
    pub(crate) integrator: Scalar<Word<Voice>>,
    pub(crate) told_change: Scalar<f64>,
    pub(crate) told_every: Scalar<Duration>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VetoFile {
    pub(crate) voice: Scalar<Word<Voice>>,
    pub(crate) when: Scalar<Formula>,
    pub(crate) reason: TextFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SymbolFile {
    pub(crate) glyph: Scalar<String>,
    pub(crate) name: TextFile,
    pub(crate) when: Scalar<Formula>,
    pub(crate) voice: Scalar<Word<Voice>>,
    pub(crate) says: TextFile,
    #[serde(default, deserialize_with = "present")]
    pub(crate) in_a_row: Option<Scalar<f64>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) an_hour: Option<Scalar<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToneFile {
    pub(crate) name: TextFile,
    pub(crate) when: Scalar<Formula>,
    pub(crate) voice: Scalar<Word<Voice>>,
}
