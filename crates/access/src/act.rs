use domain::Timestamp;
use serde::{Serialize, Serializer};

/// One thing that somebody did, or was not let do: a line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Act {
    /// Its number, ascending; 0 until a store has given one.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// The id of the token; none in open mode, on the command line, and of somebody who showed none that is known.
    pub token: Option<String>,
    /// The token's name, or `open`, or `nobody`; on the command line the user of the machine.
    pub who: String,
    /// From which address; none on the command line.
    pub from: Option<String>,
    /// What: the method and the route, or the command.
    pub what: String,
    /// Of what: the id in the path, or what was made.
    pub of: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The HTTP status, where there is one.
    pub status: Option<u16>,
}

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
    /// Something went wrong: it may have been done.
    Failed,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Done, Self::Refused, Self::Failed];

    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// The one of this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == word)
    }

    /// What an HTTP status says.
    pub const fn of_status(status: u16) -> Self {
        match status {
            ..400 => Self::Done,
            400..500 => Self::Refused,
            500.. => Self::Failed,
        }
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Which acts are wanted, the latest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActFilter {
    /// Only those before this number.
    pub before: Option<u64>,
    /// At most this many.
    pub limit: u32,
}
