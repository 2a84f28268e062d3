//! The tests as they are written; `compile` makes them into [`Case`](super::case::Case)s.

use std::time::Duration;

use domain::SignalValue;
use serde::Deserialize;
use yaml_file::{Complaint, Entries, FromScalar, Located, Scalar, Written, present};

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestsFile {
    #[serde(default, deserialize_with = "present")]
    pub(super) rules: Option<Scalar<String>>,
    pub(super) tests: Vec<Located<TestFile>>,
}

/// One test.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestFile {
    pub(super) name: Scalar<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) subject: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) start: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) every: Option<Scalar<Duration>>,
    pub(super) samples: Vec<Located<SampleFile>>,
    #[serde(default)]
    pub(super) commands: Vec<Located<CommandFile>>,
    pub(super) expect: Vec<Located<ExpectFile>>,
}

/// What is sent from a moment on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleFile {
    pub(super) at: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(super) clarity: Option<Scalar<Sent>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) chaos: Option<Scalar<Sent>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) trust: Option<Scalar<Sent>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) pain: Option<Scalar<Sent>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) signals: Option<Entries<Scalar<Sent>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) ramp: Option<Scalar<bool>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) once: Option<Scalar<bool>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) silence: Option<Scalar<bool>>,
}

/// What a person does at a moment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandFile {
    pub(super) at: Scalar<Duration>,
    pub(super) acknowledge: Scalar<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) by: Option<Scalar<String>>,
}

/// What must be so at a moment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectFile {
    pub(super) at: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(super) levels: Option<Entries<Scalar<String>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) light: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) alerts: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) told: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) signals: Option<Entries<Scalar<Sent>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) voices: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) leader: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) moods: Option<Entries<Scalar<String>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) activity: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) conflicts: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) synergies: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) strengths: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) harmony: Option<Scalar<Span>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) readiness: Option<Scalar<Span>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) actions: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) parameters: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) suppressed: Option<Entries<Scalar<String>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) symbols: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) tone: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) state: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) seams: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) seam: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) voices_before: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) voices_after: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) bifurcations: Option<List>,
    #[serde(default, deserialize_with = "present")]
    pub(super) budgets: Option<Entries<Scalar<Span>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) reasons: Option<Entries<Scalar<String>>>,
}

/// Several things; none is an empty list.
pub(super) type List = Vec<Scalar<String>>;

/// A value that is sent from now on; none when it is not sent any more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sent(pub(super) Option<SignalValue>);

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
pub(super) struct Span(pub(super) f64, pub(super) f64);

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
