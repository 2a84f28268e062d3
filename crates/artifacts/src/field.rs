//! A value of a record, and where it stands.

use serde_json::Value;

use crate::path::{JsonPath, Segment};

/// A value and the way to it from the top: free until somebody asks for the path.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) value: &'a Value,
    way: Way<'a>,
}

#[derive(Clone, Copy)]
enum Way<'a> {
    Top,
    Key(&'a Field<'a>, &'a str),
    Index(&'a Field<'a>, usize),
}

impl<'a> Field<'a> {
    pub(crate) const fn root(value: &'a Value) -> Self {
        Self { value, way: Way::Top }
    }

    /// The member of that name, if this is an object that has it.
    pub(crate) fn get(&'a self, key: &'a str) -> Option<Self> {
        self.value.get(key).map(|value| self.member(key, value))
    }

    pub(crate) const fn member(&'a self, key: &'a str, value: &'a Value) -> Self {
        Self { value, way: Way::Key(self, key) }
    }

    pub(crate) const fn item(&'a self, index: usize, value: &'a Value) -> Self {
        Self { value, way: Way::Index(self, index) }
    }

    pub(crate) fn path(&self) -> JsonPath {
        let mut segments = Vec::new();
        let mut here = self;
        loop {
            match here.way {
                Way::Top => break,
                Way::Key(parent, key) => {
                    segments.push(Segment::key(key));
                    here = parent;
                }
                Way::Index(parent, index) => {
                    segments.push(Segment::Index(index));
                    here = parent;
                }
            }
        }
        segments.reverse();
        JsonPath(segments)
    }
}
