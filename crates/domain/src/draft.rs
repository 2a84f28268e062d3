use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{Sample, Score, SignalValue, Signals, Subject, Timestamp, Vital, Vitals, limits};

/// What a producer wrote, field by field correct, its time not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Who was observed.
    pub subject: Subject,
    /// When, if the producer said so.
    pub at: Option<Timestamp>,
    /// At least one.
    pub vitals: Vitals,
    /// Everything else.
    pub signals: Signals,
}

/// Why a sample was refused: one per sample, naming the first thing that was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}{}{reason}", if field.is_empty() { "" } else { ": " })]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rejection {
    /// For programs.
    pub code: RejectionCode,
    /// The field, e.g. `pain` or `signals.drift`; empty when the whole sample is meant.
    pub field: String,
    /// What was there, shortened.
    pub value: String,
    /// What was wrong and what is allowed.
    pub reason: String,
}

/// The kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RejectionCode {
    /// Not JSON.
    NotJson,
    /// JSON of another type than expected.
    WrongType,
    /// A field that is not known.
    UnknownField,
    /// A field that is there twice.
    RepeatedField,
    /// A field that is needed.
    MissingField,
    /// A number outside its range.
    OutOfRange,
    /// A name that breaks the rules for names.
    BadName,
    /// A text that is not RFC 3339, or a moment too far ahead or too long ago.
    BadTime,
    /// Larger than allowed.
    TooLarge,
    /// Another sample is already stored under the same subject and time.
    Conflict,
}

impl RejectionCode {
    /// All kinds, so that each is counted from zero.
    pub const ALL: [Self; 10] = [
        Self::NotJson,
        Self::WrongType,
        Self::UnknownField,
        Self::RepeatedField,
        Self::MissingField,
        Self::OutOfRange,
        Self::BadName,
        Self::BadTime,
        Self::TooLarge,
        Self::Conflict,
    ];

    /// The name, as in JSON and as the `reason` label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::WrongType => "wrong_type",
            Self::UnknownField => "unknown_field",
            Self::RepeatedField => "repeated_field",
            Self::MissingField => "missing_field",
            Self::OutOfRange => "out_of_range",
            Self::BadName => "bad_name",
            Self::BadTime => "bad_time",
            Self::TooLarge => "too_large",
            Self::Conflict => "conflict",
        }
    }
}

impl Rejection {
    /// A refusal; `value` is shortened to what a person can read.
    pub fn new(code: RejectionCode, field: impl Into<String>, value: &str, reason: impl Into<String>) -> Self {
        const SHOWN: usize = 64;
        let mut shown: String = value.chars().take(SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self { code, field: field.into(), value: shown, reason: reason.into() }
    }
}

impl Draft {
    /// Reads one JSON object. `default_subject` stands in where a door allows the subject to be left out.
    ///
    /// Unknown and repeated fields are refused: a misspelt vital must not vanish.
    pub fn parse(json: &str, default_subject: Option<&Subject>) -> Result<Self, Rejection> {
        if json.len() > limits::SAMPLE_BYTES {
            let reason =
                format!("a sample has at most {} bytes of JSON, this one has {}", limits::SAMPLE_BYTES, json.len());
            return Err(Rejection::new(RejectionCode::TooLarge, "", json, reason));
        }
        if !json.trim_start().starts_with('{') {
            // Valid JSON of another type is told apart from no JSON at all.
            return Err(match serde_json::from_str::<serde::de::IgnoredAny>(json) {
                Ok(_) => Rejection::new(RejectionCode::WrongType, "", json, "a sample is a JSON object"),
                Err(error) => not_json(json, &error),
            });
        }
        let mut fields = Fields::default();
        read_fields(json, |name, raw| fields.take(name, raw), |error| not_json(json, error))?;
        fields.into_draft(json, default_subject)
    }

    /// A draft to which what was measured is added by and by.
    pub fn begin(subject: &str, at: Option<Timestamp>) -> Result<Self, Rejection> {
        let subject = Subject::new(subject)
            .map_err(|error| Rejection::new(RejectionCode::BadName, "subject", subject, error.to_string()))?;
        Ok(Self { subject, at, vitals: Vitals::default(), signals: Signals::new() })
    }

    /// Adds a number as a signal.
    pub fn add_signal(&mut self, name: &str, value: f64) -> Result<(), Rejection> {
        let field = format!("signals.{name}");
        let refused = |code, reason: &str| Rejection::new(code, field.as_str(), &value.to_string(), reason);
        if self.signals.len() == limits::SIGNALS && !self.signals.contains_key(name) {
            let reason = format!("a sample carries at most {} signals", limits::SIGNALS);
            return Err(refused(RejectionCode::TooLarge, &reason));
        }
        if !is_signal_name(name) {
            return Err(refused(RejectionCode::BadName, &format!("a signal's name {SIGNAL_NAME}")));
        }
        let value =
            in_range(value).ok_or_else(|| refused(RejectionCode::OutOfRange, "a signal is a number within ±2^53"))?;
        self.signals.insert(name.into(), SignalValue::Number(value));
        Ok(())
    }

    /// Adds a vital.
    pub fn add_vital(&mut self, vital: Vital, value: f64) -> Result<(), Rejection> {
        let refused = || {
            Rejection::new(RejectionCode::OutOfRange, vital.name(), &value.to_string(), "a vital lies within [0, 1]")
        };
        self.vitals.set(vital, Some(Score::new(value).ok_or_else(refused)?));
        Ok(())
    }

    /// Checks the time against the server's clock and how long samples are kept, and makes it a sample.
    pub fn check(self, now: Timestamp, retention: Duration) -> Result<Sample, Rejection> {
        let at = self.at.unwrap_or(now);
        if at > now.plus(Duration::from_secs(limits::AHEAD_SECONDS.unsigned_abs())) {
            let reason = format!("more than 1 h ahead of the server's clock, which says {now}");
            return Err(Rejection::new(RejectionCode::BadTime, "at", &at.to_string(), reason));
        }
        let oldest = now.minus(retention);
        if at < oldest {
            let reason = format!("older than the retention: samples are kept from {oldest} on");
            return Err(Rejection::new(RejectionCode::BadTime, "at", &at.to_string(), reason));
        }
        Ok(Sample { subject: self.subject, at, vitals: self.vitals, signals: self.signals })
    }
}

fn not_json(json: &str, error: &serde_json::Error) -> Rejection {
    let hint = match json.contains("NaN") || json.contains("Infinity") {
        true => "; JSON has no NaN or Infinity: leave the field out when nothing was measured",
        false => "",
    };
    Rejection::new(RejectionCode::NotJson, "", json, format!("{error}{hint}"))
}

/// Hands each field of a JSON object to `take`, its value unread. The first refusal ends it, and says more than the
/// syntax error that stopping there causes.
fn read_fields(
    json: &str,
    take: impl FnMut(&str, &str) -> Result<(), Rejection>,
    not_json: impl FnOnce(&serde_json::Error) -> Rejection,
) -> Result<(), Rejection> {
    let mut reader = FieldReader { take, rejection: None };
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let read = deserializer.deserialize_map(&mut reader).and_then(|()| deserializer.end());
    match (reader.rejection, read) {
        (Some(rejection), _) => Err(rejection),
        (None, Err(error)) => Err(not_json(&error)),
        (None, Ok(())) => Ok(()),
    }
}

struct FieldReader<F> {
    take: F,
    rejection: Option<Rejection>,
}

impl<'de, F: FnMut(&str, &str) -> Result<(), Rejection>> Visitor<'de> for &mut FieldReader<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let raw = map.next_value::<&'de RawValue>()?;
            if let Err(rejection) = (self.take)(&name, raw.get()) {
                self.rejection = Some(rejection);
                return Err(serde::de::Error::custom("rejected"));
            }
        }
        Ok(())
    }
}

/// The fields of a sample as they are met.
#[derive(Default)]
struct Fields {
    subject: Option<Subject>,
    at: Option<Timestamp>,
    vitals: Vitals,
    signals: Option<Signals>,
}

impl Fields {
    fn take(&mut self, name: &str, raw: &str) -> Result<(), Rejection> {
        match name {
            "subject" => once(&mut self.subject, name, raw, subject(raw)?),
            "at" => once(&mut self.at, name, raw, time(raw)?),
            "signals" => once(&mut self.signals, name, raw, signals(raw)?),
            _ => {
                let vital = Vital::from_name(name).ok_or_else(|| unknown(name, raw))?;
                let mut place = self.vitals.get(vital);
                once(&mut place, name, raw, score(name, raw)?)?;
                self.vitals.set(vital, place);
                Ok(())
            }
        }
    }

    fn into_draft(self, json: &str, default_subject: Option<&Subject>) -> Result<Draft, Rejection> {
        let missing = |field: &str, reason: &str| Rejection::new(RejectionCode::MissingField, field, json, reason);
        let subject = self.subject.or_else(|| default_subject.cloned());
        let subject = subject.ok_or_else(|| missing("subject", "a sample says whom it is about"))?;
        if self.vitals.is_empty() {
            return Err(missing("", "a sample carries at least one of clarity, chaos, trust, pain"));
        }
        Ok(Draft { subject, at: self.at, vitals: self.vitals, signals: self.signals.unwrap_or_default() })
    }
}

fn once<T>(place: &mut Option<T>, name: &str, raw: &str, value: T) -> Result<(), Rejection> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Rejection::new(RejectionCode::RepeatedField, name, raw, "this field is there twice")),
    }
}

fn unknown(name: &str, raw: &str) -> Rejection {
    let known = "known are subject, at, clarity, chaos, trust, pain, signals (other numbers go into signals)";
    let shown: String = name.chars().take(limits::SIGNAL_NAME_BYTES).collect();
    Rejection::new(RejectionCode::UnknownField, shown, raw, known)
}

fn text<'a>(name: &str, raw: &'a str) -> Result<Cow<'a, str>, Rejection> {
    serde_json::from_str(raw)
        .map_err(|_| Rejection::new(RejectionCode::WrongType, name, raw, "this field is a text"))
        .map(|Borrowed(text)| text)
}

/// Borrows from the input where nothing is escaped; serde's own `Cow` always copies.
#[derive(Deserialize)]
struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

fn subject(raw: &str) -> Result<Subject, Rejection> {
    let name = text("subject", raw)?;
    Subject::new(&name).map_err(|error| Rejection::new(RejectionCode::BadName, "subject", &name, error.to_string()))
}

fn time(raw: &str) -> Result<Timestamp, Rejection> {
    let written = text("at", raw)?;
    written.parse().map_err(|error| {
        let reason = format!("not a time of RFC 3339 like 2026-01-01T00:00:00Z: {error}");
        Rejection::new(RejectionCode::BadTime, "at", &written, reason)
    })
}

fn score(name: &str, raw: &str) -> Result<Score, Rejection> {
    let number = number(name, raw)?;
    Score::new(number).ok_or_else(|| Rejection::new(RejectionCode::OutOfRange, name, raw, "a vital lies within [0, 1]"))
}

/// Reads the text of a JSON number; one too large for a double is infinite here and refused by its range.
fn number(name: &str, raw: &str) -> Result<f64, Rejection> {
    let wrong = || Rejection::new(RejectionCode::WrongType, name, raw, "this field is a number");
    if !raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Err(wrong());
    }
    raw.parse().map_err(|_| wrong())
}

fn signals(raw: &str) -> Result<Signals, Rejection> {
    let mut signals = Signals::new();
    let take = |name: &str, raw: &str| take_signal(&mut signals, name, raw);
    read_fields(raw, take, |_| {
        let reason = "signals are a JSON object of numbers and true/false";
        Rejection::new(RejectionCode::WrongType, "signals", raw, reason)
    })?;
    Ok(signals)
}

fn take_signal(signals: &mut Signals, name: &str, raw: &str) -> Result<(), Rejection> {
    if signals.len() == limits::SIGNALS {
        let reason = format!("a sample carries at most {} signals", limits::SIGNALS);
        return Err(Rejection::new(RejectionCode::TooLarge, "signals", name, reason));
    }
    if !is_signal_name(name) {
        let reason = format!("a signal's name {SIGNAL_NAME}");
        return Err(Rejection::new(RejectionCode::BadName, "signals", name, reason));
    }
    let field = format!("signals.{name}");
    let value = match raw {
        "true" => SignalValue::Flag(true),
        "false" => SignalValue::Flag(false),
        _ => SignalValue::Number(signal_number(&field, raw)?),
    };
    match signals.insert(name.into(), value) {
        None => Ok(()),
        Some(_) => Err(Rejection::new(RejectionCode::RepeatedField, field, raw, "this signal is there twice")),
    }
}

fn signal_number(field: &str, raw: &str) -> Result<f64, Rejection> {
    let value = number(field, raw)
        .map_err(|_| Rejection::new(RejectionCode::WrongType, field, raw, "a signal is a number or true/false"))?;
    in_range(value).ok_or_else(|| Rejection::new(RejectionCode::OutOfRange, field, raw, "a signal lies within ±2^53"))
}

/// The value of a signal as it is kept; none if it is no number or too large.
fn in_range(value: f64) -> Option<f64> {
    // NaN compares to nothing, and -0 is written as 0.
    (value.abs() <= limits::SIGNAL_MAGNITUDE).then_some(value + 0.0)
}

/// What [`is_signal_name`] asks for.
const SIGNAL_NAME: &str = "has a-z, 0-9 and _, begins with a letter, is none of the vitals and has at most 64 bytes";

/// Whether a signal may be called so.
pub fn is_signal_name(name: &str) -> bool {
    name.len() <= limits::SIGNAL_NAME_BYTES
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && Vital::from_name(name).is_none()
}

#[cfg(test)]
mod tests;
