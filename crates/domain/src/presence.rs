use serde::{Deserialize, Serialize};

use crate::{Chorus, EventBody, Experiment, ExperimentChange, Silence, StateNow, Timestamp, Voice};

/// The tone of a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToneNow {
    /// Its name, e.g. `recovery`, or `neutral`.
    pub tone: String,
    /// Whose tone it is; nobody's when neutral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// Since when.
    pub since: Timestamp,
}

/// How a subject is besides its levels, as the latest events tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Presence {
    /// Its state; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateNow>,
    /// Its tone; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<ToneNow>,
    /// Its voices, as of the last time that they changed noticeably.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chorus: Option<Chorus>,
    /// The silences that are in force, in the order in which they began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<Silence>,
    /// The latest experiment: one that runs, or one that is over on a subject that is simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<Experiment>,
}

impl Presence {
    /// Takes in what an event tells, and answers whether it told anything of this.
    pub fn apply(&mut self, body: &EventBody) -> bool {
        match body {
            EventBody::Seam { seam } => self.state = Some(StateNow { state: seam.to.clone(), since: seam.at }),
            EventBody::Tone { tone, .. } => self.tone = Some(tone.clone()),
            EventBody::Chorus { chorus } => self.chorus = Some(chorus.clone()),
            EventBody::Silence { silence, .. } => {
                self.silences.retain(|known| known.id != silence.id);
                if silence.ended.is_none() {
                    self.silences.push(silence.clone());
                }
            }
            EventBody::Experiment { change, experiment } => {
                let stays = match change {
                    ExperimentChange::Refused => return false,
                    ExperimentChange::Released => false,
                    _ => experiment.ended.is_none() || experiment.simulated.is_some(),
                };
                self.experiment = stays.then(|| experiment.clone());
            }
            _ => return false,
        }
        true
    }
}
