use domain::Timestamp;

use crate::error::Error;

/// A commit that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    id: String,
    at: Timestamp,
}

impl Commit {
    /// Reads what git keeps of a commit.
    pub(super) fn parse(id: String, content: &[u8]) -> Result<Self, Error> {
        let header = content.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"committer "));
        // The name may be anything; the last two words are the time and its zone.
        let words = header.map(String::from_utf8_lossy);
        let seconds =
            words.as_deref().and_then(|words| words.rsplit(' ').nth(1)).and_then(|word| word.parse::<i64>().ok());
        let at = seconds.and_then(|seconds| seconds.checked_mul(1_000_000)).map(Timestamp::from_micros);
        let is_id = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        match at {
            Some(at) if is_id => Ok(Self { id, at }),
            _ => Err(Error::Answer { question: "cat-file commit" }),
        }
    }

    /// Its full id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its id as people say it.
    pub fn short(&self) -> &str {
        &self.id[..12]
    }

    /// When it was made.
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}
