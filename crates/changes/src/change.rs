/// One file that differs between two commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path, as git keeps it: bytes, in which anything may stand but NUL.
    pub path: Vec<u8>,
    /// Its path before, where it was moved.
    pub before: Option<Vec<u8>>,
    /// What happened to it.
    pub kind: Kind,
    /// Lines added and lines deleted, as `git diff --numstat` counts them; none of what is not text.
    pub lines: Option<(u64, u64)>,
    /// The file before and after; absent where there was none.
    pub old: Option<Entry>,
    /// The file after.
    pub new: Option<Entry>,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// Its content, mode or type is another.
    Modified,
    /// It is at another path, maybe with another content.
    Renamed,
}

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Octal, as git writes it.
    pub mode: String,
    /// The id of its content.
    pub id: String,
}

impl Entry {
    /// True of what is neither a symbolic link nor another repository.
    pub fn is_file(&self) -> bool {
        self.mode.starts_with("100")
    }

    /// True of another repository.
    pub fn is_submodule(&self) -> bool {
        self.mode == "160000"
    }
}

impl Change {
    /// Whether another repository was put in, taken out or moved on. Git counts that as a line, which it is not.
    pub fn is_submodule(&self) -> bool {
        [&self.old, &self.new].into_iter().flatten().any(Entry::is_submodule)
    }
}
