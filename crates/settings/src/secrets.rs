use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;

use crate::layers::FILE_SUFFIX;

/// More than any secret has: somebody may name a device.
const MAX_FILE_BYTES: u64 = 4 * 1024;

/// Secrets of which a file of the configuration names the variable: in it, or in the file that the same variable with
/// `_FILE` names. Read anew each time, so that an exchanged file counts at once.
#[derive(Clone)]
pub struct Secrets(Arc<Variables>);

/// The value of a variable, by its name.
type Variables = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Why a secret cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Neither variable is set.
    #[error("{0} is not set, nor is {0}{FILE_SUFFIX}: one of them gives the secret")]
    Missing(String),
    /// Both are.
    #[error("{0} and {0}{FILE_SUFFIX} are both set: which one is meant?")]
    Twice(String),
    /// The file cannot be read.
    #[error("the file that {0}{FILE_SUFFIX} names cannot be read")]
    File(String, #[source] std::io::Error),
}

impl Secrets {
    /// Those in the environment of this process.
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// Those that `variable` knows by name.
    pub fn new(variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(variable))
    }

    /// The secret of this name, as it was written. It may stand in a file, and a file may be slow.
    pub fn text(&self, name: &str) -> Result<String, SecretError> {
        let variable = &self.0;
        match (variable(name), variable(&format!("{name}{FILE_SUFFIX}"))) {
            (Some(_), Some(_)) => Err(SecretError::Twice(name.to_owned())),
            (Some(text), None) => Ok(text),
            (None, Some(path)) => read(&path).map_err(|error| SecretError::File(name.to_owned(), error)),
            (None, None) => Err(SecretError::Missing(name.to_owned())),
        }
    }
}

fn read(path: &str) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_FILE_BYTES).read_to_string(&mut text)?;
    Ok(text)
}
