use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// What a token may. Each stands alone: who may operate need not be able to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Send samples, by every door.
    Ingest,
    /// Look at everything that is stored and said.
    Read,
    /// Acknowledge, silence, keep artifacts, run experiments, reload, see the audit.
    Operate,
}

/// Some of the scopes, in their order.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u8);

/// A word that names no scope.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no scope: there are ingest, read and operate")]
pub struct UnknownScope(String);

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ingest, Self::Read, Self::Operate];

    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Read => "read",
            Self::Operate => "operate",
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL.into_iter().find(|scope| scope.name() == text).ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

impl Scopes {
    /// Every scope.
    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// Whether `scope` is among them.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Those that are among them.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | 1 << scope as u8))
    }
}

/// As stores keep them: the words with commas between.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().map(Scope::name).collect::<Vec<_>>().join(","))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        text.split(',').filter(|word| !word.is_empty()).map(str::parse).collect()
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Scope::name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scope_stands_alone() {
        let two: Scopes = "operate,ingest".parse().unwrap();
        assert_eq!(Scope::ALL.map(|scope| two.has(scope)), [true, false, true]);
        assert_eq!(two.to_string(), "ingest,operate");
        assert_eq!(Scopes::default().to_string().parse(), Ok(Scopes::default()));
        assert_eq!("read,admin".parse::<Scopes>(), Err(UnknownScope("admin".into())));
    }
}
