//! Where in a record.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::shown;

/// A JSON path such as `$.delta.additions.entropy` or `$.sift["a key"][3]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct JsonPath(pub(crate) Vec<Segment>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// Into an object. A very long key is cut short, so that a thousand findings below it stay small.
    Key(String),
    /// Into an array, from 0.
    Index(usize),
}

impl JsonPath {
    /// The steps from the top.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }
}

impl Segment {
    pub(crate) fn key(key: &str) -> Self {
        Self::Key(shown::cut(key))
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for segment in &self.0 {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) if is_plain(key) => write!(f, ".{key}")?,
                Segment::Key(key) => write!(f, "[{}]", shown::quoted(key))?,
            }
        }
        Ok(())
    }
}

impl Serialize for JsonPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn is_plain(key: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || c == '_';
    key.starts_with(is_letter) && key.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}
