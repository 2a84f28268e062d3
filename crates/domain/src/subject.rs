use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

use crate::limits::SUBJECT_BYTES;

/// What is being watched: a short stable name, cheap to clone.
///
/// 1 to 128 bytes: letters and digits of any script, `.`, `_`, `-`, `:` and `@`, beginning with a letter or digit. So a
/// subject stands in a URL, a label and a log line as it is, and never looks like something else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "agent-7", min_length = 1, max_length = 128))]
pub struct Subject(Arc<str>);

/// Why a text is not a subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// Nothing was given.
    #[error("a subject needs at least one letter or digit")]
    Empty,
    /// Too long.
    #[error("a subject has at most {SUBJECT_BYTES} bytes, this one has {0}")]
    TooLong(usize),
    /// Begins with punctuation.
    #[error("a subject begins with a letter or digit, not with {0:?}")]
    BadStart(char),
    /// Holds a character that is not allowed.
    #[error("a subject holds letters, digits and . _ - : @ only, not {0:?}")]
    BadCharacter(char),
}

impl Subject {
    /// Checks `name` and makes it a subject.
    pub fn new(name: &str) -> Result<Self, SubjectError> {
        let first = name.chars().next().ok_or(SubjectError::Empty)?;
        if name.len() > SUBJECT_BYTES {
            return Err(SubjectError::TooLong(name.len()));
        }
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '@');
        if let Some(bad) = name.chars().find(|&c| !allowed(c)) {
            return Err(SubjectError::BadCharacter(bad));
        }
        if !first.is_alphanumeric() {
            return Err(SubjectError::BadStart(first));
        }
        Ok(Self(name.into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Subject {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl FromStr for Subject {
    type Err = SubjectError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(name)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&name).map_err(serde::de::Error::custom)
    }
}
