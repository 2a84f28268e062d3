//! An experiment as it is written; `compile` makes it into a [`Script`](crate::Script).

use std::time::Duration;

use domain::{Outcome, Simulated, Vital};
use rules::TextFile;
use serde::Deserialize;
use stories::{CommandFile, ExpectFile, SampleFile, Span};
use yaml_file::{Complaint, Entries, FromScalar, Located, Scalar, Written, most_similar, present};

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExperimentFile {
    pub(crate) name: Scalar<String>,
    pub(crate) title: TextFile,
    pub(crate) hypothesis: TextFile,
    pub(crate) subject: Scalar<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) simulated: Option<Scalar<Word<Simulated>>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) start: Option<Scalar<String>>,
    pub(crate) lasts: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) every: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) seed: Option<Scalar<f64>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) noise: Option<Scalar<f64>>,
    #[serde(default, rename = "for", deserialize_with = "present")]
    pub(crate) holds: Option<Entries<Scalar<Duration>>>,
    pub(crate) phases: Vec<Located<PhaseFile>>,
    #[serde(default)]
    pub(crate) samples: Vec<Located<SampleFile>>,
    #[serde(default)]
    pub(crate) commands: Vec<Located<CommandFile>>,
    pub(crate) expect: Vec<Located<ExpectFile>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) stop: Option<Vec<Located<StopFile>>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) ends: Option<Scalar<Word<Outcome>>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) recovery: Option<Located<RecoveryFile>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) artifact: Option<Located<ArtifactFile>>,
}

/// A part of the experiment that has a name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhaseFile {
    pub(crate) name: Scalar<String>,
    pub(crate) at: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) dose: Option<Scalar<f64>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) lasts: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) reached: Option<Located<ReachedFile>>,
}

/// What an injection is for: it ends when this has been so for long enough.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReachedFile {
    #[serde(default, deserialize_with = "present")]
    pub(crate) clarity: Option<Scalar<Span>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) chaos: Option<Scalar<Span>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) trust: Option<Scalar<Span>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) pain: Option<Scalar<Span>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) held: Option<Scalar<Duration>>,
}

/// What stops the experiment at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopFile {
    pub(crate) vital: Scalar<Word<Vital>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) above: Option<Scalar<f64>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) below: Option<Scalar<f64>>,
}

/// What is sent when the experiment is over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecoveryFile {
    pub(crate) lasts: Scalar<Duration>,
    pub(crate) samples: Vec<Located<SampleFile>>,
}

/// What the artifact must say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArtifactFile {
    #[serde(default, deserialize_with = "present")]
    pub(crate) from: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) delta: Option<Entries<Scalar<Span>>>,
}

/// One of a few words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<T>(pub(crate) T);

/// What can be written as a word.
pub(crate) trait Named: Copy + 'static {
    const WHAT: &'static str;
    fn all() -> Vec<(&'static str, Self)>;
}

impl<T: Named> FromScalar for Word<T> {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        let all = T::all();
        if let Written::Text(text) = written
            && let Some((_, value)) = all.iter().find(|(name, _)| *name == text)
        {
            return Ok(Self(*value));
        }
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let complaint = Complaint::new(format!("expected {}, found {written}", T::WHAT));
        let similar = match written {
            Written::Text(text) => most_similar(text, names.iter().copied()),
            _ => None,
        };
        Err(match similar {
            Some(similar) => complaint.hint(format!("did you mean `{similar}`?")),
            None => complaint.hint(format!("one of {}", names.join(", "))),
        })
    }
}

impl Named for Simulated {
    const WHAT: &'static str = "how far the simulation reaches";

    fn all() -> Vec<(&'static str, Self)> {
        vec![("inbox", Self::Inbox), ("people", Self::People)]
    }
}

impl Named for Vital {
    const WHAT: &'static str = "a vital";

    fn all() -> Vec<(&'static str, Self)> {
        Self::ALL.map(|vital| (vital.name(), vital)).into()
    }
}

impl Named for Outcome {
    const WHAT: &'static str = "how it ends";

    fn all() -> Vec<(&'static str, Self)> {
        Self::ALL.map(|outcome| (outcome.name(), outcome)).into()
    }
}
