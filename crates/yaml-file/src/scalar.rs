use std::fmt;
use std::time::Duration;

use crate::{Findings, Place, parse_duration};

/// One value of a file: where it stands, and what it means or why it means nothing.
#[derive(Clone, Debug)]
pub struct Scalar<T> {
    /// Where.
    pub place: Place,
    pub(crate) meaning: Result<T, Complaint>,
}

impl<T: Clone> Scalar<T> {
    /// Whether it means anything.
    pub fn is_readable(&self) -> bool {
        self.meaning.is_ok()
    }

    /// What it means; when it means nothing, that is added to the findings.
    pub fn read(&self, findings: &mut Findings) -> Option<T> {
        match &self.meaning {
            Ok(value) => Some(value.clone()),
            Err(complaint) => {
                findings.complain(self.place, complaint.clone());
                None
            }
        }
    }
}

/// What is wrong with a value, before it is known where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Complaint {
    /// One without a hint.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A value as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Written<'a> {
    /// A word, or anything in quotes.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Flag(bool),
    /// No value at all: a list, a mapping, nothing.
    Other(&'static str),
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "the text {:?}", shortened(text)),
            Self::Number(number) => write!(f, "the number {number}"),
            Self::Flag(flag) => write!(f, "`{flag}`"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A type that one value of a file can mean.
pub trait FromScalar: Sized {
    /// Reads it, or says what is wrong.
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint>;
}

impl FromScalar for f64 {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        match written {
            Written::Number(number) if number.is_finite() => Ok(number),
            Written::Text(text) if text.trim().parse::<Self>().is_ok_and(Self::is_finite) => {
                Err(Complaint::new(format!("expected a number, found {written}"))
                    .hint(format!("leave the quotes out: {}", text.trim())))
            }
            _ => Err(Complaint::new(format!("expected a number, found {written}"))),
        }
    }
}

impl FromScalar for bool {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        match written {
            Written::Flag(flag) => Ok(flag),
            Written::Text("true" | "false") => {
                Err(Complaint::new(format!("expected true or false, found {written}")).hint("leave the quotes out"))
            }
            _ => Err(Complaint::new(format!("expected true or false, found {written}"))),
        }
    }
}

impl FromScalar for String {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        match written {
            Written::Text(text) if text.trim().is_empty() => Err(Complaint::new("this text is empty")),
            Written::Text(text) => Ok(text.trim().to_owned()),
            Written::Number(_) | Written::Flag(_) => {
                Err(Complaint::new(format!("expected a text, found {written}")).hint("put it into quotes"))
            }
            Written::Other(_) => Err(Complaint::new(format!("expected a text, found {written}"))),
        }
    }
}

impl FromScalar for Duration {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        match written {
            Written::Text(text) => parse_duration(text),
            Written::Number(number) if number >= 0.0 => {
                Err(Complaint::new(format!("expected a duration with a unit, found {written}"))
                    .hint(format!("write {number}s for seconds, {number}m for minutes")))
            }
            _ => Err(Complaint::new(format!("expected a duration like 30s, found {written}"))),
        }
    }
}
