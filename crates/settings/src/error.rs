use std::path::PathBuf;

use config::ValueKind;

use crate::describe::text_of;
use crate::layers::{Layer, Written};

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration folder that was named is not there.
    #[error("the configuration folder {} does not exist", path.display())]
    NoFolder {
        /// Which.
        path: PathBuf,
    },
    /// The file is there and cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no YAML.
    #[error("{} is not valid YAML", path.display())]
    Syntax {
        /// Which.
        path: PathBuf,
        /// What the parser said, with the line.
        source: config::ConfigError,
    },
    /// Some values are wrong: as many as could be found at once.
    #[error("{}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
    Wrong(Vec<Problem>),
}

/// One value that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{layer}: `{key}` {reason}")]
pub struct Problem {
    /// The path of the key, e.g. `ports.pulse`.
    pub key: String,
    /// Where it was written.
    pub layer: Layer,
    /// What is wrong and what is allowed; follows the key in a sentence.
    pub reason: String,
}

impl Problem {
    pub(crate) fn new(written: &Written, reason: impl Into<String>) -> Self {
        Self { key: written.key.clone(), layer: written.layer.clone(), reason: reason.into() }
    }

    /// A value of another kind than the default has.
    pub(crate) fn kind(written: &Written, default: &ValueKind) -> Self {
        let expected = match default {
            ValueKind::I64(_) => "a whole number".to_owned(),
            ValueKind::Boolean(_) => "true or false".to_owned(),
            ValueKind::Array(_) => "a list".to_owned(),
            _ => format!("a text, like the default `{}`", text_of(default)),
        };
        Self::value(written, &format!("expected {expected}"))
    }

    /// A value that cannot be used.
    pub(crate) fn value(written: &Written, reason: &str) -> Self {
        // What somebody keeps in a file of its own is not repeated, even if it is no address.
        if matches!(written.layer, Layer::SecretFile { .. }) {
            return Self::new(written, format!("cannot be used: {reason}"));
        }
        Self::new(written, format!("is `{}`: {reason}", text_of(&written.value)))
    }
}
