//! The parts of a story as they are written. What each field says stands where it is written down for people: in
//! docs/rule-tests.md.
#![expect(missing_docs, reason = "the fields are documented for those who write them")]

use std::time::Duration;

use domain::SignalValue;
use serde::Deserialize;
use yaml_file::{Complaint, Entries, FromScalar, Scalar, Written, present};

/// What is sent from a moment on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleFile {
    pub at: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub clarity: Option<Scalar<Sent>>,
    #[serde(default, deserialize_with = "present")]
    pub chaos: Option<Scalar<Sent>>,
    #[serde(default, deserialize_with = "present")]
    pub trust: Option<Scalar<Sent>>,
    #[serde(default, deserialize_with = "present")]
    pub pain: Option<Scalar<Sent>>,
    #[serde(default, deserialize_with = "present")]
    pub signals: Option<Entries<Scalar<Sent>>>,
    #[serde(default, deserialize_with = "present")]
    pub ramp: Option<Scalar<bool>>,
    #[serde(default, deserialize_with = "present")]
    pub once: Option<Scalar<bool>>,
    #[serde(default, deserialize_with = "present")]
    pub silence: Option<Scalar<bool>>,
}

/// What a person does at a moment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandFile {
    pub at: Scalar<Duration>,
    pub acknowledge: Scalar<String>,
    #[serde(default, deserialize_with = "present")]
    pub by: Option<Scalar<String>>,
}

/// What must be so at a moment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectFile {
    #[serde(default, deserialize_with = "present")]
    pub at: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub by: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub vitals: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub levels: Option<Entries<Scalar<String>>>,
    #[serde(default, deserialize_with = "present")]
    pub light: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub alerts: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub told: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub signals: Option<Entries<Scalar<Sent>>>,
    #[serde(default, deserialize_with = "present")]
    pub voices: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub leader: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub moods: Option<Entries<Scalar<String>>>,
    #[serde(default, deserialize_with = "present")]
    pub activity: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub conflicts: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub synergies: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub strengths: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub harmony: Option<Scalar<Span>>,
    #[serde(default, deserialize_with = "present")]
    pub readiness: Option<Scalar<Span>>,
    #[serde(default, deserialize_with = "present")]
    pub actions: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub parameters: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub suppressed: Option<Entries<Scalar<String>>>,
    #[serde(default, deserialize_with = "present")]
    pub symbols: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub tone: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub state: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub seams: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub seam: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub voices_before: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub voices_after: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub bifurcations: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub budgets: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub reasons: Option<Entries<Scalar<String>>>,
    #[serde(default, deserialize_with = "present")]
    pub artifacts: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub experiment: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub phase: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub dose: Option<Scalar<Span>>,
}

/// Several things; none is an empty list.
pub(crate) type List = Vec<Scalar<String>>;

/// A value that is sent from now on; none when it is not sent any more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sent(pub Option<SignalValue>);

impl FromScalar for Sent {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        match written {
            Written::Number(number) if number.is_finite() => Ok(Self(Some(SignalValue::Number(number)))),
            Written::Flag(flag) => Ok(Self(Some(SignalValue::Flag(flag)))),
            Written::Text("none") => Ok(Self(None)),
            _ => Err(Complaint::new(format!("expected a number, true or false, found {written}"))
                .hint("write `none` for what is not sent any more")),
        }
    }
}

/// From and to, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span(pub f64, pub f64);

impl FromScalar for Span {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        // What is told has three digits.
        const HALF_A_DIGIT: f64 = 0.000_5;
        let wrong =
            || Complaint::new(format!("expected a number or a range, found {written}")).hint("like 0.75, or 0.7..0.8");
        match written {
            Written::Number(number) if number.is_finite() => Ok(Self(number - HALF_A_DIGIT, number + HALF_A_DIGIT)),
            Written::Text(text) => {
                let (from, to) = text.split_once("..").ok_or_else(wrong)?;
                let number = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong());
                let (from, to) = (number(from)?, number(to)?);
                if from <= to { Ok(Self(from, to)) } else { Err(wrong()) }
            }
            _ => Err(wrong()),
        }
    }
}
