use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::{Error, Findings, Report, shape};

/// Largest file that is read: a thousand times what a person writes by hand.
pub const MAXIMUM_BYTES: usize = 1024 * 1024;
/// Deepest nesting: ours go down six levels.
const MAXIMUM_DEPTH: usize = 64;
/// Most parts that aliases may repeat, so that a small file cannot unfold into a huge one.
const MAXIMUM_REPEATED: usize = 10_000;

/// The text of a file and its name.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
}

impl Source {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Read { path: path.to_owned(), source };
        let mut text = String::new();
        // One byte more than allowed tells a file of the largest size from a larger one.
        let file = File::open(path).map_err(failed)?;
        file.take(MAXIMUM_BYTES as u64 + 1).read_to_string(&mut text).map_err(failed)?;
        Self::new(path.display().to_string(), text)
    }

    /// A text from elsewhere; `name` stands before every error.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Result<Self, Error> {
        let (name, text) = (name.into(), text.into());
        match text.len() > MAXIMUM_BYTES {
            true => Err(Error::TooLarge { name, maximum: MAXIMUM_BYTES }),
            false => Ok(Self { name, text }),
        }
    }

    /// What stands before every error.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the text as a `T`; stops at the first field that has no place in it.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_depth: MAXIMUM_DEPTH,
                max_nodes: 100_000,
            },
            alias_limits: serde_saphyr::alias_limits! {
                max_total_replayed_events: MAXIMUM_REPEATED,
            },
            duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
            with_snippet: false,
        };
        serde_saphyr::from_str_with_options(&self.text, options).map_err(|error| {
            let mut findings = Findings::default();
            let (place, complaint) = shape::complaint(&error);
            findings.complain(place, complaint);
            self.report(findings).into()
        })
    }

    /// All findings as one error, if there are any.
    pub fn check(&self, findings: Findings) -> Result<(), Error> {
        match findings.is_empty() {
            true => Ok(()),
            false => Err(self.report(findings).into()),
        }
    }

    fn report(&self, findings: Findings) -> Report {
        Report { name: self.name.clone(), findings: findings.into_sorted(&self.text), text: self.text.clone() }
    }
}
