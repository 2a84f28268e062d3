use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::{Located, Place};

/// A mapping whose keys are names of the user's choice, in the order of the file.
#[derive(Clone, Debug)]
pub struct Entries<T>(Vec<Entry<T>>);

/// A name and what it stands for.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// What belongs to it.
    pub value: T,
}

impl<T> Entries<T> {
    /// All of them, in the order of the file; no name is there twice.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry<T>> {
        self.0.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a, T> IntoIterator for &'a Entries<T> {
    type Item = &'a Entry<T>;
    type IntoIter = std::slice::Iter<'a, Entry<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData)).map(Self)
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Vec<Entry<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((Located { value: name, place }, value)) = map.next_entry::<Located<String>, T>()? {
            entries.push(Entry { name, place, value });
        }
        Ok(entries)
    }
}
