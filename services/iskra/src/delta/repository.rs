use std::path::PathBuf;

use changes::{Commit, Repository};
use clap::Args;

/// Which repository, and what in it.
#[derive(Args, Debug)]
pub(super) struct RepositoryArguments {
    /// A folder of the repository
    #[arg(long, value_name = "DIR", default_value = ".")]
    repository: PathBuf,
}

/// Which change.
#[derive(Args, Debug)]
pub(super) struct ChangeArguments {
    #[command(flatten)]
    pub(super) repository: RepositoryArguments,
    /// What the change is to be merged into: a branch, tag or commit
    #[arg(long, value_name = "REV")]
    base: String,
    /// Where the change ends
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    head: String,
    /// The number of its pull request
    #[arg(long, value_name = "NUMBER")]
    pub(super) pr: Option<u64>,
    /// What the change is called
    #[arg(long, default_value = "", hide_default_value = true)]
    title: String,
}

impl RepositoryArguments {
    pub(super) fn open(&self) -> Result<Repository, changes::Error> {
        Repository::open(&self.repository)
    }
}

impl ChangeArguments {
    /// The repository, and the two ends of the change.
    pub(super) fn open(&self) -> Result<(Repository, Commit, Commit), changes::Error> {
        let repository = self.repository.open()?;
        let (base, head) = (repository.commit(&self.base)?, repository.commit(&self.head)?);
        Ok((repository, base, head))
    }

    pub(super) fn title(&self) -> Option<&str> {
        Some(self.title.trim()).filter(|title| !title.is_empty())
    }
}
